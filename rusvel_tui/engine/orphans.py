"""Rows that have lost what they belong to, or wait for nothing: found and named; `trust/fixes.py` mends what needs no guess."""

from __future__ import annotations

import sqlite3

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.models.base import database
from rusvel_tui.engine.operation import Input, View, operation

MOST = 100
_LARGEST = 200_000_000
"""Octets of a file whose search index is still checked: it is copied into memory for that."""


class Orphan(View):
    """One row, and what is wrong about it."""

    table: str
    row: str
    what: str


class OrphanList(View):
    """What was found, up to a hundred rows."""

    items: tuple[Orphan, ...]


class IndexState(View):
    """Whether the search index is sound."""

    checked: bool
    """False for a file that is too large for it."""
    fault: str


@operation("check.orphans", permission="sessions.read")
def find_orphans(ctx: Context, cmd: Input) -> OrphanList:
    """List rows whose other half is missing: sequences that wait for no step, mails without their work, lost references."""
    found = [
        Orphan(table=table, row=str(row), what=what)
        for table, what, sql in _QUESTIONS
        for (row,) in database.execute_sql(f"{sql} LIMIT {MOST}").fetchall()
    ]
    broken = database.execute_sql("PRAGMA foreign_key_check").fetchmany(MOST)
    found += [
        Orphan(table=str(table), row=str(row), what=f"its {other} is gone")
        for table, row, other, _ in broken
    ]
    return OrphanList(items=tuple(found[:MOST]))


@operation("check.search_index", permission="sessions.read")
def check_index(ctx: Context, cmd: Input) -> IndexState:
    """Check the full-text indexes (FTS5) on a copy in memory: the check itself writes."""
    pages, size = (database.execute_sql(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))  # fmt: skip
    if pages * size > _LARGEST:
        return IndexState(checked=False, fault="")
    copy = sqlite3.connect(":memory:")
    try:
        database.connection().backup(copy)
        return IndexState(checked=True, fault=index_fault(copy))
    finally:
        copy.close()


def index_fault(connection: sqlite3.Connection) -> str:
    """What is wrong with the full-text indexes of a connection that may write; empty when nothing is."""
    for (name,) in connection.execute(_INDEXES).fetchall():
        try:
            connection.execute(f'INSERT INTO "{name}" ("{name}") VALUES (\'integrity-check\')')
        except sqlite3.DatabaseError as error:
            return f"{name}: {error}"
    missing = connection.execute(_NOT_FOUND).fetchone()[0]
    return f"{missing} rows are not in it" if missing else ""


_NOT_FOUND = """SELECT (SELECT count(*) FROM contact WHERE id NOT IN (SELECT item_id FROM search_doc WHERE kind = 'contact'))
  + (SELECT count(*) FROM company WHERE id NOT IN (SELECT item_id FROM search_doc WHERE kind = 'company'))
  + (SELECT count(*) FROM search_doc WHERE kind NOT LIKE '%\\_text' ESCAPE '\\' AND number NOT IN (SELECT id FROM name_search_docsize))
  + (SELECT count(*) FROM search_doc WHERE kind LIKE '%\\_text' ESCAPE '\\' AND number NOT IN (SELECT id FROM text_search_docsize))"""
_INDEXES = "SELECT name FROM sqlite_master WHERE type = 'table' AND (sql LIKE '%USING fts5 (%' OR sql LIKE '%USING fts5(%')"
_QUESTIONS = (
    (
        "enrollment", "it runs and waits for no step",
        """SELECT e.id FROM enrollment e LEFT JOIN job j ON j.id = e.job_id WHERE e.status IN ('active', 'paused')
        AND (j.id IS NULL OR j.state = 'cancelled')""",
    ),
    (
        "mail", "it waits and no work is queued for it",
        """SELECT m.id FROM mail m JOIN job j ON j.id = m.id WHERE (m.state = 'held' AND j.state <> 'awaiting_approval')
        OR (m.state IN ('approved', 'scheduled') AND j.state NOT IN ('queued', 'running'))""",
    ),
    (
        "job", "it waits for a yes and its mail does not",
        """SELECT j.id FROM job j JOIN mail m ON m.id = j.id WHERE j.state = 'awaiting_approval' AND m.state <> 'held'""",
    ),
    (
        "incoming_mail", "it was stored and never judged: `rusvel mail fetch` goes on with it",
        "SELECT id FROM incoming_mail WHERE state = 'new'",
    ),
)  # fmt: skip
