"""What all line-API widgets share: named tones instead of colours, and strips made of few segments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual.filter import LineFilter
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from rusvel_tui.actions import Acts
from rusvel_tui.theme import paint

CURSOR = "▌"
MARK = "●"

Piece = tuple[str, Style]


class Painted(Acts, Widget):
    """A widget that draws its own lines in named looks; `theme.py` says what the names look like.

    Not Textual's component classes: some dozen of them in every widget were a third of the start-up.
    """

    ALLOW_SELECT = False  # a drag would select text
    OWN_WORDS = False
    """Whether all that it says are words of this program: privacy mode leaves those alone."""

    def __init__(self, **how: Any) -> None:
        super().__init__(**how)
        self._looks: dict[tuple[str, str], Style] = {}
        self._theme = ""

    def look(self, tone: str = "", row: str = "") -> Style:
        """The style of a tone on a kind of row (`cursor`, `marked`, …); an unknown name changes nothing."""
        if self._theme != self.app.theme:
            self._theme = self.app.theme
            self._looks.clear()
        found = self._looks.get((tone, row))
        if found is None:
            found = paint(self.app.theme_variables, self.rich_style, tone, row)
            self._looks[tone, row] = found
        return found

    def get_line_filters(self) -> Sequence[LineFilter]:
        filters = super().get_line_filters()
        if not self.OWN_WORDS:
            return filters
        return [one for one in filters if one is not getattr(self.app, "privacy", None)]

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._looks.clear()

    def blank(self) -> Strip:
        """An empty line."""
        return Strip.blank(self.size.width, self.look())


class Lines(Painted, ScrollView, can_focus=True, inherit_bindings=False):
    """A scrollable widget that draws the visible lines only."""

    # Textual reads style sheets along the first base only.
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
