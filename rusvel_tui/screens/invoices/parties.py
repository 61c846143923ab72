"""Who stands on documents: the client of one, and the issuer of all with how they are numbered and reminded."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.invoices.ledger.views import InvoiceRow
from rusvel_tui.engine.gtm.invoices.setup.billing import (
    BillingOf,
    SetBilling,
    set_billing,
    show_billing,
)
from rusvel_tui.engine.gtm.invoices.setup.kept import Setup
from rusvel_tui.engine.gtm.invoices.setup.parties import Party
from rusvel_tui.engine.gtm.invoices.setup.settings import SetUp, set_up, show_setup
from rusvel_tui.engine.operation import Input
from rusvel_tui.screens.contacts.merging import Texts
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.shared.attempts import attempt
from rusvel_tui.widgets.form import Field

_PARTY = (
    ("name", "Name", "Of the company, or of the person."),
    ("attention", "Attention", "The person, where the name is that of a company."),
    ("street", "Street", ""),
    ("street2", "More", ""),
    ("postcode", "Postcode", ""),
    ("city", "City", ""),
    ("country", "Country", "A name or a code such as DE."),
    ("vat_id", "VAT id", "With its country: DE123456789."),
    ("tax_id", "Tax number", "A tax number of the country alone."),
    ("email", "Mail", "Where invoices go to, or come from."),
)
_CLIENT = (
    *_PARTY,
    ("reference", "Their reference", "How the client wants invoices to be marked."),
)
_ISSUER = (
    *_PARTY,
    ("registration", "Registration", "Such as a commercial register number."),
    ("iban", "IBAN", "Where the money goes."),
    ("bic", "BIC", ""),
    ("bank", "Bank", ""),
)


async def edit_billing(page: Page[Any], row: InvoiceRow) -> None:
    """What stands on the documents of a client: drafts follow, final ones keep what they have."""
    order = BillingOf(contact_id=row.contact_id)
    seen = await attempt(page, partial(page.engine.run, show_billing, order))
    if seen is None:
        return

    def save(values: Texts) -> object:
        told = {"contact_id": row.contact_id, "client": _changed(values, seen.client)}
        return page.engine.run(set_billing, SetBilling.model_validate(told))

    if await page.form(f"On invoices to {row.client}", _party(seen.client, _CLIENT), save):
        page.say("Drafts and new documents show it. z to undo.")


async def edit_setup(page: Page[Any]) -> None:
    """Who issues the invoices, how their numbers look, when money is due, when clients are reminded."""
    seen = await attempt(page, partial(page.engine.run, show_setup, Input()))
    if seen is None:
        return
    fields = (
        *_party(seen.issuer, _ISSUER),
        Field("numbers", "Numbers", seen.patterns.invoice, help="{FY} the year, {seq:04} the counter with four digits."),
        Field("payment_days", "Days to pay", str(seen.payment_days)),
        Field("tax_rate", "Usual tax %", seen.tax_rate),
        Field("reminders", "Reminders", ", ".join(map(str, seen.reminders)), help="Days after the due date; -3 is before it. Nothing: nobody is reminded."),
        Field("late_fee", "Late fee", seen.late_fee, help="An amount or a percentage such as 2%; nothing for none."),
        Field("terms", "Terms", seen.terms, kind="multiline", lines=3, help="Below the lines of every new invoice."),
    )  # fmt: skip
    if await page.form("How you invoice", fields, partial(_set_up, page.engine, seen)):
        page.say("Stored. Drafts and new documents show it. z to undo.")


def _set_up(engine: Engine, seen: Setup, values: Texts) -> object:
    told: dict[str, Any] = {
        "issuer": _changed(values, seen.issuer),
        "payment_days": values["payment_days"].strip() or None,
        **{name: values[name].strip() for name in ("tax_rate", "reminders", "late_fee", "terms")},
    }
    if values["numbers"] != seen.patterns.invoice:
        told["patterns"] = seen.patterns.model_dump() | {"invoice": values["numbers"].strip()}
    return engine.run(set_up, SetUp.model_validate(told))


def _party(party: Party, names: tuple[tuple[str, str, str], ...]) -> tuple[Field, ...]:
    return tuple(Field(name, title, getattr(party, name), help=hint) for name, title, hint in names)


def _changed(values: Texts, party: Party) -> Mapping[str, str]:
    """What was typed of a party and differs from what is known."""
    known = party.model_dump()
    return {
        name: text.strip()
        for name, text in values.items()
        if name in known and text.strip() != known[name]
    }
