"""A contact file as a whole: found, recognised, and read to rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

from rusvel_tui.engine.errors import InvalidInput, NotFound, NotPermitted
from rusvel_tui.engine.gtm.crm.importing.csv_reader import CsvReader, Record
from rusvel_tui.engine.gtm.crm.importing.decode import Format, decode, ends_of, name_ends
from rusvel_tui.engine.gtm.crm.importing.headings import (
    Header,
    find_header,
    guess_header,
    make_header,
    require_people,
)
from rusvel_tui.engine.gtm.crm.importing.json_file import (
    headings_of,
    is_json,
    read_objects,
    records,
)
from rusvel_tui.engine.gtm.crm.importing.options import Options
from rusvel_tui.engine.gtm.crm.importing.presets import PRESETS, VCARD
from rusvel_tui.engine.gtm.crm.importing.rows import Row
from rusvel_tui.engine.gtm.crm.importing.table import read_table
from rusvel_tui.engine.gtm.crm.importing.vcard import is_vcard, read_cards, vcard_format

MAX_BYTES = 256 * 1024 * 1024
"""The largest file that is read; a million people fit in well."""


@dataclass(frozen=True, slots=True)
class ContactFile:
    """A contact file whose format is known; `header` are the original headings, of a vCard none."""

    preset: str
    header: tuple[str, ...]
    rows: Iterator[Row]
    """To be read once."""
    format: Callable[[], Format]
    """How the file is written: known when it is read to the end."""


def load(path: Path) -> bytes:
    """The bytes of a file; every way in which there are none has its own sentence."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise NotFound(f"There is no file {path}.") from None
    except IsADirectoryError:
        raise InvalidInput(f"{path} is a folder. Name one file.", field="path") from None
    except PermissionError:
        raise NotPermitted(f"{path} cannot be read. Check its owner and permissions.") from None
    except (OSError, ValueError) as error:
        raise InvalidInput(f"{path} cannot be read: {error}.", field="path") from None
    if len(data) > MAX_BYTES:
        text = f"{path} is larger than {MAX_BYTES >> 20} MB. Split it and import the parts."
        raise InvalidInput(text, field="path")
    return data


def open_contacts(data: bytes, options: Options | None = None, *, name: str = "") -> ContactFile:
    """A contact file, read as the options say; what they leave open is found from the content.

    Raises `InvalidInput` when it is empty, has no header or holds no card.
    """
    options = options or Options()
    if holds_cards(data, options, name):
        return _cards(data, name)
    return _table(data, options)


def holds_cards(data: bytes, options: Options, name: str = "") -> bool:
    """Whether it is to be read as vCards; raises `InvalidInput` for an unknown format and an empty file."""
    preset = options.preset
    if preset and preset not in (*PRESETS, VCARD):
        known = ", ".join((*PRESETS, VCARD))
        raise InvalidInput(
            f"{preset!r} is no format of contact files. There are {known}.", field="preset"
        )
    if not data.strip(b"\r\n\t \0"):
        raise InvalidInput(
            f"{name or 'The file'} is empty: there is nothing to import.", field="path"
        )
    return preset == VCARD or (not preset and (is_vcard(data) or name.lower().endswith(".vcf")))


def _cards(data: bytes, name: str) -> ContactFile:
    rows = read_cards(data)
    first = next(rows, None)
    if first is None:
        raise InvalidInput(
            f"{name or 'The file'} holds no card: no line says BEGIN:VCARD.", field="path"
        )
    form = vcard_format(data)
    return ContactFile(VCARD, (), chain([first], rows), lambda: form)


def _table(data: bytes, options: Options) -> ContactFile:
    table = open_table(data, options)
    headings = tuple(table.header.record.cells)
    rows = read_table(table.records, table.header)
    return ContactFile(table.header.preset.id, headings, rows, table.format)


@dataclass(frozen=True, slots=True)
class Table:
    """Delimited text or JSON: the header, what stands below it and perhaps above, and how it is written."""

    header: Header
    records: Iterable[Record]
    format: Callable[[], Format]
    """Known when the records are read to the end."""


def open_table(data: bytes, options: Options, *, guess: bool = False) -> Table:
    """The table in the file; a header without known names is refused, unless one may be guessed."""
    found = decode(data, options.encoding)
    told = (found.encoding, found.bom)
    if is_json(data):
        items = read_objects(found.text)
        names = headings_of(items)
        header = make_header("", Record(0, names or [""]), options)
        header = header if guess else require_people(header, options)
        ends = ends_of(found.text)
        rows = records(items, names, exact=header.preset.exact)
        return Table(header, rows, partial(_format, *told, None, ends))
    header = (guess_header if guess else find_header)(found.text, options)
    reader = CsvReader(found.text, header.delimiter)
    return Table(header, reader, partial(_format, *told, header.delimiter, reader.ends))


def _format(encoding: str, bom: bool, delimiter: str | None, ends: set[str]) -> Format:
    """The line ends are those that were met while reading; the text itself is not kept for it."""
    return Format(encoding, bom, delimiter, name_ends(ends))
