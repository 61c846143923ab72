"""One change of many contacts: one event, one way back, and no query for each."""

from __future__ import annotations

import re
from typing import Any

import pytest

from rusvel_tui.engine.context import Actor
from rusvel_tui.engine.errors import Conflict, InvalidInput, NotFound, NotPermitted
from tests.factories import Desk, enrollment, events, query, statements

ROBOT = Actor("assistant", human=False)
CHANGES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("gtm.crm.tag_contacts", {"add": "vip"}),
    ("gtm.crm.suppress_contacts", {"reason": "asked"}),
    ("gtm.crm.delete_contacts", {}),
)

_OF_A_ROW = re.compile(r"--|UPDATE contact SET|INSERT INTO suppression|.*name_search", re.DOTALL)


def people(desk: Desk, count: int, **more: Any) -> list[str]:
    return [desk.contact(**more).contact_id for _ in range(count)]


def tags(desk: Desk, contact_id: str) -> tuple[str, ...]:
    found: tuple[str, ...] = desk.call("gtm.crm.get_contact", contact_id=contact_id).tags
    return found


def state(desk: Desk) -> list[Any]:
    return [
        query(desk, "SELECT id, tags, search, deleted_at FROM contact ORDER BY id"),
        query(desk, "SELECT id, key, deleted_at FROM contact_email ORDER BY id"),
        query(desk, "SELECT key, reason FROM suppression ORDER BY key"),
    ]


@pytest.mark.parametrize(("name", "data"), CHANGES)
def test_q_082_many_at_once_are_one_change_and_go_back_at_once(
    desk: Desk, name: str, data: dict[str, Any]
) -> None:
    ids = people(desk, 5, tags="old")
    before = state(desk)
    newest = desk.engine.cursor()
    done = desk.call(name, contact_ids=ids[:4], **data)
    after = state(desk)
    assert (done.chosen, done.changed) == (4, 4)
    [event] = [event for event in events(desk, "gtm") if event.id > newest]
    assert event.payload["name"] == "4 contacts"
    assert event.payload["count"] == 4
    assert after != before
    desk.call("undo")
    assert state(desk) == before
    desk.call("redo")
    again = [[row[:3] for row in part] for part in state(desk)]
    assert again == [[row[:3] for row in part] for part in after]
    desk.call("undo")
    assert state(desk) == before


@pytest.mark.parametrize(("name", "data"), CHANGES)
def test_the_number_of_statements_does_not_grow_with_the_number_of_contacts(
    desk: Desk, name: str, data: dict[str, Any]
) -> None:
    def ran(ids: list[str]) -> int:
        with statements(desk) as seen:
            desk.call(name, contact_ids=ids, **data)
            desk.call("undo")
        # A run of writes over the rows is one statement of ours; SQLite tells of each row, and of the search index.
        return sum(not _OF_A_ROW.match(text) for text in seen)

    few, many = people(desk, 2), people(desk, 40)
    assert ran(few) == ran(many)


@pytest.mark.parametrize(("name", "data"), CHANGES)
def test_contacts_are_chosen_by_ids_or_by_a_filter(
    desk: Desk, name: str, data: dict[str, Any]
) -> None:
    chosen, other = desk.contact(tags="fair"), desk.contact()
    for both in ({}, {"contact_ids": other.contact_id, "filter": "tag:fair"}):
        with pytest.raises(InvalidInput, match="by ids, or by a filter") as caught:
            desk.call(name, **data, **both)
        assert caught.value.field == "contact_ids"
    with pytest.raises(InvalidInput):
        desk.call(name, **data, filter="nonsense:1")
    assert desk.call(name, **data, filter="tag:fair").changed == 1
    assert desk.call(name, **data, contact_ids="nobody").chosen == 0
    assert tags(desk, other.contact_id) == ()
    assert other.emails[0].opted_out is False
    assert events(desk, "gtm")[0].subject_id in ("", chosen.contact_id)


@pytest.mark.parametrize(("name", "data"), CHANGES)
def test_q_093_contacts_of_another_session_are_not_chosen(
    desk: Desk, name: str, data: dict[str, Any]
) -> None:
    ids = people(desk, 2)
    before = state(desk)
    desk.call("session.create", name="other")
    done = desk.call(name, contact_ids=ids, **data)
    assert (done.chosen, done.changed) == (0, 0)
    assert state(desk) == before


