"""The boxes of the inbox: where each mail lies, how many there are, and the pages of each."""

from __future__ import annotations

from typing import Any

import pytest

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box, MailState
from rusvel_tui.engine.ports import InDoubt, NotSent
from tests.factories import AGAIN, HELLO, Desk, box, query

PLACES: dict[Box, list[MailState]] = {
    Box.QUEUED: [MailState.APPROVED, MailState.SENDING, MailState.COMMITTING],
    Box.IN_DOUBT: [MailState.IN_DOUBT],
    Box.SENT: [MailState.SENT],
    Box.FAILED: [MailState.REJECTED, MailState.DEAD],
}
NOWHERE = [MailState.SCHEDULED, MailState.DRAFTING, MailState.CANCELLED]


def put(desk: Desk, state: MailState, blocked: str = "") -> Any:
    """A mail that was put into a state past all rules, to look at the boxes alone."""
    mail = desk.drafted()
    query(
        desk, "UPDATE mail SET approved_digest = digest, raw_sha256 = 'x', intent_at = created_at"
    )
    query(desk, "UPDATE mail SET state = ?, blocked = ?", state.key, blocked)
    return desk.mail(mail.id)


@pytest.mark.parametrize(
    ("state", "place"), [(state, place) for place, states in PLACES.items() for state in states]
)
def test_each_state_has_its_box(desk: Desk, state: MailState, place: Box) -> None:
    mail = put(desk, state)
    assert mail.box is place
    assert [found.id for found in box(desk, place)] == [mail.id]
    assert all(box(desk, other) == [] for other in Box if other is not place)
    counts = desk.call("gtm.approvals.counts")
    assert counts.counts == {other: int(other is place) for other in Box}
    assert counts.to_decide == 0


@pytest.mark.parametrize("state", NOWHERE)
def test_what_is_planned_or_over_lies_in_no_box(desk: Desk, state: MailState) -> None:
    assert put(desk, state).box is None
    assert all(box(desk, place) == [] for place in Box)


@pytest.mark.parametrize("state", [MailState.APPROVED, MailState.SCHEDULED])
def test_what_is_blocked_is_held_with_its_reason(desk: Desk, state: MailState) -> None:
    mail = put(desk, state, blocked="the sequence is paused")
    assert mail.box is Box.HELD
    [found] = box(desk, Box.HELD)
    assert found.blocked == "the sequence is paused"
    assert box(desk, Box.QUEUED) == []


def test_the_open_boxes_wait_for_a_verdict(desk: Desk) -> None:
    waiting, changed, missing = (
        desk.enrol(desk.sequence(HELLO, name=name), desk.contact()).job_id for name in "abc"
    )
    desk.work()
    desk.approve(desk.mail(changed))
    desk.call("gtm.approvals.edit", id=changed, body="A changed text of some length, by hand.")
    desk.call("gtm.approvals.edit", id=missing, body=" ")
    assert {mail.id for mail in box(desk)} == {waiting, changed, missing}
    for place, mail_id in ((Box.WAITING, waiting), (Box.CHANGED, changed)):
        assert [mail.id for mail in box(desk, place)] == [mail_id]
        assert desk.mail(mail_id).box is place
    assert [mail.id for mail in box(desk, Box.NEEDS_DATA)] == [missing]
    assert desk.call("gtm.approvals.counts").to_decide == 3


def pages(desk: Desk, place: Box, limit: int) -> list[str]:
    found: list[str] = []
    cursor: Any = None
    while True:
        page = desk.call("gtm.approvals.list", box=place.value, limit=limit, cursor=cursor)
        found += [mail.id for mail in page.items]
        cursor = page.next
        if cursor is None:
            return found


def test_what_waits_is_oldest_first_and_what_is_over_newest_first(desk: Desk) -> None:
    sequence = desk.sequence(HELLO)
    ids = []
    for number in range(5):
        if number % 2:
            desk.later(seconds=1)
        ids.append(desk.enrol(sequence, desk.contact()).job_id)
        desk.work()
    assert pages(desk, Box.WAITING, 2) == ids
    for mail_id in ids:
        desk.later(seconds=1)
        desk.approve(desk.mail(mail_id))
        desk.work()
    assert pages(desk, Box.SENT, 2) == ids[::-1]
    assert pages(desk, Box.SENT, 5) == ids[::-1]


