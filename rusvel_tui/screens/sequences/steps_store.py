"""Storing the steps that somebody changes: at once in a draft that nobody was ever in, else as a new version."""

from __future__ import annotations

import asyncio

from textual import work

from rusvel_tui.engine.errors import Conflict, EngineError
from rusvel_tui.engine.gtm.outreach.sequences.sequences import update_sequence
from rusvel_tui.screens.sequences.steps_pane import StepsPane
from rusvel_tui.screens.sequences.words import people, under_way
from rusvel_tui.screens.sequences.working_copy import WorkingCopy


class StepsStore(StepsPane):
    """Shows a working copy and stores it."""

    def changed(self, copy: WorkingCopy, at: int) -> None:
        """Show the change; a draft stores it."""
        self.draw(at)
        if copy.autosaves and copy.steps:
            self._autosave(copy)

    @work(group="store", exit_on_error=False)
    async def _autosave(self, copy: WorkingCopy) -> None:
        await self._store(copy)

    async def save(self, copy: WorkingCopy) -> bool:
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
        if self.storing.locked():
            return False
        async with self.storing:
            await self._store_all(copy)
        self.draw_title()
        return not copy.dirty

    async def settled(self) -> None:
        """Return when nothing is on its way to the engine any more."""
        async with self.storing:
            pass

    async def _store_all(self, copy: WorkingCopy) -> None:
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
