"""Two contacts become one, field by field."""

from __future__ import annotations

from typing import Any

import pytest

from rusvel_tui.engine.context import Actor
from rusvel_tui.engine.errors import Conflict, InvalidInput, NotFound, NotPermitted
from rusvel_tui.engine.gtm.crm.merging.merging import LEFT, MOVED, OWN
from rusvel_tui.engine.gtm.crm.people.contact_views import ContactView
from rusvel_tui.engine.operation import OPERATIONS
from tests.engine.couple import dump, first_of_two, get, merge, second_of_two
from tests.factories import Desk, query


@pytest.fixture
def ada(desk: Desk) -> ContactView:
    return first_of_two(desk)


@pytest.fixture
def twin(desk: Desk, ada: ContactView) -> ContactView:
    return second_of_two(desk)


def test_q_082_two_contacts_become_one(desk: Desk, ada: ContactView, twin: ContactView) -> None:
    deal = desk.call("gtm.crm.add_deal", contact_id=twin.contact_id, title="Looms")
    note = desk.call("gtm.crm.add_note", contact_id=twin.contact_id, body="met at the fair")
    done = merge(desk, ada, twin)
    one = get(desk, ada)
    assert done.contact == one
    assert (one.name, one.first_name, one.last_name) == ("Ada Lovelace", "Ada", "Lovelace")
    assert (one.company, one.title, one.country, one.timezone) == (
        "Acme",
        "Countess",
        "DE",
        "Europe/Berlin",
    )
    assert [email.address for email in one.emails] == [
        "ada@acme.example",
        "ada@other.example",
        "l@other.example",
    ]
    assert [phone.number for phone in one.phones] == ["+49 30 1234567", "12345", "+49 89 55555"]
    assert (one.tags, one.links, one.notes) == (
        ("vip", "x", "y"),
        ("https://a.example",),
        "one\n\ntwo",
    )
    assert one.fields == {"budget": "5", "x": "1", "z": "3"}
    assert (one.source, one.profile) == ("manual", "ada")
    assert [(past.company, past.ended_at is None) for past in one.employers] == [("Other", False)]
    assert desk.call("gtm.crm.get_deal", deal_id=deal.deal_id).contact_id == ada.contact_id
    activities = desk.call("gtm.crm.timeline", contact_id=ada.contact_id).items
    assert note.activity_id in str(activities)
    assert done.moved == {"deal": 1, "activity": 1}
    assert desk.call("gtm.crm.list_contacts").total == 1
    assert desk.call("gtm.crm.list_contacts", query="l@other.example").total == 1


def test_who_was_merged_says_into_whom(desk: Desk, ada: ContactView, twin: ContactView) -> None:
    third = desk.contact("Augusta King", "king@acme.example")
    merge(desk, ada, twin)
    merge(desk, third, ada)
    for old in (ada, twin):
        with pytest.raises(NotFound, match=f"was merged into Augusta King. Use {third.contact_id}"):
            get(desk, old)
    [(into,)] = query(
        desk,
        "SELECT json_extract(metadata, '$.merged_into') FROM contact WHERE id = ?",
        twin.contact_id,
    )
    assert into == ada.contact_id
    desk.call("undo")
    with pytest.raises(NotFound, match=f"Use {ada.contact_id}"):
        get(desk, twin)
    desk.call("undo")
    assert get(desk, twin).name == "Ada Lovelace"
    desk.call("session.create", name="other")
    with pytest.raises(NotFound, match="There is no contact"):
        get(desk, twin)


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        ({"name": "keep"}, {"name": "A. Lovelace", "first_name": "A."}),
        ({"company": "merge"}, {"company": "Other"}),
        ({"title": "keep"}, {"title": ""}),
        ({"timezone": "keep", "country": "keep"}, {"timezone": "", "country": ""}),
        ({"source": "merge"}, {"source": "fair"}),
        ({"profile": "merge"}, {"profile": ""}),
        ({"tags": "merge"}, {"tags": ("vip", "y")}),
        ({"tags": "keep", "links": "merge"}, {"tags": ("vip", "x"), "links": ()}),
        ({"notes": "merge"}, {"notes": "two"}),
        ({"notes": "Keep"}, {"notes": "one"}),
        ({"fields.budget": "merge", "fields.x": "merge"}, {"fields": {"budget": "6", "z": "3"}}),
    ],
)
def test_each_field_is_as_it_was_chosen(
    desk: Desk,
    ada: ContactView,
    twin: ContactView,
    choices: dict[str, str],
    expected: dict[str, Any],
) -> None:
    before = dump(desk)
    one = merge(desk, ada, twin, choices=choices).contact.model_dump()
    assert {name: one[name] for name in expected} == expected
    after = dump(desk)
    desk.call("undo")
    assert dump(desk) == before
    desk.call("redo")
    without_log = {name: rows for name, rows in dump(desk).items() if name != "contact_merge"}
    assert without_log == after


