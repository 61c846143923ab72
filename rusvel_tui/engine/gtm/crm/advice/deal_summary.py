"""A deal in a few lines: the situation, who is in it, what they need and fear, what is next and what is missing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pydantic import Field

from rusvel_tui.engine.agent.asking_model import Answer, Asked, Line, Task, ask_model
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.crm.advice.facts import DealFacts, load_facts
from rusvel_tui.engine.gtm.crm.advice.next_step import Happened, recent, told
from rusvel_tui.engine.gtm.crm.advice.phrases import OBJECTIONS, Said, quotes
from rusvel_tui.engine.gtm.crm.advice.steps import steps
from rusvel_tui.engine.gtm.crm.advice.suggestions import Advice, Suggestion, Thinking
from rusvel_tui.engine.gtm.crm.deals.health import Factor, Health
from rusvel_tui.engine.gtm.crm.deals.worth import weighted
from rusvel_tui.engine.gtm.crm.timeline.timeline_entries import EntryKind
from rusvel_tui.engine.models import Contact
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.operation import View, operation
from rusvel_tui.engine.text import cut, fold, one_line

_EVENTS = 10
_MOST = 5
_THEIRS = (EntryKind.EMAIL_IN, EntryKind.CALL, EntryKind.MEETING, EntryKind.NOTE)


class GetDealSummary(Thinking):
    """The summary of which deal."""

    deal_id: str


class Stakeholder(View):
    """Somebody who has to do with it."""

    contact_id: str
    name: str
    title: str
    role: str
    """`contact`, `took part` when they stand in its timeline, `colleague` when they work for its company."""


class Stated(View):
    """Something that they said, in their words."""

    kind: str
    """`need`, or what the objection is about: `price`, `timing`, `authority`, `competitor`, `trust`, `refusal`."""
    words: str
    source: str
    """Where it was said: `Call of 2026-11-24`."""
    target_id: str


class Forecast(View):
    """What is to be expected of it."""

    win_probability: float
    confidence: str
    weighted: str
    """Its value times the probability, with the currency."""
    expected_close: str
    """As somebody typed it."""
    likely_from: date | None
    likely_until: date | None
    """When half, and four of five, like it were won; null without history."""
    factors: tuple[Factor, ...]


class DealSummary(Advice):
    """One deal for somebody who has a minute."""

    deal_id: str
    deal: str
    contact: str
    company: str
    stage: str
    value: str
    situation: str
    """One or two sentences."""
    last_interaction: str
    stakeholders: tuple[Stakeholder, ...]
    needs: tuple[Stated, ...]
    objections: tuple[Stated, ...]
    next_step: str
    suggestion: Suggestion
    missing: tuple[str, ...]
    """What is not known, or not there."""
    recent_events: tuple[Happened, ...]
    health: Health | None
    forecast: Forecast


class Told(Answer):
    """What a model may add: words for the situation, and quotes that are really there."""

    situation: Line = Field(min_length=1)
    """Where the deal stands, in two sentences."""
    needs: tuple[Line, ...] = Field(default=(), max_length=_MOST)
    """Exact quotes of what they need."""
    objections: tuple[Line, ...] = Field(default=(), max_length=_MOST)
    """Exact quotes of what keeps them back."""


_TASK = """\
Summarise one deal for the person who sells. Say in two sentences where it stands. List what they need and what keeps them \
back as exact quotes of the timeline, each copied word for word."""


@operation("gtm.crm.get_deal_summary", permission="crm.deals.read", staged=True)
def get_deal_summary(ctx: Context, cmd: GetDealSummary) -> DealSummary:
    """Sum up a deal: the situation, who is in it, needs and objections in their words, what is next, what is missing."""

    def read() -> tuple[DealFacts, tuple[Stakeholder, ...]]:
        found = load_facts(ctx, cmd.deal_id)
        return found, _stakeholders(ctx, found)

    facts, people = ctx.read(read)
    said = fold(" ".join(_texts(facts)))
    task = Task("deal_summary", _TASK, Told, lambda one: _invented(one, said))
    asked = ask_model(ctx, task, told(facts), cmd.think)
    return _worded(summary(facts, people), asked)


def summary(facts: DealFacts, people: tuple[Stakeholder, ...]) -> DealSummary:
    """What the rules can say."""
    deal, best = facts.deal, steps(facts)[0]
    return DealSummary(
        deal_id=deal.deal_id,
        deal=deal.title,
        contact=deal.contact_name,
        company=deal.company,
        stage=deal.stage,
        value=_worth(facts),
        situation=_situation(facts),
        last_interaction=_last(facts),
        stakeholders=people,
        needs=_stated(facts, Said.NEED),
        objections=_stated(facts, *OBJECTIONS, Said.REFUSAL),
        next_step=best.text,
        suggestion=best.suggestion,
        missing=_missing(facts, people),
        recent_events=recent(facts, _EVENTS),
        health=facts.health.health,
        forecast=_forecast(facts),
    )


def _worded(made: DealSummary, asked: Asked[Told]) -> DealSummary:
    """The summary in a model's words, where it gave some; its quotes stand beside those of the rules."""
    changes: dict[str, object] = {"by": asked.by, "note": asked.note}
    if asked.answer:
        changes["situation"] = asked.answer.situation
        for name in ("needs", "objections"):
            kept = getattr(made, name)
            known = fold(" ".join(one.words for one in kept))
            more = (
                Stated(kind=name.removesuffix("s"), words=words, source=asked.by, target_id="")
                for words in getattr(asked.answer, name)
                if fold(words) not in known
            )
            changes[name] = (*kept, *more)
    return made.model_copy(update=changes)


