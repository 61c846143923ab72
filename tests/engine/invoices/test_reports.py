"""What the book says: by month, by age, by tax, by client; currencies apart, and with a look into an index each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.money import Money
from tests.engine.invoices.book import final, get, pay, right
from tests.factories import Desk, query, statements

TODAY = date(2026, 11, 24)
CURRENCIES = ("EUR", "USD", "JPY")


def _ago(days: int) -> str:
    return f"{TODAY - timedelta(days=days)}"


def _one(price: str, **more: Any) -> dict[str, Any]:
    return {"description": "Work", "unit_price": price} | more


def _seeded(desk: Desk, count: int) -> list[Any]:
    """Invoices of two years in three currencies, some of them paid, void or credited."""
    rng = Random(7)  # noqa: S311 (a test, not a secret)
    made = []
    for n in range(count):
        days = 720 - 720 * n // count
        line = _one(str(rng.randrange(1, 5000)), tax_rate=rng.choice(("7", "19")))
        one = final(
            desk,
            line,
            client_name=f"Client {n % 9}",
            currency=rng.choice(CURRENCIES),
            issue_date=_ago(days),
            due_date=_ago(days - rng.randrange(0, 60)),
        )
        made.append(one)
        end = rng.random()
        if end < 0.5:
            pay(desk, one, one.payable, paid_on=_ago(rng.randrange(0, days + 1)))
        elif end < 0.6:
            half = str(int(float(one.payable)) // 2 or 1)
            pay(desk, one, half, paid_on=_ago(rng.randrange(0, days + 1)))
        elif end < 0.65:
            desk.call("gtm.invoices.void_invoice", invoice_id=one.invoice_id)
        elif end < 0.7:
            note = desk.call("gtm.invoices.credit_invoice", invoice_id=one.invoice_id)
            desk.call("gtm.invoices.finalise_invoice", invoice_id=note.invoice_id)
    return made


def _money(rows: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], str]:
    """Sums of minor units by key as texts; the last column of the key is the currency."""
    sums: dict[tuple[str, ...], int] = defaultdict(int)
    for *key, minor in rows:
        sums[tuple(key)] += int(minor)
    return {key: Money(minor, key[-1]).amount for key, minor in sums.items()}


def test_q_103_t_115_sums_by_month_and_age_equal_those_by_hand(desk: Desk) -> None:
    with desk.engine.connected():
        _seeded(desk, 250)
    months = desk.call("gtm.invoices.revenue_by_month", months=30).months
    paid = _money(query(desk, "SELECT substr(paid_on, 1, 7), currency, amount_minor FROM payment"))
    issued = _money(query(desk, _ISSUED.format("substr(issue_date, 1, 7), currency, total_minor")))
    for kind, by_hand in (("paid", paid), ("issued", issued)):
        seen = {(m.month, m.currency): getattr(m, kind) for m in months}
        assert {k: v for k, v in seen.items() if float(v)} == {
            k: v for k, v in by_hand.items() if float(v)
        }
    totals = desk.call("gtm.invoices.total_revenue").totals
    assert {(t.currency,): t.paid for t in totals} == _money(
        query(desk, "SELECT currency, amount_minor FROM payment")
    )
    ages = "SELECT due_date, currency, open_minor FROM invoice WHERE open_minor > 0"
    by_age = _money((_age(due), currency, minor) for due, currency, minor in query(desk, ages))
    view = desk.call("gtm.invoices.ageing")
    seen_ages = {
        (b.bucket, c.currency): b.open for c in view.currencies for b in c.buckets if b.invoices
    }
    assert seen_ages == by_age
    assert right(desk)


_ISSUED = "SELECT {} FROM invoice WHERE number IS NOT NULL AND voided_at IS NULL"


def _age(due: str) -> str:
    days = (TODAY - date.fromisoformat(due)).days
    limits = ((0, "current"), (30, "1-30"), (60, "31-60"), (90, "61-90"))
    return next((name for limit, name in limits if days <= limit), "90+")


@pytest.mark.parametrize(
    ("late", "bucket"),
    [(-5, "current"), (0, "current"), (1, "1-30"), (30, "1-30"), (31, "31-60"), (60, "31-60"), (61, "61-90"),
     (90, "61-90"), (91, "90+"), (900, "90+")],
)  # fmt: skip
def test_each_age_has_its_bounds(desk: Desk, late: int, bucket: str) -> None:
    final(desk, _one("10"), issue_date=_ago(1000), due_date=_ago(late))
    (euro,) = desk.call("gtm.invoices.ageing").currencies
    assert [b.bucket for b in euro.buckets if b.invoices] == [bucket]
    assert euro.overdue == ("0.00" if bucket == "current" else "10.00")


def test_total_revenue_of_a_period_and_of_one_currency(desk: Desk) -> None:
    first = final(desk, _one("100"), issue_date=_ago(40))
    other = final(desk, _one("70"), issue_date=_ago(40), currency="USD")
    pay(desk, first, "60", paid_on=_ago(30))
    pay(desk, first, "40", paid_on=_ago(3))
    pay(desk, other, "70", paid_on=_ago(3))
    seen = desk.call("gtm.invoices.total_revenue", since=_ago(10))
    assert [(t.currency, t.paid, t.issued) for t in seen.totals] == [
        ("EUR", "40.00", "0.00"),
        ("USD", "70.00", "0.00"),
    ]
    assert [t.paid for t in desk.call("gtm.invoices.total_revenue", currency="eur").totals] == [
        "100.00"
    ]
    with pytest.raises(InvalidInput, match="ends before it begins"):
        desk.call("gtm.invoices.total_revenue", since=_ago(1), until=_ago(2))


def test_taxes_of_a_period_less_its_credit_notes(desk: Desk) -> None:
    made = final(desk, _one("100", tax_rate="19"), _one("50", tax_rate="7"))
    wanted = [{"position": 2}]
    note = desk.call("gtm.invoices.credit_invoice", invoice_id=made.invoice_id, lines=wanted)
    desk.call("gtm.invoices.finalise_invoice", invoice_id=note.invoice_id)
    rows = desk.call("gtm.invoices.tax_summary").rows
    assert [(r.category, r.rate, r.taxable, r.tax, r.documents) for r in rows] == [
        ("S", "19", "100.00", "19.00", 1),
        ("S", "7", "0.00", "0.00", 2),
    ]


def test_a_statement_runs_from_what_was_owed_to_what_is(desk: Desk) -> None:
    made = final(desk, _one("100"), issue_date=_ago(40))
    pay(desk, made, "30", paid_on=_ago(35))
    pay(desk, made, "80", paid_on=_ago(5), credit=True)
    (euro,) = desk.call(
        "gtm.invoices.client_statement", contact_id=made.contact_id, since=_ago(10)
    ).accounts
    assert (euro.opening, euro.closing, euro.credit) == ("70.00", "0.00", "10.00")
    assert [(e.what, e.number, e.amount, e.balance) for e in euro.entries] == [
        ("payment", made.number, "-70.00", "0.00")
    ]


def test_days_sales_outstanding_by_hand(desk: Desk) -> None:
    paid = final(desk, _one("300"), issue_date=_ago(50))
    final(desk, _one("100"), issue_date=_ago(20))
    pay(desk, paid, "300", paid_on=_ago(30))
    (euro,) = desk.call("gtm.invoices.days_sales_outstanding", days=80).currencies
    assert (euro.dso, euro.days_to_pay) == (20.0, 20.0)  # 100 / 400 of 80 days; 20 days to pay
    (short,) = desk.call("gtm.invoices.days_sales_outstanding", days=10).currencies
    assert (short.dso, short.days_to_pay) == (None, None)


READS: tuple[tuple[str, dict[str, Any], int], ...] = (
    ("list_invoices", {}, 1),
    ("list_invoices", {"status": "overdue"}, 1),
    ("list_invoices", {"status": "draft", "kind": "invoice"}, 1),
    ("list_invoices", {"order": "due"}, 1),
    ("ageing", {}, 1),
    ("revenue_by_month", {}, 1),
    ("total_revenue", {"since": "2026-01-01"}, 2),
)


@pytest.mark.parametrize(("name", "data", "most"), READS)
def test_what_opens_with_the_page_is_found_in_an_index(
    desk: Desk, name: str, data: dict[str, Any], most: int
) -> None:
    for _ in range(3):
        final(desk, _one("10"))
    with statements(desk) as seen:
        desk.call(f"gtm.invoices.{name}", **data)
    asked = [sql for sql in seen if " FROM " in sql and ("invoice" in sql or "payment" in sql)]
    assert 0 < len(asked) <= most
    for sql in asked:
        plan = [row[3] for row in query(desk, f"EXPLAIN QUERY PLAN {sql}")]
        assert any(step.startswith("SEARCH") for step in plan)
        assert not [step for step in plan if step.startswith("SCAN") and "CONSTANT" not in step]


def test_a_page_asks_as_often_for_many_as_for_few(desk: Desk) -> None:
    final(desk, _one("10"))
    counts = []
    for _ in range(2):
        with statements(desk) as seen:
            desk.call("gtm.invoices.list_invoices")
        counts.append(len(seen))
        for _ in range(5):
            final(desk, _one("10"))
    assert counts[0] == counts[1]


def test_voided_and_removed_sums_leave_the_month(desk: Desk) -> None:
    one, other = final(desk, _one("10")), final(desk, _one("20"))
    pay(desk, one, "10")
    desk.call("undo")
    desk.call("gtm.invoices.void_invoice", invoice_id=other.invoice_id)
    (month,) = desk.call("gtm.invoices.revenue_by_month", months=1).months
    assert (month.issued, month.paid, month.invoices, month.payments) == ("10.00", "0.00", 1, 0)
    desk.call("undo")
    (month,) = desk.call("gtm.invoices.revenue_by_month", months=1).months
    assert (month.issued, month.invoices) == ("30.00", 2)
    assert get(desk, other).status == "Issued"
    assert right(desk)
