"""Finding in the engine alone: each letter of a search, filters, and the search over everything, in ms."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.data import contacts, open_engine
from benchmarks.lines import Line, milliseconds
from rusvel_tui.engine.gtm.crm.finding.search import Search, search
from rusvel_tui.engine.gtm.crm.people.contact_list import ContactWindow, contact_rows

TYPED = ("family09999", "person12 firm", "p99999@firm", "zz")
"""What is typed letter by letter: one person, many in no order, an address, nobody."""
FILTERS = ("name:family0999", "-has:phone created<1y", 'company="firm 77"', "no:last")
ROUNDS = 5


def lines(folder: Path) -> Iterator[Line]:
    """Goal 6."""
    path = contacts(folder, 100_000, 3_000)
    yield Line(6, "slowest letter of a search, engine, ms", letters(path), 10)
    yield Line(6, "slowest filter of some, engine, ms", filters(path), 10)
    yield Line(6, "slowest word in everything, engine, ms", everything(path), 10)


def letters(path: Path) -> float:
    """The slowest letter of a search as it is typed, each the median of some rounds."""
    engine = open_engine(path)
    with engine.connected():
        times = [
            milliseconds(
                partial(engine.run, contact_rows, ContactWindow(query=text, count=100)), ROUNDS
            )
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
            milliseconds(
                partial(engine.run, contact_rows, ContactWindow(filter=text, count=100)), ROUNDS
            )
            for text in FILTERS
        ]
    engine.close()
    return max(times)


def everything(path: Path) -> float:
    """The slowest word of a search over all kinds."""
    engine = open_engine(path)
    with engine.connected():
        times = [milliseconds(partial(engine.run, search, Search(query=text))) for text in TYPED]
    engine.close()
    return max(times)
