"""What each part of the tab says, as blocks of text and charts: from views alone."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from rusvel_tui.engine.growth.churn.survival import SurvivalPoint
from rusvel_tui.engine.growth.dashboard import GrowthDashboard
from rusvel_tui.engine.growth.funnel.analysis import FunnelAnalysis
from rusvel_tui.engine.growth.saas.metrics import MonthMetrics, SaasView
from rusvel_tui.screens.growth.words import (
    amount,
    funnel_bars,
    heatmap,
    how_long,
    joined,
    leak_words,
    measure_tile,
    tile,
)
from rusvel_tui.screens.invoices.words import money as cash
from rusvel_tui.widgets.charts.bars import Bar, Bars
from rusvel_tui.widgets.charts.tiles import Tiles
from rusvel_tui.widgets.text_view import Block, Fact, Heading, Prose

if TYPE_CHECKING:
    from rusvel_tui.screens.growth.parts import Item, Seen

NO_KPI = "No KPI yet. n records a first reading, such as MRR; M brings many from a CSV file."
NO_FUNNEL = "No funnel yet. N makes one of stages that you count, or of events that people do."
NO_ALERT = "No alert yet. N sets one: tell me when a KPI falls below a value."
NO_CHURN = "Nothing here: no cohort loses more than older ones did, and no customer shows a sign."
NO_COHORT = (
    "No cohort yet. N makes one of people who began together; n records who is still active."
)
NOTHING = """Nothing is measured yet.

n records a number, such as MRR. N makes a funnel, a cohort or an alert in its part. M reads a CSV file.
Deals, mails and invoices are counted by themselves as you work."""


def overview(seen: Seen, item: Item | None) -> tuple[Block, ...]:
    """The most important of everything, on one page."""
    board = seen.board
    made = (*_alarms(board), *_tiles(board), *_first_funnel(board), *_staying(board))
    return made or (Prose(NOTHING, "muted"),)


def _alarms(board: GrowthDashboard) -> Iterator[Block]:
    firing = [alert for alert in board.alerts if str(alert.state) == "firing"]
    if firing or board.churn or board.overdue:
        yield Heading("Look at this")
    for alert in firing:
        now = amount(None if alert.value is None else float(alert.value), alert.unit)
        yield Prose(f"! {alert.words}: {now} now", "bad")
    yield from (Prose(f"! {case.text}", "bad") for case in board.churn)
    for late in board.overdue:
        many = "" if late.invoices == 1 else "s"
        sum_ = cash(late.amount, late.currency)
        yield Prose(
            f"! {sum_} overdue on {late.invoices} invoice{many}, the oldest since {late.oldest_days} days",
            "warn",
        )
    yield from (Prose(f"! {problem}", "warn") for problem in board.problems)


def _tiles(board: GrowthDashboard) -> Iterator[Block]:
    known = {kpi.name.casefold() for kpi in board.kpis}
    made = [tile(kpi) for kpi in board.kpis]
    made += [measure_tile(one) for one in board.measures if one.name.casefold() not in known]
    if made:
        yield Heading("KPIs")
        yield Tiles(tuple(made[:12]))


def _first_funnel(board: GrowthDashboard) -> Iterator[Block]:
    for view in board.funnels[:1]:
        yield Heading(joined((f"Funnel {view.name}", view.period, leak_words(view))))
        yield funnel_bars(view)


def _staying(board: GrowthDashboard) -> Iterator[Block]:
    if board.cohorts.rows:
        yield Heading("Who stays")
        yield heatmap(board.cohorts)


def kpi(seen: Seen, item: Item | None) -> tuple[Block, ...]:
    """A KPI that the app computes; of one's own the page reads the trend."""
    for one in seen.board.measures:
        if item is not None and item.id == f"app:{one.key}":
            value = None if one.value is None else float(one.value)
            return (
                Fact("Now", amount(value, one.unit), "strong"),
                Fact("What it is", one.about),
                Prose(""),
                Tiles((measure_tile(one),)),
                Prose(""),
                *(
                    Fact(month, amount(None if point is None else float(point), one.unit))
                    for month, point in zip(one.months, one.points, strict=False)
                ),
            )
    return ()


def funnel(seen: Seen, item: Item | None) -> tuple[Block, ...]:
    """One funnel with all there is to say about it."""
    view = next((one for one in seen.board.funnels if item and one.name == item.id), None)
    return () if view is None else tuple(_funnel(view))


def _funnel(view: FunnelAnalysis) -> Iterator[Block]:
    rules = joined(
        (view.period, str(view.order or ""), f"within {view.window}" if view.window else "")
    )
    yield Prose(joined((view.name, rules)), "strong")
    yield Prose(leak_words(view), "warn" if view.biggest_leak else "muted")
    yield Prose("")
    yield funnel_bars(view)
    if view.previous is not None:
        yield Prose("")
        yield Prose(f"▲ ▼ against {view.previous.period or 'the time before'}", "muted")
    timed = [step for step in view.steps if step.mean_seconds is not None]
    if timed:
        yield Heading("How long it takes")
    for step in timed:
        both = f"mean {how_long(step.mean_seconds)}, median {how_long(step.median_seconds)}"
        yield Fact(step.name, both)
    for name in view.unknown:
        yield Prose(f"! No event {name!r} was ever recorded. Look at its spelling.", "warn")


def cohorts(seen: Seen, item: Item | None) -> tuple[Block, ...]:
    """The whole matrix, and how to read it."""
    view = seen.board.cohorts
    if not view.rows:
        return (Prose(NO_COHORT, "muted"),)
    running = (
        f"* {', '.join(view.incomplete)} is not over: left out of the mean."
        if view.incomplete
        else ""
    )
    return (
        Heading("Who stays, in per cent of those who began"),
        heatmap(view),
        Prose(""),
        Prose(f"Blank: not reached yet, or not recorded. {running}".strip(), "muted"),
    )


