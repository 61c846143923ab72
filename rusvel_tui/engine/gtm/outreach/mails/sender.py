"""The state of sending as a whole: paused by a person or by trouble, and what waits for it to change."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from rusvel_tui.engine.context import Context, Inverse, Policy
from rusvel_tui.engine.gtm.outreach.mails.facts import (
    SENDER,
    own_policy,
    trouble_of,
)
from rusvel_tui.engine.gtm.outreach.timing.limits import Sender, limits
from rusvel_tui.engine.gtm.outreach.timing.pace import room
from rusvel_tui.engine.gtm.outreach.timing.send_times import Schedule
from rusvel_tui.engine.gtm.senders.identity import Identity, session_identity, state_keys
from rusvel_tui.engine.models import Job, Mail, SenderState
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.models.kept import any_of, kept
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.text import one_line

BREAKER = (30, 60, 120, 300, 900)
"""Seconds until the mail server is tried again after the first, second, … connection failure."""
PERMANENT_FAILURES = 5
"""So many refusals in a row pause all sending: something is wrong with the sender, not with the people."""


class PauseSending(Input):
    """Why nothing may leave for now."""

    reason: str = "paused by hand"


class WakeBlocked(Input):
    """Nothing to say."""


class Woken(View):
    """How many mails will be tried again now."""

    count: int


class LimitView(View):
    """So many mails in one of your days."""

    name: str
    """`daily cap of 20 mails`."""
    allowed: int
    used: int


class SenderView(View):
    """Whether mail can leave, and how much of it."""

    mailer: str
    """The label of the mailer; empty when none is configured."""
    mail_from: str
    paused: bool
    reason: str
    retry_at: datetime | None
    sent_today: int
    """Mails that left today, or may have, by the calendar of your zone."""
    limits: tuple[LimitView, ...]
    """What counts for all sequences; the one that is felt first stands first."""
    min_gap_seconds: int | None


@operation("gtm.outreach.sender", permission="crm.sequences.read")
def show_sender(ctx: Context, cmd: WakeBlocked) -> SenderView:
    """Show whether mail can leave: the mailer, the sender address, a pause, what left today and the limits."""
    identity = session_identity(ctx)
    paused, retry_at = trouble_of(identity)
    policy = own_policy(ctx.policy, identity)
    sent, found = _today(ctx, policy, Sender(ctx.session_id, identity.address, ctx.zone))
    return SenderView(
        mailer=ctx.policy.mailer,
        mail_from=identity.address,
        paused=bool(paused),
        reason=paused,
        retry_at=retry_at,
        sent_today=sent,
        limits=found,
        min_gap_seconds=policy.min_gap_seconds,
    )


def _today(ctx: Context, policy: Policy, sender: Sender) -> tuple[int, tuple[LimitView, ...]]:
    """What left today, and the limits that follow from the settings."""
    counts = sender.count("", ctx.now)
    ramp = policy.ramp and sender.history(ctx.now).allows(policy.ramp)
    found = sorted(limits(policy, Schedule(), counts, ramp, new=True), key=room)
    views = (LimitView(name=x.name, allowed=x.allowed, used=x.used) for x in found)
    return counts.total, tuple(views)


@operation("gtm.outreach.pause_sending", writes=True, permission="crm.sequences.manage")
def pause_sending(ctx: Context, cmd: PauseSending) -> SenderView:
    """Stop all sending at once; approved mails wait."""
    pause(ctx, one_line(cmd.reason) or "paused by hand", undoable=True)
    return show_sender.handle(ctx, WakeBlocked())


@operation(
    "gtm.outreach.resume_sending", writes=True, permission="crm.sequences.manage", human_only=True
)
def resume_sending(ctx: Context, cmd: WakeBlocked) -> SenderView:
    """Let approved mails leave again, from every sender."""
    SenderState.update(paused=0, reason="", failures=0, retry_at=None).execute()
    _wake(ctx)
    ctx.record("gtm.sender.resumed", "", undo=Inverse("gtm.outreach.pause_sending", {}))
    return show_sender.handle(ctx, WakeBlocked())


@operation("gtm.outreach.wake_blocked", writes=True, permission="jobs.work", internal=True)
def wake_blocked(ctx: Context, cmd: WakeBlocked) -> Woken:
    """Try the blocked mails again now: a worker starts, and a setting may have changed."""
    return Woken(count=_wake(ctx))


def wake_sequence(ctx: Context, sequence_id: str) -> int:
    """Try the blocked mails of one sequence again now."""
    return _wake(ctx, Mail.sequence_id == sequence_id)


def wake_enrollment(ctx: Context, enrollment_id: str) -> int:
    """Try the blocked mails of one enrollment again now."""
    return _wake(ctx, Mail.enrollment_id == enrollment_id)


def pause(ctx: Context, reason: str, *, key: str = SENDER, undoable: bool = False) -> None:
    """Pause all sending, or one account or sender by its row, until a person resumes it."""
    _save(ctx, key, paused=1, reason=reason)
    undo = Inverse("gtm.outreach.resume_sending", {}) if undoable else None
    ctx.record("gtm.sender.paused", key.partition(":")[2], {"reason": reason}, undo=undo)


def rest(ctx: Context, key: str, until: datetime) -> None:
    """Leave one sender alone for a while: it wrote too much."""
    _save(ctx, key, retry_at=until)


def connection_failed(ctx: Context, key: str, earliest: datetime) -> datetime:
    """Note that the server of an account could not be reached; when to try again."""
    failures = _state(ctx, key).failures
    again = ctx.now + timedelta(seconds=BREAKER[min(failures, len(BREAKER) - 1)])
    again = max(again, earliest)
    _save(ctx, key, failures=failures + 1, retry_at=again)
    return again


def connection_worked(ctx: Context, identity: Identity) -> None:
    """Forget earlier trouble of that sender and its account."""
    for (key,) in _troubled(state_keys(identity.sender_id, identity.account)):
        _save(ctx, key, failures=0, retry_at=None)


@kept
def _troubled(keys: Any) -> Any:
    troubled = (SenderState.failures > 0) | SenderState.retry_at.is_null(False)
    return SenderState.select(SenderState.id).where(any_of(SenderState.id, keys) & troubled)


def pause_after_refusals(ctx: Context) -> None:
    """Pause when the last mails were all refused for good."""
    last = tuples(
        Mail.select(Mail.state)
        .where(
            (Mail.session_id == ctx.session_id)
            & Mail.state.in_(("sent", "rejected"))
            & (Mail.reply_code > 0)
        )
        .order_by(Mail.updated_at.desc(), Mail.id.desc())
        .limit(PERMANENT_FAILURES)
    )
    if len(last) == PERMANENT_FAILURES and all(state == "rejected" for (state,) in last):
        pause(ctx, f"the last {PERMANENT_FAILURES} mails were all refused")


def _state(ctx: Context, key: str) -> SenderState:
    found: SenderState = SenderState.find(key) or SenderState(id=key, updated_at=ctx.now)
    return found


def _save(ctx: Context, key: str, **changes: object) -> None:
    state = _state(ctx, key)
    values = {
        name: getattr(state, name) for name in ("paused", "reason", "failures", "retry_at")
    } | changes
    SenderState.insert(id=key, updated_at=ctx.now, **values).on_conflict_replace().execute()


def _wake(ctx: Context, which: object = True) -> int:
    blocked = Mail.select(Mail.id).where(
        (Mail.blocked != "") & Mail.state.in_(("approved", "scheduled")) & which
    )
    query = Job.update(run_at=ctx.now, error="").where(
        Job.id.in_(blocked) & (Job.state == "queued") & (Job.run_at > ctx.now)
    )
    woken = int(query.execute())
    Mail.update(blocked="").where(Mail.id.in_(blocked)).execute()
    return woken
