"""The rejected rows as a file of the same kind: put right there, it is imported like any other."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from rusvel_tui.engine.errors import InvalidInput, NotFound, NotPermitted
from rusvel_tui.engine.gtm.crm.importing.presets import VCARD
from rusvel_tui.engine.gtm.crm.importing.rows import Row
from rusvel_tui.engine.gtm.crm.importing.source import ContactFile

ERROR_COLUMN = "_error"


def write_rejected(path: Path, file: ContactFile, rows: list[Row]) -> int:
    """Write the rejected rows, private and never over another file; how many. None writes nothing.

    A table gets its own header and one more column, `_error`, which an import leaves out; cards
    get the line `X-ERROR`. Cells that a spreadsheet would run as a formula begin with `'`.
    """
    if rows:
        lines = _cards(rows) if file.preset == VCARD else _table(file.header, rows)
        _create(path, "".join(f"{line}\r\n" for line in lines))
    return len(rows)


def check_free(path: Path) -> None:
    """Refuse a place where no new file can be, before anything is imported."""
    if not path.parent.is_dir():
        raise NotFound(f"The folder {path.parent} does not exist. Create it, or name another file.")
    if path.exists():
        raise InvalidInput(f"{path} exists already. Name a new file for the rejected rows.")


def _create(path: Path, text: str) -> None:
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except OSError as error:
        raise NotPermitted(f"{path} cannot be written: {error.strerror}.") from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(text.encode("utf-8", "replace"))


def _table(header: tuple[str, ...], rows: list[Row]) -> Iterator[str]:
    """Surplus cells stay behind the error, so that the row is still too long."""
    yield _line((*header, ERROR_COLUMN))
    width = len(header)
    for row in rows:
        cells = (*row.cells, *("",) * (width - len(row.cells)))
        yield _line((*cells[:width], f"{row.why}: {row.text}", *cells[width:]))


def _line(cells: tuple[str, ...]) -> str:
    return ",".join('"' + _defused(cell).replace('"', '""') + '"' for cell in cells)


def _defused(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell


def _cards(rows: list[Row]) -> Iterator[str]:
    for row in rows:
        yield "BEGIN:VCARD"
        yield from row.cells[0].splitlines()
        yield f"X-ERROR:{row.why}"
        yield "END:VCARD"
