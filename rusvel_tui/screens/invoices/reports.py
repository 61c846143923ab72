"""Reports on money: by month, by age, by tax, and the account of one client; each currency for itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.invoices.ledger.views import InvoiceRow
from rusvel_tui.engine.gtm.invoices.reports.ageing import Ageing, AgeingOf, AgeingView, ageing
from rusvel_tui.engine.gtm.invoices.reports.dso import (
    DsoInput,
    DsoOf,
    DsoView,
    days_sales_outstanding,
)
from rusvel_tui.engine.gtm.invoices.reports.revenue import (
    MonthRevenue,
    Months,
    Period,
    RevenueByMonth,
    revenue_by_month,
)
from rusvel_tui.engine.gtm.invoices.reports.statement import (
    Statement,
    StatementOf,
    StatementView,
    client_statement,
)
from rusvel_tui.engine.gtm.invoices.reports.taxes import TaxSummary, tax_summary
from rusvel_tui.screens.invoices.words import day, exact, money
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.shared.attempts import attempt
from rusvel_tui.screens.shared.dialogs import Reader
from rusvel_tui.widgets.bars import stroke
from rusvel_tui.widgets.text_view import Block, Fact, Heading, Prose

BAR = 16
"""Cells of a bar."""
_THIN = str.maketrans("━╸", "──")
NOTHING = "Nothing was issued yet. F makes a draft final; from then on it counts here."


@dataclass(frozen=True, slots=True)
class Reports:
    """All reports, read in one go."""

    revenue: RevenueByMonth
    ageing: AgeingView
    speed: DsoView
    taxes: TaxSummary


async def show_reports(page: Page[Any]) -> None:
    """`R`: how money comes in, and what is late since when."""
    found = await attempt(page, partial(read_reports, page.engine))
    if found is not None:
        page.app.push_screen(Reader("Reports", tuple(report_blocks(found)), look="broad"))


def read_reports(engine: Engine) -> Reports:
    """One look at all of them. Runs in a thread."""
    with engine.connected():
        return Reports(
            engine.run(revenue_by_month, Months()),
            engine.run(ageing, Ageing()),
            engine.run(days_sales_outstanding, DsoInput()),
            engine.run(tax_summary, Period(since="90 days ago")),
        )


def report_blocks(found: Reports) -> Iterator[Block]:
    """Revenue, age, speed and taxes, in this order."""
    currencies = list(dict.fromkeys(month.currency for month in found.revenue.months))
    if not currencies:
        yield Prose(NOTHING, "muted")
        return
    for code in currencies:
        yield Heading(f"By month in {code}: ━ paid, ─ issued")
        yield from _months([one for one in found.revenue.months if one.currency == code])
    for one in found.ageing.currencies:
        yield Heading(f"Open in {one.currency}, by days after the due date")
        yield from _ages(one)
    yield Heading("How long money takes")
    yield from map(_speed, found.speed.currencies)
    if found.taxes.rows:
        yield Heading("Tax of the last 90 days")
    for tax in found.taxes.rows:
        on = f"{exact(tax.tax, tax.currency)} on {exact(tax.taxable, tax.currency)}"
        yield Fact(f"{tax.rate} % ({tax.category})", on)


def _months(months: Sequence[MonthRevenue]) -> Iterator[Block]:
    most = _most(part for one in months for part in (one.paid, one.issued))
    for one in months:
        name = f"{date.fromisoformat(f'{one.month}-01'):%b %Y}"
        paid, issued = money(one.paid, one.currency), money(one.issued, one.currency)
        drawn = _both(_share(one.paid, most), _share(one.issued, most))
        tone = "good" if Decimal(one.paid) > 0 else "muted"
        yield Fact(name, f"{drawn}  {paid} paid · {issued} issued", tone)


def _both(paid: float, issued: float) -> str:
    """`━━━━────`: a thick line for what was paid, on a thin one for what was issued."""
    thick, thin = stroke(paid, BAR).rstrip(), stroke(issued, BAR).rstrip().translate(_THIN)
    return (thick + thin[len(thick) :]).ljust(BAR)


def _ages(one: AgeingOf) -> Iterator[Block]:
    most = _most(bucket.open for bucket in one.buckets)
    for number, bucket in enumerate(one.buckets):
        drawn = stroke(_share(bucket.open, most), BAR)
        count = f" · {bucket.invoices} invoice{'' if bucket.invoices == 1 else 's'}"
        name = "not due yet" if number == 0 else f"{bucket.bucket} days"
        tone = ("muted" if not bucket.invoices else "") if number == 0 else ""
        late = number > 0 and bucket.invoices
        sign = "! " if late else "  "
        amount = money(bucket.open, one.currency)
        yield Fact(
            name,
            f"{sign}{drawn}  {amount}{count if bucket.invoices else ''}",
            "warn" if late else tone,
        )
    yield Fact(
        "together",
        f"{exact(one.open, one.currency)}, {exact(one.overdue, one.currency)} of it late",
    )


def _speed(one: DsoOf) -> Block:
    outstanding = "nothing issued" if one.dso is None else f"{one.dso:.0f} days outstanding"
    taken = "" if one.days_to_pay is None else f" · paid {one.days_to_pay:.0f} days after issue"
    return Fact(one.currency, f"{outstanding}{taken}")


def _most(amounts: Iterator[str]) -> Decimal:
    return max((Decimal(amount) for amount in amounts), default=Decimal(0))


def _share(amount: str, most: Decimal) -> float:
    return float(Decimal(amount) / most) if most > 0 else 0.0


async def show_statement(page: Page[Any], row: InvoiceRow) -> None:
    """`s`: what a client was billed and paid, line by line."""
    order = Statement(contact_id=row.contact_id)
    found = await attempt(page, partial(page.engine.run, client_statement, order))
    if found is not None:
        page.app.push_screen(
            Reader(f"Account of {found.client}", statement_blocks(found), look="broad")
        )


def statement_blocks(found: StatementView) -> tuple[Block, ...]:
    """Each currency with its lines and balances."""
    if not found.accounts:
        return (Prose("Nothing was issued to them yet.", "muted"),)
    return tuple(block for account in found.accounts for block in _account(account))


def _account(account: StatementOf) -> Iterator[Block]:
    yield Heading(account.currency)
    for entry in account.entries:
        amount, balance = (exact(part, account.currency) for part in (entry.amount, entry.balance))
        yield Fact(day(entry.on), f"{entry.what} {entry.number}: {amount} · owed {balance}")
    yield Fact("Owed now", exact(account.closing, account.currency), "strong")
    if account.credit.strip("-0."):
        yield Fact("Their credit", exact(account.credit, account.currency))
