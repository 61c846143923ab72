"""Which tools stand in a question, and that every other one can be found."""

from __future__ import annotations

import json

import pytest

from rusvel_tui.engine import departments
from rusvel_tui.engine.agent.tools.catalogue import as_tool, catalogue, wire_name
from rusvel_tui.engine.agent.tools.offering import FEW, FIND, answer, find, offered
from rusvel_tui.engine.chat_ports import Tool, ToolCall, Turn
from rusvel_tui.engine.operation import OPERATIONS

ALL = tuple(catalogue())


def size(tools: tuple[Tool, ...]) -> int:
    """Characters; four of them are about a token."""
    return sum(len(json.dumps((one.name, one.summary, one.schema))) for one in tools)


@pytest.mark.parametrize("department", [one.id for one in departments.DEPARTMENTS])
def test_a_question_carries_a_fifth_of_all_tools_at_most(department: str) -> None:
    """About 60 000 tokens for all of them; 11 000 and 5 000 for those of a department."""
    tools = offered(department, ALL, ())
    assert tools[-1].name == FIND
    assert size(tools) * 5 < size(tuple(as_tool(one) for one in catalogue().values()))


@pytest.mark.parametrize("department", [one.id for one in departments.DEPARTMENTS])
def test_the_core_tools_of_a_department_exist(department: str) -> None:
    core = departments.find(department).core_tools
    assert [name for name in core if name not in catalogue()] == []
    needed = {name for one in departments.find(department).quick_actions for name in one.tools}
    assert needed <= set(core), "a quick action needs no search"


def test_q_130_every_tool_can_be_found_by_what_it_does() -> None:
    """By its own summary and name: one of the first eight."""
    lost = []
    for name in ALL:
        words = f"{name.rpartition('.')[2].replace('_', ' ')} {OPERATIONS[name].summary}"
        if name not in find(words, ALL):
            lost.append(name)
    assert lost == []


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("void an invoice", "gtm.invoices.void_invoice"),
        ("import contacts from csv", "gtm.crm.import_contacts"),
        ("pause all sending", "gtm.outreach.pause_sending"),
        ("customers at risk", "growth.churn.risks"),
        ("bank statement", "gtm.invoices.import_bank_csv"),
        ("retention of cohorts", "growth.cohort.retention"),
    ],
)
def test_people_s_words_find_what_they_mean(words: str, name: str) -> None:
    assert name in find(words, ALL)[:3]


def test_what_was_found_or_called_stays_offered_after_the_others() -> None:
    turns = (
        Turn("assistant", (ToolCall("1", FIND, {"words": "void an invoice"}),)),
        Turn("assistant", (ToolCall("2", wire_name("growth.churn.risks"), {}),)),
    )
    names = [one.name for one in offered("gtm", ALL, turns)]
    before = [one.name for one in offered("gtm", ALL, ())]
    assert names[: len(before)] == before
    assert wire_name("gtm.invoices.void_invoice") in names
    assert wire_name("growth.churn.risks") in names
    assert len(set(names)) == len(names)


def test_q_132_nothing_is_offered_or_found_that_is_not_allowed() -> None:
    allowed = tuple(name for name in ALL if name.startswith("gtm.crm."))
    turns = (Turn("assistant", (ToolCall("1", FIND, {"words": "void an invoice"}),)),)
    names = {one.name for one in offered("gtm", allowed, turns)} - {FIND}
    assert names <= {wire_name(name) for name in allowed}
    assert "void_invoice" not in answer("void an invoice", allowed)


def test_few_tools_are_offered_as_they_are() -> None:
    allowed = ALL[:FEW]
    assert [one.name for one in offered("gtm", allowed, ())] == [wire_name(one) for one in allowed]


def test_words_that_fit_nothing_are_answered() -> None:
    assert find("zzz qqq", ALL) == ()
    assert "No tool fits" in answer("zzz qqq", ALL)


def test_a_lean_schema_keeps_fields_that_are_called_title() -> None:
    tools = {one.name: one for one in offered("gtm", ALL, ())}
    fields = tools[wire_name("gtm.crm.add_deal")].schema["properties"]
    assert "title" in fields
    assert "title" not in fields["title"]