def test_the_chosen_addresses_and_phones_come_first_and_none_is_lost(
    desk: Desk, ada: ContactView, twin: ContactView
) -> None:
    one = merge(desk, ada, twin, choices={"emails": "merge", "phones": "merge"}).contact
    assert [email.address for email in one.emails] == [
        "ada@other.example",
        "l@other.example",
        "ada@acme.example",
    ]
    assert [phone.number for phone in one.phones] == ["+49 89 55555", "004930 1234567", "12345"]
    assert one.email == "ada@other.example"


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"colour": "keep"}, "'colour' is not a field of a merge. There are name, title"),
        ({"title": "both"}, "The title can be of one of the two only"),
        ({"fields.none": "keep"}, "'fields.none' is not a field"),
        ({"country": "both"}, "The country can be of one of the two only"),
        ({"title": "mine"}, "choices.title"),
    ],
)
def test_a_choice_that_cannot_be_made_is_refused(
    desk: Desk, ada: ContactView, twin: ContactView, choices: dict[str, str], words: str
) -> None:
    before = dump(desk)
    with pytest.raises(InvalidInput, match=words.replace(".", r"\.")):
        merge(desk, ada, twin, choices=choices)
    assert dump(desk) == before


def test_flags_of_addresses_are_never_lost(desk: Desk, ada: ContactView, twin: ContactView) -> None:
    desk.call(
        "gtm.crm.set_email_flags",
        contact_id=twin.contact_id,
        address="ada@other.example",
        opted_out=True,
    )
    desk.call(
        "gtm.crm.set_email_flags",
        contact_id=twin.contact_id,
        address="l@other.example",
        invalid=True,
    )
    one = merge(desk, ada, twin, choices={"emails": "merge"}).contact
    assert [(e.address, e.opted_out, e.invalid) for e in one.emails] == [
        ("ada@other.example", True, False), ("l@other.example", False, True), ("ada@acme.example", False, False),
    ]  # fmt: skip
    [(suppressed,)] = query(desk, "SELECT count(*) FROM suppression")
    desk.call("undo")
    assert [e.opted_out for e in get(desk, twin).emails] == [True, False]
    assert query(desk, "SELECT count(*) FROM suppression") == [(suppressed,)]


def test_one_employer_at_a_time(desk: Desk, ada: ContactView, twin: ContactView) -> None:
    before = dump(desk)
    one = merge(desk, ada, twin, choices={"company": "merge"}).contact
    assert (one.company, [past.company for past in one.employers]) == ("Other", ["Acme"])
    desk.call("undo")
    desk.call(
        "gtm.crm.update_contact", contact_id=twin.contact_id, company="Acme", title="Countess"
    )
    one = merge(desk, ada, twin).contact
    assert (one.company, [past.company for past in one.employers]) == ("Acme", ["Other"])
    [(title,)] = query(desk, "SELECT title FROM employment WHERE ended_at IS NULL")
    assert title == "Countess"
    desk.call("undo")
    desk.call("undo")
    assert dump(desk) == before


