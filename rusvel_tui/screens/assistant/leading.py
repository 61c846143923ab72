"""Asking: in one's own words, with one key, again; and stopping what comes."""

from __future__ import annotations

from functools import partial

from textual import on

from rusvel_tui.screens.assistant.answering import Answering
from rusvel_tui.screens.assistant.completing import Completing
from rusvel_tui.widgets.chat.chat_input import ChatInput
from rusvel_tui.widgets.chat.entries import Asked


class Leading(Completing):
    """What leads a conversation on."""

    def back(self) -> bool:
        """Esc: stop what is being answered, then leave the line, the list and the search."""
        if self.answer is not None and not self.answer.stop.is_set():
            self.action_stop()
        elif self.input.has_focus:
            self.transcript.focus()
        elif self.has_class("-listed") and not self.words:
            self.set_class(False, "-listed")
            self.transcript.focus()
        else:
            return super().back()
        return True

    def action_write(self) -> None:
        """To the line that is written in."""
        if self.guest:
            self.complain("You are a guest here: conversations can be read, not led.")
            return
        self.set_class(False, "-listed")
        self.input.focus()

    @on(ChatInput.Sent)
    def _sent(self, event: ChatInput.Sent) -> None:
        event.stop()
        self.ask(event.text)

    def ask(self, question: str) -> None:
        """Ask in the conversation in the middle."""
        if self.guest:
            self.action_write()
        elif self.answer is not None:
            self.input.fill(question)
            self.complain("The assistant is still answering. Wait, or stop it with esc.")
        elif self.conversation is not None and self.conversation.waits:
            self.input.fill(question)
            self.complain("The assistant waits for your yes or no: a approves, r rejects.")
        else:
            base = self.conversation.entries if self.conversation else ()
            answer = Answering(self.engine, self.department.id, self.conversation_id, base=base, question=question)  # fmt: skip
            if not self.conversation_id:
                self.narrow("")
            self.transcript.at_end = True
            self.begin(answer, answer.ask)

    def action_quick(self, number: int) -> None:
        """Ask what is asked often."""
        actions = self.department.quick_actions
        if number <= len(actions):
            self.ask(actions[number - 1].prompt)

    def action_again(self) -> None:
        """Answer the last question once more."""
        here = self.conversation
        asked = [one.text for one in self.transcript.entries if isinstance(one, Asked)]
        if here is None or not asked or self.answer is not None:
            self.say("There is no question to ask again.")
        elif here.waits:
            self.complain("The assistant waits for your yes or no: a approves, r rejects.")
        elif self.guest:
            self.action_write()
        else:
            answer = Answering(self.engine, here.view.department, self.conversation_id, base=here.entries)  # fmt: skip
            self.begin(answer, partial(answer.ask, retry=asked[-1]))

    def action_stop(self) -> None:
        """Stop the answer; what was said stays."""
        if (answer := self.answer) is None:
            self.say("Nothing is being answered here.")
        else:
            answer.stop.set()

    def action_new(self) -> None:
        """A new conversation."""
        self.narrow("")
        self.open("")
        self.listing.cursor = 0
        if not self.guest:
            self.action_write()
