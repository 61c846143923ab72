"""What is done with the marked contacts, or with the one under the cursor."""

from __future__ import annotations

import asyncio

from textual import work

from rusvel_tui.screens.contacts import verbs
from rusvel_tui.screens.contacts.choice import Chosen, name_of, read_marked
from rusvel_tui.screens.contacts.contact_list import ContactList
from rusvel_tui.screens.sequences.words import people


class ChosenContacts(ContactList):
    """Verbs on some people at once; each clears the marks when it was done."""

    @work(exit_on_error=False)
    async def action_enrol(self) -> None:
        from rusvel_tui.screens.sequences.enrol import enrol

        chosen = await self._chosen()
        if chosen is not None and await enrol(self, chosen.ids, chosen.label):
            self.contacts.clear_marks()

    @work(exit_on_error=False)
    async def action_tags(self) -> None:
        chosen = await self._chosen()
        if chosen is not None:
            await verbs.change_tags(self, chosen)

    @work(exit_on_error=False)
    async def action_suppress(self) -> None:
        chosen = await self._chosen()
        if chosen is not None and await verbs.suppress_contacts(self, chosen):
            self.contacts.clear_marks()

    @work(exit_on_error=False)
    async def action_delete(self) -> None:
        chosen = await self._chosen()
        if chosen is not None and await verbs.delete_contacts(self, chosen):
            self.contacts.clear_marks()

    @work(exit_on_error=False)
    async def action_merge(self) -> None:
        """Two that are marked, side by side; else the queue of possible duplicates."""
        from rusvel_tui.screens.contacts.duplicates import show_duplicates
        from rusvel_tui.screens.contacts.merge_dialog import merge_pair

        if not self.contacts.marked_count:
            await show_duplicates(self)
            return
        chosen = await self._chosen()
        if chosen is None or len(chosen.ids) != 2:
            self.complain("Mark the two contacts that are one person, then press = again.")
        elif await merge_pair(self, *chosen.ids):
            self.contacts.clear_marks()

    async def copy(self) -> None:
        """The addresses of those who are marked; of one person whatever is asked for."""
        if not self.contacts.marked_count:
            await super().copy()
        elif (chosen := await self._chosen()) is not None:
            await verbs.copy_addresses(self, chosen)

    async def _chosen(self) -> Chosen | None:
        """The marked contacts, else the one under the cursor."""
        row, marks = self.contacts.current, self.contacts.marks
        if not self.contacts.marked_count:
            return None if row is None else Chosen((row.id,), name_of(row))
        ids = await asyncio.to_thread(read_marked, self.engine, marks, self.words, self.filter_text)
        if row is not None and row.id in ids:  # the one that is seen stands for the others
            ids = (row.id, *(one for one in ids if one != row.id))
        if len(ids) == 1 and row is not None and row.id == ids[0]:
            return Chosen(ids, name_of(row))
        return Chosen(ids, people(len(ids))) if ids else None
