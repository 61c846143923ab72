"""What is next for a deal, and when it is left alone for too long."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rusvel_tui.engine.gtm.crm.deals.next_action import NextAction
from rusvel_tui.engine.gtm.crm.deals.rot import RotFacts, is_rotting, rot_view
from rusvel_tui.engine.gtm.crm.pipelines.stages import StageInfo, StageKind
from rusvel_tui.engine.gtm.crm.timeline.activity_views import ActivityKind
from tests.factories import START, Desk, statements

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def add(desk: Desk, **more: Any) -> Any:
    if "contact_id" not in more:
        more["contact_id"] = desk.contact().contact_id
    return desk.call("gtm.crm.add_deal", **{"title": "Looms"} | more)


def seen(desk: Desk, deal: Any) -> Any:
    return desk.call("gtm.crm.get_deal", deal_id=deal.deal_id)


def card(desk: Desk) -> Any:
    """The only card of the board."""
    [found] = [card for column in desk.call("gtm.crm.board").columns for card in column.cards]
    return found


def task(desk: Desk, subject: str, days: float = 1, **about: Any) -> Any:
    due = (START + timedelta(days=days)).isoformat()
    return desk.call("gtm.crm.add_task", subject=subject, due_at=due, **about)


def test_g_076_the_next_action_is_the_earliest_open_one(desk: Desk) -> None:
    """The first design had a pipeline with next actions and no place for them."""
    made = add(desk)
    assert (made.next_action, made.no_next_action) == (None, True)
    task(desk, "Later", 5, deal_id=made.deal_id)
    first = task(desk, "Call her", 2, deal_id=made.deal_id)
    next_ = seen(desk, made).next_action
    assert (next_.subject, next_.kind, next_.of) == ("Call her", ActivityKind.TASK, "deal")
    assert (next_.due, next_.activity_id) == (START + timedelta(days=2), first.activity_id)
    assert (card(desk).next, card(desk).no_next_action) == (next_, False)
    assert not seen(desk, made).no_next_action
    desk.call("gtm.crm.complete_task", activity_id=first.activity_id)
    assert seen(desk, made).next_action.subject == "Later"


def test_what_is_planned_with_the_person_alone_stands_in(desk: Desk) -> None:
    """Not so what belongs to another deal of theirs."""
    made = add(desk)
    other = add(desk, contact_id=made.contact_id, title="Other")
    task(desk, "For the other", 1, deal_id=other.deal_id)
    assert seen(desk, made).next_action is None
    task(desk, "Coffee", 3, contact_id=made.contact_id)
    assert (seen(desk, made).next_action.subject, seen(desk, made).next_action.of) == (
        "Coffee",
        "contact",
    )
    assert seen(desk, other).next_action.subject == "For the other"
    task(desk, "Own", 9, deal_id=made.deal_id)
    assert seen(desk, made).next_action.subject == "Own"


def test_a_deleted_task_and_a_note_are_no_next_action(desk: Desk) -> None:
    made = add(desk)
    desk.call("gtm.crm.add_note", deal_id=made.deal_id, body="x")
    planned = task(desk, "Call", 1, deal_id=made.deal_id)
    desk.call("gtm.crm.delete_activity", activity_id=planned.activity_id)
    assert seen(desk, made).no_next_action


def test_deals_without_a_next_action_are_listed(desk: Desk) -> None:
    """A closed one needs none."""
    bare, planned, theirs = (
        add(desk, title="bare"),
        add(desk, title="planned"),
        add(desk, title="theirs"),
    )
    add(desk, title="won", stage="Won")
    task(desk, "Call", deal_id=planned.deal_id)
    task(desk, "Call", contact_id=theirs.contact_id)
    found = desk.call("gtm.crm.list_deals", no_next_action=True).items
    assert [deal.deal_id for deal in found] == [bare.deal_id]
    assert desk.call("gtm.crm.board").no_next_action == 1
    assert [d.title for d in desk.call("gtm.crm.list_deals").items if d.no_next_action] == ["bare"]


def test_a_deal_rots_when_nobody_talks_for_longer_than_its_stage_allows(desk: Desk) -> None:
    made = add(desk)
    desk.later(days=14, hours=23)
    assert not seen(desk, made).rot.rotting
    desk.later(hours=1)
    rot = seen(desk, made).rot
    assert (rot.rotting, rot.quiet_days, rot.limit_days) == (True, 15, 14)
    assert rot.reasons == (
        "Nobody talked since it came into Lead, 15 days ago.",
        "Lead allows 14 days.",
        "No next action.",
    )
    assert (card(desk).rotting, card(desk).quiet_days, desk.call("gtm.crm.board").rotting) == (
        True,
        15,
        1,
    )


def test_rotting_deals_are_listed(desk: Desk) -> None:
    """The same as the board marks, page by page."""
    for number in range(5):
        made = add(
            desk, title=f"d{number}", stage=("Lead", "Proposal", "Negotiation", "Won")[number % 4]
        )
        if number == 1:
            task(desk, "Call", 60, deal_id=made.deal_id)
        if number == 2:
            desk.call("gtm.crm.snooze_deal", deal_id=made.deal_id, until="2027-06-01")
    desk.later(days=20)
    fresh = add(desk, title="new")
    desk.later(days=1)
    marked = {
        card.id for c in desk.call("gtm.crm.board").columns for card in c.cards if card.rotting
    }
    first = desk.call("gtm.crm.list_deals", rotting=True, limit=1)
    rest = desk.call("gtm.crm.list_deals", rotting=True, cursor=first.next)
    listed = [deal.deal_id for deal in (*first.items, *rest.items)]
    assert (len(listed), set(listed)) == (2, marked)
    assert fresh.deal_id not in listed


def test_a_talk_starts_the_count_anew(desk: Desk) -> None:
    """A call that nobody took, and a mail of ours, do not."""
    made = add(desk)
    desk.later(days=20)
    desk.call("gtm.crm.log_call", deal_id=made.deal_id, outcome="voicemail")
    desk.call("gtm.crm.add_note", deal_id=made.deal_id, body="x")
    assert seen(desk, made).rot.rotting
    desk.call("gtm.crm.log_call", deal_id=made.deal_id, outcome="reached")
    desk.later(days=2)
    rot = seen(desk, made).rot
    assert (rot.rotting, rot.quiet_days, rot.last_talk) == (False, 2, START + timedelta(days=20))
    assert rot.reasons[0] == "Last talked on 14 Dec 2026, 2 days ago."


def test_a_talk_with_the_person_counts_for_a_deal_and_one_about_another_deal_does_not(
    desk: Desk,
) -> None:
    made = add(desk)
    other = add(desk, contact_id=made.contact_id, title="Other")
    desk.later(days=20)
    desk.call("gtm.crm.log_call", deal_id=other.deal_id)
    assert (seen(desk, made).rot.rotting, seen(desk, other).rot.rotting) == (True, False)
    desk.call("gtm.crm.log_call", contact_id=made.contact_id)
    assert not seen(desk, made).rot.rotting


def test_what_is_booked_ahead_keeps_a_deal_from_rotting(desk: Desk) -> None:
    """The anchor's deals rot all the same; an action whose day has passed helps no more."""
    made = add(desk)
    task(desk, "Call in spring", 100, deal_id=made.deal_id)
    desk.later(days=100)
    assert not seen(desk, made).rot.rotting
    assert seen(desk, made).rot.reasons[-1] == "Next: Call in spring, 04 Mar 2027."
    desk.later(days=1)
    rot = seen(desk, made).rot
    assert (rot.rotting, rot.reasons[-1]) == (True, "Overdue: Call in spring, 04 Mar 2027.")


