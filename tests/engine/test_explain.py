"""Why not yet: the answer at every stage of a step, and that what it says is what then happens."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

import pytest

from rusvel_tui.engine.errors import NotFound
from tests.engine.test_calendar import at
from tests.engine.test_schedule import OFFICE, approved, sent_at, set_schedule
from tests.factories import HELLO, START, Desk, enrollment, query

CALL = {"type": "CALL", "delay_days": 1, "instructions": "Ring."}


def explain(desk: Desk, key: str) -> Any:
    return desk.call("gtm.outreach.explain", id=key)


def shut(found: Any) -> list[str]:
    return [gate.text for gate in found.gates if not gate.open]


def test_a_planned_mail_says_when_it_is_drafted_and_may_leave(desk: Desk) -> None:
    sequence = desk.sequence(HELLO | {"delay_days": 4})
    set_schedule(desk, sequence, windows=OFFICE, draft_ahead_hours=12)
    executed = desk.enrol(sequence, desk.contact(timezone="Asia/Kolkata"))
    found = explain(desk, executed.job_id)
    opens = at("Asia/Kolkata", "2026-11-30T09:00")
    assert (found.state, found.next_time, found.at_the_earliest) == ("Scheduled", opens, True)
    assert found.headline == (
        "It is drafted Sun 29 Nov 15:30 UTC; with your yes it may leave Mon 30 Nov 09:00 Asia/Kolkata."
    )
    assert [(c.whose, c.zone, c.origin, c.shows) for c in found.clocks] == [
        (found.contact, "Asia/Kolkata", "set", "Mon 30 Nov 09:00"),
        ("you", "UTC", "session", "Mon 30 Nov 03:30"),
    ]
    assert explain(desk, executed.enrollment_id) == found


def test_a_held_draft_waits_for_a_yes_and_names_the_slot(desk: Desk) -> None:
    desk.set_policy(undo_seconds=60)
    mail = desk.drafted()
    found = explain(desk, mail.id)
    assert found.headline == "It waits for your yes; with one now it leaves Tue 24 Nov 09:01 UTC."
    assert found.next_time == START + timedelta(seconds=60)
    assert shut(found) == ["you can take the yes back until Tue 24 Nov 09:01 UTC"]


def test_a_draft_with_a_hole_says_what_is_missing(desk: Desk) -> None:
    mail = desk.drafted(HELLO | {"body": "Hi {{company}}"})
    assert explain(desk, mail.id).headline.startswith("It cannot be approved yet: company")


def test_an_approved_mail_says_when_it_leaves_and_then_it_does(desk: Desk) -> None:
    sequence = desk.sequence()
    set_schedule(desk, sequence, windows="wed 10:00-11:00", jitter_minutes=30, draft_ahead_hours=48)
    mail = approved(desk, sequence)
    found = explain(desk, mail.id)
    assert found.next_time == mail.run_at
    assert not found.at_the_earliest
    assert found.headline.startswith("It leaves Wed 25 Nov 10:")
    desk.later(seconds=(mail.run_at - START).total_seconds() - 1)
    assert desk.work() == 0
    desk.until(mail.id)
    desk.work()
    assert sent_at(desk) == [found.next_time]
    assert explain(desk, mail.id).headline.startswith("It left Wed 25 Nov 10:")


def test_every_gate_is_shown_with_its_value(desk: Desk) -> None:
    desk.set_policy(daily_cap=20, min_gap_seconds=60, new_per_day=5)
    sequence = desk.sequence()
    first = approved(desk, sequence)
    desk.work()
    second = approved(desk, sequence)
    found = explain(desk, second.id)
    texts = {gate.name: gate.text for gate in found.gates}
    assert texts["limit"] == "the limit of 5 new people a day: 1 so far"
    assert texts["gap"] == "the gap between two mails is not over"
    assert texts["window"] == "open: Tue 24 Nov 09:00 UTC (zone from the session)"
    assert texts["mailer"] == "recording mailer"
    assert found.next_time == START + timedelta(seconds=60)
    assert first.id != second.id


def test_what_somebody_has_to_do_is_said_first(desk: Desk) -> None:
    sequence = desk.sequence()
    mail = approved(desk, sequence)
    desk.call("gtm.outreach.pause_sequence", sequence_id=sequence.sequence_id)
    desk.set_policy(mailer="")
    found = explain(desk, mail.id)
    assert found.headline == (
        "It waits: the sequence is paused; "
        "no mailer is configured: set RUSVEL_SMTP_HOST or RUSVEL_MAIL_FOLDER."
    )
    assert found.at_the_earliest


def test_where_mails_compete_the_time_is_the_earliest(desk: Desk) -> None:
    desk.set_policy(daily_cap=1)
    sequence = desk.sequence(HELLO)
    mails = [approved(desk, sequence) for _ in range(4)]
    desk.work()
    waiting = [mail for mail in mails if desk.mail(mail.id).state == "Approved"]
    found = explain(desk, waiting[-1].id)
    assert (found.ahead, found.at_the_earliest) == (2, True)
    assert found.headline.endswith("2 other mails want to leave by then.")
    assert found.next_time == at("UTC", "2026-11-25T00:00")


def test_calls_wait_for_their_day_and_then_for_you(desk: Desk) -> None:
    executed = desk.enrol(desk.sequence(CALL), desk.contact())
    assert explain(desk, executed.job_id).headline == "It comes up Wed 25 Nov 09:00 UTC."
    desk.later(days=1)
    desk.work()
    found = explain(desk, executed.enrollment_id)
    assert found.headline == "It waits for you: do it and complete the step."
    desk.call("gtm.outreach.complete_step", job_id=executed.job_id)
    over = explain(desk, executed.enrollment_id)
    assert over.headline == "The way through the sequence is over: finished."


def test_the_ends_have_their_words(desk: Desk) -> None:
    sequence = desk.sequence()
    mail = approved(desk, sequence)
    desk.later(days=3)
    late = explain(desk, mail.id)
    assert late.headline == "It goes back to the inbox for a new yes: it was due 3 days ago."
    assert late.next_time is None
    key = enrollment(desk, mail.contact_id).enrollment_id
    desk.call("gtm.outreach.cancel_enrollment", enrollment_id=key)
    assert explain(desk, mail.id).headline.startswith("It does not leave")


def test_only_what_is_in_the_session_is_found(desk: Desk) -> None:
    mail = desk.drafted()
    for key in ("nope", ""):
        with pytest.raises(NotFound):
            explain(desk, key)
    desk.call("session.create", name="other")
    with pytest.raises(NotFound):
        explain(desk, mail.id)


def test_q_068_what_is_explained_is_what_the_worker_does(desk: Desk) -> None:
    """Random schedules, people and limits: no mail leaves before the time that was named, and the first one then."""
    random = Random(7)  # noqa: S311 - cases, no secrets
    desk.set_policy(daily_cap=3, min_gap_seconds=600, new_per_day=2)
    zones = ("UTC", "Asia/Kolkata", "Pacific/Auckland", "America/New_York")
    week = ("", OFFICE, "mon-sun 18:30-19:15", "tue 0-24; fri 10:00-12:00")
    sequences = [desk.sequence(HELLO, name=f"S{n}") for n in range(4)]
    for sequence, windows in zip(sequences, week, strict=True):
        set_schedule(desk, sequence, windows=windows, jitter_minutes=random.choice([0, 45]))
    ids = [
        desk.enrol(random.choice(sequences), desk.contact(timezone=random.choice(zones))).job_id
        for _ in range(16)
    ]
    for _ in range(200):
        for job_id in ids:
            if desk.mail(job_id).state == "Held":
                desk.approve(desk.mail(job_id))
        named = {
            key: explain(desk, key).next_time for key in ids if desk.mail(key).state == "Approved"
        }
        before = len(sent_at(desk))
        desk.work()
        now = desk.engine.clock.now()
        left = [key for key in named if desk.mail(key).state == "Sent"]
        assert all(named[key] <= now for key in left)
        due = [key for key, moment in named.items() if moment <= now]
        assert len(sent_at(desk)) - before >= min(len(due), 1)
        [(following,)] = query(desk, "SELECT min(run_at) FROM job WHERE state = 'queued'")
        if following is None:
            break
        desk.later(seconds=max((at("UTC", following[:19]) - now).total_seconds() + 1, 1))
    assert {desk.mail(key).state for key in ids} == {"Sent"}
    days = [moment.date() for moment in sent_at(desk)]
    assert max(days.count(day) for day in days) <= 2
