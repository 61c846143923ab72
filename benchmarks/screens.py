"""Start-up and keys: the dashboard in a real terminal, against an empty Textual app and against itself when small."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from statistics import median

from benchmarks.terminal import Terminal

ROUNDS = 5
KEYS = 40


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
    }


def dashboard(database: Path) -> list[str]:
    return [sys.executable, "-m", "rusvel_tui", "--db", str(database)]


def start_up(folder: Path, small: Path) -> tuple[float, float]:
    """First paint of the empty app and of ours, in ms; medians of interleaved rounds."""
    ours, floor = [], []
    for _ in range(ROUNDS):
        with Terminal([sys.executable, "-m", "benchmarks.floors"], environment(folder)) as terminal:
            floor.append(terminal.wait_for("ready"))
        with Terminal(dashboard(small), environment(folder)) as terminal:
            ours.append(terminal.wait_for("Inbox"))
    return median(floor), median(ours)


def contact_keys(folder: Path, database: Path) -> dict[str, float]:
    """Latency and bytes of `j` in the list of contacts, and the memory that the list takes."""
    with Terminal(dashboard(database), environment(folder)) as terminal:
        terminal.wait_for("Inbox")
        terminal.settle()
        for key in (b"g", b"c"):
            terminal.press(key)
        terminal.settle()
        answers = [terminal.press(b"j") for _ in range(KEYS)]
        times = sorted(taken for taken, _ in answers)
        return {
            "p50": median(times),
            "p95": times[int(len(times) * 0.95) - 1],
            "bytes": median(size for _, size in answers),
            "rss": terminal.rss(),
        }


def first_paint(folder: Path, database: Path, key: bytes = b"c") -> float:
    """Milliseconds from the key that opens a page, Contacts unless it is another, to the end of its first picture."""
    taken = []
    for _ in range(ROUNDS):
        with Terminal(dashboard(database), environment(folder)) as terminal:
            terminal.wait_for("Inbox")
            terminal.settle()
            terminal.press(b"g")
            taken.append(terminal.finish(key))
    return median(taken)


def reports(folder: Path, database: Path) -> float:
    """Milliseconds from `R` on the invoices to the end of the picture of ageing, revenue and taxes."""
    with Terminal(dashboard(database), environment(folder)) as terminal:
        _open(terminal, b"gv")
        taken = []
        for _ in range(ROUNDS):
            taken.append(terminal.finish(b"R"))
            terminal.press(b"q")
            terminal.settle()
        return median(taken)


def search(folder: Path, database: Path) -> float:
    """Milliseconds from a letter of a search to the end of the picture of what it found; words typed and erased.

    How many there are of a common word is counted once the typing rests, and drawn later: that is not in it.
    """
    with Terminal(dashboard(database), environment(folder)) as terminal:
        _open(terminal, b"gc")
        terminal.press(b"/")
        terminal.settle()
        return median(
            terminal.finish(bytes([key]), quiet=0.08)
            for _ in range(3)
            for key in b"family00\x7f\x7f1\x15"
        )


def card_move(folder: Path, database: Path) -> float:
    """Milliseconds from `L` or `H` on the board to the end of the picture with the moved card."""
    with Terminal(dashboard(database), environment(folder)) as terminal:
        _open(terminal, b"gd")
        return median(terminal.finish(key) for _ in range(10) for key in (b"L", b"H"))


def _open(terminal: Terminal, keys: bytes) -> None:
    terminal.wait_for("Inbox")
    terminal.settle()
    for key in keys:
        terminal.press(bytes([key]))
    terminal.settle()
