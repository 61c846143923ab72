"""The conversations on the left, one of them in the middle; answers go on whichever page is in front."""

from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from time import monotonic
from typing import NamedTuple
from zoneinfo import ZoneInfo

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.timer import Timer
from textual.widgets import Static

from rusvel_tui.engine import departments
from rusvel_tui.engine.agent.chat.conversations import (
    ConversationLine,
    ListConversations,
    list_conversations,
)
from rusvel_tui.engine.errors import NotFound
from rusvel_tui.engine.manifests.manifest import Department
from rusvel_tui.engine.sessions import ListSessions, show_session
from rusvel_tui.screens.assistant import captions
from rusvel_tui.screens.assistant.answering import Answering, Conversation, read_conversation
from rusvel_tui.screens.assistant.words import RUN_SIGNS
from rusvel_tui.screens.filtered import Filtered
from rusvel_tui.screens.moments import short
from rusvel_tui.screens.page import AnyList, Rows
from rusvel_tui.widgets.chat.chat_input import ChatInput
from rusvel_tui.widgets.chat.entries import Asked, Entry, ToolUse
from rusvel_tui.widgets.chat.transcript import Transcript
from rusvel_tui.widgets.columns import Column
from rusvel_tui.widgets.desk_app import DeskApp
from rusvel_tui.widgets.header import Header
from rusvel_tui.widgets.open_list import OpenList
from rusvel_tui.widgets.paged_list import PagedList
from rusvel_tui.widgets.plain import fitting, plain

FRAME = 1 / 30
"""Seconds between two pictures of an answer that comes."""
TYPING = 0.4
"""Seconds after a key for which more are expected: the screen paints 60 times a second, so that a key right behind a
frame waits for its echo."""
ECHO, GAP = 0.008, 0.038
"""From when until when after a key there is time for a frame: its echo is painted, and the next key is not there yet."""
SELDOM = 0.3
"""Seconds after which a frame comes in any case."""
GARBAGE = 4_000
"""New objects after which a frame clears up behind it: all at once, later, would hold up a key."""
MOST = 999
"""Conversations in the list; a search finds among all."""
NEW = ConversationLine(
    conversation_id="",
    department="",
    title="New conversation",
    state=None,
    updated_at=datetime.min.replace(tzinfo=UTC),
)
"""The first row of the list."""


class Shown(NamedTuple):
    """What the page shows."""

    zone: ZoneInfo
    conversation: Conversation | None


