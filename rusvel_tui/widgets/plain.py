"""Untrusted text on the screen: the one way in, and a filter behind it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rich.cells import cell_len, chop_cells, set_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.content import Content
from textual.filter import LineFilter

from rusvel_tui.engine.text import one_line, sanitize

ELLIPSIS = "…"
# What no line on a terminal may hold, whoever drew it: C0, DEL, C1, bidi controls.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# Joined emoji, skin tones and emoji variants: terminals do not agree on how wide they are.
_UNSURE = re.compile(
    "(?<=[\u2190-\u2bff\U0001f000-\U0001faff\ufe0f])\u200d|[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]"
)
_WORDS = re.compile(r" +|[^ ]+")


def plain(text: str, style: str = "") -> Content:
    """Text as content for any Textual widget: sanitised, and never read as markup."""
    return Content.styled(sanitize(text).expandtabs(4), style)


@lru_cache(maxsize=16384)
def fitting(parts: Sequence[str], width: int) -> str:
    """The first parts with dots between them, as many as fit whole; the first one in any case."""
    line = "".join(parts[:1])
    for part in parts[1:]:
        longer = f"{line} · {part}"
        if cells(longer) > width:
            break
        line = longer
    return line


def fit(text: str, width: int, align: str = "left") -> str:
    """Text as one sanitised line of exactly `width` terminal cells, cut with an ellipsis.

    Cells, not characters: CJK and emoji take two (UAX #11). A joined emoji is shown as its parts, since
    terminals disagree about its width and the columns behind it would move. `align` is `left` or `right`.
    """
    if width <= 0:
        return ""
    line = text if text.isascii() and text.isprintable() else _UNSURE.sub("", one_line(text))
    size = cell_len(line)
    if size > width:
        return set_cell_size(set_cell_size(line, width - 1).rstrip() + ELLIPSIS, width)
    blank = " " * (width - size)
    return blank + line if align == "right" else line + blank


def tidy(text: str) -> str:
    """Sanitised text of which every terminal knows how wide it is; its line ends stay."""
    return _UNSURE.sub("", sanitize(text)).expandtabs(4)


def cells(text: str) -> int:
    """How many terminal cells a line takes."""
    return cell_len(text)


def wrap(text: str, width: int) -> list[str]:
    """Sanitised text as lines of at most `width` cells, broken between words; its own line ends stay."""
    width = max(1, width)
    lines: list[str] = []
    for paragraph in tidy(text).split("\n"):
        lines.extend(_wrap_paragraph(paragraph, width))
    return lines


def _wrap_paragraph(paragraph: str, width: int) -> list[str]:
    lines, line, used = [], "", 0
    for word in _WORDS.findall(paragraph):
        size = cell_len(word)
        if used + size <= width:
            line, used = line + word, used + size
            continue
        if word[0] == " ":  # blanks at a break vanish
            continue
        if line.strip():
            lines.append(line.rstrip())
        *full, line = chop_cells(word, width)
        lines.extend(full)
        used = cell_len(line)
    lines.append(line.rstrip())
    return lines


class NoControlCodes(LineFilter):
    """The last line of defence: no control character reaches the terminal, whichever widget drew it.

    The removed characters are zero cells wide, so the layout holds.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        if not any(_CONTROL.search(segment.text) for segment in segments):
            return segments
        return [
            Segment(_CONTROL.sub("", text), style, control) for text, style, control in segments
        ]
