"""The review of a week: figures counted by hand, what slipped, what comes, habits, and its text."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.review.counting import Counted
from rusvel_tui.engine.gtm.review.markdown import escaped
from rusvel_tui.engine.gtm.review.numbers import habits
from rusvel_tui.engine.gtm.review.weeks import Week, parse_week
from tests.engine.invoices.book import final, pay
from tests.factories import Desk, statements

TUESDAY = date(2026, 11, 24)


def review(desk: Desk, week: str = "this") -> Any:
    return desk.call("gtm.review.week", week=week)


def figures(found: Any) -> dict[str, tuple[str, str, str]]:
    return {one.key: (one.value, one.before, one.change) for one in found.numbers}


def test_the_numbers_are_those_counted_by_hand(desk: Desk) -> None:
    """Two weeks of work: every number was written down while it was done."""
    first, second = desk.contact("Ann"), desk.contact("Bob")
    deal = desk.call("gtm.crm.add_deal", contact_id=first.contact_id, title="A", value="900")
    desk.call("gtm.crm.advance_deal", deal_id=deal.deal_id, stage="Won", reason="price")
    pay(desk, final(desk), "500")
    desk.later(days=7)
    sequence = desk.sequence()
    for person in (first, second):
        job = desk.enrol(sequence, person).job_id
        desk.work()
        desk.approve(desk.mail(job))
        desk.work()
    desk.call("gtm.outreach.record_reply", contact_id=first.contact_id, text="Yes, tell me more.")
    desk.call("gtm.crm.log_call", contact_id=first.contact_id, body="went well")
    desk.call("gtm.crm.log_meeting", contact_id=second.contact_id, subject="At the fair")
    dollars = desk.call("gtm.crm.add_deal", contact_id=second.contact_id, title="B", value="70", currency="USD")  # fmt: skip
    desk.call("gtm.crm.advance_deal", deal_id=dollars.deal_id, stage="Won", reason="price")
    desk.call("gtm.crm.add_deal", contact_id=second.contact_id, title="C", value="10")
    final(desk)
    final(desk, currency="USD")
    assert figures(review(desk)) == {
        "sent": ("2", "0", "+2"),
        "email_in": ("1", "0", "+1"),
        "call": ("1", "0", "+1"),
        "meeting": ("1", "0", "+1"),
        "new_contacts": ("0", "3", "-3"),
        "new_deals": ("2", "1", "+1"),
        "won": ("1", "1", "same"),
        "lost": ("0", "0", "same"),
        "won_EUR": ("0.00 EUR", "900.00 EUR", "-900 EUR"),
        "won_USD": ("70.00 USD", "0.00 USD", "+70 USD"),
        "issued_EUR": ("2,000.00 EUR", "2,000.00 EUR", "same"),
        "issued_USD": ("2,000.00 USD", "0.00 USD", "+2,000 USD"),
        "paid_EUR": ("0.00 EUR", "500.00 EUR", "-500 EUR"),
    }


def test_the_usual_week_is_the_last_whole_one(desk: Desk) -> None:
    """And it is compared with the one before."""
    found = review(desk, "")
    assert (found.week, found.before, found.running) == ("2026-W47", "2026-W46", False)
    assert (found.first, found.last) == (date(2026, 11, 16), date(2026, 11, 22))
    assert review(desk).running


def test_a_week_begins_on_monday_in_the_zone_of_the_session(desk: Desk) -> None:
    """Sunday 23:30 in Berlin is last week, though it is 22:30 in UTC; half past midnight is this week."""
    desk.call("session.update", timezone="Europe/Berlin")
    desk.later(days=5, hours=13.5)  # Sunday 22:30 UTC
    desk.contact("Late on Sunday")
    desk.later(hours=1)
    desk.contact("Monday by now")
    assert figures(review(desk))["new_contacts"] == ("1", "1", "same")


def test_recurring_income_stands_beside_the_rest(desk: Desk) -> None:
    for month, amount in (("2026-10", "40"), ("2026-11", "100")):
        desk.call("growth.saas.record_subscription", customer="Ann", month=month, mrr=amount)
    assert figures(review(desk))["mrr_EUR"] == ("100.00 EUR", "100.00 EUR", "same")
    assert figures(review(desk, "2026-W44"))["mrr_EUR"] == ("100.00 EUR", "40.00 EUR", "+60 EUR")


def test_what_slipped_and_what_comes_lead_to_their_things(desk: Desk) -> None:
    person = desk.contact("Ann")
    late = desk.call("gtm.crm.add_task", subject="Offer", due_at="2 days ago")
    soon = desk.call("gtm.crm.add_task", subject="Call", contact_id=person.contact_id, kind="call", due_at="in 3 days")  # fmt: skip
    desk.call("gtm.crm.add_task", subject="Far", due_at="in 8 days")
    deal = desk.call("gtm.crm.add_deal", contact_id=desk.contact("Bob").contact_id, title="Looms", value="900", expected_close="2026-11-27")  # fmt: skip
    bill = final(desk, due_date="2026-11-30")
    desk.enrol(desk.sequence({"channel": "email", "subject": "x", "body": "Hi", "delay_days": 2}), person)  # fmt: skip
    found = review(desk, "")
    assert [(line.need, line.item_id) for line in found.slipped] == [
        ("overdue", late.activity_id),
        ("no next step", deal.deal_id),
    ]
    assert [(line.kind, line.page, line.item_id) for line in found.coming] == [
        ("mails", "sequences", found.coming[0].item_id),
        ("close", "deals", deal.deal_id),
        ("task", "contacts", soon.contact_id),
        ("invoice", "invoices", bill.invoice_id),
    ]
    assert found.coming[0].what == "1 mail of Intro"
    assert found.coming[1].what == "Looms should close, 900 EUR"


def test_habits_count_the_weeks_in_a_row(desk: Desk) -> None:
    for _ in range(3):
        desk.contact()
        desk.later(days=7)
    desk.later(days=7)
    desk.contact()
    found = {habit.key: habit for habit in review(desk).habits}
    assert (found["met"].weeks, found["met"].best, found["met"].times) == (1, 3, 1)
    assert (found["wrote"].weeks, found["wrote"].best) == (0, 0)


@given(st.lists(st.booleans(), min_size=1, max_size=53))
def test_a_row_is_never_longer_than_the_best(kept: list[bool]) -> None:
    weeks = [Counted() for _ in kept]
    for week, did in zip(weeks, kept, strict=True):
        week.counts["sent"] = int(did)
    [wrote, *_] = habits(weeks)
    runs = "".join("x" if did else " " for did in kept).split()
    assert wrote.best == max(map(len, runs), default=0)
    assert wrote.weeks == (len(runs[-1]) if kept[-1] else 0)


@pytest.mark.parametrize(
    ("text", "week"),
    [("", "2026-W47"), ("last", "2026-W47"), ("this", "2026-W48"), ("2026-w1", "2026-W01"),
     ("2026W53", ""), ("2020-W53", "2020-W53"), ("2026-11-16", "2026-W47"), ("yesterday", "2026-W48")],
)  # fmt: skip
def test_weeks_are_named_in_many_ways(text: str, week: str) -> None:
    if week:
        assert parse_week(text, TUESDAY).name == week
    else:
        with pytest.raises(InvalidInput, match="has not begun"):
            parse_week(text, TUESDAY)


@pytest.mark.parametrize("text", ["2026-W54", "2026-W00", "someday"])
def test_what_is_no_week_is_said(text: str) -> None:
    with pytest.raises(InvalidInput, match="week"):
        parse_week(text, TUESDAY)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_the_name_of_a_week_finds_it_again(day: date) -> None:
    week = Week.of(day)
    assert week.monday <= day <= week.sunday
    assert parse_week(week.name, day + timedelta(days=7)) == week


def test_the_text_holds_all_of_it_and_no_name_becomes_markup(desk: Desk) -> None:
    desk.call("gtm.crm.add_task", subject="[x](y) | `rm` <b>", due_at="2 days ago")
    text = review(desk, "").markdown
    assert text.startswith("# Week 2026-W47\n\n16 Nov 2026 to 22 Nov 2026, against 2026-W46.\n")
    assert "| Mails sent | 0 | 0 | same |" in text
    assert r"- \[x\](y) \| \`rm\` \<b\> (overdue; 2 days late)" in text
    assert "Nothing is planned for the next seven days." in text
    assert "- Wrote to people: not yet" in text
    assert escaped("a\n# b") == r"a \# b"


def test_a_year_of_work_is_counted_with_few_queries(desk: Desk) -> None:
    """The same number for one week of data and for many."""
    found = []
    for _ in range(2):
        desk.contact()
        desk.later(days=7)
        with statements(desk) as seen:
            review(desk)
        found.append(len(seen))
    assert found[0] == found[1] <= 70
