"""The forms of a company: a new one, and a change to one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.crm.companies.companies import add_company, get_company, update_company
from rusvel_tui.engine.gtm.crm.companies.company_inputs import AddCompany, CompanyId, UpdateCompany
from rusvel_tui.engine.gtm.crm.companies.company_views import CompanyDetail
from rusvel_tui.screens.contacts.merging import Merge, Texts
from rusvel_tui.screens.page import Page
from rusvel_tui.widgets.form import Field

_PLAIN = ("name", "domain", "website", "country", "timezone", "notes")


async def create_company(page: Page[Any]) -> None:
    """`c o`: a new company, from any page."""
    made = await page.form("New company", _fields({}), partial(_add, page.engine))
    if made is not None:
        page.say(f"Added {made.name}. z to undo.")
        if page.id == "companies":
            page.reveal(made.company_id)


async def edit_company(page: Page[Any], company: CompanyDetail) -> None:
    """Change a company; what somebody else changed meanwhile is merged, or shown."""
    read = partial(_get, page.engine, company.company_id)
    edit = Merge(company, texts_of, read, partial(_update, page.engine, company.company_id))
    done = await page.form(company.name, _fields(texts_of(company)), edit.save)
    if done is not None and done.version != company.version:
        page.say(f"Changed {done.name}. z to undo.")


def texts_of(company: CompanyDetail) -> dict[str, str]:
    """What stands in the fields of the form."""
    texts = {name: str(getattr(company, name)) for name in _PLAIN}
    return texts | {"tags": ", ".join(company.tags), "links": " ".join(company.links)}


def _fields(texts: Mapping[str, str]) -> tuple[Field, ...]:
    def field(name: str, title: str, **how: Any) -> Field:
        return Field(name, title, texts.get(name, ""), **how)

    return (
        field("name", "Company", required=True, help="Contacts that name it are linked to it."),
        field("domain", "Domain", help="What stands behind the @ of their addresses."),
        field("website", "Website"),
        field("country", "Country", help="A name or a code such as DE."),
        field("timezone", "Time zone", help="Such as Europe/Berlin."),
        field("tags", "Tags", help="Several with commas between them."),
        field("links", "Links", help="Several with blanks between them."),
        field("notes", "Notes", kind="multiline", lines=4),
    )


def _told(values: Texts) -> dict[str, Any]:
    """What the engine is told of these texts."""
    told: dict[str, Any] = dict(values)
    if "links" in told:
        told["links"] = told["links"].split()
    return told


def _add(engine: Engine, values: Texts) -> CompanyDetail:
    return engine.run(add_company, AddCompany.model_validate(_told(values)))


def _get(engine: Engine, company_id: str) -> CompanyDetail:
    return engine.run(get_company, CompanyId(company_id=company_id))


def _update(engine: Engine, company_id: str, values: Texts, version: int) -> CompanyDetail:
    told = _told(values) | {"company_id": company_id, "version": version}
    return engine.run(update_company, UpdateCompany.model_validate(told))
