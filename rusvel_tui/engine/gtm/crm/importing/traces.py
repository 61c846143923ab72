"""What an import left in the database, and what of it was touched since: a few queries, however much it is."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.crm.importing.import_views import LeftAlone
from rusvel_tui.engine.gtm.crm.importing.lookup import load_marks
from rusvel_tui.engine.models import ImportChunk
from rusvel_tui.engine.models.base import database, tuples

GONE, CHANGED, TAKEN = "was deleted since", "was changed since", "has an address of somebody else"
USES = {
    "has a deal": "SELECT contact_id FROM deal WHERE session_id = ? AND deleted_at IS NULL",
    "has notes, calls or tasks": "SELECT contact_id FROM activity WHERE session_id = ? AND deleted_at IS NULL",
    "was enrolled in a sequence": "SELECT contact_id FROM enrollment WHERE session_id = ?",
    "got mail": "SELECT contact_id FROM mail WHERE session_id = ?",
    "was merged with somebody": "SELECT kept_id FROM contact_merge WHERE session_id = ? AND undone_at IS NULL",
}
"""What keeps a contact from going, and the contacts of which it is true."""
_CREATED = """
SELECT j.key, j.value, c.version, coalesce(nullif(c.name, ''), c.company), c.deleted_at IS NOT NULL
FROM import_chunk k, json_each(k.created) j JOIN contact c ON c.id = j.key
WHERE k.import_id = ? ORDER BY j.key"""
_CHANGED = """
SELECT i.contact_id, i.mark, coalesce(nullif(c.name, ''), c.company), c.deleted_at IS NOT NULL
FROM import_change i JOIN contact c ON c.id = i.contact_id WHERE i.import_id = ? ORDER BY i.contact_id"""
_SOME = "(SELECT value FROM json_each(?))"
_DELETE = (
    f"UPDATE contact SET deleted_at = ?, version = version + 1 WHERE id IN {_SOME}",
    f"UPDATE contact_email SET deleted_at = ? WHERE contact_id IN {_SOME}",
)
# What comes back is what was there: whoever has seen that version may go on with it.
_RESTORE = (
    f"UPDATE contact SET deleted_at = ?, version = version - 1 WHERE id IN {_SOME}",
    f"UPDATE contact_email SET deleted_at = ? WHERE contact_id IN {_SOME}",
)
_TAKEN = f"""
SELECT DISTINCT e.contact_id FROM contact_email e JOIN contact_email o
  ON o.session_id = e.session_id AND o.key = e.key AND o.deleted_at IS NULL AND o.contact_id <> e.contact_id
WHERE e.contact_id IN {_SOME}"""
# Its version says nothing: a change that was taken back has raised it too.
_BARE = "website || country || timezone || notes = '' AND tags = '[]' AND links = '[]' AND fields = '{}'"
_UNUSED = f"""
UPDATE company SET deleted_at = ? WHERE id IN {_SOME} AND deleted_at IS NULL AND {_BARE}
  AND NOT EXISTS (SELECT 1 FROM contact c WHERE c.company_id = company.id AND c.deleted_at IS NULL)
  AND NOT EXISTS (SELECT 1 FROM employment e JOIN contact c ON c.id = e.contact_id
    WHERE e.company_id = company.id AND c.deleted_at IS NULL)
  AND NOT EXISTS (SELECT 1 FROM deal d WHERE d.company_id = company.id AND d.deleted_at IS NULL)"""
_COMPANIES_BACK = f"""
UPDATE company SET deleted_at = NULL WHERE id IN {_SOME} AND deleted_at = ?
  AND NOT EXISTS (SELECT 1 FROM company o WHERE o.session_id = company.session_id AND o.key = company.key
    AND o.deleted_at IS NULL)"""
_MOVED = tuple(
    f"""
UPDATE {table} SET company_id = coalesce((SELECT o.id FROM company o JOIN company c ON c.id = {table}.company_id
  WHERE o.session_id = c.session_id AND o.key = c.key AND o.deleted_at IS NULL), {otherwise})