def _invented(answer: Told, said: str) -> str:
    """A quote that nobody said; empty when all of them are there."""
    quoted = (fold(words).strip(" .…“”\"'") for words in (*answer.needs, *answer.objections))
    wrong = next((words for words in quoted if words not in said), "")
    return f"nobody said “{wrong}”" if wrong else ""


def _texts(facts: DealFacts) -> list[str]:
    notes = [facts.deal.notes, *(message.words for message in facts.messages)]
    return notes + [f"{one.title} {one.detail}" for one in facts.entries]


def _worth(facts: DealFacts) -> str:
    return str(Money.parse(facts.deal.value, facts.deal.currency))


def _situation(facts: DealFacts) -> str:
    deal = facts.deal
    who = f"{deal.contact_name} of {deal.company}" if deal.company else deal.contact_name
    if deal.status.closed:
        why = f": {deal.closed_reason.rstrip('.')}" if deal.closed_reason else ""
        return f"{deal.title} with {who} is {deal.stage.lower()}{why}."
    days = f"{deal.stage_days} day{'' if deal.stage_days == 1 else 's'}"
    how = {Health.GOOD: "doing well", Health.AT_RISK: "at risk", Health.STALLED: "stalled"}
    state = how[facts.health.health] if facts.health.health else "open"
    sign = 1 if facts.health.health is Health.GOOD else -1
    top = next((one for one in facts.health.factors if one.effect * sign > 0), None)
    reason = f" ({top.label.lower()}: {top.evidence})" if top else ""
    worth = f", worth {_worth(facts)}" if Decimal(deal.value) else ""
    return f"{deal.title} with {who} is in {deal.stage} for {days}{worth}. It is {state}{reason}."


def _last(facts: DealFacts) -> str:
    touch = facts.touch
    if touch is None:
        return "There was no contact yet."
    days = facts.days_since(touch)
    when = "today" if not days else "yesterday" if days == 1 else f"{days} days ago"
    come = f", {touch.outcome}" if touch.outcome else ""
    words = cut(one_line(touch.title), 120)
    return f"{_SPOKEN.get(touch.kind, touch.kind.value)} {when}{come}: {words}"


_SPOKEN = {EntryKind.EMAIL_IN: "Their mail", EntryKind.EMAIL_OUT: "Our mail"}


def _stated(facts: DealFacts, *wanted: Said) -> tuple[Stated, ...]:
    """What was said about these things, newest first, each sentence once."""
    found: dict[str, Stated] = {}
    for entry in facts.entries:
        if entry.kind not in _THEIRS:
            continue
        source = f"{entry.kind.value} of {entry.at.astimezone(facts.zone):%Y-%m-%d}"
        for quote in quotes(f"{entry.title}\n{entry.detail}", *wanted):
            made = Stated(kind=quote.said.value, words=quote.text, source=source, target_id=entry.target.id)  # fmt: skip
            found.setdefault(fold(quote.text), made)
    for quote in quotes(facts.deal.notes, *wanted):
        made = Stated(kind=quote.said.value, words=quote.text, source="notes of the deal", target_id=facts.deal.deal_id)  # fmt: skip
        found.setdefault(fold(quote.text), made)
    return tuple(found.values())[:_MOST]


def _stakeholders(ctx: Context, facts: DealFacts) -> tuple[Stakeholder, ...]:
    """The contact, who took part, and some colleagues; nobody twice."""
    roles = {facts.deal.contact_id: "contact"}
    for entry in facts.entries:
        if entry.contact_id:
            roles.setdefault(entry.contact_id, "took part")
    mine = (Contact.session_id == ctx.session_id) & Contact.deleted_at.is_null()
    if facts.deal.company_id:
        same = Contact.company_id == facts.deal.company_id
        for row in Contact.select().where(mine & same).order_by(Contact.sort_name).limit(_MOST):
            roles.setdefault(row.id, "colleague")
    rows = {row.id: row for row in Contact.select().where(mine & Contact.id.in_(list(roles)))}
    return tuple(
        Stakeholder(contact_id=key, name=rows[key].name, title=rows[key].title, role=role)
        for key, role in roles.items()
        if key in rows
    )


def _missing(facts: DealFacts, people: tuple[Stakeholder, ...]) -> tuple[str, ...]:
    deal = facts.deal
    if deal.status.closed:
        return ()
    said = _stated(facts, Said.NEED)
    gaps = {
        "its value": not Decimal(deal.value),
        "a close date": not deal.expected_close,
        "a next action": deal.next_action is None,
        "the company": not deal.company,
        "an address that may be written to": not facts.address,
        "what they need": not said,
        "a second person who knows of it": len(people) < 2,
    }
    asked = (f"{name.replace('_', ' ')} ({deal.stage} asks for it)" for name in deal.missing)
    return (*(name for name, gap in gaps.items() if gap), *asked)


def _forecast(facts: DealFacts) -> Forecast:
    health, deal = facts.health, facts.deal
    money = Money.parse(deal.value, deal.currency)
    likely = weighted(money.minor, round(health.win_probability * 100))
    return Forecast(
        win_probability=health.win_probability,
        confidence=health.confidence.value,
        weighted=str(Money(likely, deal.currency)),
        expected_close=deal.expected_close,
        likely_from=health.close.p50 if health.close else None,
        likely_until=health.close.p80 if health.close else None,
        factors=health.factors[:3],
    )
