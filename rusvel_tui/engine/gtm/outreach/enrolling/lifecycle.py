"""An enrollment's way: coming to a step, passing one over, going on to the next, ending."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from rusvel_tui.engine import jobs
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict
from rusvel_tui.engine.gtm.crm.people.people import label
from rusvel_tui.engine.gtm.outreach.enrolling.ends import End
from rusvel_tui.engine.gtm.outreach.enrolling.planning import is_mail, plan_steps, slot_key
from rusvel_tui.engine.gtm.outreach.enrolling.recipients import Recipient, parts, recipients
from rusvel_tui.engine.gtm.outreach.mails.mail_states import taker
from rusvel_tui.engine.gtm.outreach.sequences.branches import PathStep, next_step, path_step, unmet
from rusvel_tui.engine.gtm.outreach.sequences.step_facts import load_step_facts
from rusvel_tui.engine.gtm.outreach.sequences.step_kinds import SKIPPED
from rusvel_tui.engine.gtm.outreach.timing.schedules import Coming
from rusvel_tui.engine.models import Activity, Contact, Enrollment, Job, Mail, Step
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.models.kept import NEXT, change_rows

STOPPABLE = ("scheduled", "drafting", "held", "approved", "sending", "dead")
"""States from which a mail can still be kept from leaving. In `committing` it is too late."""
RUNNING = ("active", "paused")


@lru_cache(maxsize=512)
def steps_of(version_id: str) -> tuple[Step, ...]:
    """The steps of a version, in order. Read once: they never change."""
    return tuple(Step.select().where(Step.version_id == version_id).order_by(Step.position))


@lru_cache(maxsize=512)
def path_of(version_id: str) -> tuple[PathStep, ...]:
    """The steps of a version as the evaluator of paths sees them."""
    return tuple(
        path_step(row.key, not is_mail(row), row.conditions, row.branches)
        for row in steps_of(version_id)
    )


def enter(
    ctx: Context,
    enrollment: Enrollment,
    steps: Sequence[Step],
    position: int | None,
    since: datetime,
    not_before: datetime | None = None,
) -> str | None:
    """Plan the step at a position; the id of its job. One that the person had in this run is passed over; None ends the way.

    Raises `Conflict` when somebody else had the step at this address: as another contact.
    """
    reach: dict[str, Recipient] = {}
    seen: set[int] = set()
    while position is not None and position not in seen:
        seen.add(position)
        coming = Coming(enrollment, steps[position], since, not_before)
        if is_mail(coming.step) and not reach:
            reach = recipients(ctx, [enrollment.contact_id])
        if not had(coming, reach):
            return plan_steps(ctx, [coming], reach)[enrollment.id][0]
        note_skip(ctx, enrollment, steps[position], "had it already")
        position = _following(ctx, enrollment, position, SKIPPED)
    end(ctx, enrollment, "completed", End.FINISHED)
    return None


def advance(
    ctx: Context, enrollment_id: str | None, done: datetime, *, outcome: str = "", job_id: str = ""
) -> str | None:
    """After a step is done: the one that follows is planned, or the enrollment is complete; the id of its job.

    With `job_id`, nothing happens when the person has been moved on from that step meanwhile. Nor does anything
    without an enrollment: that mail belongs to no sequence.
    """
    if enrollment_id is None:
        return None
    enrollment = Enrollment.get_by_id(enrollment_id)
    overtaken = job_id and enrollment.job_id and enrollment.job_id != job_id
    if enrollment.status not in RUNNING or overtaken:
        return None
    steps = steps_of(enrollment.version_id)
    position = _following(ctx, enrollment, enrollment.position, outcome)
    return enter_or_end(ctx, enrollment, steps, position, done)


def enter_or_end(
    ctx: Context,
    enrollment: Enrollment,
    steps: Sequence[Step],
    position: int | None,
    since: datetime,
    not_before: datetime | None = None,
) -> str | None:
    """Plan the step at a position, or end it for a person who had the step as another contact."""
    try:
        return enter(ctx, enrollment, steps, position, since, not_before)
    except Conflict:
        # What was sent stays recorded as sent, whatever hinders the step after it.
        end(ctx, enrollment, "cancelled", End.DUPLICATE)
        return None


def skip_unmet(ctx: Context, job: Job) -> bool:
    """Pass over a step that is due and whose conditions do not hold; true when it was."""
    if "sequence_run_id" not in job.payload:
        return False
    enrollment = Enrollment.get_by_id(job.payload["sequence_run_id"])
    path = path_of(enrollment.version_id)[enrollment.position]
    if not path.when or enrollment.job_id != job.id:
        return False
    why = unmet(path, load_step_facts(ctx, enrollment, path))
    if why:
        row = steps_of(enrollment.version_id)[enrollment.position]
        pass_over(ctx, enrollment, row, f"only when {why}")
    return bool(why)


def pass_over(ctx: Context, enrollment: Enrollment, step: Step, why: str) -> str | None:
    """Skip the step at which the person stands, for a reason, and go on."""
    cancel_open_steps(ctx, [enrollment], f"{SKIPPED}: {why}")
    note_skip(ctx, enrollment, step, why)
    return advance(ctx, enrollment.id, ctx.now, outcome=SKIPPED)


def note_skip(ctx: Context, enrollment: Enrollment, step: Step, why: str) -> None:
    """Write down that a step was passed over."""
    payload = {
        "name": label(Contact.get_by_id(enrollment.contact_id)),
        "contact_id": enrollment.contact_id,
        "sequence_id": enrollment.sequence_id,
        "step_index": step.position,
        "step_key": step.key,
        "outcome": SKIPPED,
        "reason": why,
    }
    ctx.record("gtm.outreach.skipped", enrollment.id, payload, session_id=enrollment.session_id)


def end_enrollments(
    ctx: Context,
    reason: str,
    *,
    contact_id: str | None = None,
    deal_id: str | None = None,
    enrollment_id: str | None = None,
) -> int:
    """End the running enrollments of a contact, a deal, or one of them; what can still be stopped is.

    Of nobody when nobody is named: a mail that no sequence asked for has no enrollment.
    """
    if contact_id is None and deal_id is None and enrollment_id is None:
        return 0
    query = Enrollment.select().where(
        (Enrollment.session_id == ctx.session_id) & Enrollment.status.in_(RUNNING)
    )
    if contact_id is not None:
        query = query.where(Enrollment.contact_id == contact_id)
    if deal_id is not None:
        query = query.where(Enrollment.deal_id == deal_id)
    if enrollment_id is not None:
        query = query.where(Enrollment.id == enrollment_id)
    found = list(query)
    for enrollment in found:
        stop(ctx, enrollment, End(reason))
    return len(found)


def stop(ctx: Context, enrollment: Enrollment, reason: End, note: str = "") -> None:
    """End one enrollment before its last step."""
    cancel_open_steps(ctx, [enrollment], reason.value)
    end(ctx, enrollment, "cancelled", reason, note)


def cancel_open_steps(ctx: Context, rows: Sequence[Enrollment], why: str = "") -> None:
    """Cancel the planned work of enrollments. A mail whose intent is committed can no longer be stopped.

    A few statements for each five hundred of them.
    """
    for part in parts(rows):
        stopped = tuples(
            Mail.select(Mail.id, Mail.settled_by).where(
                Mail.enrollment_id.in_([row.id for row in part]) & Mail.state.in_(STOPPABLE)
            )
        )
        # One that was in doubt may have arrived: it keeps its place, so that nobody gets the step again.
        doubted = [mail_id for mail_id, settled_by in stopped if settled_by]
        for after, ids in (
            ("dead", doubted),
            ("cancelled", [mail_id for mail_id, _ in stopped if mail_id not in doubted]),
        ):
            values = {"state": after, "updated_at": ctx.now, "blocked": "", "error": why}
            Mail.update(version=Mail.version + 1, **values).where(Mail.id.in_(ids)).execute()
        by_hand = [row.job_id for row in part if row.job_id and _is_by_hand(row)]
        closed = [mail_id for mail_id, _ in stopped] + by_hand
        jobs.move_all(closed, _OPEN, "cancelled", finished_at=ctx.now, error=why)
        Activity.update(status="cancelled", updated_at=ctx.now).where(
            Activity.job_id.in_(by_hand) & (Activity.status == "open")
        ).execute()


def _is_by_hand(row: Enrollment) -> bool:
    return path_of(row.version_id)[row.position].manual


_OPEN = ("queued", "running", "awaiting_approval", "failed")


def end(ctx: Context, enrollment: Enrollment, status: str, reason: End, note: str = "") -> None:
    """Close an enrollment with its reason, and say so in the log."""
    close(ctx, [enrollment], status, reason, note, outcome=enrollment.outcome)
    payload = {
        "name": label(Contact.get_by_id(enrollment.contact_id)),
        "contact_id": enrollment.contact_id,
        "sequence_id": enrollment.sequence_id,
        "status": status,
        "reason": reason.value,
    }
    more: dict[str, Any] = {"note": note} if note else {}
    ctx.record(
        "gtm.outreach.ended", enrollment.id, payload | more, session_id=enrollment.session_id
    )


def close(
    ctx: Context, rows: Sequence[Enrollment], status: str, reason: End, note: str = "", **more: Any
) -> None:
    """Close enrollments with their reason; whoever calls it says so in the log."""
    values = {"status": status, "reason": reason.value, "note": note, "ended_at": ctx.now}
    ids = [row.id for row in rows]
    change_rows(Enrollment, ids, **values, **more, updated_at=ctx.now, version=NEXT)


def had(coming: Coming, reach: dict[str, Recipient]) -> bool:
    """Whether this person had the mail in this run; raises `Conflict` when another contact of the address had it."""
    if not is_mail(coming.step):
        return False
    who = coming.enrollment
    key = slot_key(who.contact_id, reach.get(who.contact_id))
    slot = {"sequence_id": who.sequence_id, "run_no": who.run_no, "step_key": coming.step.key}
    other = taker(Mail(contact_id=who.contact_id, **slot), key)
    if other is None or Enrollment.get_by_id(other).contact_id == who.contact_id:
        return other is not None
    number = coming.step.position + 1
    raise Conflict(f"{key} had step {number} of this sequence already, as another contact.")


def _following(ctx: Context, enrollment: Enrollment, position: int, outcome: str) -> int | None:
    """The position that follows when a step ended like that; the outcome is kept for later conditions."""
    enrollment.outcome = outcome or enrollment.outcome
    path = path_of(enrollment.version_id)
    return next_step(path, position, load_step_facts(ctx, enrollment, path[position]))
