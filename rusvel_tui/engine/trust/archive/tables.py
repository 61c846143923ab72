"""Which tables an archive holds: those with rows of their own, not what SQLite and triggers derive from them."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from rusvel_tui.engine.gtm.senders.identity import THIS_FILE

DERIVED = frozenset(("search_doc", "invoice_month", "invoice_open_day"))
"""Tables that triggers fill."""
_TABLES = """SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
  AND name NOT IN (SELECT name FROM pragma_table_list WHERE type IN ('virtual', 'shadow')) ORDER BY name"""


class Table(NamedTuple):
    """One table with its columns in their order, and those that name a row."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]

    @property
    def select(self) -> str:
        """All rows in the order of their names. What is said about one file alone stays there."""
        where = f"WHERE id <> '{THIS_FILE}' " if self.name == "sender_state" else ""
        return f"SELECT {_list(self.columns)} FROM {self.name} {where}ORDER BY {_list(self.key)}"

    @property
    def insert(self) -> str:
        """One row, all columns given."""
        marks = ", ".join("?" * len(self.columns))
        return f"INSERT INTO {self.name} ({_list(self.columns)}) VALUES ({marks})"


def tables(connection: sqlite3.Connection) -> dict[str, Table]:
    """The tables of a file by name, in their order."""
    names = [name for (name,) in connection.execute(_TABLES) if name not in DERIVED]
    return {name: _table(connection, name) for name in names}


def _table(connection: sqlite3.Connection, name: str) -> Table:
    found = connection.execute(f"PRAGMA table_info({name})").fetchall()
    key = sorted((number, column) for _, column, _, _, _, number in found if number)
    columns = tuple(row[1] for row in found)
    return Table(name, columns, tuple(column for _, column in key))


def _list(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)