@pytest.mark.parametrize(("place", "back"), [(Box.WAITING, 1), (Box.SENT, -1)])
def test_the_window_of_the_screen(desk: Desk, place: Box, back: int) -> None:
    sequence = desk.sequence(HELLO)
    ids = []
    for _ in range(4):
        desk.later(seconds=1)
        ids.append(desk.enrol(sequence, desk.contact()).job_id)
        desk.work()
        if place is Box.SENT:
            desk.approve(desk.mail(ids[-1]))
            desk.work()
    window = desk.call("gtm.approvals.window", box=place.value, first=1, count=2)
    assert (window.first, window.total) == (1, 4)
    assert [mail.id for mail in window.rows] == ids[::back][1:3]


@pytest.mark.parametrize("cursor", ["x", ""])
def test_a_foreign_cursor_is_refused(desk: Desk, cursor: str) -> None:
    with pytest.raises(InvalidInput, match="cursor does not belong"):
        desk.call("gtm.approvals.list", cursor=cursor or "2026")


def test_q_037_a_box_is_found_in_any_spelling(desk: Desk) -> None:
    desk.drafted()
    assert len(desk.call("gtm.approvals.list", box="WAITING").items) == 1
    assert desk.call("gtm.approvals.list", box="in doubt").items == ()
    with pytest.raises(InvalidInput, match="'waiting', 'needs_data'"):
        desk.call("gtm.approvals.list", box="everything")


def test_one_mail_is_shown_with_what_went_before(desk: Desk) -> None:
    mail = desk.drafted(HELLO, AGAIN)
    assert mail.past == ()
    assert (mail.may_leave, mail.why) == (True, ())
    desk.approve(mail)
    desk.work()
    sent = desk.mail(mail.id)
    assert (sent.state, sent.reply) == ("Sent", "250 2.0.0 taken")
    desk.later(days=3)
    desk.work()
    [second] = box(desk)
    assert [earlier.subject for earlier in desk.mail(second.id).past] == ["Hello"]


def test_one_mail_says_why_it_would_not_leave(desk: Desk) -> None:
    mail = desk.drafted()
    desk.call("gtm.outreach.pause_sending", reason="holiday")
    desk.call("gtm.outreach.pause_sequence", sequence_id=mail.sequence_id)
    seen = desk.mail(mail.id)
    assert not seen.may_leave
    assert seen.why == ("the sequence is paused", "sending is paused: holiday")
    assert seen.next_time is not None


def test_what_is_not_drafted_yet_says_what_it_waits_for(desk: Desk) -> None:
    executed = desk.enrol(desk.sequence(), desk.contact())
    assert (desk.mail(executed.job_id).may_leave, desk.mail(executed.job_id).why) == (True, ())
    desk.call("gtm.outreach.pause_enrollment", enrollment_id=executed.enrollment_id)
    assert desk.mail(executed.job_id).why == ("the enrollment is paused",)


@pytest.mark.parametrize("state", ["SENT", "IN_DOUBT", "REJECTED", "DEAD", "CANCELLED"])
def test_of_what_is_over_there_is_nothing_to_say(desk: Desk, state: str) -> None:
    mail = put(desk, MailState[state])
    assert (mail.may_leave, mail.why, mail.next_time) == (False, (), None)


def test_a_doubt_and_a_refusal_say_what_happened(desk: Desk) -> None:
    sequence = desk.sequence(HELLO)
    ids = [desk.enrol(sequence, desk.contact()).job_id for _ in range(2)]
    desk.work()
    desk.mailer.script.extend(
        [
            InDoubt("no answer to the dot"),
            NotSent("no such user", scope="recipient", permanent=True, code=550),
        ]
    )
    for mail_id in ids:
        desk.approve(desk.mail(mail_id))
        desk.work()
    doubt, refusal = (desk.mail(mail_id) for mail_id in ids)
    assert (doubt.box, doubt.error, doubt.reply) == (Box.IN_DOUBT, "no answer to the dot", "")
    assert (refusal.box, refusal.error, refusal.reply) == (
        Box.FAILED,
        "550 no such user",
        "550 no such user",
    )
