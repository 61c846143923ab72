"""Statements that are written as SQL once: what runs for every mail must not be composed for every mail."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache, wraps
from inspect import signature
from typing import Any

from peewee import SQL, Value

from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.models.base import Base, database, dump_json

NEXT = object()
"""The version after the one that a row has."""
Tuples = list[tuple[Any, ...]]


class Slot:
    """The place of a value in a kept statement."""

    def __init__(self, name: str) -> None:
        self.name = name


def kept(make: Callable[..., Any]) -> Callable[..., Tuples]:
    """A query over its parameters, composed at its first call; it answers tuples of stored values.

    The function must not look at its parameters. A parameter for `any_of` takes a collection of texts.
    """
    names = tuple(signature(make).parameters)

    @cache
    def compose() -> tuple[str, list[Any]]:
        sql, values = make(*(Value(Slot(name), converter=False) for name in names)).sql()
        return sql, values

    @wraps(make)
    def run(*given: Any) -> Tuples:
        sql, values = compose()
        bound = dict(zip(names, map(_stored, given), strict=True))
        filled = [bound[value.name] if isinstance(value, Slot) else value for value in values]
        return list(database.execute_sql(sql, filled).fetchall())

    return run


def any_of(column: Any, values: Value) -> Any:
    """Whether the column has one of the values of a parameter, however many there are."""
    return column.in_(SQL("(SELECT value FROM json_each(?))", [values.value]))


def change_rows(model: type[Base], ids: Iterable[str], **values: Any) -> int:
    """Write these values to the rows of those ids; how many they were. `version=NEXT` lets the versions grow."""
    return _change(model, values, id=ids)


def change_state(
    model: type[Base], ids: Iterable[str], before: Iterable[str], **values: Any
) -> int:
    """The same for those in one of the states: compare-and-set."""
    return _change(model, values, id=ids, state=before)


def _change(model: type[Base], values: dict[str, Any], **which: Iterable[str]) -> int:
    grow = values.pop("version", None) is NEXT
    sql, written = _update(model, tuple(values), tuple(which), grow)
    stored = [write(value) for write, value in zip(written, values.values(), strict=True)]
    wanted = [dump_json(list(one)) for one in which.values()]
    return int(database.execute_sql(sql, (*stored, *wanted)).rowcount)


@cache
def _update(
    model: type[Base], names: tuple[str, ...], which: tuple[str, ...], grow: bool
) -> tuple[str, list[Any]]:
    """The statement, and how each of its values is stored."""
    fields = [model._meta.fields[name] for name in names]
    sets = ", ".join(f'"{field.column_name}" = ?' for field in fields)
    sets += ', "version" = "version" + 1' if grow else ""
    wheres = " AND ".join(f'"{name}" IN (SELECT value FROM json_each(?))' for name in which)
    sql = f'UPDATE "{model._meta.table_name}" SET {sets} WHERE {wheres}'
    return sql, [field.db_value for field in fields]


def _stored(value: Any) -> Any:
    if isinstance(value, datetime):
        return stamp(value)
    return dump_json(list(value)) if isinstance(value, list | tuple | set | frozenset) else value


__all__ = ["NEXT", "Slot", "any_of", "change_rows", "change_state", "kept"]
