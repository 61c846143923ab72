"""A file from before mail came in: its suppression list learns where the entries come from, and its ledger stays fixed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.engine.mail.letters import arrives, raw
from tests.engine.test_schedule_migration import path
from tests.engine.test_sequence_migration import old as opened
from tests.factories import Desk, enrollment, query

__all__ = ["opened", "path"]
LISTED = {
    "a@x.example": ("bounced: 550 no such user", "bounce"),
    "b@x.example": ("import: Opted out", "import"),
    "c@x.example": ("unsubscribed", "person"),
    "d@x.example": ("manual", "by hand"),
}


@pytest.fixture
def old(path: Path, request: pytest.FixtureRequest) -> Desk:
    """That file with a suppression list, opened by this version."""
    with closing(sqlite3.connect(path)) as connection, connection:
        [session] = connection.execute("SELECT id FROM session LIMIT 1").fetchone()
        rows = (
            (session, key, reason, "2026-11-01T00:00:00.000Z")
            for key, (reason, _) in LISTED.items()
        )
        connection.executemany("INSERT INTO suppression VALUES (?, ?, ?, ?)", rows)
    desk: Desk = request.getfixturevalue("opened")
    return desk


def test_entries_keep_their_reason_and_get_a_source(old: Desk) -> None:
    rows = query(old, "SELECT key, reason, source FROM suppression")
    assert {key: (reason, source) for key, reason, source in rows} == LISTED


def test_what_was_sent_cannot_change_but_an_answer_to_it_counts(old: Desk) -> None:
    with pytest.raises(Exception, match="cannot change"):
        query(old, "UPDATE mail SET subject = 'other' WHERE id = 'm1'")
    [(message_id, contact)] = query(old, "SELECT message_id, contact_id FROM mail WHERE id = 'm1'")
    seen = arrives(old, raw("Yes.", In_Reply_To=message_id))
    assert seen.contact_id == contact
    assert enrollment(old, contact).reason == "replied"
