"""Answers, bounces, meetings and objections: who is stopped, who is led on, and what a colleague's reply means."""

from __future__ import annotations

from typing import Any

import pytest

from rusvel_tui.engine.errors import InvalidInput, InvalidState
from tests.factories import AGAIN, HELLO, Desk, box, enrollment, events, query

CALL = {"type": "CALL", "key": "ring", "instructions": "Ring {{first_name}}.", "delay_days": 0}


def reply(desk: Desk, person: Any, sentiment: str = "neutral", **more: Any) -> Any:
    return desk.call(
        "gtm.outreach.record_reply", contact_id=person.contact_id, sentiment=sentiment, **more
    )


def sent(desk: Desk, *steps: dict[str, Any], person: Any = None, **rules: Any) -> Any:
    """A person who got the first mail."""
    sequence = desk.sequence(*(steps or (HELLO, AGAIN)))
    if rules:
        desk.call("gtm.outreach.update_sequence", sequence_id=sequence.sequence_id, rules=rules)
    person = person or desk.contact("Grace Hopper")
    made = desk.enrol(sequence, person)
    desk.work()
    desk.approve(desk.mail(made.job_id))
    desk.work()
    return person, made, sequence


def test_t_064_t_106_a_reply_stops_the_sequence(desk: Desk) -> None:
    """T-064, T-065, T-106: the draft that waits goes, the timeline has the answer."""
    person, made, _ = sent(desk)
    desk.later(days=3)
    desk.work()
    [draft] = box(desk)
    desk.approve(draft)
    done = reply(desk, person, "positive", text="Yes,\nplease!", subject="Re: Hello")
    assert (done.ended, done.moved, done.colleagues) == (1, 0, 0)
    seen = enrollment(desk, person.contact_id)
    assert (seen.status, seen.reason, seen.reply) == ("Cancelled", "replied", "positive")
    desk.work()
    assert len(desk.mailer.sent) == 1
    [row] = query(desk, "SELECT kind, subject, body, outcome FROM activity WHERE kind = 'email_in'")
    assert row == ("email_in", "Re: Hello", "Yes,\nplease!", "positive")
    assert query(desk, "SELECT reply FROM mail WHERE id = ?", made.job_id) == [("positive",)]
    assert events(desk, "gtm.outreach.replied")[0].payload["sentiment"] == "positive"


def test_a_reply_is_taken_back(desk: Desk) -> None:
    person, made, _ = sent(desk)
    desk.later(days=3)
    desk.work()
    reply(desk, person)
    assert box(desk) == []
    desk.call("undo")
    seen = enrollment(desk, person.contact_id)
    assert (seen.status, seen.reply, seen.step) == ("Active", "", 2)
    assert [mail.step for mail in box(desk)] == [2]
    rows = "SELECT count(*) FROM activity WHERE kind = 'email_in' AND deleted_at IS NULL"
    assert query(desk, rows) == [(0,)]
    assert query(desk, "SELECT reply, replied_at FROM mail WHERE id = ?", made.job_id) == [
        ("", None)
    ]
    desk.call("redo")
    assert enrollment(desk, person.contact_id).reason == "replied"
    assert query(desk, rows) == [(1,)]


def test_a_branch_leads_on_in_place_of_stopping(desk: Desk) -> None:
    """C-102: positive answers lead to a call, negative ones end it, the rest stops."""
    branches = [
        {"when": "reply is positive or question", "goto": "ring"},
        {"when": "reply is negative", "goto": "end"},
    ]
    steps = ({**HELLO, "branches": branches}, AGAIN, CALL)
    person, _, _ = sent(desk, *steps)
    done = reply(desk, person, "question")
    assert (done.ended, done.moved) == (0, 1)
    desk.work()
    [task] = desk.call("gtm.crm.list_tasks").items
    assert (task.kind, task.subject) == ("Call", "Call: Grace Hopper")
    desk.call("gtm.outreach.complete_step", job_id=task.job_id, outcome="reached")
    seen = enrollment(desk, person.contact_id)
    assert (seen.status, seen.reason) == ("Completed", "finished")
    assert len(desk.mailer.sent) == 1


