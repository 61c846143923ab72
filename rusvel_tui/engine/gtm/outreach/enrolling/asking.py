"""A task for the person at the desk, where only they can say how it goes on."""

from __future__ import annotations

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.outreach.enrolling.places import Jotted, jotted
from rusvel_tui.engine.models import Activity


def ask_person(ctx: Context, contact_id: str, subject: str) -> Jotted:
    """Put a task on the list of today; the answer is how to take it away again."""
    activity = Activity.create(
        id=ctx.new_id(),
        session_id=ctx.session_id,
        kind="task",
        status="open",
        subject=subject,
        contact_id=contact_id,
        due_at=ctx.now,
        at=ctx.now,
        actor=ctx.actor.name,
        created_at=ctx.now,
        updated_at=ctx.now,
    )
    return jotted(activity, deleted_at=ctx.now)
