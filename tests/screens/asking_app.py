"""A program that asks and keeps the answers, for the tests of prompts, forms and dialogs."""

from __future__ import annotations

from collections.abc import Mapping

from textual import work
from textual.screen import Screen

from rusvel_tui.actions import Offer
from rusvel_tui.widgets.board import Board
from rusvel_tui.widgets.form import Values
from rusvel_tui.widgets.line_input import Question
from tests.screens.pilots import WidgetApp


class AskApp(WidgetApp):
    """Keeps the answers."""

    def __init__(self) -> None:
        self.board = Board()
        super().__init__(self.board)
        self.answers: list[object] = []

    @work
    async def line(self, question: Question) -> None:
        self.answers.append(await self.bottom.ask_line(question))

    @work
    async def key(self, title: str, options: Mapping[str, str]) -> None:
        self.answers.append(await self.bottom.ask_key(title, options))

    @work
    async def dialog(
        self, screen: Screen[Values | None] | Screen[Offer | None] | Screen[bool] | Screen[None]
    ) -> None:
        answer: object = await self.push_screen_wait(screen)  # type: ignore[arg-type]
        self.answers.append(answer)