def test_two_readers_of_one_contact_do_not_merge_over_each_other(
    desk: Desk, ada: ContactView, twin: ContactView
) -> None:
    seen = {"keep_version": ada.version, "merge_version": twin.version}
    desk.call("gtm.crm.update_contact", contact_id=twin.contact_id, title="Baroness")
    with pytest.raises(Conflict, match="Ada Lovelace was changed by somebody else"):
        merge(desk, ada, twin, **seen)
    with pytest.raises(Conflict, match="one contact already"):
        merge(desk, ada, ada)
    merge(desk, ada, twin, **seen | {"merge_version": 2})
    with pytest.raises(NotFound, match="was merged into"):
        merge(desk, ada, twin)


def test_only_a_person_merges(desk: Desk, ada: ContactView, twin: ContactView) -> None:
    """It deletes a contact, and gives its mails and enrollments to another one."""
    done = merge(desk, ada, twin)
    with desk.acting_as(Actor("assistant", human=False)):
        desk.call("gtm.crm.similar_contacts", name="Ada")
        with pytest.raises(NotPermitted):
            desk.call("gtm.crm.unmerge_contacts", merge_id=done.merge_id)
        with pytest.raises(NotPermitted):
            desk.call("undo")
    desk.call("undo")
    with desk.acting_as(Actor("assistant", human=False)), pytest.raises(NotPermitted):
        merge(desk, ada, twin)
    assert not OPERATIONS["gtm.crm.compare_contacts"].human_only


def test_a_comparison_shows_both_values_and_a_proposal(
    desk: Desk, ada: ContactView, twin: ContactView
) -> None:
    desk.enrol(sequence := desk.sequence(), ada)
    desk.enrol(sequence, twin)
    desk.call("gtm.crm.add_note", contact_id=twin.contact_id, body="met")
    seen = desk.call("gtm.crm.compare_contacts", keep_id=ada.contact_id, merge_id=twin.contact_id)
    rows = {row.field: (row.kept, row.merged, row.proposed.value, row.same) for row in seen.fields}
    assert rows["name"] == ("A. Lovelace", "Ada Lovelace", "merge", False)
    assert rows["title"] == ("", "Countess", "merge", False)
    assert rows["company"] == ("Acme", "Other", "keep", False)
    assert rows["tags"] == ("vip, x", "vip, y", "both", False)
    assert rows["emails"] == (
        "ada@acme.example",
        "ada@other.example, l@other.example",
        "keep",
        False,
    )
    assert rows["fields.budget"] == ("5", "6", "keep", False)
    assert rows["fields.z"] == ("", "3", "merge", False)
    assert seen.moves == {"activity": 1, "enrollment": 1, "mail": 1}
    assert seen.ends == ("Intro",)
    assert seen.better_kept == twin.contact_id
    assert [why.text for why in seen.reasons] == ["the same phone +49 30 1234567"]
    one = merge(desk, ada, twin).contact
    assert one.name == rows["name"][1]


def test_everything_that_points_to_a_contact_is_moved_or_left_on_purpose(desk: Desk) -> None:
    tables = [
        name for (name,) in query(desk, "SELECT name FROM sqlite_master WHERE type = 'table'")
    ]
    pointing = {
        table
        for table in tables
        for key in query(desk, f"PRAGMA foreign_key_list({table})")
        if key[2] == "contact"
    }
    assert pointing == {*MOVED, *OWN, *LEFT}
    assert set(MOVED) & set(LEFT) == set()


def test_a_file_meets_who_was_merged_as_the_one_they_are_now(desk: Desk) -> None:
    """The same file again adds nothing, and does not bring the merged one back."""
    file = {"content": b"name,company\nAda Lovelace,Acme\nA. Lovelace,Acme\n", "name": "people.csv"}
    desk.call("gtm.crm.import_contacts", **file)
    ada, twin = (desk.call("gtm.crm.list_contacts", query=name).items[0] for name in ("ada", "a."))
    merge(desk, ada, twin)
    again = desk.call("gtm.crm.import_contacts", **file)
    assert (again.created, again.skipped + again.updated) == (0, 2)
    assert desk.call("gtm.crm.list_contacts").total == 1
