"""What becomes of enrollments, drafts and approvals when two contacts become one."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.gtm.crm.people.contact_views import ContactView
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box
from rusvel_tui.engine.gtm.outreach.sequences.sequence_views import SequenceView
from tests.engine.couple import dump, first_of_two, get, merge, second_of_two, send_what_waits
from tests.factories import AGAIN, HELLO, Desk, box, enrollment, events, query


@pytest.fixture
def ada(desk: Desk) -> ContactView:
    return first_of_two(desk)


@pytest.fixture
def twin(desk: Desk, ada: ContactView) -> ContactView:
    return second_of_two(desk)


def test_of_two_in_one_sequence_the_one_further_along_stays(
    desk: Desk, ada: ContactView, twin: ContactView
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
    desk: Desk, ada: ContactView, twin: ContactView
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
    desk: Desk, ada: ContactView, twin: ContactView
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
    desk: Desk, ada: ContactView, twin: ContactView
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
    desk: Desk, ada: ContactView, twin: ContactView
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
    desk: Desk, ada: ContactView, twin: ContactView
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
    desk: Desk, ada: ContactView, twin: ContactView
) -> None:
    sequence = desk.sequence(HELLO)
    for contact in (ada, twin):
        desk.approve(desk.mail((desk.enrol(sequence, contact), desk.work())[0].job_id))
        desk.work()
    before = dump(desk)
    assert merge(desk, ada, twin).ended == 0
    assert query(desk, "SELECT count(*) FROM enrollment WHERE contact_id = ?", ada.contact_id) == [
        (2,)
    ]
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
    desk: Desk, ada: ContactView, twin: ContactView
) -> None:
    step = HELLO | {"body": "Dear {{title}}, a word about looms."}
    mail = desk.drafted(step, contact=ada)
    assert mail.box is Box.NEEDS_DATA
    merge(desk, ada, twin)
    desk.work()
    assert desk.mail(mail.id).body == "Dear Countess, a word about looms."


def test_work_in_the_hands_of_a_worker_comes_back_at_rest(
    desk: Desk, ada: ContactView, twin: ContactView
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
    desk: Desk, ada: ContactView, twin: ContactView
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


STEPS = (
    HELLO,
    {"type": "CALL", "delay_days": 1},
    AGAIN,
    AGAIN | {"template": "Third time, {{first_name}}."},
)
WORDS = [
    "week",
    "approve",
    "call",
    "week",
    "approve",
    "skip",
    "cancel",
    "pause",
    "resume",
    "enrol",
    "work",
]


def act(desk: Desk, sequence: SequenceView, contact: ContactView, word: str) -> None:
    """One thing that happens to one person in a sequence, if it can."""
    ours = [mail for mail in box(desk) if mail.contact_id == contact.contact_id]
    calls = "SELECT id FROM activity WHERE contact_id = ? AND status = 'open'"
    newest = "SELECT id FROM enrollment WHERE contact_id = ? ORDER BY id DESC LIMIT 1"
    with suppress(EngineError):
        if word == "enrol":
            desk.enrol(sequence, contact)
        elif word in ("work", "week"):
            desk.later(days=7 if word == "week" else 0)
            desk.work()
        elif word in ("approve", "skip"):
            for mail in ours:
                (desk.approve(mail) if word == "approve" else desk.call("gtm.approvals.reject", id=mail.id, reason="no", then="skip"))  # fmt: skip
        elif word == "call":
            for (activity_id,) in query(desk, calls, contact.contact_id):
                desk.call("gtm.crm.complete_task", activity_id=activity_id)
        else:
            for (enrollment_id,) in query(desk, newest, contact.contact_id):
                desk.call(f"gtm.outreach.{word}_enrollment", enrollment_id=enrollment_id)


def left(desk: Desk, sequence: SequenceView) -> Counter[tuple[int, str]]:
    """How often each step of each run has left, whoever got it."""
    sql = "SELECT run_no, step_key FROM mail WHERE sequence_id = ? AND state = 'sent'"
    return Counter(query(desk, sql, sequence.sequence_id))


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    st.lists(st.tuples(st.booleans(), st.sampled_from(WORDS)), min_size=6, max_size=20),
    st.booleans(),
    st.sampled_from(["keep", "merge"]),
)
def test_wherever_two_people_stand_the_one_they_become_gets_nothing_twice(
    desk: Desk, story: list[tuple[bool, str]], turned: bool, first: str
) -> None:
    number = len(query(desk, "SELECT 1 FROM sequence"))
    sequence = desk.sequence(*STEPS, name=f"Story {number}")
    two = (desk.contact(f"Ada {number}"), desk.contact(f"Augusta {number}"))
    for word in ("enrol", "work"):
        for contact in two:
            act(desk, sequence, contact, word)
    for second, word in story:
        act(desk, sequence, two[second], word)
    before, had = dump(desk), left(desk, sequence)
    kept, gone = reversed(two) if turned else two
    merge(desk, kept, gone, choices={"emails": first})
    desk.call("undo")
    assert dump(desk) == before
    desk.call("redo")
    assert query(desk, "PRAGMA foreign_key_check") == []
    for word in ("week", "approve", "call") * 5:
        act(desk, sequence, kept, word)
    since = left(desk, sequence) - had
    assert set(since) & set(had) == set()
    assert all(times == 1 for times in since.values())
    act(desk, sequence, kept, "cancel")
