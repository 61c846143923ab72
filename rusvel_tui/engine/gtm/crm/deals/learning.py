"""What the closed deals of a session teach: how many of those that were in a stage were won, and how long it took."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from rusvel_tui.engine.clock import moment
from rusvel_tui.engine.gtm.crm.deals.deal_history import Stay, stays_of
from rusvel_tui.engine.models import Deal, StageMove
from rusvel_tui.engine.operation import View

ENOUGH = 20
"""Closed deals that were in a stage, from which on their share of wins says something."""
_CLOSED = """
FROM deal d JOIN pipeline_stage s ON s.session_id = d.session_id AND s.key = d.stage AND s.kind <> 'open'
"""
_SHARES_SQL = f"""
SELECT stage, count(*), sum(won) FROM (
  SELECT d.id, m.from_stage AS stage, s.kind = 'won' AS won {_CLOSED} JOIN stage_move m ON m.deal_id = d.id
    WHERE d.session_id = ? AND d.deleted_at IS NULL
  UNION SELECT d.id, m.to_stage, s.kind = 'won' {_CLOSED} JOIN stage_move m ON m.deal_id = d.id
    WHERE d.session_id = ? AND d.deleted_at IS NULL) GROUP BY stage
"""
_WAYS_SQL = f"""
SELECT d.id, d.stage, s.kind = 'won', d.created_at, d.closed_at, m.from_stage, m.to_stage, m.at
{_CLOSED} JOIN stage_move m ON m.deal_id = d.id
WHERE d.session_id = ? AND d.deleted_at IS NULL ORDER BY d.id, m.at, m.id
"""


class Learned(View):
    """The share of wins among the closed deals that were in a stage."""

    won: int
    closed: int
    probability: int
    """Per cent, rounded."""


@dataclass(frozen=True, slots=True)
class Lessons:
    """What closed deals teach about one stage; all empty while there are too few of them."""

    share: Learned | None = None
    in_stage: tuple[timedelta, ...] = ()
    """How long each stayed there, shortest first."""
    to_win: tuple[timedelta, ...] = ()
    """How long it took from coming there to being won, shortest first."""


def learned(won: int, closed: int) -> Learned | None:
    """The share, if there are enough deals to tell one."""
    if closed < ENOUGH:
        return None
    return Learned(won=won, closed=closed, probability=(200 * won + closed) // (2 * closed))


def shares(session_id: str) -> dict[str, Learned]:
    """What is known of each stage, by its key; stages of which too little is known are left out."""
    rows = Deal._meta.database.execute_sql(_SHARES_SQL, (session_id, session_id)).fetchall()
    found = {stage: learned(won, closed) for stage, closed, won in rows}
    return {stage: share for stage, share in found.items() if share is not None}


def lessons(session_id: str, stage: str) -> Lessons:
    """What the closed deals that were in this stage teach; two statements, however many there are."""
    share = shares(session_id).get(stage)
    if share is None:
        return Lessons()
    in_stage: list[timedelta] = []
    to_win: list[timedelta] = []
    for won, closed_at, stays in _ways(session_id):
        here = [stay for stay in stays if stay.stage == stage]
        if here:
            in_stage.append(sum((_length(stay) for stay in here), timedelta()))
        if here and won:
            to_win.append(closed_at - here[0].entered)
    return Lessons(share, tuple(sorted(in_stage)), tuple(sorted(to_win)))


def _ways(session_id: str) -> list[tuple[bool, datetime, list[Stay]]]:
    """Of each closed deal: whether it was won, when it was closed, and its stays."""
    moves: dict[str, list[StageMove]] = defaultdict(list)
    deals: dict[str, tuple[str, bool, datetime, datetime]] = {}
    rows = Deal._meta.database.execute_sql(_WAYS_SQL, (session_id,)).fetchall()
    for deal_id, stage, won, created, closed, from_, to, at in rows:
        deals[deal_id] = (stage, bool(won), moment(created), moment(closed or at))
        moves[deal_id].append(StageMove(from_stage=from_, to_stage=to, at=moment(at), actor=""))
    return [
        (won, closed, stays_of(stage, created, moves[deal_id]))
        for deal_id, (stage, won, created, closed) in deals.items()
    ]


def _length(stay: Stay) -> timedelta:
    return (stay.left or stay.entered) - stay.entered