def test_a_deal_can_be_let_rest_until_a_day(desk: Desk) -> None:
    made = add(desk)
    desk.later(days=20)
    desk.call("gtm.crm.snooze_deal", deal_id=made.deal_id, until="2026-12-20")
    rot = seen(desk, made).rot
    assert (rot.rotting, rot.snoozed_until) == (False, "2026-12-20")
    assert rot.reasons[-1] == "Snoozed until 20 Dec 2026."
    desk.call("undo")
    assert seen(desk, made).rot.rotting
    desk.call("redo")
    desk.later(days=6)
    assert (seen(desk, made).rot.rotting, seen(desk, made).rot.snoozed_until) == (True, "")


def test_a_closed_deal_does_not_rot(desk: Desk) -> None:
    made = add(desk, stage="Won")
    desk.later(days=400)
    assert (seen(desk, made).rot.rotting, seen(desk, made).rot.reasons) == (False, ("It is Won.",))
    assert not card(desk).no_next_action


def test_a_stage_says_what_its_deals_lack_and_lets_them_pass(desk: Desk) -> None:
    asks = ["value", "expected_close", "company", "next_action", "notes"]
    stages = [
        {"name": "Lead"}, {"name": "Proposal", "requires": asks},
        {"name": "Won", "kind": "Won"}, {"name": "Lost", "kind": "Lost"},
    ]  # fmt: skip
    desk.call("gtm.crm.update_pipeline", stages=stages)
    company = desk.call("gtm.crm.add_company", name="Navy")
    made = add(desk)
    assert made.missing == ()
    moved = desk.call("gtm.crm.advance_deal", deal_id=made.deal_id, stage="Proposal")
    assert (moved.stage, list(moved.missing)) == ("Proposal", asks)
    task(desk, "Call", deal_id=made.deal_id)
    full = desk.call(
        "gtm.crm.update_deal", deal_id=made.deal_id, value="1", expected_close="2026-12-01", notes="x",
        company_id=company.company_id,
    )  # fmt: skip
    assert (full.missing, full.company) == ((), "Navy")


