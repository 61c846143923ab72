"""Ten thousand people and a hundred thousand events: the work behind a screen stays that of a small desk."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rusvel_tui.adapters.clock import FixedClock
from rusvel_tui.engine.core import Engine
from tests.factories import START
from tests.system.terminals import Terminal

PEOPLE, EVENTS = 10_000, 10
"""People, and events for each."""
STRIDE = 50
"""Instructions of SQLite's machine between two counts."""
GROWTH = 4
"""A hundred times the data may cost so many times the work: an index grows by its depth, a window not at all."""
COUNTED = 5
"""Instructions for each row whose only use is to be counted, in an index alone: the length of a list is shown."""
LOOKS: dict[str, tuple[str, dict[str, Any], int]] = {
    "the newest people": ("gtm.crm.list_contacts", {"limit": 50}, PEOPLE),
    "a window of the list": ("gtm.crm.contact_rows", {"first": 60, "count": 40}, PEOPLE),
    "the next window": ("gtm.crm.contact_rows", {"first": 60, "count": 40, "total": 100}, 0),
    "a search of all": ("gtm.crm.search", {"query": "Person 000042"}, PEOPLE),
    "today": ("gtm.today", {}, 0),
    "the status": ("gtm.status", {}, PEOPLE),
    "a window of the log": ("event.window", {"count": 40}, PEOPLE * EVENTS),
    "the newest events": ("event.list", {"limit": 50}, 0),
    "the log of one kind": ("event.list", {"kind": "gtm.contact.updated", "limit": 50}, 0),
}
"""What a screen asks for: an operation, its input, and how many rows it may count."""


def filled(folder: Path, people: int) -> Path:
    """A desk with so many people, imported, and ten events for each."""
    path = folder / f"{people}.db"
    engine = Engine(path, clock=FixedClock(START))
    engine.call("session.create", {"name": "large"})
    file = folder / f"{people}.csv"
    with file.open("w", newline="", encoding="utf-8") as rows:
        writer = csv.writer(rows)
        writer.writerow(("name", "email", "company"))
        for n in range(people):
            writer.writerow((f"Person {n:06d}", f"p{n}@firm{n % 499}.example", f"Firm {n % 499}"))
    engine.call("gtm.crm.import_contacts", {"path": str(file)})
    engine._db.write(lambda: _happened(engine))
    engine.close()
    return path


def _happened(engine: Engine) -> None:
    with engine.connected() as connection:
        connection.execute(
            """INSERT INTO event (session_id, at, kind, subject_id, actor, payload, redo)
            SELECT c.session_id, c.created_at, 'gtm.contact.updated', c.id, 'user', '{}', 0 FROM contact c,
            (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT i FROM n)""",
            (EVENTS,),
        )


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A small and a large one."""
    folder = tmp_path_factory.mktemp("large")
    return filled(folder, 100), filled(folder, PEOPLE)


def work(engine: Engine, look: Callable[[], Any]) -> int:
    """How many instructions of SQLite's machine a look takes: the same on every computer, however busy."""
    counted = 0

    def step() -> int:
        nonlocal counted
        counted += STRIDE
        return 0

    with engine.connected() as connection:
        look()  # statements are compiled, the schema is read
        connection.set_progress_handler(step, STRIDE)
        look()
        connection.set_progress_handler(None, 0)
    return counted


def measured(path: Path) -> dict[str, int]:
    engine = Engine(path, clock=FixedClock(START))
    try:
        return {
            name: work(engine, lambda one=one: engine.call(*one[:2]))  # type: ignore[misc]
            for name, one in LOOKS.items()
        }
    finally:
        engine.close()


def test_t_119_lists_search_and_dashboard_do_not_grow_with_the_desk(
    desks: tuple[Path, Path],
) -> None:
    """T-119: nothing is read or sorted for a row that is not shown; at most it is counted."""
    small, large = map(measured, desks)
    bound = {n: GROWTH * max(small[n], 1000) + COUNTED * one[2] for n, one in LOOKS.items()}
    assert {n: (small[n], large[n]) for n in LOOKS if large[n] > bound[n]} == {}


def test_t_119_a_large_desk_from_the_keyboard(
    desks: tuple[Path, Path], home: dict[str, str]
) -> None:
    """T-119: in a real terminal: Today, the list and its end, one person of ten thousand, the log."""
    command = (sys.executable, "-m", "rusvel_tui", "--db", str(desks[1]))
    with Terminal(command, home) as desk:
        desk.until("▌Today", limit=60)
        desk.press("gc")
        desk.until("10 000 contacts")
        desk.press("G")
        desk.until("Person 009999")
        desk.press("gg")
        desk.until("Person 000001")
        desk.press("/000042\r")
        desk.until("▌  Person 000042")
        desk.press("gl")
        desk.until(lambda text: "▌Log" in text and "a contact changed" in text)
        desk.press("q")
        assert desk.ended() == 0
