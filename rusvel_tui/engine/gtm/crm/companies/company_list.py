"""The company list of the screen: a window of lines by position, from kept SQL over plain tuples."""

from __future__ import annotations

from pydantic import Field

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.filters.where import ALWAYS
from rusvel_tui.engine.gtm.crm.companies.company_views import CompanyRow, CompanyRows
from rusvel_tui.engine.gtm.crm.finding.filtering import where
from rusvel_tui.engine.models.base import database, load_json
from rusvel_tui.engine.operation import Input, operation
from rusvel_tui.engine.text import fold

_LIVING = "o.session_id = ? AND o.deleted_at IS NULL"
_LIKE = " AND (o.key LIKE ? ESCAPE '\\' OR o.domain LIKE ? ESCAPE '\\')"
_COUNT = "SELECT count(*) FROM company o WHERE {where}"
# The inner query walks the order index only; what is counted is counted for the window alone.
_ROWS = """
SELECT c.id, c.name, c.domain,
  (SELECT count(*) FROM contact p WHERE p.company_id = c.id AND p.deleted_at IS NULL),
  (SELECT count(*) FROM contact p JOIN deal d ON d.contact_id = p.id
    WHERE p.company_id = c.id AND p.deleted_at IS NULL AND d.deleted_at IS NULL AND d.closed_at IS NULL),
  c.tags
FROM (SELECT o.id FROM company o WHERE {where} ORDER BY o.key, o.id LIMIT ? OFFSET ?) AS w
JOIN company c ON c.id = w.id ORDER BY c.key, c.id
"""
_PLACE = """
SELECT (SELECT count(*) FROM company o WHERE {where} AND (o.key, o.id) < (x.key, x.id))
FROM company x WHERE x.id = ? AND x.session_id = ? AND x.deleted_at IS NULL
"""


class CompanyWindow(Input):
    """Which lines of the list."""

    first: int = Field(default=0, ge=0)
    count: int = Field(default=200, ge=1, le=1000)
    query: str = ""
    """Part of a name or a domain."""
    filter: str = ""
    """A filter line such as `country:DE -tag:vip`."""
    place_of: str = ""
    """A company whose position in this list is wanted too."""


@operation("gtm.crm.company_rows", permission="crm.contacts.read", internal=True)
def company_rows(ctx: Context, cmd: CompanyWindow) -> CompanyRows:
    """A window of the company list, ordered by name."""
    words = fold(cmd.query).split()
    fits = where(ctx, "company", cmd.filter) if cmd.filter.strip() else ALWAYS
    test = f"{_LIVING} AND {fits.sql}{_LIKE * len(words)}"
    likes = (f"%{_escaped(word)}%" for word in words for _ in range(2))
    values = (ctx.session_id, *fits.values, *likes)
    total = database.execute_sql(_COUNT.format(where=test), values).fetchone()[0]
    rows = database.execute_sql(
        _ROWS.format(where=test), (*values, cmd.count, cmd.first)
    ).fetchall()
    at = None
    if cmd.place_of:
        place = (*values, cmd.place_of, ctx.session_id)
        found = database.execute_sql(_PLACE.format(where=test), place).fetchone()
        at = found[0] if found else None
    return CompanyRows.model_construct(
        first=cmd.first, rows=tuple(map(_row, rows)), total=total, at=at
    )


def _row(row: tuple[str, str, str, int, int, str]) -> CompanyRow:
    company_id, name, domain, people, deals, tags = row
    marks = "" if tags == "[]" else " ".join(f"#{tag}" for tag in load_json(tags, ()))
    return CompanyRow(company_id, name, domain, people, deals, marks)


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
