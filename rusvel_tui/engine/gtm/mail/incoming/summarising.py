"""What somebody answered, in short: what they mean, in which of their words, and what to do about it; writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from pydantic import Field

from rusvel_tui.engine.agent.asking_model import Answer, Asked, Line, Task, ask_model
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.crm.advice.amounts import sums
from rusvel_tui.engine.gtm.crm.advice.moments import Moment, Reading, moments
from rusvel_tui.engine.gtm.crm.advice.phrases import OBJECTIONS, Quote, Said, quotes, split
from rusvel_tui.engine.gtm.crm.advice.suggestions import Advice, Suggestion, Thinking
from rusvel_tui.engine.gtm.crm.deals.deal_rows import living
from rusvel_tui.engine.gtm.crm.pipelines.stages import StageKind, load_stages
from rusvel_tui.engine.gtm.mail.classifying.verdict import MailKind
from rusvel_tui.engine.gtm.mail.incoming.proposals import proposals
from rusvel_tui.engine.gtm.mail.incoming.views import find_incoming
from rusvel_tui.engine.models import Deal, IncomingMail
from rusvel_tui.engine.operation import operation
from rusvel_tui.engine.spelled import Spelled
from rusvel_tui.engine.text import cut, fold

_SENTENCES = 2
_GREETING = 4
"""Words up to which a first sentence is a greeting."""


class Intent(Spelled):
    """What somebody means with a message."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    QUESTION = "question"
    OBJECTION = "objection"
    NEUTRAL = "neutral"
    OUT_OF_OFFICE = "out of office"
    OPT_OUT = "opt-out"
    BOUNCE = "bounce"


class SummariseReply(Thinking):
    """Which message."""

    incoming_id: str


class ReplySummary(Advice):
    """A message for somebody who has a second."""

    incoming_id: str
    from_name: str
    subject: str
    intent: Intent
    about: str
    """Of an objection: `price`, `timing`, `authority`, `competitor`, `trust`."""
    confidence: float
    summary: str
    evidence: tuple[str, ...]
    """Their words that the intent rests on."""
    questions: tuple[str, ...]
    dates: tuple[datetime, ...]
    amounts: tuple[str, ...]
    action: Suggestion | None
    """What to do about it; none for what is dealt with."""
    alternatives: tuple[Suggestion, ...]


class Grasped(Answer):
    """What a model may say of a message."""

    intent: Intent
    summary: Line = Field(min_length=1)
    """What they say, in one or two sentences."""
    quote: Line = Field(min_length=1)
    """The exact words that the intent rests on."""


_TASK = """\
Somebody answered a mail of a salesperson. Say in one or two sentences what they say, what they mean by it, and copy the words \
that show it exactly."""
_KINDS = {
    MailKind.AUTO_REPLY.value: Intent.OUT_OF_OFFICE,
    MailKind.OPT_OUT.value: Intent.OPT_OUT,
    MailKind.BOUNCE_HARD.value: Intent.BOUNCE,
    MailKind.BOUNCE_SOFT.value: Intent.BOUNCE,
}
"""What the classifier knows already is not asked again."""


@operation("gtm.mail.summarise_reply", permission="crm.mail.read", staged=True)
def summarise_reply(ctx: Context, cmd: SummariseReply) -> ReplySummary:
    """Sum up a message that came in: what they mean, in which words, and what to do about it; writes nothing."""
    row = ctx.read(lambda: find_incoming(ctx, cmd.incoming_id))
    text = row.own_words or row.text
    asked: Asked[Grasped] = Asked()
    if row.kind not in _KINDS:
        plain = fold(text)
        task = Task("reply_summary", _TASK, Grasped, lambda one: _wrong(one, plain))
        asked = ask_model(ctx, task, {"subject": row.subject, "message": text}, cmd.think)
    return ctx.read(lambda: _summary(ctx, row, text, asked))


def _wrong(answer: Grasped, plain: str) -> str:
    quoted = fold(answer.quote).strip(" .…“”\"'")
    if answer.intent in _KINDS.values():
        return "the classifier knows of no such message"
    return "" if quoted in plain else f"nobody said “{cut(quoted, 60)}”"


def _summary(ctx: Context, row: IncomingMail, text: str, asked: Asked[Grasped]) -> ReplySummary:
    intent, grounds, sure = intent_of(row.kind, text)
    named = moments(text, Reading(row.written_at or row.received_at, ctx.zone))
    words = tuple(dict.fromkeys(quote.text for quote in grounds))
    if asked.answer and asked.answer.intent is not intent:
        intent, grounds, sure = asked.answer.intent, [], 0.8
    if asked.answer:
        words = tuple(dict.fromkeys((asked.answer.quote, *words)))
    found = list(_actions(ctx, row, intent, grounds, named)) if row.state == "open" else []
    return ReplySummary(
        by=asked.by,
        note=asked.note,
        incoming_id=row.id,
        from_name=row.from_name or row.from_address,
        subject=row.subject,
        intent=intent,
        about=grounds[0].said.value if intent is Intent.OBJECTION and grounds else "",
        confidence=sure,
        summary=asked.answer.summary if asked.answer else _short(text, grounds),
        evidence=words,
        questions=tuple(quote.text for quote in quotes(text, Said.QUESTION)),
        dates=tuple(moment.at for moment in named),
        amounts=tuple(one.words for one in sums(text)),
        action=found[0] if found else None,
        alternatives=tuple(found[1:]),
    )


