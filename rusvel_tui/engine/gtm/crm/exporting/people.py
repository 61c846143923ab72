"""Contacts as they are exported: some hundred at a time, five queries for them all."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.models.base import database

AT_ONCE = 500
_SOME = "IN (SELECT value FROM json_each(?))"
# The plus keeps SQLite from walking all rows of the session.
_CONTACTS = f"""
SELECT id, name, first_name, last_name, company, title, profile, notes, country, timezone, source,
  coalesce(source_at, ''), tags, links, fields, metadata
FROM contact WHERE id {_SOME} AND +session_id = ? AND deleted_at IS NULL"""
_EMAILS = f"""
SELECT e.contact_id, e.address, e.label, e.opted_out_at IS NOT NULL OR e.invalid_at IS NOT NULL OR EXISTS (
  SELECT 1 FROM suppression s WHERE s.session_id = e.session_id AND s.key IN (e.key, substr(e.key, instr(e.key, '@'))))
FROM contact_email e WHERE e.contact_id {_SOME} AND +e.session_id = ? AND e.deleted_at IS NULL
ORDER BY e.contact_id, e.position"""
_PHONES = f"""
SELECT contact_id, number, label FROM contact_phone
WHERE contact_id {_SOME} AND +session_id = ? ORDER BY contact_id, position"""


class Mail(NamedTuple):
    """An address: what it is called, and whether nobody may write to it (opted out, suppressed or invalid)."""

    address: str
    label: str
    stopped: bool


class Reached(NamedTuple):
    """A number and what it is called."""

    number: str
    label: str


class Exported(NamedTuple):
    """Everything about a contact that leaves with it."""

    id: str
    name: str
    first_name: str
    last_name: str
    company: str
    title: str
    profile: str
    notes: str
    country: str
    timezone: str
    source: str
    since: str
    tags: list[str]
    links: list[str]
    fields: dict[str, str]
    metadata: dict[str, Any]
    emails: list[Mail]
    phones: list[Reached]


def people(ctx: Context, ids: Sequence[str]) -> Iterator[Exported]:
    """These contacts in their order; one that was deleted meanwhile is left out."""
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        found = ctx.read(lambda listed=some: _load(ctx, listed))  # type: ignore[misc]
        yield from (found[one] for one in some if one in found)


def _load(ctx: Context, ids: Sequence[str]) -> dict[str, Exported]:
    emails: dict[str, list[Mail]] = defaultdict(list)
    phones: dict[str, list[Reached]] = defaultdict(list)
    for one, address, label, stopped in _all(ctx, _EMAILS, ids):
        emails[one].append(Mail(address, label, bool(stopped)))
    for one, number, label in _all(ctx, _PHONES, ids):
        phones[one].append(Reached(number, label))
    return {
        one: Exported._make((one, *single, *map(json.loads, stored), emails[one], phones[one]))
        for one, *both in _all(ctx, _CONTACTS, ids)
        for single, stored in [(both[:-4], both[-4:])]
    }


def _all(ctx: Context, sql: str, ids: Sequence[str]) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = database.execute_sql(
        sql, (json.dumps(list(ids)), ctx.session_id)
    ).fetchall()
    return rows
