"""What the dashboard knows about the person at it, from files of theirs: their own keys, and what they typed after `:`."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from rusvel_tui.keymap import Keymap, read_keymap

KEPT = 500
"""Lines of history in the file."""
LONGEST = 500
"""Characters of a line that is kept."""


@dataclass(frozen=True, slots=True)
class Habits:
    """Nothing is read from or written to files that are not named."""

    keymap: Keymap = field(default_factory=Keymap)
    history: Path | None = None
    """Where the lines typed after `:` are kept."""


def habits_of(keymap: Path | None, state: Path | None) -> Habits:
    """From the file of keys and the folder of what a program remembers."""
    return Habits(read_keymap(keymap), state and state / "history.jsonl")


def read_history(path: Path | None) -> list[str]:
    """The lines that were typed, the oldest first; what cannot be read is forgotten."""
    if path is None:
        return []
    try:
        raw = path.read_text(encoding="utf-8", errors="replace").splitlines()[-KEPT:]
    except OSError:
        return []
    lines = []
    for one in raw:
        with suppress(ValueError):
            lines.append(json.loads(one))
    return [line for line in lines if isinstance(line, str)]


def keep_history(path: Path | None, lines: Sequence[str]) -> None:
    """Add lines to those that other dashboards kept meanwhile; a disk that refuses costs the memory, never the work."""
    new = [line for line in lines if is_harmless(line)]
    if path is None or not new:
        return
    before = [line for line in read_history(path) if line not in new]
    with suppress(OSError):
        _replace(path, [*before, *new][-KEPT:])


def is_harmless(line: str) -> bool:
    """Whether a line may be kept: it is short, and nothing in it looks like a secret."""
    from rusvel_tui.engine.agent.hooks.redacting import redact

    return bool(line) and len(line) <= LONGEST and redact(line) == line


def _replace(path: Path, lines: Sequence[str]) -> None:
    """Write the whole file anew, for its owner alone; whoever reads meanwhile gets the old one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # 0600 by itself
    try:
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.writelines(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink()
        raise
