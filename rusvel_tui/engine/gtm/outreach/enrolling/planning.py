"""Planning steps: each gets its job, and its row in the ledger when it is a mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rusvel_tui.engine import jobs
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.outreach.enrolling.recipients import Recipient
from rusvel_tui.engine.gtm.outreach.mails.facts import sender_of
from rusvel_tui.engine.gtm.outreach.sequences import variants
from rusvel_tui.engine.gtm.outreach.sequences.step_kinds import STEP_KINDS, StepType
from rusvel_tui.engine.gtm.outreach.timing.schedules import Coming, StepPlan, plan_times
from rusvel_tui.engine.models import Contact, Enrollment, Mail, Step
from rusvel_tui.engine.models.base import insert_rows
from rusvel_tui.engine.models.kept import any_of, change_rows, kept

Planned = dict[str, tuple[str, datetime]]
"""The job of each planned step and when it is taken up, by the id of the enrollment."""


def is_mail(step: Step) -> bool:
    """Whether the step is a mail."""
    return STEP_KINDS[StepType(step.type)].mail


def step_job_key(enrollment_id: str, position: int) -> str:
    """The unique key of a step's job: at most one of them lives."""
    return f"step:{enrollment_id}:{position}"


def slot_key(contact_id: str, recipient: Recipient | None) -> str:
    """Whose place in the ledger a mail takes; one without an address has a place of its own."""
    return recipient.key if recipient else f"no address of {contact_id}"


def plan_steps(
    ctx: Context, coming: Sequence[Coming], reach: dict[str, Recipient], *, fresh: bool = False
) -> Planned:
    """Write the jobs and mails of these steps, and where each enrollment stands.

    `reach` holds the address of everybody who has one. With `fresh`, the enrollments are written with them. The same few statements for one and for many.
    """
    times = plan_times(ctx, coming)
    made = {who.enrollment.id: (ctx.new_id(), times[who.enrollment.id].run_at) for who in coming}
    jobs.enqueue_all(
        ctx,
        "OutreachSend",
        [_job(who, made[who.enrollment.id][0], times[who.enrollment.id]) for who in coming],
    )
    for who in coming:
        _stand(ctx, who, made[who.enrollment.id][0], fresh=fresh)
    if fresh:
        insert_rows(Enrollment, (who.enrollment.__data__ for who in coming))
    mails = [who for who in coming if is_mail(who.step)]
    if mails:
        _plan_mails(ctx, mails, made, times, reach)
    return made


def _job(coming: Coming, job_id: str, plan: StepPlan) -> dict[str, Any]:
    who, step = coming.enrollment, coming.step
    payload = {
        "sequence_id": who.sequence_id,
        "sequence_run_id": who.id,
        "contact_id": who.contact_id,
        "step_index": step.position,
        "step_key": step.key,
        "version_id": step.version_id,
        "channel": step.channel,
        "type": StepType(step.type).value,
    }
    return {
        "id": job_id,
        "payload": payload,
        "run_at": plan.run_at,
        "priority": plan.priority,
        "unique_key": step_job_key(who.id, step.position),
    }


def _stand(ctx: Context, coming: Coming, job_id: str, *, fresh: bool) -> None:
    """Note where the enrollment stands; one that is new is written whole afterwards."""
    values = {
        "version_id": coming.step.version_id,
        "position": coming.step.position,
        "job_id": job_id,
        "since": coming.since,
        "outcome": coming.enrollment.outcome,
        "updated_at": ctx.now,
    }
    for name, value in values.items():
        setattr(coming.enrollment, name, value)
    if not fresh:
        change_rows(Enrollment, [coming.enrollment.id], **values)


def _plan_mails(
    ctx: Context,
    coming: Sequence[Coming],
    made: Planned,
    times: dict[str, StepPlan],
    reach: dict[str, Recipient],
) -> None:
    """The ledger rows: one mail per sequence, run, step and recipient, by a unique index."""
    names = _names([who.enrollment.contact_id for who in coming])
    domain = (sender_of(ctx)[1].rpartition("@")[2] or "rusvel.invalid").encode("idna").decode()
    rows = [
        _mail(ctx, who, reach.get(who.enrollment.contact_id), times[who.enrollment.id])
        | _named(who, made[who.enrollment.id][0], names, domain)
        for who in coming
    ]
    insert_rows(Mail, rows)


def _named(coming: Coming, job_id: str, names: dict[str, str], domain: str) -> dict[str, Any]:
    return {
        "id": job_id,
        "to_name": names[coming.enrollment.contact_id],
        "message_id": f"<{job_id}.{coming.step.position}@{domain}>",
    }


def _mail(
    ctx: Context, coming: Coming, recipient: Recipient | None, plan: StepPlan
) -> dict[str, Any]:
    who, step = coming.enrollment, coming.step
    return {
        "session_id": who.session_id,
        "sequence_id": who.sequence_id,
        "version_id": step.version_id,
        "enrollment_id": who.id,
        "contact_id": who.contact_id,
        "deal_id": who.deal_id,
        "run_no": who.run_no,
        "position": step.position,
        "step_key": step.key,
        "step_type": step.type,
        "variant": variants.pick(step.variants, who.id, step.key),
        "recipient_key": slot_key(who.contact_id, recipient),
        "to_address": recipient.address if recipient else "",
        "due_at": plan.due_at,
        "due_zone": plan.zone.name,
        "first_touch": int(plan.first_touch),
        "created_at": ctx.now,
        "updated_at": ctx.now,
    }


def _names(contact_ids: Sequence[str]) -> dict[str, str]:
    return dict(_names_of(contact_ids))


@kept
def _names_of(contact_ids: Any) -> Any:
    return Contact.select(Contact.id, Contact.name).where(any_of(Contact.id, contact_ids))
