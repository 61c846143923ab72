"""Two contacts become one, field by field, and two again, to the letter."""

from __future__ import annotations

from typing import Any

import pytest

from rusvel_tui.engine.context import Actor
from rusvel_tui.engine.errors import Conflict, InvalidInput, NotFound, NotPermitted
from rusvel_tui.engine.gtm.crm.contact_views import ContactView
from rusvel_tui.engine.gtm.crm.merging import LEFT, MOVED, OWN
from rusvel_tui.engine.gtm.outreach.mail_states import Box
from rusvel_tui.engine.operation import OPERATIONS
from tests.factories import AGAIN, HELLO, Desk, box, enrollment, events, kinds, query

TABLES = (
    "contact", "contact_email", "contact_phone", "employment", "company", "deal", "activity", "enrollment", "mail",
    "job", "suppression", "not_duplicate",
)  # fmt: skip
NOT_STATE = {"version", "updated_at"}


def dump(desk: Desk) -> dict[str, list[str]]:
    """All rows of the CRM, without versions and times of change."""
    found = {}
    for table in TABLES:
        columns = [row[1] for row in query(desk, f"PRAGMA table_info({table})")]
        names = ", ".join(name for name in columns if name not in NOT_STATE)
        found[table] = sorted(map(repr, query(desk, f"SELECT {names} FROM {table}")))
    return found


def merge(desk: Desk, keep: ContactView, gone: ContactView, **more: Any) -> Any:
    return desk.call(
        "gtm.crm.merge_contacts", keep_id=keep.contact_id, merge_id=gone.contact_id, **more
    )


def get(desk: Desk, contact: ContactView) -> ContactView:
    seen: ContactView = desk.call("gtm.crm.get_contact", contact_id=contact.contact_id)
    return seen


def send_what_waits(desk: Desk) -> None:
    """A week later, everything that is drafted gets its yes and leaves."""
    desk.later(days=7)
    desk.work()
    for mail in box(desk):
        desk.approve(mail)
    desk.work()


@pytest.fixture
def ada(desk: Desk) -> ContactView:
    return desk.contact(
        "A. Lovelace", "ada@acme.example", company="Acme", phones=["+49 30 1234567", "12345"], tags="vip,x",
        links="https://a.example", fields={"budget": "5", "x": "1"}, notes="one", profile="linkedin.com/in/ada",
    )  # fmt: skip


@pytest.fixture
def twin(desk: Desk) -> ContactView:
    return desk.contact(
        "Ada Lovelace", "ada@other.example", emails=["ada@other.example", "l@other.example"], company="Other",
        phones=["+49 89 55555", "004930 1234567"], tags="vip,y", title="Countess", country="DE",
        timezone="Europe/Berlin", fields={"budget": "6", "z": "3"}, notes="two", source="fair",
    )  # fmt: skip


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


