"""`decide`: pure, never early, never late, and never yes when anything forbids it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rusvel_tui.engine.calendar import is_open
from rusvel_tui.engine.gtm.outreach.timing.decide import (
    LATE,
    LOOK_AGAIN,
    Decision,
    Facts,
    Verdict,
    decide,
    may_draft,
)
from rusvel_tui.engine.gtm.outreach.timing.gates import gates
from rusvel_tui.engine.gtm.outreach.timing.pace import Limit, ramp_up, smallest
from rusvel_tui.engine.gtm.outreach.timing.send_times import Schedule, SendTimes
from rusvel_tui.engine.gtm.outreach.timing.weekly import parse_week
from tests.engine.test_calendar import ZONES
from tests.factories import START

TOMORROW = START + timedelta(hours=15)
FREE = Facts(
    contact_there=True,
    addresses=frozenset({"grace@example.com"}),
    recipient_key="grace@example.com",
    suppressed=False,
    enrollment="active",
    sequence="active",
    sender="ada@acme.example",
    mail_from="ada@acme.example",
    mailer="smtp",
)
NIGHT = SendTimes(
    Schedule(week=parse_week("mon-fri 12:00-17:00")), "Europe/Berlin", "country", key="e1 s1"
)
HOLIDAY = SendTimes(
    Schedule(week=parse_week("daily 00:00-23:00"), blackout=((START.date(), START.date()),))
)


def cap(allowed: int, used: int, what: str = "daily cap of {} mails", **more: Any) -> Limit:
    return Limit(what, allowed, used, TOMORROW, **more)


BLOCKING: dict[str, dict[str, Any]] = {
    "the contact was deleted": {"contact_there": False},
    "the address is on the suppression list": {"suppressed": True},
    "the enrollment is completed": {"enrollment": "completed"},
    "the enrollment is cancelled": {"enrollment": "cancelled"},
    "the contact's address changed since the approval": {"addresses": frozenset()},
    "the sender address changed since the approval": {"mail_from": "other@acme.example"},
    "it was due 3 days ago": {"planned": START - timedelta(days=3, hours=5)},
    "it was due 25 hours ago": {"planned": START - timedelta(hours=25, minutes=5)},
    "the sequence is paused": {"sequence": "paused"},
    "the enrollment is paused": {"enrollment": "paused"},
    "no mailer is configured: set RUSVEL_SMTP_HOST or RUSVEL_MAIL_FOLDER": {"mailer": ""},
    "no sender address: set RUSVEL_SMTP_FROM": {"sender": "", "mail_from": ""},
    "sending is paused: holiday": {"paused": "holiday"},
    "its delay ends Tue 24 Nov 11:00 UTC": {"due": START + timedelta(hours=2)},
    "you can take the yes back until Tue 24 Nov 09:01 UTC": {
        "planned": START + timedelta(minutes=1),
        "undo": True,
    },
    "it is looked at again Tue 24 Nov 09:05 UTC": {"planned": START + timedelta(minutes=5)},
    "the mail server is tried again later": {"retry_at": START + timedelta(seconds=1)},
    "the daily cap of 3 mails is reached": {"limits": (cap(3, 3),)},
    "the daily cap of 0 mails is reached": {"limits": (cap(0, 0),)},
    "the limit of 2 new people a day is reached": {
        "limits": (cap(9, 3), cap(2, 2, "limit of {} new people a day", everybody=False)),
    },
    "the gap between two mails is not over": {
        "last_intent": START - timedelta(seconds=59),
        "min_gap": timedelta(seconds=60),
    },
    "outside the sending window: it opens Tue 24 Nov 12:00 Europe/Berlin (zone from the country)": {
        "times": NIGHT
    },
    "Tue 24 Nov is a blackout date: it opens Wed 25 Nov 00:00 UTC (zone from the session)": {
        "times": HOLIDAY
    },
}  # fmt: skip

moments = st.integers(-400_000, 400_000).map(lambda seconds: START + timedelta(seconds=seconds))
gaps = st.none() | st.integers(0, 7200).map(lambda seconds: timedelta(seconds=seconds))
schedules = st.builds(
    Schedule,
    week=st.sampled_from(
        ["", "mon-fri 09:00-17:00", "daily 22:00-24:00", "sat 00:00-01:30; wed 9-12, 13-17"]
    ).map(parse_week),
    blackout=st.sampled_from([(), ((date(2026, 11, 24), date(2026, 11, 30)),)]),
    jitter_minutes=st.sampled_from([0, 30, 240]),
)
send_times = st.builds(
    SendTimes, schedules, st.sampled_from(ZONES), key=st.sampled_from(["e1 s1", "e2 s1"])
)
limits = st.lists(st.builds(cap, st.integers(0, 4), st.integers(0, 4)), max_size=2).map(tuple)
facts = st.builds(
    Facts,
    contact_there=st.booleans(),
    addresses=st.sampled_from([frozenset(), frozenset({"grace@example.com"})]),
    recipient_key=st.just("grace@example.com"),
    suppressed=st.booleans(),
    enrollment=st.sampled_from(["active", "paused", "completed", "cancelled"]),
    sequence=st.sampled_from(["draft", "active", "paused", "completed", "archived"]),
    sender=st.sampled_from(["", "ada@acme.example"]),
    mail_from=st.sampled_from(["", "ada@acme.example", "other@acme.example"]),
    mailer=st.sampled_from(["", "smtp"]),
    paused=st.sampled_from(["", "holiday"]),
    retry_at=st.none() | moments,
    planned=st.none() | moments,
    due=st.none() | moments,
    times=send_times,
    limits=limits,
    last_intent=st.none() | moments,
    min_gap=gaps,
)
passing = st.builds(
    replace,
    st.just(FREE),
    retry_at=st.none() | moments,
    due=st.none() | moments,
    times=send_times,
    limits=st.lists(st.builds(cap, st.integers(1, 4), st.integers(0, 4)), max_size=2).map(tuple),
    last_intent=st.none() | moments,
    min_gap=gaps,
)
"""What opens by itself, sooner or later."""


def forbidden(now: datetime, facts: Facts) -> bool:
    """Whether anything stands in the way, said once more in other words."""
    gap = facts.min_gap is not None and facts.last_intent is not None
    return any(
        (
            not facts.contact_there,
            facts.suppressed,
            facts.recipient_key not in facts.addresses,
            facts.enrollment != "active",
            facts.sequence != "active",
            not facts.mailer,
            not facts.sender,
            facts.mail_from != facts.sender,
            bool(facts.paused),
            facts.retry_at is not None and facts.retry_at > now,
            facts.planned is not None and not now - LATE <= facts.planned <= now,
            facts.due is not None and facts.due > now,
            not is_open(now, facts.times.where, facts.times.spans),
            any(x.used >= x.allowed and (now < TOMORROW or not x.allowed) for x in facts.limits),
            gap and facts.last_intent + facts.min_gap > now,  # type: ignore[operator]
        )
    )


def test_nothing_in_the_way_means_go() -> None:
    assert decide(START, FREE) == Decision(Verdict.GO)


@pytest.mark.parametrize("reason", BLOCKING)
def test_each_fact_that_blocks_has_its_words(reason: str) -> None:
    decision = decide(START, replace(FREE, **BLOCKING[reason]))
    assert decision.verdict is not Verdict.GO
    assert decision.reasons == (reason,)
    assert decision.why == reason


@given(moments, facts)
@settings(deadline=None)
def test_go_means_that_nothing_forbids_it(now: datetime, facts: Facts) -> None:
    decision = decide(now, facts)
    assert (decision.verdict is Verdict.GO) == (not forbidden(now, facts))
    assert bool(decision.reasons) == (decision.verdict is not Verdict.GO)


@given(moments, facts)
@settings(deadline=None)
def test_who_waits_knows_until_when_and_nobody_else_does(now: datetime, facts: Facts) -> None:
    decision = decide(now, facts)
    if decision.verdict is Verdict.WAIT:
        assert decision.next_time is not None
        assert decision.next_time > now
    else:
        assert decision.next_time is None
    assert bool(decision.ended) == (decision.verdict is Verdict.DROP)


@given(moments, facts)
@settings(deadline=None)
def test_the_same_question_has_the_same_answer(now: datetime, facts: Facts) -> None:
    assert decide(now, facts) == decide(now, facts)


@given(moments, facts)
@settings(deadline=None)
def test_the_reasons_are_the_shut_gates(now: datetime, facts: Facts) -> None:
    """The explanation shows all gates, and the decision follows from nothing else."""
    decision = decide(now, facts)
    shut = [gate for gate in gates(now, facts) if gate.verdict is not Verdict.GO]
    assert set(decision.reasons) <= {gate.text for gate in shut}
    if decision.verdict is Verdict.WAIT:
        assert decision.reasons == tuple(gate.text for gate in shut)
        assert decision.by_itself == all(gate.opens for gate in shut)


@given(moments, moments, passing)
@settings(deadline=None)
def test_deciding_later_never_gives_an_earlier_time(
    first: datetime, second: datetime, facts: Facts
) -> None:
    early, late = (decide(moment, facts).next_time or moment for moment in sorted((first, second)))
    assert early <= late


@given(moments, passing)
@settings(max_examples=200, deadline=None)
def test_the_time_that_was_named_is_the_first_one(now: datetime, facts: Facts) -> None:
    decision = decide(now, facts)
    if decision.next_time is None:
        return
    assert decision.by_itself
    assert decide(decision.next_time, facts).verdict is Verdict.GO
    for part in (0.2, 0.5, 0.9, 0.999):
        between = now + (decision.next_time - now) * part
        assert decide(between, facts).verdict is Verdict.WAIT
        assert decide(between, facts).next_time == decision.next_time


def random_facts(random: Random, now: datetime) -> Facts:
    """What a desk might look like: some of what can hold a mail back, none of what ends it."""

    def some(value: Any) -> Any:
        return value if random.random() < 0.4 else None

    def around(days: float) -> datetime:
        return now + timedelta(seconds=random.randint(-86_400, int(days * 86_400)))

    week = random.choice(
        ["", "mon-fri 09:00-17:00", "daily 20:30-21:15", "sun 10:00-10:30; tue 0-24"]
    )
    schedule = Schedule(
        week=parse_week(week),
        holidays=random.choice(["", "DE", "US"]),
        blackout=((around(3).date(), around(9).date()),) if random.random() < 0.3 else (),
        jitter_minutes=random.choice([0, 0, 20, 500]),
    )
    full = Limit("daily cap of {} mails", 3, 3, now + timedelta(seconds=random.randint(1, 86_400)))
    key = f"e{random.randint(1, 99)} s1"
    return replace(
        FREE,
        times=SendTimes(schedule, random.choice(ZONES), "phone", schedule.holidays, key),
        retry_at=some(around(0.2)),
        due=some(around(12)),
        limits=(full,) if random.random() < 0.3 else (),
        last_intent=some(around(0)),
        min_gap=some(timedelta(minutes=random.randint(1, 90))),
    )


def test_what_was_printed_is_what_then_happened() -> None:
    """Ten thousand mails: the worker looks when it said it would, and the mail leaves there and then."""
    random = Random(4)  # noqa: S311 - cases, no secrets
    waited = 0
    for _ in range(10_000):
        now = START + timedelta(seconds=random.randint(0, 500 * 86_400))
        case = random_facts(random, now)
        printed = decide(now, case)
        at = printed.next_time or now
        between = now + (at - now) * random.random()
        if printed.verdict is Verdict.WAIT:
            waited += 1
            looked = decide(between, replace(case, planned=at))
            assert (looked.verdict, looked.next_time) == (Verdict.WAIT, at)
        left = decide(at, replace(case, planned=at))
        assert left.verdict is Verdict.GO, (now, case, printed, left)
        assert is_open(at, case.times.where, case.times.spans)
    assert waited > 5000


def test_g12_a_clock_that_jumps_back_only_waits() -> None:
    """What left stays counted; the mail waits for the time that was named."""
    waits = replace(FREE, planned=START, last_intent=START, min_gap=timedelta(minutes=1))
    before = decide(START - timedelta(hours=2), waits)
    assert before.next_time == START + timedelta(minutes=1)


def test_several_reasons_are_all_said_and_the_last_one_counts() -> None:
    facts = replace(FREE, paused="holiday", retry_at=START + timedelta(hours=1))
    decision = decide(START, facts)
    assert decision.why == "sending is paused: holiday; the mail server is tried again later"
    assert decision.next_time == START + timedelta(hours=1)
    assert not decision.by_itself
    assert decide(START, replace(FREE, paused="x")).next_time == START + LOOK_AGAIN


def test_the_smallest_limit_is_named() -> None:
    felt = replace(
        FREE, limits=(cap(20, 20), cap(12, 20, "ramp-up of {} mails a day"), cap(30, 20))
    )
    assert decide(START, felt).reasons == ("the ramp-up of 12 mails a day is reached",)


def test_who_waits_for_the_pace_says_until_when_everybody_waits() -> None:
    alone = decide(START, replace(FREE, limits=(cap(2, 2, "new {}", everybody=False),)))
    assert alone.everybody_until is None
    full = decide(START, replace(FREE, limits=(cap(2, 2),), times=NIGHT))
    assert (full.everybody_until, full.everybody_why) == (
        TOMORROW,
        "the daily cap of 2 mails is reached",
    )
    assert full.next_time == NIGHT.next_open(TOMORROW)


def test_waiting_for_its_own_time_is_no_trouble() -> None:
    plan = decide(START, replace(FREE, times=NIGHT, due=START + timedelta(hours=1)))
    assert (plan.on_plan, plan.by_itself) == (True, True)
    assert not decide(START, replace(FREE, times=NIGHT, paused="x")).on_plan


def test_what_is_a_day_late_asks_again() -> None:
    on_time = replace(FREE, planned=START - LATE)
    assert decide(START, on_time).verdict is Verdict.GO
    assert decide(START + timedelta(seconds=1), on_time).verdict is Verdict.ASK_AGAIN


@given(moments, facts)
@settings(deadline=None)
def test_a_draft_is_worth_writing_unless_nobody_may_read_it(now: datetime, facts: Facts) -> None:
    decision = may_draft(now, facts)
    drop = (
        not facts.contact_there
        or facts.suppressed
        or facts.enrollment in ("completed", "cancelled")
    )
    running = facts.enrollment == "active" and facts.sequence == "active"
    wanted = Verdict.DROP if drop else Verdict.GO if running else Verdict.WAIT
    assert decision.verdict is wanted


@pytest.mark.parametrize(
    ("sent", "bounced", "tried", "allowed"),
    [
        ([], 0, 0, 10),
        ([0, 0, 4], 0, 4, 10),
        ([20, 30, 10, 40], 0, 100, 36),
        ([20, 30, 10, 40], 4, 104, 36),
        ([20, 30, 10, 40], 6, 106, 18),
        ([20], 2, 22, 24),
        ([5], 3, 8, 5),
    ],
)
def test_the_ramp_follows_what_was_measured(
    sent: list[int], bounced: int, tried: int, allowed: int
) -> None:
    assert ramp_up(10, sent, bounced=bounced, tried=tried) == allowed


@given(st.integers(1, 100), st.lists(st.integers(0, 200), max_size=14))
@settings(deadline=None)
def test_a_ramp_never_stands_still_below_what_was_usual(start: int, sent: list[int]) -> None:
    allowed = ramp_up(start, sent, bounced=0, tried=sum(sent))
    assert allowed >= start
    assert allowed <= max(start, 1.2 * max(sent, default=0) + 1)


def test_the_smallest_limit_has_the_least_left() -> None:
    assert smallest([]) is None
    least = cap(30, 29)
    assert smallest([cap(10, 5), least, cap(40, 10)]) is least
