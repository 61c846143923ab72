"""Which contacts a change of many is about."""

from __future__ import annotations

import json
from collections.abc import Sequence

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.people.contact_inputs import Texts
from rusvel_tui.engine.models.base import database
from rusvel_tui.engine.operation import Input, View


class ChosenContacts(Input):
    """Some contacts, by their ids or by a filter."""

    contact_ids: Texts = ()
    filter: str = ""
    """A filter line such as `tag:fair -tag:vip`; instead of ids."""


class BulkDone(View):
    """How many contacts were meant, and how many changed by it."""

    chosen: int
    changed: int


def choose(ctx: Context, cmd: ChosenContacts) -> list[str]:
    """The living contacts of the session that are meant; ids of others are left out."""
    if bool(cmd.contact_ids) == bool(cmd.filter):
        raise InvalidInput("Name the contacts by ids, or by a filter.", field="contact_ids")
    if cmd.filter:
        from rusvel_tui.engine.gtm.crm.finding.filtering import contact_ids_where

        return contact_ids_where(ctx, cmd.filter)
    values = (ctx.session_id, json.dumps(cmd.contact_ids))
    return [row[0] for row in database.execute_sql(_LIVING, values).fetchall()]


def end_running(ctx: Context, reason: str, ids: Sequence[str]) -> int:
    """End the running enrollments of these contacts; how many people had one."""
    from rusvel_tui.engine.gtm.outreach.enrolling.lifecycle import end_enrollments

    rows = database.execute_sql(_RUNNING, (ctx.session_id, json.dumps(ids))).fetchall()
    for (contact_id,) in rows:
        end_enrollments(ctx, reason, contact_id=contact_id)
    return len(rows)


def many(ids: Sequence[str]) -> str:
    """How many people, for the log."""
    return "1 contact" if len(ids) == 1 else f"{len(ids)} contacts"


# The plus keeps SQLite from walking all rows of the session to find a few.
_LIVING = """
SELECT id FROM contact WHERE +session_id = ? AND deleted_at IS NULL
  AND id IN (SELECT value FROM json_each(?)) ORDER BY sort_name, id"""
_RUNNING = """
SELECT DISTINCT contact_id FROM enrollment WHERE +session_id = ? AND status IN ('active', 'paused')
  AND contact_id IN (SELECT value FROM json_each(?)) ORDER BY contact_id"""