class TestSequences:
    """What becomes of enrollments, drafts and approvals."""

    def test_of_two_in_one_sequence_the_one_further_along_stays(
        self, desk: Desk, ada: ContactView, twin: ContactView
    ) -> None:
        sequence = desk.sequence(HELLO, AGAIN)
        desk.enrol(sequence, ada)
        ahead = desk.enrol(sequence, twin)
        desk.work()
        desk.approve(desk.mail(ahead.job_id))
        desk.work()
        before = dump(desk)
        assert merge(desk, ada, twin).ended == 1
        assert query(desk, "SELECT contact_id, status, reason, position FROM enrollment ORDER BY id") == [
            (ada.contact_id, "cancelled", "merged", 0), (ada.contact_id, "active", "", 1),
        ]  # fmt: skip
        [ended] = events(desk, "gtm.outreach.ended")
        assert ended.payload["reason"] == "merged"
        assert box(desk) == []
        desk.call("undo")
        assert dump(desk) == before
        assert [mail.to_name for mail in box(desk)] == ["A. Lovelace"]

    def test_of_two_at_the_same_step_the_one_nearer_to_leaving_stays(
        self, desk: Desk, ada: ContactView, twin: ContactView
    ) -> None:
        sequence = desk.sequence()
        held, approved = desk.enrol(sequence, ada), desk.enrol(sequence, twin)
        desk.work()
        desk.approve(desk.mail(approved.job_id))
        merge(desk, ada, twin)
        assert desk.mail(held.job_id).state.value == "Cancelled"
        desk.work()
        assert [mail.rcpt_to for mail in desk.mailer.sent] == ["ada@other.example"]
        desk.later(days=4)
        desk.work()
        [following] = box(desk)
        assert following.contact_id == ada.contact_id

    def test_an_approved_mail_to_who_was_merged_leaves_as_it_was_approved(
        self, desk: Desk, ada: ContactView, twin: ContactView
    ) -> None:
        mail = desk.drafted(contact=twin)
        desk.approve(mail)
        merge(desk, ada, twin)
        assert desk.mail(mail.id).digest == mail.digest
        desk.work()
        [sent] = desk.mailer.sent
        assert sent.rcpt_to == "ada@other.example"
        assert desk.mail(mail.id).state.value == "Sent"
        assert get(desk, ada).last_contacted_at is not None

    def test_an_approved_mail_to_an_address_that_opted_out_does_not_leave(
        self, desk: Desk, ada: ContactView, twin: ContactView
    ) -> None:
        mail = desk.drafted(contact=twin)
        desk.approve(mail)
        merge(desk, ada, twin)
        emails = ["ada@acme.example"]
        desk.call("gtm.crm.update_contact", contact_id=ada.contact_id, emails=emails)
        desk.work()
        assert desk.mailer.sent == []
        [back] = box(desk, Box.CHANGED)
        assert (back.id, back.to) == (mail.id, "ada@acme.example")

    def test_nobody_gets_a_step_again_under_the_other_address(
        self, desk: Desk, ada: ContactView, twin: ContactView
    ) -> None:
        """One went through the sequence before; the other is about to get its first mail, approved already."""
        sequence = desk.sequence(HELLO)
        first = desk.enrol(sequence, ada)
        desk.work()
        desk.approve(desk.mail(first.job_id))
        desk.work()
        assert enrollment(desk, ada.contact_id).status.value == "Completed"
        again = desk.enrol(sequence, twin)
        desk.work()
        desk.approve(desk.mail(again.job_id))
        merge(desk, ada, twin)
        desk.work()
        assert len(desk.mailer.sent) == 1
        assert desk.mail(again.job_id).state.value == "Cancelled"

    def test_nobody_gets_a_later_step_again_under_the_other_address(
        self, desk: Desk, ada: ContactView, twin: ContactView
    ) -> None:
        """The one that went had the second step only; the one that stays is before it, and passes it over."""
        sequence = desk.sequence(HELLO, AGAIN, AGAIN | {"template": "Third time, {{first_name}}."})
        ahead = desk.enrol(sequence, twin)
        desk.work()
        desk.call("gtm.approvals.reject", id=ahead.job_id, reason="knows us", then="skip")
        send_what_waits(desk)
        desk.call("gtm.outreach.cancel_enrollment", enrollment_id=ahead.enrollment_id)
        behind = desk.enrol(sequence, ada)
        desk.work()
        assert merge(desk, ada, twin).ended == 0
        for _ in range(3):
            send_what_waits(desk)
        sent = query(
            desk, "SELECT step_key, contact_id FROM mail WHERE state = 'sent' ORDER BY sent_at"
        )
        assert sent == [("s2", ada.contact_id), ("s1", ada.contact_id), ("s3", ada.contact_id)]
        [skipped] = events(desk, "gtm.outreach.skipped", behind.enrollment_id)
        assert skipped.payload["reason"] == "had it already"

    def test_both_may_have_been_through_the_sequence(
        self, desk: Desk, ada: ContactView, twin: ContactView
    ) -> None:
        sequence = desk.sequence(HELLO)
        for contact in (ada, twin):
            desk.approve(desk.mail((desk.enrol(sequence, contact), desk.work())[0].job_id))
            desk.work()
        before = dump(desk)
        assert merge(desk, ada, twin).ended == 0
        assert query(
            desk, "SELECT count(*) FROM enrollment WHERE contact_id = ?", ada.contact_id
        ) == [(2,)]
        again = desk.enrol(sequence, ada)
        desk.work()
        assert desk.mail(again.job_id).state.value == "Held"
        desk.call("gtm.outreach.cancel_enrollment", enrollment_id=again.enrollment_id)
        desk.call(
            "gtm.crm.unmerge_contacts", merge_id=query(desk, "SELECT id FROM contact_merge")[0][0]
        )
        kept = {name: set(rows) for name, rows in dump(desk).items()}
        assert all(set(rows) <= kept[name] for name, rows in before.items())

    def test_a_draft_that_lacked_something_is_written_anew_with_what_the_other_had(
        self, desk: Desk, ada: ContactView, twin: ContactView
    ) -> None:
        step = HELLO | {"body": "Dear {{title}}, a word about looms."}
        mail = desk.drafted(step, contact=ada)
        assert mail.box is Box.NEEDS_DATA
        merge(desk, ada, twin)
        desk.work()
        assert desk.mail(mail.id).body == "Dear Countess, a word about looms."

    def test_work_in_the_hands_of_a_worker_comes_back_at_rest(
        self, desk: Desk, ada: ContactView, twin: ContactView
    ) -> None:
        sequence = desk.sequence()
        desk.enrol(sequence, ada)
        ahead = desk.enrol(sequence, twin)
        desk.work()
        behind = query(desk, "SELECT id FROM mail WHERE contact_id = ?", ada.contact_id)[0][0]
        desk.approve(desk.mail(ahead.job_id))
        desk.call("gtm.outreach.redraft", id=behind)
        desk.call("job.claim", owner="somebody")
        query(desk, "UPDATE mail SET state = 'drafting' WHERE id = ?", behind)
        merge(desk, ada, twin)
        desk.call("undo")
        states = "SELECT m.state, j.state, j.owner, j.lease_until FROM mail m JOIN job j USING (id) WHERE j.id = ?"
        assert query(desk, states, behind) == [("scheduled", "queued", None, None)]
        desk.work()
        assert desk.mail(behind).state.value == "Held"

    def test_an_approved_mail_that_comes_back_leaves_after_a_new_undo_window(
        self, desk: Desk, ada: ContactView, twin: ContactView
    ) -> None:
        desk.set_policy(undo_seconds=60)
        sequence = desk.sequence()
        first, second = desk.enrol(sequence, ada), desk.enrol(sequence, twin)
        desk.work()
        for job in (first, second):
            desk.approve(desk.mail(job.job_id))
        merge(desk, ada, twin)
        desk.later(hours=1)
        desk.call("undo")
        assert [mail.state.value for mail in map(desk.mail, (first.job_id, second.job_id))] == [
            "Approved"
        ] * 2
        [(due,)] = query(desk, "SELECT max(run_at) FROM job WHERE state = 'queued'")
        assert due == "2026-11-24T10:01:00.000Z"


