"""What a rule of the next step answers with, and the ways in which something is suggested. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from rusvel_tui.engine.gtm.crm.advice.facts import DealFacts, working_day
from rusvel_tui.engine.gtm.crm.advice.suggestions import Signal, Suggestion
from rusvel_tui.engine.gtm.crm.timeline.timeline_entries import TimelineEntry
from rusvel_tui.engine.text import cut, one_line


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do next."""

    rule: str
    text: str
    why: str
    signals: tuple[Signal, ...]
    suggestion: Suggestion
    confidence: float
    """0 to 1: how surely this is the thing to do."""


Rule = Callable[[DealFacts], Iterator[Step]]


def plan(
    facts: DealFacts, subject: str, days: int, kind: str = "Task", at: time = time(9)
) -> Suggestion:
    """A task, a call or a meeting on a working day."""
    day = working_day(facts.today + timedelta(days=days))
    due = datetime.combine(day, at, facts.zone)
    values = {
        "subject": subject,
        "kind": kind,
        "due_at": due.isoformat(),
        "deal_id": facts.deal.deal_id,
    }
    return Suggestion(
        text=f"Plan “{subject}” for {day:%a} {day.day} {day:%b}",
        operation="gtm.crm.add_task",
        input=values,
    )


def write(facts: DealFacts, text: str, letter: tuple[str, str]) -> Suggestion:
    """A mail into the inbox; a task where nobody can be written to."""
    if not facts.address:
        return plan(facts, f"Find an address of {facts.deal.contact_name}", 0)
    subject, body = letter
    values = {"subject": subject, "body": body, "deal_id": facts.deal.deal_id}
    return Suggestion(text=text, operation="gtm.outreach.create_email_draft", input=values)


def signal(facts: DealFacts, kind: str, entry: TimelineEntry, text: str = "") -> Signal:
    """A signal of the timeline."""
    days = facts.days_since(entry)
    when = "today" if not days else f"{days} day{'' if days == 1 else 's'} ago"
    said = text or f"{entry.kind.value} {when}: {cut(entry.title, 80)}"
    words = cut(one_line(entry.detail or entry.title), 160)
    return Signal(
        kind=kind,
        text=said,
        evidence=words,
        target_kind=entry.target.kind,
        target_id=entry.target.id,
        at=entry.at,
    )


def lose(facts: DealFacts, rule: str, why: str, signs: tuple[Signal, ...], sure: float) -> Step:
    lost = next((stage.name for stage in facts.stages if stage.kind.key == "lost"), "Lost")
    values = {"deal_id": facts.deal.deal_id, "stage": lost, "reason": cut(one_line(why), 200)}
    move = Suggestion(text=f"Mark it as {lost}", operation="gtm.crm.advance_deal", input=values)
    return Step(
        rule, f"Mark it as {lost.lower()}, and spend the time elsewhere.", why, signs, move, sure
    )


def move_to(facts: DealFacts, kind: str, why: str, signs: tuple[Signal, ...], sure: float) -> Step:
    stage = next((one.name for one in facts.stages if one.kind.key == kind), "Won")
    values = {"deal_id": facts.deal.deal_id, "stage": stage, "reason": cut(one_line(why), 200)}
    move = Suggestion(text=f"Move it to {stage}", operation="gtm.crm.advance_deal", input=values)
    return Step(kind, f"Move it to {stage}.", why, signs, move, sure)
