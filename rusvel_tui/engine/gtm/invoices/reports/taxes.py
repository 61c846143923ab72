"""The tax of a period by category and rate: what was issued, credit notes taken off; currencies apart."""

from __future__ import annotations

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.invoices.reports.revenue import Period, bounds
from rusvel_tui.engine.models.base import database
from rusvel_tui.engine.money import Money, currency_code
from rusvel_tui.engine.operation import View, operation


class TaxSum(View):
    """One category and rate in one currency."""

    currency: str
    category: str
    rate: str
    taxable: str
    tax: str
    documents: int


class TaxSummary(View):
    """The taxes of a period, by day of issue."""

    since: str
    until: str
    rows: tuple[TaxSum, ...]


_SQL = """SELECT i.currency, t.category, t.rate, sum(t.taxable_minor), sum(t.tax_minor), count(*)
FROM invoice i JOIN invoice_tax t ON t.invoice_id = i.id
WHERE i.session_id = ? AND i.number IS NOT NULL AND i.voided_at IS NULL AND i.kind IN ('invoice','credit_note')
  AND i.issue_date BETWEEN ? AND ? GROUP BY 1, 2, 3 ORDER BY 1, 2, CAST(t.rate AS REAL) DESC"""


@operation("gtm.invoices.tax_summary", permission="crm.invoices.read")
def tax_summary(ctx: Context, cmd: Period) -> TaxSummary:
    """Show the tax of a period by category and rate, credit notes taken off, by currency."""
    since, until = bounds(ctx, cmd)
    rows = database.execute_sql(_SQL, (ctx.session_id, since, until)).fetchall()
    wanted = currency_code(cmd.currency) if cmd.currency else ""
    return TaxSummary(
        since=since if cmd.since else "",
        until=until if cmd.until else "",
        rows=tuple(
            TaxSum(
                currency=currency,
                category=category,
                rate=rate,
                taxable=Money(taxable, currency).amount,
                tax=Money(tax, currency).amount,
                documents=documents,
            )
            for currency, category, rate, taxable, tax, documents in rows
            if wanted in ("", currency)
        ),
    )
