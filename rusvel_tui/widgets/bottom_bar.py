"""The bottom of the screen: the footer, and over it whatever asks for one key or one line."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import Container

from rusvel_tui.widgets.footer import Footer
from rusvel_tui.widgets.line_input import LineInput, Question, Then
from rusvel_tui.widgets.which_key import WhichKey


class BottomBar(Container):
    """One line high. Its questions are awaited in a worker: an answer of None means that the person gave up."""

    def compose(self) -> ComposeResult:
        yield Footer()
        yield LineInput()
        yield WhichKey()

    @property
    def footer(self) -> Footer:
        return self.query_one(Footer)

    @property
    def strip(self) -> WhichKey:
        return self.query_one(WhichKey)

    @property
    def is_asking(self) -> bool:
        """True while the next key answers a question here."""
        return self.strip.waiting or self.query_one(LineInput).waiting

    def open_line(self, question: Question, then: Then) -> None:
        """Ask for one line of text at once; `then` is told it."""

        def settle(text: str | None) -> None:
            self.footer.display = True
            then(text)

        self.query_one(LineInput).ask(question, settle)
        self.footer.display = False  # both are one line high, and there is one line

    async def ask_line(self, question: Question) -> str | None:
        """One line of text."""
        answer: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self.open_line(question, lambda text: _settle(answer, text))
        return await answer

    async def ask_key(self, title: str, options: Mapping[str, str]) -> str | None:
        """One of a few keys, each with its meaning."""
        answer: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self.strip.ask(title, options, lambda key: _settle(answer, key))
        return await answer


def _settle(answer: asyncio.Future[str | None], value: str | None) -> None:
    if not answer.done():  # the asking worker may have been cancelled
        answer.set_result(value)
