"""A desk with documents for the tests of the invoices page."""

from __future__ import annotations

from typing import Any

from rusvel_tui.app import RusvelApp
from rusvel_tui.engine.core import Engine
from rusvel_tui.screens import CREATORS, PAGES
from tests.factories import Desk

SELLER = {
    "name": "Looms Ltd", "street": "Mill Lane 1", "postcode": "20457", "city": "Hamburg", "country": "DE",
    "vat_id": "DE123456789", "email": "looms@example.com",
}  # fmt: skip
BUYER = {"street": "Ring 7", "postcode": "10115", "city": "Berlin", "country": "DE"}


def program(engine: Engine, first: str = "invoices") -> RusvelApp:
    """The real application with invoices, deals, contacts and the inbox."""
    known = ("invoices", "deals", "contacts", "inbox")
    pages = sorted((page for page in PAGES if page.id in known), key=lambda page: page.id != first)
    return RusvelApp(engine, pages=pages, creators=[c for c in CREATORS if c.id == "invoice"])


class Papers:
    """Makes documents on one desk."""

    def __init__(self, desk: Desk, tax: str = "19") -> None:
        self.desk = desk
        desk.call("gtm.invoices.set_up", issuer=SELLER, tax_rate=tax)
        self.client = self.buyer("Anna Abel", "anna@acme.example", "Acme GmbH")

    def buyer(self, name: str, email: str, company: str = "") -> str:
        """A contact with a billing address."""
        made = self.desk.contact(name, email, company=company).contact_id
        self.desk.call("gtm.invoices.set_billing", contact_id=made, client=BUYER)
        return str(made)

    def draft(self, title: str, price: str = "100", **how: Any) -> str:
        """A draft with one line; its id."""
        line = {"description": title, "quantity": "1", "unit_price": price}
        told: dict[str, Any] = {"contact_id": self.client, "line_items": [line]} | how
        made = self.desk.call("gtm.invoices.create_invoice", title=title, **told)
        return str(made.invoice_id)

    def final(self, title: str, price: str = "100", **how: Any) -> str:
        """A document with a number; its id."""
        made = self.draft(title, price, **how)
        self.desk.call("gtm.invoices.finalise_invoice", invoice_id=made)
        return made

    def paid(self, title: str, price: str = "100", **how: Any) -> str:
        """An invoice of which everything came in; its id."""
        made = self.final(title, price, **how)
        self.desk.call("gtm.invoices.mark_paid", invoice_id=made)
        return made
