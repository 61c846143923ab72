"""Days, times and amounts in running words, in the languages in which people jot."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from rusvel_tui.engine.gtm.crm.advice.amounts import sums
from rusvel_tui.engine.gtm.crm.advice.moments import Reading, moments
from rusvel_tui.engine.gtm.crm.advice.phrases import Said, quotes

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
"""A Tuesday."""
BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")

AHEAD: dict[str, list[tuple[str, str]]] = {
    "wants a quote by Friday": [("Friday", "2026-11-27T09:00")],
    "demo tomorrow at 3pm": [("tomorrow at 3pm", "2026-11-25T15:00")],
    "in 2 weeks, not before": [("in 2 weeks", "2026-12-08T09:00")],
    "on Mon 14:00 or on 5 december": [("Mon 14:00", "2026-11-30T14:00"), ("5 december", "2026-12-05T09:00")],
    "bis nächsten Freitag": [("freitag", "2026-11-27T09:00")],
    "rendez-vous le 12 janvier": [("12 janvier", "2027-01-12T09:00")],
    "el jueves": [("jueves", "2026-11-26T09:00")],
    "until 2026-12-24": [("2026-12-24", "2026-12-24T09:00")],
    "it takes 3 days and 20 minutes": [],
    "she sat down in may": [],
    "nothing at all": [],
}  # fmt: skip
BEFORE: dict[str, list[tuple[str, str]]] = {
    "called yesterday": [("yesterday", "2026-11-23T09:00")],
    "gestern telefoniert": [("gestern", "2026-11-23T09:00")],
    "met on Friday": [("Friday", "2026-11-20T09:00")],
    "last tuesday 15:00": [("last tuesday 15:00", "2026-11-17T15:00")],
    "called on 3 march": [("3 march", "2026-03-03T09:00")],
    "10:30 no answer": [("10:30", "2026-11-23T10:30")],
}


def read(text: str, reading: Reading) -> list[tuple[str, str]]:
    return [
        (one.words, f"{one.at.astimezone(reading.zone):%Y-%m-%dT%H:%M}")
        for one in moments(text, reading)
    ]


@pytest.mark.parametrize("text", AHEAD)
def test_what_is_ahead(text: str) -> None:
    assert read(text, Reading(NOW, BERLIN)) == AHEAD[text]


@pytest.mark.parametrize("text", BEFORE)
def test_what_is_told_of_the_past_was_before(text: str) -> None:
    assert read(text, Reading(NOW, BERLIN, past=True)) == BEFORE[text]


def test_where_the_month_comes_first_a_number_is_read_so() -> None:
    assert read("12/04", Reading(NOW, NEW_YORK))[0][1][:10] == "2026-12-04"
    assert read("12/04", Reading(NOW, BERLIN))[0][1][:10] == "2027-04-12"


SUMS: dict[str, list[tuple[str, str]]] = {
    "the budget is $12,000": [("12000", "USD")],
    "12k EUR or €1.234,56": [("12000", "EUR"), ("1234.56", "EUR")],
    "1 200 SEK and CHF 3'500.50": [("1200", "SEK"), ("3500.50", "CHF")],
    "2.5 million dollars": [("2500000", "USD")],
    "$5,5k": [("5500", "USD")],
    "5 people in 2026": [],
    "room 12 all day": [],
}


@pytest.mark.parametrize("text", SUMS)
def test_amounts_are_read_with_their_currency(text: str) -> None:
    wanted = [(Decimal(amount), currency) for amount, currency in SUMS[text]]
    assert [(one.amount, one.currency) for one in sums(text)] == wanted
    assert all(one.words in text for one in sums(text))


SAID: dict[str, set[Said]] = {
    "We need an API.": {Said.NEED},
    "It is too expensive for us.": {Said.PRICE},
    "Not now, maybe next quarter.": {Said.TIMING},
    "I have to talk with my boss first.": {Said.AUTHORITY},
    "We already use another tool.": {Said.COMPETITOR},
    "I am not sure about the security review.": {Said.TRUST},
    "Not interested, thanks.": {Said.REFUSAL},
    "Wir haben kein Interesse.": {Said.REFUSAL},
    "The weather is fine.": set(),
}


@pytest.mark.parametrize("text", SAID)
def test_a_sentence_says_what_it_is_about(text: str) -> None:
    assert SAID[text] <= {one.said for one in quotes(text)}
    if not SAID[text]:
        assert list(quotes(text)) == []
