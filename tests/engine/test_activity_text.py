"""A jotted line is read the same way every time, and writes nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.timeline.activity_text import ReadActivity
from rusvel_tui.engine.gtm.crm.timeline.activity_views import ActivityKind
from tests.factories import Desk, events


def read(desk: Desk, text: str) -> ReadActivity:
    found = desk.call("gtm.crm.read_activity", text=text)
    assert isinstance(found, ReadActivity)
    return found


@pytest.mark.parametrize(
    ("text", "kind", "done", "subject", "at"),
    [
        ("call Ada tomorrow", ActivityKind.CALL, False, "call Ada", datetime(2026, 11, 25, 9, tzinfo=UTC)),
        ("Meeting with Bo on fri 14:00", ActivityKind.MEETING, False, "Meeting with Bo", datetime(2026, 11, 27, 14, tzinfo=UTC)),
        ("send the price list in 3 days", ActivityKind.TASK, False, "send the price list", datetime(2026, 11, 27, 9, tzinfo=UTC)),
        ("called Ada", ActivityKind.CALL, True, "called Ada", None),
        ("note: prefers short mails", ActivityKind.NOTE, True, "note: prefers short mails", None),
        ("met Bo yesterday", ActivityKind.MEETING, True, "met Bo", datetime(2026, 11, 23, 9, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_t_088_an_activity_is_read_from_its_description(
    desk: Desk, text: str, kind: ActivityKind, done: bool, subject: str, at: datetime | None
) -> None:
    found = read(desk, text)
    assert (found.kind, found.done, found.subject, found.at) == (kind, done, subject, at)


def test_what_came_of_a_call_and_what_follows(desk: Desk) -> None:
    found = read(desk, "Called Ada, no answer, 5 min, follow up on the quote fri 14:00")
    assert (found.outcome, found.duration_minutes) == ("no answer", 5)
    assert found.next_subject == "follow up on the quote"
    assert found.next_at == datetime(2026, 11, 27, 14, tzinfo=UTC)


def test_reading_writes_nothing(desk: Desk) -> None:
    before = len(events(desk))
    read(desk, "called Ada, interested")
    assert len(events(desk)) == before


def test_nothing_is_not_an_activity(desk: Desk) -> None:
    with pytest.raises(InvalidInput):
        read(desk, " . ")


@settings(
    max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200))
def test_any_line_is_read_or_refused(desk: Desk, text: str) -> None:
    try:
        found = read(desk, text)
    except InvalidInput:
        return
    assert found.subject
