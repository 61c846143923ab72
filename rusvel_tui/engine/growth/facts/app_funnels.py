"""Funnels that nobody has to fill: the deals on their way to won, and the people of the outreach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from rusvel_tui.engine.clock import moment
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.growth.funnel.attempts import Attempt, Rules
from rusvel_tui.engine.growth.funnel.reading import attempts_of
from rusvel_tui.engine.growth.funnel.steps import SECOND
from rusvel_tui.engine.growth.periods import micros
from rusvel_tui.engine.gtm.crm.pipelines.stages import StageKind, load_stages
from rusvel_tui.engine.models.base import database

Found = tuple[tuple[str, ...], Iterable[Attempt]]
"""The names of the steps, and when each was reached, by deal or person."""
_WINDOW = 2 * 366 * 86_400 * SECOND

_DEALS = """
SELECT d.id, m.to_stage, m.at FROM deal d JOIN stage_move m ON m.deal_id = d.id
  WHERE d.session_id = :session AND d.deleted_at IS NULL
UNION ALL
SELECT d.id, coalesce((SELECT m.from_stage FROM stage_move m WHERE m.deal_id = d.id ORDER BY m.at, m.id LIMIT 1), d.stage),
  d.created_at FROM deal d WHERE d.session_id = :session AND d.deleted_at IS NULL
"""


def deals(ctx: Context) -> Found:
    """The deals of the usual pipeline: who came to a stage was in those before, also when they were passed over."""
    book = load_stages(ctx.session_id)
    pipeline = next(iter(book.pipelines), "")
    stages = [stage for stage in book.living(pipeline) if stage.kind is not StageKind.LOST]
    stages.sort(key=lambda stage: (stage.kind is StageKind.WON, stage.position))
    places = {stage.key: place for place, stage in enumerate(stages)}
    return tuple(stage.name for stage in stages), _ways(ctx, places)


def _ways(ctx: Context, places: dict[str, int]) -> Iterator[Attempt]:
    """When each deal first stood in each stage or in a later one."""
    first: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for deal, stage, at in database.execute_sql(_DEALS, {"session": ctx.session_id}).fetchall():
        place = places.get(stage)
        if place is not None:
            when = micros(moment(at))
            first[deal][place] = min(when, first[deal].get(place, when))
    for reached in first.values():
        last = max(reached)
        yield tuple(
            min(at for place, at in reached.items() if place >= step) for step in range(last + 1)
        )


OUTREACH = ("Enrolled", "Mail sent", "Answered", "Meeting", "Deal won")
_OUTREACH = """
SELECT contact_id, 0 AS step, created_at AS at FROM enrollment WHERE session_id = :session
UNION ALL
SELECT contact_id, 1, sent_at FROM mail
  WHERE session_id = :session AND state = 'sent' AND enrollment_id IS NOT NULL AND sent_at IS NOT NULL
UNION ALL
SELECT contact_id, 2, replied_at FROM enrollment WHERE session_id = :session AND replied_at IS NOT NULL
UNION ALL
SELECT contact_id, 3, at FROM activity
  WHERE session_id = :session AND kind = 'meeting' AND deleted_at IS NULL AND contact_id IS NOT NULL
UNION ALL
SELECT d.contact_id, 4, d.closed_at FROM deal d JOIN pipeline_stage s ON s.session_id = d.session_id AND s.key = d.stage
  WHERE d.session_id = :session AND s.kind = 'won' AND d.deleted_at IS NULL AND d.closed_at IS NOT NULL
ORDER BY 1, 3, 2
"""


def outreach(ctx: Context) -> Found:
    """The people who were enrolled in a sequence, on their way to a won deal."""
    rows = database.execute_sql(_OUTREACH, {"session": ctx.session_id}).fetchall()
    moments = ((person, micros(moment(at)), step) for person, step, at in rows)
    return OUTREACH, attempts_of(moments, Rules(tuple(range(len(OUTREACH))), _WINDOW))


APP_FUNNELS: dict[str, Callable[[Context], Found]] = {"Deals": deals, "Outreach": outreach}
"""All there are, by name; add yours here."""
