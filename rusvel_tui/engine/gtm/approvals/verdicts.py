"""Yes, and the yes taken back: one mail after the other, or many at once. Each is a compare-and-set with its event."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pydantic import Field

from rusvel_tui.engine import jobs
from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.crashpoints import crashpoint
from rusvel_tui.engine.errors import Conflict, EngineError, InvalidState
from rusvel_tui.engine.gtm.approvals.boxes import ApprovalId, ApprovalView, view
from rusvel_tui.engine.gtm.outreach.mails.envelope import address_problems, mail_digest
from rusvel_tui.engine.gtm.outreach.mails.gate import leaves_at
from rusvel_tui.engine.gtm.outreach.mails.mail_states import (
    find_mail,
    move_mail,
    require_held,
    spoken_state,
)
from rusvel_tui.engine.gtm.senders.identity import identity_of
from rusvel_tui.engine.models import DraftScratch, Mail
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.undo import take_back_otherwise


class Approve(Input):
    """A yes to one mail, tied to what was read."""

    id: str
    digest: str = Field(min_length=1)
    """The digest of the draft as it was shown; another one is refused."""


class ApproveMany(Input):
    """A yes to several mails, each tied to what was read or listed."""

    mails: tuple[Approve, ...] = Field(min_length=1, max_length=1000)


class UnapproveMany(Input):
    """Which approvals are taken back."""

    ids: tuple[str, ...]


class Refusal(View):
    """A mail that did not get its yes."""

    id: str
    why: str


class ApprovedMany(View):
    """How many got their yes, and which did not, each with the reason."""

    count: int
    refused: tuple[Refusal, ...] = ()


@operation("gtm.approvals.approve", writes=True, permission="crm.approvals.manage", human_only=True)
def approve(ctx: Context, cmd: Approve) -> ApprovalView:
    """Approve a mail: it leaves when its undo window is over, exactly as it was read."""
    ctx.require_human("approve a mail")
    mail = find_mail(ctx, cmd.id)
    require_approvable(ctx, mail, cmd.digest)
    say_yes(ctx, mail, approved_by=ctx.actor.name)
    payload = {
        "name": mail.to_name or mail.to_address,
        "subject": mail.subject,
        "digest": mail.digest,
        "changed": changed_since_draft(mail),
    }
    undo = Inverse("gtm.approvals.unapprove", {"id": mail.id})
    ctx.record("gtm.outreach.approved", mail.id, payload, undo=undo)
    crashpoint("in_approve")
    return view(ctx, find_mail(ctx, mail.id))


def require_approvable(ctx: Context, mail: Mail, digest: str) -> None:
    """Refuse a yes to anything but a sound draft with that digest."""
    require_held(mail, "Approved")
    if mail.problems:
        raise InvalidState(
            "The draft", "not ready", "Approved", f"Fix it first: {'; '.join(mail.problems)}"
        )
    if digest != mail.digest or mail_digest(mail) != mail.digest:
        raise Conflict("The draft is not the one you read: it changed. Look at it again.")
    if changed := identity_of(ctx, mail).difference(mail):
        raise Conflict(
            f"The {changed} changed since this was written. Put the present one on it "
            "(`gtm.approvals.readdress`), and look again."
        )
    if address_problems(mail):
        raise Conflict("The recipient changed meanwhile. Have the draft written anew.")
    if DraftScratch.get_or_none(DraftScratch.id == mail.id) is not None:
        raise Conflict("Somebody is still editing this draft. Finish that first, or drop it.")


def changed_since_draft(mail: Mail) -> list[str]:
    """What a person changed about the text that was written for the mail, for the audit."""
    return [
        name
        for name in ("subject", "body")
        if mail.drafted_by and getattr(mail, name) != getattr(mail, f"first_{name}")
    ]


def say_yes(ctx: Context, mail: Mail, **by: Any) -> None:
    """Let an approvable mail leave at its time, after the undo window; `by` says who or what said yes."""
    firm = ctx.now + timedelta(seconds=ctx.policy.undo_seconds)
    run_at = leaves_at(ctx, mail, firm)
    values = {
        "approved_digest": mail.digest,
        "approved_at": ctx.now,
        "approved_rule": "",
        "changed_since": "",
        "snoozed_until": None,
        "raw": None,
        "raw_sha256": None,
        "updated_at": ctx.now,
    }
    move_mail(mail.id, ("held",), "approved", **(values | by))
    jobs.release(mail.id, run_at, undo_window=run_at == firm > ctx.now)


@operation(
    "gtm.approvals.approve_many", writes=True, permission="crm.approvals.manage", human_only=True
)
def approve_many(ctx: Context, cmd: ApproveMany) -> ApprovedMany:
    """Approve several mails at once: one change, which one undo takes back; what cannot be approved is left out."""
    ctx.require_human("approve mails")
    done: list[Mail] = []
    refused = []
    for one in cmd.mails:
        try:
            mail = find_mail(ctx, one.id)
            require_approvable(ctx, mail, one.digest)
        except EngineError as error:
            refused.append(Refusal(id=one.id, why=str(error)))
        else:
            say_yes(ctx, mail, approved_by=ctx.actor.name)
            done.append(mail)
    if not done:
        raise Conflict(f"None of them can be approved. The first: {refused[0].why}")
    undo = Inverse("gtm.approvals.unapprove_many", {"ids": [mail.id for mail in done]})
    ctx.record("gtm.outreach.approved", "", _about(done), undo=undo)
    return ApprovedMany(count=len(done), refused=tuple(refused))


def _about(mails: list[Mail]) -> dict[str, Any]:
    """Who got what, for the audit."""
    digests = {mail.id: mail.digest for mail in mails}
    return {"name": f"{len(mails)} mails", "count": len(mails), "digests": digests}


@operation("gtm.approvals.unapprove", writes=True, permission="crm.approvals.manage")
def unapprove(ctx: Context, cmd: ApprovalId) -> ApprovalView:
    """Take an approval back while the mail has not begun to leave."""
    mail = find_mail(ctx, cmd.id)
    if not _take_back(ctx, mail):
        raise InvalidState(
            "The mail", spoken_state(mail.state), "taken back", "It is too late for that."
        )
    about = {"name": mail.to_name, "reason": "taken back"}
    kind, taken = "gtm.outreach.approved", "gtm.outreach.unapproved"
    take_back_otherwise(ctx, kind, taken, mail.id, about)
    return view(ctx, find_mail(ctx, mail.id))


@operation("gtm.approvals.unapprove_many", writes=True, permission="crm.approvals.manage")
def unapprove_many(ctx: Context, cmd: UnapproveMany) -> ApprovedMany:
    """Take several approvals back; what began to leave meanwhile stays, and all of them is a conflict."""
    mails = [find_mail(ctx, mail_id) for mail_id in cmd.ids]
    taken = [mail for mail in mails if _take_back(ctx, mail)]
    if not taken:
        raise Conflict("It is too late: none of them waits any more.")
    payload = {
        "name": f"{len(taken)} mails",
        "count": len(taken),
        "reason": "taken back",
        "ids": [mail.id for mail in taken],
    }
    ctx.record("gtm.outreach.unapproved", "", payload)
    return ApprovedMany(count=len(taken))


def _take_back(ctx: Context, mail: Mail) -> bool:
    clean = {"approved_digest": None, "blocked": "", "raw": None, "raw_sha256": None}
    if not move_mail(mail.id, ("approved",), "held", **clean, updated_at=ctx.now):
        return False
    jobs.hold_for_approval(mail.id)
    return True
