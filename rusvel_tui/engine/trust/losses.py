"""What is in a database and not in a copy of it: what somebody loses who puts the copy back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from rusvel_tui.engine.trust.copying import opened


class Loss(NamedTuple):
    """So many of one kind of thing."""

    number: int
    what: str
    """The word for one of them."""
    names: tuple[str, ...] = ()
    """What the first ones are called, where that matters: the numbers of documents."""


_SHOWN = 10
_LEFT = "state IN ('committing', 'in_doubt', 'sent')"
_KINDS = (
    ("contact", "contact", "1", "''"),
    ("company", "company", "1", "''"),
    ("deal", "deal", "1", "''"),
    ("note or task", "activity", "1", "''"),
    ("mail that left", "mail", _LEFT, "''"),
    ("mail that came in", "incoming_mail", "1", "''"),
    ("document with a number", "invoice", "number IS NOT NULL", "number"),
    ("payment", "payment", "1", "''"),
)
"""The word for it, its table, which of its rows count, and what they are called."""


def losses(copy: Path, current: Path) -> tuple[Loss, ...]:
    """What the copy lacks; nothing for a file that cannot be read, or that is not there."""
    with _both(copy, current) as connection:
        return tuple(_counted(connection)) if connection else ()


def opt_outs(copy: Path, current: Path) -> tuple[tuple[str, ...], ...]:
    """Who said since that copy that they want no mail: session, key, reason, time and source of each."""
    with _both(copy, current) as connection:
        if connection is None:
            return ()
        try:
            return tuple(connection.execute(_OPT_OUTS).fetchall())
        except sqlite3.Error:
            return ()


_OPT_OUTS = """SELECT session_id, key, reason, created_at, source FROM now.suppression AS one
  WHERE session_id IN (SELECT id FROM main.session)
  AND NOT EXISTS (SELECT 1 FROM main.suppression AS two WHERE two.session_id = one.session_id AND two.key = one.key)"""


@contextmanager
def _both(copy: Path, current: Path) -> Iterator[sqlite3.Connection | None]:
    """The copy, with the current file attached as `now`; None where that cannot be read."""
    with opened(copy) as connection:
        yield connection if current.exists() and _attached(connection, current) else None


def _attached(connection: sqlite3.Connection, current: Path) -> bool:
    try:
        connection.execute("ATTACH DATABASE ? AS now", (f"{current.absolute().as_uri()}?mode=ro",))
        connection.execute("SELECT count(*) FROM now.sqlite_master").fetchone()
    except sqlite3.Error:
        return False
    return True


def _counted(connection: sqlite3.Connection) -> Iterator[Loss]:
    for what, table, counts, name in _KINDS:
        there = f"SELECT id FROM main.{table} WHERE {counts}"
        sql = f"SELECT {name} FROM now.{table} WHERE {counts} AND id NOT IN ({there})"
        try:
            rows = connection.execute(sql).fetchall()
        except sqlite3.Error:  # a file of another version, or one with damage
            continue
        if rows:
            yield Loss(len(rows), what, tuple(one for (one,) in rows if one)[:_SHOWN])
