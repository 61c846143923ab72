"""A CSV file of declared columns: rows with their line, and problems that name line, column and value."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.importing.csv_reader import CsvReader
from rusvel_tui.engine.operation import View
from rusvel_tui.engine.text import one_line

Value = TypeVar("Value")
_MARKS = (
    (codecs.BOM_UTF8, "a UTF-8 byte order mark"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
MOST = 5_000_000


class Problem(View):
    """What is wrong with one row."""

    line: int
    column: str
    value: str
    text: str

    def __str__(self) -> str:
        where = (
            f"line {self.line}, {self.column} {self.value!r}"
            if self.column
            else f"line {self.line}"
        )
        return f"{where}: {self.text}"


@dataclass(slots=True)
class Row:
    """One line of the file, by column; what is wrong with it is collected."""

    line: int
    cells: dict[str, str]
    problems: list[Problem] = field(repr=False)

    def read(self, column: str, reader: Callable[[str], Value]) -> Value | None:
        """The value of a cell; none when it is wrong, which is then noted."""
        try:
            return reader(self.cells[column])
        except (InvalidInput, ValueError) as error:
            self.wrong(str(error), column)
        return None

    def wrong(self, text: str, column: str = "") -> None:
        """Note a problem."""
        value = one_line(self.cells.get(column, ""))[:60]
        self.problems.append(Problem(line=self.line, column=column, value=value, text=text))


def decode(data: bytes) -> str:
    """UTF-8 without a mark; the error says what the file is instead."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            what = f"begins with {name}" if mark == codecs.BOM_UTF8 else f"is written in {name}"
            raise InvalidInput(f"The file {what}: save it as plain UTF-8.", field="path")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InvalidInput(
            f"Line {line} is not written in UTF-8: save the file as UTF-8.", field="path"
        ) from None


def header(text: str) -> tuple[str, ...]:
    """The names of the columns; `;` or a tab may part them as well."""
    first = text.lstrip("\r\n").splitlines()[:1]
    return tuple(name.strip().lower() for name in first[0].split(delimiter(text))) if first else ()


def delimiter(text: str) -> str:
    """What parts the cells, by the first line."""
    first = text.lstrip("\r\n").partition("\n")[0]
    return max(",;\t", key=first.count)


def rows(
    text: str, columns: Sequence[str], optional: Sequence[str], problems: list[Problem]
) -> Iterator[Row]:
    """The rows below the header, which must have these columns and no other."""
    names = header(text)
    missing = [name for name in columns if name not in names]
    other = [name for name in names if name not in (*columns, *optional)]
    if missing or other or len(set(names)) < len(names):
        wrong = (
            f"lacks {', '.join(missing)}"
            if missing
            else f"has {', '.join(map(repr, other or names))}"
        )
        raise InvalidInput(
            f"The first line {wrong}; it must be {','.join((*columns, *optional))}.", field="path"
        )
    records = iter(CsvReader(text, delimiter(text)))
    next(records, None)
    for record in records:
        cells = [cell.strip() for cell in record.cells]
        row = Row(record.line, dict(zip(names, cells, strict=False)), problems)
        if (
            record.broken
            or len(cells) > len(names)
            or any(name not in row.cells for name in columns)
        ):
            row.wrong(f"has {len(cells)} cells, not {len(names)}")
            continue
        row.cells = dict.fromkeys(optional, "") | row.cells
        yield row
