"""The sequences page: write sequences, set them going, and see who is where."""

from __future__ import annotations

import asyncio

from textual import work

from rusvel_tui.actions import Action
from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.gtm.outreach.mails.preview import PreviewSequence, preview_sequence
from rusvel_tui.engine.gtm.outreach.sequences.sequence_views import SequenceStatus
from rusvel_tui.engine.gtm.outreach.sequences.sequences import (
    SequenceId,
    activate_sequence,
    archive_sequence,
    create_sequence,
    pause_sequence,
)
from rusvel_tui.screens.sequences.about import edit_about
from rusvel_tui.screens.sequences.start import EXAMPLE
from rusvel_tui.screens.sequences.tools import SequenceTools
from rusvel_tui.screens.sequences.words import preview_blocks
from rusvel_tui.screens.shared.dialogs import Reader
from rusvel_tui.screens.shared.picker import pick_contact

_TOOLS = {action.do for action in SequenceTools.ACTIONS}
_WHILE_EDITING = _TOOLS | {"activate", "pause", "enrol", "end", "rename", "edit", "example"}
"""Actions on the sequence or its people, which the editor hides."""
_VERBS = _WHILE_EDITING | {"preview"}


class SequencesPage(SequenceTools):
    """Verbs on whole sequences."""

    TOPICS = frozenset({"gtm.sequence", "gtm.outreach", "gtm.email", "gtm.contact"})
    ABOUT = "Steps that one person after the other goes through. Mails are drafted by themselves and wait for your yes."
    ACTIONS = (
        Action("sequences.edit", "e", "Edit", "edit", "edit", "Change the steps of the sequence.", foot=True),
        Action("sequences.enrol", "S", "Enrol", "enrol", "enrol", "Start the sequence for a contact.", foot=True),
        Action("sequences.activate", "A", "Activate", "activate", "activate", "Let it draft, and send what you approve.", foot=True),
        Action("sequences.pause", "P", "Pause", "pause", "pause", "Pause or resume the sequence, or the people where the cursor is.", foot=True),
        Action("sequences.preview", "p", "Preview", "preview", "preview", "Read every step as one contact would get it.", foot=True),
        Action("sequences.end", "D", "Delete", "end", "delete", "Put the sequence away, or end it for the people where the cursor is."),
        Action("sequences.rename", "r", "Rename", "rename", "rename", "Give the sequence another name, and say what it is for."),
        Action("sequences.example", "m", "Example", "example", "example", "Make the example sequence, to read and to change.", foot=True),
    )  # fmt: skip

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The editor has its own keys, the example is for an empty desk, and all else for one that is not."""
        if action not in _VERBS or parameters:  # a sequence that is named needs no cursor
            return True
        hidden = self.editing and action in _WHILE_EDITING
        nothing = self.empty and self.sequence is None
        return not hidden and nothing == (action == "example")

    def action_activate(self) -> None:
        if (seen := self.sequence) is not None:
            self.run(
                activate_sequence,
                SequenceId(sequence_id=seen.sequence_id),
                lambda _: self.say(f"{seen.name} is active. S enrols a contact."),
            )

    def action_pause(self) -> None:
        """Pause or resume what has the focus."""
        seen = self.sequence
        if self.people.has_focus:
            self.pause_people()
        elif seen is not None and seen.status is SequenceStatus.PAUSED:
            self.action_activate()
        elif seen is not None:
            self.run(
                pause_sequence,
                SequenceId(sequence_id=seen.sequence_id),
                lambda _: self.say(f"{seen.name} is paused: nothing of it is drafted or sent."),
            )

    @work(exit_on_error=False)
    async def action_end(self) -> None:
        """Archive the sequence, or end it for people."""
        seen = self.sequence
        if self.people.has_focus:
            self.end_people()
        elif seen is not None and await self.confirm(
            f"Put {seen.name} away?", detail="z brings it back, as a draft.", yes="Put away"
        ):
            self.run(
                archive_sequence,
                SequenceId(sequence_id=seen.sequence_id),
                lambda _: self.say(f"{seen.name} is put away. z brings it back."),
            )

    @work(exit_on_error=False)
    async def action_rename(self) -> None:
        if (seen := self.sequence) is None:
            return
        await edit_about(self, seen)

    def action_example(self) -> None:
        said = "The example is a draft. p reads it as one contact would, e changes it."
        self.run(create_sequence, EXAMPLE, lambda _: self.say(said))

    @work(exit_on_error=False)
    async def action_preview(self) -> None:
        """Read every step as one contact would get it, changes that are not stored included."""
        copy = self.editor.copy if self.editing else None
        seen = copy.sequence if copy else self.sequence
        if seen is None:
            return
        contact = await pick_contact(self, f"Read {seen.name} as whom?")
        if contact is None:
            return
        steps = tuple(step.as_input for step in copy.steps) if copy else ()
        wanted = PreviewSequence(contact_id=contact.id, sequence_id=seen.sequence_id, steps=steps)
        try:
            view = await asyncio.to_thread(self.engine.run, preview_sequence, wanted)
        except EngineError as error:
            self.complain(str(error))
            return
        self.app.push_screen(
            Reader(f"{view.sequence} for {view.contact}", preview_blocks(view, self.zone))
        )
