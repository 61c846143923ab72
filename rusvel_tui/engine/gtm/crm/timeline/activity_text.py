"""A line as people jot it down, read as an activity: `called Ada, wants a quote, follow up fri 14:00`.

Only words at the beginning and a time at the end are understood; everything else is the text. Nothing is written:
the answer is a proposal for the form.
"""

from __future__ import annotations

import re
from datetime import datetime

from pydantic import Field

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.timeline.activity_views import ActivityKind
from rusvel_tui.engine.gtm.crm.timeline.outcomes import CallOutcome
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.text import one_line
from rusvel_tui.engine.when_text import parse_when

_DONE = {
    "called": ActivityKind.CALL, "rang": ActivityKind.CALL, "phoned": ActivityKind.CALL, "spoke": ActivityKind.CALL,
    "met": ActivityKind.MEETING, "note": ActivityKind.NOTE, "noted": ActivityKind.NOTE,
}  # fmt: skip
_TO_DO = {
    "call": ActivityKind.CALL, "ring": ActivityKind.CALL, "phone": ActivityKind.CALL, "meet": ActivityKind.MEETING,
    "meeting": ActivityKind.MEETING, "demo": ActivityKind.MEETING, "task": ActivityKind.TASK,
    "todo": ActivityKind.TASK, "remind": ActivityKind.TASK,
}  # fmt: skip
_OUTCOMES = {
    "no answer": CallOutcome.NO_ANSWER, "did not answer": CallOutcome.NO_ANSWER, "voicemail": CallOutcome.VOICEMAIL,
    "wrong number": CallOutcome.WRONG_NUMBER, "call back": CallOutcome.CALL_BACK, "not interested": CallOutcome.NOT_INTERESTED,
    "interested": CallOutcome.INTERESTED, "busy": CallOutcome.BUSY,
}  # fmt: skip
_NEXT = re.compile(r"(?:^|[,;.]\s*)((?:follow up|then|next:?|remind me to)\b.*)$", re.IGNORECASE)
_MINUTES = re.compile(r"\b(\d{1,3}) ?(?:min|mins|minutes)\b", re.IGNORECASE)
_LONGEST_TIME = 5
"""Words at the end that are tried as a time."""


class ActivityText(Input):
    """A line about something done, or to be done."""

    text: str = Field(min_length=1, max_length=2000)


class ReadActivity(View):
    """What the line says, for `log_call`, `log_meeting`, `add_note` or `add_task`."""

    kind: ActivityKind
    done: bool
    """Whether it took place; else it is to be done."""
    subject: str
    """What is to be done, or what it was about."""
    at: datetime | None
    """When it took place or is due; None when the line names no time."""
    outcome: str
    """Of a call."""
    duration_minutes: int | None
    next_subject: str
    """What follows from it; nothing when the line says none."""
    next_at: datetime | None


@operation("gtm.crm.read_activity", permission="crm.activities.read")
def read_activity(ctx: Context, cmd: ActivityText) -> ReadActivity:
    """Read a jotted line as a call, a meeting, a note or a task, with its time and what follows; writes nothing."""
    text = one_line(cmd.text).strip(" .")
    if not text:
        raise InvalidInput("There is nothing to read.", field="text")
    found = _NEXT.search(text)
    main, after = (text[: found.start()].strip(" ,;."), found[1]) if found else (text, "")
    kind, done = _kind(main or after)
    if not main:
        main, after = after, ""
    subject, at = _timed(ctx, main)
    next_subject, next_at = _timed(ctx, after) if after else ("", None)
    minutes = _MINUTES.search(main)
    return ReadActivity(
        kind=kind,
        done=done,
        subject=subject,
        at=at,
        outcome=_outcome(main) if kind is ActivityKind.CALL and done else "",
        duration_minutes=int(minutes[1]) if minutes and done else None,
        next_subject=next_subject,
        next_at=next_at,
    )


def _kind(text: str) -> tuple[ActivityKind, bool]:
    """By the first word; a line without a sign is something to do."""
    first = re.split(r"[\s:,]", text.lower(), maxsplit=1)[0]
    if first in _DONE:
        return _DONE[first], True
    return _TO_DO.get(first, ActivityKind.TASK), False


def _outcome(text: str) -> str:
    low = text.lower()
    return next(
        (outcome.value for words, outcome in _OUTCOMES.items() if words in low),
        CallOutcome.REACHED.value,
    )


def _timed(ctx: Context, text: str) -> tuple[str, datetime | None]:
    """The text without the time at its end, and that time; the longest ending that is one counts."""
    words = text.split()
    for size in range(min(_LONGEST_TIME, len(words) - 1), 0, -1):
        try:
            at = parse_when(" ".join(words[-size:]), ctx.now, ctx.zone)
        except InvalidInput:
            continue
        rest = " ".join(words[:-size]).rstrip(" ,;:-")
        return re.sub(r"\s+(?:on|at|by)$", "", rest), at
    return text, None
