"""What all line-API widgets share: named tones instead of colours, and strips made of few segments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from rusvel_tui.actions import Acts

STAGES = ("lead", "qualified", "proposal", "negotiation", "won", "lost")
TONES = ("muted", "faint", "rule", "strong", "accent", "good", "warn", "bad", *STAGES)
"""Meanings that text can have; `styles.tcss` gives each its look. A tone always stands beside a word or a sign."""

_ROWS = ("head", "tab", "cursor", "blurred", "marked", "drop", "strip")

CURSOR = "▌"
MARK = "●"

Piece = tuple[str, Style]


class Painted(Acts, Widget):
    """A widget that draws its own lines in named looks."""

    ALLOW_SELECT = False  # a drag would select text
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"tone--{tone}" for tone in TONES} | {
        f"line--{row}" for row in _ROWS
    }

    def __init__(self, **how: Any) -> None:
        super().__init__(**how)
        self._looks: dict[tuple[str, str], Style] = {}

    def look(self, tone: str = "", row: str = "") -> Style:
        """The style of a tone on a kind of row (`cursor`, `marked`, `head`, …)."""
        found = self._looks.get((tone, row))
        if found is None:
            base = self.get_component_rich_style(f"line--{row}") if row else self.rich_style
            found = self._looks[tone, row] = self._over(base, tone) if tone in TONES else base
        return found

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._looks.clear()

    def _over(self, base: Style, tone: str) -> Style:
        """A tone's colour and weight on a row's background; Textual's own combination loses the background."""
        styles = self.get_component_styles(f"tone--{tone}")
        if not styles.has_rule("color"):
            return base + styles.text_style
        below = Color(0, 0, 0, 0) if base.bgcolor is None else Color.from_rich_color(base.bgcolor)
        ink = below.get_contrast_text(styles.color.a) if styles.auto_color else styles.color
        return base + styles.text_style + Style.from_color((below + ink).rich_color)

    def blank(self) -> Strip:
        """An empty line."""
        return Strip.blank(self.size.width, self.rich_style)


class Lines(Painted, ScrollView, can_focus=True, inherit_bindings=False):
    """A scrollable widget that draws the visible lines only."""

    # Textual reads style sheets and component classes along the first base only.
    DEFAULT_CSS = (
        "Lines { overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1; height: 1fr; }"
    )

    @property
    def cursor_row(self) -> str:
        """How the row under the cursor looks now."""
        return "cursor" if self.has_focus else "blurred"


def strip_of(pieces: Iterable[Piece], width: int, fill: Style) -> Strip:
    """One line of exactly `width` cells; neighbours of one style become one segment, which saves bytes."""
    texts: list[str] = []
    styles: list[Style] = []
    for text, style in pieces:
        if styles and styles[-1] == style:
            texts[-1] += text
        elif text:
            texts.append(text)
            styles.append(style)
    return Strip(map(Segment, texts, styles)).adjust_cell_length(width, fill)
