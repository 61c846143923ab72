"""A file from before mails of one's own: the ledger keeps every row, and drafts begin with the texts they had."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from rusvel_tui.adapters.clock import FixedClock
from rusvel_tui.engine import db
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.migrations import MIGRATIONS
from tests.engine.test_schedule_migration import fill
from tests.factories import START, Desk, query
from tests.fakes import CannedDrafter, RecordingMailer

WRITTEN = """
UPDATE mail SET drafted_by = 'template', first_subject = 'Hi', first_body = 'One.', subject = 'Hi', body = 'Two.',
  edited_at = '2026-11-24T08:30:00.000Z', drafted_at = '2026-11-24T08:00:00.000Z' WHERE id = 'm2'"""


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of the first version, with a draft that somebody edited."""
    made = tmp_path / "old.db"
    with monkeypatch.context() as patch:
        patch.setattr(db, "MIGRATIONS", MIGRATIONS[:1])
        patch.setattr(db, "LATEST", 1)
        db.Database(made).close()
    with closing(sqlite3.connect(made)) as connection:
        fill(connection)
        connection.execute(WRITTEN)
        connection.commit()
    return made


def test_old_rows_keep_their_place_and_their_texts(path: Path) -> None:
    engine = Engine(path, clock=FixedClock(START), drafter=CannedDrafter())
    desk = Desk(engine, RecordingMailer(), CannedDrafter())
    try:
        kept = "SELECT id, sequence_id, version_id, enrollment_id, contact_id, source_kind FROM mail ORDER BY id"
        assert query(desk, kept) == [
            ("m1", "q", "v", "e1", "ce1", ""),
            ("m2", "q", "v", "e1", "ce1", ""),
            ("m3", "q", "v", "e2", "ce2", ""),
        ]
        texts = desk.call("gtm.approvals.versions", id="m2").items
        assert [(text.body, text.author, text.current) for text in texts] == [
            ("One.", "template", False),
            ("Two.", "person", True),
        ]
        assert query(desk, "PRAGMA foreign_key_check") == []
        made = desk.call(
            "gtm.approvals.propose", to="ada@example.com", subject="Hi", body="A word."
        )
        assert made.box == "waiting"
        with pytest.raises(sqlite3.IntegrityError), closing(sqlite3.connect(path)) as connection:
            connection.execute("UPDATE mail SET source_kind = '' WHERE id = ?", (made.id,))
    finally:
        engine.close()
