"""Processes of this machine, as /proc shows them: who has a desk open, and who started it."""

from __future__ import annotations

import os
from pathlib import Path


def desks(path: Path) -> list[int]:
    """The processes of this machine that have a desk open on that file, by their own command lines."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().split(b"\0")
        except OSError:  # it has just ended
            continue
        if Path(os.fsdecode(words[0])).name.startswith("python") and os.fsencode(path) in words:
            found.append(int(entry.parent.name))
    return sorted(found)


def parent(pid: int) -> int:
    """Who started that process."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(") ")[2].split()
    return int(fields[1])
