"""Later: a draft out of sight for a while, or a mail that shall not leave before a moment of one's choice."""

from __future__ import annotations

from datetime import datetime

from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import Conflict, InvalidInput, InvalidState
from rusvel_tui.engine.gtm.approvals.boxes import ApprovalId, ApprovalView, view
from rusvel_tui.engine.gtm.approvals.verdicts import say_yes
from rusvel_tui.engine.gtm.outreach.mails.envelope import mail_digest
from rusvel_tui.engine.gtm.outreach.mails.gate import ask_again
from rusvel_tui.engine.gtm.outreach.mails.mail_states import (
    find_mail,
    move_mail,
    require_held,
    spoken_state,
)
from rusvel_tui.engine.models import Mail
from rusvel_tui.engine.operation import Input, operation
from rusvel_tui.engine.when_text import When, parse_when


class Snooze(Input):
    """Until when a draft is out of sight."""

    id: str
    until: When
    """`tomorrow`, `mon 9:00`, `in 3 days`, or an exact moment."""


class SetTime(Input):
    """The earliest time at which a mail may leave."""

    id: str
    not_before: When = ""
    """`tomorrow 9:00`, `mon`, or an exact moment; empty lets it leave at its own time."""


@operation("gtm.approvals.snooze", writes=True, permission="crm.approvals.manage")
def snooze(ctx: Context, cmd: Snooze) -> ApprovalView:
    """Put a draft out of sight until a moment; it waits in `held` meanwhile, and comes back by itself."""
    mail = find_mail(ctx, cmd.id)
    require_held(mail, "snoozed")
    until = _ahead(ctx, cmd.until, "until")
    return _snoozed(ctx, mail, until)


@operation("gtm.approvals.wake", writes=True, permission="crm.approvals.manage")
def wake(ctx: Context, cmd: ApprovalId) -> ApprovalView:
    """Bring a snoozed draft back now."""
    mail = find_mail(ctx, cmd.id)
    require_held(mail, "shown again")
    return _snoozed(ctx, mail, None)


def _snoozed(ctx: Context, mail: Mail, until: datetime | None) -> ApprovalView:
    before = mail.snoozed_until
    back = before is not None and before > ctx.now
    undo = (
        Inverse("gtm.approvals.snooze", {"id": mail.id, "until": stamp(before)})
        if back and before is not None
        else Inverse("gtm.approvals.wake", {"id": mail.id})
    )
    move_mail(mail.id, ("held",), "held", snoozed_until=until, updated_at=ctx.now)
    payload = {"name": mail.to_name or mail.to_address, "until": stamp(until) if until else ""}
    same = (until is None) and not back
    ctx.record("gtm.outreach.snoozed", mail.id, payload, undo=None if same else undo)
    return view(ctx, find_mail(ctx, mail.id))


@operation(
    "gtm.approvals.set_time", writes=True, permission="crm.approvals.manage", human_only=True
)
def set_time(ctx: Context, cmd: SetTime) -> ApprovalView:
    """Choose the earliest time at which a mail may leave; an approved one keeps its yes, for the same text."""
    ctx.require_human("change when a mail leaves")
    mail = find_mail(ctx, cmd.id)
    chosen = _ahead(ctx, cmd.not_before, "not_before") if cmd.not_before.strip() else None
    if mail.state not in ("held", "approved"):
        raise InvalidState(
            "The mail", spoken_state(mail.state), "moved", "It is too late for that."
        )
    approved, before = mail.state == "approved", mail.not_before
    if approved:
        mail = _reopened(ctx, mail)
    mail.not_before = chosen
    values = {"not_before": chosen, "digest": mail_digest(mail), "updated_at": ctx.now}
    move_mail(mail.id, ("held",), "held", **values)
    if approved:
        mail = find_mail(ctx, mail.id)
        say_yes(ctx, mail, approved_by=ctx.actor.name)
    undo = Inverse(
        "gtm.approvals.set_time", {"id": mail.id, "not_before": stamp(before) if before else ""}
    )
    payload = {"name": mail.to_name or mail.to_address, "at": stamp(chosen) if chosen else ""}
    ctx.record("gtm.outreach.rescheduled", mail.id, payload, undo=undo)
    return view(ctx, find_mail(ctx, mail.id))


def _reopened(ctx: Context, mail: Mail) -> Mail:
    """The mail without its yes, to get another for the new time; refuses one whose text would change with that."""
    digest = mail.digest
    ask_again(ctx, mail, "its time was changed")
    mail = find_mail(ctx, mail.id)
    if mail.digest != digest or mail.problems:
        raise Conflict("The mail changed since its yes. Take the yes back and look at it again.")
    return mail


def _ahead(ctx: Context, text: str, field: str) -> datetime:
    moment = parse_when(text, ctx.now, ctx.zone, field=field)
    if moment <= ctx.now:
        raise InvalidInput("That moment has passed.", field=field)
    return moment
