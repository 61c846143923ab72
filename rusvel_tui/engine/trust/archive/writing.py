"""Writes an archive: a head, all rows table by table, and an end that says how many there were.

The same data give the same bytes: nothing in it depends on when or where it was written.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.exporting.target import check_target, write_new_bytes
from rusvel_tui.engine.trust.archive.tables import Table, tables
from rusvel_tui.engine.trust.archive.values import line, shown
from rusvel_tui.engine.trust.copying import copy_slowly, opened

FORMAT = 1
"""The version of the format."""


class Written(NamedTuple):
    """What an archive holds."""

    file: Path
    rows: int
    bytes: int


def write_archive(database: Path, target: Path, *, overwrite: bool = False) -> Written:
    """Write all that is in a database to a new private file; who works in it meanwhile does not wait.

    Raises `Conflict` for a file that is there, `InvalidInput` for a value that is no text.
    """
    check_target(target, overwrite=overwrite)
    copy = target.with_name(f".{target.name}.copy-{os.getpid()}")
    try:
        copy_slowly(database, copy)
        with opened(copy) as connection:
            lines = Lines(connection)
            size = write_new_bytes(target, lines, overwrite=overwrite)
    finally:
        copy.unlink(missing_ok=True)
    return Written(target, lines.rows, size)


class Lines:
    """The lines of an archive, one after the other."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.rows = 0

    def __iter__(self) -> Iterator[bytes]:
        seen = sha256()
        for one in self._content():
            seen.update(one)
            yield one
        yield line({"end": True, "rows": self.rows, "sha256": seen.hexdigest()})

    def _content(self) -> Iterator[bytes]:
        schema = self._connection.execute("PRAGMA user_version").fetchone()[0]
        yield line({"rusvel": "archive", "format": FORMAT, "schema": schema})
        for table in tables(self._connection).values():
            yield from self._table(table)

    def _table(self, table: Table) -> Iterator[bytes]:
        try:
            for values in self._connection.execute(table.select):
                row = dict(zip(table.columns, map(shown, values), strict=True))
                self.rows += 1
                yield line({"table": table.name, "row": row})
        except (sqlite3.OperationalError, UnicodeError) as error:
            raise InvalidInput(
                f"A value in the table {table.name} is no text ({error}). `rusvel doctor` looks for damage."
            ) from None
