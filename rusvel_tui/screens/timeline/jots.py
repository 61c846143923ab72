"""Notes, tasks and calls, written down from any page: `c n`, `c t` and `c l`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.timeline.activities import add_note, log_call
from rusvel_tui.engine.gtm.crm.timeline.activity_inputs import AddNote, AddTask, FollowUp, LogCall
from rusvel_tui.engine.gtm.crm.timeline.activity_views import (
    PLANNED,
    ActivityKind,
    ActivityView,
    Followed,
)
from rusvel_tui.engine.gtm.crm.timeline.outcomes import CallOutcome
from rusvel_tui.engine.gtm.crm.timeline.tasks import add_task
from rusvel_tui.engine.when_text import HELP, parse_when
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.shared.attempts import session_of
from rusvel_tui.screens.shared.moments import when
from rusvel_tui.screens.shared.subjects import Subject, ask_subject, subject_of
from rusvel_tui.widgets.form import Field


async def create_note(page: Page[Any]) -> None:
    """`c n`: a note on whom the page is about."""
    subject = await ask_subject(page, "A note on whom?")
    if subject is None:
        return

    def save(values: dict[str, str]) -> ActivityView:
        note = AddNote(contact_id=subject.contact_id, deal_id=subject.deal_id, body=values["body"])
        return page.engine.run(add_note, note)

    fields = (Field("body", "Note", kind="multiline", lines=6, required=True),)
    if await page.form(f"Note on {subject.label}", fields, save) is not None:
        page.say(f"Noted on {subject.label}.")


async def create_task(page: Page[Any]) -> None:
    """`c t`: something to do, with whom the page is about if it is about somebody."""
    subject, session = subject_of(page), await session_of(page)
    if session is None:
        return
    zone = ZoneInfo(session.timezone)

    def save(values: dict[str, str]) -> ActivityView:
        task = AddTask(
            subject=values["subject"],
            kind=ActivityKind(values["kind"]),
            due_at=values["due_at"],
            body=values["body"],
            contact_id=subject.contact_id if subject else "",
            deal_id=subject.deal_id if subject else "",
        )
        return page.engine.run(add_task, task)

    title = f"Task: {subject.label}" if subject else "Task"
    done = await page.form(title, _TASK, save)
    if done is not None and done.due_at is not None:
        page.say(f"Planned for {when(done.due_at, zone)}: {done.subject}")


async def create_call(page: Page[Any]) -> None:
    """`c l`: a call that was made, what came of it, and what follows."""
    subject = await ask_subject(page, "A call with whom?")
    if subject is None:
        return

    def save(values: dict[str, str]) -> Followed:
        return page.engine.run(log_call, _call(subject, values))

    done = await page.form(f"Call with {subject.name}", _CALL, save)
    if done is not None:
        then = f", next: {done.follow_up.subject}" if done.follow_up else ""
        page.say(f"Written down: {done.outcome}{then}. z to undo.")


def _call(subject: Subject, values: dict[str, str]) -> LogCall:
    next_ = None
    if values["next"]:
        next_ = FollowUp(subject=values["next"], due_at=values["next_at"], kind=ActivityKind.TASK)
    if not (values["minutes"] or "0").isdecimal():
        raise InvalidInput("Write whole minutes.", field="minutes")
    return LogCall(
        contact_id=subject.contact_id,
        deal_id=subject.deal_id,
        outcome=CallOutcome(values["outcome"]),
        body=values["body"],
        at=values["at"] or "now",
        duration_minutes=int(values["minutes"]) if values["minutes"] else None,
        next=next_,
    )


def _when_problem(text: str) -> str:
    """What is wrong with a time, seen before anything is stored."""
    try:
        parse_when(text, _ANY_TIME, ZoneInfo("UTC"))
    except InvalidInput as error:
        return str(error)
    return ""


_ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)
"""Whether words are a time does not depend on when they are said."""
_CALL = (
    Field("outcome", "Outcome", CallOutcome.REACHED.value, kind="select", choices=[(o.value, o.value) for o in CallOutcome]),
    Field("body", "What was said", kind="multiline", lines=4),
    Field("at", "When", "now", help="now, 9:30, 20 minutes ago or yesterday 14:00."),
    Field("minutes", "Minutes", help="How long it took."),
    Field("next", "Next step", help="What follows from it; nothing when empty."),
    Field("next_at", "Next when", "tomorrow", help=HELP, check=_when_problem),
)  # fmt: skip
_TASK = (
    Field("subject", "What", required=True, help="What is to be done."),
    Field("due_at", "When", "tomorrow", help=HELP),
    Field("kind", "Kind", "Task", kind="select", choices=[(k.value, k.value) for k in PLANNED]),
    Field("body", "Details", kind="multiline", lines=3),
)
