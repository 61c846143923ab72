"""What a sequence tells of itself, and what is done to it as a whole beside its steps."""

from __future__ import annotations

from typing import ClassVar

from textual import work

from rusvel_tui.actions import Action
from rusvel_tui.screens.sequences.about import edit_rules
from rusvel_tui.screens.sequences.enrolling import enrol_found
from rusvel_tui.screens.sequences.file import edit_sequence_as_text
from rusvel_tui.screens.sequences.people import SequencePeople
from rusvel_tui.screens.sequences.plan import show_plan
from rusvel_tui.screens.sequences.results import show_results
from rusvel_tui.screens.sequences.schedule import edit_schedule
from rusvel_tui.screens.sequences.template_library import show_library
from rusvel_tui.screens.sequences.versions import show_versions
from rusvel_tui.screens.sequences.why import show_why


class SequenceTools(SequencePeople):
    """Why, the file, the versions, the plan, the results, the schedule."""

    ACTIONS: ClassVar[tuple[Action, ...]] = (
        Action("sequences.why", "w", "Why not yet", "why", "why", "Say why the person's step has not gone out yet, and when it may."),
        Action("sequences.edit_text", "E", "Edit as text", "edit_text", "edit text", "Edit the sequence as YAML in your own editor."),
        Action("sequences.versions", "V", "Versions", "versions", "versions", "What each version changed and who is in it; moves people to another one."),
        Action("sequences.enrol_found", "F", "Enrol by filter", "enrol_found", "enrol filter", "Enrol all contacts that fit a filter; first you see who would be left out.", takes="FILTER"),
        Action("sequences.schedule", "W", "When", "schedule", "schedule", "Change when it works: windows, zone, days off, limits."),
        Action("sequences.rules", "U", "Who may", "rules", "rules", "Change who may be enrolled, and what a colleague's reply means."),
        Action("sequences.texts", "T", "Texts", "texts", "texts", "The library: mails to start a step from, and snippets to put into one."),
        Action("sequences.plan", "C", "Plan", "plan", "plan", "What leaves and what there is to do in the next 30 days."),
        Action("sequences.results", "R", "Results", "results", "results", "What came of it, by step, variant and version: mails, answers, meetings, deals."),
    )  # fmt: skip

    @work(exit_on_error=False)
    async def action_why(self) -> None:
        """Of the person under the cursor of the people, whatever has the focus."""
        if (row := self.people.current) is None:
            self.say("Nobody is in this sequence yet. S enrols a contact.")
        else:
            await show_why(self, row.enrollment_id, self.zone)

    @work(exit_on_error=False)
    async def action_edit_text(self) -> None:
        if (seen := self.sequence) is not None:
            await edit_sequence_as_text(self, seen)

    @work(exit_on_error=False)
    async def action_versions(self) -> None:
        if (seen := self.sequence) is not None:
            await show_versions(self, seen, self.zone)

    @work(exit_on_error=False)
    async def action_plan(self) -> None:
        await show_plan(self, self.zone)

    @work(exit_on_error=False)
    async def action_results(self) -> None:
        if (seen := self.sequence) is not None:
            await show_results(self, seen, self.zone)

    @work(exit_on_error=False)
    async def action_rules(self) -> None:
        if (seen := self.sequence) is not None:
            await edit_rules(self, seen)

    @work(exit_on_error=False)
    async def action_texts(self) -> None:
        await show_library(self)

    @work(exit_on_error=False)
    async def action_schedule(self) -> None:
        if (seen := self.sequence) is not None:
            await edit_schedule(self, seen, self.zone)

    @work(exit_on_error=False)
    async def action_enrol_found(self, wanted: str = "") -> None:
        seen = self.sequence
        if seen is not None and await self.ready(seen):
            await enrol_found(self, seen, self.zone, wanted)
