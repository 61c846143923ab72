"""`decide`: pure, never early, never late, and never yes when anything forbids it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rusvel_tui.engine.gtm.outreach.decide import (
    LOOK_AGAIN,
    Decision,
    Facts,
    Verdict,
    decide,
    may_draft,
)
from tests.factories import START

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
BLOCKING: dict[str, dict[str, Any]] = {
    "the contact was deleted": {"contact_there": False},
    "the address is on the suppression list": {"suppressed": True},
    "the enrollment is completed": {"enrollment": "completed"},
    "the enrollment is cancelled": {"enrollment": "cancelled"},
    "the contact's address changed since the approval": {"addresses": frozenset()},
    "the sender address changed since the approval": {"mail_from": "other@acme.example"},
    "the sequence is paused": {"sequence": "paused"},
    "the enrollment is paused": {"enrollment": "paused"},
    "no mailer is configured: set RUSVEL_SMTP_HOST or RUSVEL_MAIL_FOLDER": {"mailer": ""},
    "no sender address: set RUSVEL_SMTP_FROM": {"sender": "", "mail_from": ""},
    "sending is paused: holiday": {"paused": "holiday"},
    "the mail server is tried again later": {"retry_at": START + timedelta(seconds=1)},
    "the daily cap of 3 mails is reached": {
        "daily_cap": 3,
        "sent_today": 3,
        "next_day": START + timedelta(hours=15),
    },
    "the gap between two mails is not over": {
        "last_intent": START - timedelta(seconds=59),
        "min_gap": timedelta(seconds=60),
    },
}

moments = st.integers(-200_000, 200_000).map(lambda seconds: START + timedelta(seconds=seconds))
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
    sent_today=st.integers(0, 4),
    daily_cap=st.none() | st.integers(0, 4),
    next_day=st.just(START + timedelta(hours=15)),
    last_intent=st.none() | moments,
    min_gap=st.none() | st.integers(0, 7200).map(lambda seconds: timedelta(seconds=seconds)),
)
passing = st.builds(
    lambda retry_at, last, gap: replace(FREE, retry_at=retry_at, last_intent=last, min_gap=gap),
    st.none() | moments,
    st.none() | moments,
    st.none() | st.integers(0, 7200).map(lambda seconds: timedelta(seconds=seconds)),
)


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
            facts.daily_cap is not None and facts.sent_today >= facts.daily_cap,
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
def test_go_means_that_nothing_forbids_it(now: datetime, facts: Facts) -> None:
    decision = decide(now, facts)
    assert (decision.verdict is Verdict.GO) == (not forbidden(now, facts))
    assert bool(decision.reasons) == (decision.verdict is not Verdict.GO)


@given(moments, facts)
def test_who_waits_knows_until_when_and_nobody_else_does(now: datetime, facts: Facts) -> None:
    decision = decide(now, facts)
    if decision.verdict is Verdict.WAIT:
        assert decision.next_time is not None
        assert decision.next_time > now
    else:
        assert decision.next_time is None
    assert bool(decision.ended) == (decision.verdict is Verdict.DROP)


@given(moments, facts)
def test_the_same_question_has_the_same_answer(now: datetime, facts: Facts) -> None:
    assert decide(now, facts) == decide(now, facts)


@given(moments, moments, passing)
def test_what_may_leave_may_leave_later_too(
    first: datetime, second: datetime, facts: Facts
) -> None:
    early, late = sorted((first, second))
    if decide(early, facts).verdict is Verdict.GO:
        assert decide(late, facts).verdict is Verdict.GO


@given(moments, passing)
def test_the_time_that_was_named_is_the_first_one(now: datetime, facts: Facts) -> None:
    decision = decide(now, facts)
    if decision.next_time is not None:
        assert decide(decision.next_time, facts).verdict is Verdict.GO
        earlier = decision.next_time - timedelta(seconds=1)
        assert decide(max(now, earlier), facts).verdict is Verdict.WAIT


def test_several_reasons_are_all_said_and_the_last_one_counts() -> None:
    facts = replace(FREE, paused="holiday", retry_at=START + timedelta(hours=1))
    decision = decide(START, facts)
    assert decision.why == "sending is paused: holiday; the mail server is tried again later"
    assert decision.next_time == START + timedelta(hours=1)
    assert decide(START, replace(FREE, paused="x")).next_time == START + LOOK_AGAIN


@given(moments, facts)
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
