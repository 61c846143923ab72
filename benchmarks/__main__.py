"""`make bench`: prints ratios measured in one run, and the goal of each."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import data, jobs, screens

COMPARED = {
    "first paint of Contacts": screens.first_paint,
    "letter of a search": screens.search,
    "card move on the board": screens.card_move,
}
"""What must cost the same with 100 000 contacts and 3 000 deals as with 100 and 10."""

Row = tuple[str, str, str]


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
    for what, measure in COMPARED.items():
        few_ms, many_ms = measure(folder, small), measure(folder, large)
        yield (
            f"{what}, large / small",
            f"{many_ms / few_ms:.2f}  ({many_ms:.0f} / {few_ms:.0f} ms)",
            "<= 1.3",
        )
    yield "bytes per key in 100 000 contacts", f"{many['bytes']:.0f}", "<= 600"
    yield "memory with 100 000 contacts, MB", f"{many['rss']:.0f}", "<= 60"
    drafts, commits = jobs.drafts_per_second(folder), jobs.commits_per_second(folder)
    share = drafts * jobs.COMMITS_PER_DRAFT / commits
    yield "commits of drafting / of raw sqlite3", f"{share:.2f}  ({drafts:.0f} jobs/s)", ">= 0.33"


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="rusvel-bench-") as name:
        for what, result, goal in rows(Path(name)):
            print(f"{what:<45} {result:<28} goal {goal}", flush=True)


if __name__ == "__main__":
    main()
