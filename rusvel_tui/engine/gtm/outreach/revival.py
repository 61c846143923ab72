"""Ending the enrollments of a deal so that it can be taken back, and taking it back."""

from __future__ import annotations

from collections.abc import Iterable

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict
from rusvel_tui.engine.gtm.crm.people import label
from rusvel_tui.engine.gtm.outreach.ends import End
from rusvel_tui.engine.gtm.outreach.lifecycle import (
    RUNNING,
    advance,
    end,
    end_enrollments,
    enter,
    steps_of,
)
from rusvel_tui.engine.models import Contact, Enrollment, Mail, Sequence
from rusvel_tui.engine.models.base import tuples


def end_for_deal(ctx: Context, deal_id: str, reason: str) -> list[tuple[str, str]]:
    """End the running enrollments of a deal; id and status of each, for `revive`."""
    running = Enrollment.select(Enrollment.id, Enrollment.status).where(
        (Enrollment.session_id == ctx.session_id)
        & (Enrollment.deal_id == deal_id)
        & Enrollment.status.in_(RUNNING)
    )
    found = [(str(id_), str(status)) for id_, status in tuples(running)]
    if found:
        end_enrollments(ctx, reason, deal_id=deal_id)
    return found


def revive(ctx: Context, ended: Iterable[tuple[str, str]]) -> int:
    """Let enrollments go on that ended by a change which is taken back; how many do.

    What was cancelled stays cancelled. The step is planned anew for its old time, or for now when that is over, and
    a mail is drafted and asked for again: a yes of before does not count. A step whose mail left is not repeated.
    One stays ended when its person entered the sequence again meanwhile, or when its sequence was archived.
    """
    return sum(_revive(ctx, enrollment_id, status) for enrollment_id, status in ended)


def _revive(ctx: Context, enrollment_id: str, status: str) -> bool:
    enrollment = Enrollment.get_or_none(
        (Enrollment.id == enrollment_id) & (Enrollment.session_id == ctx.session_id)
    )
    if enrollment is None or enrollment.status != "cancelled" or not _may_return(enrollment):
        return False
    values = {"status": status, "reason": "", "ended_at": None, "updated_at": ctx.now}
    Enrollment.update(version=Enrollment.version + 1, **values).where(
        Enrollment.id == enrollment.id
    ).execute()
    name = label(Contact.get_by_id(enrollment.contact_id))
    ctx.record("gtm.outreach.updated", enrollment.id, {"name": name, "status": status.title()})
    _go_on(ctx, enrollment)
    return True


def _may_return(enrollment: Enrollment) -> bool:
    """Whether nothing took its place, and its sequence and its person are there."""
    again = Enrollment.select(Enrollment.id).where(
        (Enrollment.sequence_id == enrollment.sequence_id)
        & (Enrollment.contact_id == enrollment.contact_id)
        & Enrollment.status.in_(RUNNING)
    )
    sequence = Sequence.get_by_id(enrollment.sequence_id)
    contact = Contact.get_by_id(enrollment.contact_id)
    return not again.exists() and sequence.status != "archived" and contact.deleted_at is None


def _go_on(ctx: Context, enrollment: Enrollment) -> None:
    """Plan the step at which it stood, or what follows a mail that left after all.

    One that is on its way, in doubt or refused is left alone: what comes of it decides.
    """
    mail = Mail.get_or_none((Mail.id == enrollment.job_id) & (Mail.state != "cancelled"))
    if mail is not None:
        if mail.state == "sent":
            advance(ctx, enrollment.id, mail.sent_at, outcome="sent", job_id=mail.id)
        return
    steps = steps_of(enrollment.version_id)
    try:
        enter(ctx, enrollment, steps, enrollment.position, enrollment.since or ctx.now)
    except Conflict:
        end(ctx, enrollment, "cancelled", End.DUPLICATE)
