"""The kinds of durable work, each with what does it and what happens when its worker vanishes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threading import Event

    from rusvel_tui.engine.context import Context
    from rusvel_tui.engine.core import Engine
    from rusvel_tui.engine.jobs import ClaimedJob
    from rusvel_tui.engine.models import Job

Handler = Callable[["Engine", "ClaimedJob", "Event"], None]
Recoverer = Callable[["Context", "Job", str], None]


@dataclass(frozen=True, slots=True)
class JobKind:
    """One kind of work."""

    name: str
    summary: str
    module: str
    """Where its `handle(engine, job, stop)` and `recover(ctx, job, error)` live; imported when first needed."""

    def handle(self, engine: Engine, job: ClaimedJob, stop: Event) -> None:
        """Do the work: slow, outside any transaction."""
        handler: Handler = import_module(self.module).handle
        handler(engine, job, stop)

    def recover(self, ctx: Context, job: Job, error: str) -> None:
        """Put the job right after its lease ran out, or after it failed with an unforeseen error."""
        recoverer: Recoverer = import_module(self.module).recover
        recoverer(ctx, job, error)


JOB_KINDS = {
    kind.name: kind
    for kind in (
        JobKind(
            "OutreachSend",
            "one step of a sequence: drafted and held, then sent after a yes",
            "rusvel_tui.engine.gtm.outreach.mails.sending",
        ),
        JobKind(
            "MailSend",
            "a mail that no sequence asked for: held, then sent after a yes",
            "rusvel_tui.engine.gtm.outreach.mails.sending",
        ),
        JobKind(
            "Replan",
            "the waiting steps of a sequence get their new times after its rules changed",
            "rusvel_tui.engine.gtm.outreach.timing.replan",
        ),
        JobKind(
            "InvoiceReminder",
            "a reminder of an invoice is drafted on its day and held for a yes",
            "rusvel_tui.engine.gtm.invoices.reminders.reminding",
        ),
        JobKind(
            "RecurringInvoice",
            "an invoice that comes again is drafted on its day",
            "rusvel_tui.engine.gtm.invoices.recurring.making",
        ),
        JobKind(
            "KpiSnapshot",
            "once a day the KPIs that the app computes become readings",
            "rusvel_tui.engine.growth.kpi.snapshots",
        ),
        JobKind(
            "CohortAnalysis",
            "once a week a look at who stays",
            "rusvel_tui.engine.growth.cohort.analyses",
        ),
        JobKind(
            "ChurnScan",
            "once a day a look for cohorts that lose more than others did",
            "rusvel_tui.engine.growth.churn.scans",
        ),
        JobKind(
            "ScheduleRun",
            "what a schedule says is done for one fire time",
            "rusvel_tui.engine.agent.schedules.running",
        ),
        JobKind(
            "WorkflowRun",
            "a workflow goes on until it ends or waits for a person",
            "rusvel_tui.engine.agent.workflows.stepping",
        ),
        JobKind(
            "HookRun",
            "a hook runs for one event",
            "rusvel_tui.engine.agent.hooks.running",
        ),
    )
}
"""All there are; add yours here."""
