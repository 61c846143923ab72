"""Second thoughts: taking a yes back, editing, saying no, and drafts that follow the data."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from rusvel_tui.engine.errors import Conflict, InvalidInput, InvalidState
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box
from rusvel_tui.engine.ports import Draft
from tests.factories import START, Desk, box, enrollment, events, kinds

OTHER = "Another text, which somebody wrote by hand and with care."


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
    with pytest.raises(InvalidState, match="The draft is cancelled"):
        desk.call("gtm.approvals.unreject", id=first.job_id)


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
