"""The next step of a deal: what to do, why, on what evidence, and the operation that does it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from rusvel_tui.engine.agent.asking_model import Answer, Line, Task, ask_model
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.crm.advice.facts import DealFacts, load_facts
from rusvel_tui.engine.gtm.crm.advice.stepping import Step
from rusvel_tui.engine.gtm.crm.advice.steps import steps
from rusvel_tui.engine.gtm.crm.advice.suggestions import Advice, Signal, Suggestion, Thinking
from rusvel_tui.engine.gtm.crm.deals.health import Health
from rusvel_tui.engine.gtm.crm.timeline.timeline_entries import TimelineEntry
from rusvel_tui.engine.operation import View, operation
from rusvel_tui.engine.text import cut, one_line

RECENT = 5
_MOST = 4


class RecommendNextStep(Thinking):
    """The next step of which deal."""

    deal_id: str


class Happened(View):
    """Something that happened lately, or is planned."""

    kind: str
    at: datetime
    title: str
    words: str
    outcome: str
    status: str


class Option(View):
    """Something else that would fit, after the recommendation."""

    recommendation: str
    reasoning: str
    suggestion: Suggestion


class NextStep(Advice):
    """What to do next for a deal."""

    deal_id: str
    deal: str
    recommendation: str
    reasoning: str
    confidence: float
    """0 to 1: how surely this is the thing to do."""
    health: Health | None
    signals: tuple[Signal, ...]
    """What it rests on, with the words or records that say so."""
    recent_activity: tuple[Happened, ...]
    suggestion: Suggestion
    """The operation that does it, with its input: one key, or a proposal."""
    alternatives: tuple[Option, ...]


class Chosen(Answer):
    """What a model may say: which of the steps that the rules allow, and its own words for it."""

    step: int = Field(ge=0)
    """The number of the step that is the best now."""
    recommendation: Line = Field(min_length=1)
    reasoning: Line = Field(min_length=1)


_TASK = """\
You advise one person who sells what they build. Choose the best next step for one deal among the numbered steps, which are all \
that can be done, and say in one sentence each what to do and why."""


@operation("gtm.crm.recommend_next_step", permission="crm.deals.read", staged=True)
def recommend_next_step(ctx: Context, cmd: RecommendNextStep) -> NextStep:
    """Recommend what to do next for a deal, with the reasons, the evidence, and the operation that does it."""
    facts = ctx.read(lambda: load_facts(ctx, cmd.deal_id))
    found = steps(facts)[:_MOST]
    task = Task("next_step", _TASK, Chosen, lambda one: "" if one.step < len(found) else "there is no such step")  # fmt: skip
    asked = ask_model(ctx, task, told(facts) | {"steps": _numbered(found)}, cmd.think)
    best = found[asked.answer.step] if asked.answer else found[0]
    made = answer(facts, [best, *(one for one in found if one is not best)])
    said = asked.answer.model_dump(exclude={"step"}) if asked.answer else {}
    return made.model_copy(update=said | {"by": asked.by, "note": asked.note})


def answer(facts: DealFacts, found: list[Step]) -> NextStep:
    """What the rules say: the first step, and the others that would do."""
    best = found[0]
    return NextStep(
        deal_id=facts.deal.deal_id,
        deal=facts.deal.title,
        recommendation=best.text,
        reasoning=best.why,
        confidence=best.confidence,
        health=facts.health.health,
        signals=(*best.signals, *_of_health(facts)),
        recent_activity=recent(facts),
        suggestion=best.suggestion,
        alternatives=tuple(
            Option(recommendation=one.text, reasoning=one.why, suggestion=one.suggestion)
            for one in found[1:]
        ),
    )


def recent(facts: DealFacts, most: int = RECENT) -> tuple[Happened, ...]:
    """The newest entries of the timeline."""
    return tuple(map(_happened, facts.entries[:most]))


def told(facts: DealFacts) -> dict[str, Any]:
    """The deal as a model is told it: no ids, no addresses."""
    deal = facts.deal
    return {
        "today": facts.today.isoformat(),
        "deal": deal.title,
        "contact": deal.contact_name,
        "company": deal.company,
        "stage": deal.stage,
        "days_in_stage": deal.stage_days,
        "value": f"{deal.value} {deal.currency}",
        "expected_close": deal.expected_close,
        "health": facts.health.health,
        "factors": [f"{one.label}: {one.evidence}" for one in facts.health.factors],
        "notes": deal.notes,
        "timeline": [one.model_dump(mode="json") for one in recent(facts, 20)],
        "open_messages": [message.words for message in facts.messages],
    }


def _numbered(found: list[Step]) -> list[dict[str, Any]]:
    return [
        {"step": number, "do": one.text, "why": one.why, "how": one.suggestion.text}
        for number, one in enumerate(found)
    ]


def _happened(entry: TimelineEntry) -> Happened:
    return Happened(
        kind=entry.kind.value,
        at=entry.at,
        title=cut(one_line(entry.title), 120),
        words=cut(one_line(entry.detail), 240),
        outcome=entry.outcome,
        status=entry.status,
    )


def _of_health(facts: DealFacts) -> tuple[Signal, ...]:
    """The weightiest reasons of its health."""
    return tuple(
        Signal(
            kind="health",
            text=f"{one.label} ({one.effect:+d} points)",
            evidence=one.evidence,
            target_kind="deal",
            target_id=facts.deal.deal_id,
        )
        for one in facts.health.factors[:3]
    )
