"""KPIs as tiles side by side: name, value with its change, a small line, and a word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rusvel_tui.widgets.bars import sparkline
from rusvel_tui.widgets.charts.drawn import Drawn, Line, Table
from rusvel_tui.widgets.plain import fit

WIDTH = 30
"""Cells of a tile, at least."""
HEIGHT = 4


@dataclass(frozen=True, slots=True)
class Tile:
    """One KPI."""

    name: str
    value: str
    change: str = ""
    """With its sign, such as `▲ +12`."""
    word: str = ""
    points: tuple[float | None, ...] = ()
    tone: str = ""
    alert: bool = False


@dataclass(frozen=True, slots=True)
class Tiles(Drawn):
    """As many beside each other as fit."""

    tiles: tuple[Tile, ...]

    def lines(self, width: int) -> tuple[Line, ...]:
        beside = max(1, min(len(self.tiles), width // WIDTH))
        size = (width - 1) // beside
        made: list[Line] = []
        for start in range(0, len(self.tiles), beside):
            made += _band(self.tiles[start : start + beside], min(size, 44))
            made.append(())
        return tuple(made[:-1])

    def table(self) -> Table:
        head = ("kpi", "value", "change", "word")
        return (head, *((tile.name, tile.value, tile.change, tile.word) for tile in self.tiles))


def _band(tiles: Sequence[Tile], size: int) -> list[Line]:
    """The lines of the tiles of one band."""
    inner = size - 3
    rows: list[list[tuple[str, str]]] = [[], [], [], []]
    for tile in tiles:
        sign = "! " if tile.alert else ""
        edge = (" ▏", "bad" if tile.alert else "rule")
        line = sparkline(tile.points, min(inner, 16))
        texts = (
            ((sign + tile.name, "bad" if tile.alert else "muted"),),
            ((tile.value, "strong"), ("  ", ""), (tile.change, tile.tone)),
            ((line, "accent"),),
            ((tile.word, "muted"),),
        )
        for row, pieces in zip(rows, texts, strict=True):
            row.append(edge)
            row += _fitted(pieces, inner)
    return [tuple(row) for row in rows]


def _fitted(pieces: tuple[tuple[str, str], ...], room: int) -> list[tuple[str, str]]:
    """The pieces in exactly so many cells, with a blank behind them."""
    made: list[tuple[str, str]] = []
    for number, (text, tone) in enumerate(pieces):
        last = number == len(pieces) - 1
        taken = fit(text, room if last else min(room, len(text)))
        made.append((taken, tone))
        room = max(0, room - len(taken))
    made.append((" ", ""))
    return made
