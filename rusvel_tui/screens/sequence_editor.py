"""The editor of one sequence: its steps are changed in a working copy and then stored.

A draft that nobody was ever in stores every change at once. Where people are, the steps become a new version,
and only when the person says so: whoever is under way stays on the version they began with.
"""

from __future__ import annotations

import asyncio

from textual import on, work
from textual.message import Message

from rusvel_tui.actions import Action
from rusvel_tui.engine.errors import Conflict, EngineError
from rusvel_tui.engine.gtm.outreach.sequences.sequences import update_sequence
from rusvel_tui.screens.sequence_words import people, under_way
from rusvel_tui.screens.step_forms import ask_step, new_step
from rusvel_tui.screens.steps_pane import StepsPane
from rusvel_tui.screens.template_forms import ask_text
from rusvel_tui.screens.template_library import pick_text, with_text
from rusvel_tui.screens.working_copy import WorkingCopy
from rusvel_tui.widgets.open_list import OpenList


class SequenceEditor(StepsPane):
    """Changes the steps and stores them."""

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
            self._changed(copy, at)

    @work(exit_on_error=False)
    async def action_new(self) -> None:
        copy = self.copy
        if copy is None:
            return
        at = self.rows.cursor + 1 if copy.steps else 0
        step = await ask_step(self, f"New step {at + 1}", copy.around(at, at), new_step(at + 1))
        if step is not None:
            copy.insert(at, step)
            self._changed(copy, at)

    @work(exit_on_error=False)
    async def action_insert(self) -> None:
        """A mail becomes the text of the step under the cursor, a snippet its end."""
        copy, at = self.copy, self.rows.cursor
        text = await pick_text(self) if copy is not None and at < len(copy.steps) else None
        if copy is not None and text is not None and at < len(copy.steps):
            copy.put(at, with_text(copy.steps[at], text))
            self._changed(copy, at)
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
            self._changed(copy, at + by)

    def action_remove(self) -> None:
        copy, at = self.copy, self.rows.cursor
        if copy is not None and at < len(copy.steps):
            copy.remove(at)
            self._changed(copy, max(0, min(at, len(copy.steps) - 1)))
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
        elif copy is not None and await self._save(copy):
            self.say(f"Stored as version {copy.sequence.version_number}.")

    def close(self) -> None:
        """Leave the editor; ask first when something is not stored."""
        if self.copy is not None and self.copy.dirty:
            self._ask_to_close(self.copy)
        else:
            self.post_message(self.Closed())

    @work(exclusive=True, group="close", exit_on_error=False)
    async def _ask_to_close(self, copy: WorkingCopy) -> None:
        choices = {"s": "store them", "t": "throw them away"}
        key = await self.ask_key("The steps are not stored", choices)
        if key == "t" or (key == "s" and await self._save(copy)):
            self.copy = WorkingCopy.of(copy.sequence)
            self.post_message(self.Closed())

    def _changed(self, copy: WorkingCopy, at: int) -> None:
        """Show the change; a draft stores it."""
        self.draw(at)
        if copy.autosaves and copy.steps:
            self._autosave(copy)

    @work(group="store", exit_on_error=False)
    async def _autosave(self, copy: WorkingCopy) -> None:
        await self._store(copy)

    async def _save(self, copy: WorkingCopy) -> bool:
        """Store the steps, after a word about the people in the sequence; True when it was done."""
        if not copy.steps:
            self.complain("A sequence needs at least one step: n writes one.")
            return False
        number, busy = copy.sequence.version_number, under_way(copy.sequence)
        if busy:
            stay = "stays" if busy == 1 else "stay"
            detail = (
                f"{people(busy).capitalize()} {stay} on version {number}; "
                f"whoever is enrolled from now on gets version {number + 1}."
            )
            if not await self.confirm(
                f"Store as version {number + 1}?", detail=detail, yes="Store"
            ):
                return False
        return await self._store(copy)

    async def _store(self, copy: WorkingCopy) -> bool:
        """Store the working copy, again while it changes meanwhile; one at a time."""
        if self.storing:
            return False
        self.storing = True
        try:
            while copy.dirty and copy.steps:
                steps = copy.steps
                done = await asyncio.to_thread(self.engine.run, update_sequence, copy.update)
                copy.accept(done, steps)
        except Conflict as error:
            self.complain(f"{error} w stores your steps over it.")
            fresh = await asyncio.to_thread(self.read)
            copy.sequence = fresh or copy.sequence
        except EngineError as error:
            self.complain(str(error))
        finally:
            self.storing = False
        self.draw_title()
        return not copy.dirty
