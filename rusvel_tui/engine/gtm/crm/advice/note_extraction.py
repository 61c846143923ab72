"""What stands in a note: people, days, amounts, needs, objections and promises, each with its words; writes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal, NamedTuple

from pydantic import Field

from rusvel_tui.engine.agent.asking_model import Answer, Asked, Line, Task, ask_model
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.advice.amounts import sums
from rusvel_tui.engine.gtm.crm.advice.moments import Reading, moments
from rusvel_tui.engine.gtm.crm.advice.phrases import OBJECTIONS, Said, quotes, split
from rusvel_tui.engine.gtm.crm.advice.suggestions import Advice, Suggestion, Thinking
from rusvel_tui.engine.gtm.crm.advice.who import ADDRESS, Match, people_in
from rusvel_tui.engine.gtm.crm.deals.deal_rows import find_deal
from rusvel_tui.engine.gtm.crm.timeline.activity_changes import find_activity
from rusvel_tui.engine.gtm.mail.reading.sentences import folded
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.operation import View, operation
from rusvel_tui.engine.text import cut, fold, sanitize

_OURS = re.compile(
    r"\b(?:i|we)(?:'ll| will| shall| am going to| are going to| promised(?: to)?| have to| must| need to)\b|^(?:todo|to do|action)\b|\b(?:ich|wir) (?:schicke|sende|werde|werden|melde|muss|mussen)\b|\b(?:je vais|nous allons|voy a|vamos a|devo|dobbiamo)\b|^(?:send|prepare|call|write|schicken|senden|envoyer|enviar|inviare)\b"
)
_THEIRS = re.compile(
    r"\b(?:she|he|they|[a-z]+)(?:'ll| will| promised(?: to)?| is going to| are going to| wants to (?:send|check|decide|call|sign))\b|\b(?:sie|er) (?:schickt|sendet|meldet|wird|will)\b"
)
_VALUE = re.compile(r"\b(?:budget|worth|deal|offer|quote|price|value|contract|order|angebot|auftrag|preis|prix|devis|presupuesto|offerta)\w*\b")  # fmt: skip
_CLOSE = re.compile(r"\b(?:decid\w*|decision|sign\w*|clos\w*|start\w*|go live|order\w*|entscheid\w*|unterschreib\w*|decider|signer|decidir|firmar)\b")  # fmt: skip
_MOST = 8


class ExtractFromNote(Thinking):
    """A note, a call or a meeting by its id, or a text."""

    activity_id: str = ""
    text: str = Field(default="", max_length=20_000)
    deal_id: str = ""
    """The deal that it is about, where the note does not say it."""


class Named(View):
    """A day or an amount that the note names."""

    value: str
    """ISO 8601, or the amount with its currency."""
    words: str


class Commitment(View):
    """What somebody promised."""

    who: Literal["us", "them"]
    words: str
    due_at: datetime | None
    due_words: str


class Extracted(Advice):
    """What stands in a note."""

    people: tuple[Match, ...]
    emails: tuple[str, ...]
    dates: tuple[Named, ...]
    amounts: tuple[Named, ...]
    needs: tuple[str, ...]
    objections: tuple[str, ...]
    commitments: tuple[Commitment, ...]
    suggestions: tuple[Suggestion, ...]
    """What could be written down of it: tasks, the value or the close date of the deal."""


class Promises(Answer):
    """What a model may find: the exact sentences with promises."""

    ours: tuple[Line, ...] = Field(default=(), max_length=_MOST)
    """Sentences in which the writer's side promises something."""
    theirs: tuple[Line, ...] = Field(default=(), max_length=_MOST)
    """Sentences in which the other side promises something."""


class _Source(NamedTuple):
    """The text, when it was written and what it is about."""

    text: str
    at: datetime
    about: dict[str, str]


_TASK = """\
Find the promises in one note of a salesperson: the sentences in which the writer's side, or the other side, commits to do \
something. Copy each sentence exactly."""


@operation("gtm.crm.extract_from_note", permission="crm.activities.read", staged=True)
def extract_from_note(ctx: Context, cmd: ExtractFromNote) -> Extracted:
    """Find people, days, amounts, needs, objections and promises in a note, each with its words; writes nothing."""
    source = ctx.read(lambda: _source(ctx, cmd))
    plain = fold(source.text)

    def invented(one: Promises) -> str:
        wrong = next((w for w in (*one.ours, *one.theirs) if fold(w) not in plain), "")
        return f"“{cut(wrong, 60)}” does not stand there" if wrong else ""

    task = Task("extract_from_note", _TASK, Promises, invented)
    asked = ask_model(ctx, task, {"note": source.text}, cmd.think)
    return ctx.read(lambda: _extracted(ctx, source, asked))


