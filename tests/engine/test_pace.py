"""How fast mails leave: caps, new people, turns, gaps, the ramp, and what a desk does that slept."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box
from rusvel_tui.engine.ports import InDoubt, NotSent
from rusvel_tui.engine.worker import Worker
from tests.engine.test_schedule import OFFICE, approved, sent_at, set_schedule
from tests.factories import AGAIN, HELLO, START, Desk, box, enrollment, events, query


def several(desk: Desk, count: int, sequence: Any = None) -> list[Any]:
    """So many mails with a yes, all due now."""
    sequence = sequence or desk.sequence(HELLO)
    ids = [desk.enrol(sequence, desk.contact()).job_id for _ in range(count)]
    desk.work()
    return [desk.approve(desk.mail(key)) for key in ids]


def states(desk: Desk, mails: list[Any]) -> list[str]:
    return [desk.mail(mail.id).state.value for mail in mails]


def sent(desk: Desk) -> int:
    return len(sent_at(desk))


def to_midnight(desk: Desk) -> None:
    now = desk.engine.clock.now()
    desk.later(hours=24 - now.hour, minutes=-now.minute)


@pytest.mark.parametrize(
    ("answer", "late", "left"),
    [
        (NotSent("later", scope="message", permanent=False, code=451), True, 0),
        (NotSent("no", scope="message", permanent=True, code=554), True, 0),
        (InDoubt("cut"), False, 1),
    ],
)
def test_c_141_the_cap_counts_what_left_or_may_have(
    desk: Desk, answer: Exception, late: bool, left: int
) -> None:
    """A mail that the server put off, or refused, took nobody's place."""
    desk.set_policy(daily_cap=2)
    mails = several(desk, 3)
    desk.mailer.script.append(answer)
    desk.mailer.late = late
    desk.work()
    assert sent(desk) == 2 - left
    desk.work()
    assert sent(desk) == 2 - left
    assert "Approved" in states(desk, mails) or left == 0


def test_the_cap_is_that_of_the_sender(desk: Desk) -> None:
    """Another address begins to count anew; mails to it are asked for again, because the sender is part of a yes."""
    desk.set_policy(daily_cap=1)
    several(desk, 1)
    desk.work()
    desk.call("session.update", sender_email="eve@acme.example")
    several(desk, 1, desk.sequence(HELLO, name="Other"))
    desk.work()
    assert sent(desk) == 2


def test_so_many_new_people_a_day_and_no_limit_for_the_others(desk: Desk) -> None:
    follow = AGAIN | {"delay_days": 1}
    first = desk.sequence(HELLO, follow)
    mails = several(desk, 2, first)
    desk.work()
    to_midnight(desk)
    desk.later(hours=10)
    desk.set_policy(new_per_day=1)
    mails = several(desk, 3, desk.sequence(HELLO, name="New"))
    for mail in box(desk):
        desk.approve(mail)
    desk.work()
    assert sent(desk) == 2 + 2 + 1
    held = box(desk, Box.HELD)
    assert [mail.blocked for mail in held] == ["the limit of 1 new people a day is reached"] * 2
    assert sorted(states(desk, mails)) == ["Approved", "Approved", "Sent"]


def test_a_sequence_has_limits_of_its_own(desk: Desk) -> None:
    small, large = desk.sequence(HELLO, name="Small"), desk.sequence(HELLO, name="Large")
    set_schedule(desk, small, daily_cap=1)
    set_schedule(desk, large, new_per_day=2)
    few, many = several(desk, 3, small), several(desk, 3, large)
    desk.work()
    assert sorted(states(desk, few)) == ["Approved", "Approved", "Sent"]
    assert sorted(states(desk, many)) == ["Approved", "Sent", "Sent"]
    reasons = {mail.blocked for mail in box(desk, Box.HELD)}
    assert reasons == {
        "the sequence's daily cap of 1 mails is reached",
        "the sequence's limit of 2 new people a day is reached",
    }
    to_midnight(desk)
    desk.work()
    assert sent(desk) == 3 + 1 + 1


