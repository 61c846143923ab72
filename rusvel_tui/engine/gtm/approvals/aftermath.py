"""What a person decides about mails that went wrong: settle a doubt, try a dead one again."""

from __future__ import annotations

from datetime import timedelta

from rusvel_tui.engine import jobs
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.crashpoints import crashpoint
from rusvel_tui.engine.errors import Conflict, InvalidInput, InvalidState
from rusvel_tui.engine.gtm.approvals import sources
from rusvel_tui.engine.gtm.approvals.boxes import ApprovalId, ApprovalView, view
from rusvel_tui.engine.gtm.outreach.enrolling import lifecycle
from rusvel_tui.engine.gtm.outreach.mails.mail_states import find_mail, move_mail, spoken_state
from rusvel_tui.engine.gtm.outreach.mails.settle import mark_sent
from rusvel_tui.engine.models import Enrollment, Mail
from rusvel_tui.engine.operation import Input, operation
from rusvel_tui.engine.spelled import Spelled

SERVER_PATIENCE = timedelta(minutes=20)
"""A server may still take the mail for so long: a second copy is not offered before."""


class Outcome(Spelled):
    """What became of a mail in doubt."""

    SENT = "sent"
    SEND_AGAIN = "send_again"
    GIVE_UP = "give_up"


class SettleDoubt(Input):
    """A person's word on a mail in doubt."""

    id: str
    outcome: Outcome
    confirm: str = ""
    """To send again: the recipient's address, typed. It may be a second copy."""


@operation("gtm.approvals.settle", writes=True, permission="crm.approvals.manage", human_only=True)
def settle_doubt(ctx: Context, cmd: SettleDoubt) -> ApprovalView:
    """Settle a mail in doubt: it was sent, it is sent again, or it is given up."""
    ctx.require_human("settle a mail in doubt")
    mail = find_mail(ctx, cmd.id)
    if mail.state != "in_doubt":
        raise InvalidState(
            "The mail",
            spoken_state(mail.state),
            "settled",
            "Only a mail in doubt can be settled.",
        )
    if cmd.outcome is Outcome.SENT:
        mark_sent(ctx, mail, sent_at=mail.intent_at, settled_by=ctx.actor.name)
    elif cmd.outcome is Outcome.SEND_AGAIN:
        _send_again(ctx, cmd, mail)
    else:
        lifecycle.end_enrollments(ctx, "manual", enrollment_id=mail.enrollment_id)
        move_mail(mail.id, ("in_doubt",), "dead", updated_at=ctx.now, settled_by=ctx.actor.name)
        sources.tell(ctx, mail, "given_up")
    ctx.record("gtm.email.settled", mail.id, {"name": mail.to_name, "outcome": cmd.outcome.value})
    crashpoint("in_settle")
    return view(ctx, find_mail(ctx, mail.id))


def _send_again(ctx: Context, cmd: SettleDoubt, mail: Mail) -> None:
    _require_running(mail)
    if ctx.now < mail.intent_at + SERVER_PATIENCE:
        raise Conflict(
            "The server may still take this mail. Send it again 20 minutes after the first try at the earliest."
        )
    if cmd.confirm.strip().lower() != mail.to_address.lower():
        raise InvalidInput(
            f"It may be a second copy. Type the address {mail.to_address} to confirm.",
            field="confirm",
        )
    move_mail(
        mail.id, ("in_doubt",), "approved", updated_at=ctx.now, settled_by=ctx.actor.name, error=""
    )
    jobs.move(
        mail.id, ("failed",), "queued", run_at=ctx.now, attempts=0, finished_at=None, error=""
    )


@operation("gtm.approvals.retry", writes=True, permission="crm.approvals.manage", human_only=True)
def retry(ctx: Context, cmd: ApprovalId) -> ApprovalView:
    """Try a dead mail again, as it was approved; one that was never drafted is drafted again."""
    ctx.require_human("retry a mail")
    mail = find_mail(ctx, cmd.id)
    if mail.state != "dead":
        raise InvalidState(
            "The mail",
            spoken_state(mail.state),
            "Queued",
            "Only a dead mail can be tried again.",
        )
    _require_running(mail)
    back = "approved" if mail.approved_digest else "scheduled"
    move_mail(mail.id, ("dead",), back, updated_at=ctx.now, error="")
    jobs.move(
        mail.id, ("failed",), "queued", run_at=ctx.now, attempts=0, finished_at=None, error=""
    )
    ctx.record("job.retried", mail.id, {"name": mail.to_name})
    return view(ctx, find_mail(ctx, mail.id))


def _require_running(mail: Mail) -> None:
    if mail.enrollment_id is None:
        return
    if Enrollment.get_by_id(mail.enrollment_id).status not in ("active", "paused"):
        raise Conflict("The enrollment of this mail is over. Enrol the person anew to write again.")
