"""When people were last in touch, and whether anybody was met."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rusvel_tui.engine.gtm.crm.people.contact_moments import last_contacted
from rusvel_tui.engine.gtm.crm.timeline.outcomes import (
    NOBODY_MET,
    OUTCOMES,
    CallOutcome,
    MeetingOutcome,
)
from tests.factories import START, Desk


def test_the_newest_of_each_counts_and_a_try_too(desk: Desk) -> None:
    """A deleted entry, a note and what is still to be done do not."""
    first, second, third = (desk.contact().contact_id for _ in range(3))
    desk.call("gtm.crm.log_call", contact_id=first, outcome="reached", at="3 hours ago")
    desk.call("gtm.crm.log_call", contact_id=first, outcome="no answer", at="2 hours ago")
    desk.call("gtm.crm.log_meeting", subject="Demo", contact_id=second, at="1 hour ago")
    gone = desk.call("gtm.crm.log_call", contact_id=second)
    desk.call("gtm.crm.delete_activity", activity_id=gone.activity_id)
    desk.call("gtm.crm.add_note", body="x", contact_id=third)
    desk.call("gtm.crm.add_task", subject="x", kind="call", contact_id=third)
    with desk.engine.connected():
        found = last_contacted([first, second, third])
        assert last_contacted([]) == {}
    assert found == {first: START - timedelta(hours=2), second: START - timedelta(hours=1)}


@pytest.mark.parametrize("outcome", [*CallOutcome, *MeetingOutcome])
def test_rot_ends_only_when_somebody_was_met(desk: Desk, outcome: str) -> None:
    """The outcomes say whether it was a talk: by them a deal is left alone or not."""
    deal = desk.call("gtm.crm.add_deal", contact_id=desk.contact().contact_id, title="Looms")
    desk.later(days=30)
    if outcome in list(CallOutcome):
        desk.call("gtm.crm.log_call", deal_id=deal.deal_id, outcome=outcome)
    else:
        desk.call("gtm.crm.log_meeting", subject="Demo", deal_id=deal.deal_id, outcome=outcome)
    rot = desk.call("gtm.crm.get_deal", deal_id=deal.deal_id).rot
    assert rot.rotting == (outcome in NOBODY_MET)


def test_every_usual_outcome_has_one_digit() -> None:
    for outcomes in OUTCOMES.values():
        assert len(outcomes) == len(set(outcomes)) <= 9
