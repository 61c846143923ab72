"""The suppression list: addresses and domains that must not be written to, whoever asks."""

from __future__ import annotations

import json
from datetime import datetime

from pydantic import Field

from rusvel_tui.engine.addresses import parse_address
from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import NotFound
from rusvel_tui.engine.gtm.crm.people.choosing import (
    BulkDone,
    ChosenContacts,
    choose,
    end_running,
    many,
)
from rusvel_tui.engine.models import Suppression
from rusvel_tui.engine.models.base import database
from rusvel_tui.engine.operation import Input, PageInput, View, operation
from rusvel_tui.engine.text import one_line

BY_HAND, BOUNCE = "by hand", "bounce"


class Suppress(Input):
    """An address, or a whole domain written as `@example.org`."""

    address: str = Field(min_length=1)
    reason: str = "manual"
    source: str = BY_HAND
    """Where it comes from: `by hand`, `mail`, `bounce`, `import`."""


class Unsuppress(Input):
    """The address or domain as it is listed."""

    address: str


class SuppressContacts(ChosenContacts):
    """Who must not be written to any more, and why."""

    reason: str = "manual"


class UnsuppressAddresses(Input):
    """Many entries at once."""

    addresses: list[str]
    reason: str


class SuppressionView(View):
    """One entry."""

    address: str
    reason: str
    source: str
    created_at: datetime


class SuppressionPage(View):
    """A part of the list."""

    items: tuple[SuppressionView, ...]
    next: str | None


@operation("gtm.crm.suppress", writes=True, permission="crm.contacts.manage")
def suppress(ctx: Context, cmd: Suppress) -> SuppressionView:
    """Put an address or a domain on the suppression list; running enrollments of it end.

    A bounce is no objection: what it means for an enrollment, a branch perhaps, is followed where it is recorded.
    """
    key = suppression_key(cmd.address)
    reason = one_line(cmd.reason) or "manual"
    old = Suppression.get_or_none(
        (Suppression.session_id == ctx.session_id) & (Suppression.key == key)
    )
    if old is not None:
        return _view(old)
    row = Suppression.create(
        session_id=ctx.session_id,
        key=key,
        reason=reason,
        source=one_line(cmd.source),
        created_at=ctx.now,
    )
    undo = Inverse("gtm.crm.unsuppress", {"address": key})
    ctx.record("gtm.suppression.added", "", {"name": key, "reason": reason}, undo=undo)
    if row.source != BOUNCE:
        end_running(ctx, "unsubscribed", _holders(ctx, key))
    return _view(row)


def _holders(ctx: Context, key: str) -> list[str]:
    """The contacts with that address, or with one at that domain."""
    query = _AT_DOMAIN if key.startswith("@") else _OF_ADDRESS
    people = database.execute_sql(query, (ctx.session_id, key.removeprefix("@"))).fetchall()
    return [contact_id for (contact_id,) in people]


@operation("gtm.crm.suppress_contacts", writes=True, permission="crm.contacts.manage")
def suppress_contacts(ctx: Context, cmd: SuppressContacts) -> BulkDone:
    """Put all addresses of many contacts on the suppression list at once; their enrollments end."""
    ids = choose(ctx, cmd)
    reason, now = one_line(cmd.reason) or "manual", stamp(ctx.now)
    rows = database.execute_sql(_REACHABLE, (ctx.session_id, json.dumps(ids))).fetchall()
    keys = sorted({key for key, _ in rows})
    entries = ((ctx.session_id, key, reason, now) for key in keys)
    database.connection().executemany(_ADD, entries)
    if keys:
        undo = Inverse("gtm.crm.unsuppress_addresses", {"addresses": keys, "reason": reason})
        said = {"name": many(ids), "reason": reason, "count": len(keys)}
        ctx.record("gtm.suppression.added", "", said, undo=undo)
    end_running(ctx, "unsubscribed", ids)
    return BulkDone(chosen=len(ids), changed=len({contact_id for _, contact_id in rows}))


