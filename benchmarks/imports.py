"""Importing 100 000 people against the least that it can take: the same rows through bare sqlite3, and the validation alone."""

from __future__ import annotations

import csv
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from benchmarks.data import open_engine, people
from benchmarks.lines import Line, ratio
from rusvel_tui.engine import sqlite
from rusvel_tui.engine.addresses import parse_address

CHUNK = 2_000
TABLES = ("company", "contact", "contact_email", "contact_phone", "employment")
"""What an import writes besides its own records; its records are not part of the floor."""


class Measured(NamedTuple):
    """Seconds of the processor, so that other programs do not count."""

    ours: float
    indexes: float
    """The floor without the triggers that keep the search."""
    triggers: float
    """The floor with them."""
    validation: float
    """A part of both."""


def measure(folder: Path, count: int = 100_000) -> Measured:
    """One import and its floors."""
    file = people(folder, count)
    target = folder / f"import-{count}.db"
    engine = open_engine(target)
    engine.call("session.create", {"name": "bench"})
    start = time.process_time()
    engine.call("gtm.crm.import_contacts", {"path": str(file)})
    ours = time.process_time() - start
    engine.close()
    judged = validation(file)
    indexes, triggers = (bare(folder, target, triggers=one) + judged for one in (False, True))
    return Measured(ours, indexes, triggers, judged)


def lines(folder: Path) -> Iterator[Line]:
    """Goal 7; seconds of the processor."""
    found = measure(folder)
    ours, floors = found.ours, {"indexes": found.indexes, "and triggers": found.triggers}
    for name, floor in floors.items():
        yield ratio(7, f"import of 100 000 / bare rows with {name}", ours, floor, 3, "s")
    yield Line(0, "memory of that import, MB", memory(folder), 120)


def bare(folder: Path, filled: Path, *, triggers: bool) -> float:
    """Seconds for the same rows into the same tables with all their indexes, a chunk in each transaction."""
    path = folder / f"bare-{triggers}-{filled.name}"
    with closing(sqlite3.connect(filled)) as source:
        schema = [sql for (sql,) in source.execute("SELECT sql FROM sqlite_master WHERE sql <> ''")]
        session = source.execute("SELECT * FROM session").fetchall()
        rows = {table: source.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        for name, value in sqlite.pragmas().items():
            raw.execute(f"PRAGMA {name}={value}")
        raw.execute("BEGIN")
        for sql in schema:
            if _wanted(sql, triggers=triggers):
                raw.execute(sql)
        _insert(raw, "session", session)
        raw.execute("COMMIT")
        start = time.process_time()
        for part in _chunks(rows):
            raw.execute("BEGIN IMMEDIATE")
            for table, some in part.items():
                _insert(raw, table, some)
            raw.execute("COMMIT")
        return time.process_time() - start


def _wanted(sql: str, *, triggers: bool) -> bool:
    """Not what SQLite makes by itself."""
    own = sql.startswith(("CREATE TABLE sqlite_", "CREATE TABLE '"))
    return not own and (triggers or not sql.startswith("CREATE TRIGGER"))


def validation(file: Path) -> float:
    """Seconds for judging every address of the file."""
    with file.open(newline="", encoding="utf-8") as lines:
        cells = [row["email"] for row in csv.DictReader(lines)]
    start = time.process_time()
    for cell in cells:
        parse_address(cell)
    return time.process_time() - start


def memory(folder: Path, count: int = 100_000) -> float:
    """The most memory that a process needs which imports so many people and does nothing else, in MB."""
    command = [sys.executable, "-m", "benchmarks.imports", str(folder), str(count)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def _insert(raw: sqlite3.Connection, table: str, rows: list[tuple[object, ...]]) -> None:
    if rows:
        raw.executemany(f"INSERT INTO {table} VALUES ({','.join('?' * len(rows[0]))})", rows)


def _chunks(
    rows: dict[str, list[tuple[object, ...]]],
) -> Iterator[dict[str, list[tuple[object, ...]]]]:
    """Companies first, then some people with all that belongs to them."""
    yield {"company": rows["company"]}
    others = [table for table in TABLES if table != "company"]
    for start in range(0, len(rows["contact"]), CHUNK):
        yield {table: rows[table][start : start + CHUNK] for table in others}


def _import_alone(folder: Path, count: int) -> None:
    engine = open_engine(folder / f"alone-{count}.db")
    engine.call("session.create", {"name": "bench"})
    engine.call("gtm.crm.import_contacts", {"path": str(people(folder, count))})
    engine.close()
    # `getrusage` would count what the process was that started this one.
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    print(int(status["VmHWM"].split()[0]) / 1024)


if __name__ == "__main__":
    _import_alone(Path(sys.argv[1]), int(sys.argv[2]))
