"""What can come of a call, a meeting or a task: kept as `no_answer`, shown as `no answer`, understood in any case."""

from __future__ import annotations

from rusvel_tui.engine.spelled import Spelled
from rusvel_tui.engine.text import one_line


class CallOutcome(Spelled):
    """What came of a call."""

    REACHED = "reached"
    NO_ANSWER = "no answer"
    VOICEMAIL = "voicemail"
    CALL_BACK = "call back"
    WRONG_NUMBER = "wrong number"
    INTERESTED = "interested"
    NOT_INTERESTED = "not interested"
    BUSY = "busy"


class MeetingOutcome(Spelled):
    """What came of a meeting."""

    HELD = "held"
    DID_NOT_COME = "did not come"
    CALLED_OFF = "called off"


class TaskOutcome(Spelled):
    """What came of a task."""

    DONE = "done"
    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    NOT_POSSIBLE = "not possible"


OUTCOMES: dict[str, type[Spelled]] = {
    "call": CallOutcome,
    "meeting": MeetingOutcome,
    "task": TaskOutcome,
}
"""The usual outcomes by kind of activity, in the order of the digits that choose them. Other words are kept as they are."""

NOBODY_MET = tuple(
    outcome.key
    for outcome in (
        CallOutcome.NO_ANSWER,
        CallOutcome.VOICEMAIL,
        CallOutcome.WRONG_NUMBER,
        CallOutcome.BUSY,
        MeetingOutcome.DID_NOT_COME,
        MeetingOutcome.CALLED_OFF,
    )
)
"""Outcomes of calls and meetings in which nobody was spoken with."""
_WORDS = {outcome.key: outcome.value for kind in OUTCOMES.values() for outcome in kind}


def kept_outcome(kind: str, text: str) -> str:
    """The outcome as it is kept."""
    said = one_line(text)
    try:
        return OUTCOMES[kind](said).key
    except (KeyError, ValueError):
        return said


def outcome_words(kept: str) -> str:
    """The outcome as people read it."""
    return _WORDS.get(kept, kept)
