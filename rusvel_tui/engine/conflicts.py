"""Two people change the same thing: what only one of them touched is merged, what both changed is shown with both values.

Events that raise a version name it and the fields they changed (`fields`, `version` in their payload). When a version in
between has no such event, every field counts as changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Clash, Conflict
from rusvel_tui.engine.models import Event
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.text import one_line


def refuse_clash(
    ctx: Context,
    subject_id: str,
    what: str,
    versions: tuple[int | None, int],
    theirs: Mapping[str, Any],
    yours: Mapping[str, Any],
) -> None:
    """Raise `Conflict` when a field of yours was changed since the version you saw, be it to the same value.

    `versions` are the one you saw and the one there is; `theirs` holds what the fields of yours are now.
    """
    seen, current = versions
    if seen is None or seen == current:
        return
    changed = _changed_since(ctx, subject_id, seen, current)
    clashes = tuple(
        Clash(name, theirs.get(name), value)
        for name, value in yours.items()
        if (theirs.get(name) != value if changed is None else name in changed)
    )
    if clashes or seen > current:
        raise Conflict(_told(what, seen, current, clashes), fields=clashes)


def _changed_since(ctx: Context, subject_id: str, seen: int, current: int) -> set[str] | None:
    """The fields that changed after that version; None when nobody can tell."""
    query = Event.select(Event.payload).where(
        (Event.session_id == ctx.session_id) & (Event.subject_id == subject_id)
    )
    names: dict[int, list[str]] = {}
    for (payload,) in tuples(query):
        version = payload.get("version", 0)
        if version > seen:
            names[version] = payload.get("fields", [])
    if not names or set(names) != set(range(seen + 1, current + 1)):
        return None
    return {name for listed in names.values() for name in listed}


def _told(what: str, seen: int, current: int, clashes: tuple[Clash, ...]) -> str:
    head = f"{what} was changed by somebody else (version {current}, you saw {seen})"
    said = "; ".join(map(_both, clashes))
    return f"{head}{': ' if said else ''}{said}. Look at it again."


def _both(clash: Clash) -> str:
    theirs, yours = _quoted(clash.theirs), _quoted(clash.yours)
    return f"{clash.field} is now {theirs}, " + (
        "as yours" if theirs == yours else f"yours is {yours}"
    )


def _quoted(value: Any) -> str:
    """A value as a few words of one line."""
    text = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
    text = one_line(text)
    return f"“{text if len(text) <= 60 else text[:59] + '…'}”" if text else "empty"


def require_version(seen: int | None, current: int, what: str) -> None:
    """Refuse a change to something that changed since the caller read it."""
    if seen is not None and seen != current:
        raise Conflict(
            f"{what} was changed by somebody else (version {current}, you saw {seen}). Look at it again."
        )
