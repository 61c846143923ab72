"""Reads what the conditions of a step ask about, for one enrollment."""

from __future__ import annotations

from typing import Any

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.outreach.mails.facts import primary_email
from rusvel_tui.engine.gtm.outreach.mails.fields import field_values
from rusvel_tui.engine.gtm.outreach.sequences.branches import PathStep
from rusvel_tui.engine.gtm.outreach.sequences.conditions import (
    CHOICES,
    CONTACT_FIELDS,
    FREE,
    StepFacts,
)
from rusvel_tui.engine.models import Contact, Deal, Enrollment, Mail, Sequence
from rusvel_tui.engine.models.base import tuples


def load_step_facts(ctx: Context, enrollment: Enrollment, step: PathStep) -> StepFacts:
    """What the conditions and branches of this step need to know; nothing is read that none of them names."""
    subjects = {one.subject for one in step.when} | {b.when.subject for b in step.branches}
    names = subjects - {*CHOICES, *FREE}
    contact = Contact.get_by_id(enrollment.contact_id) if names or "tag" in subjects else None
    return StepFacts(
        outcome=enrollment.outcome,
        reply=enrollment.reply,
        bounced="bounce" in subjects and _bounced(enrollment),
        tags=frozenset(contact.tags) if contact else frozenset(),
        stages=_stages(enrollment) if "deal" in subjects else frozenset(),
        fields=_fields(ctx, enrollment, contact, frozenset(names)) if contact and names else {},
    )


def _bounced(enrollment: Enrollment) -> bool:
    query = Mail.select(Mail.id).where(
        (Mail.enrollment_id == enrollment.id) & Mail.bounced_at.is_null(False)
    )
    return bool(query.exists())


def _stages(enrollment: Enrollment) -> frozenset[str]:
    query = Deal.select(Deal.stage).where(
        Deal.deleted_at.is_null() & (Deal.session_id == enrollment.session_id)
    )
    which = (
        Deal.id == enrollment.deal_id
        if enrollment.deal_id
        else Deal.contact_id == enrollment.contact_id
    )
    return frozenset(stage for (stage,) in tuples(query.where(which)))


def _fields(
    ctx: Context, enrollment: Enrollment, contact: Contact, names: frozenset[str]
) -> dict[str, Any]:
    email = primary_email(ctx, contact.id) if "email" in names else None
    sequence = Sequence.get_by_id(enrollment.sequence_id).name if "sequence" in names else ""
    values = field_values(ctx, contact, email.address if email else "", sequence, names)
    return values | {name: str(getattr(contact, name) or "") for name in CONTACT_FIELDS}
