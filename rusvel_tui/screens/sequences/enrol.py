"""The card for enrolling people: which sequence, what it begins with, and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
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
from rusvel_tui.engine.gtm.outreach.enrolling.enrolling import (
    Enrolled,
    EnrolPeople,
    ExecuteSequence,
    execute_sequence,
)
from rusvel_tui.engine.gtm.outreach.enrolling.enrolling import enrol as enrol_people
from rusvel_tui.engine.gtm.outreach.mails.preview import (
    PreviewSequence,
    preview_sequence,
)
from rusvel_tui.engine.gtm.outreach.sequences.sequence_views import SequenceStatus, SequenceView
from rusvel_tui.engine.gtm.outreach.sequences.sequences import ListSequences, list_sequences
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.sequences.words import kind, people, preview_blocks, under_way
from rusvel_tui.screens.shared.attempts import attempt, session_of
from rusvel_tui.screens.shared.moments import when
from rusvel_tui.widgets.columns import Column
from rusvel_tui.widgets.open_list import OpenList
from rusvel_tui.widgets.paged_list import PagedList
from rusvel_tui.widgets.plain import plain
from rusvel_tui.widgets.text_view import Block, Heading, Prose, TextView

MOST = 1000
"""Sequences to choose from."""
MOST_NAMED = 5
"""People that are named for each reason."""
NO_ONE = "Nobody fits: change the filter, or mark somebody."
NO_SEQUENCE = "No sequence is active. Go to the sequences with g s, and activate one with A."


class EnrolCard(ModalScreen[SequenceView | None]):
    """Dismissed with the chosen sequence, with None when the person gave up."""

    BINDINGS = [
        Binding("escape,q", "dismiss(None)", "Cancel", show=False, id="enrol.cancel"),
        Binding("pagedown,ctrl+d", "read_on(1)", "Read on", show=False, id="enrol.read_down"),
        Binding("pageup,ctrl+u", "read_on(-1)", "Read back", show=False, id="enrol.read_up"),
    ]

    def __init__(
        self,
        engine: Engine,
        who: str,
        ids: Sequence[str],
        sequences: Sequence[SequenceView],
        zone: ZoneInfo,
    ) -> None:
        super().__init__()
        self.engine, self.who, self.ids = engine, who, tuple(ids)
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
        try:
            blocks: tuple[Block, ...] = (*self._judged(sequence), *self._read(sequence))
        except EngineError as error:
            blocks = (Prose(f"✗ {error}", "bad"),)
        self.call_later(self._show, sequence, blocks)

    def _judged(self, sequence: SequenceView) -> tuple[Block, ...]:
        """Who would be enrolled, and who not and why. Runs in a thread."""
        order = EnrolPeople(sequence_id=sequence.sequence_id, contact_ids=self.ids, dry_run=True)
        return tuple(judged_blocks(self.engine.run(enrol_people, order)))

    def _read(self, sequence: SequenceView) -> tuple[Block, ...]:
        """Every step as the first of them gets it. Runs in a thread."""
        wanted = PreviewSequence(contact_id=self.ids[0], sequence_id=sequence.sequence_id)
        view = self.engine.run(preview_sequence, wanted)
        return (Heading(f"As {view.contact} gets it"), *preview_blocks(view, self.zone))

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
    chosen = await page.app.push_screen_wait(EnrolCard(page.engine, who, ids, found, zone))
    if chosen is None:
        return False
    if len(ids) > 1:
        order = EnrolPeople(sequence_id=chosen.sequence_id, contact_ids=tuple(ids))
        await enrol_now(page, order, zone)
    else:
        await _execute(page, _order(chosen, ids[0], deal_id), who, chosen.name, zone)
    return True


async def enrol_now(page: Page[Any], order: EnrolPeople, zone: ZoneInfo) -> None:
    """Enrol several people as one change, and say who was left out."""
    done = await attempt(page, partial(page.engine.run, enrol_people, order))
    if done is None:
        return
    page.load()
    kept = next((one for one in done.people if one.why_not), None)
    if not done.enrolled:
        page.complain(f"Nobody was enrolled: {kept.contact} {kept.why_not}." if kept else NO_ONE)
        return
    first = min(one.run_at for one in done.people if one.run_at)
    are = "is" if done.enrolled == 1 else "are"
    left = (
        f" {people(done.left_out).capitalize()} left out: {kept.contact} {kept.why_not}."
        if kept
        else ""
    )
    page.say(
        f"{people(done.enrolled).capitalize()} {are} enrolled in {done.sequence}; "
        f"the first step is due {_due(page, first, zone)}.{left} z to undo."
    )


async def _execute(
    page: Page[Any], order: ExecuteSequence, who: str, sequence: str, zone: ZoneInfo
) -> None:
    done = await attempt(page, partial(page.engine.run, execute_sequence, order))
    if done is not None:
        page.load()
        due = _due(page, done.run_at, zone)
        page.say(f"{who} is enrolled in {sequence}; the first step is due {due}. z to undo.")


def _due(page: Page[Any], moment: datetime, zone: ZoneInfo) -> str:
    return when(moment, zone) if moment > page.engine.clock.now() else "now"


def judged_blocks(would: Enrolled) -> Iterator[Block]:
    """How many would be enrolled; who would not, and why, by reason."""
    yield Prose(f"{people(would.enrolled).capitalize()} would be enrolled.", "strong")
    reasons: dict[str, list[str]] = {}
    for one in would.people:
        if one.why_not:
            reasons.setdefault(one.why_not, []).append(one.contact)
    if reasons:
        yield Prose(f"! {people(would.left_out).capitalize()} would not:", "warn")
    for why, names in reasons.items():
        more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        yield Prose(f"{', '.join(names[:MOST_NAMED])}{more}: {why}", "", 2)


def _active(engine: Engine) -> tuple[SequenceView, ...]:
    return engine.run(list_sequences, ListSequences(status=SequenceStatus.ACTIVE, limit=MOST)).items


def _order(sequence: SequenceView, contact_id: str, deal_id: str) -> ExecuteSequence:
    return ExecuteSequence(
        sequence_id=sequence.sequence_id, contact_id=contact_id, deal_id=deal_id or None
    )


_COLUMNS = (
    Column[SequenceView]("Sequence", lambda row: row.name, width=20, grow=1, most=50),
    Column[SequenceView]("Begins with", lambda row: kind(row.steps[0]), width=12, grow=1, most=24, tone="muted"),
    Column[SequenceView]("Steps", lambda row: str(len(row.steps)), width=5, align="right", tone="muted"),
    Column[SequenceView]("Under way", lambda row: str(under_way(row)), width=9, align="right", tone="muted"),
)  # fmt: skip
