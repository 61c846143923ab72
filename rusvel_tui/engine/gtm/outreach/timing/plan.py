"""The coming days: what leaves and what there is to do, counted by day and step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from peewee import JOIN, fn
from pydantic import Field

from rusvel_tui.engine import calendar
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.crm.people.zones import contact_zones
from rusvel_tui.engine.gtm.outreach.enrolling.lookups import sequence_names
from rusvel_tui.engine.gtm.outreach.mails.facts import sender_of, sender_state
from rusvel_tui.engine.gtm.outreach.sequences.branches import PathStep, path_step
from rusvel_tui.engine.gtm.outreach.sequences.finding import find_sequence
from rusvel_tui.engine.gtm.outreach.sequences.step_kinds import STEP_KINDS, StepType
from rusvel_tui.engine.gtm.outreach.timing.limits import Sender
from rusvel_tui.engine.gtm.outreach.timing.plan_facts import plan_facts
from rusvel_tui.engine.gtm.outreach.timing.schedules import (
    jitter_key,
    left,
    schedules_of,
    times_for,
    whereabouts,
    written_to,
)
from rusvel_tui.engine.gtm.outreach.timing.simulate import (
    NO_FACTS,
    Done,
    PlannedStep,
    Simulation,
    Traveller,
)
from rusvel_tui.engine.models import Enrollment, Job, Mail, Sequence, Step
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.operation import Input, View, operation

T = TypeVar("T")
MOST_PEOPLE = 2000
"""Whose ways are played through: those with the next steps. The others are only counted."""


class PlanDays(Input):
    """Which days, and whether of one sequence only."""

    days: int = Field(default=30, ge=1, le=90)
    sequence_id: str = ""


class PlanLine(View):
    """One step of one sequence on one day."""

    sequence_id: str
    sequence: str
    step: int
    step_key: str
    type: StepType
    channel: str
    count: int
    first: datetime
    last: datetime
    moved: int
    """How many of them would come on an earlier day, were it not for a limit."""


class PlanDay(View):
    """One of your days."""

    day: date
    mails: int
    tasks: int
    """Calls, tasks and everything else that you do by hand."""
    lines: tuple[PlanLine, ...]


class Plan(View):
    """The coming days, if every draft gets its yes in time and nobody answers."""

    days: tuple[PlanDay, ...]
    people: int
    """How many people are on their way."""
    left_out: int
    """How many of them are not in the plan: those whose next step is furthest away."""
    notes: tuple[str, ...]
    """What the plan takes for granted."""


@operation("gtm.outreach.plan", permission="crm.sequences.read")
def plan(ctx: Context, cmd: PlanDays) -> Plan:
    """Show what the coming days bring: mails, calls and tasks by day and step, as the limits let them go."""
    wanted = find_sequence(ctx, cmd.sequence_id).id if cmd.sequence_id else ""
    rows = _standing(ctx)
    people = _on_their_way(ctx, wanted)
    today = ctx.now.astimezone(ctx.zone).date()
    until = calendar.midnight(today + timedelta(days=cmd.days), ctx.zone)
    done = [
        one
        for one in _simulation(ctx).run(_travellers(ctx, rows), until)
        if wanted in ("", one.traveller.sequence_id)
    ]
    days = [today + timedelta(days=ahead) for ahead in range(cmd.days)]
    return Plan(
        days=_days(ctx, days, done),
        people=people,
        left_out=max(people - sum(wanted in ("", row[1]) for row in rows), 0),
        notes=tuple(_notes(ctx)),
    )


def _simulation(ctx: Context) -> Simulation:
    """The sender as it is now: three queries at most."""
    sender = Sender(ctx.session_id, sender_of(ctx)[1], ctx.zone)
    simulation = Simulation(ctx.now, ctx.zone, ctx.policy, sender.history(ctx.now))
    today, _ = calendar.day_bounds(ctx.now, ctx.zone)
    query = (
        Mail.select(Mail.sequence_id, Mail.first_touch, fn.COUNT(Mail.id))
        .where(sender.mails & (Mail.intent_at >= today) & left())
        .group_by(Mail.sequence_id, Mail.first_touch)
    )
    sent = {(sequence, bool(first)): count for sequence, first, count in tuples(query)}
    simulation.begin(Counter(sent), sender.last_intent())
    return simulation


def _running(ctx: Context) -> Any:
    """Who is on the way, in a sequence that runs."""
    mine = (Enrollment.session_id == ctx.session_id) & (Enrollment.status == "active")
    return mine & (Sequence.status == "active")


def _on_their_way(ctx: Context, sequence_id: str) -> int:
    query = Enrollment.select(Enrollment.id)
    query = query.join(Sequence, on=(Sequence.id == Enrollment.sequence_id)).where(_running(ctx))
    return int((query.where(Sequence.id == sequence_id) if sequence_id else query).count())


def _standing(ctx: Context) -> list[tuple[Any, ...]]:
    """Where everybody stands, those first whose step comes first; each state by its index."""
    found: list[tuple[Any, ...]] = []
    for state in ("awaiting_approval", "running", "queued"):
        found += tuples(_in_state(ctx, state).order_by(Job.run_at).limit(MOST_PEOPLE))
    return sorted(found, key=lambda row: (row[5], row[0]))[:MOST_PEOPLE]


def _in_state(ctx: Context, state: str) -> Any:
    columns = (
        Enrollment.id, Enrollment.sequence_id, Enrollment.version_id, Enrollment.contact_id,
        Enrollment.position, Job.run_at, Mail.due_at, Mail.first_touch,
    )  # fmt: skip
    return (
        Job.select(*columns)
        .join(Enrollment, on=(Enrollment.job_id == Job.id))
        .join(Sequence, on=(Sequence.id == Enrollment.sequence_id))
        .join(Mail, JOIN.LEFT_OUTER, on=(Mail.id == Job.id))
        .where(_running(ctx) & (Job.state == state))
    )


def _travellers(ctx: Context, rows: list[tuple[Any, ...]]) -> Iterator[Traveller]:
    """The same people as the simulation sees them; a few queries, however many there are."""
    contacts = whereabouts(row[3] for row in rows)
    zones = contact_zones(contacts.values(), ctx.session)
    schedules = schedules_of(ctx, {row[1] for row in rows})
    steps, paths = _steps({row[2] for row in rows})
    known = written_to([row[0] for row in rows if row[7] is None])
    facts = plan_facts(ctx, {row[0]: row[2] for row in rows}, paths)
    for key, sequence_id, version_id, contact_id, position, run_at, due_at, first in rows:
        step = steps[version_id][position]
        contact = contacts[contact_id]
        jitter = jitter_key(key, step.key)
        times = times_for(ctx.session, schedules[sequence_id], contact, zones[contact_id], jitter)
        new = bool(first) if first is not None else key not in known
        due = (due_at if step.mail else run_at) or run_at
        parting = paths[version_id] if key in facts else ()
        yield Traveller(
            key, sequence_id, steps[version_id], position, due, times, new, parting, facts.get(key, NO_FACTS)
        )  # fmt: skip


def _steps(
    version_ids: set[str],
) -> tuple[dict[str, tuple[PlannedStep, ...]], dict[str, tuple[PathStep, ...]]]:
    """The steps of these versions as the plan and as the evaluator of paths sees them: one query."""
    found: dict[str, list[PlannedStep]] = {}
    paths: dict[str, list[PathStep]] = {}
    query = Step.select().where(Step.version_id.in_(list(version_ids))).order_by(Step.position)
    for row in query:
        kind = STEP_KINDS[StepType(row.type)]
        found.setdefault(row.version_id, []).append(
            PlannedStep(
                row.key, row.position + 1, kind.type, row.channel, row.delay_days, row.delay_unit, kind.mail
            )
        )  # fmt: skip
        path = path_step(row.key, not kind.mail, row.conditions, row.branches)
        paths.setdefault(row.version_id, []).append(path)
    return _frozen(found), _frozen(paths)


def _frozen(found: dict[str, list[T]]) -> dict[str, tuple[T, ...]]:
    return {version_id: tuple(steps) for version_id, steps in found.items()}


def _days(ctx: Context, days: list[date], done: list[Done]) -> tuple[PlanDay, ...]:
    """What is done, by your days and by step."""
    names = sequence_names({one.traveller.sequence_id for one in done})
    found: dict[date, dict[tuple[str, str, str], list[Done]]] = {day: {} for day in days}
    for one in done:
        who = one.traveller
        lines = found[one.at.astimezone(ctx.zone).date()]
        lines.setdefault((names[who.sequence_id], who.sequence_id, who.step.key), []).append(one)
    return tuple(_day(ctx, day, found[day]) for day in days)


def _day(ctx: Context, day: date, found: dict[tuple[str, str, str], list[Done]]) -> PlanDay:
    mails = sum(one.traveller.step.mail for line in found.values() for one in line)
    every = sum(map(len, found.values()))
    lines = [_line(ctx, name, line) for (name, _, _), line in found.items()]
    lines.sort(key=lambda line: (line.first, line.sequence, line.step))
    return PlanDay(day=day, mails=mails, tasks=every - mails, lines=tuple(lines))


def _line(ctx: Context, name: str, done: list[Done]) -> PlanLine:
    who = done[0].traveller
    return PlanLine(
        sequence_id=who.sequence_id,
        sequence=name,
        step=who.step.number,
        step_key=who.step.key,
        type=who.step.type,
        channel=who.step.channel,
        count=len(done),
        first=min(one.at for one in done),
        last=max(one.at for one in done),
        moved=sum(one.is_moved(ctx.now, ctx.zone) for one in done),
    )


def _notes(ctx: Context) -> Iterator[str]:
    """What the plan takes for granted, and what stands against it at the moment."""
    yield "Every draft gets its yes in time, nobody answers, and calls and tasks are done as usual."
    yield "Conditions and branches go by what is known today."
    if not ctx.policy.mailer:
        yield "No mailer is configured: nothing leaves until there is one."
    if (state := sender_state(ctx)).paused:
        yield f"Sending is paused ({state.reason}): nothing leaves until it goes on."
