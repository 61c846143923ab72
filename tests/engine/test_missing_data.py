"""What keeps mails from being written is listed by field, with the people who lack it."""

from __future__ import annotations

from tests.factories import Desk

NEEDS_COMPANY = {
    "subject": "Hello {{first_name|there}}",
    "body": "How is work at {{company}}, {{custom.pet}}?",
}


def missing(desk: Desk, **values: object) -> dict[str, list[str]]:
    found = desk.call("gtm.outreach.missing_data", **values)
    return {field.field: [person.name for person in field.people] for field in found.fields}


def test_people_are_grouped_by_what_they_lack(desk: Desk) -> None:
    ada = desk.contact("Ada", company="Acme", fields={"pet": "cat"})
    bob = desk.contact("Bob", fields={"pet": "dog"})
    eve = desk.contact("Eve")
    sequence = desk.sequence(NEEDS_COMPANY)
    for person in (ada, bob, eve):
        desk.enrol(sequence, person)
    assert missing(desk) == {"company": ["Bob", "Eve"], "custom.pet": ["Eve"]}


def test_a_waiting_draft_is_named_with_its_mail(desk: Desk) -> None:
    bob = desk.contact("Bob", fields={"pet": "dog"})
    desk.enrol(desk.sequence(NEEDS_COMPANY), bob)
    desk.work()
    found = desk.call("gtm.outreach.missing_data")
    [field] = found.fields
    assert [(person.contact_id, person.mail_id is None) for person in field.people] == [
        (bob.contact_id, False)
    ]


def test_somebody_who_lost_their_address_lacks_one(desk: Desk) -> None:
    ada = desk.contact("Ada", company="Acme", fields={"pet": "cat"})
    eve = desk.contact("Eve", company="Acme", fields={"pet": "emu"})
    sequence = desk.sequence(
        {"type": "TASK", "instructions": "write a card"}, {**NEEDS_COMPANY, "delay_days": 1}
    )
    for person in (ada, eve):
        desk.enrol(sequence, person)
    desk.call("gtm.crm.update_contact", contact_id=eve.contact_id, emails=[])
    assert missing(desk) == {"email": ["Eve"]}


def test_data_that_was_filled_in_is_missing_no_more(desk: Desk) -> None:
    bob = desk.contact("Bob", fields={"pet": "dog"})
    sequence = desk.sequence(NEEDS_COMPANY)
    desk.enrol(sequence, bob)
    assert missing(desk, sequence_id=sequence.sequence_id) == {"company": ["Bob"]}
    desk.call("gtm.crm.update_contact", contact_id=bob.contact_id, company="Bobco")
    assert missing(desk) == {}


def test_more_people_than_were_asked_for_are_said_to_be_there(desk: Desk) -> None:
    sequence = desk.sequence({"body": "How is work at {{company}}?"})
    for _ in range(3):
        desk.enrol(sequence, desk.contact())
    found = desk.call("gtm.outreach.missing_data", limit=2)
    assert (found.looked_at, found.more) == (2, True)
