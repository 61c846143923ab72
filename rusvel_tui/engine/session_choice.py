"""Which session a command works on: the named one, else the active one."""

from __future__ import annotations

from peewee import fn

from rusvel_tui.engine.errors import NotConfigured, NotFound
from rusvel_tui.engine.models import Session, Setting

_ACTIVE = "session.active"


def pick_session(wanted: str | None) -> Session:
    """The named session, else the active one, else the only one; raises when none fits."""
    if wanted:
        found = Session.get_or_none(Session.id == wanted) or by_name(wanted)
        if found is None:
            raise NotFound(f"There is no session {wanted!r}. `rusvel session list` shows them.")
        return found
    active = active_id()
    found = Session.get_or_none(Session.id == active) if active else None
    if found is None:
        raise NotConfigured("There is no session yet. Create one: rusvel session create NAME")
    return found


def by_name(name: str) -> Session | None:
    """The session of that name, whatever its case."""
    found: Session | None = Session.get_or_none(fn.lower(Session.name) == fn.lower(name))
    return found


def active_id() -> str | None:
    """The workspace that commands work on when none is named."""
    row = Setting.get_or_none((Setting.session_id == "") & (Setting.key == _ACTIVE))
    return None if row is None else str(row.value)


def activate(session: Session) -> None:
    """Let commands work on it from now on."""
    Setting.insert(session_id="", key=_ACTIVE, value=session.id).on_conflict_replace().execute()
