"""A file from before schedules: what was planned keeps its moment, and everybody has a turn."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from rusvel_tui.adapters.clock import FixedClock
from rusvel_tui.engine import db
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.migrations import MIGRATIONS
from tests.engine.test_pipeline_migration import blank, insert
from tests.factories import START, Desk, query
from tests.fakes import CannedDrafter, RecordingMailer

RUN_AT = "2026-11-24T08:00:00.000Z"
MAILS = (
    ("m1", "e1", 0, "sent", "succeeded"),
    ("m2", "e1", 1, "held", "awaiting_approval"),
    ("m3", "e2", 0, "scheduled", "queued"),
)
"""Id, enrollment, position, state, and the state of the job: somebody before the second step, and somebody new."""


def fill(connection: sqlite3.Connection) -> None:
    """A sequence of two mails with two people on their way."""

    def add(table: str, **values: object) -> None:
        insert(connection, table, **blank(connection, table) | {"session_id": "s"} | values)

    connection.execute("INSERT INTO setting VALUES ('', 'session.active', '\"s\"')")
    insert(connection, "session", **blank(connection, "session") | {
        "id": "s", "name": "acme", "currency": "EUR", "timezone": "UTC", "sender_email": "ada@acme.example"})  # fmt: skip
    add("sequence", id="q", name="Intro", status="active", version_id="v")
    insert(connection, "sequence_version", id="v", sequence_id="q", number=1, created_at=RUN_AT)
    for position in (0, 1):
        insert(connection, "step", **blank(connection, "step") | {
            "id": f"t{position}", "version_id": "v", "position": position, "type": "email_auto",
            "delay_days": 3 * position, "channel": "email", "body": "Hi."})  # fmt: skip
    for key in ("e1", "e2"):
        add("contact", id=f"c{key}", name=key)
        address = f"{key}@example.com"
        add(
            "contact_email",
            id=f"a{key}",
            contact_id=f"c{key}",
            address=address,
            key=address,
            position=0,
        )
        place = 1 if key == "e1" else 0
        add("enrollment", id=key, sequence_id="q", version_id="v", contact_id=f"c{key}", run_no=1, status="active", position=place)  # fmt: skip
    for mail, enrollment, position, state, job in MAILS:
        numbers = {"priority": 0, "attempts": 0, "max_attempts": 6, "fence": 0}
        payload = {"sequence_id": "q", "sequence_run_id": enrollment, "contact_id": f"c{enrollment}",
                   "step_index": position, "channel": "email", "type": "EMAIL_AUTO"}  # fmt: skip
        add("job", id=mail, kind="OutreachSend", state=job, payload=json.dumps(payload), run_at=RUN_AT,
            unique_key=f"step:{enrollment}:{position}", **numbers)  # fmt: skip
        address = f"{enrollment}@example.com"
        add("mail", id=mail, sequence_id="q", version_id="v", enrollment_id=enrollment, contact_id=f"c{enrollment}",
            run_no=1, position=position, step_type="email_auto", recipient_key=address, to_address=address, state=state,
            message_id=f"<{mail}@x>", refs="[]", attachments="[]", problems="[]", warnings="[]", reply_code=0)  # fmt: skip


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of the first version with that in it."""
    made = tmp_path / "old.db"
    with monkeypatch.context() as patch:
        patch.setattr(db, "MIGRATIONS", MIGRATIONS[:1])
        patch.setattr(db, "LATEST", 1)
        db.Database(made).close()
    with closing(sqlite3.connect(made)) as connection:
        fill(connection)
        connection.commit()
    return made


def test_old_mails_are_due_when_their_job_was_and_have_their_turn(path: Path) -> None:
    engine = Engine(path, clock=FixedClock(START), drafter=CannedDrafter())
    desk = Desk(engine, RecordingMailer(), CannedDrafter())
    try:
        rows = "SELECT mail.id, due_at, first_touch, priority FROM mail JOIN job USING (id) ORDER BY mail.id"
        assert query(desk, rows) == [
            ("m1", None, 1, 0),
            ("m2", RUN_AT, 0, 0),
            ("m3", RUN_AT, 1, 1),
        ]
        assert desk.call("gtm.outreach.explain", id="m2").state == "Held"
        assert desk.call("gtm.outreach.run_due").processed == 1
        assert desk.mail("m3").state == "Held"
        found = desk.call("gtm.outreach.plan")
        assert [(day.mails, day.tasks) for day in found.days if day.lines] == [(2, 0), (1, 0)]
    finally:
        engine.close()
