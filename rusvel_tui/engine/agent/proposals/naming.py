"""What things are called in a difference: names instead of ids, and words instead of columns."""

from __future__ import annotations

from functools import cache
from typing import Any

from peewee import Field

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.models import MODELS
from rusvel_tui.engine.models.base import Base, database
from rusvel_tui.engine.text import one_line

Row = dict[str, Any]
_LABELS = ("name", "title", "subject", "client_name", "number", "address", "customer", "to_name")
"""Columns that call a row by its name, the first that is there and not empty."""
_OWNERS = ("kpi_id", "contact_id", "funnel_id", "cohort_id", "sequence_id", "invoice_id", "deal_id")
"""Whose name a row without one goes by."""
_TABLES = {
    "contact_email": "email",
    "contact_phone": "phone",
    "kpi": "KPI",
    "kpi_reading": "reading",
    "kpi_alert": "alert",
    "invoice_line": "line",
    "invoice_reminder": "reminder",
    "saved_view": "view",
    "template_text": "text",
    "funnel_stage": "stage",
    "funnel_count": "count",
    "cohort_activity": "activity",
    "subscription_month": "subscription",
    "client_billing": "billing",
    "client_credit": "credit",
    "recurring_invoice": "recurring invoice",
    "field_definition": "field",
    "send_schedule": "schedule",
    "session": "workspace",
    "growth_event": "event",
    "suppression": "suppressed",
}
_COLUMNS = {"at": "when", "mrr_minor": "MRR", "kpi_id": "KPI", "zip": "ZIP", "html": "HTML"}
_POINTS_TO = {"stage_id": "funnel_stage", "alert_id": "kpi_alert", "reading_id": "kpi_reading"}


@cache
def model_of(table: str) -> type[Base] | None:
    """The model of a table of ours."""
    return next((model for model in MODELS if model._meta.table_name == table), None)


@cache
def field_of(table: str, column: str) -> Field | None:
    """What is known of a column."""
    model = model_of(table)
    return None if model is None else model._meta.columns.get(column)


def table_word(table: str) -> str:
    """`contact_email` as people say it."""
    return _TABLES.get(table, table.replace("_", " "))


def plural(word: str) -> str:
    """More of them."""
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return word if word.endswith("s") or word == "suppressed" else f"{word}s"


def column_word(column: str) -> str:
    """`due_at` as people say it."""
    bare = column.removesuffix("_minor").removesuffix("_id").removesuffix("_at")
    return _COLUMNS.get(column, bare.replace("_", " "))


class Names:
    """Names of rows by their ids, of one session."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._known: dict[tuple[str, str], str] = {}

    def behind(self, column: str, value: str) -> str:
        """What an id in that column stands for; empty when nothing is known."""
        return self.of(_POINTS_TO.get(column, column.removesuffix("_id")), value)

    def of(self, table: str, row_id: str) -> str:
        """What the row of that id is called; empty when there is none, or it has no name."""
        place = (table, row_id)
        if place not in self._known:
            row = self._row(table, row_id)
            self._known[place] = self.called(table, row) if row else ""
        return self._known[place]

    def called(self, table: str, row: Row) -> str:
        """What a row is called."""
        for column in _LABELS:
            if isinstance(text := row.get(column), str) and text.strip():
                return one_line(text)
        if table == "contact":
            return str(row.get("company") or self._address(row))
        return next((self.behind(name, row[name]) for name in _OWNERS if row.get(name)), "")

    def stage(self, key: str) -> str:
        """The name of a stage of deals; the key itself where there is no such stage."""
        found = database.execute_sql(
            "SELECT name FROM pipeline_stage WHERE session_id = ? AND key = ?",
            (self._ctx.session_id, key),
        ).fetchone()
        return str(found[0]) if found else key

    def _row(self, table: str, row_id: str) -> Row:
        model = model_of(table)
        if model is None or "id" not in model._meta.columns:
            return {}
        mine = " AND session_id = ?" if "session_id" in model._meta.columns else ""
        values = (row_id, self._ctx.session_id) if mine else (row_id,)
        cursor = database.execute_sql(f'SELECT * FROM "{table}" WHERE id = ?{mine}', values)
        names = [column[0] for column in cursor.description]
        row = cursor.fetchone()
        return dict(zip(names, row, strict=True)) if row else {}

    def _address(self, row: Row) -> str:
        found = database.execute_sql(
            "SELECT address FROM contact_email WHERE contact_id = ? ORDER BY position", (row["id"],)
        ).fetchone()
        return str(found[0]) if found else ""
