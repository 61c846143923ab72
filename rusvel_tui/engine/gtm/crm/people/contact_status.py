"""How far one is with a person: derived from deals, sequences and what was done, never typed."""

from __future__ import annotations

import json
from collections.abc import Collection

from rusvel_tui.engine.gtm.crm.people.contact_moments import TOUCHING
from rusvel_tui.engine.models.base import database

NEW = "new"
_TOUCHED = ", ".join(f"'{kind}'" for kind in TOUCHING)
_SQL = f"""
SELECT one.value, CASE
  WHEN EXISTS (SELECT 1 FROM deal d JOIN pipeline_stage s ON s.session_id = d.session_id AND s.key = d.stage
    WHERE d.contact_id = one.value AND d.deleted_at IS NULL AND s.kind = 'won') THEN 'customer'
  WHEN EXISTS (SELECT 1 FROM deal d WHERE d.contact_id = one.value AND d.deleted_at IS NULL AND d.closed_at IS NULL)
    THEN 'in a deal'
  WHEN EXISTS (SELECT 1 FROM enrollment e WHERE e.contact_id = one.value AND e.status IN ('active', 'paused'))
    THEN 'in a sequence'
  WHEN EXISTS (SELECT 1 FROM activity a WHERE a.contact_id = one.value AND a.status = 'done'
    AND a.deleted_at IS NULL AND a.kind = 'email_in') THEN 'answered'
  WHEN EXISTS (SELECT 1 FROM activity a WHERE a.contact_id = one.value AND a.status = 'done'
    AND a.deleted_at IS NULL AND a.kind IN ({_TOUCHED})) THEN 'contacted'
  ELSE '{NEW}' END
FROM json_each(?) one"""


def statuses(contact_ids: Collection[str]) -> dict[str, str]:
    """`customer`, `in a deal`, `in a sequence`, `answered`, `contacted` or `new`, the first that fits: one query."""
    return dict(database.execute_sql(_SQL, (json.dumps(list(contact_ids)),)).fetchall())
