"""Approving drafts in a real terminal: from the key to the picture of the next draft, and thirty in a row."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.data import open_engine, plan_task
from benchmarks.desks import opened
from benchmarks.lines import Line, percentile
from rusvel_tui.adapters.drafters.template import TemplateDrafter
from rusvel_tui.engine.worker import Worker

DRAFTS = 31
BODY = "Hi {{first_name}},\n\n" + "how do you plan your week? I would like to show you ours.\n" * 6


def desk(folder: Path) -> Path:
    """A database with drafts that wait."""
    path = folder / "inbox.db"
    engine = open_engine(path)
    engine.drafter = TemplateDrafter()
    engine.call("session.create", {"name": "bench", "sender_email": "me@acme.example"})
    step = {"channel": "email", "subject": "A question, {{first_name}}", "body": BODY}
    made = engine.call("gtm.outreach.create_sequence", {"name": "Hello", "steps": [step]})
    sequence = {"sequence_id": made.model_dump()["sequence_id"]}
    engine.call("gtm.outreach.activate_sequence", sequence)
    for number in range(DRAFTS):
        who = {"name": f"Ada{number} Miller", "email": f"ada{number}@example.com"}
        contact = engine.call("gtm.crm.add_contact", who).model_dump()
        order = sequence | {"contact_id": contact["contact_id"]}
        engine.call("gtm.outreach.execute_sequence", order)
    Worker(engine).until_idle()
    plan_task(engine)
    engine.close()
    return path


def verdicts(folder: Path) -> tuple[list[float], float]:
    """Milliseconds from each `a` to the next draft, and the seconds that thirty took, pauses included."""
    with opened(folder, desk(folder), "gi") as terminal:
        start = time.perf_counter()
        times = [terminal.press(b"a")[0] for _ in range(DRAFTS - 1)]
        return times, time.perf_counter() - start


def lines(folder: Path) -> Iterator[Line]:
    """Goal 11."""
    times, seconds = verdicts(folder)
    more = f"p50 {median(times):.0f}"
    yield Line(11, "verdict to the next draft, p95, ms", percentile(times, 0.95), 50, more=more)
    yield Line(11, "drafts a minute", len(times) / seconds * 60, 30, least=True)