def test_follow_ups_leave_before_first_touches(desk: Desk) -> None:
    """The cap leaves room for one: it is the follow-up, though the first touches wait for longer."""
    both = desk.sequence(HELLO, AGAIN | {"delay_days": 1})
    [old] = several(desk, 1, both)
    desk.work()
    desk.set_policy(daily_cap=1)
    fresh = several(desk, 2, desk.sequence(HELLO, name="New"))
    desk.later(days=1, hours=1)
    job = enrollment(desk, old.contact_id).job_id or ""
    desk.work()
    worked = {mail.id for mail in fresh if desk.mail(mail.id).state == "Sent"}
    assert worked == set()  # the follow-up has no yes yet; the first touches come next
    assert desk.mail(job).state == "Held"


def test_of_two_that_are_due_the_follow_up_is_claimed_first(desk: Desk) -> None:
    both = desk.sequence(HELLO, AGAIN | {"delay_days": 1})
    [old] = several(desk, 1, both)
    desk.work()
    desk.later(days=1, minutes=-5)
    fresh = several(desk, 2, desk.sequence(HELLO, name="New"))
    desk.set_policy(daily_cap=1)
    desk.later(minutes=5)
    follow = desk.mail(enrollment(desk, old.contact_id).job_id or "")
    worker = Worker(desk.engine)
    worker.tick()
    desk.approve(desk.mail(follow.id))
    while worker.tick():
        pass
    assert desk.mail(follow.id).state == "Sent"
    assert states(desk, fresh) == ["Approved", "Approved"]
    assert query(desk, "SELECT priority, first_touch FROM job JOIN mail USING (id) WHERE job.id = ?", follow.id) == [(0, 0)]  # fmt: skip


def test_the_gap_of_a_sequence_is_kept_with_that_of_the_sender(desk: Desk) -> None:
    desk.set_policy(min_gap_seconds=60)
    slow = desk.sequence(HELLO)
    set_schedule(desk, slow, min_gap_seconds=600)
    several(desk, 3, slow)
    for _ in range(40):
        desk.work()
        desk.later(seconds=61)
    moments = sent_at(desk)
    assert len(moments) == 3
    assert all(after - before >= timedelta(seconds=600) for before, after in pairwise(moments))


def test_a_new_sender_grows_by_what_really_left(desk: Desk) -> None:
    """2 on the first day; then a fifth more than the upper quartile of the days with mails."""
    desk.set_policy(ramp=2)
    sequence = desk.sequence(HELLO)
    for expected in (2, 2 + 3, 2 + 3 + 4):
        several(desk, 6, sequence)
        desk.work()
        assert sent(desk) == expected
        to_midnight(desk)
        desk.later(hours=9)


def test_a_sender_whose_mails_bounce_is_slowed_down(desk: Desk) -> None:
    """Three of three bounce, each of another sequence, so that no sequence pauses itself for it."""
    desk.set_policy(ramp=8)
    bounce = NotSent("no such user", scope="recipient", permanent=True, code=550, hard_bounce=True)
    desk.mailer.script.extend(bounce for _ in range(3))
    for name in ("A", "B", "C"):
        several(desk, 1, desk.sequence(HELLO, name=name))
        desk.work()
    several(desk, 5)
    desk.work()
    assert sent(desk) == 4  # half of 8, at once
    to_midnight(desk)
    desk.later(hours=9)
    several(desk, 9, desk.sequence(HELLO, name="Next"))
    desk.work()
    assert sent(desk) == 4 + 4
    assert {m.blocked for m in box(desk, Box.HELD)} == {"the ramp-up of 4 mails a day is reached"}


