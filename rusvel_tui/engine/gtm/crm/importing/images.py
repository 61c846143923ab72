"""Contacts as they were before an import changed them, and the way back."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.models.base import database, dump_json
from rusvel_tui.engine.row_changes import Change, Part, Watch, as_json, from_json

_KEEP = """
INSERT INTO import_change (import_id, contact_id, image, mark) VALUES (?, ?, ?, ?)
ON CONFLICT (import_id, contact_id) DO UPDATE SET image = excluded.image, mark = excluded.mark"""
_EMPLOYED = (
    "SELECT id, contact_id FROM employment WHERE contact_id IN (SELECT value FROM json_each(?))"
)


class Watched:
    """Some contacts that are about to be changed."""

    def __init__(self, ctx: Context, import_id: str, ids: Iterable[str]) -> None:
        self._import_id = import_id
        self._ids = tuple(ids)
        tables = ("contact_email", "contact_phone", "employment")
        parts = [Part("contact", "id", self._ids)]
        parts += (Part(table, "contact_id", self._ids) for table in tables)
        self._watch = Watch(ctx, *(parts if self._ids else ()))

    def keep(self, marks: Mapping[str, int]) -> None:
        """Store what has changed since, contact by contact, with the marks of what they are now."""
        images: dict[str, list[Change]] = defaultdict(list)
        owner = dict(self._employed())
        for change in self._watch.changes():
            row = (change.after or {}) | (change.before or {})
            key = change.key[-1]
            images[row.get("contact_id") or owner.get(key) or key].append(change)
        rows = (
            (self._import_id, one, dump_json(as_json(images[one])), marks[one]) for one in images
        )
        database.connection().executemany(_KEEP, rows)

    def _employed(self) -> Iterable[tuple[str, str]]:
        found: list[tuple[str, str]] = (
            database.execute_sql(_EMPLOYED, (json.dumps(self._ids),)).fetchall()
            if self._ids
            else []
        )
        return found


def turned(image: Iterable[list[object]]) -> list[Change]:
    """The changes that lead the other way."""
    return [
        change._replace(before=change.after, after=change.before) for change in from_json(image)
    ]
