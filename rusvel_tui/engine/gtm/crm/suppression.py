"""The suppression list: addresses and domains that must not be written to, whoever asks."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from rusvel_tui.engine.addresses import parse_address
from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import NotFound
from rusvel_tui.engine.gtm.outreach.lifecycle import end_enrollments
from rusvel_tui.engine.models import ContactEmail, Suppression
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.operation import Input, PageInput, View, operation
from rusvel_tui.engine.text import one_line


class Suppress(Input):
    """An address, or a whole domain written as `@example.org`."""

    address: str = Field(min_length=1)
    reason: str = "manual"


class Unsuppress(Input):
    """The address or domain as it is listed."""

    address: str


class SuppressionView(View):
    """One entry."""

    address: str
    reason: str
    created_at: datetime


class SuppressionPage(View):
    """A part of the list."""

    items: tuple[SuppressionView, ...]
    next: str | None


@operation("gtm.crm.suppress", writes=True, permission="crm.contacts.manage")
def suppress(ctx: Context, cmd: Suppress) -> SuppressionView:
    """Put an address or a domain on the suppression list; running enrollments of it end."""
    key = suppression_key(cmd.address)
    reason = one_line(cmd.reason) or "manual"
    old = Suppression.get_or_none(
        (Suppression.session_id == ctx.session_id) & (Suppression.key == key)
    )
    if old is not None:
        return _view(old)
    row = Suppression.create(session_id=ctx.session_id, key=key, reason=reason, created_at=ctx.now)
    undo = Inverse("gtm.crm.unsuppress", {"address": key})
    ctx.record("gtm.suppression.added", "", {"name": key, "reason": reason}, undo=undo)
    emails = ContactEmail.select(ContactEmail.contact_id).where(
        (ContactEmail.session_id == ctx.session_id)
        & (ContactEmail.key.endswith(key) if key.startswith("@") else ContactEmail.key == key)
    )
    for (contact_id,) in tuples(emails.distinct()):
        end_enrollments(ctx, "unsubscribed", contact_id=contact_id)
    return _view(row)


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


def _view(row: Suppression) -> SuppressionView:
    return SuppressionView(address=row.key, reason=row.reason, created_at=row.created_at)