def test_the_sender_tells_what_left_today_and_the_limits(desk: Desk) -> None:
    desk.set_policy(daily_cap=20, new_per_day=3, ramp=10)
    several(desk, 2)
    desk.work()
    seen = desk.call("gtm.outreach.sender")
    assert seen.sent_today == 2
    assert [(limit.name, limit.used) for limit in seen.limits] == [
        ("limit of 3 new people a day", 2),
        ("ramp-up of 10 mails a day", 2),
        ("daily cap of 20 mails", 2),
    ]
    to_midnight(desk)
    assert desk.call("gtm.outreach.sender").sent_today == 0


# ---- a desk that slept


def test_what_is_more_than_a_day_late_asks_for_a_new_yes(desk: Desk) -> None:
    mails = several(desk, 2)
    desk.later(days=3, hours=1)
    desk.work()
    assert sent(desk) == 0
    assert [mail.changed_since for mail in box(desk, Box.CHANGED)] == ["it was due 3 days ago"] * 2
    assert len(events(desk, "gtm.outreach.unapproved")) == 2
    desk.approve(desk.mail(mails[0].id))
    desk.work()
    assert states(desk, mails) == ["Sent", "Held"]


def test_what_is_late_by_less_leaves(desk: Desk) -> None:
    several(desk, 1)
    desk.later(hours=23)
    desk.work()
    assert sent(desk) == 1


def test_what_was_not_drafted_yet_is_drafted_however_late(desk: Desk) -> None:
    executed = desk.enrol(desk.sequence(), desk.contact())
    desk.later(days=30)
    desk.work()
    assert desk.mail(executed.job_id).box is Box.WAITING


def test_a_yes_to_an_old_draft_is_a_yes_of_today(desk: Desk) -> None:
    """The draft lay in the inbox for a week: the person knows that."""
    mail = desk.drafted()
    desk.later(days=7)
    desk.approve(mail)
    desk.work()
    assert sent(desk) == 1


def test_what_waits_for_a_limit_is_not_late(desk: Desk) -> None:
    """Five days for five mails: nobody is asked again for what the cap put off."""
    desk.set_policy(daily_cap=1)
    mails = several(desk, 5)
    for _ in range(5):
        desk.work()
        to_midnight(desk)
    assert states(desk, mails) == ["Sent"] * 5


def test_waking_up_brings_no_burst(desk: Desk) -> None:
    """Ten hours asleep, twenty mails due: the cap and the gap hold as on any day."""
    desk.set_policy(daily_cap=6, min_gap_seconds=300)
    several(desk, 20)
    desk.later(hours=10)
    for _ in range(30):
        desk.work()
        desk.later(minutes=5)
    moments = sent_at(desk)
    assert len(moments) == 6
    assert all(after - before >= timedelta(minutes=5) for before, after in pairwise(moments))


def test_a_worker_that_slept_at_work_does_not_send_days_later(desk: Desk) -> None:
    """The machine slept before the final dot: the mail did not leave, and its yes is three days old."""
    [mail] = several(desk, 1)
    query(desk, "UPDATE job SET state = 'running', owner = 'w', lease_until = ?, fence = 9 WHERE id = ?", "2026-11-24T09:02:00.000Z", mail.id)  # fmt: skip
    query(desk, "UPDATE mail SET state = 'sending' WHERE id = ?", mail.id)
    desk.later(days=3)
    desk.work()
    assert sent(desk) == 0
    assert desk.mail(mail.id).changed_since == "it was due 3 days ago"


def test_a_window_that_was_slept_through_is_waited_for_again(desk: Desk) -> None:
    sequence = desk.sequence(HELLO)
    set_schedule(desk, sequence, windows=OFFICE)
    desk.later(hours=10)  # 19:00, after hours
    mail = approved(desk, sequence)
    desk.later(hours=23)  # 18:00 on the day after: the window was open from nine to five
    desk.work()
    assert sent(desk) == 0
    desk.until(mail.id)
    desk.work()
    assert sent_at(desk) == [START + timedelta(days=2)]
