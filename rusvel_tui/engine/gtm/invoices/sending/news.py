"""What became of a mail with an invoice, or of a reminder: told by the ledger, in the transaction of that change."""

from __future__ import annotations

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.approvals.sources import MailNews
from rusvel_tui.engine.gtm.invoices.ledger.drafts import told
from rusvel_tui.engine.gtm.invoices.ledger.finalising import mark
from rusvel_tui.engine.models import Invoice, InvoiceReminder, Mail

_WORDS = {
    "sent": "the mail left to {to}",
    "refused": "the mail to {to} was refused: {reason}",
    "rejected": "the mail to {to} was rejected: {reason}",
    "given_up": "the mail to {to} was given up",
    "restored": "the mail to {to} waits again",
}


def mail_news(ctx: Context, news: MailNews) -> None:
    """Let an invoice be sent when its mail was accepted, and keep the rest in its history."""
    invoice = Invoice.get_or_none(
        (Invoice.id == news.source_id) & (Invoice.session_id == ctx.session_id)
    )
    if invoice is None:
        return
    if news.happened == "sent" and invoice.sent_at is None and invoice.voided_at is None:
        mark(ctx, invoice, by="mail")
    what = _WORDS[news.happened].format(to=news.to_address, reason=news.reason or "no reason given")
    if reminder := InvoiceReminder.get_or_none(InvoiceReminder.letter_id == news.mail_id):
        what = f"reminder {reminder.step:+d} days: {what}"
    said = told(invoice) | {"mail_id": news.mail_id, "what": what}
    ctx.record("gtm.invoice.mail", invoice.id, said)


def mail_refusal(mail: Mail) -> str:
    """Why a mail about an invoice is not wanted any more: it is void, or there is nothing left to remind of."""
    invoice = Invoice.get_or_none(Invoice.id == mail.source_id)
    if invoice is None or invoice.voided_at is not None:
        return "the invoice is void"
    if mail.source_kind == "reminder" and invoice.open_minor <= 0:
        return "nothing is open of it any more"
    return ""
