"""Which events a hook is for: its pattern and its department; pure."""

from __future__ import annotations

import re
from difflib import get_close_matches
from fnmatch import fnmatchcase

from rusvel_tui.engine.event_kinds import EVENT_KINDS

_GLOB = re.compile(r"[*?\[]")
_PATTERN = re.compile(r"[a-z0-9_.*?\[\]!-]+")


def is_glob(pattern: str) -> bool:
    """Whether the pattern stands for several kinds."""
    return bool(_GLOB.search(pattern))


def concerns(pattern: str, department: str, kind: str) -> bool:
    """Whether a hook of a department, or of all of them, is for an event of this kind.

    A glob is matched as a whole, its `*` also across dots: `gtm.*` is everything about the market.
    """
    if department and kind.partition(".")[0] != department:
        return False
    return fnmatchcase(kind, pattern) if is_glob(pattern) else kind == pattern


def problem(pattern: str) -> str:
    """Why a pattern can never fit; empty when it can."""
    if not _PATTERN.fullmatch(pattern):
        return "An event is named in lower case with dots: gtm.deal.updated, or gtm.deal.* for several."
    if any(concerns(pattern, "", kind) for kind in EVENT_KINDS):
        return ""
    near = get_close_matches(pattern, EVENT_KINDS, n=3)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    return f"No event is called {pattern!r}.{hint}"
