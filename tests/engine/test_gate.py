"""The gate: whatever changed between the yes and the final dot is seen, and nothing leaves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box
from rusvel_tui.engine.ports import Envelope
from tests.factories import HELLO, START, Desk, box, enrollment, query

Change = Callable[[Desk, Any], None]


def pause_sequence(desk: Desk, mail: Any) -> None:
    desk.call("gtm.outreach.pause_sequence", sequence_id=mail.sequence_id)


def pause_enrollment(desk: Desk, mail: Any) -> None:
    desk.call("gtm.outreach.pause_enrollment", enrollment_id=mail.enrollment_id)


def pause_sending(desk: Desk, mail: Any) -> None:
    desk.call("gtm.outreach.pause_sending", reason="holiday")


def lose_mailer(desk: Desk, mail: Any) -> None:
    desk.set_policy(mailer="")


def lose_sender(desk: Desk, mail: Any) -> None:
    desk.call("session.update", sender_email="")


def suppress(desk: Desk, mail: Any) -> None:
    desk.call("gtm.crm.suppress", address=mail.to)


def suppress_domain(desk: Desk, mail: Any) -> None:
    desk.call("gtm.crm.suppress", address="@example.com")


def delete_contact(desk: Desk, mail: Any) -> None:
    desk.call("gtm.crm.delete_contact", contact_id=mail.contact_id)


def cancel_enrollment(desk: Desk, mail: Any) -> None:
    desk.call("gtm.outreach.cancel_enrollment", enrollment_id=mail.enrollment_id)


def end_quietly(desk: Desk, mail: Any) -> None:
    query(desk, "UPDATE enrollment SET status = 'completed'")


def change_address(desk: Desk, mail: Any) -> None:
    desk.call("gtm.crm.update_contact", contact_id=mail.contact_id, emails="new@example.com")


def change_sender(desk: Desk, mail: Any) -> None:
    desk.call("session.update", sender_email="ada@new.example")


def unapprove(desk: Desk, mail: Any) -> None:
    desk.call("gtm.approvals.unapprove", id=mail.id)


def edit(desk: Desk, mail: Any) -> None:
    desk.call("gtm.approvals.edit", id=mail.id, subject="Better")


HELD: dict[Change, str] = {
    pause_sequence: "the sequence is paused",
    pause_enrollment: "the enrollment is paused",
    pause_sending: "sending is paused: holiday",
    lose_mailer: "no mailer is configured",
    lose_sender: "no sender address: set RUSVEL_SMTP_FROM",
}
DROPPED: dict[Change, str] = {
    suppress: "unsubscribed",
    suppress_domain: "unsubscribed",
    delete_contact: "deleted",
    cancel_enrollment: "manual",
    end_quietly: "",
}
CHANGED: dict[Change, str] = {
    change_address: "the contact's address changed since the approval",
    change_sender: "the sender address changed since the approval",
}
When = Callable[[Desk, Change], Any]


def before_the_claim(desk: Desk, change: Change) -> Any:
    mail = desk.drafted()
    desk.approve(mail)
    change(desk, mail)
    desk.work()
    assert desk.mailer.offered == []
    return mail


def before_the_dot(desk: Desk, change: Change) -> Any:
    """While the mailer has handed over everything but the final dot."""
    mail = desk.drafted()
    desk.approve(mail)

    def hook(envelope: Envelope) -> None:
        desk.mailer.before_gate = lambda _: None
        change(desk, mail)

    desk.mailer.before_gate = hook
    desk.work()
    assert desk.mailer.sent == []
    return mail


MOMENTS = [before_the_claim, before_the_dot]


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("change", HELD)
def test_t_106_what_passes_holds_the_mail(desk: Desk, moment: When, change: Change) -> None:
    """T-106: pause between the yes and the sending."""
    mail = moment(desk, change)
    [found] = box(desk, Box.HELD)
    assert found.id == mail.id
    assert HELD[change] in found.blocked
    assert found.run_at > START
    assert enrollment(desk, mail.contact_id).status in ("Active", "Paused")


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("change", DROPPED)
def test_t_106_what_forbids_writing_ends_it(desk: Desk, moment: When, change: Change) -> None:
    """T-106: unsubscribed, deleted or ended between the yes and the sending."""
    mail = moment(desk, change)
    assert desk.mail(mail.id).state == "Cancelled"
    assert enrollment(desk, mail.contact_id).reason == DROPPED[change]
    assert enrollment(desk, mail.contact_id).status in ("Cancelled", "Completed")
    desk.later(days=9)
    assert desk.work() == 0


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("change", CHANGED)
def test_q_031_what_changes_to_or_from_asks_again(desk: Desk, moment: When, change: Change) -> None:
    mail = moment(desk, change)
    [found] = box(desk, Box.CHANGED)
    assert (found.id, found.changed_since) == (mail.id, CHANGED[change])
    assert found.digest != mail.digest
    desk.approve(found)
    desk.work()
    [envelope] = desk.mailer.sent
    assert (envelope.rcpt_to, envelope.mail_from) == (found.to, found.from_)
    assert {envelope.rcpt_to, envelope.mail_from} & {"new@example.com", "ada@new.example"}


@pytest.mark.parametrize("moment", MOMENTS)
def test_who_lost_every_address_needs_data(desk: Desk, moment: When) -> None:
    def remove(desk: Desk, mail: Any) -> None:
        desk.call("gtm.crm.update_contact", contact_id=mail.contact_id, emails=[])

    mail = moment(desk, remove)
    [found] = box(desk, Box.NEEDS_DATA)
    assert (found.id, found.to) == (mail.id, "")
    assert found.problems == ("the contact has no address that may be written to",)


def test_an_address_that_had_the_step_as_somebody_else_needs_a_look(desk: Desk) -> None:
    sequence = desk.sequence(HELLO)
    first, second = desk.contact("A", "a@example.com"), desk.contact("B", "b@example.com")
    done = desk.enrol(sequence, first)
    desk.work()
    desk.approve(desk.mail(done.job_id))
    desk.work()
    desk.call("gtm.crm.update_contact", contact_id=first.contact_id, emails="x@example.com")
    twin = desk.enrol(sequence, second)
    desk.call("gtm.crm.update_contact", contact_id=second.contact_id, emails="a@example.com")
    desk.work()
    seen = desk.mail(twin.job_id)
    assert seen.problems == ("a@example.com had this step already, as another contact",)


@pytest.mark.parametrize("change", [unapprove, edit])
def test_a_yes_that_is_taken_back_before_the_dot_counts(desk: Desk, change: Change) -> None:
    desk.set_policy(undo_seconds=60)
    mail = desk.drafted()
    desk.approve(mail)
    change(desk, mail)
    desk.work()
    assert desk.mailer.offered == []
    assert desk.mail(mail.id).state == "Held"


def test_an_edit_in_the_middle_of_sending_wins(desk: Desk) -> None:
    mail = before_the_dot(desk, edit)
    seen = desk.mail(mail.id)
    assert (seen.state, seen.subject) == ("Held", "Better")
    assert seen.changed_since == "edited after the approval"


# ---- pace


def test_the_daily_cap_counts_days_of_the_session(engine: Engine) -> None:
    desk = Desk.with_session(engine, timezone="America/New_York")
    desk.set_policy(daily_cap=2)
    sequence = desk.sequence(HELLO)
    made = [desk.enrol(sequence, desk.contact()) for _ in range(3)]
    desk.work()
    for one in made:
        desk.approve(desk.mail(one.job_id))
    desk.work()
    assert len(desk.mailer.sent) == 2
    [held_back] = box(desk, Box.HELD)
    assert held_back.blocked == "the daily cap of 2 mails is reached"
    midnight = START.replace(hour=5) + timedelta(days=1)
    assert held_back.run_at == midnight
    desk.later(seconds=(midnight - START).total_seconds() - 1)
    assert desk.work() in (0, 1)
    assert len(desk.mailer.sent) == 2
    desk.later(seconds=2)
    desk.work()
    assert len(desk.mailer.sent) == 3


def test_a_gap_lies_between_two_mails(desk: Desk) -> None:
    desk.set_policy(min_gap_seconds=90)
    sequence = desk.sequence(HELLO)
    made = [desk.enrol(sequence, desk.contact()) for _ in range(2)]
    desk.work()
    for one in made:
        desk.approve(desk.mail(one.job_id))
    desk.work()
    assert len(desk.mailer.sent) == 1
    [held_back] = box(desk, Box.HELD)
    assert held_back.blocked == "the gap between two mails is not over"
    assert held_back.run_at == START + timedelta(seconds=90)
    desk.later(seconds=91)
    desk.work()
    assert len(desk.mailer.sent) == 2


def test_a_mail_that_cannot_be_written_comes_back(desk: Desk) -> None:
    person = desk.contact("Grace", "grace@example.com")
    mail = desk.drafted(contact=person)
    query(desk, "UPDATE contact SET name = 'Grace =?utf-8?q?x?='")
    desk.call("gtm.outreach.redraft", id=mail.id)
    desk.work()
    desk.approve(desk.mail(mail.id))
    desk.work()
    [found] = box(desk, Box.CHANGED)
    assert "must not contain '=?'" in found.changed_since
    assert desk.mailer.offered == []


def test_a_name_that_cannot_stand_in_a_header_needs_a_look(desk: Desk) -> None:
    person = desk.contact("Grace")
    query(desk, "UPDATE contact SET name = 'Grace' || char(10) || 'Bcc: eve@evil.example'")
    mail = desk.drafted(contact=person)
    assert mail.problems == ("The to name must be a single line. Remove the line break.",)


def test_a_job_whose_mail_is_over_is_closed(desk: Desk) -> None:
    executed = desk.enrol(desk.sequence(), desk.contact())
    query(desk, "UPDATE mail SET state = 'dead'")
    desk.work()
    [job] = desk.call("job.list").items
    assert (job.job_id, job.state, job.error) == (executed.job_id, "Cancelled", "its mail is dead")


def test_a_next_step_that_somebody_else_had_ends_the_enrollment(desk: Desk) -> None:
    """What left stays recorded as sent, whatever hinders the step behind it."""
    sequence = desk.sequence()
    first, second = desk.contact("A", "a@example.com"), desk.contact("B", "b@example.com")
    ids = [desk.enrol(sequence, person).job_id for person in (first, second)]
    desk.work()
    desk.approve(desk.mail(ids[0]))
    desk.work()
    desk.approve(desk.mail(ids[1]))

    def swap(envelope: Envelope) -> None:
        query(desk, "UPDATE contact_email SET address = 'x@x.example', key = 'x@x.example' WHERE contact_id = ?", first.contact_id)  # fmt: skip
        add = "INSERT INTO contact_email (id, session_id, contact_id, address, key, position, opted_out_at, invalid_at, deleted_at) SELECT 'id', session_id, contact_id, 'a@example.com', 'a@example.com', -1, NULL, NULL, NULL FROM contact_email WHERE contact_id = ?"
        query(desk, add, second.contact_id)

    desk.mailer.before_gate = swap
    desk.work()
    assert desk.mail(ids[1]).state == "Sent"
    ended = enrollment(desk, second.contact_id)
    assert (ended.status, ended.reason) == ("Cancelled", "duplicate")
