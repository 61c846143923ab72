"""A table to rows: each record is read by what its columns hold."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator

from rusvel_tui.engine.gtm.crm.importing.cells import (
    clean_line,
    clean_text,
    says_yes,
    split_labels,
    split_tags,
)
from rusvel_tui.engine.gtm.crm.importing.csv_reader import Record
from rusvel_tui.engine.gtm.crm.importing.dates import read_date
from rusvel_tui.engine.gtm.crm.importing.draft import Draft
from rusvel_tui.engine.gtm.crm.importing.exact import EXACT
from rusvel_tui.engine.gtm.crm.importing.headings import Column, Header, meaning, normalise
from rusvel_tui.engine.gtm.crm.importing.json_file import as_cell
from rusvel_tui.engine.gtm.crm.importing.labels import clean_label, label_of_heading
from rusvel_tui.engine.gtm.crm.importing.presets import PRESETS, Field
from rusvel_tui.engine.gtm.crm.importing.rows import BROKEN_QUOTE, NUL_BYTE, TOO_MANY_CELLS, Row
from rusvel_tui.engine.text import one_line

Reader = Callable[[Draft, str, str, str], None]
"""Takes a cell that is not empty into the draft; told the heading, and what an address is called."""

_BAD_STATUS = ("unsubscribed", "bounced")


def read_table(reader: Iterable[Record], header: Header) -> Iterator[Row]:
    """The rows below the header, up to the footer; what is no row by the format is left out."""
    headings = [normalise(cell) for cell in header.record.cells]
    steps = _steps(header)
    for record in reader:
        if record.line <= header.record.line or _is_note(record, header):
            continue
        if _is_footer(record, header.preset.footer):
            return
        if record.cells[0] == header.record.cells[0] and _is_header(record, headings):
            continue
        draft = Draft(family_last=header.preset.family_last)
        yield _reject(record, len(headings)) or _read(record, steps, draft)


_Step = tuple[int, Reader, Column, str, Callable[[str], str]]


def _steps(header: Header) -> list[_Step]:
    """What to do with which cell; a JSON of further columns comes last."""
    readers = _READERS | EXACT if header.preset.exact else _READERS
    labelled = one_line if header.preset.exact else clean_label
    ordered = sorted(header.columns, key=lambda column: column.kind is Field.ATTRIBUTES)
    return [
        (column.index, readers[column.kind], column, _label(column), labelled)
        for column in ordered
        if column.kind in readers
    ]


def _label(column: Column) -> str:
    """What the column itself says about its addresses or numbers."""
    if column.label_index >= 0 or column.kind not in (Field.EMAIL, Field.PHONE):
        return ""
    return label_of_heading(column.name)


def _read(record: Record, steps: list[_Step], draft: Draft) -> Row:
    cells, width = record.cells, len(record.cells)
    for index, reader, column, label, labelled in steps:
        cell = cells[index] if index < width else ""
        if not cell and reader is not _read_attributes:
            continue
        if 0 <= column.type_index < width and cells[column.type_index].strip().upper() == "EX":
            continue
        if 0 <= column.label_index < width:
            label = labelled(cells[column.label_index])
        reader(draft, column.heading, cell, label)
    return draft.finish(record.line, tuple(cells))


def _is_note(record: Record, header: Header) -> bool:
    notes = header.preset.notes
    return notes is not None and notes.fullmatch(record.cells[0].strip()) is not None


def _is_footer(record: Record, footer: tuple[str, ...]) -> bool:
    if not footer:
        return False
    filled = [cell for cell in map(clean_line, record.cells) if cell]
    return len(filled) == 1 and filled[0].startswith(footer)


def _is_header(record: Record, headings: list[str]) -> bool:
    return [normalise(cell) for cell in record.cells] == headings


def _reject(record: Record, width: int) -> Row | None:
    """The row as rejected when its shape is wrong."""
    line, cells, broken = record
    if broken:
        why, text = BROKEN_QUOTE, "A quote that opens a cell is not closed before the next cell."
    elif "\0" in "".join(cells):
        place = next(place for place, cell in enumerate(cells, 1) if "\0" in cell)
        why, text = NUL_BYTE, f"Cell {place} contains a NUL character (U+0000)."
    elif len(cells) > width and any(map(clean_line, cells[width:])):
        why, text = TOO_MANY_CELLS, f"The row has {len(cells)} cells, the header has {width}."
    else:
        return None
    return Row(line, "rejected", why, text, cells=tuple(cells))


def _single(name: str, clean: Callable[[str], str] = clean_line) -> Reader:
    def read(draft: Draft, heading: str, cell: str, label: str) -> None:
        if not getattr(draft, name):
            setattr(draft, name, clean(cell))

    return read


def _opt_out(speaks: Callable[[str], bool]) -> Reader:
    def read(draft: Draft, heading: str, cell: str, label: str) -> None:
        if speaks(clean_line(cell)):
            draft.suppressed = draft.suppressed or heading

    return read


def _read_attributes(draft: Draft, heading: str, cell: str, label: str) -> None:
    """The keys of a JSON object, read as columns of listmonk would be."""
    try:
        values = {key: as_cell(value, "; ") for key, value in json.loads(cell).items()}
    except (ValueError, AttributeError, RecursionError):
        draft.warnings.append(f"{heading} holds no JSON object and was left out.")
        return
    for key, value in values.items():
        kind = meaning(normalise(key), PRESETS["listmonk"])
        reader = _READERS.get(Field.CUSTOM if kind is Field.ATTRIBUTES else kind)
        if reader and value:
            reader(draft, one_line(key) or heading, value, label_of_heading(key))


def _first_part(cell: str) -> str:
    """The first filled part of a list separated by semicolons."""
    return next((part for part in map(clean_line, clean_line(cell).split(";")) if part), "")


_READERS: dict[Field, Reader] = {
    Field.FIRST_NAME: _single("first_name"),
    Field.MIDDLE_NAME: _single("middle_name"),
    Field.LAST_NAME: _single("last_name"),
    Field.WHOLE_NAME: _single("whole_name"),
    Field.COMPANY: _single("company"),
    Field.OTHER_COMPANY: _single("other_company", _first_part),
    Field.TITLE: _single("title"),
    Field.NOTES: _single("notes", clean_text),
    Field.SOURCE_DATE: _single("source_at", read_date),
    Field.EMAIL: lambda draft, heading, cell, label: draft.mail.append((cell, label)),
    Field.PHONE: lambda draft, heading, cell, label: draft.add_phones(cell, label),
    Field.PROFILE: lambda draft, heading, cell, label: draft.add_links(cell),
    Field.WEBSITE: lambda draft, heading, cell, label: draft.add_links(cell),
    Field.COUNTRY: lambda draft, heading, cell, label: draft.add_country(heading, cell),
    Field.TIMEZONE: lambda draft, heading, cell, label: draft.add_timezone(heading, cell),
    Field.TAGS: lambda draft, heading, cell, label: draft.tags.extend(split_tags(clean_line(cell))),
    Field.LABELS: lambda draft, heading, cell, label: draft.tags.extend(
        split_labels(clean_line(cell))
    ),
    Field.OPT_OUT: _opt_out(says_yes),
    Field.OPT_OUT_ANY_TEXT: _opt_out(bool),
    Field.OPT_OUT_MARKETING: _opt_out(lambda cell: cell.casefold() in _BAD_STATUS),
    Field.OPT_OUT_LISTMONK: _opt_out(lambda cell: cell.casefold() == "blocklisted"),
    Field.OPT_OUT_ADDRESSES: lambda draft, heading, cell, label: draft.stop(cell, heading),
    Field.ATTRIBUTES: _read_attributes,
    Field.CUSTOM: lambda draft, heading, cell, label: draft.add_field(heading, cell),
}
"""How each kind of column is read; what is missing here is ignored."""
