"""The departments: what they say about themselves, and that all of it is there."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from pkgutil import iter_modules
from runpy import run_path
from typing import Any

import pytest

from rusvel_tui import screens
from rusvel_tui.adapters.models.scripted import ScriptedModel
from rusvel_tui.engine import departments, manifests
from rusvel_tui.engine.agent.chat.loop import Chat
from rusvel_tui.engine.agent.tools.catalogue import catalogue, chosen
from rusvel_tui.engine.chat_ports import ToolResult
from rusvel_tui.engine.errors import NotFound
from rusvel_tui.engine.event_kinds import EVENT_KINDS
from rusvel_tui.engine.job_kinds import JOB_KINDS
from rusvel_tui.engine.manifests import gtm
from rusvel_tui.engine.manifests.manifest import Capability, Department, QuickAction
from rusvel_tui.engine.manifests.self_test import broken
from rusvel_tui.engine.operation import OPERATIONS
from tests.factories import Desk, kinds

departments.load()
ALL = {one.id: one for one in departments.DEPARTMENTS}
SEED_TOOLS = {
    "gtm": ("gtm.crm.add_contact", "gtm.crm.list_contacts", "gtm.crm.add_deal", "gtm.outreach.create_sequence", "gtm.invoices.create_invoice"),
    "growth": ("growth.funnel.add_stage", "growth.cohort.create_cohort", "growth.kpi.record_kpi", "growth.kpi.get_trend"),
}  # fmt: skip


def shown(desk: Desk, department: str) -> Any:
    return desk.call("department.list", department=department).items[0]


def test_t_012_t_029_the_departments_are_listed_with_their_faces(desk: Desk) -> None:
    found = desk.call("department.list").items
    assert [(one.id, one.icon, one.colour) for one in found] == [
        ("gtm", "^", "cyan"),
        ("growth", "&", "orange"),
    ]
    with pytest.raises(NotFound, match="There are gtm, growth"):
        shown(desk, "finance")


def test_t_013_nothing_of_a_department_needs_a_database() -> None:
    """A manifest is data: it is there before anything is opened."""
    assert ALL["gtm"].quick_actions
    assert isinstance(hash(ALL["gtm"]), int)


@pytest.mark.parametrize("name", ["gtm", "growth"])
def test_t_014_t_017_a_manifest_is_pure(name: str) -> None:
    again = run_path(str(Path(manifests.__path__[0]) / f"{name}.py"))["MANIFEST"]
    assert again == ALL[name]


@pytest.mark.parametrize("name", ["gtm", "growth"])
def test_g_071_t_015_t_016_t_017_the_tools_of_the_seeds_reach_the_assistant(name: str) -> None:
    own = [tool for tool in catalogue() if OPERATIONS[tool].department == name]
    assert set(SEED_TOOLS[name]) <= set(own)
    assert all(tool.startswith(f"{name}.") for tool in own)


def test_t_018_every_tool_is_unique_and_reaches_the_model_of_its_department(desk: Desk) -> None:
    for name in ALL:
        told = desk.call("agent.chat.prepare", department=name).tools
        assert len(set(told)) == len(told) >= 45
        assert {*told} == {*chosen(("*",))}


def test_g_070_a_department_works_over_the_ports_of_the_engine(desk: Desk) -> None:
    """The manifest holds no engine: its tools are given one for each call."""
    model = ScriptedModel([[{"tool": "gtm.crm.list_contacts", "input": {}}], "Nobody yet."])
    desk.engine.chat_model = model
    run = Chat(desk.engine, hear=lambda one: None).ask("gtm", "List contacts")
    assert run.state.value == "Completed"
    (result,) = [b for b in model.asked[1].turns[-1].blocks if isinstance(b, ToolResult)]
    assert '"items":[]' in result.text


def test_g_072_g_146_the_go_to_market_prompt_says_its_part(desk: Desk) -> None:
    prompt = ALL["gtm"].prompt
    assert prompt.startswith("You are the GoToMarket department of RUSVEL")
    for word in ("CRM", "outreach sequences", "deals", "invoicing"):
        assert word in prompt
    assert prompt in desk.call("agent.chat.prepare", department="gtm").system


def test_r_060_r_062_growth_says_its_part(desk: Desk) -> None:
    one = shown(desk, "growth")
    assert one.name == "Growth Department"
    for word in (
        "unnel optimization",
        "conversion",
        "cohort analysis",
        "churn",
        "retention",
        "KPI",
    ):
        assert word in one.description
    assert one.prompt.startswith("You are the Growth department of RUSVEL")


@pytest.mark.parametrize(
    ("name", "capabilities"),
    [("gtm", {"outreach", "crm", "invoicing"}), ("growth", {"funnel", "cohort", "kpi"})],
)
def test_g_073_r_051_r_061_capabilities_have_tools(
    desk: Desk, name: str, capabilities: set[str]
) -> None:
    found = shown(desk, name).capabilities
    assert {can.name for can in found} == capabilities
    assert all(can.tools >= 5 for can in found)


@pytest.mark.parametrize(
    ("name", "action", "words"),
    [
        ("gtm", "List contacts", ("name", "company", "last had contact")),
        ("gtm", "Draft outreach", ("several steps", "Ask me")),
        ("gtm", "Deal pipeline", ("stage", "amounts", "next steps")),
        ("gtm", "Generate invoice", ("Ask me for the client", "items", "due date")),
        ("growth", "Funnel analysis", ("drop-off", "recommendation")),
        ("growth", "KPI dashboard", ("MRR", "active users", "churn rate", "growth rate")),
        ("growth", "Cohort report", ("retention", "week or month")),
    ],
)
def test_g_074_g_075_g_076_g_077_r_063_quick_actions_ask_for_what_they_promise(
    desk: Desk, name: str, action: str, words: tuple[str, ...]
) -> None:
    quick = next(one for one in ALL[name].quick_actions if one.name == action)
    told = desk.call("agent.chat.prepare", department=name, message=quick.prompt)
    assert told.message == quick.prompt
    assert set(quick.tools) <= set(told.tools)
    assert all(word in quick.prompt for word in words)


def test_g_078_tabs_and_pages_are_there() -> None:
    assert set(ALL["gtm"].tabs) == {"actions", "agents", "workflows", "skills", "rules", "events"}
    pages = {entry.id for entry in screens.PAGES}
    for one in ALL.values():
        assert set(one.pages) <= pages


def test_g_090_g_091_g_092_r_080_r_081_r_082_agents_skills_and_rules_come_with_the_session(
    desk: Desk,
) -> None:
    """Declared empty in the seeds; here each kind has its place, and useful ones to begin with."""
    desk.call("agent.entities.seed")
    for kind in ("agent", "skill", "rule"):
        for name in ALL:
            assert desk.call("agent.entities.list", kind=kind, engine=name).items


def test_g_093_g_094_r_087_jobs_and_events_are_declared(desk: Desk) -> None:
    declared = [job for one in ALL.values() for job in one.jobs]
    assert len(declared) == len(set(declared))
    assert {"OutreachSend", "KpiSnapshot"} <= set(declared) <= set(JOB_KINDS)
    for name in ALL:
        own = {kind for kind in EVENT_KINDS if kind.startswith(f"{name}.")}
        assert set(shown(desk, name).produces) == own
        assert shown(desk, name).consumes == ()


def test_g_095_g_160_a_new_operation_is_a_tool_and_a_route_by_itself() -> None:
    """Nothing lists the tools of a department besides its modules."""
    for name, one in catalogue().items():
        if one.department in ALL:
            assert one.handle.__module__ in ALL[one.department].modules, name


def test_r_050_r_052_every_operation_of_growth_works_on_the_session_of_its_call() -> None:
    assert {"growth.funnel.list", "growth.cohort.list_cohorts", "growth.kpi.list_kpis"} <= set(OPERATIONS)  # fmt: skip
    own = [one for one in OPERATIONS.values() if one.department == "growth"]
    assert all("session_id" in one.input.model_fields for one in own)


def test_every_manifest_is_listed() -> None:
    machinery = {"manifest", "listing", "self_test"}
    written = {found.name for found in iter_modules(manifests.__path__)} - machinery
    assert written == set(ALL)


def test_q_130_everything_that_is_declared_works() -> None:
    assert list(broken()) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"capabilities": (Capability("space", "rockets", "gtm.space.*"),)}, "gtm.space.*"),
        ({"quick_actions": (QuickAction("Fly", "Fly.", ("gtm.space.fly",)),)}, "gtm.space.fly"),
        ({"produces": ("gtm.*", "gtm.space.*")}, "no event is called so"),
        ({"produces": ()}, "is recorded, and not declared as produced"),
        ({"consumes": ("space.*",)}, "no event is called so"),
        ({"jobs": ("Fly",)}, "no such kind of job"),
        ({"prompt": " "}, "is empty"),
        ({"tabs": ("rockets",)}, "no part of the assistant"),
        ({"id": "space", "produces": ()}, "there is no such operation"),
    ],
)
def test_q_130_what_does_not_work_is_found(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], said: str
) -> None:
    wrong = gtm.MANIFEST._replace(**change)
    monkeypatch.setattr(departments, "DEPARTMENTS", (wrong,))
    found = list(broken())
    assert any(said in f"{one.what} {one.text}" for one in found), found
    assert {one.department for one in found} == {wrong.id}


def test_q_130_a_job_whose_module_is_gone_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    lost = dataclasses.replace(JOB_KINDS["Replan"], module="rusvel_tui.engine.gtm.nowhere")
    monkeypatch.setitem(JOB_KINDS, "Replan", lost)
    (one,) = broken()
    assert (one.what, "cannot be imported" in one.text) == ("Replan", True)


def test_another_department_is_one_module_and_one_line(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chat, configuration, entities and the listing follow from its manifest; nothing knows the other two by name."""
    other = Department(
        id="support", name="Support Department", summary="answers", icon="?", colour="green",
        description="Answers.", prompt="You are the Support department.", capabilities=(), quick_actions=(),
        modules=(), answered="support.chat.completed", line="answers",
    )  # fmt: skip
    monkeypatch.setattr(departments, "DEPARTMENTS", (*departments.DEPARTMENTS, other))
    monkeypatch.setitem(EVENT_KINDS, other.answered, "the assistant answered")
    desk.engine.chat_model = ScriptedModel(["Hello."])
    run = Chat(desk.engine, hear=lambda one: None).ask("support", "Hi")
    assert run.state.value == "Completed"
    assert kinds(desk, "support") == ["support.chat.completed"]
    assert shown(desk, "support").name == "Support Department"
    desk.call(
        "agent.config.set", layer="Department", department="support", settings={"tone": "kind"}
    )
    desk.call(
        "agent.entities.save",
        kind="rule",
        name="Calm",
        engine="support",
        body={"text": "Stay calm."},
    )
    told = desk.call("agent.chat.prepare", department="support").system
    assert "Tone: kind" in told
    assert "[Calm]: Stay calm." in told


def test_ids_are_words() -> None:
    assert all(re.fullmatch(r"[a-z]+", name) for name in ALL)
