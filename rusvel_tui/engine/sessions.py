"""Sessions: the workspaces. Every contact, deal and mail belongs to one."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from rusvel_tui.engine import clock
from rusvel_tui.engine.conflicts import require_version
from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import Conflict, InvalidInput
from rusvel_tui.engine.models import Session
from rusvel_tui.engine.money import currency_code
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.session_choice import activate, active_id, by_name, pick_session
from rusvel_tui.engine.text import one_line


class SessionView(View):
    """A workspace."""

    session_id: str
    name: str
    currency: str
    timezone: str
    sender_name: str
    sender_email: str
    version: int
    created_at: datetime


class SessionList(View):
    """All workspaces, the active one named."""

    items: tuple[SessionView, ...]
    active: str | None


class CreateSession(Input):
    """A new workspace."""

    name: str
    currency: str = "EUR"
    """ISO 4217 code of the money you sell in."""
    timezone: str = "UTC"
    """IANA name, such as Europe/Berlin."""
    sender_name: str = ""
    sender_email: str = ""


class UpdateSession(Input):
    """Changes to the active workspace; what is left out stays."""

    name: str | None = None
    currency: str | None = None
    timezone: str | None = None
    sender_name: str | None = None
    sender_email: str | None = None
    version: int | None = None
    """The version you saw; a newer one is a conflict."""


class UseSession(Input):
    """Which workspace is the active one."""

    name: str = Field(min_length=1)


class ListSessions(Input):
    """Nothing to say."""


@operation("session.create", writes=True, permission="sessions.manage")
def create_session(ctx: Context, cmd: CreateSession) -> SessionView:
    """Create a workspace and make it the active one."""
    from rusvel_tui.engine.gtm.crm.pipelines.stages import start_pipeline
    from rusvel_tui.engine.gtm.senders.identity import start_senders

    name, address = _sender(cmd.sender_name, cmd.sender_email)
    values = _clean(cmd.name, cmd.currency, cmd.timezone)
    if by_name(values["name"]) is not None:
        raise Conflict(
            f"There is a session {values['name']!r} already. Use it: rusvel session use {values['name']}"
        )
    session = Session.create(id=ctx.new_id(), created_at=ctx.now, updated_at=ctx.now, **values)
    start_pipeline(session.id, ctx.now)
    start_senders(session.id, name, address, ctx.now)
    activate(session)
    ctx.record("session.created", session.id, {"name": session.name}, session_id=session.id)
    return view(session)


@operation("session.list", permission="sessions.read")
def list_sessions(ctx: Context, cmd: ListSessions) -> SessionList:
    """List the workspaces."""
    rows = Session.select().order_by(Session.name)
    active = active_id()
    return SessionList(items=tuple(view(row) for row in rows), active=active)


@operation("session.use", writes=True, permission="sessions.manage")
def use_session(ctx: Context, cmd: UseSession) -> SessionView:
    """Make a workspace the active one."""
    session = pick_session(cmd.name)
    activate(session)
    ctx.record("session.used", session.id, {"name": session.name}, session_id=session.id)
    return view(session)


@operation("session.show", permission="sessions.read")
def show_session(ctx: Context, cmd: ListSessions) -> SessionView:
    """Show the workspace that commands work on."""
    return view(ctx.session)


@operation("session.update", writes=True, permission="sessions.manage")
def update_session(ctx: Context, cmd: UpdateSession) -> SessionView:
    """Change the name, the money, the time zone or the sender of the workspace."""
    session = ctx.session
    require_version(cmd.version, session.version, f"The session {session.name!r}")
    before = {name: getattr(session, name) for name in _FIELDS}
    wanted = before | {name: value for name in _FIELDS if (value := getattr(cmd, name)) is not None}
    values = _clean(**wanted)
    sender = _update_sender(ctx, cmd)
    other = by_name(values["name"])
    if other is not None and other.id != session.id:
        raise Conflict(f"There is a session {values['name']!r} already.")
    for name, value in values.items():
        setattr(session, name, value)
    session.version += 1
    session.updated_at = ctx.now
    session.save()
    inverse = Inverse(
        "session.update", before | sender | {"session_id": session.id, "version": session.version}
    )
    ctx.record("session.updated", session.id, values, undo=inverse)
    return view(session)


_FIELDS = ("name", "currency", "timezone")


def _update_sender(ctx: Context, cmd: UpdateSession) -> dict[str, str]:
    """Give the default sender its new name and address; how it was, as input."""
    from rusvel_tui.engine.gtm.senders.identity import default_sender
    from rusvel_tui.engine.gtm.senders.keeping import change_sender

    row = default_sender(ctx.session_id)
    before = {"sender_name": row.name, "sender_email": row.address}
    wanted = {"name": cmd.sender_name, "address": cmd.sender_email}
    given = {name: value for name, value in wanted.items() if value is not None}
    name, address = _sender(given.get("name", row.name), given.get("address", row.address))
    if (name, address) == (row.name, row.address):
        return {}
    change_sender(ctx, row, name=name, address=address)
    return before


def view(session: Session) -> SessionView:
    from rusvel_tui.engine.gtm.senders.identity import default_sender

    sender = default_sender(session.id)
    return SessionView(
        session_id=session.id,
        name=session.name,
        currency=session.currency,
        timezone=session.timezone,
        sender_name=sender.name,
        sender_email=sender.address,
        version=session.version,
        created_at=session.created_at,
    )


def _clean(name: str, currency: str, timezone: str) -> dict[str, str]:
    clean_name = one_line(name)
    if not clean_name or len(clean_name) > 80:
        raise InvalidInput("A session needs a name of 1 to 80 characters.", field="name")
    clock.zone(timezone)
    return {
        "name": clean_name,
        "currency": currency_code(currency),
        "timezone": timezone,
    }


def _sender(name: str, address: str) -> tuple[str, str]:
    from rusvel_tui.engine.gtm.senders.identity import clean_address, clean_name

    return clean_name(name, "sender_name"), clean_address(address, "sender_email")
