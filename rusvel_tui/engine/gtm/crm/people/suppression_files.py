"""The suppression list as a file: taken over from another tool, and taken along to the next."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import Field

from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.exporting.export_views import ExportDone
from rusvel_tui.engine.gtm.crm.exporting.tables import csv_lines
from rusvel_tui.engine.gtm.crm.exporting.target import check_target, write_new
from rusvel_tui.engine.gtm.crm.people.choosing import end_running
from rusvel_tui.engine.gtm.crm.people.suppression import suppression_key
from rusvel_tui.engine.models import Suppression
from rusvel_tui.engine.models.base import database
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.text import one_line

HEADER = ("Address", "Reason", "Source", "Date")
_HASH = re.compile(r"sha256:[0-9a-f]{64}")
_NAMES = {
    "key": (
        "address",
        "email",
        "e-mail",
        "email address",
        "e-mail address",
        "mail",
        "domain",
        "key",
        "hash",
    ),
    "reason": ("reason", "note", "comment", "type"),
    "source": ("source", "origin", "list"),
}
"""Headings by which other tools name the columns."""
_LIMIT = 200_000


class ImportSuppressions(Input):
    """The text of a CSV file, or addresses and domains line by line."""

    text: str = Field(max_length=20_000_000)
    reason: str = "imported"
    """For entries that name none."""


class ExportSuppressions(Input):
    """Where to write the list."""

    path: str = Field(min_length=1)
    overwrite: bool = False
    bom: bool = False


class SuppressionsImported(View):
    """What became of the lines."""

    added: int
    known: int
    """Entries that were there already."""
    rejected: tuple[str, ...]
    """Lines that are neither an address nor a domain nor a hash, the first hundred."""


@operation("gtm.crm.import_suppressions", writes=True, permission="crm.contacts.manage")
def import_suppressions(ctx: Context, cmd: ImportSuppressions) -> SuppressionsImported:
    """Put everything in a file on the suppression list: addresses, `@domains`, hashes; running sequences end."""
    entries, rejected = _read(cmd)
    listed = _listed(ctx, list(entries))
    new = {key: said for key, said in entries.items() if key not in listed}
    rows = ((ctx.session_id, key, *said, stamp(ctx.now)) for key, said in new.items())
    database.connection().executemany(_ADD, rows)
    if new:
        undo = Inverse(
            "gtm.crm.unsuppress_addresses", {"addresses": list(new), "reason": cmd.reason}
        )
        payload = {"name": f"{len(new)} entries", "reason": one_line(cmd.reason), "count": len(new)}
        ctx.record("gtm.suppression.added", "", payload, undo=undo)
        holders = database.execute_sql(_HOLDERS, (ctx.session_id, json.dumps(list(new)))).fetchall()
        end_running(ctx, "unsubscribed", [contact_id for (contact_id,) in holders])
    return SuppressionsImported(
        added=len(new), known=len(entries) - len(new), rejected=tuple(rejected[:100])
    )


@operation("gtm.crm.export_suppressions", permission="crm.contacts.read", staged=True)
def export_suppressions(ctx: Context, cmd: ExportSuppressions) -> ExportDone:
    """Write the suppression list to a CSV file that any tool reads, and that `import_suppressions` takes back."""
    path = Path(cmd.path).expanduser()
    if cmd.overwrite:
        ctx.require_human("replace a file")
    check_target(path, overwrite=cmd.overwrite)
    rows = ctx.read(lambda: _rows(ctx))
    size = write_new(path, csv_lines(HEADER, rows, bom=cmd.bom), overwrite=cmd.overwrite)
    return ExportDone(path=str(path), format="csv", exported=len(rows), bytes=size)


def _rows(ctx: Context) -> list[tuple[str, str, str, str]]:
    query = Suppression.select().where(Suppression.session_id == ctx.session_id)
    return [
        (row.key, row.reason, row.source, stamp(row.created_at))
        for row in query.order_by(Suppression.key)
    ]


def _read(cmd: ImportSuppressions) -> tuple[dict[str, tuple[str, str]], list[str]]:
    """The entries by their keys with reason and source, and the lines that are none."""
    entries: dict[str, tuple[str, str]] = {}
    rejected: list[str] = []
    for text, reason, source in _lines(cmd.text.lstrip("\ufeff")):
        key = _key(text)
        if not key:
            rejected.append(one_line(text)[:100])
            continue
        said = (one_line(reason)[:200] or one_line(cmd.reason), one_line(source)[:80] or "import")
        entries.setdefault(key, said)
        if len(entries) > _LIMIT:
            raise InvalidInput(f"More than {_LIMIT} entries. Split the file.", field="text")
    return entries, rejected


def _lines(text: str) -> Iterator[tuple[str, str, str]]:
    """The cells that matter; a first line with headings says where they stand."""
    sample = text[:4000]
    delimiter = max(",;\t", key=sample.count)
    rows = [row for row in csv.reader(text.splitlines(), delimiter=delimiter) if any(row)]
    heads = [one.strip().casefold() for one in rows[0]] if rows else []
    places = {
        name: next((n for n, h in enumerate(heads) if h in known), -1)
        for name, known in _NAMES.items()
    }
    headed = places["key"] >= 0
    if not headed:
        places = {"key": 0, "reason": -1, "source": -1}
    for row in rows[headed:]:
        cell = {name: row[n] if 0 <= n < len(row) else "" for name, n in places.items()}
        if cell["key"].strip():
            yield cell["key"], cell["reason"], cell["source"]


def _key(text: str) -> str:
    """The stored form; an apostrophe is what an export puts before a cell that a spreadsheet would run."""
    bare = text.strip().removeprefix("'").strip()
    if _HASH.fullmatch(bare.lower()):
        return bare.lower()
    if "@" not in bare and "." in bare:
        bare = f"@{bare}"
    try:
        return suppression_key(bare)
    except InvalidInput:
        return ""


def _listed(ctx: Context, keys: list[str]) -> set[str]:
    rows = database.execute_sql(_KNOWN, (ctx.session_id, json.dumps(keys))).fetchall()
    return {key for (key,) in rows}


_KNOWN = (
    "SELECT key FROM suppression WHERE session_id = ? AND key IN (SELECT value FROM json_each(?))"
)
_ADD = """
INSERT INTO suppression (session_id, key, reason, source, created_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"""
_HOLDERS = """
SELECT DISTINCT e.contact_id FROM json_each(?2) w JOIN contact_email e ON e.session_id = ?1
  AND (e.key = w.value OR substr(e.key, instr(e.key, '@')) = w.value) WHERE e.deleted_at IS NULL"""
