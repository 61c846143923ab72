"""What the operations on companies are asked, and the one form of what was typed."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from rusvel_tui.engine import clock
from rusvel_tui.engine.addresses import parse_address
from rusvel_tui.engine.countries import require_country
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.fields.field_values import FieldType, canonical
from rusvel_tui.engine.gtm.crm.people.contact_inputs import Texts
from rusvel_tui.engine.gtm.crm.people.people import clean_line, clean_lines
from rusvel_tui.engine.operation import Input, PageInput
from rusvel_tui.engine.text import sanitize


class AddCompany(Input):
    """A new organisation; contacts that name it already are linked to it."""

    name: str
    domain: str = ""
    """The domain of its mail addresses, such as acme.example."""
    website: str = ""
    country: str = ""
    """Name or ISO 3166-1 code."""
    timezone: str = ""
    tags: Texts = ()
    links: Texts = ()
    fields: dict[str, str] = Field(default_factory=dict)
    notes: str = ""
    source: str = "manual"
    metadata: dict[str, Any] = Field(default_factory=dict)


class UpdateCompany(Input):
    """Changes to an organisation; what is left out stays as it is."""

    company_id: str
    version: int | None = None
    """The version you saw. Fields that somebody else changed since are a conflict; other ones are merged."""
    name: str | None = None
    """A new name is written into the contacts that work there, too."""
    domain: str | None = None
    website: str | None = None
    country: str | None = None
    timezone: str | None = None
    tags: Texts | None = None
    links: Texts | None = None
    fields: dict[str, str] | None = None
    notes: str | None = None
    metadata: dict[str, Any] | None = None


class CompanyId(Input):
    """Which company."""

    company_id: str


class ListCompanies(PageInput):
    """Which companies."""

    query: str = ""
    """Part of a name or a domain; accents and case do not matter."""
    filter: str = ""
    """A filter line such as `country:DE -tag:vip`."""


class SuggestCompany(Input):
    """The mail address of somebody."""

    email: str


PLAIN = {
    "name", "domain", "website", "country", "timezone", "tags", "links", "notes", "source", "metadata",
}  # fmt: skip


def clean_company(values: dict[str, Any]) -> dict[str, Any]:
    """Sanitised values; domain, website, country and zone in their one form."""
    if values.get("timezone"):
        clock.zone(values["timezone"])
    found = {name: _clean(name, value) for name, value in values.items()}
    if "name" in found and not found["name"]:
        raise InvalidInput("A company needs a name.", field="name")
    return found


def _clean(name: str, value: Any) -> Any:
    match name:
        case "country":
            return require_country(value)
        case "domain":
            return _domain(value)
        case "website":
            return _website(value)
        case "tags" | "links":
            return clean_lines(name, value)
        case "notes":
            return sanitize(value)
        case "metadata":
            return value
        case _:
            return clean_line(name, value)


def _domain(text: str) -> str:
    """The domain of an address, a link or a domain; refuses what cannot be one."""
    bare = text.strip().rpartition("@")[2].rpartition("://")[2].partition("/")[0]
    bare = bare.lower().removeprefix("www.").rstrip(".")
    if not bare:
        return ""
    try:
        return parse_address(f"postmaster@{bare}").domain
    except InvalidInput:
        raise InvalidInput(
            f"{text!r} is not a domain. Write it like acme.example.", field="domain"
        ) from None


def _website(text: str) -> str:
    try:
        return canonical(FieldType.URL, text)
    except ValueError as error:
        raise InvalidInput(f"{text!r} is not a website; {error}.", field="website") from None
