"""The ledger defends itself: what the program must not do, no other program can do either."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.factories import HELLO, Desk

STATES = (
    "scheduled", "drafting", "held", "approved", "sending", "committing", "sent", "in_doubt", "rejected", "dead",
    "cancelled",
)  # fmt: skip
NEED_A_YES = ("approved", "sending", "committing")


def force(path: Path, sql: str, *values: Any) -> str:
    """Write past the engine, as another program would; the error, if the file refused."""
    with closing(sqlite3.connect(path)) as connection:
        try:
            connection.execute(sql, values)
            connection.commit()
        except sqlite3.IntegrityError as error:
            return str(error)
    return ""


@pytest.fixture
def path(desk: Desk, tmp_path: Path) -> Path:
    """A file with one held draft."""
    desk.drafted()
    return tmp_path / "desk.db"


@pytest.mark.parametrize("state", STATES)
def test_no_state_beyond_a_yes_without_one(path: Path, state: str) -> None:
    refused = force(path, "UPDATE mail SET state = ?", state)
    assert bool(refused) == (state in NEED_A_YES)
    if refused:
        assert "CHECK" in refused


@pytest.mark.parametrize("state", NEED_A_YES)
def test_a_yes_to_another_text_is_none(path: Path, state: str) -> None:
    sql = "UPDATE mail SET state = ?, approved_digest = 'x', raw_sha256 = 'x', intent_at = 'now'"
    assert "CHECK" in force(path, sql, state)
    assert "CHECK" in force(path, f"{sql}, digest = NULL", state)


def test_no_intent_without_the_bytes(path: Path) -> None:
    assert force(path, "UPDATE mail SET state = 'sending', approved_digest = digest") == ""
    assert "CHECK" in force(path, "UPDATE mail SET state = 'committing'")
    assert "CHECK" in force(path, "UPDATE mail SET state = 'committing', raw_sha256 = 'x'")
    sql = "UPDATE mail SET state = 'committing', raw_sha256 = 'x', intent_at = 'now'"
    assert force(path, sql) == ""


TEXTS = (
    "to_name", "to_address", "recipient_key", "from_name", "from_address", "subject", "body", "attachments",
)  # fmt: skip
FIXED = ("approved", "sending", "committing", "sent", "in_doubt")


@pytest.mark.parametrize("column", TEXTS)
@pytest.mark.parametrize("state", FIXED)
def test_what_was_approved_cannot_be_changed(path: Path, state: str, column: str) -> None:
    yes = "UPDATE mail SET approved_digest = digest, raw_sha256 = 'x', intent_at = 'now', state = ?"
    assert force(path, yes, state) == ""
    refused = force(path, f"UPDATE mail SET {column} = 'changed'")
    assert refused == "an approved mail cannot change"
    assert force(path, "UPDATE mail SET error = 'this may'") == ""


def test_a_text_may_change_on_its_way_back_to_the_inbox(path: Path) -> None:
    assert force(path, "UPDATE mail SET approved_digest = digest, state = 'approved'") == ""
    assert force(path, "UPDATE mail SET state = 'held', approved_digest = NULL, body = 'x'") == ""


def test_the_ledger_is_never_deleted(path: Path) -> None:
    assert force(path, "DELETE FROM mail") == "the mail ledger is never deleted"


@pytest.mark.parametrize("state", ["held", "sent", "in_doubt", "dead", "cancelled"])
def test_a_recipient_has_one_mail_of_a_step(path: Path, state: str) -> None:
    force(path, "UPDATE mail SET state = ?", state)
    with closing(sqlite3.connect(path)) as connection:
        names = [row[1] for row in connection.execute("PRAGMA table_info(mail)")]
    values = ", ".join(
        {"id": "'twin'", "message_id": "'<twin@x>'", "state": "'held'"}.get(name, name)
        for name in names
    )
    refused = force(path, f"INSERT INTO mail SELECT {values} FROM mail")
    assert bool(refused) == (state != "cancelled")


def test_a_message_id_is_there_once(path: Path, desk: Desk) -> None:
    desk.enrol(desk.sequence(HELLO, name="Second"), desk.contact())
    assert "UNIQUE" in force(path, "UPDATE mail SET message_id = '<same@x>'")


@pytest.mark.parametrize("state", ["baking", "", None])
def test_there_are_no_other_states(path: Path, state: str | None) -> None:
    assert force(path, "UPDATE mail SET state = ?", state)
