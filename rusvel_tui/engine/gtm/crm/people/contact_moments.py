"""When people were last in touch, derived from what was done: nothing else keeps it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from peewee import fn

from rusvel_tui.engine.models import Activity
from rusvel_tui.engine.models.kept import any_of, kept

TOUCHING = ("email_out", "email_in", "call", "meeting")
"""What counts as contact: a mail either way, a call, also one that nobody answered, a meeting."""


def last_contacted(contact_ids: Collection[str]) -> dict[str, datetime]:
    """When each of these contacts was last written to, called or met; who never was is left out."""
    return {contact_id: Activity.at.python_value(at) for contact_id, at in _last(contact_ids)}


@kept
def _last(contact_ids: Any) -> Any:
    query = Activity.select(Activity.contact_id, fn.MAX(Activity.at)).where(
        any_of(Activity.contact_id, contact_ids)
        & (Activity.status == "done")
        & Activity.deleted_at.is_null()
        & Activity.kind.in_(TOUCHING)
    )
    return query.group_by(Activity.contact_id)
