"""A merge is taken back to the letter, or what keeps it from that is named."""

from __future__ import annotations

from typing import Any

import pytest

from rusvel_tui.engine.errors import Conflict, NotFound
from rusvel_tui.engine.gtm.crm.people.contact_views import ContactView
from tests.engine.couple import dump, first_of_two, get, merge, second_of_two, send_what_waits
from tests.factories import AGAIN, HELLO, Desk, enrollment, kinds, query


@pytest.fixture
def ada(desk: Desk) -> ContactView:
    return first_of_two(desk)


@pytest.fixture
def twin(desk: Desk, ada: ContactView) -> ContactView:
    return second_of_two(desk)


def test_what_happened_since_stays_where_it_is_no_matter_of_the_merge(
    desk: Desk, ada: ContactView, twin: ContactView
) -> None:
    deal = desk.call("gtm.crm.add_deal", contact_id=twin.contact_id, title="Looms")
    done = merge(desk, ada, twin)
    desk.call("gtm.crm.advance_deal", deal_id=deal.deal_id, stage="proposal")
    note = desk.call("gtm.crm.add_note", contact_id=ada.contact_id, body="since")
    desk.call("gtm.crm.unmerge_contacts", merge_id=done.merge_id)
    seen = desk.call("gtm.crm.get_deal", deal_id=deal.deal_id)
    assert (seen.contact_id, seen.stage) == (twin.contact_id, "Proposal")
    assert query(desk, "SELECT contact_id FROM activity WHERE id = ?", note.activity_id) == [
        (ada.contact_id,)
    ]
    with pytest.raises(Conflict, match="taken back already"):
        desk.call("gtm.crm.unmerge_contacts", merge_id=done.merge_id)
    with pytest.raises(NotFound):
        desk.call("gtm.crm.unmerge_contacts", merge_id="x")


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("gtm.crm.update_contact", {"title": "Baroness"}, "^Ada Lovelace was changed since"),
        (
            "gtm.crm.update_contact",
            {"emails": ["ada@acme.example"]},
            "^An address of Ada Lovelace was changed since",
        ),
        (
            "gtm.crm.update_contact",
            {"phones": ["12345"]},
            "^A phone of Ada Lovelace was changed since",
        ),
        ("gtm.crm.delete_contact", {}, "There is no contact"),
    ],
)
def test_what_was_changed_since_is_named_and_nothing_is_half_done(
    desk: Desk,
    ada: ContactView,
    twin: ContactView,
    name: str,
    values: dict[str, Any],
    words: str,
) -> None:
    done = merge(desk, ada, twin)
    desk.call(name, contact_id=ada.contact_id, **values)
    before = dump(desk)
    with pytest.raises((Conflict, NotFound), match=words):
        desk.call("gtm.crm.unmerge_contacts", merge_id=done.merge_id)
    assert dump(desk) == before
    desk.call("undo")
    desk.call("undo")
    assert get(desk, twin).name == "Ada Lovelace"


def test_a_deal_that_was_given_to_somebody_else_is_named(
    desk: Desk, ada: ContactView, twin: ContactView
) -> None:
    deal = desk.call("gtm.crm.add_deal", contact_id=twin.contact_id, title="Looms")
    done = merge(desk, ada, twin)
    other = desk.contact()
    desk.call("gtm.crm.update_deal", deal_id=deal.deal_id, contact_id=other.contact_id)
    with pytest.raises(Conflict, match="The deal 'Looms' was changed since"):
        desk.call("gtm.crm.unmerge_contacts", merge_id=done.merge_id)


def test_merges_of_one_contact_are_taken_back_one_by_one(
    desk: Desk, ada: ContactView, twin: ContactView
) -> None:
    third = desk.contact("Augusta", "augusta@acme.example")
    before = dump(desk)
    first = merge(desk, ada, twin)
    second = merge(desk, ada, third)
    with pytest.raises(Conflict, match="Take that merge back first"):
        desk.call("gtm.crm.unmerge_contacts", merge_id=first.merge_id)
    desk.call("gtm.crm.unmerge_contacts", merge_id=second.merge_id)
    desk.call("gtm.crm.unmerge_contacts", merge_id=first.merge_id)
    assert dump(desk) == before
    desk.call("redo")
    assert get(desk, ada).name == "Ada Lovelace"


def test_a_merge_taken_back_by_name_is_not_taken_back_again(
    desk: Desk, ada: ContactView, twin: ContactView
) -> None:
    desk.call("gtm.crm.add_note", contact_id=ada.contact_id, body="before")
    done = merge(desk, ada, twin)
    desk.call("gtm.crm.unmerge_contacts", merge_id=done.merge_id)
    assert kinds(desk, "gtm.contact")[-2:] == ["gtm.contact.merged", "gtm.contact.unmerged"]
    assert desk.call("undo").kind != "gtm.contact.merged"


