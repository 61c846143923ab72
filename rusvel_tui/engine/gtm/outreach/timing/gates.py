"""What a mail must pass before it leaves, one gate after the other, each with its words. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from rusvel_tui.engine.gtm.outreach.timing.pace import Limit, smallest
from rusvel_tui.engine.gtm.outreach.timing.send_times import SendTimes


class Verdict(Enum):
    """What to do with a mail."""

    GO = "go"
    WAIT = "wait"
    """It may leave later, by itself or after a setting changed."""
    ASK_AGAIN = "ask again"
    """The yes no longer fits: it goes back to the inbox."""
    DROP = "drop"
    """It must not leave any more; its enrollment ends."""


class Opens(Enum):
    """What a shut gate waits for."""

    PERSON = "person"
    """For what somebody does or sets; it is looked at again every few minutes."""
    PLAN = "plan"
    """For the mail's own time: nothing is wrong with it."""
    PACE = "pace"
    """For a limit that holds back some of the sender's mails."""
    SENDER = "sender"
    """For something that holds back every mail of the sender."""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the decision rests on, read in one transaction."""

    contact_there: bool
    addresses: frozenset[str]
    """The keys of the contact's addresses that may be used."""
    recipient_key: str
    suppressed: bool
    enrollment: str
    sequence: str
    """Their states; both are empty for a mail that no sequence asked for."""
    sender: str
    """The address that the session would send from now."""
    mail_from: str
    """The address that the mail was drafted with; empty before the draft."""
    mailer: str
    """The label of the mailer; empty when none is configured."""
    paused: str = ""
    """Why sending is paused; empty when it is not."""
    retry_at: datetime | None = None
    """When the mail server is tried again after trouble."""
    planned: datetime | None = None
    """When an approved mail is looked at: at the end of its undo window, or at the time it waits for."""
    undo: bool = False
    """Whether `planned` is the end of the undo window."""
    due: datetime | None = None
    """Before that the delay of its step is not over."""
    chosen: datetime | None = None
    """The earliest time that a person chose."""
    times: SendTimes = field(default_factory=SendTimes)
    limits: tuple[Limit, ...] = ()
    last_intent: datetime | None = None
    min_gap: timedelta | None = None
    own_gap: bool = False
    """Whether the gap is that of the mail's sequence, and other mails need not keep it."""


@dataclass(frozen=True, slots=True)
class Gate:
    """One thing that a mail must pass, with what is so about it in words."""

    name: str
    text: str
    verdict: Verdict = Verdict.GO
    waits_for: Opens = Opens.PERSON
    opens: datetime | None = None
    """When it opens by itself."""
    ended: str = ""
    """The reason with which the enrollment ends, when the mail is dropped."""


LATE = timedelta(hours=24)
"""What should have left longer ago is not sent without asking: the desk slept, or a copy was restored."""


def gates(now: datetime, facts: Facts) -> Iterator[Gate]:
    """Everything that a mail must pass, in the order in which it is looked at, open gates as well."""
    yield from person(facts)
    yield _text(facts)
    yield _lateness(now, facts)
    yield from running(facts)
    yield from _sender(facts)
    yield from _own_time(now, facts)
    yield from _pace(now, facts)
    yield _window(now, facts)


def person(facts: Facts) -> Iterator[Gate]:
    """Whom nobody writes to any more."""
    if not facts.contact_there:
        yield Gate("contact", "the contact was deleted", Verdict.DROP, ended="deleted")
    if facts.suppressed:
        text = "the address is on the suppression list"
        yield Gate("suppression", text, Verdict.DROP, ended="unsubscribed")
    else:
        yield Gate("suppression", f"{facts.recipient_key} may be written to")
    if facts.enrollment in ("completed", "cancelled"):
        text = f"the enrollment is {facts.enrollment}"
        yield Gate("enrollment", text, Verdict.DROP, ended="manual")


def running(facts: Facts) -> Iterator[Gate]:
    """Whether the sequence and the person's way through it go on."""
    for what, state in (("sequence", facts.sequence), ("enrollment", facts.enrollment)):
        waits = Verdict.GO if state == "active" else Verdict.WAIT
        if state and (what == "sequence" or state not in ("completed", "cancelled")):
            yield Gate(what, f"the {what} is {state}", waits)


def spoken(moment: datetime, zone: ZoneInfo) -> str:
    """A moment as its zone's wall clock shows it: `Mon 30 Nov 09:12 Europe/Oslo`."""
    return f"{moment.astimezone(zone):%a %d %b %H:%M} {zone.key}"