WHERE {column} IN {_SOME} AND company_id IN (SELECT id FROM company WHERE deleted_at IS NOT NULL)"""
    for table, column, otherwise in (
        ("contact", "id", "NULL"),
        ("employment", "contact_id", "company_id"),
    )
)
"""A company of that name was made anew meanwhile: whoever comes back works there."""


def chunks(import_id: str) -> list[tuple[list[str], list[str]]]:
    """Opt-outs and companies that each transaction of an import made."""
    query = ImportChunk.select(ImportChunk.suppressed, ImportChunk.companies)
    return tuples(query.where(ImportChunk.import_id == import_id))


def created(ctx: Context, import_id: str) -> tuple[list[str], list[LeftAlone]]:
    """The contacts that the import made and nobody touched, and those that are to be left."""
    rows = _all(_CREATED, import_id)
    marks = {one: mark for one, mark, version, _, gone in rows if version != 1 and not gone}
    changed = _touched(marks)
    reasons = {
        one: why for why, sql in reversed(USES.items()) for (one,) in _all(sql, ctx.session_id)
    }
    free, left = [], []
    for one, _, _, name, gone in rows:
        why = GONE if gone else CHANGED if one in changed else reasons.get(one, "")
        if why:
            left.append(LeftAlone(contact_id=one, name=name, why=why))
        else:
            free.append(one)
    return free, left


def changed(import_id: str) -> tuple[list[str], list[LeftAlone]]:
    """The contacts that are still as the import left them, and those that are to be left."""
    rows = _all(_CHANGED, import_id)
    touched = _touched({one: mark for one, mark, _, gone in rows if not gone})
    left = [
        LeftAlone(contact_id=one, name=name, why=GONE if gone else CHANGED)
        for one, _, name, gone in rows
        if gone or one in touched
    ]
    listed = {one.contact_id for one in left}
    return [one for one, *_ in rows if one not in listed], left


def made_and_gone(import_id: str, left: Iterable[str]) -> list[tuple[str, str]]:
    """The contacts that taking the import back removed, with their names."""
    kept = set(left)
    return [
        (one, name)
        for one, _, _, name, gone in _all(_CREATED, import_id)
        if gone and one not in kept
    ]


def taken(ids: Iterable[str]) -> set[str]:
    """Those of these contacts that have an address which is somebody else's by now."""
    return {one for (one,) in _all(_TAKEN, json.dumps(list(ids)))}


def remove(ctx: Context, ids: Iterable[str]) -> None:
    _each(_DELETE, stamp(ctx.now), ids)


def bring_back(ids: Iterable[str]) -> None:
    _each(_RESTORE, None, ids)


def drop_companies(ctx: Context, ids: Iterable[str]) -> int:
    """Remove those of these companies at which nobody works; how many."""
    listed = json.dumps(list(ids))
    return int(database.execute_sql(_UNUSED, (stamp(ctx.now), listed)).rowcount)


def bring_companies_back(ids: Iterable[str], gone_at: datetime) -> None:
    """Those of these companies that went at this moment, unless there is a new one of that name."""
    database.execute_sql(_COMPANIES_BACK, (json.dumps(list(ids)), stamp(gone_at)))


def rejoin(people: Iterable[str]) -> None:
    """Let these contacts work at the new company of the name of one that is gone."""
    listed = json.dumps(list(people))
    for sql in _MOVED:
        database.execute_sql(sql, (listed,))


def _touched(marks: dict[str, int]) -> set[str]:
    """Those of these contacts whose data are other than when they got their mark."""
    now = load_marks(marks)
    return {one for one, mark in marks.items() if now[one] != mark}


def _each(statements: Iterable[str], value: Any, ids: Iterable[str]) -> None:
    listed = json.dumps(list(ids))
    for sql in statements:
        database.execute_sql(sql, (value, listed))


def _all(sql: str, *values: str) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = database.execute_sql(sql, values).fetchall()
    return rows
