"""The list of today: what comes before what, why, and how many lines it takes."""

from __future__ import annotations

from typing import Any

import pytest

from rusvel_tui.engine.gtm.today.folding import FEW, MANY
from rusvel_tui.engine.gtm.today.needs import spoken_money
from rusvel_tui.engine.money import Money
from tests.engine.invoices.book import final
from tests.factories import Desk, query, statements


def lines(desk: Desk) -> list[Any]:
    return list(desk.call("gtm.today").items)


def deal(desk: Desk, title: str, value: str, currency: str = "EUR", **more: Any) -> Any:
    person = desk.contact(f"{title} person")
    return desk.call("gtm.crm.add_deal", contact_id=person.contact_id, title=title, value=value, currency=currency, **more)  # fmt: skip


def invoice(desk: Desk, price: str, **more: Any) -> Any:
    return final(desk, {"description": "Looms", "unit_price": price}, **more)


def test_a_deal_says_its_money_and_its_lateness(desk: Desk) -> None:
    deal(desk, "Looms", "9000", "USD")
    desk.later(days=8)
    [line] = lines(desk)
    assert line.need == "no next step"
    assert line.why == "deal of 9,000 USD, no next step for 8 days, Lead"
    assert (line.amount, line.late_days) == ("9000.00 USD", 8)
    assert line.score == pytest.approx(line.money * line.urgency, rel=0.01)


def test_a_large_deal_comes_before_a_small_one_and_before_an_older(desk: Desk) -> None:
    """Money and lateness both count: ten times the money weighs more than some days."""
    deal(desk, "Old", "1000")
    desk.later(days=2)
    deal(desk, "Small", "900")
    deal(desk, "Large", "20000")
    desk.later(days=3)
    assert [line.what for line in lines(desk)] == ["Large", "Old", "Small"]


def test_amounts_of_two_currencies_are_ranked_each_among_its_own(desk: Desk) -> None:
    """50 000 yen are little among yen, 5 000 euros are much among euros."""
    for title, value, currency in (
        ("y1", "50000", "JPY"), ("y2", "900000", "JPY"), ("y3", "1000000", "JPY"),
        ("e1", "100", "EUR"), ("e2", "200", "EUR"), ("e3", "5000", "EUR"),
    ):  # fmt: skip
        deal(desk, title, value, currency)
    desk.later(days=1)
    order = [line.what for line in lines(desk)]
    assert order[0] == "e3"
    assert order[-1] == "y1"


def test_of_equal_things_the_older_comes_first(desk: Desk) -> None:
    for title in ("first", "second", "third"):
        desk.call("gtm.crm.add_task", subject=title, due_at="2026-11-24T18:00:00Z")
    desk.call("gtm.crm.add_task", subject="earlier", due_at="2026-11-24T12:00:00Z")
    assert [line.what for line in lines(desk)] == ["earlier", "first", "second", "third"]


def test_the_deal_of_a_person_lifts_their_draft(desk: Desk) -> None:
    """The largest open one counts; what is lost or won does not."""
    poor, rich = desk.contact("Poor"), desk.contact("Rich")
    sequence = desk.sequence()
    for person in (poor, rich):
        desk.enrol(sequence, person)
    desk.work()
    big = desk.call("gtm.crm.add_deal", contact_id=rich.contact_id, title="Big", value="8000")
    desk.call("gtm.crm.add_task", subject="call", deal_id=big.deal_id, due_at="in 3 days")
    lost = desk.call("gtm.crm.add_deal", contact_id=poor.contact_id, title="Lost", value="90000")
    desk.call("gtm.crm.advance_deal", deal_id=lost.deal_id, stage="Lost", reason="price")
    first, second = lines(desk)
    assert (first.who, first.why) == ("Rich", "Intro, deal of 8,000 EUR")
    assert (second.who, second.why, second.amount) == ("Poor", "Intro", "")


def test_an_overdue_invoice_outweighs_a_new_draft_and_says_how_late_it_is(desk: Desk) -> None:
    invoice(desk, "4200")
    desk.later(days=15)
    desk.drafted()
    assert [line.need for line in lines(desk)] == ["unpaid", "to approve"]
    desk.later(days=11)
    assert (
        next(line.why for line in lines(desk) if line.need == "unpaid")
        == "4,200 EUR overdue 12 days"
    )


