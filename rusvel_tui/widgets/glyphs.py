"""Characters for terminals that lack some: one table of every sign that is drawn, with its twins.

`console` is what fonts of the Linux console hold (the block and line signs of code page 437, Latin-1);
`ascii` is what everything holds. A twin takes one cell, so nothing moves.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from rusvel_tui.terminal import Glyphs

_TWINS = """
… ~ ~   · · .   • · *   – - -   — - -   − - -   × × x   ¤ ¤ $   § § S   ¶ ¶ P   ² ² 2   ³ ³ 3
“ " "   ” " "   „ " "   ‘ ' '   ’ ' '   ‚ ' '   ´ ' '   « « <   » » >   ‹ < <   › > >   ‖ | |
← ← <   ↑ ↑ ^   → → >   ↓ ↓ v   ↩ < <   ↶ < <   ↵ < <   ⊘ 0 0   ✓ + +   ✗ x x   ✎ / /   ✉ @ @
─ ─ -   ━ ═ =   ┄ ─ -   ╌ ─ -   ╸ ─ -   ╺ ─ -   ═ ═ =   │ │ |   ┃ ║ |   ║ ║ |   ╎ │ |   ┊ │ |
┌ ┌ +   ┐ ┐ +   └ └ +   ┘ ┘ +   ├ ├ +   ┤ ┤ +   ┬ ┬ +   ┴ ┴ +   ┼ ┼ +   ╭ ┌ +   ╮ ┐ +   ╰ └ +
╯ ┘ +   ┏ ╔ +   ┓ ╗ +   ┗ ╚ +   ┛ ╝ +   ╔ ╔ +   ╗ ╗ +   ╚ ╚ +   ╝ ╝ +   ┣ ├ +   ┫ ┤ +   ╋ ┼ +
▁ _ _   ▂ . .   ▃ - -   ▄ ▄ =   ▅ ▄ +   ▆ █ *   ▇ █ %   █ █ #   ▀ ▀ -   ▔ ▀ -   ▐ ▐ |   ▕ ▐ |
▉ █ #   ▊ █ #   ▋ ▌ =   ▌ ▌ >   ▍ ▌ -   ▎ │ |   ▏ │ |   ░ ░ .   ▒ ▒ :   ▓ ▓ %   ▘ ▀ '   ▝ ▀ '
▖ ▄ .   ▗ ▄ .   ▙ █ #   ▛ █ #   ▜ █ #   ▟ █ #   ■ ■ #   ▪ * *   ▫ o o   ▮ # #   ▬ - -   ◼ ■ #
▲ ^ ^   △ ^ ^   ▴ ^ ^   ▶ > >   ▸ > >   ▼ v v   ▽ v v   ▾ v v   ◀ < <   ◂ < <   ◆ # #   ◇ o o
● * *   ○ o o   ◐ % %   ◑ % %   ◔ % %   ◷ % %   ◉ * *   ◦ o o   ★ * *   ☆ o o   ⚠ ! !   ⏸ | |
"""
_COLUMNS: dict[Glyphs, int] = {"console": 1, "ascii": 2}
_DOTS = 0x2800
_UPPER = 0b0001_1011
"""The dots of the upper half of a braille cell."""


def twins(glyphs: Glyphs) -> dict[int, str]:
    """What is drawn instead of what, for `str.translate`; nothing where a terminal has all of them."""
    column = _COLUMNS.get(glyphs)
    if column is None:
        return {}
    parts = _TWINS.split()
    groups = (parts[at : at + 3] for at in range(0, len(parts), 3))
    marks = {ord(group[0]): group[column] for group in groups}
    return {**marks, **{_DOTS + dots: _height(dots) for dots in range(256)}, 0xA0: " "}


def _height(dots: int) -> str:
    """A braille cell as the sign that stands as high."""
    upper, lower = bool(dots & _UPPER), bool(dots & ~_UPPER & 0xFF)
    return {(False, False): " ", (True, False): "'", (False, True): "."}.get((upper, lower), ":")


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """Text of a person in ASCII, for terminals that are not told in UTF-8: accents fall, the rest is `?`.

    As many cells as before.
    """
    return "".join(char if char.isascii() else _nearest(char) for char in text)


def _nearest(char: str) -> str:
    width = cell_len(char)
    plain = unicodedata.normalize("NFKD", char).encode("ascii", "ignore").decode()
    return plain if plain and len(plain) == width else "?" * width


class Twins(LineFilter):
    """Draws with the signs that the terminal has; names of people stay as they are where it is told in UTF-8."""

    def __init__(self, glyphs: Glyphs, *, fold: bool = False) -> None:
        super().__init__(enabled=glyphs != "all" or fold)
        self._table = twins(glyphs)
        self._fold = fold

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        if all(segment.text.isascii() for segment in segments):
            return segments
        return [Segment(self.drawn(text), style, control) for text, style, control in segments]

    def drawn(self, text: str) -> str:
        """The text in the signs of this terminal."""
        text = text.translate(self._table)
        return text if text.isascii() or not self._fold else folded(text)
