"""After trouble: a doubt is settled by a person, a dead mail is tried again, sending is paused and resumed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from rusvel_tui.engine.errors import Conflict, InvalidInput, InvalidState
from rusvel_tui.engine.gtm.outreach.mails.mail_states import SPOKEN, Box, MailState
from rusvel_tui.engine.ports import InDoubt, NotSent
from tests.factories import AGAIN, HELLO, START, Desk, box, enrollment, events, kinds, query


def doubtful(desk: Desk, *steps: dict[str, Any]) -> Any:
    """A mail of which nobody knows whether it left."""
    mail = desk.drafted(*(steps or (HELLO, AGAIN)))
    desk.approve(mail)
    desk.mailer.script.append(InDoubt("silence"))
    desk.work()
    return desk.mail(mail.id)


def settle(desk: Desk, mail: Any, outcome: str, **more: str) -> Any:
    return desk.call("gtm.approvals.settle", id=mail.id, outcome=outcome, **more)


def test_a_person_says_that_it_was_sent(desk: Desk) -> None:
    mail = doubtful(desk)
    desk.later(days=1)
    seen = settle(desk, mail, "sent")
    assert (seen.state, seen.sent_at, seen.error) == ("Sent", START, "")
    following = desk.call("job.list", state="queued").items[0]
    assert following.run_at == START + timedelta(days=3)  # counted from the intent
    assert desk.call("job.list", state="succeeded").items[0].job_id == mail.id
    assert kinds(desk, "gtm.email")[-2:] == ["gtm.email.sent", "gtm.email.settled"]
    assert events(desk, "gtm.email.settled")[0].payload["outcome"] == "sent"
    assert query(desk, "SELECT settled_by FROM mail WHERE id = ?", mail.id) == [("user",)]


def test_a_person_sends_it_again_knowing_that_it_may_be_the_second_copy(desk: Desk) -> None:
    mail = doubtful(desk)
    desk.later(minutes=20)
    seen = settle(desk, mail, "send_again", confirm=" GRACE1@example.com ")
    assert (seen.state, seen.box) == ("Approved", Box.QUEUED)
    desk.work()
    assert desk.mail(mail.id).state == "Sent"
    assert len({(e.message_id, e.raw) for e in desk.mailer.offered}) == 1
    assert len(desk.mailer.offered) == 2


def test_it_is_not_sent_again_while_the_server_may_still_take_it(desk: Desk) -> None:
    mail = doubtful(desk)
    desk.later(minutes=19, seconds=59)
    with pytest.raises(Conflict, match="The server may still take this mail"):
        settle(desk, mail, "send_again", confirm=mail.to)
    assert desk.mail(mail.id).state == "InDoubt"


@pytest.mark.parametrize("typed", ["", "yes", "other@example.com"])
def test_it_is_not_sent_again_without_the_address(desk: Desk, typed: str) -> None:
    mail = doubtful(desk)
    desk.later(hours=1)
    with pytest.raises(InvalidInput, match=r"Type the address grace1@example.com to confirm"):
        settle(desk, mail, "send_again", confirm=typed)
    assert desk.mail(mail.id).state == "InDoubt"


def test_a_person_gives_it_up(desk: Desk) -> None:
    mail = doubtful(desk)
    seen = settle(desk, mail, "give_up")
    assert (seen.state, seen.box) == ("Dead", Box.FAILED)
    ended = enrollment(desk, mail.contact_id)
    assert (ended.status, ended.reason) == ("Cancelled", "manual")
    assert desk.call("job.list", state="queued").items == ()
    with pytest.raises(Conflict, match="The enrollment of this mail is over"):
        desk.call("gtm.approvals.retry", id=mail.id)


def test_a_mail_given_up_keeps_its_place_in_the_ledger(desk: Desk) -> None:
    mail = doubtful(desk)
    settle(desk, mail, "give_up")
    desk.call("gtm.crm.update_contact", contact_id=mail.contact_id, emails=["other@example.com"])
    twin = desk.contact("Twin", mail.to)
    with pytest.raises(Conflict, match="had step 1 of this sequence already"):
        desk.call(
            "gtm.outreach.execute_sequence",
            sequence_id=mail.sequence_id,
            contact_id=twin.contact_id,
        )


@pytest.mark.parametrize("state", ["Held", "Approved", "Sent"])
def test_only_a_doubt_is_settled(desk: Desk, state: str) -> None:
    mail = desk.drafted()
    if state != "Held":
        desk.approve(mail)
    if state == "Sent":
        desk.work()
    with pytest.raises(
        InvalidState, match=f"The mail is {SPOKEN[MailState(state)]} .*Only a mail in doubt"
    ):
        settle(desk, mail, "sent")


def test_a_doubt_is_settled_once(desk: Desk) -> None:
    """Row 13 of the crash table: two people at once, one wins."""
    mail = doubtful(desk)
    settle(desk, mail, "sent")
    with pytest.raises(InvalidState):
        settle(desk, mail, "give_up")
    assert len(events(desk, "gtm.email.settled")) == 1
    assert query(desk, "SELECT count(*) FROM activity") == [(1,)]


def test_a_doubt_of_an_ended_enrollment_is_settled_without_a_next_step(desk: Desk) -> None:
    mail = doubtful(desk)
    desk.call("gtm.outreach.cancel_enrollment", enrollment_id=mail.enrollment_id)
    assert desk.mail(mail.id).state == "InDoubt"
    settle(desk, mail, "sent")
    assert desk.call("job.list", state="queued").items == ()


# ---- dead mails


def dead(desk: Desk) -> Any:
    mail = desk.drafted()
    desk.approve(mail)
    desk.mailer.script.extend(
        NotSent("busy", scope="message", permanent=False, code=451) for _ in range(6)
    )
    for _ in range(6):
        desk.work()
        desk.until(mail.id)
    return desk.mail(mail.id)


def test_a_dead_mail_is_tried_again_as_it_was_approved(desk: Desk) -> None:
    mail = dead(desk)
    seen = desk.call("gtm.approvals.retry", id=mail.id)
    assert (seen.state, seen.error) == ("Approved", "")
    desk.work()
    assert desk.mail(mail.id).state == "Sent"
    assert kinds(desk, "job") == ["job.retried"]


def test_a_mail_that_died_as_a_draft_is_drafted_again(desk: Desk) -> None:
    desk.drafter.script.extend(RuntimeError("x") for _ in range(6))
    executed = desk.enrol(desk.sequence(), desk.contact())
    for _ in range(6):
        desk.work()
        desk.later(days=2)
    assert desk.mail(executed.job_id).state == "Dead"
    assert desk.call("gtm.approvals.retry", id=executed.job_id).state == "Scheduled"
    desk.work()
    assert desk.mail(executed.job_id).state == "Held"


@pytest.mark.parametrize("state", ["Held", "Sent", "InDoubt"])
def test_only_a_dead_mail_is_tried_again(desk: Desk, state: str) -> None:
    mail = doubtful(desk) if state == "InDoubt" else desk.drafted()
    if state == "Sent":
        desk.approve(mail)
        desk.work()
    with pytest.raises(
        InvalidState, match=f"The mail is {SPOKEN[MailState(state)]} .*Only a dead mail"
    ):
        desk.call("gtm.approvals.retry", id=mail.id)


# ---- the sender


def test_sending_is_paused_and_resumed_by_hand(desk: Desk) -> None:
    mail = desk.drafted()
    seen = desk.call("gtm.outreach.pause_sending", reason=" my\nholiday ")
    assert (seen.paused, seen.reason) == (True, "my holiday")
    desk.approve(mail)
    desk.work()
    assert box(desk, Box.HELD)[0].blocked == "sending is paused: my holiday"
    seen = desk.call("gtm.outreach.resume_sending")
    assert (seen.paused, seen.reason, seen.retry_at) == (False, "", None)
    desk.work()
    assert desk.mail(mail.id).state == "Sent"
    assert kinds(desk, "gtm.sender") == ["gtm.sender.paused", "gtm.sender.resumed"]


def test_a_pause_has_a_reason_even_without_words(desk: Desk) -> None:
    assert desk.call("gtm.outreach.pause_sending", reason=" ").reason == "paused by hand"


def test_a_pause_is_taken_back(desk: Desk) -> None:
    desk.call("gtm.outreach.pause_sending")
    desk.call("undo")
    assert not desk.call("gtm.outreach.sender").paused
    desk.call("redo")
    assert desk.call("gtm.outreach.sender").paused


def test_a_pause_holds_for_all_sessions(desk: Desk) -> None:
    desk.call("gtm.outreach.pause_sending")
    desk.call("session.create", name="other", sender_email="x@other.example")
    mail = desk.drafted()
    desk.approve(mail)
    desk.work()
    assert desk.mail(mail.id).blocked == "sending is paused: paused by hand"
