"""A list whose rows can be opened and not marked: choices, logs, steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from textual import events
from textual.message import Message

from rusvel_tui.keys import ROWS
from rusvel_tui.widgets.paged_list import PagedList

R = TypeVar("R")


class OpenList(PagedList[R], Generic[R]):
    """A paged list with Enter; see `PagedList` for how it gets its rows."""

    ACTIONS = tuple(action for action in ROWS if action.id == "rows.open")

    @dataclass
    class Opened(Message):
        """Enter or a double click on a row."""

        widget: OpenList[Any]
        row: Any

        @property
        def control(self) -> OpenList[Any]:
            return self.widget

    def action_open(self) -> None:
        """Open the row under the cursor."""
        if (row := self.current) is not None:
            self.post_message(self.Opened(self, row))

    def on_click(self, event: events.Click) -> None:
        index = self.row_at(event)
        if index is not None:
            self.cursor = index
            if event.chain == 2:
                self.action_open()
