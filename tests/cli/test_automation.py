"""Hooks, schedules and workflows at the command line."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Cli

HOOK = ("hooks", "add", "Tell me", "event=gtm.contact.added", "type=command")


@pytest.fixture
def allowed(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """A desk on which commands may run."""
    monkeypatch.setenv("RUSVEL_HOOK_COMMANDS", "1")
    return cli


def test_q_140_a_hook_is_made_tried_and_runs(allowed: Cli) -> None:
    allowed(*HOOK, "action=cat")
    tried = allowed("hooks", "test", "tell-me")
    assert tried.out.startswith("Tell me succeeded for gtm.contact.added (0 ms).\n")
    allowed.call("gtm.crm.add_contact", name="Ada")
    allowed("worker", "--until-idle")
    newest, oldest = allowed.json("hooks", "log", "tell-me")["items"]
    assert (newest["state"], oldest["event_id"]) == ("Succeeded", 0)
    assert json.loads(newest["output"])["event"]["payload"]["name"] == "Ada"
    assert "gtm.contact.added" in allowed("hooks", "log").out


def test_t_026_the_kinds_of_event_are_listed(cli: Cli) -> None:
    assert "gtm.deal.updated" in cli("hooks", "events").out
    fitting = cli.json("hooks", "events", "*.chat.completed")["items"]
    assert [one["kind"] for one in fitting] == ["growth.chat.completed", "gtm.chat.completed"]
    assert cli("hooks", "events", "no.such").out == "No event is called so.\n"


def test_q_140_commands_are_off_by_default(cli: Cli) -> None:
    cli(*HOOK, "action=touch done")
    refused = cli("hooks", "test", "tell-me", code=1)
    assert "RUSVEL_HOOK_COMMANDS=1" in refused.out


def test_what_a_hook_starts_is_no_person_and_calls_no_hook(
    allowed: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = allowed.drafted()
    allowed(*HOOK, "action=true")
    with monkeypatch.context() as inside:
        inside.setenv("RUSVEL_HOOK_RUN", "some run")
        allowed.call("gtm.crm.add_contact", name="by a hook")
        shown = allowed.json("queue", "show", draft["id"])
        yes = ("queue", "approve", draft["id"], "--digest", shown["digest"])
        refused = allowed(*yes, code=7)
    assert "person" in refused.err
    allowed("worker", "--until-idle")
    assert allowed.json("hooks", "log")["items"] == []


def test_q_143_schedules_say_when_they_fire_and_what_they_did(cli: Cli) -> None:
    """In Berlin, where it is ten in the morning."""
    body = ("type=operation", "operation=gtm.crm.add_contact", 'input={"name": "Ada"}')
    cli("schedules", "add", "Daily Ada", "cron=30 10 * * *", *body)
    shown = cli("schedules", "next").out.splitlines()
    assert len(shown) == 6
    assert shown[1].split() == ["Daily", "Ada", "2026-11-24", "10:30", "Tuesday"]
    assert (
        "2026-11-29 09:00  Sunday" in cli("schedules", "next", "--cron", "0 9 * * 7", "-n", "1").out
    )
    cli.now = "2026-11-24T09:30:00Z"
    cli("worker", "--until-idle")
    [fire] = cli.json("schedules", "log", "daily-ada")["items"]
    assert (fire["state"], fire["fire_at"]) == ("Succeeded", "2026-11-24T09:30:00Z")
    assert "succeeded" in cli("schedules", "log").out
    wrong = cli("schedules", "add", "Wrong", "cron=soon", *body, code=4)
    assert "Five fields" in wrong.err


def test_q_142_a_workflow_is_run_and_approved(cli: Cli) -> None:
    steps = [
        {"type": "approval", "name": "ask", "message": "Add {{client}}?"},
        {"type": "operation", "operation": "gtm.crm.add_contact", "input": {"name": "{{client}}"}},
    ]
    cli("workflows", "add", "New client", f"steps={json.dumps(steps)}", "inputs=client")
    assert "needs client" in cli("workflows", "run", "new-client", code=4).err
    run = cli.json("workflows", "run", "new-client", "client=Löms")["run_id"]
    cli("worker", "--until-idle")
    shown = cli("workflows", "status", run).out
    assert f"Add Löms? Say yes: rusvel workflows approve {run}" in shown
    assert "Add Löms?" in cli("workflows", "log").out
    cli("workflows", "approve", run)
    cli("worker", "--until-idle")
    assert "when you have decided" in cli("workflows", "status", run).out
    [card] = cli.json("call", "agent.proposals.list")["items"]
    cli.call("agent.proposals.approve", proposal_id=card["proposal_id"])
    cli("worker", "--until-idle")
    assert cli.json("workflows", "status", run)["state"] == "Completed"
    assert cli.call("gtm.crm.list_contacts")["items"][0]["name"] == "Löms"


def test_a_run_that_failed_says_how_to_go_on_and_can_be_ended(cli: Cli) -> None:
    step = [{"type": "condition", "when": "{{input}} > 3"}, {"type": "approval", "message": "Yes?"}]
    cli("workflows", "add", "f", f"steps={json.dumps(step)}")
    run = cli.json("workflows", "run", "f", "input=many")["run_id"]
    cli("worker", "--until-idle")
    assert f"rusvel workflows resume {run}" in cli("workflows", "status", run).out
    cli("workflows", "resume", run)
    assert "cancelled" in cli("workflows", "cancel", run).out
