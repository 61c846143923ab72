"""Numbers without gaps: taken inside the transaction that makes a document final, from the row of their series.

Everything of a number but its counter names the series: `INV-2026-`. A number that was given is never given again, and a
transaction that fails takes its number back with it.
"""

from __future__ import annotations

import re
from datetime import date

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.crashpoints import crashpoint
from rusvel_tui.engine.errors import Conflict, InvalidInput
from rusvel_tui.engine.gtm.invoices.ledger.words import Kind
from rusvel_tui.engine.gtm.invoices.setup.kept import Setup, load_setup
from rusvel_tui.engine.models import Invoice, InvoiceSeries
from rusvel_tui.engine.operation import Input, View, operation

_COUNTER = re.compile(r"\{seq(?::0?(\d))?\}")


class NextNumber(Input):
    """Where a series begins."""

    next: int
    kind: Kind = Kind.INVOICE


class SeriesView(View):
    """One run of numbers."""

    series: str
    kind: Kind
    first: int
    last: int
    next: str
    """The number that the next document gets."""


def series_of(setup: Setup, kind: Kind, day: date) -> str:
    """The pattern with all but its counter filled in."""
    year = day.year - (day.month < setup.fiscal_month)
    text = str(getattr(setup.patterns, kind.key))
    for token, value in (
        ("{FY}", f"{year}"),
        ("{YYYY}", f"{day.year}"),
        ("{YY}", f"{day:%y}"),
        ("{MM}", f"{day:%m}"),
    ):
        text = text.replace(token, value)
    return text


def number_text(series: str, seq: int) -> str:
    """The number of that place in the series."""
    return _COUNTER.sub(lambda found: f"{seq:0{found[1] or 1}}", series)


def take_number(ctx: Context, kind: Kind, day: date) -> tuple[str, int]:
    """The series of that day and its next place, taken; raises `Conflict` for a day before its newest document."""
    series = series_of(load_setup(ctx), kind, day)
    row = InvoiceSeries.get_or_none(_one(ctx, series))
    if row is None:
        row = InvoiceSeries.create(session_id=ctx.session_id, series=series, kind=kind.key)
    if day.isoformat() < row.last_date:
        raise Conflict(
            f"{number_text(series, row.last)} was issued on {row.last_date}; the next one cannot be dated"
            f" {day}. Give it a later issue date."
        )
    taken = int(row.last) + 1
    crashpoint("invoice.number_taken")
    _refuse_twin(ctx, number_text(series, taken))
    InvoiceSeries.update(last=taken, last_date=day.isoformat()).where(_one(ctx, series)).execute()
    return series, taken


def _refuse_twin(ctx: Context, number: str) -> None:
    """Two patterns can lead to one number; a number belongs to one document."""
    if (
        Invoice.select()
        .where((Invoice.session_id == ctx.session_id) & (Invoice.number == number))
        .exists()
    ):
        raise Conflict(
            f"{number} was given already. Change the pattern of the numbers with set_up."
        )


@operation("gtm.invoices.set_next_number", writes=True, permission="crm.invoices.manage")
def set_next_number(ctx: Context, cmd: NextNumber) -> SeriesView:
    """Let the numbers of this year begin with a higher one, before the first of them is given."""
    day = ctx.now.astimezone(ctx.zone).date()
    series = series_of(load_setup(ctx), cmd.kind, day)
    row = InvoiceSeries.get_or_none(_one(ctx, series))
    if row is not None and row.last >= row.first:
        back = cmd.next <= row.last
        why = "was given already" if back else "would leave a gap"
        raise Conflict(
            f"{number_text(series, cmd.next)} {why}: the next number is {number_text(series, row.last + 1)}."
        )
    if not 1 <= cmd.next <= 999_999_999:
        raise InvalidInput("The next number is 1 or more.", field="next")
    values = {"first": cmd.next, "last": cmd.next - 1, "kind": cmd.kind.key}
    InvoiceSeries.insert(
        session_id=ctx.session_id, series=series, last_date="", **values
    ).on_conflict_replace().execute()
    said = {"name": number_text(series, cmd.next), "fields": ["next_number"]}
    ctx.record("gtm.invoice.setup", ctx.session_id, said)
    return _view(InvoiceSeries.get(_one(ctx, series)))


class SeriesList(View):
    """All runs of numbers."""

    items: tuple[SeriesView, ...]


@operation("gtm.invoices.list_series", permission="crm.invoices.read")
def list_series(ctx: Context, cmd: Input) -> SeriesList:
    """List the series of numbers with the next number of each."""
    rows = InvoiceSeries.select().where(InvoiceSeries.session_id == ctx.session_id)
    return SeriesList(items=tuple(map(_view, rows.order_by(InvoiceSeries.series))))


def _one(ctx: Context, series: str) -> object:
    return (InvoiceSeries.session_id == ctx.session_id) & (InvoiceSeries.series == series)


def _view(row: InvoiceSeries) -> SeriesView:
    return SeriesView(
        series=row.series,
        kind=Kind(row.kind),
        first=row.first,
        last=row.last,
        next=number_text(row.series, row.last + 1),
    )
