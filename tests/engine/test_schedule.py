"""When sequences work: the stored rules, what they do to planned and approved mails, and how they are taken back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from rusvel_tui.engine import jobs
from rusvel_tui.engine.errors import Conflict, InvalidInput, NotFound
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box
from rusvel_tui.engine.gtm.outreach.timing import replan
from tests.engine.test_calendar import at
from tests.factories import AGAIN, HELLO, START, Desk, enrollment, events, kinds, query

OFFICE = "mon-fri 09:00-17:00"
CALL = {"type": "CALL", "delay_days": 1, "instructions": "Ring."}


def set_schedule(desk: Desk, sequence: Any = None, **rules: Any) -> Any:
    key = sequence.sequence_id if sequence else ""
    return desk.call("gtm.outreach.set_schedule", sequence_id=key, **rules)


def get_schedule(desk: Desk, sequence: Any = None) -> Any:
    key = sequence.sequence_id if sequence else ""
    return desk.call("gtm.outreach.get_schedule", sequence_id=key)


def approved(desk: Desk, sequence: Any, **person: Any) -> Any:
    executed = desk.enrol(sequence, desk.contact(**person))
    desk.until(executed.job_id)
    desk.work()
    return desk.approve(desk.mail(executed.job_id))


def sent_at(desk: Desk) -> list[datetime]:
    return [datetime.fromisoformat(row[0]) for row in query(desk, "SELECT intent_at FROM mail WHERE state = 'sent' ORDER BY intent_at")]  # fmt: skip


# ---- the rules


def test_the_default_is_any_time(desk: Desk) -> None:
    sequence = desk.sequence()
    for found in (get_schedule(desk), get_schedule(desk, sequence)):
        assert (found.windows, found.zone, found.own, found.version) == ("", "contact", False, 0)
        assert found.next_open == START


def test_rules_are_stored_in_their_usual_spelling(desk: Desk) -> None:
    sequence = desk.sequence()
    seen = set_schedule(
        desk, sequence, windows="Mon-Fri 9-17", zone="Europe/Berlin", working_days="monday-sat",
        holidays="germany", blackout=["2026-12-31..2027-01-02", "2026-12-24", "2026-12-24..2026-12-24"],
        jitter_minutes=15, new_per_day=5,
    )  # fmt: skip
    assert (seen.windows, seen.zone) == (OFFICE, "Europe/Berlin")
    assert (seen.working_days, seen.holidays) == ("mon-sat", "DE")
    assert seen.blackout == ("2026-12-24", "2026-12-31..2027-01-02")
    assert (seen.own, seen.version, seen.jitter_minutes, seen.new_per_day) == (True, 1, 15, 5)
    assert get_schedule(desk, sequence) == seen
    assert get_schedule(desk).own is False


def test_what_is_left_out_stays_and_null_takes_a_limit_away(desk: Desk) -> None:
    sequence = desk.sequence()
    set_schedule(desk, sequence, windows=OFFICE, daily_cap=20)
    seen = set_schedule(desk, sequence, jitter_minutes=10)
    assert (seen.windows, seen.daily_cap, seen.jitter_minutes) == (OFFICE, 20, 10)
    assert set_schedule(desk, sequence, daily_cap=None, windows=None).daily_cap is None
    assert get_schedule(desk, sequence).windows == OFFICE


def test_the_sessions_rules_count_where_there_are_no_own_ones(desk: Desk) -> None:
    own, other = desk.sequence(name="Own"), desk.sequence(name="Other")
    set_schedule(desk, windows="tue 10:00-11:00")
    set_schedule(desk, own, windows=OFFICE)
    assert get_schedule(desk, other).windows == "tue 10:00-11:00"
    assert get_schedule(desk, own).windows == OFFICE


def test_the_sessions_days_off_count_for_every_sequence(desk: Desk) -> None:
    own = desk.sequence()
    set_schedule(desk, own, windows=OFFICE)
    set_schedule(desk, blackout=["2026-11-24..2026-11-27"])
    assert get_schedule(desk, own).next_open == at("UTC", "2026-11-30T09:00")


@pytest.mark.parametrize(
    ("field", "wrong", "why"),
    [
        ("windows", "mon 09:00-09:00", "excludes every hour"),
        ("windows", "mon 17:00-09:00", "ends before it begins"),
        ("windows", "whenever", "names no hours|no weekday"),
        ("zone", "Mars/Olympus", "not a time zone"),
        ("working_days", "", "working day"),
        ("working_days", "mon-fry", "weekday"),
        ("holidays", "Atlantis", "no place with known holidays"),
        ("blackout", ["2026-02-30"], "no day"),
        ("blackout", ["2026-12-24..2026-12-01"], "ends before it begins"),
        ("blackout", ["2026-11-01..2028-01-01"], "exclude every hour of the next year"),
        ("blackout", ["2026-11-24"] * 201, "At most"),
        ("daily_cap", 0, "greater than or equal to 1"),
        ("jitter_minutes", -1, "greater than or equal to 0"),
        ("draft_ahead_hours", 1000, "less than or equal to 240"),
    ],
)
def test_impossible_rules_are_refused_with_the_place_and_nothing_is_stored(
    desk: Desk, field: str, wrong: Any, why: str
) -> None:
    sequence = desk.sequence()
    before = len(events(desk))
    with pytest.raises(InvalidInput, match=why) as caught:
        set_schedule(desk, sequence, **{field: wrong})
    assert caught.value.field == field
    assert get_schedule(desk, sequence).version == 0
    assert len(events(desk)) == before


def test_a_window_on_days_off_only_is_refused(desk: Desk) -> None:
    """No window of a year is open: the days off are all Tuesdays."""
    tuesdays = [f"{(START + timedelta(days=7 * week)).date()}" for week in range(60)]
    with pytest.raises(InvalidInput, match="exclude every hour") as caught:
        set_schedule(desk, windows="tue 09:00-17:00", blackout=tuesdays)
    assert caught.value.field == "blackout"


def test_two_editors_meet_in_a_conflict(desk: Desk) -> None:
    sequence = desk.sequence()
    set_schedule(desk, sequence, windows=OFFICE, version=0)
    with pytest.raises(Conflict):
        set_schedule(desk, sequence, windows="", version=0)
    assert set_schedule(desk, sequence, windows="", version=1).version == 2


def test_an_unknown_sequence_and_one_of_another_session_are_not_found(desk: Desk) -> None:
    sequence = desk.sequence()
    desk.call("session.create", name="other")
    for key in ("nope", sequence.sequence_id):
        for name in ("get_schedule", "set_schedule", "reset_schedule"):
            with pytest.raises(NotFound):
                desk.call(f"gtm.outreach.{name}", sequence_id=key)
    assert get_schedule(desk).windows == ""


def test_undo_brings_the_rules_back_and_redo_the_change(desk: Desk) -> None:
    sequence = desk.sequence()
    set_schedule(desk, windows="sat 10:00-11:00")
    set_schedule(desk, sequence, windows=OFFICE, new_per_day=5, blackout=["2026-12-24"])
    before = get_schedule(desk, sequence)
    set_schedule(desk, sequence, windows="", new_per_day=None, blackout=[])
    desk.call("undo")
    kept = ("windows", "new_per_day", "blackout", "own")
    assert [getattr(get_schedule(desk, sequence), name) for name in kept] == [
        getattr(before, name) for name in kept
    ]
    desk.call("undo")
    assert get_schedule(desk, sequence).own is False
    assert get_schedule(desk, sequence).windows == "sat 10:00-11:00"
    desk.call("redo")
    assert get_schedule(desk, sequence).windows == OFFICE


def test_reset_goes_back_to_the_sessions_rules_and_can_be_undone(desk: Desk) -> None:
    sequence = desk.sequence()
    set_schedule(desk, sequence, windows=OFFICE, daily_cap=3)
    assert desk.call("gtm.outreach.reset_schedule", sequence_id=sequence.sequence_id).own is False
    desk.call("undo")
    assert get_schedule(desk, sequence).daily_cap == 3
    assert kinds(desk, "gtm.schedule") == ["gtm.schedule.updated"] * 3


# ---- what the rules do


def test_a_step_is_planned_into_its_window_on_the_persons_clock(desk: Desk) -> None:
    sequence = desk.sequence(HELLO | {"delay_days": 4})
    set_schedule(desk, sequence, windows=OFFICE)
    executed = desk.enrol(sequence, desk.contact(timezone="America/New_York"))
    assert executed.run_at == at("America/New_York", "2026-11-30T09:00")  # after a weekend
    assert desk.mail(executed.job_id).zone == "America/New_York"


def test_an_approved_mail_leaves_when_its_window_opens(desk: Desk) -> None:
    """The yes is given at night; the mail is queued for the morning, and not among what is stuck."""
    sequence = desk.sequence()
    set_schedule(desk, sequence, windows=OFFICE, draft_ahead_hours=24)
    desk.later(hours=12)
    mail = approved(desk, sequence, timezone="Asia/Kolkata")
    opens = at("Asia/Kolkata", "2026-11-25T09:00")
    assert (mail.run_at, mail.blocked, mail.box) == (opens, "", Box.QUEUED)
    assert desk.work() == 0
    desk.until(mail.id)
    desk.work()
    assert sent_at(desk) == [opens]


def test_until_idle_does_not_wait_for_a_window(desk: Desk) -> None:
    """It waits for undo windows only; a mail whose time comes later is no reason to stay."""
    desk.set_policy(undo_seconds=60)
    sequence = desk.sequence()
    set_schedule(desk, sequence, windows="wed 10:00-11:00", draft_ahead_hours=48)
    mail = approved(desk, sequence)
    desk.work()
    assert desk.engine.clock.now() < START + timedelta(minutes=1)
    assert desk.call("gtm.approvals.unapprove", id=mail.id).state == "Held"


def test_a_draft_can_be_made_ahead_and_leaves_in_its_window_only(desk: Desk) -> None:
    sequence = desk.sequence(HELLO | {"delay_days": 2})
    set_schedule(desk, sequence, windows=OFFICE, draft_ahead_hours=12)
    executed = desk.enrol(sequence, desk.contact())
    assert executed.run_at == START + timedelta(days=2, hours=-12)
    mail_id = executed.job_id
    desk.until(mail_id)
    desk.work()
    mail = desk.approve(desk.mail(mail_id))
    assert mail.run_at == START + timedelta(days=2)


def test_a_call_comes_up_in_its_window(desk: Desk) -> None:
    sequence = desk.sequence(CALL | {"delay_days": 4})
    set_schedule(desk, sequence, windows="mon 10:00-11:00")
    executed = desk.enrol(sequence, desk.contact())
    assert executed.run_at == at("UTC", "2026-11-30T10:00")


def test_q_062_working_days_count_from_what_really_happened(desk: Desk) -> None:
    second = AGAIN | {"delay_days": 2, "delay_unit": "working_days"}
    sequence = desk.sequence(HELLO, second)
    set_schedule(desk, sequence, holidays="US")
    mail = approved(desk, sequence)
    desk.later(hours=5)
    desk.work()
    # Thursday is Thanksgiving: Wednesday and Friday count.
    assert enrollment(desk, mail.contact_id).next_at == at("UTC", "2026-11-27T14:00")


def test_new_rules_plan_anew_what_waits(desk: Desk) -> None:
    sequence = desk.sequence(HELLO | {"delay_days": 4})
    set_schedule(desk, sequence, windows=OFFICE)
    executed = desk.enrol(sequence, desk.contact())
    assert desk.mail(executed.job_id).run_at == at("UTC", "2026-11-30T09:00")
    set_schedule(desk, sequence, windows="sat-sun 10:00-12:00")
    assert desk.mail(executed.job_id).run_at == at("UTC", "2026-11-28T10:00")
    set_schedule(desk, sequence, windows="")
    assert desk.mail(executed.job_id).run_at == START + timedelta(days=4)
    desk.call("undo")
    assert desk.mail(executed.job_id).run_at == at("UTC", "2026-11-28T10:00")


def test_an_approved_mail_follows_new_rules_too(desk: Desk) -> None:
    sequence = desk.sequence()
    set_schedule(desk, sequence, windows="fri 09:00-10:00", draft_ahead_hours=100)
    mail = approved(desk, sequence)
    assert mail.run_at == at("UTC", "2026-11-27T09:00")
    set_schedule(desk, sequence, windows="wed 09:00-10:00")
    desk.work()
    assert desk.mail(mail.id).run_at == at("UTC", "2026-11-25T09:00")
    set_schedule(desk, sequence, windows="")
    desk.work()
    assert desk.mail(mail.id).state == "Sent"


def test_other_sequences_are_left_alone(desk: Desk) -> None:
    first, second = desk.sequence(HELLO | {"delay_days": 4}, name="A"), desk.sequence(name="B")
    job = desk.enrol(first, desk.contact()).job_id
    before = desk.mail(job).run_at
    set_schedule(desk, second, windows="sun 10:00-11:00")
    assert desk.mail(job).run_at == before


def test_the_undo_window_is_not_cut_short_by_new_rules(desk: Desk) -> None:
    desk.set_policy(undo_seconds=60)
    sequence = desk.sequence()
    mail = approved(desk, sequence)
    set_schedule(desk, sequence, jitter_minutes=5)
    assert desk.mail(mail.id).run_at == START + timedelta(seconds=60)


def test_the_preview_shows_the_moments_on_the_persons_clock(desk: Desk) -> None:
    sequence = desk.sequence(HELLO, AGAIN | {"delay_days": 2, "delay_unit": "working_days"})
    set_schedule(desk, sequence, windows="wed-fri 09:00-17:00", jitter_minutes=60, holidays="US")
    person = desk.contact(timezone="America/New_York")
    command = {"sequence_id": sequence.sequence_id, "contact_id": person.contact_id}
    first, second = desk.call("gtm.outreach.preview_sequence", **command).steps
    assert (first.zone, first.zone_origin) == ("America/New_York", "set")
    assert first.at == at("America/New_York", "2026-11-25T09:00")
    # Thursday is a holiday: Friday and Monday count, and Monday has no window.
    assert second.at == at("America/New_York", "2026-12-02T09:00")


def test_many_people_are_planned_anew_by_a_job(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next ones at once, so that nobody waits for a large sequence; the rest by the worker, in parts."""
    monkeypatch.setattr(replan, "AT_ONCE", 2)
    monkeypatch.setattr(replan, "PART", 2)
    sequence = desk.sequence(HELLO | {"delay_days": 4})
    ids = []
    for _ in range(5):
        ids.append(desk.enrol(sequence, desk.contact()).job_id)
        desk.later(minutes=1)
    set_schedule(desk, sequence, windows="wed 10:00-12:00")
    opens = at("UTC", "2026-12-02T10:00")
    assert [desk.mail(key).run_at == opens for key in ids] == [True, True, False, False, False]
    desk.work()
    assert {desk.mail(key).run_at for key in ids} == {opens}
    assert query(desk, "SELECT state FROM job WHERE kind = 'Replan'") == [("succeeded",)]


def test_planning_anew_that_was_interrupted_begins_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replan, "AT_ONCE", 1)
    sequence = desk.sequence(HELLO | {"delay_days": 4})
    ids = [desk.enrol(sequence, desk.contact()).job_id for _ in range(3)]
    set_schedule(desk, sequence, windows="wed 10:00-12:00")
    assert desk.engine.run(jobs.claim, jobs.Claim(owner="vanished")).job is not None
    desk.later(minutes=3)
    desk.work()
    assert {desk.mail(key).run_at for key in ids} == {at("UTC", "2026-12-02T10:00")}


def test_a_zone_that_this_machine_does_not_know_is_the_sessions(desk: Desk) -> None:
    person = desk.contact()
    query(desk, "UPDATE contact SET timezone = 'Mars/Olympus' WHERE id = ?", person.contact_id)
    executed = desk.enrol(desk.sequence(), person)
    assert desk.mail(executed.job_id).zone == "UTC"
    desk.work()
    desk.approve(desk.mail(executed.job_id))
    desk.work()
    assert desk.mail(executed.job_id).state == "Sent"
