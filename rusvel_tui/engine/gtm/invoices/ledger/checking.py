"""Is the book right: numbers without gaps and twins, and sums that follow from the rows behind them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.invoices.ledger.numbering import number_text
from rusvel_tui.engine.models.base import database
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.operation import Input, View, operation

_SHOWN = 100


class CheckView(View):
    """What is wrong with the book; zeros and an empty list when it is right."""

    documents: int
    """Final documents that were looked at."""
    gaps: int
    """Numbers that are missing in a series."""
    duplicates: int
    """Numbers that stand on more than one document."""
    disagreements: int
    """Sums that do not follow from the payments, credit notes, lines or taxes behind them."""
    problems: tuple[str, ...]
    """One sentence each, the first hundred."""


@operation("gtm.invoices.check", permission="crm.invoices.read")
def check(ctx: Context, cmd: Input) -> CheckView:
    """Check that no number is missing or given twice, and that every sum follows from its rows."""
    gaps, twins, sums = list(_gaps(ctx)), list(_twins(ctx)), list(_sums(ctx))
    return CheckView(
        documents=_rows(
            "SELECT count(*) FROM invoice WHERE session_id = :session AND number IS NOT NULL", ctx
        )[0][0],
        gaps=len(gaps),
        duplicates=len(twins),
        disagreements=len(sums),
        problems=tuple([*gaps, *twins, *sums][:_SHOWN]),
    )


def _gaps(ctx: Context) -> Iterator[str]:
    """Every number between the first and the last of a series that no document bears, and every one outside."""
    given: dict[str, set[int]] = {}
    for series, seq in _rows(_GIVEN, ctx):
        given.setdefault(series, set()).add(seq)
    bounds = {series: (first, last) for series, first, last in _rows(_SERIES, ctx)}
    for series in sorted(given | bounds):
        there = given.get(series, set())
        first, last = bounds.get(series, (1, 0))
        for seq in sorted(set(range(first, max(there | {last}) + 1)) - there):
            yield f"{number_text(series, seq)} is missing."
        for seq in sorted(one for one in there if not first <= one <= last):
            yield f"{number_text(series, seq)} is outside of its series ({first} to {last})."


def _twins(ctx: Context) -> Iterator[str]:
    for number, count in _rows(_TWINS, ctx):
        yield f"{number} stands on {count} documents."


def _sums(ctx: Context) -> Iterator[str]:
    for sql, words in _SUMS:
        for number, currency, kept, found in _rows(sql, ctx):
            said, real = Money(kept or 0, currency), Money(found or 0, currency)
            yield f"{number}: {words.format(said=said, real=real)}"
    for what, currency, kept, found in _rows(_MONTHS, ctx) + _rows(_OPEN_DAYS, ctx):
        said, real = Money(kept or 0, currency), Money(found or 0, currency)
        yield f"The sums of {what} say {said}, its documents come to {real}."
    for status, number, derived in _rows(_STATUSES, ctx):
        yield f"{number} is {status}, but its payments make it {derived}."


def _rows(sql: str, ctx: Context) -> list[tuple[Any, ...]]:
    return list(database.execute_sql(sql, {"session": ctx.session_id}).fetchall())


_GIVEN = "SELECT series, seq FROM invoice WHERE session_id = :session AND number IS NOT NULL"
_SERIES = "SELECT series, first, last FROM invoice_series WHERE session_id = :session"
_TWINS = """SELECT number, count(*) FROM invoice WHERE session_id = :session AND number IS NOT NULL
GROUP BY number HAVING count(*) > 1"""
_PAID = """(SELECT coalesce(sum(p.amount_minor), 0) FROM payment p
  WHERE p.invoice_id = i.id AND p.removed_at IS NULL)"""
_CREDITED = """(SELECT -coalesce(sum(c.payable_minor), 0) FROM invoice c WHERE c.source_id = i.id
  AND c.kind = 'credit_note' AND c.number IS NOT NULL AND c.voided_at IS NULL)"""
_CREDITED_TOTAL = _CREDITED.replace("payable_minor", "total_minor")
_LINES = "(SELECT coalesce(sum(l.net_minor), 0) FROM invoice_line l WHERE l.invoice_id = i.id)"
_TAXES = "(SELECT coalesce(sum(t.tax_minor), 0) FROM invoice_tax t WHERE t.invoice_id = i.id)"
_NAME = "coalesce(i.number, 'the draft for ' || i.client_name), i.currency"


def _compared(
    column: str, found: str, where: str = "i.deleted_at IS NULL", sign: str = "<>"
) -> str:
    return (
        f"SELECT {_NAME}, i.{column}, {found} AS found FROM invoice i"
        f" WHERE i.session_id = :session AND {where} AND {found} {sign} i.{column}"
    )


_INVOICE = "i.kind = 'invoice' AND i.number IS NOT NULL"
_SUMS = (
    (_compared("paid_minor", _PAID), "{said} are said to be paid, its payments come to {real}."),
    (_compared("credited_minor", _CREDITED, _INVOICE), "{said} are said to be credited, its credit notes come to {real}."),
    (_compared("total_minor", _CREDITED_TOTAL, _INVOICE, ">"), "it comes to {said}, its credit notes to {real}."),
    (_compared("lines_minor", _LINES), "its lines are said to come to {said}, they come to {real}."),
    (_compared("tax_minor", _TAXES), "its tax is said to be {said}, its taxes come to {real}."),
    (
        _compared(
            "total_minor", "(i.lines_minor - i.allowances_minor + i.charges_minor + i.tax_minor)"
        ),
        "its total is said to be {said}, its parts come to {real}.",
    ),
    (
        "SELECT c.name, k.currency, 0, sum(k.amount_minor) FROM client_credit k JOIN contact c ON c.id = k.contact_id"
        " WHERE k.session_id = :session AND k.removed_at IS NULL GROUP BY k.contact_id, k.currency HAVING sum(k.amount_minor) < 0",
        "the credit of this client is below zero: {real}.",
    ),
)  # fmt: skip
_DERIVED = f"""CASE WHEN i.payable_minor - {_PAID} - {_CREDITED} > 0
  THEN CASE WHEN {_PAID} > 0 THEN 'partially_paid' WHEN i.sent_at IS NOT NULL THEN 'sent' ELSE 'issued' END
  WHEN {_PAID} = 0 AND {_CREDITED} > 0 THEN 'credited' ELSE 'paid' END"""
_STATUSES = f"""SELECT i.status, i.number, {_DERIVED} FROM invoice i
WHERE i.session_id = :session AND {_INVOICE} AND i.voided_at IS NULL AND i.status <> {_DERIVED}"""
_BOOKED = """SELECT substr(issue_date, 1, 7) AS what, currency, total_minor AS minor FROM invoice
WHERE session_id = :session AND kind <> 'quote' AND number IS NOT NULL AND voided_at IS NULL
UNION ALL SELECT substr(paid_on, 1, 7), currency, amount_minor FROM payment
WHERE session_id = :session AND removed_at IS NULL"""
_DUE = """SELECT due_date AS what, currency, open_minor AS minor FROM invoice
WHERE session_id = :session AND open_minor > 0"""


def _kept(table: str, what: str, minor: str, rows: str) -> str:
    """Sums that are kept, against the rows that they are of."""
    return f"""SELECT what, currency, sum(kept), sum(minor) FROM (
  SELECT {what} AS what, currency, {minor} AS kept, 0 AS minor FROM {table} WHERE session_id = :session
  UNION ALL SELECT what, currency, 0, minor FROM ({rows}))
GROUP BY what, currency HAVING sum(kept) <> sum(minor)"""


_MONTHS = _kept("invoice_month", "month", "issued_minor + paid_minor", _BOOKED)
_OPEN_DAYS = _kept("invoice_open_day", "due_date", "open_minor", _DUE)
