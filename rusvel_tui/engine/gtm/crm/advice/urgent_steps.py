"""What cannot wait: somebody waits for an answer, a promise is due, money is owed. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time

from rusvel_tui.engine.gtm.crm.advice.facts import DealFacts, was_heard
from rusvel_tui.engine.gtm.crm.advice.letters import after_meeting, again
from rusvel_tui.engine.gtm.crm.advice.moments import Reading, moments
from rusvel_tui.engine.gtm.crm.advice.phrases import Said, quotes
from rusvel_tui.engine.gtm.crm.advice.stepping import Step, lose, move_to, plan, signal, write
from rusvel_tui.engine.gtm.crm.advice.suggestions import Signal, Suggestion
from rusvel_tui.engine.gtm.crm.timeline.outcomes import NOBODY_MET
from rusvel_tui.engine.gtm.crm.timeline.timeline_entries import EntryKind, TimelineEntry
from rusvel_tui.engine.text import cut, one_line

_RECENT_DAYS = 14
"""So long after a meeting its summary is of use."""
_CALLS_IN_A_ROW = 3
_ACCEPTED = ("accepted",)
_HOPELESS = (Said.REFUSAL,)


def reply(facts: DealFacts) -> Iterator[Step]:
    """Somebody waits for an answer: nothing is more urgent."""
    for message in facts.messages[:1]:
        refused = next(quotes(message.words, *_HOPELESS), None)
        sign = Signal(
            kind="reply",
            text=f"They wrote: {message.subject or 'a message'}",
            evidence=cut(one_line(message.words), 160),
            target_kind="message",
            target_id=message.incoming_id,
            at=message.at,
        )
        if refused is not None:
            yield lose(facts, "refused", f"They said no: “{refused.text}”", (sign,), 0.8)
        answer = Suggestion(
            text="Answer in the same thread",
            operation="gtm.mail.answer",
            input={"incoming_id": message.incoming_id},
        )
        text = f"Answer {facts.deal.contact_name}: their mail waits for you."
        yield Step("reply", text, "They wrote, and nobody has answered yet.", (sign,), answer, 0.95)


def draft(facts: DealFacts) -> Iterator[Step]:
    """A mail that waits for a verdict is the step that is taken already."""
    for mail in facts.waiting[:1]:
        sign = Signal(
            kind="draft",
            text=f"A draft waits: {mail.subject}",
            target_kind="mail",
            target_id=mail.mail_id,
        )
        look = Suggestion(
            text="Read the draft, then approve or reject it",
            operation="gtm.approvals.show",
            input={"id": mail.mail_id},
        )
        yield Step(
            "draft",
            f"Decide about the draft “{cut(mail.subject, 60)}” in the inbox.",
            "A mail to them is written and waits for your yes.",
            (sign,),
            look,
            0.9,
        )


def promise(facts: DealFacts) -> Iterator[Step]:
    """Something that was asked for with a day, and that nobody planned or did since."""
    for entry in facts.done[:10]:
        if not (was_heard(entry) or entry.kind is EntryKind.NOTE):
            continue
        text = f"{entry.title}\n{entry.detail}"
        later = [one for one in facts.entries if one.at > entry.at and one.kind is not entry.kind]
        wish = next(quotes(text, Said.NEED), None)
        named = moments(wish.text, Reading(entry.at, facts.zone)) if wish else []
        if (
            wish is None
            or not named
            or facts.open
            or any(one.kind is EntryKind.EMAIL_OUT for one in later)
        ):
            continue
        due = named[0].at.astimezone(facts.zone).date()
        days = max(0, (due - facts.today).days)
        why = f"They asked for something with a day: “{wish.text}”. Nothing is planned for it."
        sign = signal(facts, "promise", entry, f"Asked for by {due:%a} {due.day} {due:%b}")
        yield Step(
            "promise",
            f"Do what they asked for by {due:%a} {due.day} {due:%b}.",
            why,
            (sign,),
            plan(facts, cut(wish.text, 120), days),
            0.85,
        )
        return


def overdue(facts: DealFacts) -> Iterator[Step]:
    """What was planned and did not happen."""
    for entry in facts.open[:1]:
        due = (entry.due_at or entry.at).astimezone(facts.zone).date()
        if due >= facts.today:
            continue
        days = (facts.today - due).days
        sign = signal(
            facts,
            "overdue",
            entry,
            f"“{cut(entry.title, 80)}” was due {days} day{'' if days == 1 else 's'} ago",
        )
        done = Suggestion(
            text="Do it, then mark it as done",
            operation="gtm.crm.complete_task",
            input={"activity_id": entry.id},
        )
        why = "It is planned and its day has passed: do it, or give it a new day."
        yield Step(
            "overdue", f"Do what is overdue: {cut(entry.title, 80)}.", why, (sign,), done, 0.85
        )


def tried(facts: DealFacts) -> Iterator[Step]:
    """Calls that reached nobody: another time of day, and after three of them another channel."""
    calls = [one for one in facts.done if one.kind is EntryKind.CALL]
    missed = _head(calls)
    if not missed or facts.touch is not missed[0]:
        return
    hour = missed[0].at.astimezone(facts.zone).hour
    signs = tuple(signal(facts, "missed call", one, f"Call: {one.outcome}") for one in missed[:3])
    if len(missed) >= _CALLS_IN_A_ROW:
        why = f"{len(missed)} calls in a row reached nobody: a mail can be answered when it suits them."
        yield Step(
            "other channel",
            "Write instead of calling again.",
            why,
            signs,
            write(facts, "Draft a short mail", again(facts)),
            0.8,
        )
        return
    other = time(15) if hour < 12 else time(9, 30)
    subject = f"Call {facts.deal.contact_name} again"
    part = "afternoon" if hour < 12 else "morning"
    why = f"The last call ended with “{missed[0].outcome}” in the {'morning' if hour < 12 else 'afternoon'}: try the {part}."
    yield Step(
        "call again",
        f"Call again in the {part}.",
        why,
        signs,
        plan(facts, subject, 1, "Call", other),
        0.8,
    )


def _head(calls: list[TimelineEntry]) -> list[TimelineEntry]:
    """The newest calls up to the first one that reached somebody."""
    found: list[TimelineEntry] = []
    for call in calls:
        if call.outcome not in NOBODY_MET:
            break
        found.append(call)
    return found


def met(facts: DealFacts) -> Iterator[Step]:
    """After a meeting comes what was said in writing."""
    touch = facts.touch
    if touch is None or touch.kind is not EntryKind.MEETING or touch.outcome in NOBODY_MET:
        return
    if facts.days_since(touch) <= _RECENT_DAYS:
        sign = signal(facts, "meeting", touch)
        draft = write(facts, "Draft the summary of the meeting", after_meeting(facts, touch))
        why = "You met, and nothing was written since: a summary keeps what was agreed."
        yield Step(
            "summary",
            "Send a summary of the meeting with the next steps.",
            why,
            (sign,),
            draft,
            0.8,
        )


def money(facts: DealFacts) -> Iterator[Step]:
    """Money that they owe comes before new promises; a quote that they took is a deal."""
    for paper in facts.papers:
        sign = Signal(
            kind=paper.kind,
            text=f"{paper.name}: {paper.status}",
            target_kind="invoice",
            target_id=paper.invoice_id,
        )
        if paper.kind == "quote" and paper.status in _ACCEPTED and not facts.deal.status.closed:
            yield move_to(facts, "won", "They accepted the quote.", (sign,), 0.9)
        if (
            paper.kind == "invoice"
            and paper.open.minor > 0
            and paper.due
            and paper.due < facts.today
        ):
            days = (facts.today - paper.due).days
            look = plan(facts, f"Ask about {paper.name}: {paper.open} overdue", 0, "Call")
            why = f"{paper.open} of {paper.name} is {days} days late: settle that before anything new."
            yield Step(
                "unpaid", f"Talk about the unpaid invoice {paper.name}.", why, (sign,), look, 0.75
            )


def bounced(facts: DealFacts) -> Iterator[Step]:
    """Nobody reads what cannot arrive."""
    bounce = facts.newest(EntryKind.BOUNCE)
    if facts.address or (bounce is None and facts.phone):
        return
    signs = (signal(facts, "bounce", bounce),) if bounce else ()
    why = "There is no address that may be written to."
    who = facts.deal.contact_name
    if facts.phone:
        yield Step(
            "no address",
            f"Call {who} and ask for an address.",
            why,
            signs,
            plan(facts, f"Call {who}: ask for an address", 0, "Call"),
            0.8,
        )
    else:
        yield Step(
            "no address",
            f"Find a way to reach {who}.",
            why,
            signs,
            plan(facts, f"Find an address or a number of {who}", 0),
            0.8,
        )
