"""The contact list of the screen: a window of lines by position, quick however many people there are.

The cheapest way that can answer: few proposed by the search index are sorted; words that many have are looked for
along the order, whose index holds them; what a filter asks besides is looked up for the beginning of the list, and
when that does not fill the window, for the whole table at once.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from pydantic import Field

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.filters import Where
from rusvel_tui.engine.filters.where import ALWAYS, all_of
from rusvel_tui.engine.gtm.crm.finding.filtering import found_text, where
from rusvel_tui.engine.gtm.crm.people.contact_views import ContactRow, ContactRows
from rusvel_tui.engine.models.base import database, load_json
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.text import fold

WALK = 5000
"""People at the beginning of the list who are looked at one by one before the whole table is."""
_IN_ORDER = "c.session_id = ? AND c.deleted_at IS NULL"
_AS_STORED = "+c.session_id = ? AND c.deleted_at IS NULL"
"""The plus keeps SQLite from the index: to look at everybody, reading the table as it lies is ten times quicker."""
_ORDER = "ORDER BY c.sort_name, c.id"
_IDS = f"SELECT c.id FROM contact c WHERE {{where}} {_ORDER} LIMIT ? OFFSET ?"
_COUNT = "SELECT count(*) FROM contact c WHERE {where}"
_END = f"SELECT c.sort_name, c.id FROM contact c WHERE {_IN_ORDER} {_ORDER} LIMIT 1 OFFSET ?"
_BEFORE = "(c.sort_name, c.id) < (?, ?)"
_KEY = "SELECT c.sort_name, c.id FROM contact c WHERE c.id = ? AND c.session_id = ? AND c.deleted_at IS NULL"
_ROWS = f"""
SELECT c.id, c.name, c.company, e.address, c.tags, c.title,
  e.opted_out_at IS NOT NULL OR e.invalid_at IS NOT NULL
    OR EXISTS (SELECT 1 FROM suppression s
      WHERE s.session_id = c.session_id AND s.key IN (e.key, substr(e.key, instr(e.key, '@'))))
