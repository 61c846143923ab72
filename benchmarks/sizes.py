"""The same with much as with little: 100 000 contacts against 100, 3 000 deals against 30."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.data import contacts
from benchmarks.desks import opened
from benchmarks.lines import Line, percentile, ratio
from benchmarks.terminal import Terminal

ROUNDS, KEYS = 5, 40


def lines(folder: Path) -> Iterator[Line]:
    """Goal 4."""
    few, many = contacts(folder, 100, 30), contacts(folder, 100_000, 3_000)
    measures: dict[str, Callable[[Path, Path], float]] = {
        "Contacts opens": partial(opening, key="c"),
        "the board opens": partial(opening, key="d"),
        "key in Contacts, p50": partial(moving, way="gc", part=0.5),
        "key in Contacts, p95": partial(moving, way="gc", part=0.95),
        "key on the board, p50": partial(moving, way="gd", part=0.5),
        "letter of a search": searching,
        "card moves on the board": cards,
    }
    for what, measure in measures.items():
        yield ratio(4, f"{what}, large / small", measure(folder, many), measure(folder, few), 1.3)


def opening(folder: Path, database: Path, key: str) -> float:
    """Milliseconds from the key that opens a page to the end of its first picture."""
    taken = []
    for _ in range(ROUNDS):
        with opened(folder, database, "g") as terminal:
            taken.append(terminal.finish(key.encode()))
    return median(taken)


def moving(folder: Path, database: Path, way: str, part: float) -> float:
    """Milliseconds from `j` to its answer."""
    with opened(folder, database, way) as terminal:
        return percentile([terminal.press(b"j")[0] for _ in range(KEYS)], part)


def searching(folder: Path, database: Path) -> float:
    """Milliseconds from a letter of a search to the end of the picture of what it found; words typed and erased.

    How many there are of a common word is counted once the typing rests, and drawn later: that is not in it.
    """
    with opened(folder, database, "gc/") as terminal:
        letters = [bytes([key]) for _ in range(3) for key in b"family00\x7f\x7f1\x15"]
        return median(terminal.finish(letter, quiet=0.08) for letter in letters)


def cards(folder: Path, database: Path) -> float:
    """Milliseconds from `L` or `H` on the board to the end of the picture with the moved card."""
    with opened(folder, database, "gd") as terminal:
        return median(terminal.finish(key) for _ in range(10) for key in (b"L", b"H"))


def reports(folder: Path, database: Path) -> float:
    """Milliseconds from `R` on the invoices to the end of the picture of ageing, revenue and taxes."""
    with opened(folder, database, "gv") as terminal:
        return median(_reports(terminal) for _ in range(ROUNDS))


def _reports(terminal: Terminal) -> float:
    taken = terminal.finish(b"R")
    terminal.press(b"q")
    terminal.settle()
    return taken
