"""What can be done with the people of a sequence: enrol them, pause them, end it for them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from textual import on, work

from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.gtm.crm.people.contact_views import ContactRow
from rusvel_tui.engine.gtm.outreach.enrolling.enrolling import (
    Executed,
    ExecuteSequence,
    execute_sequence,
)
from rusvel_tui.engine.gtm.outreach.enrolling.enrollment_views import (
    EnrollmentStatus,
    EnrollmentView,
)
from rusvel_tui.engine.gtm.outreach.enrolling.enrollment_window import (
    EnrollmentWindow,
    enrollment_rows,
)
from rusvel_tui.engine.gtm.outreach.enrolling.enrollments import (
    EndEnrollment,
    EnrollmentId,
    cancel_enrollment,
    pause_enrollment,
    resume_enrollment,
)
from rusvel_tui.engine.gtm.outreach.sequences.sequence_views import SequenceStatus, SequenceView
from rusvel_tui.engine.gtm.outreach.sequences.sequences import SequenceId, activate_sequence
from rusvel_tui.engine.operation import Input, Operation
from rusvel_tui.screens.sequences.editing import SequenceEditing
from rusvel_tui.screens.sequences.words import people
from rusvel_tui.screens.shared.moments import when
from rusvel_tui.screens.shared.picker import pick_contact
from rusvel_tui.widgets.line_input import Question
from rusvel_tui.widgets.virtual_list import VirtualList

MOST = 1000
"""People that are paused or ended at once at the most."""


class SequencePeople(SequenceEditing):
    """Enrolling, pausing, ending."""

    @work(exit_on_error=False)
    async def action_enrol(self) -> None:
        seen = self.sequence
        if seen is None or not await self.ready(seen):
            return
        contact = await pick_contact(self, f"Enrol in {seen.name}")
        if contact is not None:
            command = ExecuteSequence(sequence_id=seen.sequence_id, contact_id=contact.id)
            self.run(execute_sequence, command, lambda done: self._enrolled(contact, done))

    @on(VirtualList.Opened, "#sequence-people")
    def _person_opened(self, event: VirtualList.Opened) -> None:
        self.visit("contacts", event.row.contact_id)

    async def ready(self, seen: SequenceView) -> bool:
        """Whether people can be enrolled: only an active sequence takes them."""
        if seen.status is SequenceStatus.ACTIVE:
            return True
        detail = "Only an active sequence drafts mails. Nothing leaves without your yes."
        if not await self.confirm(f"Activate {seen.name}?", detail=detail, yes="Activate"):
            return False
        command = SequenceId(sequence_id=seen.sequence_id)
        try:
            await asyncio.to_thread(self.engine.run, activate_sequence, command)
        except EngineError as error:
            self.complain(str(error))
            return False
        return True

    def _enrolled(self, contact: ContactRow, done: Executed) -> None:
        due = "now" if done.run_at <= self.engine.clock.now() else when(done.run_at, self.zone)
        self.say(f"{contact.name or contact.email} is enrolled; the first step is due {due}.")

    @work(exit_on_error=False)
    async def pause_people(self) -> None:
        """Pause those who go on; let those go on who are paused, when all of them are."""
        rows = await self._chosen()
        going = [row for row in rows if row.status is EnrollmentStatus.ACTIVE]
        resting = [row for row in rows if row.status is EnrollmentStatus.PAUSED]
        if not going and not resting:
            self.say("Nobody here is under way.")
            return
        operation = pause_enrollment if going else resume_enrollment
        done = await self._each(
            operation, [EnrollmentId(enrollment_id=row.enrollment_id) for row in going or resting]
        )
        self.say(f"{people(done).capitalize()} {'paused' if going else 'under way again'}.")

    @work(exit_on_error=False)
    async def end_people(self) -> None:
        """End the way of those under way, with a reason."""
        ended = (EnrollmentStatus.COMPLETED, EnrollmentStatus.CANCELLED)
        rows = [row for row in await self._chosen() if row.status not in ended]
        if not rows:
            self.say("Nobody here is under way.")
            return
        who = rows[0].contact if len(rows) == 1 else people(len(rows))
        hint = "why? Enter without a word means: manual"
        reason = await self.ask_line(Question("end", f"End it for {who}: ", hint=hint))
        if reason is None:
            return
        orders = [
            EndEnrollment(enrollment_id=row.enrollment_id, reason=reason or "manual")
            for row in rows
        ]
        done = await self._each(cancel_enrollment, orders)
        self.say(f"Ended for {people(done)}; what had not left is cancelled.")

    async def _chosen(self) -> list[EnrollmentView]:
        """The marked people, else the one under the cursor."""
        seen, marks = self.sequence, self.people.marks
        if seen is None or not self.people.marked_count:
            return [self.people.current] if self.people.current else []
        window = EnrollmentWindow(sequence_id=seen.sequence_id, count=MOST)
        found = await asyncio.to_thread(self.engine.run, enrollment_rows, window)
        return [row for row in found.rows if marks.has(row.enrollment_id)]

    async def _each(self, operation: Operation[Any, Any], orders: Sequence[Input]) -> int:
        """Run one operation for each of several; how many went well, the first error is told."""
        done, trouble = await asyncio.to_thread(self._run_each, operation, orders)
        if trouble:
            self.complain(trouble)
        self.people.clear_marks()
        self.load()
        return done

    def _run_each(self, operation: Operation[Any, Any], orders: Sequence[Input]) -> tuple[int, str]:
        done, trouble = 0, ""
        for order in orders:
            try:
                self.engine.run(operation, order)
            except EngineError as error:
                trouble = trouble or str(error)
            else:
                done += 1
        return done, trouble
