"""Deleting people, one or many at once, and bringing them back: one event, one way back, no query per person."""

from __future__ import annotations

import json
from collections.abc import Sequence

from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import Conflict
from rusvel_tui.engine.gtm.crm.people.choosing import (
    BulkDone,
    ChosenContacts,
    choose,
    end_running,
    many,
)
from rusvel_tui.engine.gtm.crm.people.contact_addresses import OPTED_OUT
from rusvel_tui.engine.gtm.crm.people.contact_inputs import ContactId
from rusvel_tui.engine.gtm.crm.people.people import find_contact, label
from rusvel_tui.engine.models.base import database
from rusvel_tui.engine.operation import Input, View, operation


class Deleted(View):
    """What was deleted."""

    contact_id: str
    name: str


class RestoreContacts(Input):
    """Whom to bring back, and which addresses their opt-outs had put on the suppression list."""

    contact_ids: list[str]
    name: str
    suppressed: list[str]
    deals: list[str] = []
    """The deals that went with them."""


@operation("gtm.crm.delete_contact", writes=True, permission="crm.contacts.manage", human_only=True)
def delete_contact(ctx: Context, cmd: ContactId) -> Deleted:
    """Delete a contact and its deals; its enrollments end and undo brings contact and deals back."""
    contact = find_contact(ctx, cmd.contact_id)
    name = label(contact)
    _delete(ctx, [contact.id], name)
    return Deleted(contact_id=contact.id, name=name)


@operation(
    "gtm.crm.delete_contacts", writes=True, permission="crm.contacts.manage", human_only=True
)
def delete_contacts(ctx: Context, cmd: ChosenContacts) -> BulkDone:
    """Delete many contacts with their deals at once; their enrollments end and undo brings all of them back."""
    ids = choose(ctx, cmd)
    if ids:
        _delete(ctx, ids, many(ids))
    return BulkDone(chosen=len(ids), changed=len(ids))


@operation("gtm.crm.restore_contacts", writes=True, permission="crm.contacts.manage", internal=True)
def restore_contacts(ctx: Context, cmd: RestoreContacts) -> BulkDone:
    """Bring deleted contacts back, unless somebody else has an address of theirs by now."""
    listed = json.dumps(cmd.contact_ids)
    taken = database.execute_sql(_TAKEN, (ctx.session_id, listed)).fetchone()
    if taken:
        raise Conflict(
            f"{taken[0]} belongs to {taken[1] or 'another contact'} already ({taken[2]})."
        )
    values = (ctx.session_id, listed)
    changed = database.execute_sql(_RESTORE, (stamp(ctx.now), *values)).rowcount
    database.execute_sql(_RESTORE_EMAILS, values)
    database.execute_sql(_RESTORE_DEALS, (ctx.session_id, json.dumps(cmd.deals)))
    if cmd.suppressed:
        ctx.require_human("let an address be written to again")
        database.execute_sql(_UNSUPPRESS, (ctx.session_id, json.dumps(cmd.suppressed)))
    again = "gtm.crm.delete_contacts", {"contact_ids": cmd.contact_ids}
    subject = cmd.contact_ids[0] if len(cmd.contact_ids) == 1 else ""
    ctx.record("gtm.contact.restored", subject, {"name": cmd.name}, undo=Inverse(*again))
    return BulkDone(chosen=len(cmd.contact_ids), changed=changed)


def _delete(ctx: Context, ids: Sequence[str], name: str) -> None:
    now, listed = stamp(ctx.now), json.dumps(ids)
    end_running(ctx, "deleted", ids)
    suppressed = keep_all_opt_outs(ctx, ids)
    database.execute_sql(_DELETE, (now, ctx.session_id, listed))
    database.execute_sql(_DELETE_EMAILS, (now, ctx.session_id, listed))
    deals = [row[0] for row in database.execute_sql(_DEALS, (ctx.session_id, listed)).fetchall()]
    database.execute_sql(_DELETE_DEALS, (now, ctx.session_id, json.dumps(deals)))
    back = {"contact_ids": list(ids), "name": name, "suppressed": suppressed, "deals": deals}
    payload = {"name": name} | ({"count": len(ids)} if len(ids) > 1 else {})
    undo = Inverse("gtm.crm.restore_contacts", back)
    ctx.record("gtm.contact.deleted", ids[0] if len(ids) == 1 else "", payload, undo=undo)


def keep_all_opt_outs(ctx: Context, ids: Sequence[str]) -> list[str]:
    """Put the opted-out addresses of these contacts on the suppression list; those that were not there."""
    rows = database.execute_sql(_OPTED_OUT, (ctx.session_id, json.dumps(ids))).fetchall()
    now = stamp(ctx.now)
    entries = [(ctx.session_id, key, OPTED_OUT, now) for (key,) in rows]
    database.connection().executemany(_SUPPRESS, entries)
    if entries:
        name = entries[0][1] if len(entries) == 1 else f"{len(entries)} addresses"
        ctx.record("gtm.suppression.added", "", {"name": name, "reason": OPTED_OUT})
    return [key for (key,) in rows]


# The plus keeps SQLite from walking all rows of the session to find a few.
_CHOSEN = "+session_id = ? AND id IN (SELECT value FROM json_each(?))"
_THEIRS = "+session_id = ? AND contact_id IN (SELECT value FROM json_each(?))"
_DELETE = f"""
UPDATE contact SET deleted_at = ?, version = version + 1 WHERE {_CHOSEN} AND deleted_at IS NULL"""
_DELETE_EMAILS = f"""
UPDATE contact_email SET deleted_at = ? WHERE {_THEIRS} AND deleted_at IS NULL"""
_DEALS = f"SELECT id FROM deal WHERE {_THEIRS} AND deleted_at IS NULL ORDER BY id"
_DELETE_DEALS = f"UPDATE deal SET deleted_at = ? WHERE {_CHOSEN}"
_RESTORE_DEALS = f"UPDATE deal SET deleted_at = NULL WHERE {_CHOSEN}"
_RESTORE = f"""
UPDATE contact SET deleted_at = NULL, version = version + 1, updated_at = ?
WHERE {_CHOSEN} AND deleted_at IS NOT NULL"""
_RESTORE_EMAILS = f"UPDATE contact_email SET deleted_at = NULL WHERE {_THEIRS}"
_UNSUPPRESS = (
    "DELETE FROM suppression WHERE session_id = ? AND key IN (SELECT value FROM json_each(?))"
)
_OPTED_OUT = """
SELECT DISTINCT e.key FROM contact_email e
WHERE +e.session_id = ? AND e.contact_id IN (SELECT value FROM json_each(?))
  AND e.opted_out_at IS NOT NULL AND e.deleted_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM suppression s WHERE s.session_id = e.session_id AND s.key = e.key)"""
_TAKEN = """
SELECT o.address, coalesce(nullif(c.name, ''), c.company), c.id FROM contact_email e
JOIN contact_email o ON o.session_id = e.session_id AND o.key = e.key
  AND o.deleted_at IS NULL AND o.contact_id <> e.contact_id
JOIN contact c ON c.id = o.contact_id
WHERE +e.session_id = ? AND e.contact_id IN (SELECT value FROM json_each(?)) LIMIT 1"""
_SUPPRESS = "INSERT INTO suppression (session_id, key, reason, created_at) VALUES (?, ?, ?, ?)"
