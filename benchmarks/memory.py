"""What the dashboard needs when nobody does anything: memory and processor on Today, with 100 000 contacts."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.data import contacts
from benchmarks.desks import opened
from benchmarks.lines import Line

SECONDS = 15


def lines(folder: Path) -> Iterator[Line]:
    """Goal 2."""
    with opened(folder, contacts(folder, 100_000, 3_000)) as terminal:
        time.sleep(3)  # what begins after the first picture has begun
        terminal.settle(1.0)
        yield Line(2, "memory on Today, 100 000 contacts, MB", terminal.rss(), 60)
        before = terminal.cpu()
        time.sleep(SECONDS)
        spent = terminal.cpu() - before
        yield Line(2, "processor when nobody does anything, %", spent / SECONDS * 100, 0.2)
