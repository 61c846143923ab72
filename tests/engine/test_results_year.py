"""Some months with everything that can happen: the results are what the rows say, counted one by one."""

from __future__ import annotations

from collections import Counter
from statistics import median
from typing import Any

import pytest

from tests.engine.test_year import BRIEF as BRIEF
from tests.engine.test_year import year as year
from tests.engine.year import Year
from tests.factories import Desk, query

DAYS = 70
ADDED_UP = (
    "drafted", "approved", "edited", "sent", "done", "bounced", "replied", "positive", "negative", "other",
    "unsubscribed", "meetings", "won",
)  # fmt: skip
"""What the steps, and the versions, add up to what their sequence has."""


@pytest.mark.slow
def test_results_are_what_happened(desk: Desk, year: Year) -> None:
    with desk.engine.connected():
        for _ in range(DAYS):
            year.day()
        win_some(desk)
        for sequence_id in year.sequences:
            seen = desk.call("gtm.outreach.sequence_results", sequence_id=sequence_id)
            adds_up(seen)
            by_version(desk, sequence_id, seen)
            like_the_rows(desk, sequence_id, seen)
    assert year.seen["bounced"] > 0
    assert sum(1 for _ in year.taken) > 200


def win_some(desk: Desk) -> None:
    """Some of those who were written to buy."""
    people = query(desk, "SELECT contact_id FROM mail WHERE state = 'sent' ORDER BY id LIMIT 20")
    for (contact_id,) in people[::4]:
        deal = desk.call("gtm.crm.add_deal", contact_id=contact_id, title="Looms", value="10")
        desk.call("gtm.crm.advance_deal", deal_id=deal.deal_id, stage="Won", reason="liked it")


def adds_up(seen: Any) -> None:
    for name in ADDED_UP:
        whole = getattr(seen, name)
        assert sum(getattr(step, name) for step in seen.steps) == whole, name
        assert sum(getattr(version, name) for version in seen.versions) == whole, name
        for step in seen.steps:
            if step.variants:
                assert sum(getattr(one, name) for one in step.variants) == getattr(step, name), name
    assert sum(version.enrolled for version in seen.versions) == seen.enrolled
    assert seen.active + seen.paused + seen.completed + seen.cancelled == seen.enrolled
    assert seen.sent <= seen.approved <= seen.drafted
    assert seen.replied == seen.positive + seen.negative + seen.other <= seen.sent + seen.enrolled
    assert all(0 <= stage.count <= seen.enrolled for stage in seen.funnel)
    reached, answered, positive = (stage.count for stage in seen.funnel[1:4])
    assert positive <= answered
    assert reached <= sum(step.sent + step.done for step in seen.steps)


def by_version(desk: Desk, sequence_id: str, seen: Any) -> None:
    for version in seen.versions:
        one = desk.call(
            "gtm.outreach.sequence_results", sequence_id=sequence_id, version=version.number
        )
        for name in ("enrolled", *ADDED_UP):
            assert getattr(one, name) == getattr(version, name), name


def like_the_rows(desk: Desk, sequence_id: str, seen: Any) -> None:
    """The same once more, from the bare rows."""
    rows = query(
        desk,
        "SELECT m.step_key, m.state, m.reply, m.replied_at, m.bounced_at, m.digest, m.sent_at FROM mail m"
        " JOIN enrollment e ON e.id = m.enrollment_id WHERE m.sequence_id = ? AND e.reason <> 'undone'",
        sequence_id,
    )
    found: dict[str, Counter[str]] = {step.key: Counter() for step in seen.steps}
    for key, state, reply, replied_at, bounced_at, digest, _ in rows:
        if digest or bounced_at:
            found[key]["drafted"] += digest is not None
            found[key]["sent"] += state == "sent"
            found[key]["bounced"] += bounced_at is not None
            found[key][reply] += state == "sent" and replied_at is not None
    for step in seen.steps:
        counts = found[step.key]
        assert (step.drafted, step.sent, step.bounced) == (
            counts["drafted"], counts["sent"], counts["bounced"],
        )  # fmt: skip
        assert step.positive >= counts["positive"]
    [(began,)] = query(
        desk,
        "SELECT count(*) FROM enrollment WHERE sequence_id = ? AND reason <> 'undone'",
        sequence_id,
    )
    assert seen.enrolled == began
    waits = query(
        desk,
        "SELECT (julianday(m.replied_at) - julianday(m.sent_at)) * 24 FROM mail m JOIN enrollment e"
        " ON e.id = m.enrollment_id WHERE m.sequence_id = ? AND m.state = 'sent' AND m.replied_at IS NOT NULL"
        " AND e.reason <> 'undone'",
        sequence_id,
    )
    if waits:
        assert seen.reply_hours == pytest.approx(median(hours for (hours,) in waits), abs=0.01)