def test_many_drafts_are_one_line_with_their_count(desk: Desk) -> None:
    """Up to a few stand there one by one."""
    sequence = desk.sequence()
    for _ in range(FEW):
        desk.enrol(sequence, desk.contact())
    desk.work()
    assert [line.count for line in lines(desk)] == [1] * FEW
    for _ in range(60):
        desk.enrol(sequence, desk.contact())
    desk.work()
    [line] = lines(desk)
    assert (line.count, line.what, line.page) == (FEW + 60, "63 drafts to approve", "inbox")
    assert line.item_id == desk.call("gtm.approvals.list", limit=1).items[0].id
    assert desk.call("gtm.today").total == FEW + 60


def test_many_deals_are_ten_lines_and_one_for_the_rest(desk: Desk) -> None:
    for number in range(45):
        deal(desk, f"d{number}", str(1000 + number))
    shown = lines(desk)
    assert [line.count for line in shown] == [1] * MANY + [35]
    assert shown[0].what == "d44"
    assert shown[-1].what == "35 more deals without a next step"


def test_the_few_that_are_read_hold_the_largest_of_each_currency(desk: Desk) -> None:
    """The newest and largest one of hundreds is found, whatever its currency."""
    person = desk.contact()
    with desk.engine.connected() as connection:
        made = deal(desk, "seed", "10")
        names = [row[1] for row in connection.execute("PRAGMA table_info(deal)")]
        values = ", ".join(
            {"id": "'d' || n", "title": "'t' || n", "value_minor": "100 * n",
             "contact_id": f"'{person.contact_id}'"}.get(name, name) for name in names
        )  # fmt: skip
        connection.execute(
            "WITH RECURSIVE many(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 400) "
            f"INSERT INTO deal ({', '.join(names)}) SELECT {values} FROM many, deal WHERE id = ?",
            (made.deal_id,),
        )
        connection.commit()
    deal(desk, "huge", "1000000")
    deal(desk, "dollars", "3", "USD")
    found = lines(desk)
    assert found[0].what == "huge"
    assert found[-1].count + MANY == 403
    assert sum(line.count for line in found) == 403


def test_a_draft_that_was_put_off_needs_nothing(desk: Desk) -> None:
    mail = desk.drafted()
    desk.call("gtm.approvals.snooze", id=mail.id, until="tomorrow")
    assert lines(desk) == []
    desk.later(days=1)
    assert [line.need for line in lines(desk)] == ["to approve"]


def test_what_failed_long_ago_is_history(desk: Desk) -> None:
    from rusvel_tui.engine.ports import NotSent

    desk.mailer.script.append(NotSent("no", scope="recipient", permanent=True, code=550))
    desk.approve(desk.drafted())
    desk.work()
    assert [line.need for line in lines(desk)] == ["failed"]
    desk.later(days=31)
    assert lines(desk) == []


def test_queries_do_not_grow_with_what_there_is(desk: Desk) -> None:
    """The same number for one thing of each kind and for forty."""
    counts = []
    sequence = desk.sequence()
    for _ in range(2):
        for _ in range(20):
            desk.enrol(sequence, desk.contact())
            deal(desk, "Looms", "50")
            invoice(desk, "7")
            desk.call("gtm.crm.add_task", subject="x", due_at="2026-11-24T18:00:00Z")
        desk.work()
        desk.later(days=20)
        with statements(desk) as seen:
            lines(desk)
        counts.append(len([one for one in seen if one.lstrip("( ").upper().startswith(("SELECT", "WITH"))]))  # fmt: skip
    assert counts[0] == counts[1]
    assert counts[0] <= 45
    assert query(desk, "SELECT count(*) FROM deal")[0][0] == 40


@pytest.mark.parametrize(
    ("minor", "currency", "words"),
    [(420000, "EUR", "4,200 EUR"), (420050, "EUR", "4,200.50 EUR"), (5, "JPY", "5 JPY"), (1000, "KWD", "1 KWD")],
)  # fmt: skip
def test_amounts_in_sentences_have_cents_only_where_there_are_some(
    minor: int, currency: str, words: str
) -> None:
    assert spoken_money(Money(minor, currency)) == words
