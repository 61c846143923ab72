"""One entry of a timeline in full; what a person wrote can be changed, deleted and opened again."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.gtm.crm.timeline.activities import (
    delete_activity,
    get_activity,
    update_activity,
)
from rusvel_tui.engine.gtm.crm.timeline.activity_inputs import ActivityId, UpdateActivity
from rusvel_tui.engine.gtm.crm.timeline.activity_views import ActivityKind, ActivityView
from rusvel_tui.engine.gtm.crm.timeline.tasks import reopen_task
from rusvel_tui.engine.gtm.crm.timeline.timeline_entries import EntryKind, TimelineEntry
from rusvel_tui.screens.shared.asking import Asking
from rusvel_tui.screens.timeline.words import WORDS, entry_blocks
from rusvel_tui.widgets.fitted_text import FittedText
from rusvel_tui.widgets.plain import plain
from rusvel_tui.widgets.text_view import Block

WRITTEN = frozenset({EntryKind.NOTE, EntryKind.CALL, EntryKind.MEETING, EntryKind.TASK})
"""What a person wrote down, and may change."""


class EntryCard(ModalScreen[str]):
    """Dismissed with what is to be done with the entry: `edit`, `delete`, `reopen`, or nothing."""

    BINDINGS = [
        Binding("escape,q,enter", "answer('')", "Close", show=False, id="entry.close"),
        Binding("e", "answer('edit')", "Edit", show=False, id="entry.edit"),
        Binding("D", "answer('delete')", "Delete", show=False, id="entry.delete"),
        Binding("r", "answer('reopen')", "Open again", show=False, id="entry.reopen"),
    ]

    def __init__(self, title: str, blocks: Sequence[Block], can: Sequence[str]) -> None:
        super().__init__()
        self.heading, self.blocks = title, blocks
        self.can = frozenset(("", *can))

    def compose(self) -> ComposeResult:
        keys = {"edit": "e edit", "reopen": "r open again", "delete": "D delete"}
        with Vertical(classes="dialog card"):
            yield Static(plain(self.heading), classes="dialog-title")
            yield FittedText(self.blocks)
            yield Static(
                " · ".join([*(text for name, text in keys.items() if name in self.can), "esc"]),
                classes="dialog-hint",
                markup=False,
            )

    def on_mount(self) -> None:
        self.query_one(FittedText).focus()

    def action_answer(self, what: str) -> None:
        """Close with that answer, if it is offered."""
        if what in self.can:
            self.dismiss(what)


async def open_entry(part: Asking[Any], entry: TimelineEntry, zone: ZoneInfo) -> None:
    """Show an entry, and do with it what the person wants. Await it in a worker."""
    blocks = tuple(entry_blocks(entry, part.engine.clock.now(), zone))
    title = WORDS[entry.kind][0].capitalize()
    wanted = await part.app.push_screen_wait(EntryCard(title, blocks, _possible(entry)))
    if not wanted:
        return
    try:
        read = ActivityId(activity_id=entry.id)
        activity = await asyncio.to_thread(part.engine.run, get_activity, read)
    except EngineError as error:
        part.complain(str(error))
        return
    if wanted == "edit":
        await _edit(part, activity)
    elif wanted == "reopen":
        part.run(reopen_task, read, lambda _: part.say("Open again. z to undo."))
    elif await part.confirm(f"Delete the {title.lower()} “{entry.title}”?", yes="Delete"):
        part.run(delete_activity, read, lambda _: part.say("Deleted. z to undo."))


def _possible(entry: TimelineEntry) -> tuple[str, ...]:
    if entry.kind not in WRITTEN:
        return ()
    return ("edit", "reopen", "delete") if entry.due_at is not None else ("edit", "delete")


async def _edit(part: Asking[Any], activity: ActivityView) -> None:
    from rusvel_tui.widgets.form import Field  # brings the text editor with it

    body = Field("body", "Text", activity.body, kind="multiline", lines=6)
    fields = [body]
    if activity.kind is not ActivityKind.NOTE:
        line = Field("subject", "What", activity.subject)
        outcome = Field("outcome", "Outcome", activity.outcome)
        notes = Field("notes", "What was said", activity.notes, kind="multiline", lines=3)
        fields = [line, outcome, body, *([notes] if activity.due_at else [])]

    def save(values: dict[str, str]) -> ActivityView:
        changed = {
            field.name: values[field.name] for field in fields if values[field.name] != field.value
        }
        order = UpdateActivity(
            activity_id=activity.activity_id, version=activity.version, **changed
        )
        return part.engine.run(update_activity, order)

    if await part.form(f"Change the {activity.kind.value.lower()}", fields, save) is not None:
        part.say("Changed. z to undo.")
