"""Approvals: a yes to exactly what was read, and each way to say no."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from rusvel_tui.engine.context import Actor
from rusvel_tui.engine.errors import Conflict, InvalidInput, InvalidState, NotFound, NotPermitted
from rusvel_tui.engine.gtm.outreach.mail_states import Box
from rusvel_tui.engine.ports import Draft
from tests.factories import AGAIN, HELLO, START, Desk, box, enrollment, events, kinds, query

OTHER = "Another text, which somebody wrote by hand and with care."


def test_a_draft_is_held_with_everything_a_verdict_needs(desk: Desk) -> None:
    """G-122 … G-124, Q-030: To, From, subject, body, step n of m, sequence, contact."""
    person = desk.contact("Grace Hopper", "grace@example.com", company="Navy")
    executed = desk.enrol(desk.sequence(HELLO, AGAIN), person)
    desk.work()
    [mail] = box(desk)
    assert (mail.id, mail.job_id) == (executed.job_id, executed.job_id)
    assert (mail.to, mail.to_name) == ("grace@example.com", "Grace Hopper")
    assert (mail.from_, mail.from_name) == ("ada@acme.example", "Ada")
    assert (mail.subject, mail.body) == ("Hello", "Hi Grace, a word about looms.")
    assert (mail.step, mail.steps, mail.sequence) == (1, 2, "Intro")
    assert (mail.contact, mail.company, mail.drafted_by) == ("Grace Hopper", "Navy", "canned")
    assert (mail.box, mail.state, mail.step_type) == (Box.WAITING, "Held", "EMAIL_AUTO")
    assert mail.model_dump(by_alias=True)["from"] == "ada@acme.example"
    assert desk.mailer.offered == []
    assert desk.call("job.list").items[0].state == "AwaitingApproval"


def test_a_yes_queues_the_mail_behind_its_undo_window(desk: Desk) -> None:
    desk.set_policy(undo_seconds=60)
    mail = desk.drafted()
    seen = desk.approve(mail)
    assert (seen.state, seen.box, seen.approved_by) == ("Approved", Box.QUEUED, "user")
    assert (seen.approved_at, seen.run_at) == (START, START + timedelta(seconds=60))
    assert events(desk)[0].payload["digest"] == mail.digest
    assert desk.work() == 1
    assert desk.engine.clock.now() >= START + timedelta(seconds=60)
    assert len(desk.mailer.sent) == 1


def test_a_yes_to_another_text_is_refused(desk: Desk) -> None:
    mail = desk.drafted()
    desk.call("gtm.approvals.edit", id=mail.id, body=OTHER)
    with pytest.raises(Conflict, match="not the one you read"):
        desk.approve(mail)
    assert desk.mail(mail.id).state == "Held"


def test_a_yes_needs_a_digest(desk: Desk) -> None:
    mail = desk.drafted()
    for digest in ("", " "):
        with pytest.raises(InvalidInput, match="digest: "):
            desk.call("gtm.approvals.approve", id=mail.id, digest=digest)


def test_a_text_that_was_changed_in_the_file_is_not_approved(desk: Desk) -> None:
    mail = desk.drafted()
    query(desk, "UPDATE mail SET body = 'Buy now!'")
    with pytest.raises(Conflict, match="not the one you read"):
        desk.approve(mail)


@pytest.mark.parametrize(
    "change",
    [
        {"to_address": "eve@evil.example"},
        {"from_address": "eve@evil.example"},
        {"subject": "x"},
        {"to_name": "x"},
    ],
)
def test_the_digest_covers_sender_recipient_and_subject(desk: Desk, change: dict[str, str]) -> None:
    mail = desk.drafted()
    [(column, value)] = change.items()
    query(desk, f"UPDATE mail SET {column} = ?", value)
    with pytest.raises(Conflict, match="not the one you read"):
        desk.approve(mail)


def test_only_a_person_says_yes(desk: Desk) -> None:
    mail = desk.drafted()
    with (
        desk.acting_as(Actor("assistant", human=False)),
        pytest.raises(NotPermitted, match="Only a person"),
    ):
        desk.approve(mail)
    assert desk.mail(mail.id).state == "Held"


@pytest.mark.parametrize("state", ["approved", "cancelled", "sent"])
def test_only_a_held_draft_takes_a_verdict(desk: Desk, state: str) -> None:
    mail = desk.drafted()
    if state == "cancelled":
        desk.call("gtm.approvals.reject", id=mail.id, reason="no")
    else:
        desk.approve(mail)
    if state == "sent":
        desk.work()
    with pytest.raises(InvalidState, match=f"The mail is {state.capitalize()}"):
        desk.approve(mail)
    with pytest.raises(InvalidState, match=f"The mail is {state.capitalize()}"):
        desk.call("gtm.approvals.reject", id=mail.id, reason="no")
    with pytest.raises(InvalidState, match=f"The mail is {state.capitalize()}"):
        desk.call("gtm.outreach.redraft", id=mail.id)
    if state != "approved":
        with pytest.raises(InvalidState):
            desk.call("gtm.approvals.edit", id=mail.id, body=OTHER)
        with pytest.raises(InvalidState):
            desk.call("gtm.approvals.unapprove", id=mail.id)


def test_an_unknown_mail_is_said(desk: Desk) -> None:
    for name, values in {
        "show": {},
        "approve": {"digest": "x"},
        "unapprove": {},
        "reject": {"reason": "x"},
        "edit": {"body": "x"},
        "settle": {"outcome": "sent"},
        "retry": {},
    }.items():
        with pytest.raises(NotFound, match="There is no mail 'nope'"):
            desk.call(f"gtm.approvals.{name}", id="nope", **values)


@pytest.mark.parametrize(
    ("draft", "problem"),
    [
        (Draft("", "A body that is long enough to be one.", "x"), "the subject is empty"),
        (Draft("Hello", " \n ", "x"), "the body is empty"),
        (Draft("Hello", "Hi {{first_name}}, a word with you.", "x"), "left over from a template"),
        (Draft("Hi [Your name]", "A body that is long enough.", "x"), "is a placeholder"),
        (Draft("S", "B", "x", problems=("company has no value",)), "company has no value"),
    ],
)
def test_a_draft_with_a_problem_cannot_leave(desk: Desk, draft: Draft, problem: str) -> None:
    desk.drafter.script.append(draft)
    mail = desk.drafted()
    assert mail.box is Box.NEEDS_DATA
    assert problem in " ".join(mail.problems)
    with pytest.raises(InvalidState, match="is not ready and cannot become Approved") as caught:
        desk.approve(mail)
    assert problem in str(caught.value)
    fixed = desk.call("gtm.approvals.edit", id=mail.id, subject="Hello", body=OTHER)
    assert (fixed.problems, fixed.box) == ((), Box.WAITING)
    desk.approve(fixed)
    desk.work()
    assert len(desk.mailer.sent) == 1


def test_doubts_are_shown_and_do_not_block(desk: Desk) -> None:
    desk.drafter.script.append(Draft("BUY NOW TODAY", "Short.", "x", notes=("the AI was away",)))
    mail = desk.drafted()
    assert mail.problems == ()
    assert mail.warnings[0] == "the AI was away"
    assert "all capitals" in " ".join(mail.warnings)
    assert desk.approve(mail).state == "Approved"


# ---- taking it back, editing


def test_a_yes_is_taken_back_before_the_mail_leaves(desk: Desk) -> None:
    desk.set_policy(undo_seconds=60)
    mail = desk.drafted()
    desk.approve(mail)
    seen = desk.call("gtm.approvals.unapprove", id=mail.id)
    assert (seen.state, seen.box, seen.digest) == ("Held", Box.WAITING, mail.digest)
    desk.later(minutes=2)
    assert desk.work() == 0
    assert desk.mailer.offered == []
    desk.approve(mail)
    desk.work()
    assert len(desk.mailer.sent) == 1


def test_an_edit_takes_the_yes_back(desk: Desk) -> None:
    mail = desk.drafted()
    desk.approve(mail)
    seen = desk.call("gtm.approvals.edit", id=mail.id, body=OTHER)
    assert (seen.state, seen.box, seen.changed_since) == (
        "Held",
        Box.CHANGED,
        "edited after the approval",
    )
    assert desk.work() == 0
    assert kinds(desk, "gtm.outreach")[-2:] == ["gtm.outreach.unapproved", "gtm.outreach.edited"]
    assert events(desk)[0].payload["was_approved"] is True
    desk.approve(seen)
    desk.work()
    [envelope] = desk.mailer.sent
    assert OTHER.encode() in envelope.raw


def test_an_edit_keeps_the_draft_beside_it(desk: Desk) -> None:
    mail = desk.drafted()
    seen = desk.call("gtm.approvals.edit", id=mail.id, subject="New  subject ", body=" b\r\nc \n")
    assert (seen.subject, seen.body, seen.edited) == ("New subject", "b\nc", True)
    assert seen.digest != mail.digest
    detail = desk.mail(mail.id)
    assert (detail.first_subject, detail.first_body) == (mail.subject, mail.body)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Give a new subject or a new body"),
        ({"subject": "a\nBcc: eve@evil.example"}, "must be a single line"),
        ({"subject": "a\rb"}, "must be a single line"),
        ({"subject": "a\x1b]52;c;x\x07b"}, "control character"),
    ],
)
def test_an_edit_that_cannot_be_is_refused(desk: Desk, values: dict[str, str], words: str) -> None:
    """T-113: no line break gets into a header."""
    mail = desk.drafted()
    with pytest.raises(InvalidInput, match=words) as caught:
        desk.call("gtm.approvals.edit", id=mail.id, **values)
    assert caught.value.field == "subject"
    assert desk.mail(mail.id) == mail


def test_an_edit_of_an_older_version_is_a_conflict(desk: Desk) -> None:
    """T-102: approve, reject and edit at the same time: one wins, the others get a conflict."""
    mail = desk.drafted()
    desk.call("gtm.approvals.edit", id=mail.id, body=OTHER, version=mail.version)
    with pytest.raises(Conflict, match="The draft was changed by somebody else"):
        desk.call("gtm.approvals.edit", id=mail.id, body="x", version=mail.version)
    with pytest.raises(Conflict):
        desk.approve(mail)
    assert desk.mail(mail.id).body == OTHER


def test_an_edit_cannot_give_an_address(desk: Desk) -> None:
    person = desk.contact("Grace")
    executed = desk.enrol(desk.sequence(), person)
    desk.call("gtm.crm.update_contact", contact_id=person.contact_id, emails=[])
    desk.work()
    mail = desk.mail(executed.job_id)
    assert mail.problems == ("the contact has no address that may be written to",)
    assert desk.call("gtm.approvals.edit", id=mail.id, body=OTHER).problems == mail.problems


# ---- saying no


def reject(desk: Desk, mail: Any, **more: str) -> Any:
    return desk.call("gtm.approvals.reject", id=mail.id, **{"reason": "not now"} | more)


def test_a_no_stops_the_sequence(desk: Desk) -> None:
    """G-128, Q-034."""
    mail = desk.drafted()
    seen = reject(desk, mail)
    assert (seen.state, seen.box, seen.error) == ("Cancelled", None, "not now")
    ended = enrollment(desk, mail.contact_id)
    assert (ended.status, ended.reason) == ("Cancelled", "rejected")
    assert desk.call("job.list").items[0].state == "Cancelled"
    assert events(desk, "gtm.outreach.rejected")[0].payload == {
        "name": "Grace Hopper 1",
        "subject": "Hello",
        "reason": "not now",
        "then": "stop",
    }


def test_a_no_that_skips_goes_on_with_the_next_step(desk: Desk) -> None:
    mail = desk.drafted()
    reject(desk, mail, then="skip")
    seen = enrollment(desk, mail.contact_id)
    assert (seen.status, seen.step, seen.next_at) == ("Active", 2, START + timedelta(days=3))
    desk.later(days=3)
    desk.work()
    [second] = box(desk)
    assert (second.step, second.subject) == (2, "Intro")
    reject(desk, second, then="SKIP")
    assert enrollment(desk, mail.contact_id).status == "Completed"


def test_a_no_that_asks_for_another_draft(desk: Desk) -> None:
    mail = desk.drafted()
    desk.drafter.script.append(Draft("Second try", OTHER, "x"))
    reject(desk, mail, then="redraft")
    desk.work()
    [again] = box(desk)
    assert (again.id, again.subject) == (mail.id, "Second try")
    assert enrollment(desk, mail.contact_id).status == "Active"
    assert kinds(desk, "gtm.outreach")[-3:] == [
        "gtm.outreach.redraft",
        "gtm.outreach.rejected",
        "gtm.outreach.drafted",
    ]


@pytest.mark.parametrize("reason", ["", " ", "\u200b"])
def test_a_no_needs_a_reason(desk: Desk, reason: str) -> None:
    mail = desk.drafted()
    with pytest.raises(InvalidInput, match="reason"):
        reject(desk, mail, reason=reason)
    assert desk.mail(mail.id).state == "Held"


def test_a_rejected_draft_stays_so_when_the_person_was_enrolled_anew(desk: Desk) -> None:
    sequence, person = desk.sequence(), desk.contact()
    first = desk.enrol(sequence, person)
    desk.work()
    reject(desk, desk.mail(first.job_id))
    desk.enrol(sequence, person)
    with pytest.raises(InvalidState, match="The draft is Cancelled"):
        desk.call("gtm.approvals.unreject", id=first.job_id)


# ---- drafts follow the data


def test_a_draft_that_lacks_something_is_written_anew_when_it_is_there(desk: Desk) -> None:
    step = {"channel": "email", "subject": "Hi", "body": "How is work at {{company}} these days?"}
    person = desk.contact("Grace")
    mail = desk.drafted(step, contact=person)
    assert mail.problems == ("company has no value",)
    desk.call("gtm.crm.update_contact", contact_id=person.contact_id, company="Navy")
    desk.work()
    [again] = box(desk)
    assert (again.id, again.body) == (mail.id, "How is work at Navy these days?")
    assert again.problems == ()


def test_a_draft_that_somebody_edited_is_left_to_them(desk: Desk) -> None:
    step = {"channel": "email", "subject": "Hi", "body": "How is work at {{company}} these days?"}
    person = desk.contact("Grace")
    mail = desk.drafted(step, contact=person)
    desk.call("gtm.approvals.edit", id=mail.id, body="How is work at {{company}} now, really?")
    desk.call("gtm.crm.update_contact", contact_id=person.contact_id, company="Navy")
    assert desk.work() == 0


def test_a_draft_is_written_anew_on_demand(desk: Desk) -> None:
    mail = desk.drafted()
    assert desk.call("gtm.outreach.redraft", id=mail.id).job_id == mail.id
    desk.drafter.script.append(Draft("Fresh", OTHER, "x"))
    desk.work()
    assert desk.mail(mail.id).subject == "Fresh"
