"""Who a contact is by now that was merged into another one, which may have been merged in its turn."""

from __future__ import annotations

import json
from collections.abc import Iterable

from rusvel_tui.engine.models.base import database

_WAY = """
WITH RECURSIVE way (start, id) AS (
  SELECT value, value FROM json_each(?)
  WHERE value IN (SELECT merged_id FROM contact_merge WHERE undone_at IS NULL)
  UNION SELECT way.start, m.kept_id FROM way JOIN contact_merge m ON m.merged_id = way.id AND m.undone_at IS NULL)
SELECT start, id FROM way WHERE id <> start
  AND NOT EXISTS (SELECT 1 FROM contact_merge m WHERE m.merged_id = way.id AND m.undone_at IS NULL)"""


def successors(ids: Iterable[str]) -> dict[str, str]:
    """The contact that each merged one is now, by the old id; those that were never merged are left out."""
    rows = database.execute_sql(_WAY, (json.dumps(list(ids)),)).fetchall()
    return {str(old): str(new) for old, new in rows}
