"""The contact list of the screen: a window of lines by position, from kept SQL over plain tuples."""

from __future__ import annotations

import json

from pydantic import Field

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.crm.contact_views import ContactRow, ContactRows
from rusvel_tui.engine.models import Contact
from rusvel_tui.engine.operation import Input, operation
from rusvel_tui.engine.text import fold

_WHERE = "c.session_id = ? AND c.deleted_at IS NULL"
_LIKE = " AND c.search LIKE ? ESCAPE '\\'"
_COUNT = "SELECT count(*) FROM contact c WHERE {where}"
# The inner query walks the order index only; the rows are read for the window alone.
_ROWS = """
SELECT c.id, c.name, c.company, e.address, c.tags, c.title,
  e.opted_out_at IS NOT NULL OR e.invalid_at IS NOT NULL
    OR EXISTS (SELECT 1 FROM suppression s
      WHERE s.session_id = c.session_id AND s.key IN (e.key, substr(e.key, instr(e.key, '@'))))
FROM (SELECT c.id FROM contact c WHERE {where} ORDER BY c.sort_name, c.id LIMIT ? OFFSET ?) AS w
JOIN contact c ON c.id = w.id
LEFT JOIN contact_email e ON e.contact_id = c.id AND e.position = 0 AND e.deleted_at IS NULL
ORDER BY c.sort_name, c.id
"""
_PLACE = """
SELECT (SELECT count(*) FROM contact c WHERE {where} AND (c.sort_name, c.id) < (x.sort_name, x.id))
FROM contact x WHERE x.id = ? AND x.session_id = ? AND x.deleted_at IS NULL
"""


class ContactWindow(Input):
    """Which lines of the list."""

    first: int = Field(default=0, ge=0)
    count: int = Field(default=200, ge=1, le=1000)
    query: str = ""
    place_of: str = ""
    """A contact whose position in this list is wanted too."""


@operation("gtm.crm.contact_rows", permission="crm.contacts.read", internal=True)
def contact_rows(ctx: Context, cmd: ContactWindow) -> ContactRows:
    """A window of the contact list, ordered by name."""
    words = fold(cmd.query).split()
    where = _WHERE + _LIKE * len(words)
    values = (ctx.session_id, *(f"%{_escaped(word)}%" for word in words))
    database = Contact._meta.database
    total = database.execute_sql(_COUNT.format(where=where), values).fetchone()[0]
    rows = database.execute_sql(
        _ROWS.format(where=where), (*values, cmd.count, cmd.first)
    ).fetchall()
    at = None
    if cmd.place_of:
        place = (*values, cmd.place_of, ctx.session_id)
        found = database.execute_sql(_PLACE.format(where=where), place).fetchone()
        at = found[0] if found else None
    return ContactRows.model_construct(
        first=cmd.first, rows=tuple(map(_row, rows)), total=total, at=at
    )


def _row(row: tuple[str, str, str, str | None, str, str, int]) -> ContactRow:
    contact_id, name, company, address, tags, title, blocked = row
    marks = "" if tags == "[]" else " ".join(f"#{tag}" for tag in json.loads(tags))
    return ContactRow(contact_id, name, company, address or "", marks, title, bool(blocked))


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
