"""The plain parts of the list: column widths, the cache of rows, marks."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from rusvel_tui.widgets.columns import GUTTER, Column, lay_out
from rusvel_tui.widgets.marks import EVERY, NO_MARKS, Marks, Span
from rusvel_tui.widgets.row_cache import BLOCK, KEEP, RowCache


@dataclass(frozen=True)
class Person:
    id: str
    name: str


COLUMNS: tuple[Column[Person], ...] = (
    Column("Name", lambda row: row.name, width=16, grow=3, most=32),
    Column("Email", lambda row: row.name, width=20, grow=1, drop=2),
    Column("Company", lambda row: row.name, width=14, grow=1, drop=3),
    Column("Stage", lambda row: row.name, width=11),
    Column("Last", lambda row: row.name, width=8, drop=1),
)


@pytest.mark.parametrize(
    ("width", "names"),
    [
        (160, ["Name", "Email", "Company", "Stage", "Last"]),
        (70, ["Name", "Email", "Stage", "Last"]),
        (45, ["Name", "Stage", "Last"]),
        (30, ["Name", "Stage"]),
    ],
)
def test_narrow_lists_leave_out_columns(width: int, names: list[str]) -> None:
    """The highest `drop` goes first, columns without it stay."""
    assert [column.title for column, _ in lay_out(COLUMNS, width)] == names


@pytest.mark.parametrize("width", [12, 30, 45, 70, 100, 160])
def test_columns_and_gaps_fill_no_more_than_the_width(width: int) -> None:
    shown = lay_out(COLUMNS, width)
    space = 2 if width >= 100 else 1
    assert sum(size for _, size in shown) + space * (len(shown) - 1) <= width


def test_growing_columns_share_what_is_left() -> None:
    """By weight, and none beyond its most."""
    sizes = {column.title: size for column, size in lay_out(COLUMNS, 300)}
    assert sizes == {"Name": 32, "Email": 40, "Company": 40, "Stage": 11, "Last": 8}


def test_the_gutter_has_room_for_bar_and_mark() -> None:
    assert GUTTER == 3


def cache_of(total: int) -> RowCache[int]:
    cache: RowCache[int] = RowCache()
    cache.restart()
    cache.total = total
    return cache


def test_rows_are_missing_until_they_arrive() -> None:
    cache = cache_of(1000)
    assert cache.missing(0, 30) == 0
    cache.put(0, range(BLOCK))
    assert cache.missing(0, 30) is None
    assert cache.missing(BLOCK - 5, BLOCK + 5) == BLOCK
    assert (cache.get(7), cache.get(BLOCK), cache.get(-1)) == (7, None, None)


def test_old_rows_serve_until_new_ones_arrive() -> None:
    """After a restart they are asked for again and shown meanwhile."""
    cache = cache_of(BLOCK)
    cache.put(0, range(BLOCK))
    cache.restart()
    assert cache.missing(0, 5) == 0
    assert cache.get(3) == 3
    assert cache.block(0) is None
    cache.put(0, range(100, 100 + BLOCK))
    assert cache.get(3) == 103


def test_a_short_block_is_not_asked_for_again() -> None:
    """Rows vanished between count and read: the next news brings the right count."""
    cache = cache_of(50)
    cache.put(0, range(20))
    assert cache.missing(0, 49) is None
    assert cache.get(30) is None


def test_the_cache_keeps_what_was_used_last() -> None:
    cache = cache_of(1_000_000)
    cache.put(0, range(BLOCK))
    for number in range(1, KEEP):
        cache.put(number * BLOCK, range(BLOCK))
    cache.missing(0, 5)
    cache.put(KEEP * BLOCK, range(BLOCK))
    assert cache.get(0) == 0
    assert cache.get(BLOCK) is None


def test_all_marked_is_one_flag() -> None:
    """And its exceptions count down."""
    marks = EVERY.flip("7")
    assert marks.count(100_000) == 99_999
    assert marks.has("8")
    assert not marks.has("7")
    assert marks.add(["7"]) == EVERY


def test_marks_flip_and_add_up() -> None:
    marks = NO_MARKS.flip("a").add(["b", "c"])
    assert marks == Marks(ids=frozenset("abc"))
    assert marks.flip("b").count(10) == 2


def test_a_range_learns_its_ids_as_they_arrive() -> None:
    """Rows that were not here when the cursor passed are marked later."""
    span = Span(NO_MARKS.flip("x"), 5, 12, block=10)
    assert span.lacking() == 0
    span.learn(0, [str(n) for n in range(10)])
    assert span.lacking() == 1
    assert span.marks().ids == {"x", "5", "6", "7", "8", "9"}
    span.learn(1, [str(n) for n in range(10, 20)])
    assert span.lacking() is None
    assert span.marks().ids == {"x", *map(str, range(5, 13))}


def test_a_range_can_shrink_and_turn() -> None:
    """Moving back unmarks what was passed; beyond the start it grows the other way."""
    span = Span(NO_MARKS, 5, 8, block=10)
    span.learn(0, [str(n) for n in range(10)])
    span.end = 3
    assert span.marks().ids == {"3", "4", "5"}
