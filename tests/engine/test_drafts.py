"""Every text of a draft is kept: drafted, written anew with a wish, edited; each can be had back."""

from __future__ import annotations

from typing import Any

import pytest

from rusvel_tui.engine.errors import Conflict, InvalidState, NotFound
from rusvel_tui.engine.ports import Draft
from tests.factories import AGAIN, HELLO, Desk, box, enrollment, events

OTHER = "Another text, which somebody wrote by hand and with care."


def versions(desk: Desk, mail_id: str) -> list[Any]:
    return list(desk.call("gtm.approvals.versions", id=mail_id).items)


def test_q_032_each_drafting_and_each_edit_is_a_version(desk: Desk) -> None:
    mail = desk.drafted()
    desk.call("gtm.approvals.edit", id=mail.id, body=OTHER)
    desk.drafter.script.append(Draft("Shorter", "Hi Grace, looms?", "model"))
    desk.call("gtm.outreach.redraft", id=mail.id, instruction="shorter")
    desk.work()
    seen = versions(desk, mail.id)
    assert [(one.number, one.author) for one in seen] == [
        (1, "canned"),
        (2, "person"),
        (3, "model"),
    ]
    assert [one.instruction for one in seen] == ["", "", "shorter"]
    assert [one.current for one in seen] == [False, False, True]
    assert seen[1].body == OTHER


def test_q_032_the_drafter_is_told_the_wish_and_the_text_that_stands_there(desk: Desk) -> None:
    mail = desk.drafted()
    desk.call("gtm.outreach.redraft", id=mail.id, instruction="mention\nOslo")
    desk.work()
    brief = desk.drafter.briefs[-1]
    assert (brief.wish, brief.present) == ("mention Oslo", (mail.subject, mail.body))
    desk.call("gtm.outreach.redraft", id=mail.id)
    desk.work()
    assert desk.drafter.briefs[-1].wish == ""


def test_walking_through_versions_puts_their_text_on_the_mail(desk: Desk) -> None:
    mail = desk.drafted()
    edited = desk.call("gtm.approvals.edit", id=mail.id, body=OTHER)
    desk.call("gtm.approvals.use_version", id=mail.id, number=1)
    seen = desk.mail(mail.id)
    assert (seen.body, seen.digest, seen.edited) == (mail.body, mail.digest, False)
    with pytest.raises(Conflict, match="not the one you read"):
        desk.approve(edited)
    desk.call("undo")
    assert desk.mail(mail.id).body == OTHER
    with pytest.raises(NotFound, match="no version 9"):
        desk.call("gtm.approvals.use_version", id=mail.id, number=9)


def test_a_redraft_is_taken_back_before_and_after_it_was_written(desk: Desk) -> None:
    mail = desk.drafted()
    for wait in (False, True):
        desk.drafter.script.append(Draft("New", f"Hi Grace, anew {wait}.", "model"))
        desk.call("gtm.outreach.redraft", id=mail.id)
        if wait:
            desk.work()
        desk.call("undo")
        seen = desk.mail(mail.id)
        assert (seen.state, seen.body, seen.digest) == ("Held", mail.body, mail.digest)
        desk.drafter.script.clear()
    desk.approve(desk.mail(mail.id))


@pytest.mark.parametrize("then", ["redraft", "skip", "stop", "stop_company", "wrong_data"])
def test_q_034_each_no_has_a_way_back(desk: Desk, then: str) -> None:
    """Rejected, taken back, made again, taken back: the draft waits as before and can be approved."""
    person = desk.contact("Grace", "g@example.com", company="Navy")
    mail = desk.drafted(HELLO, AGAIN, contact=person)
    desk.call("gtm.approvals.reject", id=mail.id, reason="no", then=then)
    for step in ("undo", "redo", "undo"):
        desk.call(step)
    seen = desk.mail(mail.id)
    assert (seen.state, seen.body, seen.digest) == ("Held", mail.body, mail.digest)
    assert enrollment(desk, mail.contact_id).status == "Active"
    assert enrollment(desk, mail.contact_id).step == 1
    assert not [t for t in desk.call("gtm.crm.list_tasks").items if "right" in t.subject]
    desk.approve(seen)
    desk.work()
    assert len(desk.mailer.sent) == 1


def test_q_034_the_whole_company_is_stopped(desk: Desk) -> None:
    sequence = desk.sequence()
    people = [desk.contact(company="Navy") for _ in range(3)]
    other = desk.contact()
    for person in (*people, other):
        desk.enrol(sequence, person)
    desk.work()
    first = next(mail for mail in box(desk) if mail.contact_id == people[0].contact_id)
    desk.call("gtm.approvals.reject", id=first.id, reason="not our market", then="stop_company")
    assert {enrollment(desk, one.contact_id).status for one in people} == {"Cancelled"}
    assert [mail.contact_id for mail in box(desk)] == [other.contact_id]
    desk.call("undo")
    assert len(box(desk)) == 4


def test_q_034_wrong_data_rests_until_it_is_right(desk: Desk) -> None:
    mail = desk.drafted()
    desk.call("gtm.approvals.reject", id=mail.id, reason="works elsewhere", then="wrong_data")
    assert enrollment(desk, mail.contact_id).status == "Paused"
    [task] = desk.call("gtm.crm.list_tasks").items
    assert "works elsewhere" in task.subject
    desk.work()
    assert box(desk) == []
    row = desk.call("gtm.outreach.list_enrollments").items[0]
    desk.call("gtm.outreach.resume_enrollment", enrollment_id=row.enrollment_id)
    desk.work()
    assert [one.id for one in box(desk)] == [mail.id]


def test_what_is_typed_survives_a_kill_and_keeps_the_mail_from_leaving(desk: Desk) -> None:
    mail = desk.drafted()
    text = {"id": mail.id, "subject": "Hal", "body": "Half a sen", "seen": mail.version}
    desk.call("gtm.approvals.autosave", **text)
    before = len(events(desk))
    typed = desk.call("gtm.approvals.unfinished", id=mail.id).typed
    assert (typed.subject, typed.body, typed.seen) == ("Hal", "Half a sen", mail.version)
    assert desk.mail(mail.id).body == mail.body
    assert len(events(desk)) == before
    with pytest.raises(Conflict, match="still editing"):
        desk.approve(mail)
    desk.call("gtm.approvals.edit", id=mail.id, subject="Half", body=OTHER)
    assert desk.call("gtm.approvals.unfinished", id=mail.id).typed is None
    desk.call("gtm.approvals.autosave", **text)
    desk.call("gtm.approvals.drop_unfinished", id=mail.id)
    desk.approve(desk.mail(mail.id))
    with pytest.raises(InvalidState):
        desk.call("gtm.approvals.autosave", **text)


def test_a_redraft_that_follows_from_a_change_does_not_stand_before_it(desk: Desk) -> None:
    """The address of a person changes, and a draft that lacked it follows: `z` takes back the change."""
    step = {
        "channel": "email",
        "subject": "Hi",
        "body": "How is work at {{company}} these days, Grace?",
    }
    person = desk.contact("Grace")
    mail = desk.drafted(step, contact=person)
    assert mail.problems
    desk.call("gtm.crm.update_contact", contact_id=person.contact_id, company="Navy")
    desk.work()
    desk.call("undo")
    assert desk.call("gtm.crm.get_contact", contact_id=person.contact_id).company == ""
