"""The dashboard in a terminal of its own, over a database of a benchmark."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.data import TASK
from benchmarks.terminal import Terminal


def environment(home: Path) -> dict[str, str]:
    """A clean terminal without anybody's settings."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("RUSVEL_", "ANTHROPIC_"))
    }
    return kept | {
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
        "XDG_STATE_HOME": str(home),
        "RUSVEL_BACKUP_DAYS": "0",
    }


def dashboard(database: Path) -> list[str]:
    return [sys.executable, "-m", "rusvel_tui", "--db", str(database)]


@contextmanager
def opened(
    folder: Path, database: Path, keys: str = "", more: dict[str, str] | None = None
) -> Iterator[Terminal]:
    """The dashboard at rest on Today, or where these keys lead."""
    with Terminal(dashboard(database), environment(folder) | (more or {})) as terminal:
        terminal.wait_for(TASK)
        terminal.settle(1.0)
        for key in keys:
            terminal.press(key.encode())
        terminal.settle(0.5)
        yield terminal
