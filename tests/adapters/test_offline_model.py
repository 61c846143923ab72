"""The answers without a model: what is read from a message, and what is understood."""

from __future__ import annotations

import pkgutil
import threading
from decimal import Decimal

import pytest

from rusvel_tui.adapters.models.offline import OfflineModel, intents
from rusvel_tui.adapters.models.offline.answering import intent_of, unknown
from rusvel_tui.adapters.models.offline.intents import INTENTS, invoices
from rusvel_tui.adapters.models.offline.reading import Amount, after, amount, mail_address
from rusvel_tui.adapters.models.offline.wording import table, valued
from rusvel_tui.engine import departments
from rusvel_tui.engine.chat_ports import Question, ToolCall, ToolResult, Turn, Words


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("$12,000", "12000", "USD"),
        ("12k", "12000", ""),
        ("$12k", "12000", "USD"),
        ("€1.234,56", "1234.56", "EUR"),
        ("1,234.56 EUR", "1234.56", "EUR"),
        ("€12.500", "12500", "EUR"),
        ("12.500", "12.500", ""),
        ("3,5", "3.5", ""),
        ("4.2 %", "4.2", "%"),
        ("4.2 percent", "4.2", "%"),
        ("-$300", "-300", "USD"),
        ("1.5 million dollars", "1500000", "USD"),
        ("CHF 1'200.50", "1200.50", "CHF"),
        ("1.234.567 euros", "1234567", "EUR"),
        ("45 users", "45", ""),
        ("0,5", "0.5", ""),
    ],
)
def test_amounts_are_read_in_both_ways(text: str, value: str, unit: str) -> None:
    assert amount(text) == Amount(Decimal(value), unit)


def test_where_there_is_no_number_there_is_no_amount() -> None:
    assert amount("a lot") is None
    assert amount("1,2.3,4") is None


def test_addresses_and_what_follows_a_word_are_found() -> None:
    assert mail_address("write to grace@navy.example.") == "grace@navy.example"
    assert (
        after("a mail to Grace Hopper about looms, please", "to", until="about") == "Grace Hopper"
    )
    assert after("due in 14 days. Thanks", "due") == "in 14 days"
    assert after("nothing", "about") == ""


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [(12000, "USD", "$12,000"), (-2000.5, "EUR", "-€2,000.50"), (3.9, "%", "3.90 %"), (7, "", "7")],
)
def test_values_are_shown_as_people_write_them(value: float, unit: str, shown: str) -> None:
    assert valued(value, unit) == shown


def test_a_name_cannot_break_a_table() -> None:
    assert table(("Name",), [("a|b\n| c",)]).splitlines()[2] == "| a/b / c |"


def test_every_module_of_intents_is_listed() -> None:
    there = {f"{intents.__name__}.{one.name}" for one in pkgutil.iter_modules(intents.__path__)}
    assert {one.plan.__module__ for one in INTENTS} == there


def test_each_example_is_understood_as_what_it_stands_for() -> None:
    for one in INTENTS:
        if one.example:
            assert intent_of(one.example) is one, one.name


@pytest.mark.parametrize(
    ("prompt", "name"),
    [(one.prompt, one.name) for each in departments.DEPARTMENTS for one in each.quick_actions],
)
def test_g_074_every_quick_action_is_understood(prompt: str, name: str) -> None:
    """Also by its name alone."""
    understood = intent_of(prompt)
    assert understood is not None
    assert understood.name.casefold() == name.casefold()
    assert intent_of(name) is understood


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("Can you show me the pipeline?", "deal pipeline"),
        ("which people do I know at Acme?", "list contacts"),
        ("Record payment of $500 for invoice 7", None),
        ("log a call with Grace for 20 minutes", "log activity"),
        ("Met Grace at the fair, she liked the looms", "log activity"),
        ("record 45 signups", "record KPI"),
        ("Who owes me money?", "open invoices"),
        ("Write a mail to Grace about the open invoice", "draft mail"),
        ("What should I do next about the board deal?", "next step"),
        ("Delete all contacts", None),
        ("Approve everything in the inbox", "inbox"),
        ("Why is the sky blue?", None),
        ("", None),
    ],
)
def test_other_words_for_it(message: str, name: str | None) -> None:
    understood = intent_of(message)
    assert (understood.name if understood else None) == name


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("for Acme: 2 days of consulting at 800", [("consulting", "2", "800", "day")]),
        ("setup for €1,200 and 3 hours of support at €95.50", [("setup", "1", "1200", ""), ("support", "3", "95.5", "hour")]),
        ("10 x licences at 49 each, due in 14 days", [("licences", "10", "49", "")]),
        ("for Acme, due 2026-12-24", []),
        ("Website = 4500 EUR; hosting 12.50 per month", [("Website", "1", "4500", ""), ("hosting", "1", "12.5", "")]),
    ],
)  # fmt: skip
def test_items_of_an_invoice_are_read(text: str, items: list[tuple[str, ...]]) -> None:
    found = invoices._items(text)
    read = [(i["description"], i["quantity"], i["unit_price"], i.get("unit", "")) for i in found]
    assert read == items


def said(*turns: Turn) -> str:
    """The words of an answer."""
    pieces = list(OfflineModel().stream(Question("", turns), threading.Event()))
    return "".join(piece.text for piece in pieces if isinstance(piece, Words))


def test_q_146_what_is_not_understood_is_said_plainly_with_examples() -> None:
    text = said(Turn("user", (Words("Why is the sky blue?"),)))
    assert text == unknown()
    assert "No model is set up" in text
    assert "- Record MRR of $12,000" in text


def test_a_result_that_cannot_be_read_is_said() -> None:
    question = Turn("user", (Words("List contacts"),))
    call = Turn("assistant", (ToolCall("c", "gtm__crm__list_contacts", {}),))
    cut = Turn("user", (ToolResult("c", '{"items": [ … cut'),))
    assert said(question, call, cut).startswith("That did not work")
    refused = Turn("user", (ToolResult("c", "The person said no.", True),))
    assert said(question, call, refused) == "Fine, nothing was changed."


def test_a_question_back_is_answered_or_dropped() -> None:
    first = Turn("user", (Words("Draft outreach"),))
    back = Turn("assistant", (Words(said(first)),))
    assert said(first, back, Turn("user", (Words("never mind"),))) == "Fine. Nothing was done."
    pieces = list(
        OfflineModel().stream(
            Question("", (first, back, Turn("user", (Words("spring pricing"),)))), threading.Event()
        )
    )
    assert isinstance(pieces[0], ToolCall)
    assert pieces[0].input["name"] == "Spring pricing"
    assert "No model is set up" in said(first, back, Turn("user", (Words("hello"),)))
