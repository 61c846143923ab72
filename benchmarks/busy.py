"""Keys while a worker sends and while an import runs, in one dashboard, against keys at rest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks import sending
from benchmarks.data import contacts, people
from benchmarks.desks import opened
from benchmarks.lines import Line, percentile, ratio
from benchmarks.streaming import LETTERS, typing
from benchmarks.terminal import Terminal

MAILS = 400


def lines(folder: Path) -> Iterator[Line]:
    """Goal 12, its second and third part; `streaming` is the first."""
    with opened(folder, contacts(folder, 100, 30)) as terminal:
        rest = _letters(terminal)
        start = f":gtm.crm.import_contacts path={people(folder, 50_000)}"
        terminal.write(start.encode())
        terminal.settle(0.5)
        terminal.write(b"\r")
        busy = _letters(terminal)
    yield from _compared("an import runs", rest, busy)
    with sending.sink(pipelining=False, delay=0.02) as port:
        desk = sending.approved(folder / "busy.db", MAILS)
        server = {"RUSVEL_SMTP_HOST": "127.0.0.1", "RUSVEL_SMTP_PORT": str(port)}
        with opened(folder, desk, more=server) as terminal:
            busy = _letters(terminal)
    yield from _compared("a worker sends", rest, busy)


def _letters(terminal: Terminal) -> list[float]:
    """Milliseconds from letters of a search to their picture."""
    terminal.write(b":")
    terminal.settle(0.1)
    times = typing(terminal, LETTERS)
    terminal.write(b"\x1b")
    terminal.settle(0.2)
    return times


def _compared(what: str, rest: list[float], busy: list[float]) -> Iterator[Line]:
    for name, part in (("p50", 0.5), ("p95", 0.95)):
        ours, floor = percentile(busy, part), percentile(rest, part)
        yield ratio(12, f"key while {what} / at rest, {name}", ours, floor, 1.3)
