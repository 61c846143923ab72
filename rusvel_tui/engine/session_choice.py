"""Which session a command works on: the named one, else the active one."""

from __future__ import annotations

from typing import Any

from peewee import fn

from rusvel_tui.engine.errors import NotConfigured, NotFound
from rusvel_tui.engine.models import Session, Setting
from rusvel_tui.engine.models.kept import kept

_ACTIVE = "session.active"


def pick_session(wanted: str | None) -> Session:
    """The named session, else the active one, else the only one; raises when none fits."""
    if wanted:
        found: Session | None = Session.find(wanted) or by_name(wanted)
        if found is None:
            raise NotFound(f"There is no session {wanted!r}. `rusvel session list` shows them.")
        return found
    active = active_id()
    chosen: Session | None = Session.find(active) if active else None
    if chosen is None:
        raise NotConfigured("There is no session yet. Create one: rusvel session create NAME")
    return chosen


def by_name(name: str) -> Session | None:
    """The session of that name, whatever its case."""
    found: Session | None = Session.get_or_none(fn.lower(Session.name) == fn.lower(name))
    return found


def active_id() -> str | None:
    """The workspace that commands work on when none is named."""
    found = _setting(_ACTIVE)
    return str(Setting.value.python_value(found[0][0])) if found else None


@kept
def _setting(key: Any) -> Any:
    return Setting.select(Setting.value).where((Setting.session_id == "") & (Setting.key == key))


def activate(session: Session) -> None:
    """Let commands work on it from now on."""
    Setting.insert(session_id="", key=_ACTIVE, value=session.id).on_conflict_replace().execute()