def money(seen: Seen, item: Item | None) -> tuple[Block, ...]:
    """Recurring money as it moves, revenue by month, and what is late."""
    made = (*_recurring(seen.more), *_revenue(seen.board))
    return made or (
        Prose("No money yet: nothing was invoiced, and nobody pays by the month.", "muted"),
    )


def _recurring(view: SaasView | None) -> Iterator[Block]:
    if view is None or not view.customers:
        return
    yield Heading(f"MRR in {view.currency}, by month")
    for month in _since_first(view):
        yield Fact(month.month, _movement(month), "" if month.complete else "muted")
    last = view.months[-1]
    shares = {"GRR": last.grr, "NRR": last.nrr, "Customer churn": last.customer_churn}
    yield Heading(f"In {last.month}{'' if last.complete else ', so far'}")
    yield from (
        Fact(name, f"{share * 100:.1f} %") for name, share in shares.items() if share is not None
    )
    ratio = last.quick_words if last.quick_ratio is None else f"{last.quick_ratio:.1f}"
    yield Fact("Quick ratio", ratio or "–")
    for name, value in (("ARPA", last.arpa), ("LTV", last.ltv), ("CAC", last.cac)):
        if value is not None:
            yield Fact(name, f"{value} {view.currency}")


def _since_first(view: SaasView) -> tuple[MonthMetrics, ...]:
    """The months from the first one with money on."""
    first = next(
        (n for n, one in enumerate(view.months) if Decimal(one.end) or Decimal(one.start)), 0
    )
    return view.months[first:]


def _movement(month: MonthMetrics) -> str:
    """`1,200 → 1,500: +300 new, −20 churn`."""
    parts = (
        ("new", month.new), ("back", month.reactivation), ("more", month.expansion),
        ("less", month.contraction), ("churn", month.churn),
    )  # fmt: skip
    moved = ", ".join(f"{_signed(name, value)} {name}" for name, value in parts if Decimal(value))
    now = " so far" if not month.complete else ""
    return f"{month.start} → {month.end}{now}{': ' if moved else ''}{moved}"


def _signed(name: str, value: str) -> str:
    return f"−{value.lstrip('-')}" if name in ("less", "churn") else f"+{value}"


def _revenue(board: GrowthDashboard) -> Iterator[Block]:
    for code in dict.fromkeys(month.currency for month in board.revenue):
        months = [month for month in board.revenue if month.currency == code]
        most = max((Decimal(month.paid) for month in months), default=Decimal(0)) or Decimal(1)
        yield Heading(f"Paid in {code}, by month")
        yield Bars(
            tuple(
                Bar(
                    month.month,
                    float(Decimal(month.paid) / most),
                    f"{cash(month.paid, code)} · {cash(month.issued, code)} issued",
                    "good",
                )
                for month in months
            )
        )
    for late in board.overdue:
        sum_ = cash(late.amount, late.currency)
        yield Fact("Overdue", f"! {sum_} on {late.invoices}, since {late.oldest_days} days", "warn")


def alert(seen: Seen, item: Item | None) -> tuple[Block, ...]:
    """One alert: its rule, and how it stands."""
    one = next((alert for alert in seen.board.alerts if item and alert.alert_id == item.id), None)
    if one is None:
        return ()
    value = None if one.value is None else float(one.value)
    return (
        Prose(one.words, "strong"),
        Fact("State", item.note if item else "", item.tone if item else ""),
        Fact("Since", f"{one.since:%d %b %Y}"),
        Fact("Compared last", amount(value, one.unit)),
        *((Fact("Seen by you", f"{one.acknowledged_at:%d %b %Y}"),) if one.acknowledged_at else ()),
        *((Fact("Quiet until", f"{one.snoozed_until:%d %b %Y}"),) if one.snoozed_until else ()),
    )


def churn(seen: Seen, item: Item | None) -> tuple[Block, ...]:
    """Why somebody may leave, and how long customers stay."""
    return (*_why(seen, item), *_survival(seen))


def _why(seen: Seen, item: Item | None) -> Iterator[Block]:
    for case in seen.board.churn:
        if item is not None and item.id == f"case:{case.case_id}":
            yield Prose(case.text, "strong")
            yield Fact("Stay", f"{case.active} of {case.size}, {case.share * 100:.1f} %")
            yield Fact("Older ones", f"{case.pool * 100:.1f} % of {case.pool_size} at that age")
    if seen.more and item is not None and item.id.startswith("risk:"):
        risk = seen.more[0].items[int(item.id.removeprefix("risk:"))]
        yield Prose(risk.customer, "strong")
        yield from (Prose(f"! {reason}") for reason in risk.reasons)


def _survival(seen: Seen) -> Iterator[Block]:
    curves = seen.more[1].curves if seen.more else ()
    for curve in curves:
        if not curve.customers:
            continue
        yield Heading(f"How long customers stay: {curve.name}")
        half = (
            "more than half are still here"
            if curve.median is None
            else f"half are gone after {curve.median} months"
        )
        yield Prose(f"{curve.customers} customers, {curve.lost} left; {half}.")
        yield Bars(tuple(map(_survivors, curve.points)))


def _survivors(point: SurvivalPoint) -> Bar:
    span = f"{point.low * 100:.0f}–{point.high * 100:.0f} %"
    return Bar(f"{point.time} months", point.survival, f"{point.survival * 100:.0f} % ({span})")