class TestTakingBack:
    """Making two of one again, or saying why not."""

    def test_what_happened_since_stays_where_it_is_no_matter_of_the_merge(
        self, desk: Desk, ada: ContactView, twin: ContactView
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
        self,
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
        self, desk: Desk, ada: ContactView, twin: ContactView
    ) -> None:
        deal = desk.call("gtm.crm.add_deal", contact_id=twin.contact_id, title="Looms")
        done = merge(desk, ada, twin)
        other = desk.contact()
        desk.call("gtm.crm.update_deal", deal_id=deal.deal_id, contact_id=other.contact_id)
        with pytest.raises(Conflict, match="The deal 'Looms' was changed since"):
            desk.call("gtm.crm.unmerge_contacts", merge_id=done.merge_id)

    def test_merges_of_one_contact_are_taken_back_one_by_one(
        self, desk: Desk, ada: ContactView, twin: ContactView
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
        self, desk: Desk, ada: ContactView, twin: ContactView
    ) -> None:
        desk.call("gtm.crm.add_note", contact_id=ada.contact_id, body="before")
        done = merge(desk, ada, twin)
        desk.call("gtm.crm.unmerge_contacts", merge_id=done.merge_id)
        assert kinds(desk, "gtm.contact")[-2:] == ["gtm.contact.merged", "gtm.contact.unmerged"]
        assert desk.call("undo").kind != "gtm.contact.merged"

    def test_who_was_enrolled_again_since_is_not_enrolled_twice(
        self, desk: Desk, ada: ContactView, twin: ContactView
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
        self, desk: Desk, ada: ContactView, twin: ContactView
    ) -> None:
        done = merge(desk, ada, twin)
        desk.call("gtm.crm.update_contact", contact_id=ada.contact_id, emails=["ada@acme.example"])
        desk.contact("Somebody", "l@other.example")
        with pytest.raises(Conflict, match="An address of Ada Lovelace was changed since"):
            desk.call("gtm.crm.unmerge_contacts", merge_id=done.merge_id)

    def test_what_an_enrollment_did_since_goes_back_with_it(
        self, desk: Desk, ada: ContactView, twin: ContactView
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
        self, desk: Desk, ada: ContactView, twin: ContactView
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
