"""The parts of the page: the conversations, one of them, and the line that is written in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.widgets import Static

from rusvel_tui.engine import departments
from rusvel_tui.engine.agent.chat.conversations import (
    ConversationLine,
    ListConversations,
    RunView,
    list_conversations,
)
from rusvel_tui.engine.manifests.manifest import Department
from rusvel_tui.screens.assistant import captions
from rusvel_tui.screens.assistant.answering import Conversation
from rusvel_tui.screens.assistant.words import RUN_SIGNS
from rusvel_tui.screens.page import AnyList, Rows
from rusvel_tui.screens.shared.filtered import Filtered
from rusvel_tui.screens.shared.moments import short
from rusvel_tui.widgets.chat.chat_input import ChatInput
from rusvel_tui.widgets.chat.entries import Asked, Entry
from rusvel_tui.widgets.chat.transcript import Transcript
from rusvel_tui.widgets.columns import Column
from rusvel_tui.widgets.open_list import OpenList
from rusvel_tui.widgets.plain import fitting, plain

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


class Panes(Filtered[Shown]):
    """Draws what it is given."""

    EMPTY = "No conversation yet."
    HINT = "words that were said"
    zone = ZoneInfo("UTC")
    department: Department = departments.DEPARTMENTS[0]
    _captioned = ""
    _runs: Sequence[RunView] = ()

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

    def on_resize(self) -> None:
        self.call_after_refresh(self._show_caption)  # the line above has its width then

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

    def read_rows(self, widget: AnyList, first: int, count: int) -> Rows:
        wanted = ListConversations(department=self.department.id, words=self.words, limit=MOST)
        found = self.engine.run(list_conversations, wanted).items
        items = found if self.words else (NEW, *found)
        return Rows(len(items), items[first : first + count])

    def draw(
        self, entries: tuple[Entry, ...], runs: Sequence[RunView], *, begin: bool, growing: bool
    ) -> None:
        """Show these entries in the middle, and above them what their answers took."""
        if not entries:
            first = captions.first_lines
            lines = partial(first, self.department, self.engine.chat_model, self.guest)
            self.transcript.say_when_empty(lines)
        if begin:
            self.transcript.begin(entries)
            self.input.remember([one.text for one in entries if isinstance(one, Asked)])
        else:
            self.transcript.show(entries, growing=growing)
        self._runs = runs
        self._show_caption()

    def _show_caption(self) -> None:
        line = self.query_one("#chat-caption", Static)
        parts = captions.caption(self.department, self.engine.chat_model, self._runs)
        text = fitting(tuple(parts), max(20, line.size.width - 4))
        if text != self._captioned:  # not with every frame of an answer
            self._captioned = text
            line.update(plain(text), layout=False)  # it is one line high, whatever it says

    def _when(self, row: ConversationLine) -> str:
        return short(row.updated_at, self.engine.clock.now(), self.zone) if row.conversation_id else ""  # fmt: skip


def _sign(row: ConversationLine) -> str:
    if not row.conversation_id:
        return "+"
    return RUN_SIGNS[row.state][0] if row.state else " "


def _sign_tone(row: ConversationLine) -> str:
    return RUN_SIGNS[row.state][1] if row.state else "accent"
