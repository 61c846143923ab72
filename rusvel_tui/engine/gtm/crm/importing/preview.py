"""A contact file before anything is done with it: how it is written, and what its columns seem to hold."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from itertools import islice

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.crm.fields.field_store import definitions
from rusvel_tui.engine.gtm.crm.importing.cells import clean_line
from rusvel_tui.engine.gtm.crm.importing.decode import decode, ends_of, name_ends
from rusvel_tui.engine.gtm.crm.importing.headings import (
    Header,
    has_people,
)
from rusvel_tui.engine.gtm.crm.importing.import_views import (
    ColumnGuess,
    FileFormat,
    ImportFile,
    ImportPreview,
    SampleRow,
    TargetView,
)
from rusvel_tui.engine.gtm.crm.importing.options import CUSTOM, TARGETS, Options, target_of
from rusvel_tui.engine.gtm.crm.importing.presets import VCARD, Field
from rusvel_tui.engine.gtm.crm.importing.rows import Row
from rusvel_tui.engine.gtm.crm.importing.runs import newest_of
from rusvel_tui.engine.gtm.crm.importing.source import holds_cards, open_table
from rusvel_tui.engine.gtm.crm.importing.store import file_of
from rusvel_tui.engine.gtm.crm.importing.vcard import read_cards, vcard_format
from rusvel_tui.engine.operation import operation

SHOWN_ROWS = 5
SAMPLES = 3
_LOOK_INTO = 2_000
"""Records among which samples are looked for."""


@operation("gtm.crm.read_import", permission="crm.contacts.read")
def read_import(ctx: Context, cmd: ImportFile) -> ImportPreview:
    """Look at a contact file: its encoding, format and columns, with samples; nothing is written."""
    data, name = file_of(cmd)
    options = cmd.options
    found = _cards(data) if holds_cards(data, options, name) else _table(data, options)
    return found.model_copy(
        update={
            "file_name": name,
            "size": len(data),
            "targets": tuple(_targets(ctx)),
            "earlier": newest_of(ctx, hashlib.sha256(data).hexdigest()),
        }
    )


def _table(data: bytes, options: Options) -> ImportPreview:
    table = open_table(data, options, guess=True)
    header = table.header
    below = (record for record in table.records if record.line > header.record.line)
    records = [(record.line, record.cells) for record in islice(below, _LOOK_INTO)]
    # The line ends of the whole file, though only its first records are looked at.
    form = replace(table.format(), line_end=name_ends(ends_of(decode(data, options.encoding).text)))
    return ImportPreview(
        preset=header.preset.id,
        format=FileFormat(**asdict(form)),
        header_row=header.record.line,
        recognised=has_people(header),
        columns=tuple(_columns(header, [cells for _, cells in records])),
        rows=tuple(_shown(records)),
        foreign=tuple(_shown([(n, cells) for n, cells in records if not _plain(cells)])),
    )


def _columns(header: Header, records: Sequence[Sequence[str]]) -> Iterator[ColumnGuess]:
    for column in header.columns:
        filled = [text for cells in records if (text := _cell(cells, column.index))]
        yield ColumnGuess(
            name=column.name,
            target=target_of(column.kind, column.heading),
            known=column.kind is not Field.CUSTOM,
            filled=len(filled),
            samples=tuple(dict.fromkeys(filled))[:SAMPLES],
        )


def _cell(cells: Sequence[str], index: int) -> str:
    return clean_line(cells[index]) if index < len(cells) else ""


def _shown(records: Sequence[tuple[int, Sequence[str]]]) -> Iterator[SampleRow]:
    """The first of these records, cleaned as they are to be shown."""
    for number, cells in records[:SHOWN_ROWS]:
        yield SampleRow(row=number, cells=tuple(map(clean_line, cells)))


def _plain(cells: Sequence[str]) -> bool:
    return all(cell.isascii() for cell in cells)


def _cards(data: bytes) -> ImportPreview:
    rows = list(islice(read_cards(data), SHOWN_ROWS))
    return ImportPreview(
        preset=VCARD,
        format=FileFormat(**asdict(vcard_format(data))),
        header_row=0,
        recognised=True,
        columns=(),
        rows=tuple(SampleRow(row=row.number, cells=_of_card(row)) for row in rows),
        foreign=(),
    )


def _of_card(row: Row) -> tuple[str, ...]:
    """A card in a line: name, company, addresses and phones, or why it is rejected."""
    person = row.person
    if person is None:
        return (row.text or row.status,)
    return (person.name, person.company, *person.emails, *(number for number, _ in person.phones))


def _targets(ctx: Context) -> Iterator[TargetView]:
    """Everything that a column can be told to hold, own fields last."""
    for name, kind in TARGETS.items():
        yield TargetView(target=name, label=kind.label, several=kind.several)
    for row in definitions(ctx, "contact").values():
        yield TargetView(target=f"{CUSTOM}{row.label}", label=row.label, several=False)
