"""The configuration of the assistant: three layers, where each value comes from, and the way back."""

from __future__ import annotations

from typing import Any

import pytest

from rusvel_tui.engine.agent.config.layers import AgentSettings
from rusvel_tui.engine.agent.tools.catalogue import catalogue
from rusvel_tui.engine.errors import Conflict, InvalidInput, NotFound
from rusvel_tui.engine.undo import Undo, redo, undo
from tests.factories import Desk, events

VALUES: dict[str, Any] = {
    "model": "some-model", "effort": "high", "budget_usd": "1.25", "monthly_budget_usd": "20", "max_turns": 5,
    "tone": "dry", "allowed_tools": ["gtm.crm.*"], "denied_tools": ["gtm.crm.add_deal"],
}  # fmt: skip


def configure(desk: Desk, layer: str, department: str = "", **settings: Any) -> Any:
    return desk.call("agent.config.set", layer=layer, department=department, settings=settings)


def told(desk: Desk, name: str, department: str = "gtm") -> tuple[Any, str]:
    """A value, and the layer it comes from."""
    items = desk.call("agent.config.show", department=department).items
    return next((one.value, one.origin) for one in items if one.name == name)


def test_t_043_g_141_q_138_the_nearest_layer_counts_and_says_so(desk: Desk) -> None:
    assert told(desk, "tone") == ("", "default")
    configure(desk, "Global", tone="plain")
    assert told(desk, "tone") == told(desk, "tone", "growth") == ("plain", "Global")
    configure(desk, "Department", "gtm", tone="warm")
    assert told(desk, "tone") == ("warm", "Department")
    assert told(desk, "tone", "growth") == ("plain", "Global")
    configure(desk, "Session", tone="dry")
    assert told(desk, "tone") == told(desk, "tone", "growth") == ("dry", "Session")
    desk.call("agent.config.unset", layer="Session", names=["tone"])
    assert told(desk, "tone") == ("warm", "Department")
    view = desk.call("agent.config.show", department="gtm")
    (tone,) = [one for one in view.items if one.name == "tone"]
    assert tone.layers == {"Global": "plain", "Department": "warm"}


def test_q_145_the_layer_of_a_session_stays_in_it(desk: Desk) -> None:
    configure(desk, "Session", tone="dry")
    configure(desk, "Department", "gtm", effort="low")
    desk.call("session.create", name="other")
    assert told(desk, "tone") == ("", "default")
    assert told(desk, "effort") == ("low", "Department")


def test_t_027_every_value_makes_the_round_trip(desk: Desk) -> None:
    assert set(VALUES) == set(AgentSettings.model_fields)
    configure(desk, "Department", "growth", **VALUES)
    shown = {
        one.name: one.value for one in desk.call("agent.config.show", department="growth").items
    }
    assert {name: list(v) if isinstance(v, tuple) else v for name, v in shown.items()} == VALUES


def test_every_value_says_what_it_is(desk: Desk) -> None:
    assert all(one.summary for one in desk.call("agent.config.show", department="gtm").items)


def test_a_change_is_taken_back_and_made_again(desk: Desk) -> None:
    configure(desk, "Global", tone="plain", max_turns=3)
    configure(desk, "Global", tone="dry")
    desk.engine.run(undo, Undo())
    assert told(desk, "tone") == ("plain", "Global")
    desk.engine.run(undo, Undo())
    assert (told(desk, "tone"), told(desk, "max_turns")) == (("", "default"), (12, "default"))
    desk.engine.run(redo, Undo())
    desk.engine.run(redo, Undo())
    assert (told(desk, "tone"), told(desk, "max_turns")) == (("dry", "Global"), (3, "Global"))


def test_what_was_changed_since_is_not_taken_back(desk: Desk) -> None:
    """Another session writes the same global layer: its word stays."""
    configure(desk, "Global", tone="plain")
    made = desk.call("session.create", name="other")
    configure(desk, "Global", tone="dry")
    desk.call("session.use", name="acme")
    assert made.name == "other"
    with pytest.raises(Conflict, match="changed since"):
        desk.engine.run(undo, Undo())
    assert told(desk, "tone") == ("dry", "Global")


def test_the_log_says_what_changed_and_where(desk: Desk) -> None:
    configure(desk, "Department", "gtm", tone="warm", effort="low")
    (event,) = events(desk, "agent.config")
    assert event.payload == {"name": "effort, tone", "subject": "gtm"}
    configure(desk, "Department", "gtm", tone="warm")
    assert len(events(desk, "agent.config")) == 1, "what says the same is no news"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"tune": "x"}, "There is no value 'tune'. There are model, "),
        ({"effort": "huge"}, "effort: Input should be"),
        ({"budget_usd": "-1"}, "budget_usd"),
        ({"max_turns": 0}, "max_turns"),
        ({"tone": None}, "Take it out with unset"),
        ({"denied_tools": ["gtm.crm.add_contct"]}, "Did you mean gtm.crm.add_contact"),
        ({"allowed_tools": ["space.*"]}, "no tool is called 'space"),
        ({"allowed_tools": ["gtm.approvals.approve"]}, "no tool is called"),
    ],
)
def test_a_wrong_value_is_refused_with_its_name(
    desk: Desk, settings: dict[str, Any], said: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        configure(desk, "Session", **settings)
    assert said in str(refused.value)
    assert events(desk, "agent.config") == []


def test_tools_of_other_programs_can_be_named_before_they_run(desk: Desk) -> None:
    configure(desk, "Session", denied_tools=["mcp__files__delete*"])
    assert told(desk, "denied_tools") == (["mcp__files__delete*"], "Session")


def test_a_layer_names_its_department_or_none(desk: Desk) -> None:
    with pytest.raises(InvalidInput, match="Say for which department"):
        configure(desk, "Department", tone="x")
    with pytest.raises(InvalidInput, match="Only the department layer"):
        configure(desk, "Session", "gtm", tone="x")
    with pytest.raises(NotFound, match="There are gtm, growth"):
        configure(desk, "Department", "space", tone="x")


def test_c_044_tools_are_allowed_and_denied_for_each_department(desk: Desk) -> None:
    configure(desk, "Department", "gtm", allowed_tools=["gtm.crm.*"])
    configure(desk, "Session", denied_tools=["*.add_*"])
    tools = desk.call("agent.chat.prepare", department="gtm").tools
    assert "gtm.crm.list_contacts" in tools
    assert "gtm.crm.add_contact" not in tools
    assert all(name.startswith("gtm.crm.") for name in tools)
    growth = desk.call("agent.chat.prepare", department="growth").tools
    assert "gtm.crm.list_contacts" in growth
    assert "growth.funnel.add_stage" not in growth


def test_c_044_the_assistant_cannot_change_what_it_may() -> None:
    """Neither by a tool, nor by proposing it."""
    assert [name for name in catalogue() if name.startswith(("agent.", "undo", "redo"))] == []
