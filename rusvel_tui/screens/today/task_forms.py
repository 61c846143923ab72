"""What the card of a task asks: a note, what follows, and until when it is put off."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from textual.app import App

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.timeline.activity_inputs import FollowUp
from rusvel_tui.engine.gtm.crm.timeline.activity_views import PLANNED, ActivityKind
from rusvel_tui.engine.when_text import HELP, parse_when
from rusvel_tui.screens.today.task_facts import TaskFacts
from rusvel_tui.widgets.form import Errors, Field, FormDialog, Values


async def ask_note(app: App[None], note: str) -> str | None:
    """What was said; None when given up."""
    field = Field("note", "Note", note, kind="multiline", lines=6)
    values = await app.push_screen_wait(
        FormDialog("What was said", (field,), _accept, button="Keep")
    )
    return None if values is None else values["note"].strip()


async def ask_follow_up(
    app: App[None], engine: Engine, facts: TaskFacts, before: FollowUp | None
) -> FollowUp | None:
    """What is to be done next; None when given up."""
    kind = before.kind if before else facts.task.kind
    choices = [(planned.value, planned.value) for planned in PLANNED]
    fields = (
        Field("subject", "What", before.subject if before else facts.task.subject, required=True),
        Field("due_at", "When", before.due_at if before else "tomorrow", help=HELP, required=True),
        Field("kind", "Kind", kind.value, kind="select", choices=choices),
    )

    async def check(values: Values) -> Errors:
        return _when_error("due_at", values["due_at"], engine, facts.zone)

    dialog = FormDialog("What follows", fields, check, button="Keep")
    values = await app.push_screen_wait(dialog)
    if values is None:
        return None
    return FollowUp(
        subject=values["subject"], due_at=values["due_at"], kind=ActivityKind(values["kind"])
    )


async def ask_when(app: App[None], engine: Engine, zone: ZoneInfo) -> str | None:
    """Until when, in words that can be read; None when given up."""
    field = Field("until", "Until", "in 3 days", help=HELP, required=True)

    async def check(values: Values) -> Errors:
        return _when_error("until", values["until"], engine, zone)

    values = await app.push_screen_wait(
        FormDialog("Put off until", (field,), check, button="Put off")
    )
    return None if values is None else values["until"]


async def _accept(values: Values) -> Errors:
    return {}


def _when_error(name: str, text: str, engine: Engine, zone: ZoneInfo) -> Errors:
    try:
        parse_when(text, engine.clock.now(), zone)
    except InvalidInput as error:
        return {name: str(error)}
    return {}
