"""Notes, tasks and the timeline; the suppression list."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from rusvel_tui.engine.errors import InvalidInput, InvalidState, NotFound
from tests.factories import HELLO, START, Desk, enrollment, events, kinds


def test_a_note_belongs_to_a_contact_or_a_deal(desk: Desk) -> None:
    person = desk.contact("Grace")
    deal = desk.call("gtm.crm.add_deal", contact_id=person.contact_id, title="Looms")
    first = desk.call("gtm.crm.add_note", body="met at the fair", contact_id=person.contact_id)
    second = desk.call("gtm.crm.add_note", body="wants two", deal_id=deal.deal_id)
    assert (first.kind, first.status, first.contact) == ("Note", "done", "Grace")
    assert (second.contact_id, second.deal_id) == (person.contact_id, deal.deal_id)
    timeline = desk.call("gtm.crm.timeline", contact_id=person.contact_id).items
    assert [entry.body for entry in timeline] == ["wants two", "met at the fair"]
    assert len(desk.call("gtm.crm.timeline", deal_id=deal.deal_id).items) == 1


@pytest.mark.parametrize(
    ("values", "field"), [({"body": " "}, "body"), ({"body": "x"}, "contact_id")]
)
def test_a_note_about_nothing_is_refused(desk: Desk, values: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        desk.call("gtm.crm.add_note", **values)
    assert caught.value.field == field


def test_a_task_is_due_now_unless_it_says_when(desk: Desk) -> None:
    now = desk.call("gtm.crm.add_task", subject="call back")
    later = desk.call("gtm.crm.add_task", subject="send", due_at="2026-12-01T09:00:00+01:00")
    assert now.due_at == START
    assert later.due_at is not None
    assert later.due_at.isoformat() == "2026-12-01T09:00:00+01:00"
    assert (now.status, now.contact_id, now.contact) == ("open", None, "")


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"subject": "\t"}, "subject", "needs a text"),
        ({"subject": "x", "due_at": "2026-12-01T09:00:00"}, "due_at", "needs a zone"),
        ({"subject": "x", "due_at": "soon"}, "due_at", "datetime"),
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
    desk.later(hours=1)
    done = desk.call("gtm.crm.complete_task", activity_id=task.activity_id, outcome="no  answer")
    assert (done.status, done.outcome) == ("done", "no answer")
    assert done.at == START + timedelta(hours=1)
    with pytest.raises(InvalidState, match="The task is done and cannot become done"):
        desk.call("gtm.crm.complete_task", activity_id=task.activity_id)
    assert desk.call("gtm.crm.reopen_task", activity_id=task.activity_id).status == "open"
    with pytest.raises(InvalidState, match="cannot become open"):
        desk.call("gtm.crm.reopen_task", activity_id=task.activity_id)
    assert kinds(desk, "gtm.activity") == ["gtm.activity.added", *["gtm.activity.updated"] * 2]


def test_a_done_task_can_be_taken_back_and_done_again(desk: Desk) -> None:
    task = desk.call("gtm.crm.add_task", subject="call back")
    desk.call("gtm.crm.complete_task", activity_id=task.activity_id)
    desk.call("undo")
    assert len(desk.call("gtm.crm.timeline", open_only=True).items) == 1
    desk.call("redo")
    assert desk.call("gtm.crm.timeline", open_only=True).items == ()


def test_a_note_is_nothing_to_do(desk: Desk) -> None:
    note = desk.call("gtm.crm.add_note", body="x", contact_id=desk.contact().contact_id)
    for name in ("complete_task", "reopen_task"):
        with pytest.raises(InvalidState):
            desk.call(f"gtm.crm.{name}", activity_id=note.activity_id)
        with pytest.raises(NotFound, match="no activity 'nope'"):
            desk.call(f"gtm.crm.{name}", activity_id="nope")


def test_what_is_open_comes_by_its_due_time(desk: Desk) -> None:
    for subject, due in (("c", "2026-12-03"), ("a", "2026-12-01"), ("b", "2026-12-02")):
        desk.call("gtm.crm.add_task", subject=subject, due_at=f"{due}T09:00:00Z")
    page = desk.call("gtm.crm.timeline", open_only=True, limit=2)
    assert [item.subject for item in page.items] == ["a", "b"]


def test_the_timeline_has_pages(desk: Desk) -> None:
    person = desk.contact()
    for number in range(5):
        if number % 2:
            desk.later(seconds=1)
        desk.call("gtm.crm.add_note", body=str(number), contact_id=person.contact_id)
    seen: list[str] = []
    cursor: Any = None
    for _ in range(3):
        page = desk.call("gtm.crm.timeline", limit=2, cursor=cursor)
        seen += [item.body for item in page.items]
        cursor = page.next
    assert (seen, cursor) == (["4", "3", "2", "1", "0"], None)


def test_a_sent_mail_is_on_the_timeline_and_counts_as_contact(desk: Desk) -> None:
    mail = desk.drafted(HELLO)
    desk.approve(mail)
    sent_at = desk.later(hours=2)
    desk.work()
    [entry] = desk.call("gtm.crm.timeline", contact_id=mail.contact_id).items
    assert (entry.kind, entry.subject, entry.job_id) == ("EmailOut", "Hello", mail.id)
    person = desk.call("gtm.crm.get_contact", contact_id=mail.contact_id)
    assert person.last_contacted_at == sent_at


# ---- suppression


@pytest.mark.parametrize(
    ("typed", "stored"),
    [(" Grace@Example.com ", "grace@example.com"), ("@Example.COM", "@example.com")],
)
def test_an_address_or_a_domain_is_suppressed(desk: Desk, typed: str, stored: str) -> None:
    made = desk.call("gtm.crm.suppress", address=typed, reason="asked\nus")
    assert (made.address, made.reason) == (stored, "asked us")
    assert desk.call("gtm.crm.suppress", address=stored, reason="again") == made
    assert [item.address for item in desk.call("gtm.crm.list_suppressed").items] == [stored]
    assert kinds(desk, "gtm.suppression") == ["gtm.suppression.added"]
    desk.call("gtm.crm.unsuppress", address=typed)
    assert desk.call("gtm.crm.list_suppressed").items == ()
    with pytest.raises(NotFound, match="is not on the suppression list"):
        desk.call("gtm.crm.unsuppress", address=typed)


@pytest.mark.parametrize("address", ["", "example.com", "@", "@localhost", "a@b@c.example"])
def test_what_is_neither_is_refused(desk: Desk, address: str) -> None:
    with pytest.raises(InvalidInput):
        desk.call("gtm.crm.suppress", address=address)
    assert desk.call("gtm.crm.list_suppressed").items == ()


@pytest.mark.parametrize("address", ["grace@example.com", "@example.com"])
def test_suppressing_ends_what_runs_for_the_address(desk: Desk, address: str) -> None:
    sequence = desk.sequence()
    grace, other = (
        desk.contact("Grace", "grace@example.com"),
        desk.contact("O", "o@sub.example.com"),
    )
    for person in (grace, other):
        desk.enrol(sequence, person)
    desk.call("gtm.crm.suppress", address=address)
    ended = enrollment(desk, grace.contact_id)
    assert (ended.status, ended.reason) == ("Cancelled", "unsubscribed")
    assert enrollment(desk, other.contact_id).status == "Active"
    with pytest.raises(InvalidInput, match="no address that may be written to"):
        desk.enrol(desk.sequence(name="Second"), grace)


def test_the_list_has_pages(desk: Desk) -> None:
    for name in "cab":
        desk.call("gtm.crm.suppress", address=f"{name}@example.com")
    first = desk.call("gtm.crm.list_suppressed", limit=2)
    assert [item.address[0] for item in first.items] == ["a", "b"]
    rest = desk.call("gtm.crm.list_suppressed", limit=2, cursor=first.next)
    assert ([item.address[0] for item in rest.items], rest.next) == (["c"], None)


def test_a_suppression_can_be_taken_back_by_a_person(desk: Desk) -> None:
    desk.call("gtm.crm.suppress", address="a@example.com", reason="asked")
    desk.call("undo")
    assert desk.call("gtm.crm.list_suppressed").items == ()
    desk.call("redo")
    assert desk.call("gtm.crm.list_suppressed").items[0].reason == "asked"
    assert len(events(desk, "gtm.suppression")) == 3
