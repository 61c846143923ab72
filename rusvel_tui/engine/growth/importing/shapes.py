"""What each of the files holds: its columns, and the function that plans what to do with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.growth.importing.table import Row
from rusvel_tui.engine.row_changes import Part


@dataclass(frozen=True, slots=True)
class Options:
    """How a file is read."""

    replace: bool
    allow_new: bool
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file would do: `write` does it, and `parts` are the rows that it touches."""

    new: int
    changed: int
    same: int
    write: Callable[[Context], None]
    parts: tuple[Part, ...] = ()
    event: str = ""
    """The kind of the one event; empty when `write` records it."""
    back: str = ""
    kpis: tuple[str, ...] = ()
    """Whose alerts look again."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of file."""

    name: str
    columns: tuple[str, ...]
    optional: tuple[str, ...]
    plan: Callable[[Context, Iterable[Row], Options], Plan]
