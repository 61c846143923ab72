"""Imports that were made before they could be taken back are records like the new ones."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from rusvel_tui.adapters.clock import FixedClock
from rusvel_tui.engine import sqlite
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.migrations import MIGRATIONS
from tests.engine.importing.support import counts, run
from tests.factories import START, Desk, query
from tests.fakes import CannedDrafter, RecordingMailer

SHEET = "name,email,company\nAnn,,Acme\nBob,b@x.example,\nBad,nonsense,\n"
NOW = "2026-11-24T09:00:00.000Z"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A file of the first version into which the sheet was imported; Ann has got another company since."""
    path = tmp_path / "desk.db"
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(f"PRAGMA application_id={sqlite.APPLICATION_ID}")
        for statement in sqlite.statements(MIGRATIONS[0].sql):
            raw.execute(statement)
        raw.execute("PRAGMA user_version=1")
        raw.execute(
            "INSERT INTO session VALUES ('s', 'acme', 'EUR', 'UTC', '', '', '{}', 1, ?, ?)",
            (NOW, NOW),
        )
        raw.execute("INSERT INTO setting VALUES ('', 'session', '\"s\"')")
        for contact_id, name, company in (("c1", "Ann", "New Co"), ("c2", "Bob", "")):
            raw.execute(
                "INSERT INTO contact VALUES (?, 's', ?, ?, '', ?, ?, ?, '', '', '', 'import:generic', '[]', '[]',"
                " '{}', '', '{\"import_id\": \"i\"}', 1, ?, ?, NULL)",
                (contact_id, name, name, name.lower(), name.lower(), company, NOW, NOW),
            )
        raw.execute(
            "INSERT INTO contact_email VALUES ('e1', 's', 'c2', 'b@x.example', 'b@x.example', 0, NULL, NULL, NULL)"
        )
        told = json.dumps({"read": 3, "created": 2, "updated": 0, "skipped": 0, "rejected": 1})
        digest = hashlib.sha256(SHEET.encode()).hexdigest()
        raw.execute(
            "INSERT INTO import_run VALUES ('i', 's', 'old.csv', ?, 'generic', 'done', 2, ?, ?, ?)",
            (digest, told, NOW, NOW),
        )
        rows = [("i", 2, "c1", "created"), ("i", 3, "c2", "created")]
        raw.executemany("INSERT INTO import_row VALUES (?, ?, ?, ?)", rows)
        raw.commit()
    path.chmod(0o600)
    return path


@pytest.fixture
def desk(old: Path) -> Iterator[Desk]:
    engine = Engine(old, clock=FixedClock(START), session="acme")
    yield Desk(engine, RecordingMailer(), CannedDrafter())
    engine.close()


def test_an_old_import_is_taken_back(desk: Desk) -> None:
    bob = desk.call("gtm.crm.update_contact", contact_id="c2", title="CTO")
    done = desk.call("gtm.crm.undo_import", import_id="i")
    assert done.contacts == 1
    assert [one.name for one in done.left_alone] == [bob.name]
    assert [one.name for one in desk.call("gtm.crm.list_contacts").items] == ["Bob"]


def test_an_old_import_keeps_what_its_rows_met(desk: Desk) -> None:
    (listed,) = desk.call("gtm.crm.list_imports").items
    assert (listed.state, listed.read, listed.total, listed.options) == ("done", 3, 3, {})
    ((stored,),) = query(desk, "SELECT rows FROM import_plan")
    assert json.loads(stored) == {"numbers": [2, 3], "contacts": ["c1", "c2"], "outcomes": "cc"}
    assert counts(run(desk, SHEET)) == (0, 1, 1, 1)
    assert counts(run(desk, SHEET)) == (0, 0, 2, 1)
    assert query(desk, "SELECT count(*) FROM contact") == [(2,)]
