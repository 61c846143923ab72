"""The card for enrolling people: which sequence, what it begins with, and when."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.gtm.outreach.enrolling import (
    Executed,
    ExecuteSequence,
    execute_sequence,
)
from rusvel_tui.engine.gtm.outreach.preview import (
    PreviewSequence,
    preview_sequence,
)
from rusvel_tui.engine.gtm.outreach.sequence_views import SequenceStatus, SequenceView
from rusvel_tui.engine.gtm.outreach.sequences import ListSequences, list_sequences
from rusvel_tui.screens.attempts import attempt, for_each, session_of
from rusvel_tui.screens.moments import when
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.sequence_words import kind, people, preview_blocks, under_way
from rusvel_tui.widgets.columns import Column
from rusvel_tui.widgets.open_list import OpenList
from rusvel_tui.widgets.paged_list import PagedList
from rusvel_tui.widgets.plain import plain
from rusvel_tui.widgets.text_view import Block, Prose, TextView

MOST = 1000
"""Sequences to choose from."""
NO_SEQUENCE = "No sequence is active. Go to the sequences with g s, and activate one with A."


class EnrolCard(ModalScreen[SequenceView | None]):
    """Dismissed with the chosen sequence, with None when the person gave up."""

    BINDINGS = [
        Binding("escape,q", "dismiss(None)", "Cancel", show=False, id="enrol.cancel"),
        Binding("pagedown,ctrl+d", "read_on(1)", show=False, id="enrol.read_down"),
        Binding("pageup,ctrl+u", "read_on(-1)", show=False, id="enrol.read_up"),
    ]

    def __init__(
        self,
        engine: Engine,
        who: str,
        contact_id: str,
        sequences: Sequence[SequenceView],
        zone: ZoneInfo,
    ) -> None:
        super().__init__()
        self.engine, self.who, self.contact_id = engine, who, contact_id
        self.sequences, self.zone = sequences, zone

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog enrol"):
            yield Static(plain(f"Enrol {self.who}"), classes="dialog-title")
            yield OpenList(_COLUMNS, key="sequence_id")
            yield TextView()
            yield Static(
                "enter enrols · j k another sequence · PgDn reads on · esc cancels",
                classes="dialog-hint",
            )

    @property
    def rows(self) -> OpenList[SequenceView]:
        return self.query_one(OpenList)

    def on_mount(self) -> None:
        self.rows.styles.height = min(6, len(self.sequences)) + 1
        self.rows.focus()
        self.rows.reload()

    @on(PagedList.PageWanted)
    def _wanted(self, event: PagedList.PageWanted) -> None:
        event.stop()
        self.rows.set_total(event.version, len(self.sequences))
        window = self.sequences[event.first : event.first + event.count]
        self.rows.set_page(event.version, event.first, window)

    @on(PagedList.Highlighted)
    def _highlighted(self, event: PagedList.Highlighted) -> None:
        event.stop()
        if event.row is not None:
            self._preview(event.row)

    @on(OpenList.Opened)
    def _chosen(self, event: OpenList.Opened) -> None:
        event.stop()
        self.dismiss(event.row)

    @work(thread=True, group="preview", exclusive=True, exit_on_error=False)
    def _preview(self, sequence: SequenceView) -> None:
        wanted = PreviewSequence(contact_id=self.contact_id, sequence_id=sequence.sequence_id)
        try:
            view = self.engine.run(preview_sequence, wanted)
            said = Prose(f"As {view.contact} gets it", "strong")
            blocks = (said, *preview_blocks(view, self.zone))
        except EngineError as error:
            blocks = (Prose(f"✗ {error}", "bad"),)
        self.call_later(self._show, sequence, blocks)

    def _show(self, sequence: SequenceView, blocks: Sequence[Block]) -> None:
        if self.rows.current == sequence:
            self.query_one(TextView).show(blocks)

    def action_read_on(self, pages: int) -> None:
        """Scroll the text while the focus stays in the list."""
        self.query_one(TextView).action_page(pages)


async def enrol(page: Page[Any], ids: Sequence[str], who: str, deal_id: str = "") -> bool:
    """Let the person choose a sequence, and enrol these contacts in it; True when one was chosen."""
    session = await session_of(page)
    found = await attempt(page, partial(_active, page.engine))
    if session is None or found is None:
        return False
    if not found:
        page.complain(NO_SEQUENCE)
        return False
    zone = ZoneInfo(session.timezone)
    card = EnrolCard(page.engine, who, ids[0], found, zone)
    chosen = await page.app.push_screen_wait(card)
    if chosen is None:
        return False
    begun: list[Executed] = []
    orders = [_order(chosen, one, deal_id) for one in ids]
    outcome = await for_each(page, orders, partial(_execute, page.engine, begun))
    now = page.engine.clock.now()
    due = when(begun[0].run_at, zone) if begun and begun[0].run_at > now else "now"
    several = f"{people(outcome.done).capitalize()} are" if len(ids) > 1 else f"{who} is"
    outcome.tell(page, f"{several} enrolled in {chosen.name}; the first step is due {due}.")
    return True


def _active(engine: Engine) -> tuple[SequenceView, ...]:
    return engine.run(list_sequences, ListSequences(status=SequenceStatus.ACTIVE, limit=MOST)).items


def _order(sequence: SequenceView, contact_id: str, deal_id: str) -> ExecuteSequence:
    return ExecuteSequence(
        sequence_id=sequence.sequence_id, contact_id=contact_id, deal_id=deal_id or None
    )


def _execute(engine: Engine, begun: list[Executed], order: ExecuteSequence) -> bool:
    begun.append(engine.run(execute_sequence, order))
    return True


_COLUMNS = (
    Column[SequenceView]("Sequence", lambda row: row.name, width=20, grow=1, most=50),
    Column[SequenceView]("Begins with", lambda row: kind(row.steps[0]), width=12, grow=1, most=24, tone="muted"),
    Column[SequenceView]("Steps", lambda row: str(len(row.steps)), width=5, align="right", tone="muted"),
    Column[SequenceView]("Under way", lambda row: str(under_way(row)), width=9, align="right", tone="muted"),
)  # fmt: skip
