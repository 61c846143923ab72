"""Custom fields in filters: asked by their key, compared by their type."""

from __future__ import annotations

import json

from rusvel_tui.engine.filters.fields import Entity, Field, Relation, Scope
from rusvel_tui.engine.filters.kinds import CHOICE, DAY, NUMBER, TEXT, YES_NO
from rusvel_tui.engine.filters.sources import words
from rusvel_tui.engine.models.base import database

_SQL = """
SELECT key, label, type, choices FROM field_definition WHERE session_id = ? AND entity = ? ORDER BY position, key"""
_KINDS = {
    "text": TEXT,
    "url": TEXT,
    "number": NUMBER,
    "date": DAY,
    "choice": CHOICE,
    "yes_no": YES_NO,
}

_SHAPES = {
    "number": "NOT GLOB '*[^0-9.-]*'",
    "date": "GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'",
}
"""How values look that are what their field says: an import may have left others."""


def load(entity: Entity, scope: Scope) -> tuple[Field, ...]:
    """The custom fields of an entity in this session."""
    if not entity.custom:
        return ()
    rows = database.execute_sql(_SQL, (scope.session_id, entity.name)).fetchall()
    return tuple(_field(entity, *row) for row in rows)


def find(entity: Entity, scope: Scope, name: str) -> Field | None:
    """The custom field with that key, in any case; `field.key` where another field has the name."""
    wanted = name.removeprefix("field.")
    return next((field for field in load(entity, scope) if field.name.casefold() == wanted), None)


def _field(entity: Entity, key: str, label: str, kind: str, choices: str) -> Field:
    """The value lives in the JSON of the row under the key, as text."""
    shape = f" AND f.value {_SHAPES[kind]}" if kind in _SHAPES else ""
    sql = f"EXISTS (SELECT 1 FROM json_each({entity.custom}) f WHERE f.key = ?{shape} AND {{test}})"
    return Field(
        key,
        _KINDS[kind],
        "CAST(f.value AS REAL)" if kind == "number" else "f.value",
        label,
        Relation(sql, (key,)),
        words(*json.loads(choices)),
        closed=kind == "choice",
        present="f.value <> ''",
    )
