"""Custom fields and the records that hold their values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.fields.field_values import FieldType, canonical, field_key, refuse
from rusvel_tui.engine.models import FieldDefinition
from rusvel_tui.engine.models.base import database, dump_json
from rusvel_tui.engine.text import one_line, sanitize

_ENTITIES = ("contact", "company", "deal")
"""The tables with custom fields."""


def require_entity(name: str) -> str:
    """The kind of record that is meant; refuses any but contact, company and deal."""
    found = name.strip().lower()
    if found not in _ENTITIES:
        raise InvalidInput(f"Unknown kind {name!r}. Use contact, company or deal.", field="entity")
    return found


def definitions(ctx: Context, entity: str) -> dict[str, FieldDefinition]:
    """The custom fields of a kind of record by key, in their order."""
    query = FieldDefinition.select().where(
        (FieldDefinition.session_id == ctx.session_id) & (FieldDefinition.entity == entity)
    )
    return {row.key: row for row in query.order_by(FieldDefinition.position, FieldDefinition.key)}


def normalise_fields(
    ctx: Context,
    entity: str,
    given: Mapping[str, str],
    old: Mapping[str, str] | None = None,
    *,
    strict: bool = True,
) -> dict[str, str]:
    """Values as they are stored, by key; an empty value of a defined field takes it away.

    A value that does not fit its type is an error beside the field, unless it is the old one, or `strict` is off, as
    for an import: then it stays as text. A name that is not defined is kept as it is.
    """
    known = definitions(ctx, entity) if given else {}
    found: dict[str, str] = {}
    for name, text in given.items():
        row = known.get(field_key(name))
        if row is None:
            found[one_line(name)] = sanitize(text)
        elif value := _value(row, text, (old or {}).get(row.key), strict=strict):
            found[row.key] = value
    return found


def _value(row: FieldDefinition, text: str, old: str | None, *, strict: bool) -> str:
    try:
        return canonical(FieldType(row.type), text, tuple(row.choices))
    except ValueError as error:
        if strict and text != old:
            raise refuse(row.label, text, str(error), row.key) from None
        return sanitize(text)


@dataclass(slots=True)
class Retyped:
    """What a definition does to the values that are there."""

    table: str
    records: dict[str, str]
    """The new custom fields of the records that change, by id."""
    misfits: int

    def write(self) -> None:
        rows = ((fields, record_id) for record_id, fields in self.records.items())
        database.connection().executemany(f"UPDATE {self.table} SET fields = ? WHERE id = ?", rows)


def retype(ctx: Context, row: FieldDefinition) -> Retyped:
    """The values under the field's name, moved to its key and into its type; what does not fit stays as it is."""
    found = Retyped(row.entity, {}, 0)
    names = [name for name in _names(ctx, row.entity) if field_key(name) == row.key]
    sql = _HOLDERS.format(table=row.entity)
    held = (
        database.execute_sql(sql, (ctx.session_id, json.dumps(names))).fetchall() if names else ()
    )
    for record_id, stored in held:
        fields = json.loads(stored)
        name = row.key if row.key in fields else next(n for n in names if n in fields)
        try:
            value = canonical(FieldType(row.type), fields[name], tuple(row.choices))
        except ValueError:
            value = fields[name]
            found.misfits += 1
        wanted = {key: text for key, text in fields.items() if key != name}
        wanted |= {row.key: value} if value else {}
        if wanted != fields:
            found.records[record_id] = dump_json(wanted)
    return found


def _names(ctx: Context, table: str) -> list[str]:
    rows = database.execute_sql(_NAMES.format(table=table), (ctx.session_id,)).fetchall()
    return sorted(name for (name,) in rows)


_NAMES = """
SELECT DISTINCT f.key FROM {table} t, json_each(t.fields) f WHERE t.session_id = ? AND t.fields <> '{{}}'"""
_HOLDERS = """
SELECT t.id, t.fields FROM {table} t WHERE t.session_id = ? AND t.fields <> '{{}}'
  AND EXISTS (SELECT 1 FROM json_each(t.fields) f WHERE f.key IN (SELECT value FROM json_each(?)))"""
