"""Sending a document: the PDF goes along with a mail that waits for a yes in the inbox."""

from __future__ import annotations

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict
from rusvel_tui.engine.gtm.approvals.boxes import ApprovalView
from rusvel_tui.engine.gtm.approvals.files import keep_file
from rusvel_tui.engine.gtm.approvals.proposals import AttachedFile, ProposeMail, propose_mail
from rusvel_tui.engine.gtm.invoices.ledger.finalising import finalise
from rusvel_tui.engine.gtm.invoices.ledger.record import invoice_view
from rusvel_tui.engine.gtm.invoices.ledger.rows import find_invoice
from rusvel_tui.engine.gtm.invoices.ledger.views import InvoiceView
from rusvel_tui.engine.gtm.invoices.ledger.words import name_of
from rusvel_tui.engine.gtm.invoices.sending.letters import Letter, invoice_letter
from rusvel_tui.engine.gtm.invoices.sending.paper import Paper, paper_of
from rusvel_tui.engine.models import Mail
from rusvel_tui.engine.operation import Input, View, operation


class SendInvoice(Input):
    """Which document goes where; what is left out is as usual."""

    invoice_id: str
    to: str = ""
    """Another address than the client's."""
    subject: str = ""
    body: str = ""
    finalise: bool = False
    """Whether a draft is made final first."""
    again: bool = False
    """Whether it is sent once more."""


class Proposed(View):
    """The mail that waits for a yes."""

    mail: ApprovalView
    invoice: InvoiceView


@operation("gtm.invoices.send_invoice", writes=True, permission="crm.invoices.manage", staged=True)
def send_invoice(ctx: Context, cmd: SendInvoice) -> Proposed:
    """Put a mail with the document into the inbox; it leaves after your yes, and counts as sent then."""
    view = ctx.write(lambda: _final(ctx, cmd))
    paper = paper_of(view, ctx.engine.printer if ctx.engine else None)
    return ctx.write(lambda: _propose(ctx, cmd, view, paper))


def _final(ctx: Context, cmd: SendInvoice) -> InvoiceView:
    """The document as it goes out; a draft is refused unless it may become final now."""
    invoice = find_invoice(ctx, cmd.invoice_id)
    if invoice.voided_at is not None:
        raise Conflict(f"{invoice.number} is void and is not sent.")
    if invoice.number is None:
        if not cmd.finalise:
            raise Conflict(
                f"The {name_of(invoice)} is a draft. Finalise it first, or pass finalise=true."
            )
        finalise(ctx, invoice)
    _occasion(ctx, invoice.id, again=cmd.again)
    return invoice_view(ctx, invoice)


def _propose(ctx: Context, cmd: SendInvoice, view: InvoiceView, paper: Paper) -> Proposed:
    invoice = find_invoice(ctx, view.invoice_id)
    usual = invoice_letter(view)
    letter = Letter(cmd.subject or usual.subject, cmd.body or usual.body)
    mail = propose_letter(
        ctx,
        view,
        letter,
        paper,
        source="invoice",
        occasion=_occasion(ctx, invoice.id, again=cmd.again),
        to=cmd.to,
    )
    return Proposed(mail=mail, invoice=invoice_view(ctx, invoice))


def propose_letter(
    ctx: Context,
    view: InvoiceView,
    letter: Letter,
    paper: Paper,
    *,
    source: str,
    occasion: str,
    to: str = "",
    note: str = "",
) -> ApprovalView:
    """Put a mail about a document into the inbox, the document with it."""
    client = view.client_details
    attached = AttachedFile(name=paper.name, sha256=keep_file(ctx, paper.content))
    return ctx.call(
        propose_mail,
        ProposeMail(
            source_kind=source,
            source_id=view.invoice_id,
            occasion=occasion,
            contact_id=view.contact_id,
            to=to or client.email,
            to_name=client.attention or client.name,
            deal_id=view.deal_id,
            subject=letter.subject,
            body=letter.body,
            attachments=(attached,),
            note="\n".join(filter(None, (note, paper.why_text))),
            drafted_by="template",
        ),
    )


def _occasion(ctx: Context, invoice_id: str, *, again: bool) -> str:
    """Which of several mails with the document it is; a second one has to be asked for."""
    before = (
        Mail.select(Mail.state)
        .where(
            (Mail.session_id == ctx.session_id)
            & (Mail.source_kind == "invoice")
            & (Mail.source_id == invoice_id)
            & (Mail.state != "cancelled")
        )
        .count()
    )
    if before and not again:
        raise Conflict("There is a mail with it already. Pass again=true to send it once more.")
    return f"copy {before}" if before else "first"
