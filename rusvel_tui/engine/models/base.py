"""The base of every table, and the field types with one stored form each."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from peewee import SQL, DatabaseProxy, Model, TextField, Value

from rusvel_tui.engine.clock import moment, stamp

database = DatabaseProxy()
"""The one open database of this process; `Database.open` fills it."""


class UtcField(TextField):
    """An aware moment, stored as UTC text of fixed width, so that text order is time order."""

    def db_value(self, value: Any) -> Any:
        return stamp(value) if isinstance(value, datetime) else value

    def python_value(self, value: Any) -> Any:
        return moment(value) if isinstance(value, str) else value


class JsonField(TextField):
    """A JSON document, stored as compact text with sorted keys."""

    def db_value(self, value: Any) -> Any:
        return None if value is None else dump_json(value)

    def python_value(self, value: Any) -> Any:
        return None if value is None else json.loads(value)


def tuples(query: Any) -> list[tuple[Any, ...]]:
    """The result of a select as plain tuples, read to the end."""
    return list(query.tuples())


def among(column: Any, values: Iterable[str]) -> Any:
    """Whether the column has one of these values, however many there are: they are one parameter."""
    return column.in_(SQL("(SELECT value FROM json_each(?))", [dump_json(list(values))]))


def as_stored(value: Any) -> Value:
    """A JSON value to compare a column with; Peewee would take a list for an IN."""
    return Value(dump_json(value), converter=False)


_to_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def dump_json(value: Any) -> str:
    """The stored form of a JSON document."""
    return _to_json(value)


class Base(Model):
    """A table with a text id, a metadata map and a version for optimistic locking."""

    id: Any = TextField(primary_key=True)

    class Meta:
        database = database
        legacy_table_names = False
