"""A free text about something done or to be done, read as an activity with whom it concerns and what follows; writes nothing."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import Field

from rusvel_tui.engine.agent.asking_model import Answer, Asked, Line, Task, ask_model
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.advice.moments import Moment, Reading, moments
from rusvel_tui.engine.gtm.crm.advice.suggestions import Advice, Suggestion, Thinking
from rusvel_tui.engine.gtm.crm.advice.verbs import Verb, outcome_in, verb_of, wish_of
from rusvel_tui.engine.gtm.crm.advice.who import Match, deals_of, people_in
from rusvel_tui.engine.gtm.crm.timeline.activity_views import ActivityKind
from rusvel_tui.engine.operation import View, operation
from rusvel_tui.engine.text import cut, fold, one_line, sanitize

_SURE = 0.7
"""From this confidence on, a contact or deal goes into the suggestion by itself."""
_CLAUSE = re.compile(r"[,;.]\s+|\s+(?:and|und|et|y|e) (?=\w+ (?:wants?|needs?|asked|mochte|will|veut|quiere|vuole)\b)|\n+|\s+[-–]\s+")  # fmt: skip
_MINUTES = re.compile(r"\b(\d{1,3}) ?(?:min|mins|minutes|minuten)\b", re.IGNORECASE)
_FOLLOW = re.compile(
    r"^(?:and )?(?:follow(?:ing)? up|then|next:?|remind me to|todo:?|nachfassen|dann|wiedervorlage)\b\s*",
    re.IGNORECASE,
)


class ParseActivity(Thinking):
    """A line such as `called Grace yesterday, wants a quote by Friday`."""

    text: str = Field(min_length=1, max_length=4000)
    contact_id: str = ""
    """Whom it is about, where that is known already."""
    deal_id: str = ""


class Read(View):
    """One thing that was read, with the words that say so."""

    field: str
    value: str
    words: str
    confidence: float


class NextTask(View):
    """What follows."""

    subject: str
    kind: ActivityKind
    due_at: datetime | None


class ParsedActivity(Advice):
    """What a text says; nothing is written until the suggestion is run."""

    kind: ActivityKind
    done: bool
    subject: str
    body: str
    at: datetime | None
    outcome: str
    duration_minutes: int | None
    contact: Match | None
    """The one that is surely meant."""
    contacts: tuple[Match, ...]
    """All that may be meant, the surest first."""
    deal: Match | None
    follow_up: NextTask | None
    confidence: float
    evidence: tuple[Read, ...]
    suggestion: Suggestion | None
    """The operation that writes it down; none while it is not clear whom it is about."""


class Understood(Answer):
    """What a model may read out of the text."""

    kind: ActivityKind
    done: bool
    subject: Line = ""
    outcome: Line = ""
    follow_up: Line = ""
    """What is to be done next, in the text's words; empty when nothing is."""
    follow_up_words: Line = ""
    """The exact words of the text that say so."""


class _Parts(NamedTuple):
    main: str
    follow: str


_TASK = """\
Read one note of a salesperson as an activity: was it a call, a meeting, a note or a task, did it take place, what came of it, \
and what is to be done next. Copy the words that say what is next exactly."""


@operation("gtm.crm.parse_activity", permission="crm.activities.read", staged=True)
def parse_activity(ctx: Context, cmd: ParseActivity) -> ParsedActivity:
    """Read a free text as an activity: what, when, with whom, what came of it and what follows; writes nothing."""
    text = sanitize(cmd.text).strip()
    if not text:
        raise InvalidInput("There is nothing to read.", field="text")
    asked = _ask(ctx, cmd, text)
    return ctx.read(lambda: _parsed(ctx, cmd, text, asked))


def _ask(ctx: Context, cmd: ParseActivity, text: str) -> Asked[Understood]:
    plain = fold(text)

    def invented(one: Understood) -> str:
        return "" if fold(one.follow_up_words) in plain else "it quotes words that are not there"

    task = Task("parse_activity", _TASK, Understood, invented)
    return ask_model(ctx, task, {"note": text}, cmd.think)


def _parsed(ctx: Context, cmd: ParseActivity, text: str, asked: Asked[Understood]) -> ParsedActivity:  # fmt: skip
    parts, verb = _split(text), verb_of(text)
    if asked.answer:
        verb = Verb(asked.answer.kind, asked.answer.done, verb.words)
    at = _first(moments(parts.main, Reading(ctx.now, ctx.zone, past=verb.done)))
    due = _first(moments(parts.follow, Reading(ctx.now, ctx.zone)))
    outcome = outcome_in(parts.main) if verb.kind is ActivityKind.CALL and verb.done else ""
    minutes = _MINUTES.search(parts.main) if verb.done else None
    people = _people(ctx, cmd, text)
    contact = people[0] if people and people[0].confidence >= _SURE else None
    deal = _deal(ctx, cmd, contact, text)
    follow = _follow(parts, due, asked)
    made = ParsedActivity(
        by=asked.by,
        note=asked.note,
        kind=verb.kind,
        done=verb.done,
        subject=_subject(parts, verb, at, asked),
        body=text,
        at=at.at if at else None,
        outcome=(asked.answer.outcome if asked.answer and verb.done else "") or outcome,
        duration_minutes=int(minutes[1]) if minutes else None,
        contact=contact,
        contacts=tuple(people),
        deal=deal,
        follow_up=follow,
        confidence=_confidence(verb, contact, people),
        evidence=_evidence(verb, at, outcome, parts, due, people),
        suggestion=None,
    )
    return made.model_copy(update={"suggestion": suggestion(made)})


