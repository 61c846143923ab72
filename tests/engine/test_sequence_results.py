"""Results: every number is what happened, at the place where it happened."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rusvel_tui.engine.errors import InvalidInput, NotFound
from rusvel_tui.engine.gtm.outreach.results.findings import is_low, summary, warnings
from rusvel_tui.engine.gtm.outreach.results.numbers import Count, numbers, total
from rusvel_tui.engine.ports import NotSent
from tests.factories import AGAIN, HELLO, Desk, box, query, statements

CALL = {"type": "call", "channel": "phone", "delay_days": 1, "instructions": "Ask about looms."}


def results(desk: Desk, sequence: Any, **more: Any) -> Any:
    return desk.call("gtm.outreach.sequence_results", sequence_id=sequence.sequence_id, **more)


def send_all(desk: Desk) -> None:
    desk.work()
    for mail in box(desk):
        desk.approve(mail)
    desk.work()


def mail_of(desk: Desk, contact: Any) -> str:
    rows = query(desk, "SELECT id FROM mail WHERE contact_id = ? ORDER BY id", contact.contact_id)
    return str(rows[-1][0])


def test_nothing_happened_yet(desk: Desk) -> None:
    seen = results(desk, desk.sequence(HELLO, AGAIN))
    assert (seen.enrolled, seen.sent, seen.reply_rate, seen.reply_hours) == (0, 0, 0.0, None)
    assert [step.number for step in seen.steps] == [1, 2]
    assert seen.text == "Nothing was sent yet."
    assert seen.warnings == ()


def test_a_story_is_counted_where_it_happened(desk: Desk) -> None:
    sequence = desk.sequence(HELLO, AGAIN)
    people = [desk.contact() for _ in range(8)]
    for person in people:
        desk.enrol(sequence, person)
    desk.work()
    first = box(desk)[0]
    desk.call("gtm.approvals.edit", id=first.id, subject="Hello you", body="A word about looms.")
    for mail in box(desk)[:7]:
        desk.approve(mail)
    desk.work()
    good, bad, ask, gone, met, buyer, *_ = [
        p for p in people if query(desk, "SELECT 1 FROM mail WHERE contact_id = ? AND state = 'sent'", p.contact_id)
    ]  # fmt: skip
    desk.later(hours=2)
    desk.call("gtm.outreach.record_reply", contact_id=good.contact_id, sentiment="positive")
    desk.later(hours=2)
    desk.call("gtm.outreach.record_reply", contact_id=bad.contact_id, sentiment="negative")
    desk.call("gtm.outreach.record_reply", contact_id=ask.contact_id, sentiment="question")
    desk.call("gtm.outreach.unsubscribe", contact_id=gone.contact_id)
    desk.call("gtm.outreach.record_meeting", contact_id=met.contact_id)
    deal = desk.call("gtm.crm.add_deal", contact_id=buyer.contact_id, title="Looms", value="10")
    desk.call("gtm.crm.advance_deal", deal_id=deal.deal_id, stage="Won", reason="liked it")
    seen = results(desk, sequence)
    step, later = seen.steps
    assert (step.drafted, step.approved, step.edited, step.sent) == (8, 7, 1, 7)
    assert (step.positive, step.negative, step.other, step.replied) == (1, 1, 1, 3)
    assert (step.unsubscribed, step.meetings, step.won) == (1, 1, 1)
    assert step.reply_hours == pytest.approx(4.0)
    assert (later.drafted, later.sent, later.won) == (0, 0, 0)
    assert [(stage.name, stage.count) for stage in seen.funnel] == [
        ("Enrolled", 8), ("Reached", 7), ("Answered", 3), ("Positive", 1), ("Meeting", 1), ("Won", 1),
    ]  # fmt: skip
    assert {end.reason.value: end.count for end in seen.ends} == {
        "replied": 3, "unsubscribed": 1, "meeting": 1,
    }  # fmt: skip


def test_a_meeting_or_a_deal_without_a_mail_before_it_is_not_its_doing(desk: Desk) -> None:
    sequence = desk.sequence(HELLO)
    person = desk.contact()
    desk.enrol(sequence, person)
    desk.call("gtm.outreach.record_meeting", contact_id=person.contact_id)
    seen = results(desk, sequence)
    assert (seen.enrolled, seen.meetings, seen.won) == (1, 0, 0)


def test_a_meeting_after_the_end_counts_and_undone_not(desk: Desk) -> None:
    sequence = desk.sequence(HELLO)
    person = desk.contact()
    desk.enrol(sequence, person)
    send_all(desk)
    desk.later(hours=1)
    desk.call("gtm.outreach.record_reply", contact_id=person.contact_id, sentiment="positive")
    desk.call("gtm.outreach.record_meeting", contact_id=person.contact_id)
    assert results(desk, sequence).meetings == 1
    desk.call("undo")
    assert results(desk, sequence).meetings == 0


def test_calls_count_as_done_and_answers_without_a_mail_count_too(desk: Desk) -> None:
    sequence = desk.sequence({**CALL, "delay_days": 0}, HELLO)
    one, two = desk.contact(), desk.contact()
    for person in (one, two):
        desk.enrol(sequence, person)
    desk.work()
    job = query(desk, "SELECT job_id FROM enrollment WHERE contact_id = ?", one.contact_id)[0][0]
    desk.call("gtm.outreach.complete_step", job_id=job, outcome="talked")
    desk.call("gtm.outreach.record_reply", contact_id=two.contact_id, sentiment="positive")
    seen = results(desk, sequence)
    call, mail = seen.steps
    assert (call.enrolled, call.done, call.sent, call.positive) == (2, 1, 0, 1)
    assert (mail.enrolled, mail.done) == (1, 0)
    assert (seen.done, seen.replied) == (1, 1)


def test_versions_and_days_can_be_chosen(desk: Desk) -> None:
    sequence = desk.sequence(HELLO)
    desk.enrol(sequence, desk.contact())
    send_all(desk)
    desk.later(days=2)
    step = {**HELLO, "key": "s1", "subject": "Other"}
    desk.call("gtm.outreach.update_sequence", sequence_id=sequence.sequence_id, steps=[step, AGAIN])
    desk.enrol(sequence, desk.contact())
    send_all(desk)
    whole = results(desk, sequence)
    assert [(one.number, one.current, one.enrolled, one.sent) for one in whole.versions] == [
        (2, True, 1, 1), (1, False, 1, 1),
    ]  # fmt: skip
    old = results(desk, sequence, version=1)
    assert (old.sent, old.enrolled, [one.label for one in old.steps]) == (1, 1, ["Hello"])
    day = desk.engine.clock.now().date()
    assert results(desk, sequence, since=day.isoformat()).sent == 1
    assert results(desk, sequence, until=day.isoformat()).sent == 2
    with pytest.raises(InvalidInput, match="first day"):
        results(desk, sequence, since="2026-12-02", until="2026-12-01")
    with pytest.raises(NotFound):
        results(desk, sequence, version=9)


def test_a_step_that_is_gone_keeps_its_results(desk: Desk) -> None:
    sequence = desk.sequence(HELLO)
    desk.enrol(sequence, desk.contact())
    send_all(desk)
    step = {**HELLO, "key": "new", "subject": "Other"}
    desk.call("gtm.outreach.update_sequence", sequence_id=sequence.sequence_id, steps=[step])
    assert [(one.number, one.label, one.sent) for one in results(desk, sequence).steps] == [
        (1, "Other", 0), (0, "Hello", 1),
    ]  # fmt: skip


def test_the_number_of_queries_does_not_grow_with_people(desk: Desk) -> None:
    sequence = desk.sequence(HELLO, CALL)
    seen = []
    for many in (1, 12):
        ids = [desk.contact().contact_id for _ in range(many)]
        desk.call("gtm.outreach.enrol", sequence_id=sequence.sequence_id, contact_ids=ids)
        send_all(desk)
        for one in ids:
            desk.call("gtm.outreach.record_reply", contact_id=one, sentiment="positive")
            desk.call("gtm.outreach.record_meeting", contact_id=one)
        with statements(desk) as said:
            results(desk, sequence)
        seen.append(len([one for one in said if one.lstrip().startswith("SELECT")]))
    assert seen[0] == seen[1] <= 25


def test_a_refusal_of_a_dead_address_is_a_bounce_that_never_left(desk: Desk) -> None:
    sequence = desk.sequence(HELLO)
    desk.enrol(sequence, desk.contact())
    desk.mailer.script.append(NotSent("no", scope="recipient", permanent=True, code=550, hard_bounce=True))  # fmt: skip
    send_all(desk)
    seen = results(desk, sequence)
    assert (seen.sent, seen.bounced, seen.bounce_rate) == (0, 1, 1.0)


counts = st.builds(
    Count,
    **{name: st.integers(0, 300) for name in ("sent", "positive", "negative", "other", "bounced", "ripe")},
)  # fmt: skip


@given(st.lists(counts, max_size=4))
def test_counts_add_up_and_rates_stay_in_bounds(some: list[Count]) -> None:
    whole = total(some)
    assert whole.replied == sum(one.replied for one in some)
    shown = numbers(whole)
    assert 0 <= shown.low <= shown.high <= 1
    assert 0 <= shown.reply_rate <= 1
    assert shown.replied == shown.positive + shown.negative + shown.other


@given(st.integers(0, 99))
def test_nothing_is_low_under_a_hundred_mails(ripe: int) -> None:
    assert not is_low(0, ripe)
    assert "says little" in summary(Count(sent=max(ripe, 1)))


def test_warnings_tell_the_number_and_what_to_do() -> None:
    [low] = warnings(Count(sent=300, ripe=200, ripe_replied=1), "")
    assert (low.about, low.text) == (
        "replies",
        "1 of 200 mails (0.5%) were answered: surely less than 2.7%.",
    )
    assert "subject" in low.advice
    [back] = warnings(Count(sent=60, bounced=4), "")
    assert (back.about, back.text) == ("bounces", "4 of 60 mails (6.7%) came back.")
    assert not list(warnings(Count(sent=3, bounced=1), ""))
    [paused] = warnings(Count(sent=60, bounced=4), "3 of the last 60 mails came back (5%)")
    assert "resume" in paused.advice


def test_an_objection_after_the_end_counts_and_a_dead_address_is_none(desk: Desk) -> None:
    sequence = desk.sequence(HELLO)
    one, two = desk.contact(), desk.contact()
    for person in (one, two):
        desk.enrol(sequence, person)
    send_all(desk)
    desk.later(hours=1)
    desk.call("gtm.crm.suppress", address=one.emails[0].address, reason="asked by phone")
    desk.call("gtm.outreach.record_bounce", mail_id=mail_of(desk, two))
    seen = results(desk, sequence)
    assert (seen.completed, seen.unsubscribed, seen.bounced) == (2, 1, 1)
