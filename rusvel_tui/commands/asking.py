"""What is asked before something large happens on the command line."""

from __future__ import annotations

import sys

from rusvel_tui.commands.desk import Desk
from rusvel_tui.engine.errors import NotPermitted


def agreed(desk: Desk, question: str) -> bool:
    """Whether the person says yes; `--yes` says it before. Raises `NotPermitted` where nobody can be asked."""
    if desk.args.yes:
        return True
    if desk.out.json or not sys.stdin.isatty():
        raise NotPermitted("Nobody can be asked here. Look at it first, then say --yes.")
    desk.out.note(f"{question} [y/N]")
    return sys.stdin.readline().strip().casefold() in ("y", "yes")


def require_owner(desk: Desk, what: str) -> None:
    """Refuse guests: they see what they are granted, never the whole file."""
    if desk.settings().permissions:
        raise NotPermitted(f"A guest cannot {what}: it holds more than what you are granted.")
    if desk.environ.get("RUSVEL_HOOK_RUN"):
        raise NotPermitted(f"A hook cannot {what}. Do it yourself.")
