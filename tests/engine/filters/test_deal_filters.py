"""What filters find among deals and companies, in listings and on the board."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.engine.filters.test_contact_filters import found, refusal
from tests.factories import Desk


@pytest.fixture
def deals(desk: Desk) -> dict[str, str]:
    """Looms are large and planned for, Spindles small and forgotten, Yarn is in yen and lost, Felt is won."""
    ada = desk.contact("Ada Lovelace", company="Acme GmbH", country="DE")
    bo = desk.contact("Bo Müller", company="Müller & Sons")
    made = {
        title: desk.call(
            "gtm.crm.add_deal", title=title, contact_id=who.contact_id, value=value, stage=stage, currency=currency,
            expected_close=close, notes=notes, tags=tags,
        ).deal_id
        for title, who, value, stage, currency, close, notes, tags in (
            ("Looms", ada, "6000", "Proposal", "EUR", "2026-12-01", "Wants a discount", "big,fast"),
            ("Spindles", bo, "100", "Lead", "EUR", None, "", ""),
            ("Yarn", bo, "900000", "Negotiation", "JPY", "2026-11-20", "", ""),
            ("Felt", ada, "50.50", "Qualified", "EUR", "2027-01-15", "", ""),
        )
    }  # fmt: skip
    desk.call("gtm.crm.advance_deal", deal_id=made["Felt"], stage="Won", reason="best price")
    desk.call("gtm.crm.advance_deal", deal_id=made["Yarn"], stage="Lost", reason="no budget")
    desk.call("gtm.crm.update_deal", deal_id=made["Looms"], probability=80)
    due = desk.later(days=3) + timedelta(days=2)
    desk.call("gtm.crm.add_task", deal_id=made["Looms"], subject="Send the offer", due_at=due)
    return made


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("loom", ["Looms"]),
        ("ada", ["Felt", "Looms"]),
        ("muller", ["Yarn", "Spindles"]),
        ("title:S", ["Spindles", "Looms"]),
        ("title=felt", ["Felt"]),
        ("contact:bo", ["Yarn", "Spindles"]),
        ("company:acme", ["Felt", "Looms"]),
        ('company="muller & sons"', ["Yarn", "Spindles"]),
        ("stage:proposal", ["Looms"]),
        ("pipeline:SALES is:open", ["Spindles", "Looms"]),
        ("age>2d is:open", ["Spindles", "Looms"]),
        ("age<2d", []),
        ("quiet>2d is:open", ["Spindles", "Looms"]),
        ("stage:won,lost", ["Yarn", "Felt"][::-1]),
        ("status:open", ["Spindles", "Looms"]),
        ("is:open", ["Spindles", "Looms"]),
        ("is:won,lost", ["Felt", "Yarn"]),
        ("value>50", ["Felt", "Spindles", "Looms"]),
        ("value>50.50", ["Spindles", "Looms"]),
        ("value=50.5", ["Felt"]),
        ("value>1jpy", ["Yarn"]),
        ("value<1k", ["Felt", "Spindles"]),
        ("currency:jpy", ["Yarn"]),
        ("probability:80", ["Looms"]),
        ("probability<=10", ["Yarn", "Spindles"]),
        ("probability:5..79", ["Spindles"]),
        ("is:typed", ["Looms"]),
        ("close<14d", ["Yarn", "Looms"]),
        ("close:14d", ["Looms"]),
        ("close<today", ["Yarn"]),
        ("close:2026-12", ["Looms"]),
        ("close:2026-12..", ["Felt", "Looms"]),
        ("no:close", ["Spindles"]),
        ("-close<14d", ["Felt", "Spindles"]),
        ("next<3d", ["Looms"]),
        ("next<1d", []),
        ("is:open no:next", ["Spindles"]),
        ("since>2d", ["Felt", "Yarn", "Spindles", "Looms"]),
        ("since<1d", []),
        ("tag:big", ["Looms"]),
        ("note:DISCOUNT", ["Looms"]),
        ("reason:budget", ["Yarn"]),
        ("closed>1d", ["Felt", "Yarn"]),
        ("has:closed", ["Felt", "Yarn"]),
        ("created:2026-11-24", ["Felt", "Yarn", "Spindles", "Looms"]),
        ("updated<1h", []),
        ("last<5d", []),
    ],
)
def test_which_deals_are_found(
    desk: Desk, deals: dict[str, str], text: str, titles: list[str]
) -> None:
    assert sorted(found(desk, text, "deals")) == sorted(titles)


def test_the_board_shows_only_what_fits(desk: Desk, deals: dict[str, str]) -> None:
    board = desk.call("gtm.crm.board", filter="value>1k")
    assert [card.title for column in board.columns for card in column.cards] == ["Looms"]
    assert board.sums == ("6,000.00 EUR",)
    assert refusal(desk, "stage:propsal", "deals").column == 7


def test_rotting_is_what_the_board_says(desk: Desk, deals: dict[str, str]) -> None:
    """The rule in SQL and the rule in Python agree, day after day, with talks, plans and snoozes."""
    desk.call("gtm.crm.snooze_deal", deal_id=deals["Spindles"], until="2026-12-13")
    seen = set()
    for day in range(30):
        if day == 12:
            desk.call("gtm.crm.log_call", deal_id=deals["Looms"], outcome="reached")
        if day == 14:
            desk.call("gtm.crm.log_call", deal_id=deals["Spindles"], outcome="no answer")
        cards = [c for column in desk.call("gtm.crm.board").columns for c in column.cards]
        rotting = sorted(card.title for card in cards if card.rotting)
        assert sorted(found(desk, "is:rotting", "deals")) == rotting
        seen.add(tuple(rotting))
        desk.later(days=1, minutes=7)
    assert seen == {(), ("Looms",), ("Looms", "Spindles"), ("Spindles",)}


def test_what_is_planned_is_what_the_board_says(desk: Desk, deals: dict[str, str]) -> None:
    """A task of the deal counts before one of its contact, also when it has no day."""
    spindles = desk.call("gtm.crm.get_deal", deal_id=deals["Spindles"])
    desk.call(
        "gtm.crm.add_task",
        contact_id=spindles.contact_id,
        subject="Write",
        due_at="2026-11-28T09:00:00Z",
    )
    assert found(desk, "is:open no:next", "deals") == []
    assert found(desk, "is:open next<2d", "deals") == ["Spindles"]
    cards = [c for column in desk.call("gtm.crm.board").columns for c in column.cards]
    assert {c.title for c in cards if c.next} == {"Looms", "Spindles"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ["Acme GmbH", "Müller & Sons"]),
        ("muller", ["Müller & Sons"]),
        ("ller & s", ["Müller & Sons"]),
        ("name:acme", ["Acme GmbH"]),
        ("people:1", ["Acme GmbH", "Müller & Sons"]),
        ("people>1", []),
        ("has:people", ["Acme GmbH", "Müller & Sons"]),
        ("deals:1", ["Acme GmbH", "Müller & Sons"]),
        ("no:deals", []),
        ("stage:proposal", ["Acme GmbH"]),
        ("value>5k", ["Acme GmbH"]),
        ("is:customer", ["Acme GmbH"]),
        ("tag:q OR domain:q OR country:q OR zone:q OR source:q OR note:q", []),
        ("created:today OR updated>1d", ["Acme GmbH", "Müller & Sons"]),
    ],
)  # fmt: skip
def test_which_companies_are_found(
    desk: Desk, deals: dict[str, str], text: str, names: list[str]
) -> None:
    items = desk.call("gtm.crm.list_companies", filter=text).items
    assert [item.name for item in items] == names


def test_custom_fields_of_deals(desk: Desk, deals: dict[str, Any]) -> None:
    desk.call("gtm.crm.define_field", entity="deal", label="Seats", type="number")
    desk.call("gtm.crm.update_deal", deal_id=deals["Looms"], fields={"seats": "40"})
    assert found(desk, "seats>=40", "deals") == ["Looms"]
