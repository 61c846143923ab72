"""A list of any length in which words are found and whose rows are put in another order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from textual.message import Message

from rusvel_tui.actions import VIEW, Action
from rusvel_tui.widgets.paged_rows import PagedRows
from rusvel_tui.widgets.row_cache import BLOCK
from rusvel_tui.widgets.seeking import SEEK, Seeking

R = TypeVar("R")
TOP = "\0"
"""No row has this id: the list goes to its top instead of following a row."""
SORT = Action(
    "rows.sort",
    "o",
    "Sort",
    "sort",
    "sort",
    "Sort by a column; the same one again turns it round.",
    VIEW,
)


class PagedList(Seeking, PagedRows[R], Generic[R]):
    """Rows in columns, fetched by their owner, found and sorted by whoever looks at them."""

    ACTIONS = (*SEEK, SORT)

    @dataclass
    class SortWanted(Message):
        """The person wants another order: whoever can ask shall ask for the column."""

        widget: PagedList[Any]

    sorted_rows: tuple[int, Sequence[R]] | None = None
    """All rows in the order that the person wants, and the version they are of."""
    _way: tuple[int, int, int] | None = None
    """The row that is looked at next for what is sought, the direction, and how many are left."""

    def set_page(self, version: int, first: int, rows: Sequence[R]) -> None:
        super().set_page(version, first, rows)
        self._seek_on()

    def seek(self, by: int, *, here: bool = False) -> None:
        self._way = (self.cursor if here else self.cursor + by, by, self.count)
        self._seek_on()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "sort":
            return any(column.by for column in self.grid.columns)
        return super().check_action(action, parameters)

    def action_sort(self) -> None:
        """Ask by which column."""
        self.post_message(self.SortWanted(self))

    def sort(self, order: tuple[int, bool] | None) -> None:
        """Another order: a column, and whether it falls; None for the one that the rows come in."""
        self.order, self.sorted_rows = order, None
        self.cursor = 0
        self.reload(TOP)

    def place(self) -> int:
        return self.cursor

    def put(self, place: int) -> None:
        self._way, self.cursor = None, place

    def _seek_on(self) -> None:
        """Look at rows until one holds the words, or until one must be read first."""
        while self._way is not None and self.sought:
            index, by, left = self._way
            index %= max(1, self.count)
            row = self.row_of(index)
            if left == 0:
                self._way = None
                self.post_message(self.NothingFound(self))
            elif row is None:
                if self._asked is None:
                    self._ask(index // BLOCK * BLOCK)
                return
            elif self.holds(" ".join(column.text(row) for column in self.grid.columns)):
                self._way, self.cursor = None, index
            else:
                self._way = (index + by, by, left - 1)
