"""Whether a mail may leave now, decided from plain facts by the scheduler, the gate and the explanation alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum


class Verdict(Enum):
    """What to do with a mail."""

    GO = "go"
    WAIT = "wait"
    """It may leave later, by itself or after a setting changed."""
    ASK_AGAIN = "ask again"
    """The yes no longer fits: it goes back to the inbox."""
    DROP = "drop"
    """It must not leave any more; its enrollment ends."""


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
    sent_today: int = 0
    daily_cap: int | None = None
    next_day: datetime | None = None
    last_intent: datetime | None = None
    min_gap: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict with its reasons in words, and the next moment to look again."""

    verdict: Verdict
    reasons: tuple[str, ...] = ()
    next_time: datetime | None = None
    ended: str = ""
    """The reason with which the enrollment ends, when the mail is dropped."""
    shared: bool = False
    """Whether every other mail of the session waits for the same: the pace of sending."""

    @property
    def why(self) -> str:
        return "; ".join(self.reasons)


LOOK_AGAIN = timedelta(minutes=5)
"""When to look again at something that waits for a person or a setting."""


def decide(now: datetime, facts: Facts) -> Decision:
    """Whether a mail with these facts may leave at this moment. Pure: the explanation cannot lie."""
    return _drop(facts) or _ask_again(facts) or _wait(now, facts) or Decision(Verdict.GO)


def may_draft(now: datetime, facts: Facts) -> Decision:
    """Whether a draft is worth writing: nobody is written to who must not be."""
    dropped = _drop(facts)
    if dropped:
        return dropped
    for what, state in (("enrollment", facts.enrollment), ("sequence", facts.sequence)):
        if state != "active":
            return Decision(Verdict.WAIT, (f"the {what} is {state}",), now + LOOK_AGAIN)
    return Decision(Verdict.GO)


def _drop(facts: Facts) -> Decision | None:
    if not facts.contact_there:
        return Decision(Verdict.DROP, ("the contact was deleted",), ended="deleted")
    if facts.suppressed:
        return Decision(
            Verdict.DROP, ("the address is on the suppression list",), ended="unsubscribed"
        )
    if facts.enrollment in ("completed", "cancelled"):
        return Decision(Verdict.DROP, (f"the enrollment is {facts.enrollment}",), ended="manual")
    return None


def _ask_again(facts: Facts) -> Decision | None:
    if facts.recipient_key not in facts.addresses:
        return Decision(Verdict.ASK_AGAIN, ("the contact's address changed since the approval",))
    if facts.sender and facts.mail_from != facts.sender:
        return Decision(Verdict.ASK_AGAIN, ("the sender address changed since the approval",))
    return None


def _wait(now: datetime, facts: Facts) -> Decision | None:
    later = now + LOOK_AGAIN
    standing = [
        (facts.sequence != "active", f"the sequence is {facts.sequence}", later),
        (facts.enrollment != "active", f"the enrollment is {facts.enrollment}", later),
        (
            not facts.mailer,
            "no mailer is configured: set RUSVEL_SMTP_HOST or RUSVEL_MAIL_FOLDER",
            later,
        ),
        (bool(facts.mailer) and not facts.sender, "no sender address: set RUSVEL_SMTP_FROM", later),
        (bool(facts.paused), f"sending is paused: {facts.paused}", later),
    ]
    own = [(why, when) for hit, why, when in standing if hit]
    paced = [(why, when) for hit, why, when in _pace(now, facts) if hit]
    reasons = own + paced
    if not reasons:
        return None
    words, times = zip(*reasons, strict=True)
    return Decision(Verdict.WAIT, words, max(times), shared=not own)


def _pace(now: datetime, facts: Facts) -> list[tuple[bool, str, datetime]]:
    """The limits that pass by themselves: trouble with the server, the daily cap, the gap between two mails."""
    rows = []
    if facts.retry_at is not None:
        rows.append((facts.retry_at > now, "the mail server is tried again later", facts.retry_at))
    if facts.daily_cap is not None and facts.next_day is not None:
        full = facts.sent_today >= facts.daily_cap
        rows.append((full, f"the daily cap of {facts.daily_cap} mails is reached", facts.next_day))
    if facts.min_gap is not None and facts.last_intent is not None:
        free = facts.last_intent + facts.min_gap
        rows.append((free > now, "the gap between two mails is not over", free))
    return rows
