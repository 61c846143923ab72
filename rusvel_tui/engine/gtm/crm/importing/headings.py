"""The header of a table: where it is, which format it belongs to, and what each column means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.importing.csv_reader import CsvReader, Record
from rusvel_tui.engine.gtm.crm.importing.options import Options, read_target
from rusvel_tui.engine.gtm.crm.importing.presets import (
    COMMON,
    CUSTOM_HEADING,
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
    for table in (COMMON, *(preset.headings for preset in PRESETS.values() if not preset.exact))
    for heading, kind in table.items()
    if kind not in (Field.CUSTOM, Field.NOTES, Field.COUNTRY, Field.TIMEZONE)
).union(*(preset.needs_any for preset in PRESETS.values()))
_FORMS = [
    *(pattern for preset in PRESETS.values() for pattern, _ in preset.patterns),
    *(pattern for pattern, _ in NUMBERED),
    *(re.compile(f"{re.escape(p.prefix)}.*") for p in PRESETS.values() if p.prefix),
]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its place, what it holds, its own name, and what a custom field made of it is called."""

    index: int
    kind: Field
    name: str
    heading: str
    type_index: int = -1
    """The column that says of which type this address is: `EX` is none of mail."""
    label_index: int = -1
    """The column that says what this address or number is called: `Work`."""


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


def find_header(text: str, options: Options | None = None) -> Header:
    """The record with the most known headings among the first ones, over the delimiters.

    Raises `InvalidInput` when no record names anything that makes a contact, and when the mapping
    speaks of a column that is not there.
    """
    options = options or Options()
    found = _best(text, options)
    if found is None:
        raise InvalidInput(_UNKNOWN)
    header = make_header(*found, options)
    _check_mapping(header, options.mapping)
    return header


def guess_header(text: str, options: Options) -> Header:
    """The same, and the longest of the first records where none has known column names."""
    found = _best(text, options)
    if found is None:
        delimiters = options.delimiter or DELIMITERS
        records = [(one, record) for one in delimiters for record in _first_records(text, one)]
        if not records:
            raise InvalidInput("The file has no line with any text.", field="path")
        found = max(records, key=lambda pair: len(pair[1].cells))
    return make_header(*found, options)


def require_people(header: Header, options: Options) -> Header:
    """The header itself; raises `InvalidInput` as `find_header` does."""
    if not has_people(header):
        raise InvalidInput(_UNKNOWN)
    _check_mapping(header, options.mapping)
    return header


_UNKNOWN = (
    "No line with known column names was found among the first 20. "
    "The file needs a header such as name,email,company."
)


def _best(text: str, options: Options) -> tuple[str, Record] | None:
    best: tuple[int, str, Record] | None = None
    mapped = {normalise(column): read_target(to)[0] for column, to in options.mapping.items()}
    for delimiter in options.delimiter or DELIMITERS:
        for record in _first_records(text, delimiter):
            score = 0 if record.broken else _score(record.cells, mapped)
            if score > (best[0] if best else 0):
                best = (score, delimiter, record)
    return best[1:] if best else None


def _first_records(text: str, delimiter: str) -> Iterator[Record]:
    return islice(CsvReader(text, delimiter), _LOOK_AT)


def make_header(delimiter: str, record: Record, options: Options) -> Header:
    """What this record says as a header."""
    headings = [normalise(cell) for cell in record.cells]
    preset = PRESETS[options.preset] if options.preset else recognise(frozenset(headings))
    columns = make_columns(record.cells, preset, options.mapping)
    return Header(record, delimiter, preset, columns)


def _check_mapping(header: Header, mapping: Mapping[str, str]) -> None:
    there = {normalise(column.name) for column in header.columns}
    for name in mapping:
        if normalise(name) not in there:
            shown = ", ".join(column.name for column in header.columns)
            raise InvalidInput(f"There is no column {name!r}. There are {shown}.", field="mapping")


def has_people(header: Header) -> bool:
    """Whether some column holds what makes a contact."""
    return any(column.kind in PEOPLE for column in header.columns)


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


def make_columns(
    cells: Sequence[str], preset: Preset, mapping: Mapping[str, str] | None = None
) -> tuple[Column, ...]:
    """What each column of a header holds; a second one of the same name is called `name (2)`."""
    told = {normalise(name): read_target(target) for name, target in (mapping or {}).items()}
    places = {normalise(cell): index for index, cell in enumerate(cells)}
    seen: dict[str, int] = {}
    columns = []
    for index, cell in enumerate(cells):
        name = normalise(cell)
        seen[name] = seen.get(name, 0) + 1
        shown = one_line(cell) if seen[name] == 1 else f"{one_line(cell)} ({seen[name]})"
        title = shown if name else f"Column {index + 1}"
        kind, heading = told.get(normalise(title)) or (meaning(name, preset), "")
        beside = _beside(name, kind, places)
        if preset.exact and kind is Field.CUSTOM:
            heading = heading or title.removeprefix(CUSTOM_HEADING)
        columns.append(Column(index, kind, title, heading or title, *beside))
    return tuple(columns)


def _beside(name: str, kind: Field, places: Mapping[str, int]) -> tuple[int, int]:
    """The columns that say of what type an address is, and what it is called; -1 where there is none."""
    if kind not in (Field.EMAIL, Field.PHONE):
        return -1, -1
    stem = name.removesuffix("value")
    labels = (places[one] for one in (f"{stem}label", f"{stem}type") if one in places)
    type_index = places.get(name.removesuffix("address") + "type", -1)
    return type_index if kind is Field.EMAIL else -1, next(labels, -1) if stem != name else -1


def _score(cells: list[str], mapped: Mapping[str, Field]) -> int:
    """How many of the cells are known headings; 0 when none of them makes a contact."""
    names = [normalise(cell) for cell in cells]
    known = sum(1 for name in names if name and (name in mapped or is_known(name)))
    return known if known and any(_makes_contact(name, mapped) for name in names) else 0


def is_known(heading: str) -> bool:
    """Whether any format names this normalised heading."""
    return (
        heading in _NAMES
        or base_heading(heading) in _NAMES
        or any(form.fullmatch(heading) for form in _FORMS)
    )


def _makes_contact(heading: str, mapped: Mapping[str, Field]) -> bool:
    if heading in mapped:
        return mapped[heading] in PEOPLE
    return any(meaning(heading, preset) in PEOPLE for preset in PRESETS.values())
