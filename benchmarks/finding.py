"""Finding in the engine alone: each letter of a search, filters, and the search over everything, in ms."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.data import open_engine
from rusvel_tui.engine.gtm.crm.finding.search import Search, search
from rusvel_tui.engine.gtm.crm.people.contact_list import ContactWindow, contact_rows

TYPED = ("family09999", "person12 firm", "p99999@firm", "zz")
"""What is typed letter by letter: one person, many in no order, an address, nobody."""
FILTERS = ("name:family0999", "-has:phone created<1y", 'company="firm 77"', "no:last")
ROUNDS = 5


def letters(path: Path) -> float:
    """The slowest letter of a search as it is typed, each the median of some rounds."""
    engine = open_engine(path)
    with engine.connected():
        times = [
            _median(partial(engine.run, contact_rows, ContactWindow(query=text, count=100)))
            for word in TYPED
            for text in (word[: end + 1] for end in range(len(word)))
        ]
    engine.close()
    return max(times)


def filters(path: Path) -> float:
    """The slowest of some filters, as a window of the list."""
    engine = open_engine(path)
    with engine.connected():
        times = [
            _median(partial(engine.run, contact_rows, ContactWindow(filter=text, count=100)))
            for text in FILTERS
        ]
    engine.close()
    return max(times)


def everything(path: Path) -> float:
    """The slowest word of a search over all kinds."""
    engine = open_engine(path)
    with engine.connected():
        times = [_median(partial(engine.run, search, Search(query=text))) for text in TYPED]
    engine.close()
    return max(times)


def _median(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return median(taken)
