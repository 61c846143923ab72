"""A thousand histories of payments: whatever happens in whatever order, the sums and the status follow."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from rusvel_tui.engine.errors import Conflict
from rusvel_tui.engine.money import Money
from tests.engine.invoices.book import right
from tests.factories import Desk, query

_PAYMENTS = """SELECT id, amount_minor,
  (SELECT coalesce(sum(c.amount_minor), 0) FROM client_credit c WHERE c.payment_id = payment.id)
FROM payment WHERE invoice_id = ? AND removed_at IS NULL ORDER BY id"""
_SUMS = """SELECT status, paid_minor, credited_minor, open_minor,
  (SELECT coalesce(sum(amount_minor), 0) FROM payment WHERE invoice_id = i.id AND removed_at IS NULL),
  (SELECT coalesce(sum(amount_minor), 0) FROM client_credit WHERE contact_id = i.contact_id AND removed_at IS NULL)
FROM invoice i WHERE id = ?"""
EXAMPLES = int(os.environ.get("PAYMENT_EXAMPLES", "100"))
amounts = st.integers(1, 15_000)


class Payments(RuleBasedStateMachine):
    """One invoice of 100.00 with a client of its own, and a plain model of what is paid on it."""

    desk: ClassVar[Desk]
    runs: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        Payments.runs += 1
        line = {"description": "Work", "quantity": "4", "unit_price": "25"}
        client = {"client_name": f"Client {Payments.runs}", "create_client": True}
        made = self.desk.call("gtm.invoices.create_invoice", line_items=[line], **client)
        self.id = made.invoice_id
        self.desk.call("gtm.invoices.finalise_invoice", invoice_id=self.id)
        self.model = {"in": 0, "out": 0, "credited": 0, "credit": 0}
        self.before: list[dict[str, int]] = []

    @property
    def open(self) -> int:
        return 10_000 - self.model["in"] + self.model["out"] - self.model["credited"]

    def call(self, name: str, **data: Any) -> Any:
        return self.desk.call(f"gtm.invoices.{name}", **data)

    def changed(self, **by: int) -> None:
        """Keep the state for undo, and move the model."""
        self.before.append(dict(self.model))
        for name, value in by.items():
            self.model[name] += value

    def try_(self, fits: bool, name: str, minor: int, **more: Any) -> bool:
        """The engine allows exactly what the model does."""
        text = Money(minor, "EUR").amount
        try:
            self.call(name, invoice_id=self.id, amount=text, **more)
        except Conflict:
            assert not fits
        else:
            assert fits
        return fits

    @rule(minor=amounts, credit=st.booleans())
    def pay(self, minor: int, credit: bool) -> None:
        left = max(self.open, 0)
        if self.try_(credit or minor <= left, "record_payment", minor, credit=credit):
            settled = min(minor, left)
            self.changed(**{"in": settled, "credit": minor - settled})

    @rule(minor=amounts, as_credit=st.booleans())
    def refund(self, minor: int, as_credit: bool) -> None:
        fits = minor <= self.model["in"] - self.model["out"]
        if self.try_(fits, "refund_payment", minor, as_credit=as_credit):
            self.changed(out=minor, credit=minor if as_credit else 0)

    @rule(minor=amounts)
    def use_credit(self, minor: int) -> None:
        fits = minor <= min(self.model["credit"], max(self.open, 0))
        if self.try_(fits, "use_credit", minor):
            self.changed(**{"in": minor, "credit": -minor})

    @rule()
    def mark_paid(self) -> None:
        left = max(self.open, 0)
        self.call("mark_paid", invoice_id=self.id)
        if left:
            self.changed(**{"in": left})

    @rule(quantity=st.integers(1, 4))
    def credit(self, quantity: int) -> None:
        fits = self.model["credited"] + 2500 * quantity <= 10_000
        wanted = {"position": 1, "quantity": str(quantity)}
        try:
            note = self.call("credit_invoice", invoice_id=self.id, lines=[wanted])
        except Conflict:
            assert not fits
            return
        assert fits
        self.call("finalise_invoice", invoice_id=note.invoice_id)
        self.changed(credited=2500 * quantity)
        self.before.clear()  # a number is never given back

    @rule(place=st.integers(0, 5))
    def remove(self, place: int) -> None:
        """Take a payment out, where neither a refund nor used credit stands on it."""
        payments = query(self.desk, _PAYMENTS, self.id)
        if not payments:
            return
        payment_id, amount, given = payments[place % len(payments)]
        left = self.model["in"] - self.model["out"] - amount
        fits = left >= 0 and self.model["credit"] - given >= 0
        try:
            self.call("remove_payment", payment_id=payment_id)
        except Conflict:
            assert not fits
            return
        assert fits
        which = {"in": -amount} if amount >= 0 else {"out": amount}
        self.changed(**which, credit=-given)

    @rule()
    def undo(self) -> None:
        if not self.before:
            return
        with suppress(Conflict):
            self.desk.call("undo")
            self.model = self.before.pop()

    @invariant()
    def sums_and_status_follow(self) -> None:
        ((status, paid, credited, open_, booked, credit),) = query(self.desk, _SUMS, self.id)
        assert paid == booked == self.model["in"] - self.model["out"]
        assert paid + credited + open_ == 10_000
        assert (credited, credit) == (self.model["credited"], self.model["credit"])
        assert status == self.status(paid)

    def status(self, paid: int) -> str:
        if self.open > 0:
            return "partially_paid" if paid else "issued"
        return "credited" if not paid and self.model["credited"] else "paid"


@pytest.mark.timeout(600)
def test_q_101_a_status_never_disagrees_with_the_payments(desk: Desk) -> None:
    Payments.desk, Payments.runs = desk, 0
    with desk.engine.connected():
        run_state_machine_as_test(
            Payments,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=6,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    assert Payments.runs >= EXAMPLES
    assert right(desk)
