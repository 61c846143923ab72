"""What invoices say about growth: revenue, overdue, DSO, income that recurs, clients who pay late."""

from __future__ import annotations

from typing import Any

from tests.engine.invoices.book import WORK, final, pay
from tests.factories import Desk

HOSTING = {"description": "Hosting", "quantity": "1", "unit_price": "1200"}


def value(desk: Desk, key: str) -> Any:
    items = desk.call("growth.kpi.list_measures", months=1).items
    return next(one.value for one in items if one.key == key)


def test_q_118_q_119_revenue_overdue_and_days_until_payment(desk: Desk) -> None:
    first, late = final(desk), final(desk, WORK, client_name="Heidi")
    pay(desk, first, "500.00")
    assert (value(desk, "revenue"), value(desk, "overdue"), value(desk, "clients")) == (500, 0, 2)
    assert value(desk, "dso") == round((2000 - 500 + 1500) / 3500 * 90, 1)
    [report] = desk.call("gtm.invoices.days_sales_outstanding").currencies
    assert value(desk, "dso") == report.dso
    desk.later(days=50)
    assert (value(desk, "revenue"), value(desk, "overdue")) == (0, 3000)
    view = desk.call("growth.dashboard", months=3)
    assert [(one.currency, one.invoices, one.amount) for one in view.overdue] == [
        ("EUR", 2, "3000.00")
    ]
    assert [(m.month, m.paid) for m in view.revenue if m.paid != "0.00"] == [("2026-11", "500.00")]
    assert late.number


def test_q_116_a_client_who_pays_late_is_at_risk(desk: Desk) -> None:
    invoice = final(desk)
    assert desk.call("growth.churn.risks").items == ()
    desk.later(days=120)
    (risk,) = desk.call("growth.churn.risks").items
    assert (risk.customer, risk.rules) == ("Grace", ("late invoice",))
    assert risk.reasons[0].startswith(f"{invoice.number} overdue for ")
    assert risk.contact_id


def test_a_yearly_invoice_is_income_of_each_of_its_months(desk: Desk) -> None:
    made = desk.call(
        "gtm.invoices.create_recurring", starts_on="2026-11-24", client_name="Grace", create_client=True,
        every="year", line_items=[HOSTING],
    )  # fmt: skip
    desk.work()
    (draft,) = desk.call("gtm.invoices.list_invoices").items
    desk.call("gtm.invoices.finalise_invoice", invoice_id=draft.invoice_id)
    assert value(desk, "mrr") == 100
    desk.later(days=200)
    assert value(desk, "mrr") == 100
    month = desk.call("growth.saas.metrics", months=1).months[0]
    assert (month.start, month.end, month.customers_end) == ("100.00", "100.00", 1)
    assert made