@pytest.mark.parametrize("sentiment", ["negative", "neutral"])
def test_without_a_branch_for_it_an_answer_stops(desk: Desk, sentiment: str) -> None:
    branches = [
        {"when": "reply is positive", "goto": "ring"},
        {"when": "reply is negative", "goto": "end"},
    ]
    person, _, _ = sent(desk, {**HELLO, "branches": branches}, AGAIN, CALL)
    assert reply(desk, person, sentiment).ended == 1
    assert enrollment(desk, person.contact_id).reason == "replied"


def test_no_reply_is_a_branch_too(desk: Desk) -> None:
    """While nobody answered, the mail leads to the step that the branch names."""
    steps = ({**HELLO, "branches": [{"when": "reply is none", "goto": "ring"}]}, AGAIN, CALL)
    person, _, _ = sent(desk, *steps)
    assert enrollment(desk, person.contact_id).step == 3


def test_an_answer_in_all_sequences_or_in_one(desk: Desk) -> None:
    person, made, _ = sent(desk)
    other = desk.enrol(desk.sequence(HELLO, name="Other"), person)
    one = desk.call("gtm.outreach.record_reply", enrollment_id=other.enrollment_id)
    assert one.ended == 1
    assert enrollment(desk, person.contact_id).reason == "replied"
    first = [
        e
        for e in desk.call("gtm.outreach.list_enrollments").items
        if e.enrollment_id == made.enrollment_id
    ]
    assert first[0].status == "Active"
    assert reply(desk, person).ended == 1
    with pytest.raises(InvalidInput, match="a contact or an enrollment"):
        desk.call("gtm.outreach.record_reply")


def test_an_answer_after_the_last_step_is_kept(desk: Desk) -> None:
    person, made, _ = sent(desk, HELLO)
    assert reply(desk, person, "negative").ended == 0
    seen = enrollment(desk, person.contact_id)
    assert (seen.status, seen.reason, seen.reply) == ("Completed", "finished", "negative")
    desk.call("undo")
    assert enrollment(desk, person.contact_id).reply == ""
    assert query(desk, "SELECT reply FROM mail WHERE id = ?", made.job_id) == [("",)]


def test_an_answer_of_somebody_in_no_sequence_is_on_the_timeline(desk: Desk) -> None:
    person = desk.contact("Ada")
    assert reply(desk, person, text="Hello?").ended == 0
    assert query(desk, "SELECT subject, body FROM activity") == [("Reply", "Hello?")]


@pytest.mark.parametrize(
    ("policy", "status", "reason", "tasks"),
    [
        ("ask", "Paused", "", 1),
        ("pause", "Paused", "", 0),
        ("stop", "Cancelled", "company_replied", 0),
        ("ignore", "Active", "", 0),
    ],
)
def test_what_a_reply_means_for_the_colleagues(
    desk: Desk, policy: str, status: str, reason: str, tasks: int
) -> None:
    """Each sequence says what happens to the others of the company."""
    people = [desk.contact(name, company="Navy") for name in ("Grace", "Ada")]
    stranger = desk.contact("Linus", company="Other")
    person, _, sequence = sent(desk, person=people[0], company_reply=policy)
    for other in (people[1], stranger):
        desk.enrol(sequence, other)
    done = reply(desk, person)
    seen = enrollment(desk, people[1].contact_id)
    assert (seen.status, seen.reason) == (status, reason)
    assert seen.note == ("" if policy == "ignore" else "Grace answered")
    assert done.colleagues == (policy != "ignore")
    assert enrollment(desk, stranger.contact_id).status == "Active"
    open_tasks = [task.subject for task in desk.call("gtm.crm.list_tasks").items]
    assert (
        open_tasks
        == ["Grace of Navy answered: a colleague paused. Resume or end it for them."] * tasks
    )
    desk.call("undo")
    assert enrollment(desk, people[1].contact_id).status == "Active"
    assert desk.call("gtm.crm.list_tasks").items == ()
    desk.work()
    assert len(box(desk)) == 2


