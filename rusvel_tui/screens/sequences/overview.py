"""Sequences as they are: the list, the steps of the one under the cursor, and the people in it."""

from __future__ import annotations

from typing import NamedTuple
from zoneinfo import ZoneInfo

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Vertical

from rusvel_tui.engine.gtm.outreach.enrolling.enrollment_views import EnrollmentView
from rusvel_tui.engine.gtm.outreach.enrolling.enrollment_window import (
    EnrollmentWindow,
    enrollment_rows,
)
from rusvel_tui.engine.gtm.outreach.sequences.sequence_views import SequenceView
from rusvel_tui.engine.gtm.outreach.sequences.sequences import ListSequences, list_sequences
from rusvel_tui.engine.sessions import ListSessions, show_session
from rusvel_tui.screens.page import AnyList, Page, Rows
from rusvel_tui.screens.sequences.editor import SequenceEditor
from rusvel_tui.screens.sequences.words import PERSON, SEQUENCE, about, next_words, step_list
from rusvel_tui.widgets.columns import Column
from rusvel_tui.widgets.open_list import OpenList
from rusvel_tui.widgets.paged_list import PagedList
from rusvel_tui.widgets.plain import plain
from rusvel_tui.widgets.text_view import TextView
from rusvel_tui.widgets.virtual_list import VirtualList

MOST = 1000
"""Sequences that are shown."""
NO_SEQUENCE = """No sequence yet.

A sequence is a series of steps for one person after the other: mails that
wait for your yes, calls, and tasks.

c s  writes one
m    makes an example: three mails over ten days, to read and to change"""
NOBODY = "Nobody yet. A activates the sequence, S enrols a contact."


class Around(NamedTuple):
    """What the page needs to know beside its rows."""

    zone: ZoneInfo
    empty: bool


class SequenceOverview(Page[Around]):
    """Three panes, and the editor in their place while it is open."""

    zone = ZoneInfo("UTC")
    empty = False
    """True when there is no sequence at all."""
    _shown = ""
    """The sequence whose people are shown; threads read it."""

    def compose(self) -> ComposeResult:
        with Container(id="sequence-panes"):
            yield OpenList(
                self._columns(), id="sequence-list", key="sequence_id", empty=NO_SEQUENCE
            )
            with Vertical(id="sequence-detail"):
                yield TextView(id="sequence-steps")
                yield VirtualList(
                    self._people_columns(), id="sequence-people", key="enrollment_id", empty=NOBODY
                )
        yield SequenceEditor(self.engine, self._changes, id="editor")

    def _columns(self) -> tuple[Column[SequenceView], ...]:
        return (
            Column("Sequence", lambda row: row.name, width=16, grow=1, most=60),
            Column("Status", lambda row: SEQUENCE[row.status][0], width=11, tone=lambda row: SEQUENCE[row.status][1]),
            Column("Steps", lambda row: str(len(row.steps)), width=5, align="right", tone="muted"),
            Column("Active", lambda row: _count(row.active), width=6, align="right"),
            Column("Paused", lambda row: _count(row.paused), width=6, align="right", drop=2, tone="muted"),
            Column("Done", lambda row: _count(row.completed), width=4, align="right", drop=3, tone="muted"),
            Column("Ended", lambda row: _count(row.cancelled), width=5, align="right", drop=1, tone="muted"),
        )  # fmt: skip

    def _people_columns(self) -> tuple[Column[EnrollmentView], ...]:
        return (
            Column("Person", lambda row: row.contact, width=16, grow=2, most=40),
            Column("Status", lambda row: PERSON[row.status][0], width=9, tone=lambda row: PERSON[row.status][1]),
            Column("Step", lambda row: f"{row.step}/{row.steps}", width=5, align="right", tone="muted"),
            Column("Next", self._next, width=18, grow=1, most=40, tone=_next_tone),
        )  # fmt: skip

    def _next(self, row: EnrollmentView) -> str:
        return next_words(row, self.engine.clock.now(), self.zone)

    def on_mount(self) -> None:
        super().on_mount()
        self.editor.display = False
        self.people.border_title = "People"

    @property
    def sequences(self) -> OpenList[SequenceView]:
        return self.query_one("#sequence-list", OpenList)

    @property
    def people(self) -> VirtualList[EnrollmentView]:
        return self.query_one("#sequence-people", VirtualList)

    @property
    def editor(self) -> SequenceEditor:
        return self.query_one(SequenceEditor)

    @property
    def sequence(self) -> SequenceView | None:
        """The sequence under the cursor, whose steps and people are shown."""
        return self.sequences.current

    def read(self) -> Around:
        found = self.engine.run(list_sequences, ListSequences(limit=1)).items
        zone = ZoneInfo(self.engine.run(show_session, ListSessions()).timezone)
        return Around(zone, not found)

    def show(self, view: Around) -> None:
        """Without any sequence the list has the whole page, and other keys matter."""
        if view.zone != self.zone:
            self.zone = view.zone
            self.people.refresh()
        if view.empty != self.empty:
            self.empty = view.empty
            self.query_one("#sequence-panes").set_class(view.empty, "-empty")
            self.post_message(self.Turned())

    def read_rows(self, widget: AnyList, first: int, count: int) -> Rows:
        if widget.id == "sequence-list":
            rows = self.engine.run(list_sequences, ListSequences(limit=MOST)).items
            return Rows(len(rows), rows[first : first + count])
        window = EnrollmentWindow(sequence_id=self._shown, first=first, count=count)
        found = self.engine.run(enrollment_rows, window)
        return Rows(found.total, found.rows)

    @on(PagedList.Highlighted, "#sequence-list")
    def _highlighted(self, event: PagedList.Highlighted) -> None:
        row: SequenceView | None = event.row
        title = f"{row.name} · version {row.version_number}" if row else "Steps"
        steps = self.query_one("#sequence-steps", TextView)
        steps.border_title = plain(title)
        steps.show((*about(row), *step_list(row.steps)) if row else ())
        self._shown = row.sequence_id if row else ""
        self.people.clear_marks()
        self.people.reload()


def _count(number: int) -> str:
    return str(number) if number else "·"


def _next_tone(row: EnrollmentView) -> str:
    return "accent" if row.job_id and row.next_at is None else "muted"