@operation(
    "gtm.crm.unsuppress_addresses", writes=True, permission="crm.contacts.manage", internal=True
)
def unsuppress_addresses(ctx: Context, cmd: UnsuppressAddresses) -> BulkDone:
    """Take many addresses off the suppression list; a person must ask for it."""
    ctx.require_human("let an address be written to again")
    values = (ctx.session_id, json.dumps(cmd.addresses))
    changed = database.execute_sql(_REMOVE, values).rowcount
    name = f"{len(cmd.addresses)} addresses"
    undo = Inverse("gtm.crm.suppress_addresses", cmd.model_dump(include={"addresses", "reason"}))
    ctx.record("gtm.suppression.removed", "", {"name": name}, undo=undo)
    return BulkDone(chosen=len(cmd.addresses), changed=changed)


@operation(
    "gtm.crm.suppress_addresses", writes=True, permission="crm.contacts.manage", internal=True
)
def suppress_addresses(ctx: Context, cmd: UnsuppressAddresses) -> BulkDone:
    """Put many addresses on the suppression list again."""
    entries = ((ctx.session_id, key, cmd.reason, stamp(ctx.now)) for key in cmd.addresses)
    database.connection().executemany(_ADD, entries)
    name = f"{len(cmd.addresses)} addresses"
    undo = Inverse("gtm.crm.unsuppress_addresses", cmd.model_dump(include={"addresses", "reason"}))
    ctx.record("gtm.suppression.added", "", {"name": name, "reason": cmd.reason}, undo=undo)
    return BulkDone(chosen=len(cmd.addresses), changed=len(cmd.addresses))


@operation("gtm.crm.unsuppress", writes=True, permission="crm.contacts.manage", human_only=True)
def unsuppress(ctx: Context, cmd: Unsuppress) -> SuppressionView:
    """Take an address or a domain off the suppression list."""
    key = suppression_key(cmd.address)
    row = Suppression.get_or_none(
        (Suppression.session_id == ctx.session_id) & (Suppression.key == key)
    )
    if row is None:
        raise NotFound(f"{key} is not on the suppression list.")
    Suppression.delete().where(
        (Suppression.session_id == ctx.session_id) & (Suppression.key == key)
    ).execute()
    undo = Inverse("gtm.crm.suppress", {"address": key, "reason": row.reason})
    ctx.record("gtm.suppression.removed", "", {"name": key}, undo=undo)
    return _view(row)


@operation("gtm.crm.list_suppressed", permission="crm.contacts.read")
def list_suppressed(ctx: Context, cmd: PageInput) -> SuppressionPage:
    """List who must not be written to."""
    query = (
        Suppression.select()
        .where(Suppression.session_id == ctx.session_id)
        .order_by(Suppression.key)
    )
    if cmd.cursor:
        query = query.where(Suppression.key > cmd.cursor)
    rows = list(query.limit(cmd.limit + 1))
    more = len(rows) > cmd.limit
    rows = rows[: cmd.limit]
    return SuppressionPage(items=tuple(map(_view, rows)), next=rows[-1].key if more else None)


def suppression_key(text: str) -> str:
    """The stored form: an address in lower case, or `@domain`."""
    bare = text.strip()
    if bare.startswith("@"):
        return "@" + parse_address(f"postmaster{bare}").domain
    return parse_address(bare).key


_OF_ADDRESS = """
SELECT contact_id FROM contact_email WHERE session_id = ? AND key = ? AND deleted_at IS NULL"""
_AT_DOMAIN = """
SELECT DISTINCT contact_id FROM contact_email
WHERE session_id = ? AND substr(key, instr(key, '@') + 1) = ? AND deleted_at IS NULL"""
_REACHABLE = """
SELECT e.key, e.contact_id FROM contact_email e
WHERE +e.session_id = ? AND e.contact_id IN (SELECT value FROM json_each(?)) AND e.deleted_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM suppression s WHERE s.session_id = e.session_id AND s.key = e.key)"""
_ADD = "INSERT INTO suppression (session_id, key, reason, created_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
_REMOVE = "DELETE FROM suppression WHERE session_id = ? AND key IN (SELECT value FROM json_each(?))"


def _view(row: Suppression) -> SuppressionView:
    return SuppressionView(
        address=row.key, reason=row.reason, source=row.source, created_at=row.created_at
    )
