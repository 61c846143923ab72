"""Which reminders an invoice gets and when: days counted from its due date, each step once."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from rusvel_tui.engine.calendar import midnight
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.invoices.ledger.views import ReminderView
from rusvel_tui.engine.gtm.invoices.setup.kept import load_setup
from rusvel_tui.engine.models import Invoice, InvoiceReminder

_MORNING = time(9)


def step_day(invoice: Invoice, step: int) -> date:
    """The day of a step: so many days after the due date, or before it."""
    return date.fromisoformat(invoice.due_date) + timedelta(days=step)


def step_moment(ctx: Context, invoice: Invoice, step: int) -> datetime:
    """The morning of that day where the session is, in UTC."""
    return midnight(step_day(invoice, step), ctx.zone) + timedelta(hours=_MORNING.hour)


def is_remindable(invoice: Invoice) -> bool:
    """Whether somebody has to be reminded of it at all."""
    return bool(invoice.open_minor > 0 and invoice.due_date)


def done_steps(invoice_id: str) -> dict[int, InvoiceReminder]:
    """The steps that were dealt with."""
    rows = InvoiceReminder.select().where(InvoiceReminder.invoice_id == invoice_id)
    return {row.step: row for row in rows}


def next_step(ctx: Context, invoice: Invoice) -> int | None:
    """The first step that is still to come; steps before the issue are passed over."""
    done = done_steps(invoice.id)
    issued = date.fromisoformat(invoice.issue_date)
    for step in load_setup(ctx).reminders:
        if step not in done and step_day(invoice, step) > issued:
            return step
    return None


def reminder_views(ctx: Context, invoice: Invoice) -> tuple[ReminderView, ...]:
    """What became of each step, and when the others come."""
    if invoice.kind != "invoice" or not invoice.due_date or invoice.number is None:
        return ()
    done = done_steps(invoice.id)
    planned = load_setup(ctx).reminders if is_remindable(invoice) else ()
    issued = date.fromisoformat(invoice.issue_date)
    steps = {step for step in planned if step_day(invoice, step) > issued} | set(done)
    return tuple(_view(invoice, step, done.get(step)) for step in sorted(steps))


def _view(invoice: Invoice, step: int, row: InvoiceReminder | None) -> ReminderView:
    return ReminderView(
        step=step,
        on=step_day(invoice, step).isoformat(),
        state=row.state if row else "planned",
        why=row.why if row else "",
        mail_id=row.letter_id if row else None,
    )