moments = st.integers(-200_000, 200_000).map(lambda minutes: NOW + timedelta(minutes=minutes))


@given(
    since=moments,
    talked=st.none() | moments,
    due=st.none() | moments,
    planned=st.booleans(),
    snoozed=st.none() | st.dates(date(2026, 6, 1), date(2027, 6, 1)),
    limit=st.none() | st.integers(1, 60),
)
def test_rot_is_quiet_too_long_and_nothing_ahead(
    since: datetime, talked: datetime | None, due: datetime | None, planned: bool, snoozed: date | None, limit: int | None
) -> None:  # fmt: skip
    """The rule in one line, for any facts; and nothing that lies ahead ever lets a deal rot."""
    stage = StageInfo("lead", "p", "Lead", StageKind.OPEN, 10, limit, 0, (), removed=False)
    next_ = (
        NextAction(activity_id="a", kind=ActivityKind.TASK, subject="x", due=due, of="deal")
        if planned
        else None
    )
    until = snoozed.isoformat() if snoozed else ""
    facts = RotFacts(stage, since, talked, next_, until)
    today = NOW.astimezone(BERLIN).date()
    quiet = (NOW - max(since, talked or since)).days
    ahead = planned and due is not None and due.astimezone(BERLIN).date() >= today
    resting = snoozed is not None and snoozed > today
    wanted = limit is not None and quiet > limit and not ahead and not resting
    assert is_rotting(facts, NOW, BERLIN) is wanted
    view = rot_view(facts, NOW, BERLIN)
    assert view.rotting is wanted
    assert view.quiet_days == max(0, quiet)
    assert all(reason.endswith(".") for reason in view.reasons)


@pytest.mark.parametrize("count", [1, 60])
def test_next_actions_and_talks_are_not_read_one_by_one(desk: Desk, count: int) -> None:
    for number in range(count):
        made = add(desk)
        task(desk, "Call", number, deal_id=made.deal_id)
    for name in ("gtm.crm.board", "gtm.crm.list_deals"):
        with statements(desk) as ran:
            desk.call(name)
        assert len(ran) <= 14, (name, ran)
