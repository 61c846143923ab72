"""Approvals: a yes to exactly what was read, and each way to say no."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rusvel_tui.engine.context import Actor
from rusvel_tui.engine.errors import Conflict, InvalidInput, InvalidState, NotFound, NotPermitted
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box
from rusvel_tui.engine.ports import Draft
from tests.factories import AGAIN, HELLO, START, Desk, box, events, query

OTHER = "Another text, which somebody wrote by hand and with care."


def test_q_030_a_draft_is_held_with_everything_a_verdict_needs(desk: Desk) -> None:
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
    with pytest.raises(Conflict, match=r"not the one you read|as another contact"):
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
    with pytest.raises(InvalidState, match=f"The mail is {state}"):
        desk.approve(mail)
    with pytest.raises(InvalidState, match=f"The mail is {state}"):
        desk.call("gtm.approvals.reject", id=mail.id, reason="no")
    with pytest.raises(InvalidState, match=f"The mail is {state}"):
        desk.call("gtm.outreach.redraft", id=mail.id)
    if state != "approved":
        with pytest.raises(Conflict):
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
        (Draft("", "A body that is long enough to be one.", "x"), "The subject is empty"),
        (Draft("Hello", " \n ", "x"), "The body is empty"),
        (Draft("Hello", "Hi {{first_name}}, a word with you.", "x"), "left over from a template"),
        (Draft("Hi [Your name]", "A body that is long enough.", "x"), "is a placeholder"),
        (Draft("S", "B", "x", problems=("company has no value",)), "company has no value"),
    ],
)
def test_q_018_a_draft_with_a_problem_cannot_leave(desk: Desk, draft: Draft, problem: str) -> None:
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