def _source(ctx: Context, cmd: ExtractFromNote) -> _Source:
    if bool(cmd.activity_id) == bool(cmd.text):
        raise InvalidInput("Name a note, or give a text.", field="activity_id")
    about = {"deal_id": find_deal(ctx, cmd.deal_id).id} if cmd.deal_id else {}
    if cmd.text:
        return _Source(sanitize(cmd.text).strip(), ctx.now, about)
    row = find_activity(ctx, cmd.activity_id)
    known = {"contact_id": row.contact_id, "deal_id": row.deal_id}
    about = {name: value for name, value in known.items() if value} | about
    text = "\n".join(filter(None, (row.subject, row.body, row.notes)))
    return _Source(text, row.at, about)


def _extracted(ctx: Context, source: _Source, asked: Asked[Promises]) -> Extracted:
    reading = Reading(source.at, ctx.zone)
    promised = list(_commitments(source.text, reading, asked))
    return Extracted(
        by=asked.by,
        note=asked.note,
        people=tuple(people_in(ctx, source.text)) if ctx.may("crm.contacts.read") else (),
        emails=tuple(dict.fromkeys(found[0] for found in ADDRESS.finditer(source.text))),
        dates=tuple(Named(value=one.at.isoformat(), words=one.words) for one in moments(source.text, reading)),
        amounts=tuple(Named(value=str(Money.parse(one.amount, one.currency)), words=one.words) for one in sums(source.text)),
        needs=_said(source.text, Said.NEED),
        objections=_said(source.text, *OBJECTIONS, Said.REFUSAL),
        commitments=tuple(promised),
        suggestions=tuple(_suggestions(ctx, source, promised, reading)),
    )  # fmt: skip


def _said(text: str, *wanted: Said) -> tuple[str, ...]:
    return tuple(dict.fromkeys(quote.text for quote in quotes(text, *wanted)))[:_MOST]


def _commitments(text: str, reading: Reading, asked: Asked[Promises]) -> Iterator[Commitment]:
    """By the rules, sentence by sentence; a model may say whose promise a sentence is."""
    ours = {fold(words) for words in asked.answer.ours} if asked.answer else set()
    theirs = {fold(words) for words in asked.answer.theirs} if asked.answer else set()
    for sentence in split(text):
        plain = folded(sentence)
        mine = fold(sentence) in ours or bool(_OURS.search(plain))
        yours = fold(sentence) in theirs or bool(_THEIRS.search(plain))
        if mine or yours:
            due = next(iter(moments(sentence, reading)), None)
            yield Commitment(who="us" if mine else "them", words=cut(sentence, 200), due_at=due.at if due else None, due_words=due.words if due else "")  # fmt: skip


def _suggestions(ctx: Context, source: _Source, promised: list[Commitment], reading: Reading) -> Iterator[Suggestion]:  # fmt: skip
    for one in promised[:_MOST]:
        subject = one.words if one.who == "us" else f"Check: {one.words}"
        values: dict[str, Any] = source.about | {"subject": cut(subject, 200)}
        values |= {"due_at": one.due_at.isoformat()} if one.due_at else {}
        yield Suggestion(text=f"Plan “{cut(subject, 60)}”", operation="gtm.crm.add_task", input=values)  # fmt: skip
    deal_id = source.about.get("deal_id")
    if deal_id and ctx.may("crm.deals.read"):
        yield from _of_deal(ctx, deal_id, source.text, reading)


def _of_deal(ctx: Context, deal_id: str, text: str, reading: Reading) -> Iterator[Suggestion]:
    """The value or the close date of the deal, where a sentence speaks of it."""
    deal = find_deal(ctx, deal_id)
    for sentence in split(text):
        plain = folded(sentence)
        for one in sums(sentence) if _VALUE.search(plain) else ():
            money = Money.parse(one.amount, one.currency)
            if money.currency == deal.currency and money.minor != deal.value_minor:
                values = {"deal_id": deal_id, "value": money.amount}
                yield Suggestion(text=f"Set the value to {money}", operation="gtm.crm.update_deal", input=values)  # fmt: skip
        for moment in moments(sentence, reading)[:1] if _CLOSE.search(plain) else ():
            day = moment.at.astimezone(ctx.zone).date()
            if day > reading.today and day.isoformat() != deal.expected_close:
                values = {"deal_id": deal_id, "expected_close": day.isoformat()}
                yield Suggestion(text=f"Expect it on {day:%Y-%m-%d}", operation="gtm.crm.update_deal", input=values)  # fmt: skip
