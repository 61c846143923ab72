"""Reminders that are in the inbox or on their way go no further once there is nothing to remind of."""

from __future__ import annotations

from rusvel_tui.engine import jobs
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.outreach.mails.mail_states import move_mail
from rusvel_tui.engine.models import InvoiceReminder, Mail
from rusvel_tui.engine.undo import take_back_otherwise

SETTLED = "nothing is open"
"""Why a reminder was taken back that may be drafted anew when something is open again."""


def take_reminders_back(ctx: Context, invoice_id: str, why: str) -> None:
    """Withdraw the reminders of an invoice that have not begun to leave."""
    waiting = Mail.select().where(
        (Mail.session_id == ctx.session_id)
        & (Mail.source_kind == "reminder")
        & (Mail.source_id == invoice_id)
        & Mail.state.in_(("held", "approved"))
    )
    for mail in waiting:
        withdraw_reminder(ctx, mail, why)


def withdraw_reminder(ctx: Context, mail: Mail, why: str) -> None:
    """Take one reminder out of the inbox; nothing when it has begun to leave."""
    gone = {"approved_digest": None, "raw": None, "raw_sha256": None}
    if not move_mail(
        mail.id, ("held", "approved"), "cancelled", error=why, updated_at=ctx.now, **gone
    ):
        return
    jobs.move(mail.id, ("awaiting_approval", "queued"), "cancelled", finished_at=ctx.now)
    take_back_otherwise(ctx, "gtm.outreach.approved", "gtm.outreach.unapproved", mail.id, {})
    take_back_otherwise(
        ctx,
        "gtm.outreach.proposed",
        "gtm.outreach.withdrawn",
        mail.id,
        {"name": mail.to_name or mail.to_address, "subject": mail.subject, "reason": why},
    )
    InvoiceReminder.update(state="skipped", why=why).where(
        InvoiceReminder.letter_id == mail.id
    ).execute()


def allow_again(invoice_id: str) -> None:
    """Let the steps be drafted anew whose reminders were taken back because nothing was open."""
    InvoiceReminder.delete().where(
        (InvoiceReminder.invoice_id == invoice_id)
        & (InvoiceReminder.state == "skipped")
        & (InvoiceReminder.why == SETTLED)
    ).execute()
