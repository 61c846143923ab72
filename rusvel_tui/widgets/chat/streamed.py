"""An answer that grows: what is finished is laid out once, only its last block again with each piece."""

from __future__ import annotations

from rusvel_tui.widgets.charts.drawn import Line
from rusvel_tui.widgets.chat.markdown_lines import markdown_blocks


class Streamed:
    """Markdown at one width, longer from call to call."""

    def __init__(self) -> None:
        self._text = ""
        self._width = 0
        self._settled = 0
        """Characters of the text whose lines no longer change."""
        self._done: list[Line] = []
        self._lines: list[Line] = []

    def lines(self, text: str, width: int) -> list[Line]:
        """The lines of a text; cheap when it continues the one before at the same width."""
        if text == self._text and width == self._width:
            return self._lines
        if width != self._width or not text.startswith(self._text):
            self._settled, self._done = 0, []
        self._text, self._width = text, width
        self._lay_out()
        return self._lines

    def _lay_out(self) -> None:
        tail = self._text[self._settled :]
        blocks = markdown_blocks(tail, self._width)
        lead: list[Line] = [()] if self._done and blocks else []
        if len(blocks) > 1 and (start := _offset(tail, blocks[-1][0])):
            done = [line for _, lines in blocks[:-1] for line in lines]
            self._done = [*self._done, *lead, *done]
            self._settled += start
            self._lines = [*self._done, *blocks[-1][1]]
        else:
            self._lines = [*self._done, *lead, *(line for _, lines in blocks for line in lines)]


def _offset(text: str, line: int) -> int:
    """Where a line begins."""
    at = 0
    for _ in range(line):
        at = text.find("\n", at) + 1
        if not at:
            return 0
    return at
