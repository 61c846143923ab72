"""What is to be done: planned, listed by urgency, done with its outcome, put off, opened again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from rusvel_tui.engine.errors import Conflict, InvalidInput, InvalidState, NotFound
from tests.engine.test_activities import rows
from tests.factories import START, Desk, enrollment, kinds, statements


def test_a_task_is_due_now_unless_it_says_when(desk: Desk) -> None:
    now = desk.call("gtm.crm.add_task", subject="call back")
    later = desk.call("gtm.crm.add_task", subject="send", due_at="2026-12-01T09:00:00+01:00")
    assert now.due_at == START
    assert later.due_at.isoformat() == "2026-12-01T08:00:00+00:00"
    assert (now.status, now.contact_id, now.contact) == ("open", None, "")


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("tomorrow", "2026-11-25T08:00"),
        ("in 3 days", "2026-11-27T08:00"),
        ("mon 9:00", "2026-11-30T08:00"),
        ("2026-12-01T09:00:00", "2026-12-01T08:00"),
    ],
)
def test_days_and_times_are_those_of_the_session(desk: Desk, text: str, due: str) -> None:
    desk.call("session.update", timezone="Europe/Berlin")
    task = desk.call("gtm.crm.add_task", subject="x", due_at=text)
    assert task.due_at.isoformat()[:16] == due


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"subject": "\t"}, "subject", "needs a text"),
        ({"subject": "x" * 501}, "subject", "longer than 500"),
        ({"subject": "x", "due_at": "soon"}, "due_at", "tomorrow, fri"),
        ({"subject": "x", "kind": "note"}, "kind", "cannot be planned"),
    ],
)
def test_a_task_with_a_wrong_value_is_refused(
    desk: Desk, values: dict[str, str], field: str, words: str
) -> None:
    with pytest.raises(InvalidInput, match=words) as caught:
        desk.call("gtm.crm.add_task", **values)
    assert caught.value.field == field


def test_a_task_is_done_once_and_can_be_opened_again(desk: Desk) -> None:
    task = desk.call("gtm.crm.add_task", subject="call back")
    planned = rows(desk)
    desk.later(hours=1)
    done = desk.call(
        "gtm.crm.complete_task",
        activity_id=task.activity_id,
        outcome="no  answer",
        notes="busy",
        duration_minutes=3,
    )
    assert (done.status, done.outcome, done.notes, done.duration_minutes) == (
        "done",
        "no answer",
        "busy",
        3,
    )
    assert done.at == START + timedelta(hours=1)
    with pytest.raises(InvalidState, match="The task is done and cannot become done"):
        desk.call("gtm.crm.complete_task", activity_id=task.activity_id)
    again = desk.call("gtm.crm.reopen_task", activity_id=task.activity_id)
    assert (again.status, again.at, again.outcome, again.notes) == ("open", START, "", "busy")
    with pytest.raises(InvalidState, match="cannot become open"):
        desk.call("gtm.crm.reopen_task", activity_id=task.activity_id)
    assert kinds(desk, "gtm.activity") == ["gtm.activity.added", *["gtm.activity.updated"] * 2]
    desk.call("undo")
    desk.call("undo")
    assert rows(desk) == planned


def test_a_done_task_can_be_taken_back_and_done_again(desk: Desk) -> None:
    task = desk.call("gtm.crm.add_task", subject="call back")
    desk.call("gtm.crm.complete_task", activity_id=task.activity_id)
    desk.call("undo")
    assert len(desk.call("gtm.crm.list_tasks").items) == 1
    desk.call("redo")
    assert desk.call("gtm.crm.list_tasks").items == ()


def test_q_092_what_is_done_plans_what_follows_and_both_go_back_at_once(desk: Desk) -> None:
    task = desk.call(
        "gtm.crm.add_task", subject="Call", kind="call", contact_id=desk.contact("Grace").contact_id
    )
    planned = rows(desk)
    done = desk.call(
        "gtm.crm.complete_task", activity_id=task.activity_id, outcome="VOICEMAIL",
        next={"subject": "Call again", "due_at": "in 2 days", "kind": "call"},
    )  # fmt: skip
    assert (done.outcome, done.follow_up.due_at) == ("voicemail", START + timedelta(days=2))
    assert [open_.subject for open_ in desk.call("gtm.crm.list_tasks").items] == ["Call again"]
    desk.call("undo")
    assert rows(desk) == planned


def test_a_note_is_nothing_to_do(desk: Desk) -> None:
    note = desk.call("gtm.crm.add_note", body="x", contact_id=desk.contact().contact_id)
    for name, more in {
        "complete_task": {},
        "reopen_task": {},
        "snooze_task": {"until": "fri"},
    }.items():
        with pytest.raises(InvalidState):
            desk.call(f"gtm.crm.{name}", activity_id=note.activity_id, **more)
        with pytest.raises(NotFound, match="no activity 'nope'"):
            desk.call(f"gtm.crm.{name}", activity_id="nope", **more)


def test_a_task_can_be_put_off(desk: Desk) -> None:
    task = desk.call("gtm.crm.add_task", subject="x")
    later = desk.call("gtm.crm.snooze_task", activity_id=task.activity_id, until="in a week")
    assert later.due_at == START + timedelta(weeks=1)
    with pytest.raises(InvalidInput) as caught:
        desk.call("gtm.crm.snooze_task", activity_id=task.activity_id, until="never")
    assert caught.value.field == "until"
    with pytest.raises(Conflict):
        desk.call(
            "gtm.crm.snooze_task", activity_id=task.activity_id, until="fri", version=task.version
        )
    desk.call("undo")
    assert desk.call("gtm.crm.list_tasks").items[0].due_at == START


def test_q_092_what_is_open_comes_by_its_due_time_and_by_urgency(desk: Desk) -> None:
    """Days are those of the session: just before midnight there is the day before in UTC."""
    desk.call("session.update", timezone="Asia/Tokyo")
    dues = {"late": "2026-11-23T14:59:59Z", "today": "2026-11-23T15:00:00Z", "eve": "2026-11-24T14:59:59Z",
            "next": "2026-11-24T15:00:00Z"}  # fmt: skip
    for subject, due in dues.items():
        desk.call("gtm.crm.add_task", subject=subject, due_at=due)

    def listed(**which: Any) -> list[str]:
        return [item.subject for item in desk.call("gtm.crm.list_tasks", **which).items]

    assert listed() == list(dues)
    assert listed(due="overdue") == ["late"]
    assert listed(due="Today") == ["today", "eve"]
    assert listed(due="UPCOMING") == ["next"]


def test_tasks_are_found_by_kind_contact_and_deal(desk: Desk) -> None:
    person = desk.contact(company="Acme")
    deal = desk.call("gtm.crm.add_deal", contact_id=person.contact_id, title="Looms")
    desk.call("gtm.crm.add_task", subject="alone")
    desk.call("gtm.crm.add_task", subject="ring", kind="call", contact_id=person.contact_id)
    desk.call("gtm.crm.add_task", subject="offer", deal_id=deal.deal_id)

    def listed(**which: Any) -> list[str]:
        return [item.subject for item in desk.call("gtm.crm.list_tasks", **which).items]

    assert listed(kind="call") == ["ring"]
    assert listed(contact_id=person.contact_id) == ["ring", "offer"]
    assert listed(deal_id=deal.deal_id) == ["offer"]
    assert listed(company_id=person.company_id) == ["ring", "offer"]
    with pytest.raises(InvalidInput):
        listed(due="whenever")


def test_the_list_has_pages_without_gaps(desk: Desk) -> None:
    for number in range(7):
        desk.call("gtm.crm.add_task", subject=str(number), due_at=f"2026-12-0{1 + number // 3}")
    seen: list[str] = []
    cursor: Any = None
    for _ in range(4):
        page = desk.call("gtm.crm.list_tasks", limit=2, cursor=cursor)
        seen += [item.subject for item in page.items]
        cursor = page.next
    assert (seen, cursor) == ([str(number) for number in range(7)], None)


def test_nobody_is_to_be_called_who_was_deleted(desk: Desk) -> None:
    person, other = desk.contact(), desk.contact()
    deal = desk.call("gtm.crm.add_deal", contact_id=other.contact_id, title="Looms")
    desk.call("gtm.crm.add_task", subject="ring", contact_id=person.contact_id)
    desk.call("gtm.crm.add_task", subject="offer", deal_id=deal.deal_id)
    desk.call("gtm.crm.delete_contact", contact_id=person.contact_id)
    desk.call("gtm.crm.delete_deal", deal_id=deal.deal_id)
    assert desk.call("gtm.crm.list_tasks").items == ()
    desk.call("undo")
    desk.call("undo")
    assert len(desk.call("gtm.crm.list_tasks").items) == 2


def test_the_call_of_a_sequence_lets_the_person_go_on_and_may_plan_more(desk: Desk) -> None:
    person = desk.contact()
    desk.enrol(desk.sequence({"type": "CALL"}), person)
    desk.work()
    [call] = desk.call("gtm.crm.list_tasks").items
    done = desk.call(
        "gtm.crm.complete_task",
        activity_id=call.activity_id,
        outcome="Reached",
        notes="nice",
        next="Send prices",
    )
    assert (done.status, done.outcome, done.notes) == ("done", "reached", "nice")
    assert enrollment(desk, person.contact_id).status == "Completed"
    with pytest.raises(InvalidState):
        desk.call("gtm.crm.reopen_task", activity_id=call.activity_id)
    desk.call("undo")
    assert desk.call("gtm.crm.list_tasks").items == ()
    assert desk.call("gtm.crm.get_activity", activity_id=call.activity_id).status == "done"


def test_the_list_takes_the_same_number_of_queries_however_long_it_is(desk: Desk) -> None:
    def count() -> int:
        with statements(desk) as seen:
            desk.call("gtm.crm.list_tasks")
        return len(seen)

    desk.call("gtm.crm.add_task", subject="x", contact_id=desk.contact().contact_id)
    one = count()
    for _ in range(10):
        deal = desk.call("gtm.crm.add_deal", contact_id=desk.contact().contact_id, title="Looms")
        desk.call("gtm.crm.add_task", subject="x", deal_id=deal.deal_id)
    assert count() == one > 1
