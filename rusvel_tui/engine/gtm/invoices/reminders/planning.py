"""One job per open invoice waits for the day of its next reminder."""

from __future__ import annotations

from rusvel_tui.engine import jobs
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.invoices.reminders.steps import (
    is_remindable,
    next_step,
    step_moment,
)
from rusvel_tui.engine.gtm.invoices.reminders.stopping import (
    SETTLED,
    allow_again,
    take_reminders_back,
)
from rusvel_tui.engine.models import Invoice, Job

KIND = "InvoiceReminder"
_PART = 200
"""So many invoices are planned again in one transaction."""


def plan_reminders(ctx: Context, invoice: Invoice) -> None:
    """Let the next reminder come on its day; nothing when there is none."""
    if is_remindable(invoice):
        allow_again(invoice.id)
    step = next_step(ctx, invoice) if is_remindable(invoice) else None
    if step is None:
        return
    run_at = max(step_moment(ctx, invoice, step), ctx.now)
    waiting = Job.get_or_none(
        (Job.unique_key == _key(invoice)) & Job.state.in_(("queued", "running"))
    )
    if waiting is None:
        jobs.enqueue(ctx, KIND, {"invoice_id": invoice.id}, run_at=run_at, unique_key=_key(invoice))
    elif waiting.state == "queued":
        Job.update(run_at=run_at).where(Job.id == waiting.id).execute()


def stop_reminders(ctx: Context, invoice: Invoice) -> None:
    """No reminder comes any more; one that a worker has in its hands finds that out by itself."""
    Job.update(state="cancelled", finished_at=ctx.now).where(
        (Job.unique_key == _key(invoice)) & (Job.state == "queued")
    ).execute()
    take_reminders_back(ctx, invoice.id, SETTLED)


def plan_anew(ctx: Context) -> None:
    """Let a job plan the reminders of all open invoices again, after their days changed."""
    key = f"reminders:{ctx.session_id}"
    waiting = Job.select().where((Job.unique_key == key) & Job.state.in_(("queued", "running")))
    if not waiting.exists():
        jobs.enqueue(ctx, KIND, {"after": ""}, run_at=ctx.now, unique_key=key)


def plan_part(ctx: Context, job: Job) -> bool:
    """Plan some of the open invoices again; whether more are left."""
    wanted = (Invoice.session_id == ctx.session_id) & (Invoice.open_minor > 0)
    query = Invoice.select().where(wanted & (Invoice.id > job.payload["after"]))
    rows = list(query.order_by(Invoice.id).limit(_PART))
    for row in rows:
        plan_reminders(ctx, row)
    if len(rows) < _PART:
        jobs.finish(ctx, job.id, "succeeded")
        return False
    Job.update(payload={"after": rows[-1].id}).where(Job.id == job.id).execute()
    return True


def _key(invoice: Invoice) -> str:
    return f"reminder:{invoice.id}"
