"""Visits of tabs: the first builds the page, the second only shows it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.data import contacts
from benchmarks.desks import opened
from benchmarks.lines import Line
from rusvel_tui.screens import PAGES

VISITS = 5


def lines(folder: Path) -> Iterator[Line]:
    """Goal 5: settled, from the letter after `g` to the last byte of the picture; the middle and the slowest of all tabs."""
    letters = {entry.title: entry.letter for entry in PAGES if entry.tab}
    first: dict[str, float] = {}
    again: dict[str, list[float]] = {name: [] for name in letters}
    with opened(folder, contacts(folder, 100_000, 3_000)) as terminal:
        for visit in range(VISITS):
            for name, letter in [*letters.items()][1:] + [*letters.items()][:1]:
                terminal.press(b"g")
                terminal.settle(0.1)
                taken = terminal.finish(letter.encode())
                if visit:
                    again[name].append(taken)
                elif name != "Today":
                    first[name] = taken
    slowest = max(first, key=lambda name: first[name])
    yield Line(5, "first visit of a tab, ms", median(first.values()), 130)
    yield Line(5, "first visit of the slowest tab, ms", first[slowest], 130, more=slowest)
    middle = {name: median(times) for name, times in again.items()}
    slowest = max(middle, key=lambda name: middle[name])
    yield Line(5, "second visit of a tab, ms", median(middle.values()), 20)
    yield Line(5, "second visit of the slowest tab, ms", middle[slowest], 20, more=slowest)
