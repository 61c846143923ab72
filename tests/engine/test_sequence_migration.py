"""A file from before steps had names: people go on where they were, and nobody gets anything again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from rusvel_tui.adapters.clock import FixedClock
from rusvel_tui.engine.core import Engine
from tests.engine.test_schedule_migration import path
from tests.factories import START, Desk, box, enrollment, query
from tests.fakes import CannedDrafter, RecordingMailer

__all__ = ["path"]


@pytest.fixture
def old(path: Path) -> Iterator[Desk]:
    """The file of the first version, opened by this one."""
    mailer, drafter = RecordingMailer(), CannedDrafter()
    engine = Engine(path, clock=FixedClock(START), drafter=drafter, mailer=mailer)
    engine.policy = replace(engine.policy, mailer=mailer.label, undo_seconds=0)
    yield Desk(engine, mailer, drafter)
    engine.close()


def test_steps_and_mails_are_named_by_their_place(old: Desk) -> None:
    assert query(old, "SELECT key FROM step ORDER BY position") == [("s1",), ("s2",)]
    assert query(old, "SELECT id, step_key, variant FROM mail ORDER BY id") == [
        ("m1", "s1", ""),
        ("m2", "s2", ""),
        ("m3", "s1", ""),
    ]
    assert query(old, "SELECT id, job_id, since IS NOT NULL FROM enrollment ORDER BY id") == [
        ("e1", "m2", 1),
        ("e2", "m3", 1),
    ]
    with pytest.raises(Exception, match="breaks a rule"):
        query(old, "UPDATE mail SET step_key = 's1' WHERE id = 'm2'")


def test_words_of_an_end_are_its_note(path: Path) -> None:
    """The reason is one of the list; what stood there besides is kept."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "UPDATE enrollment SET status = 'cancelled', reason = 'no budget' WHERE id = 'e1'"
        )
        connection.execute(
            "UPDATE enrollment SET status = 'cancelled', reason = 'won' WHERE id = 'e2'"
        )
        connection.commit()
    engine = Engine(path, clock=FixedClock(START))
    desk = Desk(engine, RecordingMailer(), CannedDrafter())
    found = query(desk, "SELECT reason, note FROM enrollment ORDER BY id")
    engine.close()
    assert found == [("manual", "no budget"), ("won", "")]


def test_people_go_on_where_they_were(old: Desk) -> None:
    first, second = (enrollment(old, who) for who in ("ce1", "ce2"))
    assert (first.step, first.job_id, first.version_number) == (2, "m2", 1)
    assert (second.step, second.next_at is not None) == (1, True)
    skipped = old.call("gtm.outreach.skip_step", enrollment_ids=["e1"])
    assert skipped.count == 1
    assert enrollment(old, "ce1").reason == "finished"
    old.call("undo")
    assert enrollment(old, "ce1").step == 2
    old.work()
    assert {mail.id for mail in box(old)} >= {"m3"}


def test_old_sequences_have_new_versions(old: Desk) -> None:
    sequence = old.call("gtm.outreach.get_sequence", sequence_id="q")
    assert sequence.rules.again == "always"
    steps = [
        {"channel": "email", "body": "Before."},
        {"channel": "email", "body": "Hi.", "key": "s1"},
        {"channel": "email", "body": "Hi again.", "key": "s2", "delay_days": 3},
    ]
    changed = old.call("gtm.outreach.update_sequence", sequence_id="q", steps=steps)
    assert [step.key for step in changed.steps] == ["s3", "s1", "s2"]
    moved = old.call("gtm.outreach.move_people", sequence_id="q", from_version=1)
    assert [(one.from_step, one.to_step, one.anew) for one in moved.people] == [
        (2, 3, True),
        (1, 2, False),
    ]
    old.work()
    assert (
        sorted(query(old, "SELECT step_key, state FROM mail WHERE enrollment_id = 'e2'"))[-1][0]
        == "s1"
    )
    assert query(
        old, "SELECT count(*) FROM mail WHERE step_key = 's1' AND state <> 'cancelled'"
    ) == [(2,)]
