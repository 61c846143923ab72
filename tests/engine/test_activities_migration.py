"""A file from before activities had notes, a length and an author: what was done stays, and gets what it lacked."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from rusvel_tui.adapters.clock import FixedClock
from rusvel_tui.engine import db
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.migrations import MIGRATIONS
from tests.factories import START, Desk
from tests.fakes import CannedDrafter, RecordingMailer

MADE, MOVED = "2026-11-01T09:00:00.000Z", "2026-11-05T09:00:00.000Z"
OLD = f"""
INSERT INTO session VALUES ('s', 'acme', 'EUR', 'UTC', '', '', '{{}}', 1, '{MADE}', '{MADE}');
INSERT INTO setting VALUES ('', 'session.active', '"s"');
INSERT INTO contact VALUES ('c', 's', 'Grace', 'Grace', '', 'grace', 'grace', '', '', '', '', 'manual', '[]', '[]',
  '{{}}', '', '{{}}', 1, '{MADE}', '{MADE}', NULL);
INSERT INTO activity VALUES
  ('n', 's', 'note', 'done', '', 'met', 'c', NULL, NULL, NULL, '{MADE}', '', '{{}}', 1, '{MADE}', '{MADE}'),
  ('t', 's', 'task', 'open', 'write', '', 'c', NULL, NULL, '{MOVED}', '{MOVED}', '', '{{}}', 1, '{MADE}', '{MADE}'),
  ('d', 's', 'call', 'done', 'ring', '', 'c', NULL, NULL, '{MADE}', '{MOVED}', 'no answer', '{{}}', 1, '{MADE}', '{MADE}');
INSERT INTO event VALUES (1, 's', '{MADE}', 'gtm.activity.added', 'n', 'ada', '{{}}', NULL, NULL, NULL, 0);
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk over a file of the first version, opened by this program."""
    path = tmp_path / "old.db"
    with monkeypatch.context() as patch:
        patch.setattr(db, "MIGRATIONS", MIGRATIONS[:1])
        patch.setattr(db, "LATEST", 1)
        db.Database(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(OLD)
    engine = Engine(path, clock=FixedClock(START), drafter=CannedDrafter())
    yield Desk(engine, RecordingMailer(), CannedDrafter())
    engine.close()


def test_what_was_done_is_still_told_in_its_order_and_by_whom(desk: Desk) -> None:
    """What is open stands where it was planned."""
    items = desk.call("gtm.crm.timeline", contact_id="c", kinds="note,task,call").items
    assert [(entry.id, entry.actor, entry.outcome) for entry in items] == [
        ("d", "", "no answer"), ("t", "", ""), ("n", "ada", ""),
    ]  # fmt: skip
    assert items[1].at.day == 1


def test_what_was_planned_can_be_done_and_taken_back(desk: Desk) -> None:
    [task] = desk.call("gtm.crm.list_tasks").items
    assert (task.activity_id, task.notes, task.duration_minutes) == ("t", "", None)
    desk.call("gtm.crm.complete_task", activity_id="t", next="more")
    desk.call("undo")
    assert desk.call("gtm.crm.list_tasks").items == (
        task.model_copy(update={"version": task.version + 2}),
    )
