"""Jobs per second: whole passes of the queue against the same number of durable commits in raw sqlite3."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from benchmarks.data import open_engine
from benchmarks.lines import Line, share
from rusvel_tui.adapters.drafters.template import TemplateDrafter
from rusvel_tui.engine import sqlite
from rusvel_tui.engine.worker import Worker

JOBS = 200
COMMITS_PER_DRAFT = 3
"""Claim, begin, hold: what one drafting pass commits."""


def lines(folder: Path) -> Iterator[Line]:
    """Drafting, by the commits that it needs."""
    ours = drafts_per_second(folder) * COMMITS_PER_DRAFT
    yield share(
        0,
        "commits of drafting / of raw sqlite3",
        ours,
        commits_per_second(folder),
        0.33,
        "a second",
    )


def drafts_per_second(folder: Path) -> float:
    """How many drafts a worker writes and holds in a second."""
    engine = open_engine(folder / "jobs.db")
    engine.drafter = TemplateDrafter()
    engine.call("session.create", {"name": "bench"})
    steps = [
        {
            "delay_days": 0,
            "channel": "email",
            "template": "Hi {{first_name|there}}, a few words for you.",
        }
    ]
    sequence = engine.call(
        "gtm.outreach.create_sequence", {"name": "Bench", "steps": steps}
    ).model_dump()
    engine.call("gtm.outreach.activate_sequence", {"sequence_id": sequence["sequence_id"]})
    for n in range(JOBS):
        person = {"name": f"Person {n}", "email": f"p{n}@firm.example"}
        contact = engine.call("gtm.crm.add_contact", person).model_dump()
        ids = {"sequence_id": sequence["sequence_id"], "contact_id": contact["contact_id"]}
        engine.call("gtm.outreach.execute_sequence", ids)
    worker = Worker(engine)
    start = time.perf_counter()
    while worker.tick():
        pass
    taken = time.perf_counter() - start
    assert worker.done == JOBS, worker.error
    engine.close()
    return JOBS / taken


def commits_per_second(folder: Path) -> float:
    """How many one-row updates raw sqlite3 commits in a second with the same durability."""
    with closing(sqlite3.connect(folder / "raw.db", isolation_level=None)) as raw:
        for name, value in sqlite.pragmas().items():
            raw.execute(f"PRAGMA {name}={value}")
        raw.execute("CREATE TABLE job (id INTEGER PRIMARY KEY, state TEXT)")
        raw.executemany("INSERT INTO job VALUES (?, 'queued')", ((n,) for n in range(JOBS)))
        start = time.perf_counter()
        for n in range(JOBS):
            raw.execute("BEGIN IMMEDIATE")
            raw.execute("UPDATE job SET state = 'running' WHERE id = ?", (n,))
            raw.execute("COMMIT")
        return JOBS / (time.perf_counter() - start)
