"""When people were last in touch, derived from what was done: nothing else keeps it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from peewee import fn

from rusvel_tui.engine.gtm.crm.outcomes import NOBODY_MET
from rusvel_tui.engine.models import Activity
from rusvel_tui.engine.models.base import tuples

_TOUCHING = ("email_out", "email_in", "call", "meeting")


def touches() -> Any:
    """Which activities count as contact: a mail either way, a call, also one that nobody answered, a meeting."""
    return _done() & Activity.kind.in_(_TOUCHING)


def answers() -> Any:
    """Which activities have the other side in them: a mail of theirs, a call or a meeting in which they were met."""
    return (
        _done()
        & Activity.kind.in_(("email_in", "call", "meeting"))
        & Activity.outcome.not_in(NOBODY_MET)
    )


def last_contacted(contact_ids: Collection[str]) -> dict[str, datetime]:
    """When each of these contacts was last written to, called or met; who never was is left out."""
    return _latest(Activity.contact_id, contact_ids, touches())


def last_replied(contact_ids: Collection[str]) -> dict[str, datetime]:
    """When each of these contacts last wrote or spoke to us; who never did is left out."""
    return _latest(Activity.contact_id, contact_ids, answers())


def last_deal_reply(deal_ids: Collection[str]) -> dict[str, datetime]:
    """The same for what was done about these deals."""
    return _latest(Activity.deal_id, deal_ids, answers())


def _done() -> Any:
    return (Activity.status == "done") & Activity.deleted_at.is_null()


def _latest(column: Any, ids: Collection[str], which: Any) -> dict[str, datetime]:
    query = Activity.select(column, fn.MAX(Activity.at)).where(column.in_(list(ids)) & which)
    return {key: Activity.at.python_value(at) for key, at in tuples(query.group_by(column))}
