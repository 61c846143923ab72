"""Drafts what has come due of the invoices that come again: one transaction for each, which moves the day on."""

from __future__ import annotations

from datetime import date, timedelta
from threading import Event
from typing import TYPE_CHECKING, Any

from rusvel_tui.engine import jobs
from rusvel_tui.engine.calendar import midnight
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.crashpoints import crashpoint
from rusvel_tui.engine.gtm.invoices.ledger.drafts import draft
from rusvel_tui.engine.gtm.invoices.ledger.inputs import CreateInvoice
from rusvel_tui.engine.gtm.invoices.ledger.standing import today_of
from rusvel_tui.engine.gtm.invoices.recurring.periods import Every, period_day, period_name
from rusvel_tui.engine.models import Contact, Job, RecurringInvoice
from rusvel_tui.engine.operation import View, operation

if TYPE_CHECKING:
    from rusvel_tui.engine.core import Engine

KIND = "RecurringInvoice"


class Made(View):
    """Whether another one is due."""

    more: bool


def plan_next(ctx: Context, row: RecurringInvoice) -> None:
    """Let a job wait for the next day; the series ends when there is none."""
    if row.status != "active" or _end(row):
        return
    run_at = max(midnight(date.fromisoformat(row.next_on), ctx.zone), ctx.now)
    waiting = Job.get_or_none((Job.unique_key == _key(row)) & Job.state.in_(("queued", "running")))
    if waiting is None:
        jobs.enqueue(ctx, KIND, {"recurring_id": row.id}, run_at=run_at, unique_key=_key(row))
    elif waiting.state == "queued":
        Job.update(run_at=run_at).where(Job.id == waiting.id).execute()


def stop(ctx: Context, row: RecurringInvoice) -> None:
    """No draft comes any more."""
    Job.update(state="cancelled", finished_at=ctx.now).where(
        (Job.unique_key == _key(row)) & (Job.state == "queued")
    ).execute()


def pass_over(row: RecurringInvoice, today: date) -> None:
    """Move on to the first day that has not passed."""
    while date.fromisoformat(row.next_on) < today:
        _move_on(row)


@operation("gtm.invoices.make_recurring", writes=True, permission="jobs.work", internal=True)
def make_recurring(ctx: Context, cmd: jobs.Held) -> Made:
    """Draft one invoice that has come due, and move the series on to its next day."""
    job = Job.get_or_none(jobs.holds(cmd))
    if job is None:
        return Made(more=False)
    row = RecurringInvoice.get_by_id(job.payload["recurring_id"])
    today = today_of(ctx).isoformat()
    if row.status == "active" and not _end(row) and row.next_on <= today:
        _draft(ctx, row)
        crashpoint("recurring.drafted")
    if row.status == "active" and not _end(row) and row.next_on <= today:
        return Made(more=True)
    jobs.finish(ctx, job.id, "succeeded")
    plan_next(ctx, row)
    return Made(more=False)


def handle(engine: Engine, job: jobs.ClaimedJob, stop: Event) -> None:
    """Do a `RecurringInvoice` job; one that is interrupted goes on where it was."""
    held = {name: getattr(job, name) for name in ("session_id", "job_id", "owner", "fence")}
    while engine.run(make_recurring, jobs.Held(**held)).more:
        pass


def recover(ctx: Context, job: Job, error: str) -> None:
    """Go on after the worker vanished or failed."""
    jobs.put_back(ctx, job, error)


def _draft(ctx: Context, row: RecurringInvoice) -> None:
    """The draft of the period, and the series on its next day; a client that is gone pauses it."""
    contact = Contact.get_by_id(row.contact_id)
    if contact.deleted_at is not None:
        row.status = "paused"
    else:
        once = f"recurring:{row.id}:{row.next_on}"
        invoice = draft(ctx, contact, _wanted(row), once=once)
        said = {"name": row.name, "invoice_id": invoice.id, "period": row.next_on}
        ctx.record("gtm.invoice.recurred", row.id, said)
        row.made += 1
        _move_on(row)
    if _end(row):
        row.status = "ended"
    row.version += 1
    row.updated_at = ctx.now
    row.save()


def _wanted(row: RecurringInvoice) -> CreateInvoice:
    period = period_name(date.fromisoformat(row.next_on), Every(row.every))
    template: dict[str, Any] = dict(row.template)
    for name in ("title", "notes", "reference"):
        if name in template:
            template[name] = template[name].replace("{period}", period)
    lines = template["line_items"]
    template["line_items"] = [
        line | {"description": line.get("description", "").replace("{period}", period)}
        for line in lines
    ]
    template["metadata"] = {"recurring_id": row.id, "period": row.next_on}
    return CreateInvoice.model_validate(template)


def _move_on(row: RecurringInvoice) -> None:
    """The first day of the series after the present one."""
    first, day, every = (
        date.fromisoformat(row.starts_on),
        date.fromisoformat(row.next_on),
        Every(row.every),
    )
    place = 0
    if every is Every.WEEK:
        place = (day - first) // timedelta(weeks=1)
    else:
        months = (day.year - first.year) * 12 + day.month - first.month
        place = months // {"month": 1, "quarter": 3, "year": 12}[every.key]
    row.next_on = period_day(first, every, place + 1).isoformat()


def _end(row: RecurringInvoice) -> bool:
    """Whether none comes any more."""
    over = bool(row.ends_on) and row.next_on > row.ends_on
    return over or (row.most is not None and row.made >= row.most)


def _key(row: RecurringInvoice) -> str:
    return f"recurring:{row.id}"
