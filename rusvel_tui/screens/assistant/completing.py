"""What could follow in the line that is written in: skills after `/`, agents after `@`, quick actions."""

from __future__ import annotations

from textual import on, work
from textual.widgets import Static

from rusvel_tui.engine.agent.chat.completing import Complete, complete
from rusvel_tui.engine.errors import EngineError
from rusvel_tui.screens.assistant.answers import Answers
from rusvel_tui.screens.assistant.told.parts import seed
from rusvel_tui.widgets.chat.chat_input import ChatInput
from rusvel_tui.widgets.plain import fit, plain

SHORT = 20
"""What is longer is no beginning of a quick action's name."""
_MOST = 6
"""Proposals that are shown at once."""


class Completing(Answers):
    """Shows what could follow, and fills it in with Tab."""

    _offered: tuple[tuple[str, str], ...] = ()
    """The text up to the cursor as it would become, and the words that are shown."""
    _at = -1
    _seeded = False
    _completed = ""

    @on(ChatInput.Typed)
    def _typed(self, event: ChatInput.Typed) -> None:
        event.stop()
        if event.before == self._completed:
            return  # that was Tab
        self._at = -1
        if wanted(event.before):
            self._look_up(event.before)
        else:
            self._offer(event.before, ())

    @work(thread=True, group="complete", exclusive=True, exit_on_error=False)
    def _look_up(self, text: str) -> None:
        try:
            if not self._seeded:  # what comes along, for a session that never looked at it
                self._seeded = True
                seed(self.engine)
            found = self.engine.run(complete, Complete(department=self.department.id, text=text))
        except EngineError:
            return
        items = tuple((one.text, f"{one.label}  {one.about}") for one in found.items)
        self.call_later(self._offer, text, items)

    def _offer(self, text: str, items: tuple[tuple[str, str], ...]) -> None:
        if text == self.input.before:
            self._offered = items[:_MOST]
            self._draw_hints()

    @on(ChatInput.Completing)
    def _complete(self, event: ChatInput.Completing) -> None:
        event.stop()
        if not self._offered:
            return
        self._at = (self._at + 1) % len(self._offered)
        self._completed = self._offered[self._at][0]
        self.input.complete(self._completed)
        self._draw_hints()

    def _draw_hints(self) -> None:
        hints = self.query_one("#chat-hints", Static)
        hints.display = bool(self._offered) and self.input.has_focus
        width = max(20, self.input.size.width)
        lines = [
            fit(f"{'▌' if at == self._at else ' '} {shown}", width)
            for at, (_, shown) in enumerate(self._offered)
        ]
        hints.update(plain("\n".join(lines)))


def wanted(text: str) -> bool:
    """Whether it is worth asking what could follow: a skill, an agent at a word's start, the name of a quick action."""
    word = text.rpartition(" ")[2].rpartition("\n")[2]
    return word.startswith("@") or text.lstrip().startswith("/") or 0 < len(text) <= SHORT
