"""The card of a call, a meeting or a task: whom, what to say, what was last; a digit says what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.gtm.crm.timeline.activities import delete_activity
from rusvel_tui.engine.gtm.crm.timeline.activity_inputs import (
    ActivityId,
    CompleteTask,
    FollowUp,
    SnoozeTask,
)
from rusvel_tui.engine.gtm.crm.timeline.tasks import complete_task, snooze_task
from rusvel_tui.engine.text import one_line
from rusvel_tui.screens.shared.dialogs import Confirm
from rusvel_tui.screens.today.task_facts import (
    SNOOZES,
    TaskFacts,
    card_blocks,
    card_title,
    outcomes_of,
    read_task,
)
from rusvel_tui.screens.today.task_forms import ask_follow_up, ask_note, ask_when
from rusvel_tui.widgets.choices import Choices
from rusvel_tui.widgets.fitted_text import FittedText
from rusvel_tui.widgets.plain import plain

HINT = "enter done · e note · f next step · s later · n skip · y Y copy · D delete"
LATER = "a digit puts it off until then · esc back"


class TaskCard(ModalScreen[int]):
    """Goes through tasks one by one; dismissed with how many were dealt with."""

    BINDINGS = [
        *(
            Binding(str(n), f"choose({n})", f"Answer {n}", show=False, id=f"card.choose_{n}")
            for n in range(1, 10)
        ),
        Binding("enter", "confirm", "Done", show=False, id="card.done"),
        Binding("e", "note", "Note", show=False, id="card.note"),
        Binding("f", "follow_up", "Follow-up", show=False, id="card.follow_up"),
        Binding("s", "later", "Later", show=False, id="card.later"),
        Binding("n", "go_on", "Skip", show=False, id="card.skip"),
        Binding("y", "copy", "Copy", show=False, id="card.copy"),
        Binding("Y", "copy(True)", "Copy the text", show=False, id="card.copy_text"),
        Binding("D", "delete", "Delete", show=False, id="card.delete"),
        Binding("escape,q", "close", "Close", show=False, id="card.close"),
    ]

    def __init__(self, engine: Engine, ids: Sequence[str]) -> None:
        super().__init__()
        self.engine = engine
        self._ids = tuple(ids)
        self._at = 0
        self._dealt = 0
        self.facts: TaskFacts | None = None
        self.outcome = 0
        """The number of the chosen outcome; 0 while none is."""
        self.note = ""
        self.next: FollowUp | None = None
        self._putting_off = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog card"):
            yield Static(classes="dialog-title", markup=False)
            yield FittedText()
            yield Choices()
            yield Static(classes="dialog-hint", markup=False)

    @property
    def is_reading(self) -> bool:
        """Keys that come before the first task is read wait for it."""
        return self.facts is None

    def on_mount(self) -> None:
        self.query_one(FittedText).focus()
        self._read()

    @work(exclusive=True, group="read", exit_on_error=False)
    async def _read(self, warning: str = "") -> None:
        """Read the task at hand; one that is gone is passed over. What was typed for it is kept."""
        try:
            facts = await asyncio.to_thread(read_task, self.engine, self._ids[self._at])
        except EngineError:
            self.action_go_on()
            return
        if facts.task.status != "open":
            self.action_go_on()
            return
        before, self.facts = self.facts, facts
        if before is None or before.task.activity_id != facts.task.activity_id:
            self.note, self.next, self._putting_off = "", None, False
            self.outcome = 0 if facts.is_call else 1
        self._draw()
        if warning:
            self._hint(warning, bad=True)

    def _draw(self) -> None:
        facts = self.facts
        if facts is None:
            return
        place = f"{self._at + 1} of {len(self._ids)}" if len(self._ids) > 1 else ""
        self.query_one(".dialog").border_subtitle = place
        self.query_one(".dialog-title", Static).update(plain(card_title(facts)))
        now = self.engine.clock.now()
        self.query_one(FittedText).show(card_blocks(facts, self.note, self.next, now))
        if self._putting_off:
            self.query_one(Choices).show([label for label, _ in SNOOZES])
        else:
            self.query_one(Choices).show(outcomes_of(facts.task.kind), self.outcome)
        self._hint(LATER if self._putting_off else HINT)

    def _hint(self, text: str, *, bad: bool = False) -> None:
        hint = self.query_one(".dialog-hint", Static)
        hint.update(plain(f"✗ {text}" if bad else text))
        hint.set_class(bad, "-bad")

    @on(Choices.Chosen)
    def _clicked(self, event: Choices.Chosen) -> None:
        self.action_choose(event.number)

    def action_choose(self, number: int) -> None:
        """An outcome, or until when the task rests."""
        if number > len(self.query_one(Choices).options) or self.facts is None:
            return
        if self._putting_off:
            self._put_off(number)
        else:
            self.outcome = number
            self._draw()

    def action_confirm(self) -> None:
        """Done, with the chosen outcome; then the next task."""
        facts = self.facts
        if facts is None or self._putting_off:
            return
        if not self.outcome:
            self._hint(
                f"Choose what came of it: 1 to {len(outcomes_of(facts.task.kind))}.", bad=True
            )
            return
        order = CompleteTask(
            activity_id=facts.task.activity_id,
            outcome=outcomes_of(facts.task.kind)[self.outcome - 1],
            notes=self.note,
            next=self.next,
            version=facts.task.version,
        )
        self._do(lambda: self.engine.run(complete_task, order), f"Done: {facts.task.subject}")

    def action_later(self) -> None:
        """Ask until when it is put off."""
        self._putting_off = not self._putting_off
        self._draw()

    def action_copy(self, words: bool = False) -> None:
        """The link, number or address of the person, or what is to be said, to the clipboard of the terminal."""
        if self.facts is None:
            return
        text = self.facts.words if words else self.facts.reach
        if text:
            self.app.copy_to_clipboard(text)
            self._hint(f"Copied: {one_line(text)}")

    @work(exit_on_error=False)
    async def action_note(self) -> None:
        """What was said."""
        note = await ask_note(self.app, self.note)
        if note is not None:
            self.note = note
            self._draw()

    @work(exit_on_error=False)
    async def action_follow_up(self) -> None:
        """What is to be done next."""
        if self.facts is not None:
            follow_up = await ask_follow_up(self.app, self.engine, self.facts, self.next)
            self.next = follow_up or self.next
            self._draw()

    @work(exit_on_error=False)
    async def _put_off(self, number: int) -> None:
        facts = self.facts
        until: str | None = SNOOZES[number - 1][1]
        if facts is not None and not until:
            until = await ask_when(self.app, self.engine, facts.zone)
        if facts is not None and until:
            task = facts.task
            order = SnoozeTask(activity_id=task.activity_id, until=until, version=task.version)
            self._do(lambda: self.engine.run(snooze_task, order), f"Put off: {task.subject}")

    @work(exit_on_error=False)
    async def action_delete(self) -> None:
        """Delete the task, after asking."""
        facts = self.facts
        if facts is None:
            return
        question = f"Delete the {facts.task.kind.value.lower()} “{facts.task.subject}”?"
        if await self.app.push_screen_wait(Confirm(question, yes="Delete")):
            order = ActivityId(activity_id=facts.task.activity_id)
            self._do(
                lambda: self.engine.run(delete_activity, order), f"Deleted: {facts.task.subject}"
            )

    def action_close(self) -> None:
        """Back to the outcomes, or to the page."""
        if self._putting_off:
            self.action_later()
        else:
            self.dismiss(self._dealt)

    @work(exclusive=True, group="write", exit_on_error=False)
    async def _do(self, change: Callable[[], Any], said: str) -> None:
        """Make a change; say so and go on, or say why not."""
        try:
            await asyncio.to_thread(change)
        except EngineError as error:
            self._read(str(error))
        else:
            self._dealt += 1
            self.app.notify(plain(f"{said}. z to undo.").plain, markup=False)
            self.action_go_on()

    def action_go_on(self) -> None:
        """The next task; this one stays as it is."""
        self._at += 1
        if self._at < len(self._ids):
            self._read()
        else:
            self.dismiss(self._dealt)
