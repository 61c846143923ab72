"""What comes on its day: invoices that come again and reminders, once each, also when a worker is killed at it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rusvel_tui.adapters.clock import FixedClock
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.invoices.recurring.periods import Every, period_day, period_name
from tests.engine.invoices.book import draft, final, right
from tests.factories import Desk, query

HOSTING = {"description": "Hosting {period}", "unit_price": "10"}


def _recurring(desk: Desk, starts_on: str, **more: Any) -> Any:
    wanted = {"client_name": "Grace", "create_client": True, "line_items": [HOSTING]}
    return desk.call("gtm.invoices.create_recurring", starts_on=starts_on, **(wanted | more))


def _made(desk: Desk) -> list[str]:
    """The periods that were drafted, oldest first."""
    items = desk.call("gtm.invoices.list_invoices", limit=100).items
    views = [desk.call("gtm.invoices.get_invoice", invoice_id=one.invoice_id) for one in items]
    return [one.metadata["period"] for one in reversed(views)]


def test_a_month_end_is_kept_and_a_long_pause_of_the_worker_is_made_up_for(desk: Desk) -> None:
    _recurring(desk, "2026-12-31")
    desk.later(days=160)  # until May
    desk.work()
    desk.work()
    assert _made(desk) == ["2026-12-31", "2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]
    line = desk.call("gtm.invoices.list_invoices").items[0]
    view = desk.call("gtm.invoices.get_invoice", invoice_id=line.invoice_id)
    assert view.lines[0].description == "Hosting April 2027"


def test_it_ends_by_number_and_by_day(desk: Desk) -> None:
    one = _recurring(desk, "2026-12-01", every="week", most=3)
    other = _recurring(desk, "2026-12-01", every="quarter", ends_on="2027-03-31")
    desk.later(days=400)
    desk.work()
    for row, made in ((one, 3), (other, 2)):
        seen = desk.call("gtm.invoices.get_recurring", recurring_id=row.recurring_id)
        assert (seen.status, seen.made) == ("Ended", made)


def test_a_pause_passes_over_what_came_due_in_it(desk: Desk) -> None:
    row = _recurring(desk, "2026-12-01")
    change = {"recurring_id": row.recurring_id}
    desk.call("gtm.invoices.change_recurring", status="Paused", **change)
    desk.later(days=80)
    desk.work()
    assert _made(desk) == []
    resumed = desk.call("gtm.invoices.change_recurring", status="Active", **change)
    assert resumed.next_on == "2027-03-01"
    desk.call("undo")
    desk.later(days=80)
    desk.work()
    assert _made(desk) == []


def test_lines_that_could_not_be_invoiced_are_refused_at_once(desk: Desk) -> None:
    with pytest.raises(InvalidInput, match="line 1: price"):
        _recurring(desk, "2026-12-01", line_items=[{"description": "x", "unit_price": "1,5"}])
    with pytest.raises(InvalidInput, match="before it starts"):
        _recurring(desk, "2026-12-01", ends_on="2026-11-01")


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from(Every), st.integers(0, 200))
def test_days_of_a_series_rise_and_keep_their_anchor(first: date, every: Every, place: int) -> None:
    day, after = period_day(first, every, place), period_day(first, every, place + 1)
    assert day < after
    if every is not Every.WEEK:
        assert day.day == first.day or (day + timedelta(days=1)).day == 1
    assert period_name(day, every)


@pytest.mark.parametrize("point", ["recurring.drafted", "reminder.written", "reminder.kept"])
def test_a_worker_killed_at_it_leaves_each_once(tmp_path: Path, point: str) -> None:
    path = tmp_path / "desk.db"
    clock = FixedClock(datetime(2026, 11, 24, 9, tzinfo=UTC))
    desk = Desk.with_session(Engine(path, clock=clock))
    desk.contact("Grace", "grace@example.com")
    final(desk)
    _recurring(desk, "2026-12-10")
    desk.engine.close()
    now = datetime(2026, 12, 10, 10, tzinfo=UTC)
    assert _work(path, now, RUSVEL_CRASHPOINT=point) == -signal.SIGKILL
    for days in (0, 1, 40):
        assert _work(path, now + timedelta(days=days, hours=1)) == 0
    desk = Desk(Engine(path, clock=clock), desk.mailer, desk.drafter)
    steps = query(desk, "SELECT step, count(*) FROM invoice_reminder GROUP BY step ORDER BY step")
    mails = "SELECT occasion, count(*) FROM mail WHERE source_kind = 'reminder' GROUP BY 1"
    assert steps == [(step, 1) for step in (-3, 1, 7, 14, 30)]
    assert dict(query(desk, mails)) == dict.fromkeys(("-3", "+1", "+7", "+14", "+30"), 1)
    assert (
        query(
            desk,
            "SELECT once, count(*) FROM invoice WHERE once IS NOT NULL GROUP BY 1 HAVING count(*) > 1",
        )
        == []
    )
    assert query(desk, "SELECT made FROM recurring_invoice") == [(2,)]
    assert right(desk)
    desk.engine.close()


def _work(path: Path, now: datetime, **env: str) -> int:
    """A worker of its own that does what is due then; how it ended."""
    words = [sys.executable, "-m", "rusvel_tui", "--db", str(path), "--now", now.isoformat()]
    done = subprocess.run(
        [*words, "worker", "--until-idle"], env=os.environ | env, capture_output=True, check=False
    )
    return done.returncode


def test_a_draft_of_a_deleted_client_pauses_the_series(desk: Desk) -> None:
    row = _recurring(desk, "2026-12-01")
    desk.call("gtm.crm.delete_contact", contact_id=row.contact_id)
    desk.later(days=10)
    desk.work()
    seen = desk.call("gtm.invoices.get_recurring", recurring_id=row.recurring_id)
    assert (seen.status, seen.made) == ("Paused", 0)
    assert draft(desk, client_name="Somebody else").status == "Draft"
