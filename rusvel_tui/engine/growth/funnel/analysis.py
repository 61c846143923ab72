"""Looking at a funnel: how many come how far, how long it takes, where most are lost, and how it was before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from pydantic import AliasChoices, Field

from rusvel_tui.engine.calendar import midnight
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.growth.events.event_store import known_names
from rusvel_tui.engine.growth.events.recording import Label
from rusvel_tui.engine.growth.facts.app_funnels import APP_FUNNELS
from rusvel_tui.engine.growth.funnel.attempts import Rules, StepOrder
from rusvel_tui.engine.growth.funnel.funnel_rows import find_funnel, living, stages_of
from rusvel_tui.engine.growth.funnel.funnel_views import FunnelRef
from rusvel_tui.engine.growth.funnel.reading import best_attempts
from rusvel_tui.engine.growth.funnel.rules import WINDOW, ExclusionInput, check_steps, numbered
from rusvel_tui.engine.growth.funnel.steps import (
    FunnelStep,
    Leak,
    biggest_leak,
    steps_from_attempts,
    steps_from_counts,
)
from rusvel_tui.engine.growth.periods import Period, micros, parse_day, parse_period
from rusvel_tui.engine.models import Funnel, FunnelCount
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.operation import View, operation
from rusvel_tui.engine.text import fold


class AnalyzeFunnel(FunnelRef):
    """Steps that are events of people, or a funnel by its name. Days are the session's; `to` is the last one."""

    steps: tuple[Label, ...] = ()
    window: str = WINDOW
    """How long after the first step the others count: `14d`, `12h`, `5m`, `15s`."""
    order: StepOrder = StepOrder.ORDERED
    exclusions: tuple[ExclusionInput, ...] = ()
    period: str = ""
    """Of typed counts; the newest one when left out."""
    from_: str = Field(
        default="", validation_alias=AliasChoices("from", "from_"), serialization_alias="from"
    )
    """The first day on which people may begin."""
    to: str = ""
    compare: bool = True
    """Whether to look at the time before as well."""


class FunnelBefore(View):
    """The same funnel in the time before."""

    period: str
    steps: tuple[FunnelStep, ...]


class FunnelAnalysis(View):
    """How many come how far."""

    name: str
    kind: str
    period: str
    """The period of typed counts, or the days in which people began; empty: always."""
    steps: tuple[FunnelStep, ...]
    biggest_leak: str | None
    """The step that most people do not reach; none when nobody is lost."""
    leak: Leak | None
    overall: float | None
    """The share of those in the first step who reach the last."""
    previous: FunnelBefore | None
    unknown: tuple[str, ...] = ()
    """Steps whose event was never recorded."""
    window: str = ""
    order: StepOrder | None = None


class FunnelAsked(View):
    """The rules of an event funnel, complete."""

    steps: tuple[str, ...]
    window: str
    order: StepOrder
    exclusions: tuple[ExclusionInput, ...]


@operation("growth.funnel.analyze", permission="growth.read")
def analyze(ctx: Context, cmd: AnalyzeFunnel) -> FunnelAnalysis:
    """Analyze a funnel: counts, step and overall shares, drop-off, times to convert, the biggest leak, the time before."""
    if cmd.steps:
        asked = FunnelAsked(**{name: getattr(cmd, name) for name in FunnelAsked.model_fields})
        return analyze_events(ctx, cmd, asked, "")
    rows = living(ctx)
    stored = any(
        not cmd.funnel or fold(cmd.funnel) == row.key or cmd.funnel == row.id for row in rows
    )
    app = next((name for name in APP_FUNNELS if fold(name) == fold(cmd.funnel)), None)
    if not stored and app:
        return analyze_app(ctx, app)
    return analyze_stored(ctx, cmd, find_funnel(ctx, cmd.funnel))


def analyze_stored(ctx: Context, cmd: AnalyzeFunnel, row: Funnel) -> FunnelAnalysis:
    """A funnel that somebody made."""
    if row.kind == "counts":
        return analyze_counts(ctx, cmd, row)
    rules = dict(row.rules)
    if "window" in cmd.model_fields_set:
        rules["window"] = cmd.window
    return analyze_events(ctx, cmd, FunnelAsked.model_validate(rules), row.name)


def analyze_app(ctx: Context, name: str) -> FunnelAnalysis:
    """A funnel that the app fills by itself."""
    names, attempts = APP_FUNNELS[name](ctx)
    return _answer(name, "app", "", steps_from_attempts(names, attempts), None)


