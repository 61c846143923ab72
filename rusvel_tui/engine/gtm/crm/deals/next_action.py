"""What is to be done next for a deal: its earliest open task, call or meeting, else its contact's."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from rusvel_tui.engine.clock import moment
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.crm.timeline.activity_views import ActivityKind
from rusvel_tui.engine.models import Activity, Deal
from rusvel_tui.engine.operation import View

_OPEN = "a.status = 'open' AND a.deleted_at IS NULL AND a.kind IN ('task','call','meeting')"
_NEXT_SQL = f"""
SELECT * FROM (
SELECT d.id, 'deal' AS source, a.id, a.kind, a.subject, a.due_at AS due
  FROM json_each(?) one JOIN deal d ON d.id = one.value JOIN activity a ON a.deal_id = d.id AND {_OPEN}
UNION ALL
SELECT d.id, 'contact', a.id, a.kind, a.subject, a.due_at
  FROM json_each(?) one JOIN deal d ON d.id = one.value
  JOIN activity a ON a.contact_id = d.contact_id AND a.deal_id IS NULL AND {_OPEN})
ORDER BY source DESC, due IS NULL, due
"""
_KINDS = {kind.key: kind for kind in ActivityKind}


class NextAction(View):
    """The earliest open thing to do."""

    activity_id: str
    kind: ActivityKind
    subject: str
    due: datetime | None
    of: str
    """`deal`, or `contact` when the deal itself has none and the person has one without a deal."""


def next_actions(ctx: Context, deal_ids: Iterable[str]) -> dict[str, NextAction]:
    """The next action of each of these deals that has one: one query, however many there are."""
    wanted = json.dumps(list(deal_ids))
    rows = Deal._meta.database.execute_sql(_NEXT_SQL, (wanted, wanted)).fetchall()
    found: dict[str, NextAction] = {}
    for deal_id, source, activity_id, kind, subject, due in rows:
        if deal_id not in found:
            found[deal_id] = NextAction.model_construct(
                activity_id=activity_id,
                kind=_KINDS[kind],
                subject=subject,
                due=moment(due) if due else None,
                of=source,
            )
    return found


def has_next_action() -> Any:
    """The condition, for a query over `Deal`, that something is to be done for the deal or its contact."""
    wanted = (
        (Activity.status == "open")
        & Activity.deleted_at.is_null()
        & Activity.kind.in_(("task", "call", "meeting"))
    )
    from peewee import fn

    of_deal = Activity.select(Activity.id).where(wanted & (Activity.deal_id == Deal.id))
    of_contact = Activity.select(Activity.id).where(
        wanted & Activity.deal_id.is_null() & (Activity.contact_id == Deal.contact_id)
    )
    return fn.EXISTS(of_deal) | fn.EXISTS(of_contact)
