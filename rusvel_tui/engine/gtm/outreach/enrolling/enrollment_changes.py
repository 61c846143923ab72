"""What can be done with one enrollment by hand: pause, resume, end, skip, jump. None of these records an event."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput, InvalidState
from rusvel_tui.engine.gtm.outreach.enrolling import lifecycle
from rusvel_tui.engine.gtm.outreach.enrolling.ends import End, end_and_note
from rusvel_tui.engine.gtm.outreach.enrolling.enrollment_views import EnrollmentStatus
from rusvel_tui.engine.gtm.outreach.enrolling.places import wake
from rusvel_tui.engine.models import Enrollment, Mail, Step


def pause(ctx: Context, row: Enrollment, why: str) -> None:
    """Nothing is drafted or sent until somebody lets it go on."""
    _turn(ctx, row, "active", "paused", note=why)


def resume(ctx: Context, row: Enrollment, why: str) -> None:
    """Go on; what became due meanwhile is due now."""
    _turn(ctx, row, "paused", "active", note="")
    wake(ctx, [row.job_id])


def cancel(ctx: Context, row: Enrollment, why: str) -> None:
    """End it; what did not leave yet is cancelled."""
    require_running(row, "Cancelled")
    cancel_all(ctx, [row], why)


def cancel_all(ctx: Context, rows: Sequence[Enrollment], why: str) -> None:
    """End several that are running."""
    reason, note = end_and_note(why)
    lifecycle.cancel_open_steps(ctx, rows, reason)
    lifecycle.close(ctx, rows, "cancelled", End(reason), note)


def skip(ctx: Context, row: Enrollment, why: str) -> None:
    """Pass over the step at which the person stands."""
    require_running(row, "skipped")
    _require_not_leaving(row)
    step = lifecycle.steps_of(row.version_id)[row.position]
    lifecycle.pass_over(ctx, row, step, why or "by hand")


def jump(ctx: Context, row: Enrollment, wanted: str, why: str) -> None:
    """Bring the person to another step, by its key or number."""
    require_running(row, "moved")
    _require_not_leaving(row)
    steps = lifecycle.steps_of(row.version_id)
    target = step_named(steps, wanted)
    _require_not_had(row, target)
    lifecycle.cancel_open_steps(ctx, [row], why or "moved by hand")
    lifecycle.enter_or_end(ctx, row, steps, target.position, ctx.now)


def step_named(steps: Iterable[Step], wanted: str) -> Step:
    """The step of that key or number; raises `InvalidInput` with those there are."""
    bare = wanted.strip()
    listed = list(steps)
    for step in listed:
        if bare in (step.key, str(step.position + 1)):
            return step
    known = ", ".join(f"{step.position + 1} ({step.key})" for step in listed)
    raise InvalidInput(f"There is no step {bare!r}. There are {known}.", field="step")


def require_running(row: Enrollment, wanted: str) -> None:
    """Refuse an enrollment that is over."""
    if row.status not in lifecycle.RUNNING:
        raise InvalidState("The enrollment", EnrollmentStatus(row.status).value, wanted)


def _require_not_leaving(row: Enrollment) -> None:
    """A mail that is being sent, or may have been, is settled first."""
    mail = Mail.get_or_none((Mail.id == row.job_id) & Mail.state.in_(("committing", "in_doubt")))
    if mail is not None:
        hint = "Settle it in the inbox first." if mail.state == "in_doubt" else "Try again."
        raise InvalidState("The mail of this step", mail.state.replace("_", " "), "skipped", hint)


def _require_not_had(row: Enrollment, step: Step) -> None:
    """A mail that left is not sent to the same person again."""
    had = Mail.select(Mail.id).where(
        (Mail.enrollment_id == row.id)
        & (Mail.step_key == step.key)
        & Mail.state.in_(("committing", "sent", "in_doubt", "rejected"))
    )
    if had.exists():
        raise InvalidState("The mail of that step", "Sent", "sent again", "Choose another step.")


def _turn(ctx: Context, row: Enrollment, before: str, after: str, *, note: str) -> None:
    done = (
        Enrollment.update(
            status=after, note=note, version=Enrollment.version + 1, updated_at=ctx.now
        )
        .where((Enrollment.id == row.id) & (Enrollment.status == before))
        .execute()
    )
    if not done:
        wanted = EnrollmentStatus(after).value
        raise InvalidState("The enrollment", EnrollmentStatus(row.status).value, wanted)