def _split(text: str) -> _Parts:
    """What it is about, and the clause that says what follows: a wish of theirs, or a plan."""
    clauses = [piece.strip(" .") for piece in _CLAUSE.split(one_line(text)) if piece.strip(" .")]
    for at, clause in enumerate(clauses[1:], 1):
        if _FOLLOW.match(clause) or wish_of(clause):
            return _Parts(", ".join(clauses[:at]), ", ".join(clauses[at:]))
    return _Parts(", ".join(clauses), "")


def _follow(parts: _Parts, due: Moment | None, asked: Asked[Understood]) -> NextTask | None:
    subject = _FOLLOW.sub("", parts.follow)
    if asked.answer and asked.answer.follow_up:
        subject = asked.answer.follow_up
    if not subject and not parts.follow:
        return None
    subject = _without(subject, due) or "Follow up"
    low = subject.lower()
    kind = ActivityKind.CALL if re.match(r"(?:call|ring|phone|anrufen)\b", low) else ActivityKind.TASK  # fmt: skip
    return NextTask(subject=cut(subject[:1].upper() + subject[1:], 200), kind=kind, due_at=due.at if due else None)  # fmt: skip


def _without(text: str, moment: Moment | None) -> str:
    """The text without the words of its time."""
    if moment is None or moment.words.lower() not in text.lower():
        return text.strip(" ,")
    at = text.lower().index(moment.words.lower())
    rest = f"{text[:at].rstrip(' ,')} {text[at + len(moment.words) :].lstrip(' ,')}"
    return re.sub(r"\s+(?:by|on|at|until|before|bis|am|avant|para)\s*$", "", rest.strip()).strip(" ,")  # fmt: skip


def _subject(parts: _Parts, verb: Verb, at: Moment | None, asked: Asked[Understood]) -> str:
    said = asked.answer.subject if asked.answer else ""
    return cut(said or _without(parts.main, at), 200)


def _first(found: list[Moment]) -> Moment | None:
    return found[0] if found else None


def _people(ctx: Context, cmd: ParseActivity, text: str) -> list[Match]:
    from rusvel_tui.engine.gtm.crm.deals.deal_rows import find_deal
    from rusvel_tui.engine.gtm.crm.people.people import find_contact, label

    known = cmd.contact_id or (find_deal(ctx, cmd.deal_id).contact_id if cmd.deal_id else "")
    if not known:
        return people_in(ctx, text)
    row = find_contact(ctx, known)
    return [Match(kind="contact", id=row.id, name=label(row), confidence=1.0, words="")]


def _deal(ctx: Context, cmd: ParseActivity, contact: Match | None, text: str) -> Match | None:
    from rusvel_tui.engine.gtm.crm.deals.deal_rows import find_deal

    if cmd.deal_id:
        row = find_deal(ctx, cmd.deal_id)
        return Match(kind="deal", id=row.id, name=row.title, confidence=1.0, words="")
    found = deals_of(ctx, contact.id, text) if contact else []
    return found[0] if found and found[0].confidence >= _SURE else None


def _confidence(verb: Verb, contact: Match | None, people: list[Match]) -> float:
    """As sure as its weakest part."""
    who = contact.confidence if contact else people[0].confidence if people else 0.2
    return round(min(who, 0.95 if verb.words else 0.5), 2)


def _evidence(
    verb: Verb, at: Moment | None, outcome: str, parts: _Parts, due: Moment | None, people: list[Match]
) -> tuple[Read, ...]:  # fmt: skip
    rows = [
        ("kind", verb.kind.value, verb.words, 0.95 if verb.words else 0.5),
        ("at", at.at.isoformat() if at else "", at.words if at else "", 0.9),
        ("outcome", outcome, outcome if outcome != "reached" else "", 0.8),
        ("follow_up", parts.follow, parts.follow, 0.8),
        ("due_at", due.at.isoformat() if due else "", due.words if due else "", 0.9),
        *(("contact", one.name, one.words, one.confidence) for one in people),
    ]
    return tuple(
        Read(field=field, value=value, words=words, confidence=sure)
        for field, value, words, sure in rows
        if value
    )


def suggestion(parsed: ParsedActivity) -> Suggestion | None:
    """The operation that writes it down; none while nobody knows whom it is about."""
    about = {"contact_id": parsed.contact.id} if parsed.contact else {}
    about |= {"deal_id": parsed.deal.id} if parsed.deal else {}
    if not parsed.done and parsed.kind is not ActivityKind.NOTE:
        planned: dict[str, Any] = about | {"subject": parsed.subject or parsed.body, "kind": parsed.kind.value}  # fmt: skip
        planned |= {"due_at": parsed.at.isoformat()} if parsed.at else {}
        return Suggestion(text="Plan it", operation="gtm.crm.add_task", input=planned)
    if not about:
        return None
    if parsed.kind is ActivityKind.NOTE:
        return Suggestion(text="Write it down as a note", operation="gtm.crm.add_note", input=about | {"body": parsed.body})  # fmt: skip
    values: dict[str, Any] = (
        about | {"body": parsed.body} | ({"at": parsed.at.isoformat()} if parsed.at else {})
    )
    if parsed.duration_minutes is not None:
        values["duration_minutes"] = parsed.duration_minutes
    if parsed.follow_up:
        due = parsed.follow_up.due_at
        values["next"] = {"subject": parsed.follow_up.subject, "kind": parsed.follow_up.kind.value} | ({"due_at": due.isoformat()} if due else {})  # fmt: skip
    if parsed.kind is ActivityKind.MEETING:
        return Suggestion(text="Log the meeting", operation="gtm.crm.log_meeting", input=values | {"subject": parsed.subject or "Meeting"})  # fmt: skip
    return Suggestion(text="Log the call", operation="gtm.crm.log_call", input=values | {"outcome": parsed.outcome or "reached"})  # fmt: skip
