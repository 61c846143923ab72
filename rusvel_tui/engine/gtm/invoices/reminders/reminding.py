"""Drafts the reminders of an invoice that are due: one mail for each step, held for a yes."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

from rusvel_tui.engine import jobs
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.models import Job

if TYPE_CHECKING:
    from rusvel_tui.engine.core import Engine


def handle(engine: Engine, job: jobs.ClaimedJob, stop: Event) -> None:
    """Do an `InvoiceReminder` job."""


def recover(ctx: Context, job: Job, error: str) -> None:
    """Begin anew after the worker vanished or failed: steps that were drafted are known."""
    jobs.put_back(ctx, job, error)
