"""What the log says about copies of the file: one that could not be made, and one that was put back."""

from __future__ import annotations

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.senders.identity import THIS_FILE
from rusvel_tui.engine.models import SenderState, Session, Suppression
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.operation import Input, View, operation


class BackupFailure(Input):
    """Why there is no backup."""

    reason: str


class PutBack(Input):
    """What the file was put back from."""

    name: str
    reason: str
    """Why sending waits now, as the header and each mail say it."""
    opt_outs: tuple[tuple[str, str, str, str, str], ...] = ()
    """Who objected since the copy was made: session, key, reason, time and source of each."""


class Told(View):
    """In how many sessions it stands now."""

    sessions: int


@operation("backup.note_failure", writes=True, permission="jobs.work", internal=True)
def note_failure(ctx: Context, cmd: BackupFailure) -> Told:
    """Say in every session that the backup of today could not be made."""
    return _tell(ctx, "backup.failed", {"reason": cmd.reason})


@operation("backup.note_restored", writes=True, permission="sessions.manage", internal=True)
def note_restored(ctx: Context, cmd: PutBack) -> Told:
    """Say in every session that the file was put back, and let sending wait until a person resumes it."""
    hold(ctx, cmd.reason)
    names = ("session_id", "key", "reason", "created_at", "source")
    for row in cmd.opt_outs:
        Suppression.insert(**dict(zip(names, row, strict=True))).on_conflict_ignore().execute()
    return _tell(ctx, "backup.restored", {"name": cmd.name, "opt_outs": len(cmd.opt_outs)})


def hold(ctx: Context, reason: str) -> None:
    """Let nothing leave from this file until a person resumes sending."""
    row = {"id": THIS_FILE, "paused": 1, "reason": reason, "failures": 0, "retry_at": None}
    SenderState.insert(updated_at=ctx.now, **row).on_conflict_replace().execute()


def _tell(ctx: Context, kind: str, payload: dict[str, str | int]) -> Told:
    ids = [one for (one,) in tuples(Session.select(Session.id).order_by(Session.id))]
    for one in ids:
        ctx.record(kind, "", payload, session_id=one)
    return Told(sessions=len(ids))
