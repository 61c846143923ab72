"""Rows that another program, or a broken disk, left unreadable: found and named, not hidden."""

from __future__ import annotations

from typing import Any

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.models import MODELS
from rusvel_tui.engine.models.base import JsonField, database
from rusvel_tui.engine.operation import Input, View, operation

MOST = 100
"""Places that are named."""


class Damage(View):
    """One value that cannot be read, and where it is."""

    table: str
    row: str
    column: str


class DamageList(View):
    """What cannot be read, up to a hundred places."""

    items: tuple[Damage, ...]


@operation("check.damage", permission="sessions.read")
def find_damage(ctx: Context, cmd: Input) -> DamageList:
    """List the values of all tables that cannot be read; the rows are shown without them meanwhile."""
    found: list[Damage] = []
    for model in MODELS:
        table = model._meta.table_name
        columns = [
            field.column_name for field in model._meta.sorted_fields if isinstance(field, JsonField)
        ]
        for column in columns:
            rows = database.execute_sql(
                f'SELECT {_key(model)} FROM "{table}" WHERE "{column}" IS NOT NULL'
                f' AND NOT json_valid("{column}") LIMIT ?',
                (MOST,),
            ).fetchall()
            found += (
                Damage(table=table, row=" ".join(map(str, row)), column=column) for row in rows
            )
    return DamageList(items=tuple(found[:MOST]))


def _key(model: Any) -> str:
    """The columns that name a row of that table."""
    return ", ".join(f'"{field.column_name}"' for field in model._meta.get_primary_keys())
