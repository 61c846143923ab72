"""The people of a sequence as the screen needs them: a window by position, those under way first."""

from __future__ import annotations

from pydantic import Field

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.outreach.enrolling.enrollment_views import EnrollmentView, views
from rusvel_tui.engine.models import Enrollment
from rusvel_tui.engine.operation import Input, View, operation


class EnrollmentWindow(Input):
    """Which people of which sequence."""

    sequence_id: str
    first: int = Field(default=0, ge=0)
    count: int = Field(default=100, ge=1, le=1000)


class EnrollmentRows(View):
    """The enrollments from position `first`; `total` is the length of the whole list."""

    first: int
    rows: tuple[EnrollmentView, ...]
    total: int


@operation("gtm.outreach.enrollment_rows", permission="crm.sequences.read", internal=True)
def enrollment_rows(ctx: Context, cmd: EnrollmentWindow) -> EnrollmentRows:
    """A window of the people in a sequence: those under way first, the newest of each first."""
    query = Enrollment.select().where(
        (Enrollment.session_id == ctx.session_id) & (Enrollment.sequence_id == cmd.sequence_id)
    )
    ended = Enrollment.status.not_in(("active", "paused"))
    rows = list(query.order_by(ended, Enrollment.id.desc()).limit(cmd.count).offset(cmd.first))
    return EnrollmentRows(first=cmd.first, rows=views(rows), total=query.count())