def test_who_was_enrolled_again_since_is_not_enrolled_twice(
    desk: Desk, ada: ContactView, twin: ContactView
) -> None:
    sequence = desk.sequence()
    behind = desk.enrol(sequence, ada)
    ahead = desk.enrol(sequence, twin)
    desk.work()
    desk.approve(desk.mail(ahead.job_id))
    done = merge(desk, ada, twin)
    assert desk.mail(behind.job_id).state.value == "Cancelled"
    desk.call("gtm.outreach.cancel_enrollment", enrollment_id=ahead.enrollment_id)
    anew = desk.enrol(sequence, ada)
    with pytest.raises(
        Conflict, match=r"was enrolled in 'Intro' since\. End that enrollment first"
    ):
        desk.call("gtm.crm.unmerge_contacts", merge_id=done.merge_id)
    desk.call("gtm.outreach.cancel_enrollment", enrollment_id=anew.enrollment_id)
    desk.call("gtm.crm.unmerge_contacts", merge_id=done.merge_id)
    assert enrollment(desk, ada.contact_id).status.value == "Cancelled"
    running = query(desk, "SELECT contact_id FROM enrollment WHERE status = 'active'")
    assert running == [(ada.contact_id,)]


def test_an_address_that_has_a_new_owner_is_named(
    desk: Desk, ada: ContactView, twin: ContactView
) -> None:
    done = merge(desk, ada, twin)
    desk.call("gtm.crm.update_contact", contact_id=ada.contact_id, emails=["ada@acme.example"])
    desk.contact("Somebody", "l@other.example")
    with pytest.raises(Conflict, match="An address of Ada Lovelace was changed since"):
        desk.call("gtm.crm.unmerge_contacts", merge_id=done.merge_id)


def test_what_an_enrollment_did_since_goes_back_with_it(
    desk: Desk, ada: ContactView, twin: ContactView
) -> None:
    deal = desk.call("gtm.crm.add_deal", contact_id=twin.contact_id, title="Looms")
    sequence = desk.sequence(
        HELLO, {"type": "CALL", "delay_days": 1, "instructions": "Call."}, AGAIN
    )
    desk.enrol(sequence, twin)
    done = merge(desk, ada, twin)
    desk.call(
        "gtm.crm.add_note", contact_id=ada.contact_id, deal_id=deal.deal_id, body="on the deal"
    )
    for _ in range(2):
        send_what_waits(desk)
    owners = "SELECT DISTINCT contact_id FROM {}"
    assert query(desk, "SELECT count(*) FROM activity") == [(3,)]
    for table, owner in (("mail", ada), ("activity", ada)):
        assert query(desk, owners.format(table)) == [(owner.contact_id,)]
    desk.call("gtm.crm.unmerge_contacts", merge_id=done.merge_id)
    for table in ("mail", "activity", "enrollment", "deal"):
        assert query(desk, owners.format(table)) == [(twin.contact_id,)]


def test_an_address_that_got_the_step_since_does_not_get_it_again(
    desk: Desk, ada: ContactView, twin: ContactView
) -> None:
    """The enrollment that stayed went on at the address of the one that ended."""
    sequence = desk.sequence(HELLO, AGAIN, AGAIN | {"template": "Third time, {{first_name}}."})
    behind = desk.enrol(sequence, ada)
    ahead = desk.enrol(sequence, twin)
    desk.work()
    desk.approve(desk.mail(behind.job_id))
    desk.work()
    desk.later(days=4)
    desk.work()
    desk.approve(desk.mail(ahead.job_id))
    done = merge(desk, ada, twin)
    assert query(desk, "SELECT id FROM enrollment WHERE status = 'active'") == [
        (behind.enrollment_id,)
    ]
    query(
        desk,
        "UPDATE mail SET recipient_key = 'ada@other.example', step_key = 's1' WHERE step_key = 's2'",
    )
    before = dump(desk)
    with pytest.raises(Conflict, match=r"ada@other\.example got a step of a sequence since"):
        desk.call("gtm.crm.unmerge_contacts", merge_id=done.merge_id)
    assert dump(desk) == before


def test_a_company_that_was_deleted_since_is_named(
    desk: Desk, ada: ContactView, twin: ContactView
) -> None:
    done = merge(desk, ada, twin, choices={"company": "merge"})
    desk.call("gtm.crm.delete_company", company_id=ada.company_id)
    with pytest.raises(Conflict, match="The company 'Acme' was deleted since"):
        desk.call("gtm.crm.unmerge_contacts", merge_id=done.merge_id)
    desk.call("undo")
    desk.call("gtm.crm.unmerge_contacts", merge_id=done.merge_id)
    assert get(desk, ada).company_id == ada.company_id
