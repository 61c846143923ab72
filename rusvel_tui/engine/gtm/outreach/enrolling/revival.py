"""Ending the enrollments of a deal so that it can be taken back, and taking it back with the deal."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict
from rusvel_tui.engine.gtm.crm.people.people import label
from rusvel_tui.engine.gtm.outreach.enrolling.lifecycle import RUNNING, advance, end_enrollments
from rusvel_tui.engine.gtm.outreach.enrolling.places import Place, places_of, put_one_back
from rusvel_tui.engine.models import Contact, Enrollment, Mail, Sequence

Places = list[dict[str, Any]]
"""Where people stood, as an event keeps it."""


def end_for_deal(ctx: Context, deal_id: str, reason: str) -> Places:
    """End the running enrollments of a deal; where their people stood, for `revive`."""
    running = Enrollment.select().where(
        (Enrollment.session_id == ctx.session_id)
        & (Enrollment.deal_id == deal_id)
        & Enrollment.status.in_(RUNNING)
    )
    found = places_of(running)
    if found:
        end_enrollments(ctx, reason, deal_id=deal_id)
    return found


def revive(ctx: Context, places: Iterable[dict[str, Any]]) -> int:
    """Let people stand where they stood before a change of their deal that is taken back; how many do.

    A draft waits for its yes again, also one that had it; a step whose mail left meanwhile is not repeated. Who began
    the sequence anew, and whose sequence or record is gone, stays ended: the deal comes back all the same.
    """
    return sum(_revive(ctx, Place.model_validate(place)) for place in places)


def _revive(ctx: Context, place: Place) -> bool:
    row = Enrollment.get_or_none(
        (Enrollment.id == place.enrollment_id) & (Enrollment.session_id == ctx.session_id)
    )
    if row is None or row.status in RUNNING or not _is_wanted(row):
        return False
    with suppress(Conflict):
        put_one_back(ctx, row, place)
        name = label(Contact.get_by_id(row.contact_id))
        payload = {"name": name, "status": place.status.title()}
        ctx.record("gtm.outreach.updated", row.id, payload)
        _go_on(ctx, place)
        return True
    return False


def _is_wanted(row: Enrollment) -> bool:
    """Whether its sequence and its person are there."""
    sequence = Sequence.get_by_id(row.sequence_id)
    contact = Contact.get_by_id(row.contact_id)
    return sequence.status != "archived" and contact.deleted_at is None


def _go_on(ctx: Context, place: Place) -> None:
    """Plan what follows a mail that left while its enrollment was ended."""
    mail = Mail.get_or_none((Mail.id == place.job_id) & (Mail.state == "sent"))
    if mail is not None:
        advance(ctx, place.enrollment_id, mail.sent_at, outcome="sent", job_id=mail.id)