class Conversing(Filtered[Shown]):
    """Shows conversations and answers that come; what the person does with them is in `AssistantPage`."""

    EMPTY = "No conversation yet."
    HINT = "words that were said"
    zone = ZoneInfo("UTC")
    conversation: Conversation | None = None
    """What was read of the one in the middle."""
    conversation_id = ""
    """The one in the middle; empty for a new one."""
    department: Department = departments.DEPARTMENTS[0]
    fresh: Answering | None = None
    """The answer in the new conversation in the middle, until that has an id."""
    _beat: Timer | None = None
    _captioned = ""
    _looked = 0.0

    def compose(self) -> ComposeResult:
        with Container(id="chat-panes"):
            with Vertical(id="chat-side"):
                yield self.caption()
                yield OpenList(
                    (
                        Column[ConversationLine]("", _sign, width=1, tone=_sign_tone),
                        Column[ConversationLine]("Conversations", lambda row: row.title or "…", width=12, grow=1, most=60, tone=lambda row: "" if row.conversation_id else "accent"),
                        Column[ConversationLine]("", self._when, width=6, align="right", drop=1, tone="muted"),
                    ),
                    key="conversation_id",
                    id="chat-list",
                    empty=self.EMPTY,
                )  # fmt: skip
            with Vertical(id="chat-main"):
                yield Static(id="chat-caption", classes="tally", markup=False)
                yield Transcript(id="transcript")
                yield Static(id="chat-hints", markup=False)
                yield ChatInput(id="chat-input")

    def on_mount(self) -> None:
        super().on_mount()
        self.answers: list[Answering] = []
        self._heard: dict[str, ToolUse] = {}
        """What tools answered in turns that wait: the database has it when they are done."""
        self.waiting: dict[str, tuple[str, Department]] = {}
        self.query_one("#chat-hints").display = False
        self._focused = self.transcript
        self.show_middle(begin=True)

    def on_resize(self) -> None:
        self.call_after_refresh(self._show_caption)  # the line above has its width then

    def on_unmount(self) -> None:
        for answer in self.answers:
            answer.stop.set()  # the program waits for its threads

    @property
    def transcript(self) -> Transcript:
        return self.query_one("#transcript", Transcript)

    @property
    def input(self) -> ChatInput:
        return self.query_one("#chat-input", ChatInput)

    @property
    def guest(self) -> bool:
        """Whether this desk can only be looked at."""
        return self.engine.read_only

    @property
    def answer(self) -> Answering | None:
        """The answer that comes in the conversation in the middle."""
        if not self.conversation_id:
            return self.fresh
        return self.answer_in(self.conversation_id)

    def answer_in(self, conversation_id: str) -> Answering | None:
        """The answer that comes in a conversation."""
        return next((one for one in self.answers if one.conversation_id == conversation_id), None)

    def read(self) -> Shown:
        zone = ZoneInfo(self.engine.run(show_session, ListSessions()).timezone)
        try:
            found = read_conversation(self.engine, self.conversation_id) if self.conversation_id else None  # fmt: skip
        except NotFound:  # deleted, or of another session
            found = None
        return Shown(zone, found)

    def show(self, view: Shown) -> None:
        self.zone = view.zone
        found = view.conversation
        if (found.view.conversation_id if found else "") != self.conversation_id:
            if self.conversation_id and found is None and self.answer is None:
                self.open("")
            return
        begin = self._differs(found)
        self.conversation = found
        self.show_middle(begin=begin)
        if found is not None and self.answer is None:
            self._follow(found)

    def read_rows(self, widget: AnyList, first: int, count: int) -> Rows:
        wanted = ListConversations(department=self.department.id, words=self.words, limit=MOST)
        found = self.engine.run(list_conversations, wanted).items
        items = found if self.words else (NEW, *found)
        return Rows(len(items), items[first : first + count])

    def open(self, conversation_id: str) -> None:
        """Show a conversation, a new one without an id."""
        if conversation_id == self.conversation_id and (conversation_id or self.fresh is None):
            return
        self.conversation_id, self.conversation, self.fresh = conversation_id, None, None
        self.show_middle(begin=True)
        self._load()

    def reveal(self, item_id: str) -> None:
        """Show that conversation."""
        self.open(item_id)
        self.listing.reload(item_id)

    @on(PagedList.Highlighted, "#chat-list")
    def _highlighted(self, event: PagedList.Highlighted) -> None:
        event.stop()
        if (
            event.row is not None and event.widget.has_focus
        ):  # else it follows what is in the middle
            self.open(event.row.conversation_id)

    @on(OpenList.Opened, "#chat-list")
    def _opened(self, event: OpenList.Opened) -> None:
        event.stop()
        self.set_class(False, "-listed")
        self.transcript.focus()

    def begin(self, answer: Answering, work: Callable[[], None]) -> None:
        """Answer in a thread, and look several times a second at what it says."""
        self.answers.append(answer)
        if not answer.conversation_id:
            self.fresh = answer
        self.run_worker(work, group="answer", thread=True, exit_on_error=False)
        if self._beat is None:
            self._beat = self.set_interval(FRAME, self._look)
        self.show_middle()

    def _look(self) -> None:
        """A frame: what came since the last one; while somebody types, right behind a key or seldom."""
        now = monotonic()
        since = now - (self.app.pressed_at if isinstance(self.app, DeskApp) else 0.0)
        if since < TYPING and not ECHO < since < GAP and now - self._looked < SELDOM:
            return
        self._looked = now
        for answer in tuple(self.answers):
            over = answer.over  # before the news are taken: the last ones are there then
            if answer.take() and answer is self._middle(answer):
                self.show_middle()
            if over:
                self.answers.remove(answer)
                self._finished(answer)
        if gc.get_count()[0] > GARBAGE:
            gc.collect(0)
        if not self.answers and self._beat is not None:
            self._beat.stop()
            self._beat = None

    def _middle(self, answer: Answering) -> Answering | None:
        """The answer in the middle; a new conversation gets its id on the way."""
        if answer is self.fresh and answer.conversation_id:
            self.fresh, self.conversation_id = None, answer.conversation_id
            self.listing.reload(self.conversation_id)
        return self.answer

    def _finished(self, answer: Answering) -> None:
        """The thread is done: what is kept in the database takes the place of what was heard."""
        run = answer.live.run
        self._heard |= answer.live.results
        if answer.error:
            self.complain(answer.error)
        if run is not None and run.run_id and not answer.error and run.ended_at is None:
            self.waiting[run.run_id] = (run.conversation_id, self._department(run.department))
            self._look_at_waiting()
        if answer is self.fresh:  # nothing was kept: give the words back
            self.fresh = None
            if not self.input.text:
                self.input.fill(answer.question)
        self._stale = True
        self._mark_tab()
        self.catch_up()
        self.listing.reload(self.conversation_id or None)

    def _news(self, topics: frozenset[str]) -> None:
        super()._news(topics)
        if "agent.proposal" in topics and self.waiting:
            self._look_at_waiting()

    @work(thread=True, group="waiting", exclusive=True, exit_on_error=False)
    def _look_at_waiting(self) -> None:
        """Which of the answers that wait can go on: everything of them was decided."""
        for conversation_id, department in tuple(self.waiting.values()):
            try:
                found = read_conversation(self.engine, conversation_id)
            except NotFound:
                continue
            self.call_later(self._follow, found, department)

    def _follow(self, found: Conversation, department: Department | None = None) -> None:
        """Go on with an answer that has nothing left to decide; keep in mind one that has."""
        conversation_id = found.view.conversation_id
        of = department or self._department(found.view.department)
        if found.waits:
            self.waiting[found.waits] = (conversation_id, of)
        elif found.ready and not self.guest and self.answer_in(conversation_id) is None:
            self.waiting.pop(found.ready, None)
            answer = Answering(self.engine, of.id, conversation_id, base=found.entries)
            self.begin(answer, partial(answer.go_on, found.ready))
        else:
            for run in found.view.runs:
                self.waiting.pop(run.run_id, None)

    def _department(self, department_id: str) -> Department:
        return departments.find(department_id)

    def show_middle(self, *, begin: bool = False) -> None:
        """Draw the conversation in the middle."""
        entries = self._entries()
        transcript = self.transcript
        if not entries:
            transcript.say_when_empty(
                partial(captions.first_lines, self.department, self.engine.chat_model, self.guest)
            )
        if begin:
            transcript.begin(entries)
            self.input.remember([one.text for one in entries if isinstance(one, Asked)])
        else:
            transcript.show(entries, growing=self.answer is not None)
        self._mark_tab()
        self._show_caption()

    def _entries(self) -> tuple[Entry, ...]:
        if (answer := self.answer) is not None:
            return answer.live.entries
        kept = self.conversation.entries if self.conversation else ()
        return tuple(
            self._heard.get(one.id, one) if isinstance(one, ToolUse) and not one.result else one
            for one in kept
        )

    def _differs(self, found: Conversation | None) -> bool:
        """Whether another conversation was in the middle before."""
        here = self.conversation
        return here is None and found is not None and not self.transcript.entries

    def _show_caption(self) -> None:
        line = self.query_one("#chat-caption", Static)
        runs = list(self.conversation.view.runs) if self.conversation else []
        if (answer := self.answer) is not None and answer.live.run is not None:
            run = answer.live.run
            runs = [*(one for one in runs if one.run_id != run.run_id), run]
        parts = captions.caption(self.department, self.engine.chat_model, runs)
        text = fitting(tuple(parts), max(20, line.size.width - 4))
        if text != self._captioned:  # not with every frame of an answer
            self._captioned = text
            line.update(plain(text), layout=False)  # it is one line high, whatever it says

    def _mark_tab(self) -> None:
        """The tab says that something is being answered, or waits."""
        sign = "…" if self.answers else "○" if self.waiting else ""
        for header in self.screen.query(Header):
            header.marks = header.marks | {self.id or "": sign}

    def _when(self, row: ConversationLine) -> str:
        return short(row.updated_at, self.engine.clock.now(), self.zone) if row.conversation_id else ""  # fmt: skip


def _sign(row: ConversationLine) -> str:
    if not row.conversation_id:
        return "+"
    return RUN_SIGNS[row.state][0] if row.state else " "


def _sign_tone(row: ConversationLine) -> str:
    return RUN_SIGNS[row.state][1] if row.state else "accent"
