"""The conversation in the middle: which one, what is kept of it, what comes of it now."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from textual import on

from rusvel_tui.engine.errors import NotFound
from rusvel_tui.engine.sessions import ListSessions, show_session
from rusvel_tui.screens.assistant.answering import Answering, Conversation, read_conversation
from rusvel_tui.screens.assistant.panes import Panes, Shown
from rusvel_tui.widgets.chat.entries import Entry, ToolUse
from rusvel_tui.widgets.header import Header
from rusvel_tui.widgets.open_list import OpenList
from rusvel_tui.widgets.paged_list import PagedList


class Conversing(Panes):
    """Shows one conversation after the other."""

    conversation: Conversation | None = None
    """What was read of the one in the middle."""
    conversation_id = ""
    """The one in the middle; empty for a new one."""
    fresh: Answering | None = None
    """The answer in the new conversation in the middle, until that has an id."""

    def on_mount(self) -> None:
        super().on_mount()
        self.answers: list[Answering] = []
        self.waiting: dict[str, tuple[str, str]] = {}
        """Answers that wait for a person, each with its conversation and department."""
        self.heard: dict[str, ToolUse] = {}
        """What tools answered in turns that wait: the database has it when they are done."""
        self.query_one("#chat-hints").display = False
        self._focused = self.transcript
        self.show_middle(begin=True)

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
        begin = self.conversation is None and found is not None and not self.transcript.entries
        self.conversation = found
        self.show_middle(begin=begin)
        if found is not None and self.answer is None:
            self.follow(found)

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

    def show_middle(self, *, begin: bool = False) -> None:
        """Draw the conversation in the middle."""
        runs = list(self.conversation.view.runs) if self.conversation else []
        if self.answer is not None and (run := self.answer.live.run) is not None:
            runs = [*(one for one in runs if one.run_id != run.run_id), run]
        self.draw(self.entries(), runs, begin=begin, growing=self.answer is not None)
        self.mark_tab()

    def entries(self) -> tuple[Entry, ...]:
        """What stands in the middle."""
        if (answer := self.answer) is not None:
            return answer.live.entries
        kept = self.conversation.entries if self.conversation else ()
        return tuple(
            self.heard.get(one.id, one) if isinstance(one, ToolUse) and not one.result else one
            for one in kept
        )

    def follow(self, found: Conversation) -> None:
        """What becomes of an answer that waited, now that this was read."""

    def mark_tab(self) -> None:
        """The tab says that something is being answered, or waits."""
        sign = "…" if self.answers else "○" if self.waiting else ""
        for header in self.screen.query(Header):
            header.marks = header.marks | {self.id or "": sign}
