"""A file from before results: what was refused because the address is dead counts as a bounce."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from rusvel_tui.adapters.clock import FixedClock
from rusvel_tui.engine.core import Engine
from tests.engine.test_schedule_migration import path
from tests.factories import START, Desk, query
from tests.fakes import CannedDrafter, RecordingMailer

__all__ = ["path"]


def test_older_refusals_of_dead_addresses_are_bounces(path: Path) -> None:
    """Others that were refused are none; sequences have neither a description nor a reason to rest."""
    with closing(sqlite3.connect(path)) as connection:
        for mail, enrollment, reason in (("m2", "e1", "bounced"), ("m3", "e2", "refused")):
            connection.execute("UPDATE mail SET state = 'rejected' WHERE id = ?", (mail,))
            connection.execute(
                "UPDATE enrollment SET status = 'cancelled', reason = ? WHERE id = ?",
                (reason, enrollment),
            )
        connection.commit()
    engine = Engine(path, clock=FixedClock(START))
    desk = Desk(engine, RecordingMailer(), CannedDrafter())
    rows = query(
        desk, "SELECT id, bounced_at = updated_at FROM mail WHERE state = 'rejected' ORDER BY id"
    )
    assert rows == [("m2", 1), ("m3", None)]
    assert query(desk, "SELECT DISTINCT description, pause_reason, bounces_since FROM sequence") == [
        ("", "", None)
    ]  # fmt: skip
    engine.close()
