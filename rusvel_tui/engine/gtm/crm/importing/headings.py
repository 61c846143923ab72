"""The header of a table: where it is, which format it belongs to, and what each column means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.importing.csv_reader import CsvReader, Record
from rusvel_tui.engine.gtm.crm.importing.presets import (
    COMMON,
    NUMBERED,
    PEOPLE,
    PRESETS,
    Field,
    Preset,
)
from rusvel_tui.engine.text import one_line

DELIMITERS = ",;\t|"
_LOOK_AT = 20
"""The records among which the header is looked for."""
_COPY = re.compile(r" (?:\(\d+\)|\d)$")
_NAMES = frozenset(
    heading
    for table in (COMMON, *(preset.headings for preset in PRESETS.values()))
    for heading, kind in table.items()
    if kind not in (Field.CUSTOM, Field.NOTES)
).union(*(preset.needs_any for preset in PRESETS.values()))
_FORMS = [
    *(pattern for preset in PRESETS.values() for pattern, _ in preset.patterns),
    *(pattern for pattern, _ in NUMBERED),
    *(re.compile(f"{re.escape(p.prefix)}.*") for p in PRESETS.values() if p.prefix),
]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its place, what it holds, and what a custom field made of it is called."""

    index: int
    kind: Field
    heading: str
    type_index: int = -1
    """The column that says what kind of address this one holds."""


@dataclass(frozen=True, slots=True)
class Header:
    """The header that was found, and how to read what follows it."""

    record: Record
    delimiter: str
    preset: Preset
    columns: tuple[Column, ...]


def normalise(heading: str) -> str:
    """The form in which headings are compared: trimmed, single blanks, no case."""
    return one_line(heading).casefold()


def find_header(text: str, preset: str = "") -> Header:
    """The record with the most known headings among the first ones, over the delimiters.

    Raises `InvalidInput` when no record names anything that makes a contact.
    """
    best: tuple[int, str, Record] | None = None
    for delimiter in DELIMITERS:
        for record in islice(CsvReader(text, delimiter), _LOOK_AT):
            score = 0 if record.broken else _score(record.cells)
            if score > (best[0] if best else 0):
                best = (score, delimiter, record)
    if best is None:
        raise InvalidInput(
            "No line with known column names was found among the first 20. "
            "The file needs a header such as name,email,company."
        )
    _, delimiter, record = best
    headings = [normalise(cell) for cell in record.cells]
    chosen = PRESETS[preset] if preset else recognise(frozenset(headings))
    return Header(record, delimiter, chosen, make_columns(record.cells, chosen))


def recognise(headings: frozenset[str]) -> Preset:
    """The first format that fits these normalised headings; `generic` fits any."""
    plain = headings | {base_heading(heading) for heading in headings}
    return next(preset for preset in PRESETS.values() if preset.fits(plain))


def base_heading(heading: str) -> str:
    """A normalised heading without the number of a further column of that name."""
    return _COPY.sub("", heading)


def meaning(heading: str, preset: Preset) -> Field:
    """What a column with this normalised heading holds in this format."""
    for name in (heading, base_heading(heading)):
        if (found := preset.headings.get(name)) is not None:
            return found
        for pattern, kind in preset.patterns + NUMBERED:
            if pattern.fullmatch(name):
                return kind
        if (found := COMMON.get(name)) is not None:
            return found
    return Field.CUSTOM


def make_columns(cells: Sequence[str], preset: Preset) -> tuple[Column, ...]:
    """What each column of a header holds; a second one of the same name is called `name (2)`."""
    places = {normalise(cell): index for index, cell in enumerate(cells)}
    seen: dict[str, int] = {}
    columns = []
    for index, cell in enumerate(cells):
        name = normalise(cell)
        seen[name] = seen.get(name, 0) + 1
        shown = one_line(cell) if seen[name] == 1 else f"{one_line(cell)} ({seen[name]})"
        title = shown if name else f"Column {index + 1}"
        kind = meaning(name, preset)
        type_index = places.get(name.removesuffix("address") + "type", -1)
        columns.append(Column(index, kind, title, type_index if kind is Field.EMAIL else -1))
    return tuple(columns)


def _score(cells: list[str]) -> int:
    """How many of the cells are known headings; 0 when none of them makes a contact."""
    names = [normalise(cell) for cell in cells]
    known = sum(1 for name in names if name and is_known(name))
    return known if known and any(_makes_contact(name) for name in names) else 0


def is_known(heading: str) -> bool:
    """Whether any format names this normalised heading."""
    return (
        heading in _NAMES
        or base_heading(heading) in _NAMES
        or any(form.fullmatch(heading) for form in _FORMS)
    )


def _makes_contact(heading: str) -> bool:
    return any(meaning(heading, preset) in PEOPLE for preset in PRESETS.values())
