"""The verdicts: approve, take back, reject, edit. Each is a compare-and-set with its event."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from pydantic import Field

from rusvel_tui.engine import jobs
from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.crashpoints import crashpoint
from rusvel_tui.engine.errors import Conflict, InvalidInput, InvalidState
from rusvel_tui.engine.gtm.approvals import sources
from rusvel_tui.engine.gtm.approvals.boxes import ApprovalId, ApprovalView, view
from rusvel_tui.engine.gtm.outreach.enrolling import lifecycle
from rusvel_tui.engine.gtm.outreach.mails import compose
from rusvel_tui.engine.gtm.outreach.mails.drafting import (
    address_problems,
    mail_digest,
    redraft_mail,
)
from rusvel_tui.engine.gtm.outreach.mails.gate import ask_again, leaves_at
from rusvel_tui.engine.gtm.outreach.mails.letters import remarks
from rusvel_tui.engine.gtm.outreach.mails.mail_states import MailState, find_mail, move_mail
from rusvel_tui.engine.gtm.outreach.sequences.step_kinds import SKIPPED
from rusvel_tui.engine.models import Enrollment, Mail
from rusvel_tui.engine.operation import Input, operation
from rusvel_tui.engine.sessions import require_version
from rusvel_tui.engine.spelled import Spelled
from rusvel_tui.engine.text import one_line, sanitize
from rusvel_tui.engine.undo import take_back_otherwise


class Approve(Input):
    """A yes to one mail, tied to what was read."""

    id: str
    digest: str = Field(min_length=1)
    """The digest of the draft as it was shown; another one is refused."""


class Then(Spelled):
    """What a rejection means for the person."""

    STOP = "stop"
    SKIP = "skip"
    REDRAFT = "redraft"


class Reject(Input):
    """A no to one mail."""

    id: str
    reason: str = Field(min_length=1)
    then: Then = Then.STOP
    """`stop` ends the enrollment, `skip` goes on with the next step, `redraft` writes it anew."""


class Unreject(Input):
    """A rejection taken back, and how the enrollment stood before it."""

    id: str
    status: Literal["active", "paused"] = "active"


class Edit(Input):
    """A new text for a draft; what is left out stays. An approved mail needs a new yes afterwards."""

    id: str
    subject: str | None = None
    body: str | None = None
    version: int | None = None
    """The version you saw; a newer one is a conflict."""


@operation("gtm.approvals.approve", writes=True, permission="crm.approvals.manage", human_only=True)
def approve(ctx: Context, cmd: Approve) -> ApprovalView:
    """Approve a mail: it leaves when its undo window is over, exactly as it was read."""
    ctx.require_human("approve a mail")
    mail = find_mail(ctx, cmd.id)
    _require_held(mail, "Approved")
    if mail.problems:
        raise InvalidState(
            "The draft", "not ready", "Approved", f"Fix it first: {'; '.join(mail.problems)}"
        )
    if cmd.digest != mail.digest or mail_digest(mail) != mail.digest:
        raise Conflict("The draft is not the one you read: it changed. Look at it again.")
    if address_problems(mail):
        raise Conflict("The recipient changed meanwhile. Have the draft written anew.")
    firm = ctx.now + timedelta(seconds=ctx.policy.undo_seconds)
    run_at = leaves_at(ctx, mail, firm)
    values = {
        "approved_digest": mail.digest,
        "approved_by": ctx.actor.name,
        "approved_at": ctx.now,
        "changed_since": "",
        "raw": None,
        "raw_sha256": None,
        "updated_at": ctx.now,
    }
    move_mail(mail.id, ("held",), "approved", **values)
    jobs.release(mail.id, run_at, undo_window=run_at == firm > ctx.now)
    payload = {
        "name": mail.to_name or mail.to_address,
        "subject": mail.subject,
        "digest": mail.digest,
    }
    ctx.record(
        "gtm.outreach.approved",
        mail.id,
        payload,
        undo=Inverse("gtm.approvals.unapprove", {"id": mail.id}),
    )
    crashpoint("in_approve")
    return view(find_mail(ctx, mail.id))


@operation("gtm.approvals.unapprove", writes=True, permission="crm.approvals.manage")
def unapprove(ctx: Context, cmd: ApprovalId) -> ApprovalView:
    """Take an approval back while the mail has not begun to leave."""
    mail = find_mail(ctx, cmd.id)
    values = {
        "approved_digest": None,
        "blocked": "",
        "raw": None,
        "raw_sha256": None,
        "updated_at": ctx.now,
    }
    if not move_mail(mail.id, ("approved",), "held", **values):
        raise InvalidState(
            "The mail", MailState(mail.state).value, "Held", "It is too late to take it back."
        )
    jobs.hold_for_approval(mail.id)
    take_back_otherwise(
        ctx,
        "gtm.outreach.approved",
        "gtm.outreach.unapproved",
        mail.id,
        {"name": mail.to_name, "reason": "taken back"},
    )
    return view(find_mail(ctx, mail.id))


@operation("gtm.approvals.reject", writes=True, permission="crm.approvals.manage")
def reject(ctx: Context, cmd: Reject) -> ApprovalView:
    """Reject a draft with a reason; `then` says what happens to the person."""
    mail = find_mail(ctx, cmd.id)
    _require_held(mail, "Cancelled")
    reason = one_line(cmd.reason)
    if not reason:
        raise InvalidInput("A rejection needs a reason.", field="reason")
    if mail.source_kind:
        undo = _reject_source(ctx, mail, reason)
    elif cmd.then is Then.REDRAFT:
        redraft_mail(ctx, mail.id)
        undo = None
    else:
        move_mail(mail.id, ("held",), "cancelled", updated_at=ctx.now, error=reason)
        jobs.move(mail.id, ("awaiting_approval",), "cancelled", finished_at=ctx.now, error=reason)
        if cmd.then is Then.STOP:
            status = Enrollment.get_by_id(mail.enrollment_id).status
            lifecycle.end_enrollments(ctx, "rejected", enrollment_id=mail.enrollment_id)
            undo = Inverse("gtm.approvals.unreject", {"id": mail.id, "status": status})
        else:
            lifecycle.advance(ctx, mail.enrollment_id, ctx.now, outcome=SKIPPED, job_id=mail.id)
            undo = None
    payload = {
        "name": mail.to_name,
        "subject": mail.subject,
        "reason": reason,
        "then": cmd.then.value,
    }
    ctx.record("gtm.outreach.rejected", mail.id, payload, undo=undo)
    return view(find_mail(ctx, mail.id))


def _reject_source(ctx: Context, mail: Mail, reason: str) -> Inverse:
    move_mail(mail.id, ("held",), "cancelled", updated_at=ctx.now, error=reason)
    jobs.move(mail.id, ("awaiting_approval",), "cancelled", finished_at=ctx.now, error=reason)
    sources.tell(ctx, mail, "rejected", reason)
    return Inverse("gtm.approvals.restore", {"id": mail.id})


@operation("gtm.approvals.unreject", writes=True, permission="crm.approvals.manage", internal=True)
def unreject(ctx: Context, cmd: Unreject) -> ApprovalView:
    """Bring a rejected draft and its enrollment back, paused if it was."""
    mail = find_mail(ctx, cmd.id)
    running = Enrollment.select().where(
        (Enrollment.sequence_id == mail.sequence_id)
        & (Enrollment.contact_id == mail.contact_id)
        & Enrollment.status.in_(("active", "paused"))
    )
    if running.exists() or not move_mail(
        mail.id, ("cancelled",), "held", updated_at=ctx.now, error=""
    ):
        raise InvalidState("The draft", MailState(mail.state).value, "Held")
    Enrollment.update(status=cmd.status, reason="", ended_at=None, updated_at=ctx.now).where(
        Enrollment.id == mail.enrollment_id
    ).execute()
    jobs.move(mail.id, ("cancelled",), "awaiting_approval", finished_at=None, error="")
    undo = Inverse("gtm.approvals.reject", {"id": mail.id, "reason": mail.error or "rejected"})
    ctx.record(
        "gtm.outreach.updated",
        mail.enrollment_id,
        {"name": mail.to_name, "status": cmd.status},
        undo=undo,
    )
    return view(find_mail(ctx, mail.id))


@operation("gtm.approvals.edit", writes=True, permission="crm.approvals.manage")
def edit(ctx: Context, cmd: Edit) -> ApprovalView:
    """Edit a draft; an approved mail goes back to the inbox and needs a new yes."""
    mail = find_mail(ctx, cmd.id)
    require_version(cmd.version, mail.version, "The draft")
    if cmd.subject is None and cmd.body is None:
        raise InvalidInput("Give a new subject or a new body.", field="subject")
    if cmd.subject is not None:
        compose.check_header_text(cmd.subject, "subject")
    if mail.settled_by:
        raise Conflict("This text may have arrived already: it cannot be edited any more.")
    was_approved = ask_again(ctx, mail, "edited after the approval")
    mail = find_mail(ctx, mail.id)
    _require_held(mail, "edited")
    before = {"id": mail.id, "subject": mail.subject, "body": mail.body}
    mail.subject = one_line(cmd.subject) if cmd.subject is not None else mail.subject
    mail.body = sanitize(cmd.body).strip() if cmd.body is not None else mail.body
    mail.edited_at = ctx.now
    errors, warnings = remarks(ctx, mail)
    values = {
        "subject": mail.subject,
        "body": mail.body,
        "digest": mail_digest(mail),
        "problems": errors + address_problems(mail),
        "warnings": warnings,
        "edited_at": ctx.now,
        "updated_at": ctx.now,
    }
    move_mail(mail.id, ("held",), "held", **values)
    undo = Inverse("gtm.approvals.edit", before | {"version": mail.version + 1})
    payload = {"name": mail.to_name, "subject": mail.subject, "was_approved": was_approved}
    ctx.record("gtm.outreach.edited", mail.id, payload, undo=undo)
    return view(find_mail(ctx, mail.id))


def _require_held(mail: Mail, wanted: str) -> None:
    if mail.state != "held":
        raise InvalidState(
            "The mail", MailState(mail.state).value, wanted, "Only a held draft takes a verdict."
        )