def analyze_events(
    ctx: Context, cmd: AnalyzeFunnel, asked: FunnelAsked, name: str
) -> FunnelAnalysis:
    """A funnel whose steps are events of people."""
    window = check_steps(asked.steps, asked.exclusions, asked.window)
    names = (*asked.steps, *(rule.event for rule in asked.exclusions))
    known = known_names(ctx.session_id, names)
    steps, exclusions = numbered(asked.steps, asked.exclusions, known)
    rules = Rules(steps, window, asked.order, exclusions)
    days = _days(cmd)
    found = _steps(ctx, asked.steps, rules, days)
    before = _before(days)
    return _answer(
        name or " → ".join(asked.steps),
        "events",
        _words(days),
        found,
        FunnelBefore(period=_words(before), steps=_steps(ctx, asked.steps, rules, before))
        if before and cmd.compare
        else None,
    ).model_copy(
        update={
            "unknown": tuple(dict.fromkeys(name for name in asked.steps if name not in known)),
            "window": asked.window,
            "order": asked.order,
        }
    )


def analyze_counts(ctx: Context, cmd: AnalyzeFunnel, row: Funnel) -> FunnelAnalysis:
    """A funnel of typed counts in one period."""
    stages = stages_of([row.id])[row.id]
    if len(stages) < 2:
        raise InvalidInput(
            f"{row.name} needs at least two stages: add them with growth.funnel.add_stage."
        )
    places = [stage.position for stage in stages]
    if places != list(range(places[0], places[0] + len(places))):
        raise InvalidInput(
            f"The stages of {row.name} are numbered {', '.join(map(str, places))}: close the gap with "
            "growth.funnel.update_stage."
        )
    period = parse_period(cmd.period) if cmd.period else _newest(row)
    names = [stage.name for stage in stages]
    ids = [stage.id for stage in stages]
    before = period.later(-1) if period and cmd.compare else None
    known = before and any(count is not None for count in _counts(row, ids, before))
    return _answer(
        row.name,
        "counts",
        str(period or ""),
        steps_from_counts(names, _counts(row, ids, period)),
        FunnelBefore(period=str(before), steps=steps_from_counts(names, _counts(row, ids, before)))
        if known
        else None,
    )


def _answer(
    name: str, kind: str, period: str, steps: tuple[FunnelStep, ...], previous: FunnelBefore | None
) -> FunnelAnalysis:
    leak = biggest_leak(steps)
    return FunnelAnalysis(
        name=name,
        kind=kind,
        period=period,
        steps=steps,
        biggest_leak=leak.to_step if leak else None,
        leak=leak,
        overall=steps[-1].overall,
        previous=previous,
    )


Days = tuple[date, date]
"""The first and the last."""


def _days(cmd: AnalyzeFunnel) -> Days | None:
    if not cmd.from_ and not cmd.to:
        return None
    first = parse_day(cmd.from_, field="from") if cmd.from_ else date(1970, 1, 1)
    last = parse_day(cmd.to, field="to") if cmd.to else date(2199, 12, 31)
    if last < first:
        raise InvalidInput(f"The range ends on {last}, before it starts on {first}.", field="to")
    return first, last


def _before(days: Days | None) -> Days | None:
    """As many days right before; none without two ends."""
    if days is None or days[0].year == 1970 or days[1].year == 2199:
        return None
    length = days[1] - days[0]
    return days[0] - timedelta(1) - length, days[0] - timedelta(1)


def _words(days: Days | None) -> str:
    return f"{days[0]}..{days[1]}" if days else ""


def _steps(
    ctx: Context, names: Sequence[str], rules: Rules, days: Days | None
) -> tuple[FunnelStep, ...]:
    if days:
        since = micros(midnight(days[0], ctx.zone))
        until = micros(midnight(days[1] + timedelta(1), ctx.zone))
        rules = Rules(rules.steps, rules.window, rules.order, rules.exclusions, since, until)
    return steps_from_attempts(names, best_attempts(ctx.session_id, rules))


def _newest(row: Funnel) -> Period | None:
    newest = FunnelCount.select(FunnelCount.period).where(FunnelCount.funnel_id == row.id)
    found = newest.order_by(FunnelCount.period.desc()).first()
    return parse_period(found.period) if found else None


def _counts(row: Funnel, stage_ids: Sequence[str], period: Period | None) -> list[int | None]:
    """The counts of a period by stage; none where nothing was recorded."""
    own = (FunnelCount.funnel_id == row.id) & (FunnelCount.period == str(period))
    query = FunnelCount.select(FunnelCount.stage_id, FunnelCount.count).where(own)
    known = dict(tuples(query)) if period else {}
    return [known.get(stage_id) for stage_id in stage_ids]