def test_tags_are_added_and_removed_whatever_their_case(desk: Desk) -> None:
    one, other, third = (
        desk.contact(tags=marks).contact_id for marks in ("VIP,old", "old,x", "vip")
    )
    done = desk.call(
        "gtm.crm.tag_contacts", contact_ids=[one, other, third], add="vip, vip", remove="OLD"
    )
    assert (done.chosen, done.changed) == (3, 2)
    assert [tags(desk, contact_id) for contact_id in (one, other, third)] == [
        ("VIP",),
        ("x", "vip"),
        ("vip",),
    ]
    assert desk.call("gtm.crm.list_contacts", tag="vip").total == 3
    assert desk.call("gtm.crm.list_contacts", tag="old").total == 0
    with pytest.raises(InvalidInput, match="Name the tags") as caught:
        desk.call("gtm.crm.tag_contacts", contact_ids=[one])
    assert caught.value.field == "add"


def test_a_tag_that_all_have_already_is_no_change(desk: Desk) -> None:
    ids = people(desk, 2, tags="vip")
    assert desk.call("gtm.crm.tag_contacts", contact_ids=ids, add="vip").changed == 0
    assert events(desk, "gtm.contact.updated") == []


def test_undo_leaves_the_tags_of_whom_somebody_changed_since(desk: Desk) -> None:
    one, other = people(desk, 2)
    desk.call("gtm.crm.tag_contacts", contact_ids=[one, other], add="vip")
    desk.call("gtm.crm.update_contact", contact_id=one, tags="mine")
    with desk.engine.connected() as connection:
        connection.execute("UPDATE event SET undo = NULL WHERE id = (SELECT max(id) FROM event)")
    desk.call("undo")
    assert (tags(desk, one), tags(desk, other)) == (("mine",), ())


def test_deleting_many_ends_what_runs_for_them(desk: Desk) -> None:
    mail = desk.drafted()
    ids = [mail.contact_id, *people(desk, 2)]
    with desk.acting_as(ROBOT), pytest.raises(NotPermitted):
        desk.call("gtm.crm.delete_contacts", contact_ids=ids)
    desk.call("gtm.crm.delete_contacts", contact_ids=ids)
    assert enrollment(desk, mail.contact_id).reason == "deleted"
    assert desk.mail(mail.id).state == "Cancelled"
    with pytest.raises(NotFound):
        desk.call("gtm.crm.get_contact", contact_id=ids[1])


def test_many_do_not_come_back_over_somebody_who_has_their_address_now(desk: Desk) -> None:
    first = desk.contact("Grace", "grace@example.com")
    ids = [first.contact_id, *people(desk, 2)]
    desk.call("gtm.crm.delete_contacts", contact_ids=ids)
    desk.contact("Other", "grace@example.com")
    with desk.engine.connected() as connection:
        connection.execute("UPDATE event SET undo = NULL WHERE id = (SELECT max(id) FROM event)")
    with pytest.raises(Conflict, match="belongs to Other already"):
        desk.call("undo")
    assert desk.call("gtm.crm.list_contacts").total == 1


def test_suppressing_many_ends_what_runs_and_only_a_person_takes_it_back(desk: Desk) -> None:
    mail = desk.drafted()
    desk.call("gtm.crm.suppress", address="@other.example")
    nobody = desk.contact(email="").contact_id
    two = desk.contact(email="a@example.com", emails="b@other.example").contact_id
    done = desk.call(
        "gtm.crm.suppress_contacts", contact_ids=[mail.contact_id, two, nobody], reason="asked"
    )
    assert (done.chosen, done.changed) == (3, 2)
    assert enrollment(desk, mail.contact_id).reason == "unsubscribed"
    listed = desk.call("gtm.crm.list_suppressed").items
    assert {one.address: one.reason for one in listed} == {
        "@other.example": "manual",
        desk.call("gtm.crm.get_contact", contact_id=mail.contact_id).email: "asked",
        "a@example.com": "asked",
        "b@other.example": "asked",
    }
    assert desk.call("gtm.crm.get_contact", contact_id=two).emails[0].suppressed
    with desk.acting_as(ROBOT), pytest.raises(NotPermitted):
        desk.call("undo")
    desk.call("undo")
    assert [one.address for one in desk.call("gtm.crm.list_suppressed").items] == ["@other.example"]
