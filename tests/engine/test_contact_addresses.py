"""Addresses and phones of a contact: order, labels, and flags that belong to the address."""

from __future__ import annotations

from typing import Any

import pytest

from rusvel_tui.engine.context import Actor
from rusvel_tui.engine.errors import InvalidInput, NotFound, NotPermitted
from tests.factories import Desk, enrollment, events, query

ROBOT = Actor("assistant", human=False)


def seen(desk: Desk, contact_id: str) -> Any:
    return desk.call("gtm.crm.get_contact", contact_id=contact_id)


def flags(view: Any) -> list[tuple[str, bool, bool]]:
    return [(email.address, email.opted_out, email.invalid) for email in view.emails]


def test_addresses_and_phones_have_labels_and_an_order(desk: Desk) -> None:
    made = desk.contact(
        email="home@example.com",
        emails=[{"address": "work@example.com", "label": " work "}, "third@example.com"],
        phones=["12345", {"number": "67890", "label": "mobile"}],
    )
    assert [(email.address, email.label) for email in made.emails] == [
        ("home@example.com", ""),
        ("work@example.com", "work"),
        ("third@example.com", ""),
    ]
    assert [(phone.number, phone.label) for phone in made.phones] == [
        ("12345", ""),
        ("67890", "mobile"),
    ]
    changed = desk.call(
        "gtm.crm.update_contact",
        contact_id=made.contact_id,
        emails=["work@example.com", {"address": "home@example.com", "label": "home"}],
        phones=["67890", "12345"],
    )
    assert changed.email == "work@example.com"
    assert [(email.address, email.label) for email in changed.emails] == [
        ("work@example.com", "work"),
        ("home@example.com", "home"),
    ]
    assert [(phone.number, phone.label) for phone in changed.phones] == [
        ("67890", "mobile"),
        ("12345", ""),
    ]
    desk.call("undo")
    assert seen(desk, made.contact_id).emails == made.emails
    assert seen(desk, made.contact_id).phones == made.phones


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"emails": [{"address": "a@example.com", "label": "x" * 41}]}, "label"),
        ({"emails": [{"addres": "a@example.com"}]}, "emails.0.address"),
        ({"phones": [7]}, "phones.0"),
        ({"emails": 7}, "emails"),
    ],
)
def test_a_wrong_label_or_shape_is_said(desk: Desk, data: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        desk.call("gtm.crm.add_contact", name="A", **data)
    assert caught.value.field == field


def test_the_same_number_twice_is_one(desk: Desk) -> None:
    made = desk.contact(country="DE", phones=["030 123456", "+49 30 123456", "(030) 123456"])
    assert [phone.number for phone in made.phones] == ["030 123456"]


def test_flags_belong_to_the_address(desk: Desk) -> None:
    made = desk.contact(email="a@example.com", emails=["b@example.com"])
    change = {"contact_id": made.contact_id, "address": "A@Example.com"}
    after = desk.call("gtm.crm.set_email_flags", **change, opted_out=True)
    assert flags(after) == [("a@example.com", True, False), ("b@example.com", False, False)]
    after = desk.call("gtm.crm.set_email_flags", **change, invalid=True)
    assert flags(after)[0] == ("a@example.com", True, True)
    assert after.version == 3
    event = events(desk, "gtm.contact.updated")[0]
    assert event.payload == {"name": made.name, "fields": ["emails"], "version": 3}
    desk.call("undo")
    desk.call("undo")
    assert seen(desk, made.contact_id).emails == made.emails
    desk.call("redo")
    assert flags(seen(desk, made.contact_id))[0] == ("a@example.com", True, False)


def test_a_flag_that_stands_already_changes_nothing(desk: Desk) -> None:
    made = desk.contact(email="a@example.com")
    change = {"contact_id": made.contact_id, "address": "a@example.com"}
    assert desk.call("gtm.crm.set_email_flags", **change, invalid=False).version == 1
    assert desk.call("gtm.crm.set_email_flags", **change).version == 1
    assert events(desk, "gtm.contact.updated") == []


def test_an_address_of_somebody_else_has_no_flags_here(desk: Desk) -> None:
    made = desk.contact(email="a@example.com")
    with pytest.raises(NotFound, match="has no address"):
        desk.call(
            "gtm.crm.set_email_flags",
            contact_id=made.contact_id,
            address="x@example.com",
            invalid=True,
        )


def test_only_a_person_takes_an_opt_out_back(desk: Desk) -> None:
    made = desk.contact(email="a@example.com")
    change = {"contact_id": made.contact_id, "address": "a@example.com"}
    with desk.acting_as(ROBOT):
        desk.call("gtm.crm.set_email_flags", **change, opted_out=True)
        with pytest.raises(NotPermitted, match="Only a person"):
            desk.call("gtm.crm.set_email_flags", **change, opted_out=False)
        with pytest.raises(NotPermitted, match="Only a person"):
            desk.call("undo")
    assert flags(seen(desk, made.contact_id))[0][1]
    desk.call("gtm.crm.set_email_flags", **change, opted_out=False)
    assert not flags(seen(desk, made.contact_id))[0][1]


def test_an_opt_out_ends_what_runs_for_the_person(desk: Desk) -> None:
    mail = desk.drafted()
    to = desk.mail(mail.id).to
    desk.call("gtm.crm.set_email_flags", contact_id=mail.contact_id, address=to, opted_out=True)
    ended = enrollment(desk, mail.contact_id)
    assert (ended.status, ended.reason) == ("Cancelled", "unsubscribed")


@pytest.mark.parametrize("way", ["edit", "delete", "delete many"])
def test_an_opt_out_is_never_lost_and_comes_back_to_its_address(desk: Desk, way: str) -> None:
    made = desk.contact(email="a@example.com", emails=["b@example.com"])
    change = {"contact_id": made.contact_id, "address": "a@example.com"}
    desk.call("gtm.crm.set_email_flags", **change, opted_out=True)
    before = query(desk, "SELECT key, opted_out_at, position FROM contact_email ORDER BY position")
    if way == "edit":
        desk.call("gtm.crm.update_contact", contact_id=made.contact_id, emails="b@example.com")
    elif way == "delete":
        desk.call("gtm.crm.delete_contact", contact_id=made.contact_id)
    else:
        desk.call("gtm.crm.delete_contacts", contact_ids=made.contact_id)
    assert query(desk, "SELECT key, reason FROM suppression") == [("a@example.com", "opted out")]
    other = desk.contact(email="a@example.com")
    assert flags(other) == [("a@example.com", True, False)]
    desk.call("undo")
    desk.call("undo")
    assert query(desk, "SELECT key FROM suppression") == []
    stored = "SELECT key, opted_out_at, position FROM contact_email WHERE contact_id = ? AND deleted_at IS NULL ORDER BY position"
    assert query(desk, stored, made.contact_id) == before


def test_an_opt_out_that_came_after_an_address_outlives_its_undo(desk: Desk) -> None:
    made = desk.contact(email="a@example.com")
    desk.call(
        "gtm.crm.update_contact", contact_id=made.contact_id, emails="a@example.com, b@example.com"
    )
    with desk.engine.connected() as connection:  # as the worker does when it reads an answer
        connection.execute(
            "UPDATE contact_email SET opted_out_at = '2026-01-01T00:00:00.000Z' WHERE key = 'b@example.com'"
        )
    desk.call("undo")
    assert flags(seen(desk, made.contact_id)) == [("a@example.com", False, False)]
    assert query(desk, "SELECT key FROM suppression") == [("b@example.com",)]


def test_a_number_from_before_is_not_judged_again(desk: Desk) -> None:
    """What an import kept as it was stands in nobody's way."""
    made = desk.contact(phones="12345")
    seen = desk.call(
        "gtm.crm.update_contact",
        contact_id=made.contact_id,
        country="DE",
        phones=["12345", "030 123456"],
    )
    assert [phone.number for phone in seen.phones] == ["12345", "030 123456"]
    with pytest.raises(InvalidInput, match="is not a possible phone number") as caught:
        desk.call("gtm.crm.update_contact", contact_id=made.contact_id, phones="+49 1")
    assert caught.value.field == "phones"
