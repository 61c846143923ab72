"""The durable queue: claimed by compare-and-set, leased, fenced, tried again, held for a person."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import NotFound
from rusvel_tui.engine.job_kinds import JOB_KINDS
from rusvel_tui.engine.job_turns import PRIORITIES, claim_sql
from rusvel_tui.engine.models import Job
from rusvel_tui.engine.models.base import insert_rows
from rusvel_tui.engine.models.kept import change_state
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.spelled import Spelled


class JobState(Spelled):
    """Where a job stands."""

    QUEUED = "Queued"
    RUNNING = "Running"
    AWAITING_APPROVAL = "AwaitingApproval"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    CANCELLED = "Cancelled"


ALL_VANISHED = "every worker that tried it vanished"
BACKOFF = (300, 900, 3600, 14_400, 43_200, 86_400)
"""Seconds before each further try of something that failed for the moment, ± 20 %."""


class ClaimedJob(View):
    """A job in the hands of one worker. Every later write names the fence."""

    job_id: str
    session_id: str
    kind: str
    payload: dict[str, Any]
    attempts: int
    fence: int
    owner: str
    lease_until: datetime


class Claim(Input):
    """Who asks for work."""

    owner: str
    this_session: bool = False
    """Whether to take work of this session only."""
    lanes: tuple[int, ...] = ()
    """The priorities to take work of; all of them when left out."""


class Claimed(View):
    """The job, if one was due."""

    job: ClaimedJob | None


class Held(Input):
    """A job and the proof of holding it."""

    job_id: str
    owner: str
    fence: int


class GiveBack(Held):
    """A job that its worker could not do."""

    error: str


class StillMine(View):
    """Whether the lease could be extended."""

    held: bool


class Recovered(View):
    """How many jobs of vanished workers were put right."""

    count: int


class Nothing(Input):
    """Nothing to say."""


class JobId(Input):
    """Which job."""

    job_id: str


_CLAIM = claim_sql(PRIORITIES)


@operation("job.claim", writes=True, permission="jobs.work", internal=True)
def claim(ctx: Context, cmd: Claim) -> Claimed:
    """Take the job whose turn it is, of those the one that is due for longest; one statement decides who gets it."""
    until = ctx.now + timedelta(seconds=ctx.policy.lease_seconds)
    session = ctx.session_id if cmd.this_session else None
    values = {"owner": cmd.owner, "until": stamp(until), "now": stamp(ctx.now), "session": session}
    rows = Job._meta.database.execute_sql(claim_sql(cmd.lanes or PRIORITIES), values).fetchall()
    row = next(iter(rows), None)
    if row is None:
        return Claimed(job=None)
    job_id, session_id, kind, payload, attempts, fence = row
    return Claimed(
        job=ClaimedJob(
            job_id=job_id,
            session_id=session_id,
            kind=kind,
            payload=Job.payload.python_value(payload),
            attempts=attempts,
            fence=fence,
            owner=cmd.owner,
            lease_until=until,
        )
    )


@operation("job.heartbeat", writes=True, permission="jobs.work", internal=True)
def heartbeat(ctx: Context, cmd: Held) -> StillMine:
    """Extend the lease of a job; false when somebody else has it."""
    until = ctx.now + timedelta(seconds=ctx.policy.lease_seconds)
    return StillMine(held=bool(Job.update(lease_until=until).where(holds(cmd)).execute()))


@operation("job.recover", writes=True, permission="jobs.work", internal=True)
def recover(ctx: Context, cmd: Nothing) -> Recovered:
    """Put right the jobs whose lease ran out: repeatable work is queued again, a send follows its mail."""
    lost = list(Job.select().where((Job.state == "running") & (Job.lease_until < ctx.now)))
    for job in lost:
        _put_right(ctx, job, "")
    return Recovered(count=len(lost))


@operation("job.give_back", writes=True, permission="jobs.work", internal=True)
def give_back(ctx: Context, cmd: GiveBack) -> Recovered:
    """Put back a job that failed in an unforeseen way; after too many tries it fails for good."""
    job = Job.get_or_none(holds(cmd))
    if job is None:
        return Recovered(count=0)
    _put_right(ctx, job, cmd.error)
    return Recovered(count=1)


UNDO_WINDOW = {"undo_window": True}
"""The metadata of a job that waits for the time in which a yes can be taken back."""


def in_undo_window(job: Job) -> bool:
    """Whether the job waits for the time in which a yes can be taken back."""
    return bool(job.metadata == UNDO_WINDOW)


def enqueue(
    ctx: Context,
    kind: str,
    payload: dict[str, Any],
    *,
    run_at: datetime,
    unique_key: str | None = None,
    priority: int = 0,
) -> Job:
    """Add work to the queue; a second live job of the same key breaks the unique index.

    Of what is due the lower of `PRIORITIES` is claimed first.
    """
    if kind not in JOB_KINDS:
        raise ValueError(f"{kind} is not in JOB_KINDS")
    job: Job = Job.create(
        id=ctx.new_id(),
        session_id=ctx.session_id,
        kind=kind,
        payload=payload,
        run_at=run_at,
        priority=priority,
        unique_key=unique_key,
        created_at=ctx.now,
    )
    return job


def enqueue_all(ctx: Context, kind: str, rows: Sequence[dict[str, Any]]) -> None:
    """Add several jobs of one kind: each with its `id`, `payload`, `run_at`, `priority` and `unique_key`."""
    if kind not in JOB_KINDS:
        raise ValueError(f"{kind} is not in JOB_KINDS")
    shared = {"session_id": ctx.session_id, "kind": kind, "created_at": ctx.now}
    insert_rows(Job, (shared | row for row in rows))


def _put_right(ctx: Context, job: Job, error: str) -> None:
    """Let the kind decide; work of a kind that this version does not know fails, and is seen."""
    if job.kind in JOB_KINDS:
        JOB_KINDS[job.kind].recover(ctx, job, error)
    else:
        fail(ctx, job, f"there is no kind of job called {job.kind!r}")


def put_back(ctx: Context, job: Job, error: str) -> bool:
    """Queue a job again whose worker vanished, or failed; true when that was its last try.

    One whose worker vanished keeps its time: after a long sleep it shows how late it is.
    """
    if job.attempts >= job.max_attempts:
        fail(ctx, job, error or ALL_VANISHED)
        return True
    why = error or "its worker vanished"
    again = retry_at(ctx.now, job.attempts) if error else job.run_at
    move(job.id, ("running",), "queued", run_at=again, error=error)
    ctx.record("job.requeued", job.id, {"reason": why}, session_id=job.session_id)
    return False


def fail(ctx: Context, job: Job, why: str) -> None:
    """End a job for good, for a person to see."""
    finish(ctx, job.id, "failed", why)
    ctx.record("job.failed", job.id, {"reason": why}, session_id=job.session_id)


def held_job(cmd: Held) -> Job | None:
    """The job, if this worker still has it."""
    job: Job | None = Job.find(cmd.job_id)
    mine = job and (job.fence, job.owner, job.state) == (cmd.fence, cmd.owner, "running")
    return job if mine else None


def holds(cmd: Held) -> Any:
    """The condition that this worker still has the job."""
    mine = (Job.id == cmd.job_id) & (Job.fence == cmd.fence) & (Job.owner == cmd.owner)
    return mine & (Job.state == "running")


def move(job_id: str, before: tuple[str, ...], after: str, **values: Any) -> bool:
    """Change the state by compare-and-set; the lease goes with it. False when another was faster."""
    return bool(move_all([job_id], before, after, **values))


def move_all(job_ids: Sequence[str], before: tuple[str, ...], after: str, **values: Any) -> int:
    """Change the state of several, as `move` does; how many were in one of the states before."""
    free = {} if after == "running" else {"owner": None, "lease_until": None}
    return change_state(Job, job_ids, before, state=after, **free, **values)


def finish(ctx: Context, job_id: str, after: str, error: str = "") -> None:
    """End a running job."""
    move(job_id, ("running",), after, finished_at=ctx.now, error=error)


def hold_for_approval(job_id: str) -> bool:
    """Keep the job until a person decides; its second pass starts with a clean count."""
    return move(job_id, ("running", "queued"), "awaiting_approval", attempts=0, metadata={})


def release(job_id: str, run_at: datetime, *, undo_window: bool = False) -> bool:
    """Queue a held job for its second pass."""
    return move(
        job_id,
        ("awaiting_approval",),
        "queued",
        run_at=run_at,
        metadata=UNDO_WINDOW if undo_window else {},
        error="",
    )


def snooze(job_id: str, run_at: datetime, why: str) -> None:
    """Put a job back for later without counting the try: nothing was wrong with it."""
    tries = Job.select(Job.attempts - 1).where(Job.id == job_id)
    move(job_id, ("running",), "queued", run_at=run_at, error=why, attempts=tries.scalar())


def retry_at(now: datetime, attempts: int) -> datetime:
    """When to try again after that many tries: the backoff with its jitter."""
    base = BACKOFF[min(max(attempts, 1), len(BACKOFF)) - 1]
    return now + timedelta(seconds=base * random.uniform(0.8, 1.2))  # noqa: S311 - spreads the tries


def find_job(ctx: Context, job_id: str) -> Job:
    """A job of this session; raises `NotFound`."""
    found: Job | None = Job.get_or_none((Job.id == job_id) & (Job.session_id == ctx.session_id))
    if found is None:
        raise NotFound.here("job", job_id, "call job.list")
    return found
