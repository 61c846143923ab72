"""Places and conditions of workflows: read strictly, filled once."""

from __future__ import annotations

from typing import Any

import pytest

from rusvel_tui.engine.agent.workflows.conditions import holds, parse
from rusvel_tui.engine.agent.workflows.places import fill, fill_all, lookup, paths
from rusvel_tui.engine.errors import InvalidInput

DATA: dict[str, Any] = {
    "inputs": {"input": "", "client": "Löms & Co", "count": 3},
    "steps": {
        "find": {"items": [{"name": "Ada", "open": True}, {"name": "Bob"}], "total": 2},
        "say": {"text": "Hello {{client}}"},
        "json": {"text": '{"score": 7, "why": ["a", "b"]}'},
    },
    "previous": {"text": "Write to @growth-analyst or a@b.example"},
}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("For {{client}}.", "For Löms & Co."),
        ("{{ client }}{{count}}", "Löms & Co3"),
        ("{{steps.find.items.0.name}}", "Ada"),
        ("{{steps.find.items.1}}", '{"name":"Bob"}'),
        ("{{steps.json.score}} {{steps.json.why.1}}", "7 b"),
        ("{{steps.say}}", "Hello {{client}}"),
        ("{{steps.say.text}}", "Hello {{client}}"),
        ("no place { here } {x}", "no place { here } {x}"),
        ("{{input}}", ""),
    ],
)
def test_q_139_places_are_filled_once(text: str, filled: str) -> None:
    assert fill(text, DATA) == filled


@pytest.mark.parametrize(
    "path",
    ["nobody", "client.name", "steps.find.items.9", "steps.none", "steps", "previous.x", "count.0"],
)
def test_a_place_without_a_value_is_an_error(path: str) -> None:
    with pytest.raises(InvalidInput, match="has no value"):
        lookup(path, DATA)


@pytest.mark.parametrize("text", ["{{", "{{a", "{{a b}}", "{{}}", "{{.a}}", "{{a..b}}", "x {{1a}}"])
def test_q_139_ill_formed_places_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        paths(text, "prompt")
    assert refused.value.field == "prompt"


def test_a_text_that_is_one_place_keeps_the_kind_of_its_value() -> None:
    wanted = {
        "n": "{{steps.find.total}}",
        "all": ["{{steps.find.items}}", "about {{client}}"],
        "x": 1,
    }
    items = DATA["steps"]["find"]["items"]
    assert fill_all(wanted, DATA) == {"n": 2, "all": [items, "about Löms & Co"], "x": 1}


def test_q_141_a_name_in_a_value_calls_nobody() -> None:
    """Neither an agent nor a skill: only the person's own words do."""
    filled = fill("@writer: {{previous}}", DATA, guard=True)
    assert filled.startswith("@writer: Write to @\u2060growth-analyst or a@b.example")
    assert not fill("{{x}}", {"inputs": {"x": "/delete all"}}, guard=True).startswith("/")
    assert fill("/skill {{count}}", DATA, guard=True) == "/skill 3"


@pytest.mark.parametrize(
    ("condition", "met"),
    [
        ("{{steps.find.total}} > 1", True),
        ("{{steps.find.total}} > 2", False),
        ("{{steps.find.total}} >= 2", True),
        ("{{steps.find.total}} <= 1.5", False),
        ("{{steps.find.total}} == 2.0", True),
        ("{{steps.json.score}} != 7", False),
        ('{{client}} == "Löms & Co"', True),
        ("{{client}} contains 'löms'", True),
        ("{{steps.find.items}} contains 'Ada'", False),
        ("{{steps.json.why}} contains a", True),
        ("{{steps.find.items}}", True),
        ("not {{steps.find.items}}", False),
        ("{{input}}", False),
        ("not {{input}}", True),
        ("{{steps.find.items.0.open}} == true", True),
        ("{{steps.find.items.0.open}}", True),
        ('"2026-02-01" < "2026-11-01"', True),
        ("{{count}} < 10", True),
        ("'10' > '9'", True),
    ],
)
def test_conditions(condition: str, *, met: bool) -> None:
    assert holds(condition, DATA) is met


@pytest.mark.parametrize(
    "condition",
    ["", ">", "{{a}} >", "{{a}} = 1", "{{a}} > 1 > 2", "a b", "__import__('os')", "{{a}} + 1"],
)
def test_what_is_no_condition_is_refused(condition: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse(condition)
    assert refused.value.field == "when"


def test_what_cannot_be_compared_is_an_error() -> None:
    with pytest.raises(InvalidInput, match="cannot be compared"):
        holds("{{steps.find.items}} > 3", DATA)
