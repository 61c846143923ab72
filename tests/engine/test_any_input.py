"""Any operation, called with anything: an answer or one sentence, and the data stay whole."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import pytest

from rusvel_tui.engine import departments
from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.operation import OPERATIONS
from tests.factories import AGAIN, HELLO, Desk, query

departments.load()
CALLS = int(os.environ.get("TEST_CALLS", "1500"))
GARBAGE: tuple[Any, ...] = (
    None, "", " ", "x" * 3000, "\x1b]52;c;x\x07", "a\nb", "=1+1", "[x/y]", "{{", "{{x}}", "💥", "'; DROP TABLE mail; --",
    "%", "_", "0", "-1", "1e999", "NaN", "2026-11-24", "2026-11-24T09:00:00Z", "not a date", 0, -1, 7, 10**30, 1.5,
    float("inf"), True, [], [1], ["a", "a"], {}, {"a": {"b": []}}, [[]], "won", "Lost", "sent", "skip", "EUR",
    "Europe/Berlin", "grace@example.com", "@example.com", "grace@", HELLO, [HELLO], [AGAIN, {"type": "CALL"}],
)  # fmt: skip
TABLES = ("contact", "deal", "sequence", "enrollment", "mail", "activity", "session")
TOO_SLOW = {"gtm.crm.import_contacts"}
"""Operations on files have tests of their own."""


def values(desk: Desk, chance: random.Random) -> list[Any]:
    """Garbage, and among it what exists: ids and digests."""
    ids = [row[0] for table in TABLES for row in query(desk, f"SELECT id FROM {table} LIMIT 9")]
    digests = [row[0] for row in query(desk, "SELECT digest FROM mail WHERE digest IS NOT NULL")]
    return [*GARBAGE, *chance.sample(ids, min(len(ids), 25)), *digests]


def story(desk: Desk) -> None:
    """Something of everything."""
    desk.approve(desk.drafted())
    desk.work()
    desk.enrol(desk.sequence(name="Second"), desk.contact("Grace", "grace@example.com"))
    desk.enrol(desk.sequence({"type": "CALL"}, name="Calls"), desk.contact())
    desk.work()
    person = desk.contact()
    desk.call("gtm.crm.add_deal", contact_id=person.contact_id, title="Looms")
    desk.call("gtm.crm.add_task", subject="Call back")


def ask(desk: Desk, name: str, data: dict[str, Any]) -> str:
    """What the engine says against it; nothing when it answers."""
    try:
        desk.engine.call(name, data)
    except EngineError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_is_asked_is_answered_or_refused(
    desk: Desk, seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # exports write where they are told to
    chance = random.Random(seed)  # noqa: S311 - what to try, not a secret
    story(desk)
    names = sorted(set(OPERATIONS) - TOO_SLOW)
    answered = 0
    with desk.engine.connected():
        for _ in range(CALLS // 3):
            name = chance.choice(names)
            fields = [f for f in OPERATIONS[name].input.model_fields if f != "session_id"]
            chosen = [field for field in fields if chance.random() < 0.8]
            pool = values(desk, chance)
            data = {field: chance.choice(pool) for field in chosen}
            said = ask(desk, name, data)
            answered += not said
            assert len(said.splitlines()) <= 1, (name, data)
    assert answered > CALLS / 60
    assert query(desk, "PRAGMA foreign_key_check") == []
    assert query(desk, "PRAGMA integrity_check") == [("ok",)]
    desk.work()
