"""A box as the screen needs it: a window of mails by position, with the length of the whole box."""

from __future__ import annotations

from pydantic import Field

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.approvals.boxes import ApprovalView, views
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


class BoxRows(View):
    """The mails from position `first`."""

    first: int
    rows: tuple[ApprovalView, ...]
    total: int


@operation("gtm.approvals.window", permission="crm.approvals.read", internal=True)
def box_window(ctx: Context, cmd: BoxWindow) -> BoxRows:
    """A window of one box."""
    query = Mail.select().where((Mail.session_id == ctx.session_id) & in_box(cmd.box))
    order = (
        (Mail.updated_at.desc(), Mail.id.desc())
        if cmd.box in NEWEST_FIRST
        else (Mail.created_at, Mail.id)
    )
    rows = list(query.order_by(*order).limit(cmd.count).offset(cmd.first))
    return BoxRows(first=cmd.first, rows=views(rows), total=query.count())
