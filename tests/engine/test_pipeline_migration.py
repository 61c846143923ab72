"""A file from before stages were data: its deals keep their stage, order and way, and get what they lacked."""

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

AT = "2026-11-0{}T09:00:00.000Z"
DEALS = (
    ("d1", "proposal", 5),
    ("d2", "lead", 0),
    ("d3", "lead", 0),
    ("d4", "lead", -1),
    ("d5", "won", 2),
)


def insert(connection: sqlite3.Connection, table: str, **values: object) -> None:
    """A row; what is left out of text columns is empty."""
    marks = ",".join("?" * len(values))
    connection.execute(
        f"INSERT INTO {table} ({','.join(values)}) VALUES ({marks})", tuple(values.values())
    )


def blank(connection: sqlite3.Connection, table: str) -> dict[str, object]:
    """Something for every column that needs a value."""
    rows = connection.execute(f"PRAGMA table_info({table})").fetchall()
    texts = {"metadata": "{}", "fields": "{}", "tags": "[]", "links": "[]", "version": 1, "created_at": AT.format(1),
             "updated_at": AT.format(1)}  # fmt: skip
    return {name: texts.get(name, "") for _, name, _, needed, *_ in rows if needed}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk over a file of the first version with five deals in it, opened by this program."""
    path = tmp_path / "old.db"
    with monkeypatch.context() as patch:
        patch.setattr(db, "MIGRATIONS", MIGRATIONS[:1])
        patch.setattr(db, "LATEST", 1)
        db.Database(path).close()
    with closing(sqlite3.connect(path)) as connection:
        insert(connection, "session", **blank(connection, "session") | {
            "id": "s", "name": "acme", "currency": "EUR", "timezone": "UTC"})  # fmt: skip
        connection.execute("INSERT INTO setting VALUES ('', 'session.active', '\"s\"')")
        insert(connection, "contact", **blank(connection, "contact") | {
            "id": "c", "session_id": "s", "name": "Grace", "company": "Navy"})  # fmt: skip
        for id_, stage, rank in DEALS:
            insert(connection, "deal", **blank(connection, "deal") | {
                "id": id_, "session_id": "s", "contact_id": "c", "title": id_, "value_minor": 1000, "currency": "EUR",
                "stage": stage, "rank": rank})  # fmt: skip
        for number, (from_, to) in enumerate((("lead", "qualified"), ("qualified", "proposal")), 3):
            insert(connection, "stage_move", id=f"m{number}", deal_id="d1", from_stage=from_, to_stage=to,
                   at=AT.format(number), actor="user")  # fmt: skip
        connection.commit()
    engine = Engine(path, clock=FixedClock(START), drafter=CannedDrafter())
    yield Desk(engine, RecordingMailer(), CannedDrafter())
    engine.close()


def test_the_session_has_the_six_stages(desk: Desk) -> None:
    seen = desk.call("gtm.crm.get_pipeline")
    assert [(s.name, s.probability, s.rot_days, s.deals) for s in seen.stages] == [
        ("Lead", 10, 14, 3), ("Qualified", 25, 14, 0), ("Proposal", 50, 10, 1), ("Negotiation", 75, 7, 0),
        ("Won", 100, None, 1), ("Lost", 0, None, 0),
    ]  # fmt: skip


def test_a_new_session_has_the_same_pipeline_as_an_old_one(desk: Desk) -> None:
    old = desk.call("gtm.crm.get_pipeline")
    desk.call("session.create", name="new")
    new = desk.call("gtm.crm.get_pipeline")
    ignored = {"pipeline_id", "deals"}
    assert new.name == old.name
    assert [stage.model_dump(exclude=ignored) for stage in new.stages] == [
        stage.model_dump(exclude=ignored) for stage in old.stages
    ]


def test_the_cards_keep_their_order_and_can_be_moved(desk: Desk) -> None:
    """Also cards that had one place."""

    def lead() -> list[str]:
        return [card.title for card in desk.call("gtm.crm.board").columns[0].cards]

    assert lead() == ["d4", "d2", "d3"]
    desk.call("gtm.crm.reorder_deal", deal_id="d3", by=-1)
    assert lead() == ["d4", "d3", "d2"]
    desk.call("undo")
    assert lead() == ["d4", "d2", "d3"]


def test_the_time_in_the_stage_and_the_company_are_filled_in(desk: Desk) -> None:
    moved = desk.call("gtm.crm.get_deal", deal_id="d1")
    assert (moved.stage_days, [stay.stage for stay in moved.stays]) == (
        20,
        ["Lead", "Qualified", "Proposal"],
    )
    assert (moved.company, moved.company_id is not None) == ("Navy", True)
    still = desk.call("gtm.crm.get_deal", deal_id="d2")
    assert (still.stage_days, still.rot.rotting, still.tags, still.fields) == (23, True, (), {})
