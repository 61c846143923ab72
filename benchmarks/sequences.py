"""Sequences with many people: finding who is due, and what the coming days bring."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.data import contacts, open_engine
from benchmarks.lines import Line, milliseconds, ratio
from rusvel_tui.engine import jobs
from rusvel_tui.engine.core import Engine

DUE = 20
"""So many people of each desk are due now; the others later."""
_LATER = [{"delay_days": 9, "channel": "email", "template": "Hi {{first_name|there}}."}]
_NOW = [{"delay_days": 0, "channel": "phone", "type": "CALL", "template": "Ring."}]


def lines(folder: Path) -> Iterator[Line]:
    """Everybody on the way through a sequence: part of goal 4, and what the coming days bring."""
    few, many = (
        enrolled(folder, contacts(folder, *size)) for size in ((100, 30), (100_000, 3_000))
    )
    for what, measure in {"next due step": claim, "look when nothing is due": look}.items():
        small, large = measure(folder, few), measure(folder, many)
        yield ratio(4, f"{what}, 100 000 people / 100", large, small, 1.3)
    yield Line(0, "plan of 30 days, 100 000 people, ms", plan(folder, many), 3000)
    yield Line(0, "new windows for 100 000 people, ms", reschedule(folder, many), 500)


def enrolled(folder: Path, contacts: Path) -> Path:
    """A copy of that desk in which everybody is on the way through a sequence."""
    path = folder / f"enrolled-{contacts.name}"
    engine = open_engine(contacts)
    engine.backup(path)
    engine.close()
    engine = open_engine(path)
    people = [row[0] for row in _rows(engine, "SELECT id FROM contact ORDER BY id")]
    _enrol(engine, "Now", _NOW, people[:DUE])
    _enrol(engine, "Later", _LATER, people[DUE:])
    engine.close()
    return path


def claim(folder: Path, desk: Path) -> float:
    """Milliseconds to take the next job that is due, the middle one of all that are."""
    engine = open_engine(desk)
    command = jobs.Claim(owner="bench")

    def take() -> None:
        assert engine.run(jobs.claim, command).job is not None

    taken = median(milliseconds(take) for _ in range(DUE))
    engine.close()
    return taken


def look(folder: Path, desk: Path) -> float:
    """Milliseconds to find that nothing is due; to be measured after all that was due is taken."""
    engine = open_engine(desk)
    command = jobs.Claim(owner="bench")

    def find_nothing() -> None:
        assert engine.run(jobs.claim, command).job is None

    taken = median(milliseconds(find_nothing) for _ in range(DUE))
    engine.close()
    return taken


def plan(folder: Path, desk: Path) -> float:
    """Milliseconds to plan thirty days under a daily cap."""
    engine = open_engine(desk)
    object.__setattr__(engine.policy, "daily_cap", 50)
    taken = milliseconds(lambda: engine.call("gtm.outreach.plan", {}))
    engine.close()
    return taken


def reschedule(folder: Path, desk: Path) -> float:
    """Milliseconds to give a sequence other windows, with everybody who waits in it."""
    engine = open_engine(desk)
    query = "SELECT id FROM sequence WHERE name = 'Later'"
    rules = {"sequence_id": _rows(engine, query)[0][0], "windows": "mon-fri 09:00-17:00"}
    taken = milliseconds(lambda: engine.call("gtm.outreach.set_schedule", rules))
    engine.close()
    return taken


def _enrol(engine: Engine, name: str, steps: list[dict[str, Any]], people: list[str]) -> None:
    made = engine.call("gtm.outreach.create_sequence", {"name": name, "steps": steps})
    key = {"sequence_id": made.model_dump()["sequence_id"]}
    engine.call("gtm.outreach.activate_sequence", key)
    for part in (people[at : at + 5000] for at in range(0, len(people), 5000)):
        engine.call("gtm.outreach.enrol", key | {"contact_ids": part})


def _rows(engine: Engine, query: str) -> list[tuple[Any, ...]]:
    with engine.connected() as connection:
        return list(connection.execute(query).fetchall())
