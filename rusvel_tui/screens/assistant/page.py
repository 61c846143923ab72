"""The assistant: ask, watch it work, say yes or no to what it proposes."""

from __future__ import annotations

from textual import work

from rusvel_tui.actions import Action
from rusvel_tui.engine import departments
from rusvel_tui.engine.agent.chat.conversations import (
    ConversationId,
    RenameConversation,
    delete_conversation,
    rename_conversation,
)
from rusvel_tui.screens.assistant import deciding
from rusvel_tui.screens.assistant.leading import Leading
from rusvel_tui.widgets.chat.entries import Answer, Asked, Card
from rusvel_tui.widgets.line_input import Question

QUICK = range(1, 10)


class AssistantPage(Leading):
    """Verbs on conversations."""

    TOPICS = frozenset(
        {"agent.chat", "agent.proposal", "gtm.chat", "growth.chat", "undo.done", "undo.redone"}
    )
    ABOUT = (
        "Ask in your own words. It reads what it needs by itself; what changes data is shown to you first. "
        "Approving, sending and deleting stay with you."
    )
    ACTIONS = (
        Action("assistant.write", "i", "Write", "write", "write", "Write a question; /name uses a skill, @name another agent.", foot=True),
        Action("assistant.approve", "a", "Approve", "approve", "approve", "Make the proposed change under the cursor, or the first that waits.", foot=True),
        Action("assistant.reject", "r", "Reject", "reject", "reject", "Say no to the proposed change; the assistant reads why.", foot=True),
        Action("assistant.new", "n", "New", "new", "new conversation", "Begin a new conversation.", foot=True),
        Action("assistant.again", "R", "Ask again", "again", "ask again", "Answer the last question again."),
        Action("assistant.edit", "e", "Edit", "edit", "edit proposal", "Change what is proposed before you say yes."),
        Action("assistant.stop", "s", "Stop", "stop", "stop", "Stop the answer that comes; esc does it too."),
        Action("assistant.department", "d", "Department", "department", "department", "Ask the other department.", foot=True, takes="NAME"),
        Action("assistant.list", "b", "Conversations", "list", "conversations", "Go to the list of conversations, or back."),
        Action("assistant.filter", "f,slash", "Search", "filter", "search conversations", "Show only conversations in which these words were said; esc shows all."),
        Action("assistant.title", "T", "Title", "title", "title", "Give the conversation another title.", takes="TITLE"),
        Action("assistant.delete", "D", "Delete", "delete", "delete conversation", "Delete the conversation; z brings it back."),
        Action("assistant.copy", "y", "Copy", "copy", "copy", "Copy what is under the cursor."),
        Action("assistant.open_inbox", "O", "In the inbox", "inbox", "proposal in inbox", "Show the proposed change in the inbox."),
        Action("assistant.told", "w", "What it is told", "told", "told", "Agents, skills, rules, hooks, workflows, schedules and MCP servers."),
        Action("assistant.tools", "t", "Tools", "tools", "tools", "Every operation that the assistant may call."),
        *(Action(f"assistant.quick_{n}", str(n), f"Quick action {n}", f"quick({n})", f"quick {n}", f"Ask quick action {n} of the department, in a new conversation.", "Quick actions") for n in QUICK),
    )  # fmt: skip

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A letter that would act is not offered while it is text; Textual asks for the same."""
        return action != "quick" or not self.transcript.entries

    def action_department(self, name: str = "") -> None:
        """The next department, or that one."""
        ids = [one.id for one in departments.DEPARTMENTS]
        after = ids[(ids.index(self.department.id) + 1) % len(ids)]
        self.department = departments.find(name or after)
        self.open("")
        self.show_middle(begin=True)
        self.listing.cursor = 0
        self.listing.reload()

    def action_list(self) -> None:
        """To the conversations; on a narrow terminal they take the place of the one in the middle."""
        if self.listing.has_focus:
            self.set_class(False, "-listed")
            self.transcript.focus()
        else:
            self._to_list()

    def _to_list(self) -> None:
        """The list has the keys; what is under its cursor is in the middle."""
        self.set_class(True, "-listed")
        self.listing.focus()
        if (row := self.listing.current) is not None:
            self.open(row.conversation_id)

    @work(exit_on_error=False)
    async def action_filter(self) -> None:
        """Search in what was said, then choose among what was found."""
        self.set_class(True, "-listed")
        self.listing.focus()
        await super().action_filter().wait()
        self._to_list()

    @work(exit_on_error=False)
    async def action_title(self, title: str = "") -> None:
        """Another title."""
        if self.conversation is None:
            return
        question = Question("title", "Title: ", self.conversation.view.title)
        title = title or await self.ask_line(question) or ""
        if title:
            wanted = RenameConversation(conversation_id=self.conversation_id, title=title[:120])
            self.run(rename_conversation, wanted)

    def action_delete(self) -> None:
        """Delete the conversation in the middle."""
        if self.conversation_id and self.answer is None:
            wanted = ConversationId(conversation_id=self.conversation_id)
            self.run(delete_conversation, wanted, lambda _: self.say("Deleted. z brings it back."))

    def action_copy(self) -> None:
        """What is under the cursor, to the clipboard of the terminal."""
        if isinstance(entry := self.transcript.current, Answer | Asked):
            self.app.copy_to_clipboard(entry.text)
            self.say("Copied.")

    def action_approve(self) -> None:
        """Yes to a proposed change."""
        deciding.approve_card(self, self._card())

    @work(exit_on_error=False)
    async def action_reject(self) -> None:
        """No to a proposed change."""
        await deciding.reject_card(self, self._card())

    @work(exit_on_error=False)
    async def action_edit(self) -> None:
        """Something else instead of what is proposed."""
        await deciding.edit_card(self, self._card())

    def action_inbox(self) -> None:
        """The same card in the inbox."""
        if (card := self._card()) is not None:
            self.visit("inbox", card.proposal_id)

    def action_told(self) -> None:
        self.visit("told")

    def action_tools(self) -> None:
        self.visit("told", action="part('tools')")

    def _card(self) -> Card | None:
        """The card under the cursor, else the first that waits."""
        if isinstance(entry := self.transcript.current, Card) and entry.waits:
            return entry
        cards = (one for one in self.transcript.entries if isinstance(one, Card) and one.waits)
        return next(cards, None)
