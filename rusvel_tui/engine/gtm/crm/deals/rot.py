"""Rot: a deal that nobody talked about for longer than its stage allows, while nothing is planned for it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from rusvel_tui.engine.clock import moment, stamp
from rusvel_tui.engine.gtm.crm.deals.next_action import NextAction
from rusvel_tui.engine.gtm.crm.pipelines.stages import StageInfo
from rusvel_tui.engine.gtm.crm.timeline.outcomes import NOBODY_MET
from rusvel_tui.engine.models import Deal
from rusvel_tui.engine.operation import View

_TALK = (
    "a.status = 'done' AND a.kind IN ('call','meeting','email_in') AND a.deleted_at IS NULL"
    " AND a.outcome NOT IN (SELECT value FROM json_each(?))"
)
_TALKS_SQL = f"""
SELECT d.id,
  (SELECT max(a.at) FROM activity a WHERE a.deal_id = d.id AND a.deal_id IS NOT NULL AND {_TALK}),
  (SELECT max(a.at) FROM activity a WHERE a.contact_id = d.contact_id AND a.deal_id IS NULL AND {_TALK})
FROM json_each(?) one JOIN deal d ON d.id = one.value
"""
_COUNT_SQL = f"""
SELECT count(*) FROM deal d JOIN activity a
  ON (a.deal_id = d.id OR (a.contact_id = d.contact_id AND a.deal_id IS NULL)) AND a.at >= ? AND {_TALK}
WHERE d.id = ?
"""


class RotView(View):
    """Whether a deal is left alone for too long, and why or why not."""

    rotting: bool
    quiet_days: int
    """Whole days since the last two-way contact, or since it came into its stage if that is later."""
    limit_days: int | None
    last_talk: datetime | None
    planned: bool
    """The next action is still to come."""
    snoozed_until: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RotFacts:
    """What rot depends on."""

    stage: StageInfo
    since: datetime
    """When the deal came into its stage."""
    talked_at: datetime | None
    """The last call, meeting or mail of theirs."""
    next: NextAction | None
    snoozed_until: str


def last_talks(deal_ids: Iterable[str]) -> dict[str, datetime]:
    """When each of these deals was last talked about with its contact: one query, however many there are."""
    none = json.dumps(NOBODY_MET)
    wanted = json.dumps(list(deal_ids))
    rows = Deal._meta.database.execute_sql(_TALKS_SQL, (none, none, wanted)).fetchall()
    return {deal_id: moment(max(filter(None, at))) for deal_id, *at in rows if any(at)}


def talks_since(deal_id: str, since: datetime) -> int:
    """How often somebody talked about a deal with its contact from then on."""
    values = (stamp(since), json.dumps(NOBODY_MET), deal_id)
    return int(Deal._meta.database.execute_sql(_COUNT_SQL, values).fetchone()[0])


def quiet_days(facts: RotFacts, now: datetime) -> int:
    """Whole days since somebody talked, or since the deal came into its stage if that is later."""
    return max(0, (now - max(facts.since, facts.talked_at or facts.since)).days)


def is_planned(facts: RotFacts, now: datetime, zone: ZoneInfo) -> bool:
    """Whether the next action is still to come; one of today counts until the day is over."""
    due = facts.next.due if facts.next else None
    return due is not None and due.astimezone(zone).date() >= now.astimezone(zone).date()


def is_rotting(facts: RotFacts, now: datetime, zone: ZoneInfo) -> bool:
    """The rule: quiet for longer than the stage allows, nothing planned ahead, and not snoozed."""
    limit = facts.stage.rot_days
    return (
        limit is not None
        and not facts.stage.closed
        and quiet_days(facts, now) > limit
        and not is_planned(facts, now, zone)
        and not _snoozed(facts, now, zone)
    )


def rot_view(facts: RotFacts, now: datetime, zone: ZoneInfo) -> RotView:
    """The answer with its reasons as words."""
    return RotView(
        rotting=is_rotting(facts, now, zone),
        quiet_days=quiet_days(facts, now),
        limit_days=facts.stage.rot_days,
        last_talk=facts.talked_at,
        planned=is_planned(facts, now, zone),
        snoozed_until=facts.snoozed_until if _snoozed(facts, now, zone) else "",
        reasons=tuple(_reasons(facts, now, zone)),
    )


def _reasons(facts: RotFacts, now: datetime, zone: ZoneInfo) -> Iterable[str]:
    stage = facts.stage
    if stage.closed:
        yield f"It is {stage.name}."
        return
    yield _quiet(facts, now, zone)
    if stage.rot_days is None:
        yield f"{stage.name} has no limit."
    else:
        yield f"{stage.name} allows {stage.rot_days} day{'' if stage.rot_days == 1 else 's'}."
    yield _plan(facts, now, zone)
    if _snoozed(facts, now, zone):
        yield f"Snoozed until {date.fromisoformat(facts.snoozed_until):%d %b %Y}."


def _quiet(facts: RotFacts, now: datetime, zone: ZoneInfo) -> str:
    days = quiet_days(facts, now)
    span = f"{days} day{'' if days == 1 else 's'}"
    if facts.talked_at is not None and facts.talked_at >= facts.since:
        return f"Last talked on {facts.talked_at.astimezone(zone):%d %b %Y}, {span} ago."
    return f"Nobody talked since it came into {facts.stage.name}, {span} ago."


def _plan(facts: RotFacts, now: datetime, zone: ZoneInfo) -> str:
    if facts.next is None:
        return "No next action."
    if facts.next.due is None:
        return f"Next: {facts.next.subject}, on no day."
    words = "Next" if is_planned(facts, now, zone) else "Overdue"
    return f"{words}: {facts.next.subject}, {facts.next.due.astimezone(zone):%d %b %Y}."


def _snoozed(facts: RotFacts, now: datetime, zone: ZoneInfo) -> bool:
    return facts.snoozed_until > now.astimezone(zone).date().isoformat()
