"""The texts of a draft: every one that it had, and giving it one of them back."""

from __future__ import annotations

from datetime import datetime

from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.gtm.outreach.mails.draft_versions import shown_number, versions_of
from rusvel_tui.engine.gtm.outreach.mails.mail_states import find_mail
from rusvel_tui.engine.gtm.outreach.mails.rewriting import put_version
from rusvel_tui.engine.operation import Input, View, operation


class UseVersion(Input):
    """Which of its texts a draft gets."""

    id: str
    number: int


class DraftText(View):
    """One text of a draft."""

    number: int
    subject: str
    body: str
    author: str
    """The drafter's name, or `person`."""
    instruction: str
    """What the drafter was asked to change."""
    notes: tuple[str, ...]
    created_at: datetime
    current: bool
    """Whether it is the text that stands on the mail."""


class DraftTexts(View):
    """All texts of a draft, oldest first."""

    items: tuple[DraftText, ...]


class ListVersions(Input):
    """Of which mail."""

    id: str


@operation("gtm.approvals.versions", permission="crm.approvals.read")
def list_versions(ctx: Context, cmd: ListVersions) -> DraftTexts:
    """List every text that a draft had: each drafting, and each edit."""
    mail = find_mail(ctx, cmd.id)
    rows = versions_of(mail.id)
    shown = shown_number(mail, rows)
    return DraftTexts(
        items=tuple(
            DraftText(
                number=row.number,
                subject=row.subject,
                body=row.body,
                author=row.author,
                instruction=row.instruction,
                notes=tuple(row.notes),
                created_at=row.created_at,
                current=row.number == shown,
            )
            for row in rows
        )
    )


@operation("gtm.approvals.use_version", writes=True, permission="crm.approvals.manage")
def use_version(ctx: Context, cmd: UseVersion) -> DraftTexts:
    """Give a draft one of the texts that it had. A drafter that is at work on it is not waited for."""
    mail = find_mail(ctx, cmd.id)
    before = shown_number(mail, versions_of(mail.id))
    put_version(ctx, mail, cmd.number)
    undo = Inverse("gtm.approvals.use_version", {"id": mail.id, "number": before})
    payload = {"name": mail.to_name, "subject": mail.subject, "number": cmd.number}
    ctx.record("gtm.outreach.edited", mail.id, payload, undo=undo if before else None)
    return list_versions.handle(ctx, ListVersions(id=mail.id))
