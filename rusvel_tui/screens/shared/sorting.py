"""Rows of a list in another order than they are read in: all of them are read and sorted, while they are few enough."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rusvel_tui.engine.text import fold
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.shared.reading import Rows
from rusvel_tui.widgets.paged_list import PagedList

MOST = 5_000
"""Rows that are sorted here; more are narrowed down first, or stay in the order that an index has."""
_STEP = 500

Read = Callable[[PagedList[Any], int, int], Rows]


async def ask_order(page: Page[Any], widget: PagedList[Any]) -> None:
    """By which column; the one that counts already turns round, 0 is the order that the rows come in."""
    columns = [
        (at, column) for at, column in enumerate(widget.grid.columns) if column.by is not None
    ]
    names = {str(number): column.title for number, (_, column) in enumerate(columns, 1)}
    key = await page.ask_key("Sort by", names | {"0": "as it comes"})
    if key == "0":
        widget.sort(None)
    elif key is not None:
        at = columns[int(key) - 1][0]
        widget.sort((at, widget.order == (at, False)))


def in_order(read: Read, widget: PagedList[Any], first: int, count: int, refuse: Callable[[], object]) -> Rows:  # fmt: skip
    """A window of the list as the person wants it sorted; runs in a thread, `refuse` is told when there are too many."""
    order = widget.order
    if order is None:
        return read(widget, first, count)
    version = widget.rows.version
    if widget.sorted_rows is None or widget.sorted_rows[0] != version:
        start = read(widget, 0, _STEP)
        if start.total > MOST or not start.exact:
            widget.order = None
            refuse()
            return read(widget, first, count)
        rows = list(start.items)
        while len(rows) < start.total and (more := read(widget, len(rows), _STEP).items):
            rows += more
        widget.sorted_rows = (version, _sorted(rows, widget.grid.columns[order[0]].by, order[1]))
    rows = list(widget.sorted_rows[1])
    return Rows(len(rows), rows[first : first + count])


def _sorted(rows: list[Any], by: Callable[[Any], Any] | None, falling: bool) -> list[Any]:
    """In the order of a column; who has nothing there comes last, whichever way."""
    keyed = [(by(row) if by is not None else "", row) for row in rows]
    some = [pair for pair in keyed if pair[0] not in (None, "")]
    some.sort(
        key=lambda pair: fold(pair[0]) if isinstance(pair[0], str) else pair[0], reverse=falling
    )
    return [row for _, row in some] + [row for value, row in keyed if value in (None, "")]