def test_a_bounce_ends_it_and_the_address_is_dead(desk: Desk) -> None:
    person, made, _ = sent(desk)
    done = desk.call("gtm.outreach.record_bounce", mail_id=made.job_id, text="5.1.1 no such user")
    assert done.ended == 1
    assert enrollment(desk, person.contact_id).reason == "bounced"
    assert query(desk, "SELECT count(*) FROM contact_email WHERE invalid_at IS NOT NULL") == [(1,)]
    with pytest.raises(InvalidState, match="is Bounced"):
        desk.call("gtm.outreach.record_bounce", mail_id=made.job_id)
    desk.call("undo")
    assert enrollment(desk, person.contact_id).status == "Active"
    assert query(desk, "SELECT count(*) FROM contact_email WHERE invalid_at IS NOT NULL") == [(0,)]


def test_a_bounce_can_lead_on(desk: Desk) -> None:
    """To a call that asks for another address."""
    steps = ({**HELLO, "branches": [{"when": "bounce is yes", "goto": "ring"}]}, AGAIN, CALL)
    person, made, _ = sent(desk, *steps)
    assert desk.call("gtm.outreach.record_bounce", mail_id=made.job_id).moved == 1
    desk.work()
    assert len(desk.call("gtm.crm.list_tasks").items) == 1
    assert enrollment(desk, person.contact_id).step == 3


def test_only_a_mail_that_left_comes_back(desk: Desk) -> None:
    mail = desk.drafted()
    with pytest.raises(InvalidState, match="Only a mail that left"):
        desk.call("gtm.outreach.record_bounce", mail_id=mail.id)


def test_a_meeting_ends_it(desk: Desk) -> None:
    person, _, _ = sent(desk)
    assert (
        desk.call("gtm.outreach.record_meeting", contact_id=person.contact_id, note="Tuesday").ended
        == 1
    )
    seen = enrollment(desk, person.contact_id)
    assert (seen.reason, seen.note) == ("meeting", "Tuesday")
    desk.call("undo")
    assert enrollment(desk, person.contact_id).status == "Active"


def test_c_142_an_objection_ends_it_for_good(desk: Desk) -> None:
    """No address of the person is written to any more, in no sequence."""
    person = desk.contact("Grace", "a@example.com", emails=["b@example.com"])
    person, _, _ = sent(desk, person=person)
    done = desk.call("gtm.outreach.unsubscribe", contact_id=person.contact_id)
    assert done.ended == 1
    assert enrollment(desk, person.contact_id).reason == "unsubscribed"
    other = desk.sequence(HELLO, name="Other")
    with pytest.raises(InvalidInput, match="no address that may be written to"):
        desk.enrol(other, person)


@pytest.mark.parametrize(("stage", "reason"), [("Won", "won"), ("Lost", "lost")])
def test_t_062_t_063_a_closed_deal_ends_its_enrollments(
    desk: Desk, stage: str, reason: str
) -> None:
    """T-063."""
    person = desk.contact()
    deal = desk.call("gtm.crm.add_deal", contact_id=person.contact_id, title="Looms")
    desk.enrol(desk.sequence(), person, deal.deal_id)
    desk.call("gtm.crm.advance_deal", deal_id=deal.deal_id, stage=stage, reason="so it went")
    assert enrollment(desk, person.contact_id).reason == reason


def test_a_mail_on_its_way_does_not_bring_anybody_back(desk: Desk) -> None:
    """An answer between the intent and the dot: the mail leaves, and nothing follows it."""
    sequence = desk.sequence(
        {**HELLO, "branches": [{"when": "reply is any", "goto": "ring"}]}, AGAIN, CALL
    )
    person = desk.contact()
    made = desk.enrol(sequence, person)
    desk.work()
    desk.approve(desk.mail(made.job_id))
    answer = {"contact_id": person.contact_id, "sentiment": "positive"}
    send = desk.mailer.send

    def late(envelope: Any, gate: Any) -> Any:
        receipt = send(envelope, gate)
        desk.call("gtm.outreach.record_reply", **answer)
        return receipt

    desk.mailer.send = late  # type: ignore[method-assign]
    desk.work()
    assert desk.mail(made.job_id).state == "Sent"
    [live] = query(
        desk, "SELECT count(*) FROM job WHERE state IN ('queued', 'running', 'awaiting_approval')"
    )
    assert live in [(0,), (1,)]
    seen = enrollment(desk, person.contact_id)
    assert (seen.status, seen.step) in [("Cancelled", 1), ("Active", 3)]
