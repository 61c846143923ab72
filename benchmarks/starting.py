"""Start-up: the first picture with data against an empty Textual app, short commands against a bare interpreter."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from benchmarks.data import TASK, contacts
from benchmarks.desks import dashboard, environment
from benchmarks.lines import Line, ratio
from benchmarks.terminal import Terminal

ROUNDS = 9
BARE = [sys.executable, "-c", "import sqlite3"]


def lines(folder: Path) -> Iterator[Line]:
    """Goal 1."""
    database = contacts(folder, 100, 30)
    env = environment(folder)
    floor, ours = [], []
    for _ in range(ROUNDS):
        with Terminal([sys.executable, "-m", "benchmarks.floors"], env) as terminal:
            floor.append(terminal.wait_for("ready"))
        with Terminal(dashboard(database), env) as terminal:
            ours.append(terminal.wait_for(TASK))
    yield ratio(1, "start to Today with data / empty Textual app", median(ours), median(floor), 1.5)
    commands = {
        "rusvel --version": ["--version"],
        "rusvel gtm status": ["--db", str(database), "gtm", "status"],
    }
    for name, words in commands.items():
        command = [sys.executable, "-m", "rusvel_tui", *words]
        pairs = [(_run(command, env), _run(BARE, env)) for _ in range(ROUNDS)]
        ours_ms, floor_ms = (median(times) for times in zip(*pairs, strict=True))
        yield ratio(1, f"{name} / bare Python with sqlite3", ours_ms, floor_ms, 4)


def _run(command: Sequence[str], env: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, env=env, check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - start) * 1000
