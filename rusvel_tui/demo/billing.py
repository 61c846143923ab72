"""The invoices of the story: those of the months before, those of the deals that are won, and what is paid on them."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from rusvel_tui.demo.hands import Hands

ISSUER = {
    "street": "Quay 7", "postcode": "20457", "city": "Hamburg", "country": "DE", "vat_id": "DE136695976",
    "iban": "DE89370400440532013000", "bic": "COBADEFFXXX",
}  # fmt: skip
_EARLIER = (
    (172, "Weaving plan", "2400", "paid"), (150, "Loom audit", "1150", "paid"), (121, "Workshop", "890", "part"),
    (96, "Pattern library", "3300", "paid"), (77, "Setup of two looms", "1780", "open"), (58, "Workshop", "890", "paid"),
    (40, "Pattern library, second part", "2750", "paid"), (21, "Loom audit", "1150", "open"),
)  # fmt: skip
"""Days before the story begins, what it was for, its price, and what became of it."""
_NEVER = ("Setup of two looms", "Workshop", "Loom audit")
"""Nobody pays these."""
_LAST = 33
"""A deal that is won from this day on is there to be invoiced."""


class Billing:
    """Draws its chances apart from the rest of the story, which stays as it was without invoices."""

    def __init__(self, hands: Hands, people: list[str], seed: int) -> None:
        self._hands = hands
        self._people = people
        self._rng = Random(seed + 1)  # noqa: S311 (a story, not a secret)
        self._billed: set[str] = set()

    def begin(self) -> None:
        """What was invoiced before the story begins."""
        self._call("set_up", issuer=ISSUER, tax_rate="19", terms="Payable without deduction.")
        for place, (days, what, price, end) in enumerate(_EARLIER):
            issued = self._hands.now.date() - timedelta(days=days)
            made = self._invoice(self._people[place], what, price, issue_date=f"{issued}")
            self._call("mark_sent", invoice_id=made.invoice_id)
            paid_on = f"{issued + timedelta(days=self._rng.randrange(6, 20))}"
            amount = {"paid": made.payable, "part": "500.00"}.get(end)
            if amount:
                self._pay(made.invoice_id, amount, paid_on=paid_on)

    def day(self, day: int) -> None:
        """The deals that were won are invoiced, but for those of the last days, and some clients pay."""
        won = self._hands.call("gtm.crm.list_deals", stage="Won", limit=100).items
        for deal in reversed(won):
            if day < _LAST and deal.deal_id not in self._billed:
                self._billed.add(deal.deal_id)
                self._bill(deal.deal_id)
        if day % 3 == 2:
            self._receive()

    def last_morning(self) -> None:
        """A quote that waits, a draft that is not final, and a credit note."""
        first, second = self._people[-3], self._people[-4]
        line = {"description": "Pattern library", "quantity": "3", "unit_price": "620"}
        quote = self._call("create_invoice", contact_id=first, kind="Quote", line_items=[line])
        self._call("finalise_invoice", invoice_id=quote.invoice_id)
        hours = {"description": "Consulting", "quantity": "6.5", "unit": "hour", "unit_price": "95"}
        self._call("create_invoice", contact_id=second, line_items=[hours], title="Consulting")
        paid = self._call("list_invoices", status="Paid", limit=1).items
        if paid:
            wanted = [{"position": 1, "quantity": "0.1"}]
            note = self._call("credit_invoice", invoice_id=paid[0].invoice_id, lines=wanted)
            self._call("finalise_invoice", invoice_id=note.invoice_id)

    def _call(self, name: str, **data: Any) -> Any:
        return self._hands.call(f"gtm.invoices.{name}", **data)

    def _invoice(self, contact_id: str, what: str, price: str, **more: Any) -> Any:
        line = {"description": what, "unit_price": price}
        made = self._call(
            "create_invoice", contact_id=contact_id, line_items=[line], title=what, **more
        )
        return self._call("finalise_invoice", invoice_id=made.invoice_id)

    def _bill(self, deal_id: str) -> None:
        """The invoice of a deal goes out by mail, after a yes like every other."""
        made = self._call("from_deal", deal_id=deal_id)
        self._call("send_invoice", invoice_id=made.invoice_id, finalise=True)

    def _receive(self) -> None:
        """One of the open invoices is paid, now and then a part of it only."""
        due = self._call("list_invoices", status="Open", order="Due", limit=20).items
        old = f"{self._hands.now.date() - timedelta(days=24)}"
        due = [one for one in due if one.issue_date < old and one.title not in _NEVER]
        if not due or self._rng.random() < 0.3:
            return
        one = self._rng.choice(due)
        part = self._rng.random() < 0.25 and one.status.value != "PartiallyPaid"
        self._pay(one.invoice_id, "200.00" if part else one.open)

    def _pay(self, invoice_id: str, amount: str, **more: Any) -> None:
        self._call(
            "record_payment", invoice_id=invoice_id, amount=amount, method="transfer", **more
        )
