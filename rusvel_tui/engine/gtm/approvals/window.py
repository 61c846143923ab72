"""A box as the screen needs it: a window of mails by position, with the length of what fits the filter."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.approvals.boxes import ApprovalView, fitting, views
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box, in_box
from rusvel_tui.engine.models import Mail
from rusvel_tui.engine.operation import Input, View, operation

NEWEST_FIRST = (Box.SENT, Box.FAILED)
"""Boxes of what is over; the others show first what waits for longest."""


class BoxWindow(Input):
    """Which mails of a box."""

    box: Box
    first: int = Field(default=0, ge=0)
    count: int = Field(default=100, ge=1, le=1000)
    filter: str = ""
    """What must hold besides, in the filter language."""


class BoxRows(View):
    """The mails from position `first`."""

    first: int
    rows: tuple[ApprovalView, ...]
    total: int


@operation("gtm.approvals.window", permission="crm.approvals.read", internal=True)
def box_window(ctx: Context, cmd: BoxWindow) -> BoxRows:
    """A window of one box."""
    query = Mail.select().where(condition(ctx, cmd.box, cmd.filter))
    order = (
        (Mail.updated_at.desc(), Mail.id.desc())
        if cmd.box in NEWEST_FIRST
        else (Mail.created_at, Mail.id)
    )
    rows = list(query.order_by(*order).limit(cmd.count).offset(cmd.first))
    total = cmd.first + len(rows) if 0 < len(rows) < cmd.count else query.count()
    return BoxRows(first=cmd.first, rows=views(ctx, rows), total=total)


def condition(ctx: Context, box: Box, filter_text: str) -> Any:
    """What holds of the mails of a box that fit a filter; raises `FilterError` with the column."""
    there = (Mail.session_id == ctx.session_id) & in_box(box, ctx.now)
    return there & fitting(ctx, filter_text) if filter_text.strip() else there
