"""The guard of a sequence: too many mails that come back pause it, before they harm the sender's name."""

from __future__ import annotations

from peewee import fn

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.outreach.sequences.sequence_views import SequenceStatus
from rusvel_tui.engine.gtm.outreach.sequences.sequences import turn
from rusvel_tui.engine.models import Mail, Sequence
from rusvel_tui.engine.models.base import tuples

LAST = 100
"""Mails that are looked at: the last ones, since the guard paused the sequence before."""
MANY = 50
"""Mails from which a share of `LIMIT` decides; with fewer, only a share of `FEW_LIMIT`."""
LIMIT = 0.05
FEW_LIMIT = 0.3
LEAST = 3
"""So many must have come back at the least: one of three is an accident."""


def too_many(bounced: int, tried: int) -> bool:
    """Whether so many of the mails that were tried came back that the sequence must stop. Pure."""
    limit = LIMIT if tried >= MANY else FEW_LIMIT
    return bounced >= LEAST and bounced >= limit * tried


def pause_after_bounces(ctx: Context, sequence_id: str | None) -> None:
    """Pause an active sequence when too many of its last mails came back; a person resumes it.

    A mail of no sequence pauses none. From then on the count begins anew: what left before does not pause it twice.
    """
    sequence = Sequence.get_or_none((Sequence.id == sequence_id) & (Sequence.status == "active"))
    if sequence is None:
        return
    bounced, tried = _last(sequence)
    if too_many(bounced, tried):
        reason = f"{bounced} of the last {tried} mails came back ({bounced / tried:.0%})"
        turn(ctx, sequence.id, SequenceStatus.PAUSED, "gtm.outreach.activate_sequence", reason)


def _last(sequence: Sequence) -> tuple[int, int]:
    """How many of the last mails came back, and of how many: those that left, or met a dead address."""
    settled = fn.COALESCE(Mail.sent_at, Mail.bounced_at)
    tried = Mail.sent_at.is_null(False) | Mail.bounced_at.is_null(False)
    mine = (Mail.sequence_id == sequence.id) & tried
    if sequence.bounces_since is not None:
        mine &= settled > Mail.sent_at.db_value(sequence.bounces_since)
    last = Mail.select(Mail.bounced_at).where(mine).order_by(settled.desc()).limit(LAST)
    marks = [bounced_at for (bounced_at,) in tuples(last)]
    return sum(mark is not None for mark in marks), len(marks)