FROM json_each(?) w JOIN contact c ON c.id = w.value
LEFT JOIN contact_email e ON e.contact_id = c.id AND e.position = 0 AND e.deleted_at IS NULL
{_ORDER}"""


class ContactWindow(Input):
    """Which lines of the list."""

    first: int = Field(default=0, ge=0)
    count: int = Field(default=200, ge=1, le=1000)
    query: str = ""
    """Parts of a name, company, title, address or tag; all of them must be there."""
    filter: str = ""
    """What must hold besides, in the filter language."""
    place_of: str = ""
    """A contact whose position in this list is wanted too."""
    total: int | None = Field(default=None, ge=0)
    """How long the list is, if you know: then it is not counted again."""


class CountContacts(Input):
    """Of whom the number is wanted."""

    query: str = ""
    filter: str = ""


class ContactCount(View):
    """How many fit."""

    total: int


class ContactIds(View):
    """Everybody who fits, by name."""

    ids: tuple[str, ...]


class Wanted(NamedTuple):
    """What must hold, and whether the index of the order holds all that is asked."""

    where: Where
    covered: bool

    @property
    def living(self) -> str:
        """How everybody is looked at, where everybody is."""
        return _IN_ORDER if self.covered else _AS_STORED


class Found(NamedTuple):
    """A window of ids; `total` is a lower bound when there may be more than were looked for."""

    ids: list[str]
    total: int
    exact: bool


@operation("gtm.crm.contact_rows", permission="crm.contacts.read", internal=True)
def contact_rows(ctx: Context, cmd: ContactWindow) -> ContactRows:
    """A window of the contact list, ordered by name."""
    wanted = _wanted(ctx, cmd.query, cmd.filter)
    found = _window(ctx, wanted, cmd.first, cmd.count, cmd.total)
    rows = database.execute_sql(_ROWS, (json.dumps(found.ids),)).fetchall()
    at = _place(ctx, wanted, cmd.place_of) if cmd.place_of else None
    return ContactRows.model_construct(
        first=cmd.first, rows=tuple(map(_row, rows)), total=found.total, exact=found.exact, at=at
    )


@operation("gtm.crm.count_contacts", permission="crm.contacts.read")
def count_contacts(ctx: Context, cmd: CountContacts) -> ContactCount:
    """Count the contacts that fit a search and a filter."""
    return ContactCount(total=_count(ctx, _wanted(ctx, cmd.query, cmd.filter)))


@operation("gtm.crm.contact_ids", permission="crm.contacts.read", internal=True)
def contact_ids(ctx: Context, cmd: CountContacts) -> ContactIds:
    """The ids of all contacts that fit a search and a filter, for a change of all of them."""
    wanted = _wanted(ctx, cmd.query, cmd.filter)
    return ContactIds.model_construct(ids=tuple(_ids(ctx, _living(wanted), wanted.where)))


def _wanted(ctx: Context, query: str, filter_text: str) -> Wanted:
    asked = where(ctx, "contact", filter_text) if filter_text.strip() else ALWAYS
    words = [found_text(ctx, "contact", word) for word in fold(query).split()]
    return Wanted(all_of(part for part in (asked, *words) if part != ALWAYS), asked == ALWAYS)


def _living(wanted: Wanted) -> str:
    """Rows that the search index names are not looked for in the order."""
    return _AS_STORED if wanted.where.narrow else wanted.living


def _window(ctx: Context, wanted: Wanted, first: int, count: int, known: int | None) -> Found:
    asked = wanted.where
    if asked == ALWAYS:
        total = _count(ctx, wanted) if known is None else known
        return Found(_ids(ctx, _IN_ORDER, asked, count, first), total, exact=True)
    if asked.narrow:
        ids = _ids(ctx, _AS_STORED, asked)
        return Found(ids[first : first + count], len(ids), exact=True)
    ids = _along(ctx, wanted, count + 1, first)
    if first and not ids:
        return Found([], _count(ctx, wanted), exact=True)
    return Found(ids[:count], first + len(ids), exact=len(ids) <= count)


def _along(ctx: Context, wanted: Wanted, limit: int, offset: int) -> list[str]:
    """Ids in their order, from the beginning of the list if that is enough."""
    asked = wanted.where
    if wanted.covered:
        return _ids(ctx, _IN_ORDER, asked, limit, offset)
    end = database.execute_sql(_END, (ctx.session_id, WALK)).fetchone()
    near = all_of([Where(_BEFORE, end), asked]) if end else asked
    ids = _ids(ctx, _IN_ORDER, near, limit, offset)
    return ids if len(ids) == limit or not end else _ids(ctx, _AS_STORED, asked, limit, offset)


def _ids(ctx: Context, living: str, asked: Where, limit: int = -1, offset: int = 0) -> list[str]:
    values = (ctx.session_id, *asked.values, limit, offset)
    return [one for (one,) in _read(_IDS, f"{living} AND ({asked.sql})", values)]


def _count(ctx: Context, wanted: Wanted, before: Where = ALWAYS) -> int:
    """How many there are, of those before a place if one is named."""
    asked = all_of([before, wanted.where])
    values = (ctx.session_id, *asked.values)
    ((total,),) = _read(_COUNT, f"{_living(wanted)} AND ({asked.sql})", values)
    return int(total)


def _place(ctx: Context, wanted: Wanted, contact_id: str) -> int | None:
    """How many of the list stand before this contact; None when there is no such contact."""
    key = database.execute_sql(_KEY, (contact_id, ctx.session_id)).fetchone()
    return None if key is None else _count(ctx, wanted, Where(_BEFORE, tuple(key)))


def _read(sql: str, condition: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = database.execute_sql(
        sql.format(where=condition), values
    ).fetchall()
    return found


def _row(row: tuple[str, str, str, str | None, str, str, int]) -> ContactRow:
    contact_id, name, company, address, tags, title, blocked = row
    marks = "" if tags == "[]" else " ".join(f"#{tag}" for tag in load_json(tags, ()))
    return ContactRow(contact_id, name, company, address or "", marks, title, bool(blocked))
