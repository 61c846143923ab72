"""Editing a draft: the text that is being typed is kept as it grows, and becomes the draft's when it is done."""

from __future__ import annotations

from rusvel_tui.engine.conflicts import require_version
from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import Conflict, InvalidInput
from rusvel_tui.engine.gtm.approvals.boxes import ApprovalId, ApprovalView, view
from rusvel_tui.engine.gtm.outreach.mails.compose import check_header_text
from rusvel_tui.engine.gtm.outreach.mails.draft_versions import PERSON, keep_draft
from rusvel_tui.engine.gtm.outreach.mails.gate import ask_again
from rusvel_tui.engine.gtm.outreach.mails.mail_states import find_mail, move_mail, require_held
from rusvel_tui.engine.gtm.outreach.mails.rewriting import text_values
from rusvel_tui.engine.models import DraftScratch, Mail
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.text import one_line, sanitize


class Edit(Input):
    """A new text for a draft; what is left out stays. An approved mail needs a new yes afterwards."""

    id: str
    subject: str | None = None
    body: str | None = None
    version: int | None = None
    """The version you saw; a newer one is a conflict."""


class Scratch(Input):
    """A draft as somebody is typing it."""

    id: str
    subject: str
    body: str
    seen: int
    """The version of the mail when the editing began."""


class Typed(View):
    """What somebody typed and did not finish."""

    subject: str
    body: str
    seen: int


class ScratchView(View):
    """The unfinished edit of a draft, if there is one."""

    typed: Typed | None


@operation("gtm.approvals.edit", writes=True, permission="crm.approvals.manage")
def edit(ctx: Context, cmd: Edit) -> ApprovalView:
    """Edit a draft; an approved mail goes back to the inbox and needs a new yes."""
    mail = find_mail(ctx, cmd.id)
    require_version(cmd.version, mail.version, "The draft")
    if cmd.subject is None and cmd.body is None:
        raise InvalidInput("Give a new subject or a new body.", field="subject")
    if cmd.subject is not None:
        check_header_text(cmd.subject, "subject")
    if mail.settled_by:
        raise Conflict("This text may have arrived already: it cannot be edited any more.")
    was_approved = ask_again(ctx, mail, "edited after the approval")
    mail = find_mail(ctx, mail.id)
    require_held(mail, "edited")
    before = keep_draft(ctx, mail, PERSON if mail.edited_at else mail.drafted_by)
    mail.subject = one_line(cmd.subject) if cmd.subject is not None else mail.subject
    mail.body = sanitize(cmd.body).strip() if cmd.body is not None else mail.body
    mail.edited_at = ctx.now
    move_mail(mail.id, ("held",), "held", **text_values(ctx, mail), edited_at=ctx.now)
    keep_draft(ctx, mail, PERSON)
    _drop(mail.id)
    undo = Inverse("gtm.approvals.use_version", {"id": mail.id, "number": before})
    payload = {"name": mail.to_name, "subject": mail.subject, "was_approved": was_approved}
    ctx.record("gtm.outreach.edited", mail.id, payload, undo=undo)
    return view(ctx, find_mail(ctx, mail.id))


@operation("gtm.approvals.autosave", writes=True, permission="crm.approvals.manage", internal=True)
def autosave(ctx: Context, cmd: Scratch) -> ScratchView:
    """Keep what is being typed, so that a killed program loses nothing; the draft does not change yet."""
    mail = find_mail(ctx, cmd.id)
    require_held(mail, "edited")
    values = {
        "subject": one_line(cmd.subject),
        "body": sanitize(cmd.body),
        "seen": cmd.seen,
        "updated_at": ctx.now,
    }
    DraftScratch.insert(id=mail.id, **values).on_conflict_replace().execute()
    return ScratchView(typed=_typed(mail))


@operation("gtm.approvals.unfinished", permission="crm.approvals.read")
def show_unfinished(ctx: Context, cmd: ApprovalId) -> ScratchView:
    """Show what somebody typed into a draft and did not finish."""
    return ScratchView(typed=_typed(find_mail(ctx, cmd.id)))


@operation("gtm.approvals.drop_unfinished", writes=True, permission="crm.approvals.manage")
def drop_unfinished(ctx: Context, cmd: ApprovalId) -> ScratchView:
    """Throw away what was typed and not finished; the draft stays as it is."""
    _drop(find_mail(ctx, cmd.id).id)
    return ScratchView(typed=None)


def _typed(mail: Mail) -> Typed | None:
    row = DraftScratch.get_or_none(DraftScratch.id == mail.id)
    return None if row is None else Typed(subject=row.subject, body=row.body, seen=row.seen)


def _drop(mail_id: str) -> None:
    DraftScratch.delete().where(DraftScratch.id == mail_id).execute()
