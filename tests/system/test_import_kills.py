"""An import killed at any moment and started again ends like one that nobody disturbed, and is taken back like it."""

from __future__ import annotations

import json
import os
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from rusvel_tui.adapters.clock import FixedClock
from rusvel_tui.engine.core import Engine
from tests.factories import START
from tests.system.helpers import ended, python
from tests.system.import_kills import LATER

ROWS = int(os.environ.get("TEST_IMPORT_ROWS", "3000"))
"""A hundred thousand take some minutes; the suite is content with less."""
_HEADER = "name,email,company,title,phone,linkedin,tags,city,unsubscribed"
_TABLES = {
    "contact": "SELECT name, company, title, profile, tags, fields, version FROM contact WHERE deleted_at IS NULL",
    "address": "SELECT c.name, e.key, e.position FROM contact_email e JOIN contact c ON c.id = e.contact_id"
    " WHERE e.deleted_at IS NULL",
    "phone": "SELECT c.name, p.digits, p.e164 FROM contact_phone p JOIN contact c ON c.id = p.contact_id",
    "company": "SELECT key, domain FROM company WHERE deleted_at IS NULL",
    "employment": "SELECT c.name, o.key, e.title, e.ended_at IS NULL FROM employment e"
    " JOIN contact c ON c.id = e.contact_id JOIN company o ON o.id = e.company_id",
    "suppression": "SELECT key, reason FROM suppression",
    "found": "SELECT count(*) FROM search_doc",
}


def lines(count: int, *, again: bool) -> Iterator[str]:
    """People with repeated addresses in other case, names without addresses, bad rows and opt-outs."""
    spread = random.Random(9)  # noqa: S311 - the same people in every run
    yield _HEADER
    for n in range(count):
        who = spread.randrange(n) if n and spread.random() < 0.03 else n
        email = "" if spread.random() < 0.02 else f"P{who}@Firm{who % 499}.example"
        if spread.random() < 0.01:
            email = "nonsense"
        profile = f"linkedin.com/in/f-{who}" if spread.random() < 0.2 else ""
        phone = f"+49 30 {1_000_000 + n}" if spread.random() < 0.5 else ""
        tag = spread.choice(("", "fair", "vip"))
        out = "yes" if spread.random() < 0.01 else ""
        title = "Chair" if again else "Owner"
        yield f"Person {who},{email},Firm {who % 499},{title},{phone},{profile},{tag},Town {n % 7},{out}"


def engine_with(path: Path, first: Path) -> Engine:
    """A desk with some of the people of the file, so that it changes, adds and leaves."""
    engine = Engine(path, clock=FixedClock(START))
    engine.call("session.create", {"name": "acme"})
    engine.call("gtm.crm.import_contacts", {"path": str(first)})
    return engine


def state(path: Path) -> dict[str, list[Any]]:
    """Everything that an import writes, without ids and times."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        return {name: sorted(connection.execute(sql).fetchall()) for name, sql in _TABLES.items()}


def record(path: Path) -> tuple[Any, ...]:
    """What the newest import says of itself, and how much of it could be taken back."""
    with closing(sqlite3.connect(path)) as connection:
        run, counts = connection.execute(
            "SELECT id, json_array(state, next_row, total, counts) FROM import_run ORDER BY id DESC"
        ).fetchone()
        made = "SELECT count(*) FROM import_chunk k, json_each(k.created) WHERE k.import_id = ?"
        changed = "SELECT count(*) FROM import_change WHERE import_id = ?"
        numbers = (connection.execute(sql, (run,)).fetchone()[0] for sql in (made, changed))
        return (json.loads(counts), *numbers)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_kills_at_random_moments_change_nothing(tmp_path: Path) -> None:
    first, file = tmp_path / "first.csv", tmp_path / "people.csv"
    first.write_text("\n".join(lines(ROWS // 4, again=False)))
    file.write_text("\n".join(lines(ROWS, again=True)))
    calm, torn = tmp_path / "calm.db", tmp_path / "torn.db"
    engine = engine_with(calm, first)
    before = state(calm)
    engine.close()
    engine = Engine(calm, clock=FixedClock(LATER))
    view: Any = engine.call("gtm.crm.import_contacts", {"path": str(file)})
    assert view.read == ROWS == view.created + view.updated + view.skipped + view.rejected
    assert min(view.created, view.updated, view.rejected, len(view.suppressed)) > 0
    engine.close()
    engine_with(torn, first).close()
    code, kills, errors = ended(
        python("-m", "tests.system.import_kills", str(torn), str(file), "11"), patience=500
    )
    assert (code, errors) == (0, "")
    assert int(kills) >= 5
    assert state(torn) == state(calm)
    assert record(torn) == record(calm)
    engine = Engine(torn, clock=FixedClock(LATER + timedelta(hours=1)))
    again: Any = engine.call("gtm.crm.import_contacts", {"path": str(file)})
    assert (again.created, again.updated, again.rejected) == (0, 0, view.rejected)
    undone: Any = engine.call("gtm.crm.undo_import", {"import_id": ""})
    assert undone.import_id == again.import_id
    undone = engine.call("gtm.crm.undo_import", {"import_id": ""})
    assert (undone.contacts, undone.left_alone) == (view.created, ())
    engine.close()
    after = state(torn)
    for name in ("contact", "address", "company"):
        assert [row[:-1] for row in after[name]] == [row[:-1] for row in before[name]]
    print(f"{ROWS} rows, killed {kills.strip()} times")
