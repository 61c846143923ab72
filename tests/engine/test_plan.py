"""The coming days: the simulation keeps every rule, and the plan is what then happens."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rusvel_tui.engine.calendar import is_open, midnight
from rusvel_tui.engine.context import Policy
from rusvel_tui.engine.errors import InvalidInput, NotFound
from rusvel_tui.engine.gtm.outreach.sequences.step_kinds import StepType
from rusvel_tui.engine.gtm.outreach.timing import plan as plan_module
from rusvel_tui.engine.gtm.outreach.timing import simulate
from rusvel_tui.engine.gtm.outreach.timing.decide import Decision, Facts, decide
from rusvel_tui.engine.gtm.outreach.timing.limits import History
from rusvel_tui.engine.gtm.outreach.timing.send_times import Schedule, SendTimes
from rusvel_tui.engine.gtm.outreach.timing.simulate import Done, PlannedStep, Simulation, Traveller
from rusvel_tui.engine.gtm.outreach.timing.weekly import parse_week
from tests.engine.test_calendar import ZONES, at
from tests.engine.test_schedule import OFFICE, approved, sent_at, set_schedule
from tests.factories import AGAIN, HELLO, START, Desk, box, query, statements

CALL = {"type": "CALL", "delay_days": 1, "instructions": "Ring."}
NOBODY = History((0,) * 14, 0, 0)
OWN = ZoneInfo("Europe/Berlin")


def step(number: int, delay: int, *, mail: bool = True, unit: str = "days") -> PlannedStep:
    kind = StepType.EMAIL_AUTO if mail else StepType.CALL
    return PlannedStep(f"s{number}", number, kind, "email" if mail else "phone", delay, unit, mail)


def travellers(seed: int, count: int) -> list[Traveller]:
    """People in three sequences with other windows, zones and ways."""
    random = Random(seed)  # noqa: S311 - cases, no secrets
    ways = (
        (step(1, 0), step(2, 2, unit="working_days"), step(3, 3, mail=False), step(4, 1)),
        (step(1, 0), step(2, 7)),
        (step(1, 0, mail=False), step(2, 0), step(3, 5)),
    )
    schedules = (
        Schedule(week=parse_week(OFFICE), jitter_minutes=30, daily_cap=4),
        Schedule(week=parse_week("mon-sat 20:00-22:30"), new_per_day=2),
        Schedule(
            min_gap_seconds=900, blackout=((START.date(), (START + timedelta(days=2)).date()),)
        ),
    )
    people = []
    for number in range(count):
        which = random.randrange(3)
        times = SendTimes(schedules[which], random.choice(ZONES), key=f"e{number} s1")
        due = START + timedelta(minutes=random.randint(-2000, 20_000))
        at_step = random.randrange(len(ways[which]))
        people.append(
            Traveller(f"e{number}", f"q{which}", ways[which], at_step, due, times, at_step == 0)
        )
    return people


def days_of(done: list[Done]) -> Counter[object]:
    return Counter(one.at.astimezone(OWN).date() for one in done)


@given(st.integers(0, 10**6), st.integers(0, 40), st.none() | st.integers(1, 6), st.none() | st.integers(1, 3), st.none() | st.integers(2, 9), st.sampled_from([None, 60, 3600]))  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_no_limit_is_ever_exceeded_and_no_window_left(
    seed: int, count: int, cap: int | None, new: int | None, ramp: int | None, gap: int | None
) -> None:
    people = travellers(seed, count)
    policy = Policy(daily_cap=cap, new_per_day=new, ramp=ramp, min_gap_seconds=gap)
    done = list(Simulation(START, OWN, policy, NOBODY).run(people, START + timedelta(days=45)))
    mails = [one for one in done if one.traveller.step.mail]
    first = [one for one in mails if one.traveller.new]
    for one in done:
        assert is_open(one.at, one.traveller.times.where, one.traveller.times.spans)
        assert one.at >= max(one.traveller.due, START)
    assert max(days_of(mails).values(), default=0) <= (cap or 10**6)
    assert max(days_of(first).values(), default=0) <= (new or 10**6)
    assert (
        max(days_of([m for m in mails if m.traveller.sequence_id == "q0"]).values(), default=0) <= 4
    )
    assert (
        max(days_of([m for m in first if m.traveller.sequence_id == "q1"]).values(), default=0) <= 2
    )
    for before, after in pairwise(mails):
        asked = max(gap or 0, after.traveller.times.schedule.min_gap_seconds or 0)
        assert after.at - before.at >= timedelta(seconds=asked)
    assert max(Counter((m.traveller.enrollment_id, m.traveller.step.key) for m in done).values(), default=1) == 1  # fmt: skip


@given(st.integers(0, 10**6))
@settings(max_examples=20, deadline=None)
def test_everybody_gets_to_the_end_and_in_order(seed: int) -> None:
    people = travellers(seed, 12)
    done = list(Simulation(START, OWN, Policy(), NOBODY).run(people, START + timedelta(days=120)))
    for one in people:
        own = [d for d in done if d.traveller.enrollment_id == one.enrollment_id]
        assert [d.traveller.step.number for d in own] == [s.number for s in one.steps[one.at :]]
        assert [d.at for d in own] == sorted(d.at for d in own)


def test_follow_ups_leave_before_first_touches() -> None:
    times = SendTimes(Schedule(week=parse_week("daily 10:00-11:00")), "UTC")
    way = (step(1, 0), step(2, 1))
    people = [
        *(Traveller(f"n{n}", "q", way, 0, START, times, True) for n in range(3)),
        *(Traveller(f"f{n}", "q", way, 1, START, times, False) for n in range(2)),
    ]
    done = Simulation(START, ZoneInfo("UTC"), Policy(daily_cap=2), NOBODY).run(
        people, START + timedelta(days=2)
    )
    assert [one.traveller.enrollment_id for one in done][:2] == ["f0", "f1"]


def test_the_ramp_goes_on_with_what_left() -> None:
    way = (step(1, 0),)
    people = [Traveller(f"n{n}", "q", way, 0, START, SendTimes(), True) for n in range(60)]
    policy = Policy(ramp=10)
    done = list(
        Simulation(START, ZoneInfo("UTC"), policy, NOBODY).run(people, START + timedelta(days=6))
    )
    per_day = Counter(one.at.date() for one in done)
    assert [per_day[day] for day in sorted(per_day)] == [10, 12, 15, 18, 5]


def test_many_people_cost_a_bounded_number_of_decisions(monkeypatch: pytest.MonkeyPatch) -> None:
    """A gap does not make everybody look again after every mail."""
    looks = Counter[str]()

    def counted(now: datetime, facts: Facts) -> Decision:
        looks["all"] += 1
        return decide(now, facts)

    monkeypatch.setattr(simulate, "decide", counted)
    people = [
        Traveller(f"n{n}", "q", (step(1, 0),), 0, START, SendTimes(), True) for n in range(500)
    ]
    policy = Policy(min_gap_seconds=60)
    done = list(Simulation(START, OWN, policy, NOBODY).run(people, START + timedelta(days=2)))
    assert len(done) == 500
    assert looks["all"] < 4 * 500


# ---- the operation


def plan(desk: Desk, **more: Any) -> Any:
    return desk.call("gtm.outreach.plan", **more)


def busy(found: Any) -> dict[str, tuple[int, int]]:
    return {str(day.day): (day.mails, day.tasks) for day in found.days if day.lines}


def test_the_plan_counts_mails_and_calls_by_day_and_step(desk: Desk) -> None:
    sequence = desk.sequence(HELLO, AGAIN, CALL)
    set_schedule(desk, sequence, windows=OFFICE)
    for _ in range(3):
        desk.enrol(sequence, desk.contact())
    found = plan(desk)
    assert busy(found) == {"2026-11-24": (3, 0), "2026-11-27": (3, 0), "2026-11-30": (0, 3)}
    assert (len(found.days), found.people, found.left_out) == (30, 3, 0)
    [line] = found.days[3].lines
    assert (line.sequence, line.step, line.count, line.moved) == ("Intro", 2, 3, 0)
    assert line.first == line.last == START + timedelta(days=3)


def test_what_the_cap_holds_back_moves_to_the_next_days(desk: Desk) -> None:
    desk.set_policy(daily_cap=2)
    sequence = desk.sequence(HELLO)
    approved(desk, sequence)
    desk.work()
    for _ in range(4):
        desk.enrol(sequence, desk.contact())
    found = plan(desk)
    assert busy(found) == {"2026-11-24": (1, 0), "2026-11-25": (2, 0), "2026-11-26": (1, 0)}
    assert [line.moved for day in found.days for line in day.lines] == [0, 2, 1]


def test_one_sequence_is_shown_under_the_limits_of_all(desk: Desk) -> None:
    desk.set_policy(daily_cap=1)
    first, second = desk.sequence(HELLO, name="A"), desk.sequence(HELLO, name="B")
    for sequence in (first, second):
        desk.enrol(sequence, desk.contact())
    found = plan(desk, sequence_id=second.sequence_id)
    assert busy(found) == {"2026-11-25": (1, 0)}
    assert found.people == 1


def test_days_are_those_of_the_session(desk: Desk) -> None:
    desk.call("session.update", timezone="Pacific/Auckland")
    sequence = desk.sequence(HELLO)
    set_schedule(desk, sequence, windows="mon-fri 20:00-21:00")
    desk.enrol(sequence, desk.contact(timezone="America/New_York"))
    found = plan(desk, days=2)
    [line] = found.days[1].lines
    assert line.first == at("America/New_York", "2026-11-24T20:00")
    assert str(found.days[1].day) == "2026-11-25"


def test_paused_people_and_sequences_are_not_planned(desk: Desk) -> None:
    running, paused = desk.sequence(name="A"), desk.sequence(name="B")
    one = desk.enrol(running, desk.contact())
    desk.enrol(paused, desk.contact())
    desk.call("gtm.outreach.pause_sequence", sequence_id=paused.sequence_id)
    desk.call("gtm.outreach.pause_enrollment", enrollment_id=one.enrollment_id)
    found = plan(desk)
    assert (busy(found), found.people) == ({}, 0)


def test_the_notes_say_what_stands_against_it(desk: Desk) -> None:
    desk.call("gtm.outreach.pause_sending", reason="holiday")
    desk.set_policy(mailer="")
    notes = " ".join(plan(desk).notes)
    assert "No mailer is configured" in notes
    assert "Sending is paused (holiday)" in notes


def test_whom_it_leaves_out_is_counted(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan_module, "MOST_PEOPLE", 2)
    sequence = desk.sequence(HELLO)
    for _ in range(5):
        desk.enrol(sequence, desk.contact())
    found = plan(desk)
    assert (found.people, found.left_out) == (5, 3)
    assert busy(found) == {"2026-11-24": (2, 0)}


@pytest.mark.parametrize("days", [0, 91])
def test_a_plan_has_one_to_ninety_days(desk: Desk, days: int) -> None:
    with pytest.raises(InvalidInput, match="days"):
        plan(desk, days=days)


def test_the_sequence_must_be_in_the_session(desk: Desk) -> None:
    sequence = desk.sequence()
    desk.call("session.create", name="other")
    with pytest.raises(NotFound):
        plan(desk, sequence_id=sequence.sequence_id)


def test_the_plan_takes_the_same_queries_for_one_and_for_many(desk: Desk) -> None:
    sequence = desk.sequence()
    counts = []
    for more in (1, 30):
        for _ in range(more):
            desk.enrol(sequence, desk.contact())
        with statements(desk) as seen:
            plan(desk)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_q_068_what_the_plan_says_is_what_the_worker_does(desk: Desk) -> None:
    """Everything gets its yes at once; then each day brings as many mails as the plan said."""
    desk.set_policy(daily_cap=3, new_per_day=2)
    first = desk.sequence(HELLO, AGAIN, name="A")
    second = desk.sequence(HELLO, AGAIN | {"delay_days": 1}, name="B")
    set_schedule(desk, first, windows=OFFICE, jitter_minutes=20)
    set_schedule(desk, second, windows="daily 18:00-19:00", jitter_minutes=20)
    for number in range(8):
        desk.enrol((first, second)[number % 2], desk.contact(timezone="Asia/Kolkata"))
    planned = {day: mails for day, (mails, _) in busy(plan(desk)).items()}
    for _ in range(300):
        desk.work()
        for mail in box(desk):
            desk.approve(mail)
        [(following,)] = query(desk, "SELECT min(run_at) FROM job WHERE state = 'queued'")
        if following is None:
            break
        now = desk.engine.clock.now()
        desk.later(seconds=max((datetime.fromisoformat(following) - now).total_seconds(), 0))
    happened = Counter(str(moment.date()) for moment in sent_at(desk))
    assert dict(happened) == planned


def test_midnight_ends_the_last_day(desk: Desk) -> None:
    sequence = desk.sequence(HELLO | {"delay_days": 1})
    desk.enrol(sequence, desk.contact())
    assert busy(plan(desk, days=1)) == {}
    assert midnight((START + timedelta(days=1)).date(), ZoneInfo("UTC")) > START


def planned(desk: Desk, sequence: Any) -> list[tuple[int, int]]:
    """The steps that the plan holds, and for how many people."""
    days = desk.call("gtm.outreach.plan", sequence_id=sequence.sequence_id).days
    found: Counter[int] = Counter()
    for day in days:
        for line in day.lines:
            found[line.step] += line.count
    return sorted(found.items())


def test_the_plan_goes_the_way_that_is_known_today(desk: Desk) -> None:
    """A condition that does not hold passes a step over, a branch that holds is taken; the others are not."""
    sequence = desk.sequence(
        {**HELLO, "branches": [{"when": "tag is vip", "goto": "3"}]},
        {**AGAIN, "when": ["country is not DE"]},
        {**CALL, "branches": [{"when": "outcome is no answer", "goto": "3"}]},
        {**AGAIN, "when": ["reply is positive"]},
        AGAIN,
    )  # fmt: skip
    for more in ({"tags": ["vip"]}, {"country": "DE"}, {"country": "FR"}):
        desk.enrol(sequence, desk.contact(**more))
    assert planned(desk, sequence) == [(1, 3), (2, 1), (3, 3), (5, 3)]


def test_a_way_round_is_planned_once(desk: Desk) -> None:
    """Who does a task again and again does it once in the plan; it comes to an end."""
    again = [{"when": "outcome is done", "goto": "1"}]
    task = {"type": "TASK", "channel": "linkedin", "delay_days": 0, "body": "Write."}
    sequence = desk.sequence(task, {**task, "branches": again}, HELLO)
    desk.enrol(sequence, desk.contact())
    assert planned(desk, sequence) == [(1, 1), (2, 1)]


def test_what_is_planned_for_parting_ways_takes_as_many_queries_for_many(desk: Desk) -> None:
    sequence = desk.sequence(
        {**HELLO, "branches": [{"when": "deal is won", "goto": "end"}]},
        {**AGAIN, "when": ["tag is not vip", "company is empty", "bounce is no"]},
    )
    seen: list[int] = []
    for many, whole in ((1, 1), (9, 10)):
        ids = [desk.contact().contact_id for _ in range(many)]
        desk.call("gtm.outreach.enrol", sequence_id=sequence.sequence_id, contact_ids=ids)
        with statements(desk) as said:
            assert planned(desk, sequence)[0] == (1, whole)
        seen.append(len(said))
    assert seen[0] == seen[1]
