"""Notes and tasks, written from any page: `c n` and `c t`."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from rusvel_tui.engine.gtm.crm.activities import add_note
from rusvel_tui.engine.gtm.crm.activity_inputs import AddNote, AddTask
from rusvel_tui.engine.gtm.crm.activity_views import ActivityView
from rusvel_tui.engine.gtm.crm.tasks import add_task
from rusvel_tui.engine.when_text import HELP
from rusvel_tui.screens.attempts import session_of
from rusvel_tui.screens.moments import when
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.subjects import ask_subject, subject_of
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


_TASK = (
    Field("subject", "What", required=True, help="What is to be done."),
    Field("due_at", "When", "tomorrow", help=HELP),
    Field("body", "Details", kind="multiline", lines=3),
)