def _text(facts: Facts) -> Gate:
    """What a yes was tied to, and may no longer be so."""
    if facts.recipient_key not in facts.addresses:
        text = "the contact's address changed since the approval"
    elif facts.sender and facts.mail_from != facts.sender:
        text = "the sender address changed since the approval"
    else:
        return Gate("address", f"from {facts.mail_from}, as it was drafted")
    return Gate("address", text, Verdict.ASK_AGAIN)


def _lateness(now: datetime, facts: Facts) -> Gate:
    late = now - facts.planned if facts.planned else timedelta()
    if late <= LATE:
        return Gate("lateness", "it is not late")
    ago = f"{late.days} days" if late.days > 1 else f"{late // timedelta(hours=1)} hours"
    return Gate("lateness", f"it was due {ago} ago", Verdict.ASK_AGAIN)


def _sender(facts: Facts) -> Iterator[Gate]:
    """Whether mail can leave at all."""
    missing = "no mailer is configured: set RUSVEL_SMTP_HOST or RUSVEL_MAIL_FOLDER"
    if facts.mailer:
        yield Gate("mailer", facts.mailer)
    else:
        yield Gate("mailer", missing, Verdict.WAIT)
    if facts.mailer and not facts.sender:
        yield Gate("sender", "no sender address: set RUSVEL_SMTP_FROM", Verdict.WAIT)
    if facts.paused:
        yield Gate("sending", f"sending is paused: {facts.paused}", Verdict.WAIT)
    else:
        yield Gate("sending", "sending is not paused")


def _own_time(now: datetime, facts: Facts) -> Iterator[Gate]:
    """The delay of the step, and the moment at which the worker looks at the mail."""
    zone = facts.times.where
    if facts.due is not None:
        text = f"its delay ends {spoken(facts.due, zone)}"
        yield _until("delay", now, facts.due, text, "its delay is over")
    if facts.chosen is not None:
        text = f"you chose {spoken(facts.chosen, zone)}"
        yield _until("chosen", now, facts.chosen, text, "the time that you chose has come")
    if facts.planned is not None:
        text = "you can take the yes back until" if facts.undo else "it is looked at again"
        at = spoken(facts.planned, zone)
        yield _until("undo" if facts.undo else "queue", now, facts.planned, f"{text} {at}", "")


def _pace(now: datetime, facts: Facts) -> Iterator[Gate]:
    """The limits that pass by themselves: trouble with the server, caps, the gap between two mails."""
    if facts.retry_at is not None:
        text = "the mail server is tried again later"
        yield _until("server", now, facts.retry_at, text, "", Opens.SENDER)
    full = [limit for limit in facts.limits if limit.is_full(now)]
    felt = smallest(full)
    for limit in facts.limits:
        if limit not in full:
            yield Gate("limit", f"the {limit.name}: {limit.used} so far")
        elif limit is felt or not limit.everybody:
            yield _full(limit)
    if facts.min_gap is not None and facts.last_intent is not None:
        free = facts.last_intent + facts.min_gap
        text = "the gap between two mails is not over"
        waits = Opens.PACE if facts.own_gap else Opens.SENDER
        yield _until("gap", now, free, text, "the gap between two mails is over", waits)


def _full(limit: Limit) -> Gate:
    text = f"the {limit.name} is reached"
    waits = Opens.SENDER if limit.everybody else Opens.PACE
    return Gate("limit", text, Verdict.WAIT, waits, limit.frees_at if limit.allowed else None)


def _window(now: datetime, facts: Facts) -> Gate:
    """Whether the wall clock of the person shows a time at which mails leave."""
    times = facts.times
    origin = "" if times.origin == "set" else f" (zone from the {times.origin})"
    opens = times.next_open(now)
    if opens == now:
        return Gate("window", f"open: {spoken(now, times.where)}{origin}")
    if opens is None:
        return Gate("window", "no sending window opens any more", Verdict.WAIT)
    day = now.astimezone(times.where).date()
    off = times.day_off(day)
    why = f"{day:%a %d %b} is {off}" if off else "outside the sending window"
    text = f"{why}: it opens {spoken(opens, times.where)}{origin}"
    return Gate("window", text, Verdict.WAIT, Opens.PLAN, opens)


def _until(
    name: str, now: datetime, opens: datetime, shut: str, free: str, waits: Opens = Opens.PLAN
) -> Gate:
    """A gate that opens at a moment."""
    if now >= opens:
        return Gate(name, free)
    return Gate(name, shut, Verdict.WAIT, waits, opens)
