"""The steps of one sequence on the screen: a list, and the step under the cursor in full."""

from __future__ import annotations

import asyncio
from typing import Any, NamedTuple

from textual import on
from textual.app import ComposeResult

from rusvel_tui.engine.gtm.outreach.mails.preview import StepText
from rusvel_tui.engine.gtm.outreach.sequences.sequence_views import SequenceView
from rusvel_tui.engine.gtm.outreach.sequences.sequences import SequenceId, get_sequence
from rusvel_tui.screens.page import AnyList, Rows
from rusvel_tui.screens.sequences.words import (
    SEQUENCE,
    delay,
    headline,
    kind,
    step_whole,
    tree_blocks,
)
from rusvel_tui.screens.sequences.working_copy import WorkingCopy
from rusvel_tui.screens.shared.asking import Asking
from rusvel_tui.widgets.columns import Column
from rusvel_tui.widgets.open_list import OpenList
from rusvel_tui.widgets.paged_list import PagedList
from rusvel_tui.widgets.plain import plain
from rusvel_tui.widgets.text_view import Heading, Rule, TextView


class Numbered(NamedTuple):
    """One line of the list."""

    id: str
    number: int
    step: StepText


COLUMNS = (
    Column[Numbered]("", lambda row: str(row.number), width=2, align="right", tone="muted"),
    Column[Numbered]("When", lambda row: _short_delay(row.step), width=13),
    Column[Numbered]("What", lambda row: kind(row.step), width=16, tone="accent"),
    Column[Numbered]("Subject or text", lambda row: headline(row.step), width=20, grow=3, most=90),
)


def _short_delay(step: StepText) -> str:
    """The unit stays to be seen where there is little room: `3 work days`."""
    return (
        delay(step)
        .replace("working days later", "work days")
        .replace("working day later", "work day")
    )


class StepsPane(Asking[SequenceView]):
    """Shows a working copy."""

    TOPICS = frozenset({"gtm.sequence"})

    copy: WorkingCopy | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.storing = asyncio.Lock()
        """Held while the engine has the steps in its hands."""

    def compose(self) -> ComposeResult:
        empty = "No step yet. n writes the first one."
        yield OpenList(COLUMNS, id="editor-steps", empty=empty)
        yield TextView(id="editor-step")

    @property
    def rows(self) -> OpenList[Numbered]:
        return self.query_one("#editor-steps", OpenList)

    def edit(self, sequence: SequenceView) -> None:
        """Show the steps of a sequence, from its beginning."""
        self._stale = False
        self.copy = WorkingCopy.of(sequence)
        self.draw(0)

    def read(self) -> SequenceView | None:
        if self.copy is None:
            return None
        wanted = SequenceId(sequence_id=self.copy.sequence.sequence_id)
        return self.engine.run(get_sequence, wanted)

    def show(self, view: SequenceView) -> None:
        copy = self.copy
        if copy is None or copy.dirty or self.storing.locked():
            return
        if copy.sequence.sequence_id == view.sequence_id:
            self.copy = WorkingCopy.of(view)
            self.draw(self.rows.cursor)

    def read_rows(self, widget: AnyList, first: int, count: int) -> Rows:
        steps = self.copy.steps if self.copy else ()
        rows = [Numbered(str(number), number, step) for number, step in enumerate(steps, 1)]
        return Rows(len(rows), rows[first : first + count])

    def draw(self, at: int) -> None:
        """Show the working copy, with the cursor on the step at that index."""
        self.rows.cursor = at
        self.rows.reload(str(at + 1))
        self.draw_title()
        self._draw_step()

    def draw_title(self) -> None:
        """Name the sequence, its state, and whether all is stored."""
        if self.copy is None:
            return
        seen = self.copy.sequence
        parts = [seen.name, SEQUENCE[seen.status][0], f"version {seen.version_number}"]
        if self.copy.dirty:
            parts.append("not stored: w stores it")
        self.rows.border_title = plain(" · ".join(parts))

    @on(PagedList.Highlighted)
    def _highlighted(self, event: PagedList.Highlighted) -> None:
        event.stop()
        self._draw_step()

    def _draw_step(self) -> None:
        at = self.rows.cursor
        steps = self.copy.steps if self.copy else ()
        blocks = step_whole(at + 1, steps[at]) if at < len(steps) else ()
        if any(step.when or step.branches or step.variants for step in steps):
            blocks = (*blocks, Rule(), Heading("The whole sequence"), *tree_blocks(steps))
        self.query_one(TextView).show(blocks)