def intent_of(kind: str, text: str) -> tuple[Intent, list[Quote], float]:
    """What a message means, the sentences that say so, and how sure that is."""
    if kind in _KINDS:
        return _KINDS[kind], [], 0.95
    for intent, wanted in (
        (Intent.NEGATIVE, (Said.REFUSAL,)),
        (Intent.OBJECTION, OBJECTIONS),
        (Intent.POSITIVE, (Said.CONSENT, Said.MEETING)),
        (Intent.QUESTION, (Said.QUESTION, Said.NEED)),
    ):
        found = list(quotes(text, *wanted))
        if found:
            return intent, found, 0.85 if len(found) > 1 else 0.7
    return Intent.NEUTRAL, [], 0.5


def _short(text: str, grounds: list[Quote]) -> str:
    """The sentences that carry it: those of the intent first, without greetings."""
    said = split(text)
    body = [one for one in said if len(one.split()) > _GREETING or one.endswith("?")] or said
    wanted = dict.fromkeys([*(quote.text for quote in grounds), *body])
    chosen = set(list(wanted)[:_SENTENCES])
    return " ".join(one for one in said if cut(one, 200) in chosen) or "A message without words."


def _actions(
    ctx: Context, row: IncomingMail, intent: Intent, grounds: list[Quote], named: list[Moment]
) -> Iterator[Suggestion]:
    """What to do, the likeliest first."""
    about = {"incoming_id": row.id}
    answer = Suggestion(text="Answer in the same thread", operation="gtm.mail.answer", input=about)
    done = Suggestion(text="It is dealt with", operation="gtm.mail.mark_done", input=about)
    known = [Suggestion(text=one.text, operation=one.operation, input=one.input) for one in proposals(ctx, row)]  # fmt: skip
    deal = _open_deal(ctx, row.contact_id)
    if intent is Intent.OUT_OF_OFFICE:
        able = [one for one in known if row.verdict.get("resume_date") or one.operation != "gtm.mail.wait_for_return"]  # fmt: skip
        yield from (*able, done)
        return
    if intent in (Intent.OPT_OUT, Intent.BOUNCE):
        yield done
        return
    if intent is Intent.NEGATIVE and deal is not None:
        yield _lost(ctx, deal, grounds)
    late = next((one for one in grounds if one.said is Said.TIMING), None)
    if late is not None and deal is not None and (day := _day(ctx, named)):
        values = {"deal_id": deal.id, "until": day.isoformat()}
        yield Suggestion(text=f"Put the deal off until {day:%Y-%m-%d}", operation="gtm.crm.snooze_deal", input=values)  # fmt: skip
    timed = next((one for one in named if one.timed and one.at > ctx.now), None)
    if intent is Intent.POSITIVE and timed is not None and row.contact_id:
        values = {"subject": f"Meeting with {row.from_name or row.from_address}", "kind": "Meeting", "due_at": timed.at.isoformat(), "contact_id": row.contact_id}  # fmt: skip
        yield Suggestion(text=f"Plan the meeting: {timed.words}", operation="gtm.crm.add_task", input=values)  # fmt: skip
    yield from (answer, *known, done)


def _open_deal(ctx: Context, contact_id: str | None) -> Deal | None:
    if not contact_id or not ctx.may("crm.deals.read"):
        return None
    rows = living(ctx).where((Deal.contact_id == contact_id) & Deal.closed_at.is_null())
    found: Deal | None = rows.order_by(Deal.stage_since.desc()).first()
    return found


def _lost(ctx: Context, deal: Deal, grounds: list[Quote]) -> Suggestion:
    book = load_stages(ctx.session_id)
    stages = book.living(book.of(deal.stage).pipeline_id)
    lost = next((one.name for one in stages if one.kind is StageKind.LOST), "Lost")
    reason = f"they said: {grounds[0].text}" if grounds else "they said no"
    values = {"deal_id": deal.id, "stage": lost, "reason": cut(reason, 200)}
    return Suggestion(text=f"Mark {deal.title} as {lost.lower()}", operation="gtm.crm.advance_deal", input=values)  # fmt: skip


def _day(ctx: Context, named: list[Moment]) -> date | None:
    days = (one.at.astimezone(ctx.zone).date() for one in named if one.at > ctx.now)
    return next(days, None)
