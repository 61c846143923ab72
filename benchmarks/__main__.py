"""`make bench`: prints ratios measured in one run, and the goal of each."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import (
    data,
    documents,
    finding,
    growth,
    imports,
    inbox,
    invoices,
    jobs,
    screens,
    sending,
    sequences,
    streaming,
)

IN_ENGINE = {
    "slowest letter of a search": finding.letters,
    "slowest filter of some": finding.filters,
    "slowest word in everything": finding.everything,
}
"""What finding takes without a screen."""

Row = tuple[str, str, str]
Measure = Callable[[Path, Path], float]
COMPARED: dict[str, Measure] = {
    "first paint of Contacts": screens.first_paint,
    "letter of a search": screens.search,
    "card move on the board": screens.card_move,
}
"""What must cost the same with 100 000 contacts and 3 000 deals as with 100 and 10."""

QUEUED: dict[str, Measure] = {
    "next due step of a sequence": sequences.claim,
    "look when nothing is due": sequences.look,
}
"""What must cost the same with 100 000 people on their way as with 100; the second after the first."""


def rows(folder: Path) -> Iterator[Row]:
    """Each line: what, how it came out, and the goal."""
    small, large = data.contacts(folder, 100, 10), data.contacts(folder, 100_000, 3_000)
    floor, ours = screens.start_up(folder, small)
    yield (
        "start to first paint / empty Textual app",
        f"{ours / floor:.2f}  ({ours:.0f} / {floor:.0f} ms)",
        "<= 1.5",
    )
    few, many = screens.contact_keys(folder, small), screens.contact_keys(folder, large)
    yield (
        "key in 100 000 contacts / in 100, p50",
        f"{many['p50'] / few['p50']:.2f}  ({many['p50']:.1f} ms)",
        "<= 1.3",
    )
    yield (
        "key in 100 000 contacts / in 100, p95",
        f"{many['p95'] / few['p95']:.2f}  ({many['p95']:.1f} ms)",
        "<= 1.3",
    )
    yield from _compared(folder, COMPARED, small, large)
    yield from _people(folder, small, large)
    for what, measured in IN_ENGINE.items():
        yield f"{what}, engine, ms", f"{measured(large):.1f}", "<= 10"
    yield "bytes per key in 100 000 contacts", f"{many['bytes']:.0f}", "<= 600"
    yield "memory with 100 000 contacts, MB", f"{many['rss']:.0f}", "<= 60"
    yield from imports.rows(folder)
    yield from growth.rows(folder)
    yield from invoices.rows(folder)
    yield from invoices.rows(folder)
    text, numbers, floor = documents.totals()
    shown = f"{text:.2f}  ({numbers / floor:.0f} times bare decimals)"
    yield f"totals of {documents.LINES} lines from text, ms", shown, "<= 1"
    yield from sending.rows(folder)
    yield from inbox.rows(folder)
    yield from streaming.rows(folder)
    drafts, commits = jobs.drafts_per_second(folder), jobs.commits_per_second(folder)
    share = drafts * jobs.COMMITS_PER_DRAFT / commits
    yield "commits of drafting / of raw sqlite3", f"{share:.2f}  ({drafts:.0f} jobs/s)", ">= 0.33"


def _compared(
    folder: Path, measures: dict[str, Measure], small: Path, large: Path
) -> Iterator[Row]:
    for what, measure in measures.items():
        few_ms, many_ms = measure(folder, small), measure(folder, large)
        shown = f"{many_ms / few_ms:.2f}  ({many_ms:.1f} / {few_ms:.1f} ms)"
        yield f"{what}, large / small", shown, "<= 1.3"


def _people(folder: Path, small: Path, large: Path) -> Iterator[Row]:
    """Everybody on the way through a sequence."""
    few, many = (sequences.enrolled(folder, desk) for desk in (small, large))
    yield from _compared(folder, QUEUED, few, many)
    yield "plan of 30 days, 100 000 people, ms", f"{sequences.plan(folder, many):.0f}", "<= 3000"
    taken = sequences.reschedule(folder, many)
    yield "new windows for 100 000 people, ms", f"{taken:.0f}", "<= 500"


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="rusvel-bench-") as name:
        for what, result, goal in rows(Path(name)):
            print(f"{what:<45} {result:<28} goal {goal}", flush=True)


if __name__ == "__main__":
    main()
