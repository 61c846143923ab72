"""CSV as RFC 4180 has it: every cell in quotes, CRLF, and nothing that a spreadsheet would run as a formula."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence

from rusvel_tui.engine.gtm.crm.importing.exact import defuse
from rusvel_tui.engine.gtm.crm.importing.presets import CUSTOM_HEADING
from rusvel_tui.engine.models.base import database

_NUMBER = re.compile(r"\+[\d ()./-]+")
"""A phone number may begin with its plus: it can be nothing else."""

_AMOUNT = re.compile(r"-?\d+(\.\d+)?", re.ASCII)


def custom_keys(table: str, ids: Sequence[str]) -> tuple[str, ...]:
    """The custom fields that these rows have: each gets a column."""
    sql = f"""
    SELECT DISTINCT j.key FROM {table} t, json_each(t.fields) j
    WHERE t.id IN (SELECT value FROM json_each(?)) ORDER BY 1"""
    return tuple(str(key) for (key,) in database.execute_sql(sql, (json.dumps(list(ids)),)))


def headings(first: Iterable[str], custom: Iterable[str]) -> list[str]:
    """The header: custom fields come last, under names that are nobody else's."""
    return [*first, *(f"{CUSTOM_HEADING}{key}" for key in custom)]


def csv_lines(
    header: Iterable[str],
    rows: Iterable[Iterable[str]],
    *,
    bom: bool,
    amounts: frozenset[int] = frozenset(),
) -> Iterator[str]:
    """The lines of a table. Columns at those places hold amounts: a minus before one is no formula."""
    yield ("\ufeff" if bom else "") + _line(header)
    for row in rows:
        yield _line(row, amounts)


def json_lines(header: Sequence[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """The same table as a list of objects, one in a line; what is empty is left out."""
    yield "["
    for number, row in enumerate(rows):
        filled = {name: cell for name, cell in zip(header, row, strict=True) if cell}
        yield f"{',' if number else ''}\n{json.dumps(filled, ensure_ascii=False)}"
    yield "\n]\n"


def _line(cells: Iterable[str], amounts: frozenset[int] = frozenset()) -> str:
    safe = (
        _safe(cell, _AMOUNT if place in amounts else _NUMBER) for place, cell in enumerate(cells)
    )
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in safe) + "\r\n"


def _safe(cell: str, harmless: re.Pattern[str]) -> str:
    return cell if harmless.fullmatch(cell) else defuse(cell)
