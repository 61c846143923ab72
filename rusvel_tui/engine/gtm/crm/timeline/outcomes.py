"""What can come of a call, a meeting or a task: `no answer`, also understood as `No_Answer`."""

from __future__ import annotations

from rusvel_tui.engine.gtm.crm.timeline.activity_views import ActivityKind
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


_ENUMS: dict[ActivityKind, type[Spelled]] = {
    ActivityKind.CALL: CallOutcome,
    ActivityKind.MEETING: MeetingOutcome,
    ActivityKind.TASK: TaskOutcome,
}
OUTCOMES = {kind: tuple(outcome.value for outcome in enum) for kind, enum in _ENUMS.items()}
"""The usual outcomes, in the order of the digits that choose them. Other words are kept as they are."""

NOBODY_MET = (
    CallOutcome.NO_ANSWER.value,
    CallOutcome.VOICEMAIL.value,
    CallOutcome.WRONG_NUMBER.value,
    CallOutcome.BUSY.value,
    MeetingOutcome.DID_NOT_COME.value,
    MeetingOutcome.CALLED_OFF.value,
)
"""Outcomes of calls and meetings in which nobody was spoken with."""


def known_outcome(kind: ActivityKind, text: str) -> str:
    """The outcome as it is spelled; words that are no usual outcome stay as they are."""
    said = one_line(text)
    try:
        return _ENUMS[kind](said).value
    except (KeyError, ValueError):
        return said
