"""The documents of a session, and which of them are overdue, as queries: whoever only reads needs nothing of writing."""

from __future__ import annotations

from datetime import date
from typing import Any

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.models import Invoice


def living(ctx: Context) -> Any:
    """The documents of this session."""
    return Invoice.select().where(
        (Invoice.session_id == ctx.session_id) & Invoice.deleted_at.is_null()
    )


def today_of(ctx: Context) -> date:
    """The day on which this happens, where the session is."""
    return ctx.now.astimezone(ctx.zone).date()


def overdue(ctx: Context) -> Any:
    """The invoices whose due date has passed with something still to be paid."""
    return living(ctx).where((Invoice.open_minor > 0), past_due(ctx))


def past_due(ctx: Context) -> Any:
    """The due date lies before today, where there is one."""
    return (Invoice.due_date < today_of(ctx).isoformat()) & (Invoice.due_date > "")
