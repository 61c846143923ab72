"""`make bench`: figures of one run beside the goals they belong to; `python -m benchmarks NAME …` measures some parts alone."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from math import inf
from pathlib import Path

from benchmarks import (
    busy,
    calls,
    documents,
    finding,
    growth,
    imports,
    inbox,
    invoices,
    jobs,
    keys,
    memory,
    sending,
    sequences,
    sizes,
    starting,
    streaming,
    tabs,
)
from benchmarks.lines import Line

PARTS: dict[str, Callable[[Path], Iterator[Line]]] = {
    "start": starting.lines,
    "memory": memory.lines,
    "keys": keys.lines,
    "sizes": sizes.lines,
    "tabs": tabs.lines,
    "search": finding.lines,
    "import": imports.lines,
    "calls": calls.lines,
    "sending": sending.lines,
    "growth": growth.lines,
    "verdicts": inbox.lines,
    "streaming": streaming.lines,
    "busy": busy.lines,
    "sequences": sequences.lines,
    "invoices": invoices.lines,
    "totals": documents.lines,
    "jobs": jobs.lines,
}
"""Everything that is measured, in the order of the goals; each part makes the databases that it needs."""


def main(names: Sequence[str]) -> int:
    """Measure these parts, or all of them, and print a line for each figure."""
    if unknown := [name for name in names if name not in PARTS]:
        print(f"There is no part {unknown[0]!r}. The parts: {', '.join(PARTS)}")
        return 2
    start, missed, count = time.perf_counter(), 0, 0
    with tempfile.TemporaryDirectory(prefix="rusvel-bench-") as folder:
        for name in names or PARTS:
            for line in _measured(name, Path(folder)):
                print(line, flush=True)
                count, missed = count + 1, missed + (not line.reached)
    print(f"{missed} of {count} fall short; {time.perf_counter() - start:.0f} s")
    return 0


def _measured(name: str, folder: Path) -> Iterator[Line]:
    """The lines of a part; a program that does not answer is a line, too, and ends no other part."""
    try:
        yield from PARTS[name](folder)
    except TimeoutError as error:
        yield Line(0, f"{name}: {str(error)[:60]}", inf, 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
