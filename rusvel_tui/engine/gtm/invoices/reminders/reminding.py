"""Drafts the reminders of an invoice that are due: one mail for each step, held for a yes.

The row of a step and its mail are written in one transaction, so a worker that is killed leaves both or none.
"""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

from rusvel_tui.engine import jobs
from rusvel_tui.engine.addresses import parse_address
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.crashpoints import crashpoint
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.invoices.ledger.record import invoice_view
from rusvel_tui.engine.gtm.invoices.ledger.standing import today_of
from rusvel_tui.engine.gtm.invoices.ledger.views import InvoiceView
from rusvel_tui.engine.gtm.invoices.reminders.fees import draft_fee
from rusvel_tui.engine.gtm.invoices.reminders.planning import plan_part, plan_reminders
from rusvel_tui.engine.gtm.invoices.reminders.steps import is_remindable, next_step, step_day
from rusvel_tui.engine.gtm.invoices.reminders.stopping import withdraw_reminder
from rusvel_tui.engine.gtm.invoices.sending.letters import reminder_letter
from rusvel_tui.engine.gtm.invoices.sending.paper import Paper, paper_of
from rusvel_tui.engine.gtm.invoices.sending.sending import propose_letter
from rusvel_tui.engine.gtm.outreach.mails.facts import is_suppressed, usable_keys
from rusvel_tui.engine.models import Contact, ContactEmail, Invoice, InvoiceReminder, Job, Mail
from rusvel_tui.engine.operation import View, operation

if TYPE_CHECKING:
    from rusvel_tui.engine.core import Engine


class Due(View):
    """The invoice whose reminder is due, and which step; none when nothing is."""

    more: bool = False
    """Whether invoices are left to be planned again."""
    step: int | None
    invoice: InvoiceView | None


class WriteReminder(jobs.Held):
    """The step that is due, with the document that goes along."""

    step: int
    paper: Paper


@operation("gtm.invoices.due_reminder", writes=True, permission="jobs.work", internal=True)
def due_reminder(ctx: Context, cmd: jobs.Held) -> Due:
    """Say which reminder is due; when none is, the job ends and the next one is planned."""
    job, invoice = _held(cmd)
    if job is not None and "after" in job.payload:
        return Due(more=plan_part(ctx, job), step=None, invoice=None)
    if job is None or invoice is None:
        return Due(step=None, invoice=None)
    step = next_step(ctx, invoice) if is_remindable(invoice) else None
    if step is not None and step_day(invoice, step) <= today_of(ctx):
        return Due(step=step, invoice=invoice_view(ctx, invoice))
    jobs.finish(ctx, job.id, "succeeded")
    plan_reminders(ctx, invoice)
    return Due(step=None, invoice=None)


@operation("gtm.invoices.write_reminder", writes=True, permission="jobs.work", internal=True)
def write_reminder(ctx: Context, cmd: WriteReminder) -> Due:
    """Put one reminder into the inbox, once; who must not be written to gets none."""
    job, invoice = _held(cmd)
    stale = invoice is None or next_step(ctx, invoice) != cmd.step
    if job is None or invoice is None or stale or not is_remindable(invoice):
        return Due(step=None, invoice=None)
    if why := _closed(ctx, invoice_view(ctx, invoice)):
        _keep(ctx, invoice, cmd.step, "skipped", why)
        said = {"name": invoice.number, "what": f"no reminder {cmd.step:+d}: {why}"}
        ctx.record("gtm.invoice.reminder_skipped", invoice.id, said)
    else:
        _draft(ctx, invoice, cmd)
    crashpoint("reminder.written")
    return Due(step=cmd.step, invoice=None)


def handle(engine: Engine, job: jobs.ClaimedJob, stop: Event) -> None:
    """Do an `InvoiceReminder` job: every step that is due, each in a transaction of its own."""
    held = {name: getattr(job, name) for name in ("session_id", "job_id", "owner", "fence")}
    while True:
        due = engine.run(due_reminder, jobs.Held(**held))
        if due.more:
            continue
        if due.step is None or due.invoice is None:
            return
        paper = paper_of(due.invoice, engine.printer)
        written = WriteReminder(step=due.step, paper=paper, **held)
        if engine.run(write_reminder, written).step is None:
            return
        crashpoint("reminder.kept")


def recover(ctx: Context, job: Job, error: str) -> None:
    """Begin anew after the worker vanished or failed: steps that were drafted are known."""
    jobs.put_back(ctx, job, error)


def _held(cmd: jobs.Held) -> tuple[Job | None, Invoice | None]:
    job = Job.get_or_none(jobs.holds(cmd))
    wanted = job.payload.get("invoice_id") if job else None
    invoice = Invoice.get_or_none(Invoice.id == wanted) if wanted else None
    return job, invoice


def _draft(ctx: Context, invoice: Invoice, cmd: WriteReminder) -> None:
    """The mail of a step, in place of an earlier reminder that nobody decided on."""
    for earlier in _undecided(ctx, invoice):
        withdraw_reminder(ctx, earlier, f"the reminder of day {cmd.step:+d} took its place")
    fee = draft_fee(ctx, invoice, cmd.step)
    view = invoice_view(ctx, invoice)
    letter = reminder_letter(view, cmd.step, str(fee or ""))
    mail = propose_letter(
        ctx,
        view,
        letter,
        cmd.paper,
        source="reminder",
        occasion=f"{cmd.step:+d}",
        note=f"{view.open} {view.currency} open, due on {view.due_date}",
    )
    _keep(ctx, invoice, cmd.step, "drafted", "", mail.id)
    said = {"name": invoice.number, "mail_id": mail.id, "step": cmd.step}
    said["what"] = f"a reminder {cmd.step:+d} was drafted"
    ctx.record("gtm.invoice.reminder", invoice.id, said)


def _undecided(ctx: Context, invoice: Invoice) -> list[Mail]:
    return list(
        Mail.select().where(
            (Mail.session_id == ctx.session_id)
            & (Mail.source_kind == "reminder")
            & (Mail.source_id == invoice.id)
            & (Mail.state == "held")
        )
    )


def _keep(
    ctx: Context, invoice: Invoice, step: int, state: str, why: str, mail_id: str | None = None
) -> None:
    """That a step was dealt with; the key of the table allows it once."""
    InvoiceReminder.create(
        invoice_id=invoice.id,
        step=step,
        session_id=ctx.session_id,
        state=state,
        why=why,
        letter_id=mail_id,
        made_at=ctx.now,
    )


def _closed(ctx: Context, view: InvoiceView) -> str:
    """Why the client gets no reminder; empty when they may be written to."""
    if Contact.get_by_id(view.contact_id).deleted_at is not None:
        return "the contact was deleted"
    address = view.client_details.email
    if not address:
        return "there is no mail address"
    try:
        key = parse_address(address).key
    except InvalidInput:
        return "the mail address is not valid"
    if is_suppressed(ctx.session_id, key):
        return "the address must not be written to"
    known = ContactEmail.select(ContactEmail.id).where(
        (ContactEmail.contact_id == view.contact_id)
        & (ContactEmail.key == key)
        & ContactEmail.deleted_at.is_null()
    )
    if known.exists() and key not in usable_keys(view.contact_id):
        return "the client opted out, or the address is dead"
    return ""
