"""What runs again and again reads an index, however large the desk grows: the plans that SQLite makes of its statements."""

from __future__ import annotations

import re
from typing import Any

import pytest

from rusvel_tui.engine.worker import Worker
from tests.factories import HELLO, Desk, statements

LARGE = frozenset(
    ("contact", "contact_email", "mail", "job", "event", "enrollment", "activity", "invoice", "payment",
     "incoming_mail", "growth_event", "model_call", "chat_message", "proposal")
)  # fmt: skip
"""Tables that grow with every day of work."""
REPEATED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("gtm.mail.doubts", {}),
    ("job.outlook", {}),
    ("agent.pending", {}),
    ("gtm.today", {}),
    ("gtm.crm.contact_rows", {}),
    ("event.window", {}),
    ("gtm.approvals.list", {}),
    ("gtm.mail.list", {}),
    ("agent.proposals.window", {}),
)
"""What the worker asks for between two jobs, and what the pages read whenever there is news."""


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """Something of what is asked for."""
    desk.approve(desk.drafted(HELLO))
    desk.work()
    desk.call("gtm.crm.add_task", subject="Call back", due_at="today")
    return desk


def scans(desk: Desk, sql: str) -> list[str]:
    """The large tables that a statement reads from their first row to their last, without an index."""
    with desk.engine.connected() as connection:
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()]
    names = [found[1] for step in plan if (found := re.fullmatch(r"SCAN (\w+)", step))]
    return [name for name in map(_table(sql), names) if name in LARGE]


def _table(sql: str) -> Any:
    """What an alias of a statement stands for."""
    return lambda alias: next(
        (found[1] for found in re.finditer(rf'(?:FROM|JOIN|,)\s+"?(\w+)"?\s+(?:AS\s+)?"?{alias}"?\b', sql)),
        alias,
    )  # fmt: skip


def read_all(desk: Desk, seen: list[str]) -> dict[str, list[str]]:
    """The statements that read a large table whole."""
    selects = [
        one for one in dict.fromkeys(seen) if one.lstrip()[:6].upper() in ("SELECT", "WITH A")
    ]
    bad = {one: scans(desk, one) for one in selects if "(0 = 1)" not in one}
    return {one: tables for one, tables in bad.items() if tables and "DESC LIMIT 1" not in one}


@pytest.mark.parametrize(("name", "data"), REPEATED, ids=[name for name, _ in REPEATED])
def test_what_is_asked_again_and_again_reads_no_large_table_whole(
    busy: Desk, name: str, data: dict[str, Any]
) -> None:
    with statements(busy) as seen:
        busy.call(name, **data)
    assert seen
    assert read_all(busy, seen) == {}


def test_a_worker_with_nothing_to_do_reads_no_large_table_whole(busy: Desk) -> None:
    worker = Worker(busy.engine)
    with statements(busy) as seen:
        worker.until_idle()
    assert seen
    assert read_all(busy, seen) == {}


def test_a_table_that_is_read_whole_is_found(busy: Desk) -> None:
    """By its own name and by an alias, in the forms in which statements are written here."""
    for sql in (
        "SELECT body FROM mail WHERE body LIKE '%x%'",
        'SELECT "t1"."id" FROM "mail" AS "t1" WHERE "t1"."subject" = \'x\'',
        "SELECT m.id FROM mail m WHERE m.subject = 'x'",
    ):
        assert scans(busy, sql) == ["mail"]
    assert scans(busy, "SELECT id FROM mail WHERE id = 'x'") == []
