"""Key to change: a list and the board, against a program that only echoes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.data import contacts
from benchmarks.desks import environment, opened
from benchmarks.lines import Line, percentile
from benchmarks.terminal import Terminal

KEYS = 60


def lines(folder: Path) -> Iterator[Line]:
    """Goal 3."""
    database = contacts(folder, 100_000, 3_000)
    with Terminal([sys.executable, "-m", "benchmarks.echo"], environment(folder)) as terminal:
        terminal.wait_for("ready")
        floor = median(terminal.press(b"x")[0] for _ in range(KEYS))
    limits = {"list": ("gc", 3, 5, 600), "board": ("gd", 4, 6, 1000)}
    for name, (way, middle, slow, size) in limits.items():
        with opened(folder, database, way) as terminal:
            answers = [terminal.press(b"j") for _ in range(KEYS)]
        times = [taken for taken, _ in answers]
        for part, limit, value in (
            ("p50", middle, median(times)),
            ("p95", slow, percentile(times, 0.95)),
        ):
            more = f"{value / floor:.0f} x an echo of {floor:.1f}"
            yield Line(3, f"key on the {name}, {part}, ms", value, limit, more=more)
        yield Line(3, f"bytes per key on the {name}", median(n for _, n in answers), size)
