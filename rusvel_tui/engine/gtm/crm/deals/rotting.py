"""Which deals of a session are rotting."""

from __future__ import annotations

from rusvel_tui.engine.clock import moment
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.crm.deals.next_action import next_actions
from rusvel_tui.engine.gtm.crm.deals.rot import RotFacts, is_rotting, last_talks
from rusvel_tui.engine.gtm.crm.pipelines.stages import load_stages
from rusvel_tui.engine.models import Deal

_OPEN_SQL = """
SELECT d.id, d.stage, coalesce(d.stage_since, d.created_at), d.snoozed_until
FROM deal d JOIN pipeline_stage s ON s.session_id = d.session_id AND s.key = d.stage AND s.kind = 'open'
WHERE d.session_id = ? AND d.deleted_at IS NULL AND s.rot_days IS NOT NULL
"""


def rotting_ids(ctx: Context) -> list[str]:
    """The ids of the rotting deals: a few statements, however many deals there are."""
    rows = Deal._meta.database.execute_sql(_OPEN_SQL, (ctx.session_id,)).fetchall()
    ids = [row[0] for row in rows]
    book, next_, talks = load_stages(ctx.session_id), next_actions(ctx, ids), last_talks(ids)
    zone = ctx.zone
    return [
        id_
        for id_, stage, since, snoozed in rows
        if is_rotting(
            RotFacts(book.of(stage), moment(since), talks.get(id_), next_.get(id_), snoozed),
            ctx.now,
            zone,
        )
    ]
