"""Delimited text to records. One bad quote costs one line, never the rest of the file."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import NamedTuple

from rusvel_tui.engine.gtm.crm.importing.decode import count_ends

_TO_LINE_END = re.compile("[^\r\n]*")


class Record(NamedTuple):
    """One record: the line it starts on (the first is 1) and its cells.

    `broken` is set when a quoted cell is not closed as it must be: then the cells are those of
    the first line alone, quotes included.
    """

    line: int
    cells: list[str]
    broken: bool = False


class CsvReader:
    """The records of a text. `ends` collects the line ends met outside quotes while reading.

    Lines without any character are no records. The module `csv` alone cannot serve here: it reads
    on after a bad quote until the file ends, and does not say on which line a record starts.
    """

    def __init__(self, text: str, delimiter: str) -> None:
        self.text = text
        self.delimiter = delimiter
        self.ends: set[str] = set()
        self._plain = re.compile(f"[^{re.escape(delimiter)}\r\n]*")

    def __iter__(self) -> Iterator[Record]:
        text, delimiter, to_end = self.text, self.delimiter, _TO_LINE_END.match
        position, line, size = 0, 1, len(text)
        while position < size:
            end = to_end(text, position).end()  # type: ignore[union-attr]  # matches nothing at least
            plain = text[position:end]
            inner = 0
            if '"' not in plain:
                if plain:
                    yield Record(line, plain.split(delimiter))
            elif (row := self._at_once(plain)) is not None:
                yield Record(line, row)
            elif (found := self._quoted(position)) is None:
                yield Record(line, plain.split(delimiter), broken=True)
            else:
                cells, stop = found
                inner = count_ends(text[end:stop]) if stop > end else 0
                end = stop
                yield Record(line, cells)
            position = self._after(end)
            line += inner + 1

    def _at_once(self, line: str) -> list[str] | None:
        """The cells of a line whose quotes are all closed in it, from the fast reader of the library."""
        try:
            return next(csv.reader((line,), delimiter=self.delimiter, strict=True))
        except csv.Error:
            return None

    def _after(self, end: int) -> int:
        """The start of the next line."""
        if end >= len(self.text):
            return end
        mark = "\r\n" if self.text.startswith("\r\n", end) else self.text[end]
        self.ends.add(mark)
        return end + len(mark)

    def _quoted(self, position: int) -> tuple[list[str], int] | None:
        """The cells of a record with quotes and where it ends; None when a quote is broken."""
        text, cells = self.text, []
        while True:
            if text.startswith('"', position):
                close = self._close(position + 1)
                if close < 0:
                    return None
                cells.append(text[position + 1 : close].replace('""', '"'))
                position = close + 1
            else:
                found = self._plain.match(text, position)
                cells.append(found[0])  # type: ignore[index]  # matches nothing at least
                position += len(cells[-1])
            if not text.startswith(self.delimiter, position):
                ends_here = position == len(text) or text[position] in "\r\n"
                return (cells, position) if ends_here else None
            position += 1

    def _close(self, position: int) -> int:
        """Where the quote that ends the cell stands; -1 when there is none."""
        while (position := self.text.find('"', position)) >= 0:
            if not self.text.startswith('""', position):
                return position
            position += 2
        return -1
