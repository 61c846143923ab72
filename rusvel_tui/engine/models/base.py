"""The base of every table, and the field types with one stored form each."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from peewee import SQL, DatabaseProxy, DoesNotExist, Model, ModelSelect, TextField, Value

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
    """A JSON document, stored as compact text with sorted keys.

    One that cannot be read, because something else wrote the file, counts as empty: the rest of its row, and every
    other row, is shown. The doctor names it.
    """

    def db_value(self, value: Any) -> Any:
        return None if value is None else dump_json(value)

    def python_value(self, value: Any) -> Any:
        empty = self.default() if callable(self.default) else None
        return None if value is None else load_json(value, empty)


def load_json(text: str, empty: Any) -> Any:
    """The document behind a stored text, or `empty` when it is none."""
    try:
        return json.loads(text)
    except ValueError:
        return empty


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


class Rows(ModelSelect):
    """A select of whole rows whose list of columns is written once: wide tables cost no more than narrow ones."""

    def __sql_selection__(self, ctx: Any, is_subquery: bool = False) -> Any:
        if is_subquery or not self._is_default:  # type: ignore[attr-defined]
            return super().__sql_selection__(ctx, is_subquery)
        return ctx.literal(_columns(self.model, ctx.alias_manager[self.model._meta.table]))


@cache
def _columns(model: type[Model], alias: str) -> str:
    return ", ".join(f'"{alias}"."{field.column_name}"' for field in model._meta.sorted_fields)


@cache
def _by_id(model: type[Model]) -> tuple[str, list[tuple[str, Any]]]:
    """The question for one row, and how each of its columns is read."""
    fields = model._meta.sorted_fields
    read = [
        (f.name, f.python_value if isinstance(f, UtcField | JsonField) else None) for f in fields
    ]
    sql = f'SELECT {_columns(model, "t1")} FROM "{model._meta.table_name}" AS "t1" WHERE "t1"."id" = ?'
    return sql, read


class Base(Model):
    """A table with a text id, a metadata map and a version for optimistic locking."""

    id: Any = TextField(primary_key=True)

    @classmethod
    def select(cls, *fields: Any) -> Any:
        """A query; of whole rows when no column is named."""
        if fields:
            return super().select(*fields)
        return Rows(cls, cls._meta.sorted_fields, is_default=True)

    @classmethod
    def get_by_id(cls, pk: Any) -> Any:
        """The row of that id, asked for with kept SQL; raises `DoesNotExist`."""
        found = cls.find(pk)
        if found is None:
            raise DoesNotExist(f"no {cls.__name__} {pk!r}")
        return found

    @classmethod
    def find(cls, pk: Any) -> Any:
        """The row of that id, asked for with kept SQL; None when there is none."""
        sql, read = _by_id(cls)
        row = database.execute_sql(sql, (pk,)).fetchone()
        if row is None:
            return None
        found = cls(__no_default__=1)
        found.__data__.update(
            (name, python(value) if python else value)
            for (name, python), value in zip(read, row, strict=True)
        )
        return found

    class Meta:
        database = database
        legacy_table_names = False


def insert_rows(model: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows by column name, with kept SQL; what is left out gets its default."""
    sql, columns = _insert(model)
    database.connection().executemany(sql, (_written(columns, row) for row in rows))


def insert_row(model: type[Base], *, ignore: bool = False, **values: Any) -> int:
    """Insert one row; its number, where the table counts. With `ignore`, one that is there already stays."""
    sql, columns = _insert(model)
    sql = sql.replace("INSERT", "INSERT OR IGNORE", 1) if ignore else sql
    return int(database.execute_sql(sql, _written(columns, values)).lastrowid)


def _written(columns: list[tuple[str, Any, Any]], row: dict[str, Any]) -> list[Any]:
    return [write(row[name] if name in row else default()) for name, write, default in columns]


@cache
def _insert(model: type[Base]) -> tuple[str, list[tuple[str, Any, Any]]]:
    """The statement, and how each of its values is made: its name, its stored form, its default."""
    fields = model._meta.sorted_fields
    names = ", ".join(f'"{field.column_name}"' for field in fields)
    marks = ", ".join("?" * len(fields))
    sql = f'INSERT INTO "{model._meta.table_name}" ({names}) VALUES ({marks})'
    return sql, [(field.name, field.db_value, _default(field)) for field in fields]


def _default(field: Any) -> Any:
    return field.default if callable(field.default) else lambda: field.default
