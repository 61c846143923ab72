"""The editor of one sequence: its steps are changed in a working copy and then stored.

A draft that nobody was ever in stores every change at once. Where people are, the steps become a new version,
and only when the person says so: whoever is under way stays on the version they began with.
"""

from __future__ import annotations

from textual import on, work
from textual.message import Message

from rusvel_tui.actions import Action
from rusvel_tui.screens.sequences.step_forms import ask_step, new_step
from rusvel_tui.screens.sequences.steps_store import StepsStore
from rusvel_tui.screens.sequences.template_forms import ask_text
from rusvel_tui.screens.sequences.template_library import pick_text, with_text
from rusvel_tui.screens.sequences.working_copy import WorkingCopy
from rusvel_tui.widgets.open_list import OpenList


class SequenceEditor(StepsStore):
    """Changes the steps."""

    ACTIONS = (
        Action("steps.new", "n", "New step", "new", "new step", "Write a step behind this one.", foot=True),
        Action("steps.edit", "e", "Edit step", "edit", "edit step", "Change the step under the cursor.", foot=True),
        Action("steps.later", "J,shift+down", "Later", "shift(1)", "step later", "Move the step down.", foot=True),
        Action("steps.sooner", "K,shift+up", "Sooner", "shift(-1)", "step sooner", "Move the step up."),
        Action("steps.insert", "i", "Insert text", "insert", "insert text", "Put a text of the library into this step."),
        Action("steps.keep", "t", "Keep text", "keep", "keep text", "Keep the text of this step in the library."),
        Action("steps.remove", "D", "Remove", "remove", "remove step", "Take the step out."),
        Action("steps.save", "w", "Save", "save", "save", "Store the steps; where people are, as a new version.", foot=True),
        Action("steps.undo", "z", "Undo", "undo", "undo", "Take back the last change that is not stored."),
    )  # fmt: skip

    class Closed(Message):
        """The person is done with it."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What is stored already is taken back by the undo of the whole desk."""
        return action != "undo" or (self.copy is not None and self.copy.dirty)

    @on(OpenList.Opened)
    def _opened(self, event: OpenList.Opened) -> None:
        event.stop()
        self.action_edit()

    @work(exit_on_error=False)
    async def action_edit(self) -> None:
        copy, at = self.copy, self.rows.cursor
        if copy is None or at >= len(copy.steps):
            return
        step = await ask_step(self, f"Step {at + 1}", copy.around(at, at + 1), copy.steps[at])
        if step is not None:
            copy.put(at, step)
            self.changed(copy, at)

    @work(exit_on_error=False)
    async def action_new(self) -> None:
        copy = self.copy
        if copy is None:
            return
        at = self.rows.cursor + 1 if copy.steps else 0
        step = await ask_step(self, f"New step {at + 1}", copy.around(at, at), new_step(at + 1))
        if step is not None:
            copy.insert(at, step)
            self.changed(copy, at)

    @work(exit_on_error=False)
    async def action_insert(self) -> None:
        """A mail becomes the text of the step under the cursor, a snippet its end."""
        copy, at = self.copy, self.rows.cursor
        text = await pick_text(self) if copy is not None and at < len(copy.steps) else None
        if copy is not None and text is not None and at < len(copy.steps):
            copy.put(at, with_text(copy.steps[at], text))
            self.changed(copy, at)
            self.say(f"{text.name} is in step {at + 1}. z takes it out.")

    @work(exit_on_error=False)
    async def action_keep(self) -> None:
        """Ask for a name and store the text as one of the library."""
        copy, at = self.copy, self.rows.cursor
        if copy is not None and at < len(copy.steps):
            step = copy.steps[at]
            await ask_text(self, None, subject=step.subject, body=step.body)

    def action_shift(self, by: int) -> None:
        """Move the step under the cursor."""
        copy, at = self.copy, self.rows.cursor
        if copy is not None and at < len(copy.steps) and 0 <= at + by < len(copy.steps):
            copy.move(at, at + by)
            self.changed(copy, at + by)

    def action_remove(self) -> None:
        copy, at = self.copy, self.rows.cursor
        if copy is not None and at < len(copy.steps):
            copy.remove(at)
            self.changed(copy, max(0, min(at, len(copy.steps) - 1)))
            self.say("The step is out. z brings it back.")

    def action_undo(self) -> None:
        if self.copy is not None and self.copy.past:
            self.copy.undo()
            self.draw(self.rows.cursor)

    @work(exit_on_error=False)
    async def action_save(self) -> None:
        copy = self.copy
        if copy is not None and not copy.dirty:
            self.say("Everything is stored.")
        elif copy is not None and await self.save(copy):
            self.say(f"Stored as version {copy.sequence.version_number}.")

    def close(self) -> None:
        """Leave the editor; ask first when something is not stored."""
        if self.copy is not None and self.copy.dirty:
            self._ask_to_close(self.copy)
        else:
            self.post_message(self.Closed())

    @work(exclusive=True, group="close", exit_on_error=False)
    async def _ask_to_close(self, copy: WorkingCopy) -> None:
        await (
            self.settled()
        )  # a draft may be storing its last change at this moment: nothing to ask then
        if not copy.dirty:
            self.post_message(self.Closed())
            return
        choices = {"s": "store them", "t": "throw them away"}
        key = await self.ask_key("The steps are not stored", choices)
        if key == "t" or (key == "s" and await self.save(copy)):
            self.copy = WorkingCopy.of(copy.sequence)
            self.post_message(self.Closed())
