"""`rusvel chat`: questions, cards, going on, and what is left when something goes wrong."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rusvel_tui.adapters.models.scripted import ScriptedModel
from tests.cli.conftest import Cli

RECORD = {"tool": "growth.kpi.record_kpi", "input": {"name": "MRR", "value": 12000, "unit": "USD"}}
CTRL_C = "\x03"
DONE = "MRR recorded at $12,000."

Script = Callable[..., None]


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Script:
    """What the model says, one answer for each question, from now on."""

    def play(*answers: Any) -> None:
        file = tmp_path / "script.json"
        file.write_text(json.dumps(answers), encoding="utf-8")
        monkeypatch.setenv("RUSVEL_MODEL_SCRIPT", str(file))

    return play


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A person at a terminal who types these lines."""

    class Terminal:
        def __init__(self, lines: tuple[str, ...]) -> None:
            self.lines = iter(lines)

        def isatty(self) -> bool:
            return True

        def readline(self) -> str:
            line = next(self.lines, None)
            if line == CTRL_C:
                raise KeyboardInterrupt
            return "" if line is None else f"{line}\n"

    def type_(*lines: str) -> None:
        monkeypatch.setattr("sys.stdin", Terminal(lines))

    return type_


def readings(cli: Cli) -> int:
    """How many readings there are of any KPI."""
    return sum(one["count"] for one in cli.call("growth.kpi.list_kpis")["items"])


def test_g_140_r_101_an_answer_is_printed_and_the_tools_beside_it(cli: Cli, script: Script) -> None:
    script([{"tool": "gtm.crm.list_contacts", "input": {"limit": 5}}], "You know **nobody**.")
    answer = cli("chat", "gtm", "List contacts")
    assert answer.out == "You know **nobody**.\n"
    assert '→ gtm.crm.list_contacts {"limit": 5}' in answer.err
    assert "scripted" in answer.err
    assert "$0.0000" in answer.err


def test_json_is_one_document(cli: Cli, script: Script) -> None:
    script([RECORD], DONE)
    found = cli.json("chat", "growth", "Record MRR of $12,000", "--yes")
    assert found["text"] == DONE
    assert found["state"] == "Completed"
    assert found["tools"][0]["operation"] == "growth.kpi.record_kpi"
    assert json.loads(found["tools"][0]["result"])["name"] == "MRR"
    assert (found["provider"], found["output_tokens"]) == ("scripted", 40)
    assert readings(cli) == 1


def test_without_a_person_a_change_waits_and_goes_on_after_it_was_decided_elsewhere(
    cli: Cli, script: Script
) -> None:
    script([RECORD])
    answer = cli("chat", "growth", "Record MRR of $12,000")
    assert "waits for your yes or no" in answer.err
    assert readings(cli) == 0
    card = cli.call("agent.proposals.list")["items"][0]
    again = cli("chat", "growth", "--conversation", "last")
    assert "waits for your yes or no" in again.err
    cli.call("agent.proposals.approve", proposal_id=card["proposal_id"])
    script(DONE)
    assert cli("chat", "growth", "--conversation", card["conversation_id"]).out == f"{DONE}\n"
    assert readings(cli) == 1


def test_at_a_terminal_the_card_is_shown_and_approved(
    cli: Cli, script: Script, typed: Callable[..., None]
) -> None:
    script([RECORD], DONE)
    typed("what?", "a")
    answer = cli("chat", "growth", "Record MRR of $12,000")
    assert "proposes" in answer.err
    assert answer.err.count("a approve, r reject") == 2
    assert answer.out == f"{DONE}\n"
    assert readings(cli) == 1


def test_at_a_terminal_a_no_and_its_reason_reach_the_model(
    cli: Cli, script: Script, typed: Callable[..., None]
) -> None:
    script([RECORD], "Understood.")
    typed("r wrong number")
    answer = cli("chat", "growth", "Record MRR of $12,000")
    assert "The person said no: wrong number" in answer.err
    assert readings(cli) == 0


def test_ctrl_c_at_a_card_leaves_it_to_the_inbox(
    cli: Cli, script: Script, typed: Callable[..., None]
) -> None:
    script([RECORD], "Never.")
    typed(CTRL_C)
    answer = cli("chat", "growth", "Record MRR of $12,000")
    assert "waits for your yes or no" in answer.err
    assert len(cli.call("agent.proposals.list")["items"]) == 1
    assert readings(cli) == 0


def test_a_conversation_at_the_prompt(cli: Cli, script: Script, typed: Callable[..., None]) -> None:
    script("One.", "Two.", "Three.")
    typed("first", "", "second", "/help", "/new", "third", "/list", "/quit", "never")
    answer = cli("chat", "gtm")
    assert answer.out.splitlines()[:3] == ["One.", "Two.", "Three."]
    assert "/retry" in answer.err
    listed = cli.json("chat", "gtm", "--list")["items"]
    assert [one["title"] for one in listed] == ["third", "first"]
    assert [one["title"] for one in cli.json("chat", "gtm", "--list", "two")["items"]] == ["first"]
    assert "first" in cli("chat", "gtm", "--list").out
    assert "Nobody said that" in cli("chat", "gtm", "--list", "nonsense").err


def test_an_error_at_the_prompt_is_said_and_the_talk_goes_on(
    cli: Cli, script: Script, typed: Callable[..., None]
) -> None:
    script("Fine.")
    typed("/nosuchskill x", "hello")
    answer = cli("chat", "gtm")
    assert "nosuchskill" in answer.err
    assert answer.out == "Fine.\n"


def test_a_message_can_come_from_stdin(
    cli: Cli, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    script("Read.")
    monkeypatch.setattr("sys.stdin.read", lambda: "a long question\n", raising=False)
    assert cli("chat", "gtm", "-").out == "Read.\n"
    assert cli.json("chat", "gtm", "--list")["items"][0]["title"] == "a long question"


def test_q_136_a_failed_answer_is_said_and_can_be_asked_again(cli: Cli, script: Script) -> None:
    script(["Half an", {"fail": "the AI service broke off"}])
    answer = cli("chat", "gtm", "Tell me", code=1)
    assert answer.out == "Half an\n"
    assert "The answer failed: the AI service broke off" in answer.err
    script("A whole one.")
    assert cli("chat", "gtm", "--retry").out == "A whole one.\n"
    conversation = cli.json("chat", "gtm", "--list")["items"][0]["conversation_id"]
    kept = cli.call("agent.chat.show_conversation", conversation_id=conversation)["messages"]
    assert [(one["role"], one["partial"]) for one in kept] == [
        ("user", False),
        ("assistant", True),
        ("assistant", False),
    ]


def test_ctrl_c_keeps_what_was_said(
    cli: Cli, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert threading.current_thread() is threading.main_thread()
    script("one two three four")
    play = ScriptedModel.stream

    def interrupted(self: ScriptedModel, question: Any, stop: threading.Event) -> Any:
        for piece in play(self, question, stop):
            yield piece
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(ScriptedModel, "stream", interrupted)
    answer = cli("chat", "gtm", "Count", code=130)
    assert answer.out == "one\n"
    assert "Stopped. What was said is kept." in answer.err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("chat", "sales", "hello"), 3, "There are gtm, growth"),
        (("chat", "gtm", " "), 4, "empty"),
        (("chat", "gtm", "--json"), 4, "MESSAGE"),
        (("chat", "gtm", "--conversation", "last"), 3, "no conversation yet"),
        (("chat", "gtm", "--conversation", "nonsense", "hello"), 3, "nonsense"),
        (("chat", "gtm", "--retry"), 3, "no conversation yet"),
    ],
)
def test_what_is_wrong_is_said(
    cli: Cli, script: Script, words: tuple[str, ...], code: int, said: str
) -> None:
    script("Fine.")
    assert said in cli(*words, code=code).err


def test_t_121_q_146_without_a_key_patterns_answer_and_say_so(cli: Cli) -> None:
    cli.call("growth.kpi.record_kpi", name="MRR", value=10000, unit="USD", at="2026-11-20")
    answer = cli("chat", "growth", "--yes", "Record MRR of $12,000")
    assert answer.out == "MRR recorded at $12,000. Up $2,000 from last reading.\n"
    assert "No model is set up" in answer.err


def test_with_a_key_the_model_is_that_of_the_settings(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-test-canary-123")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("RUSVEL_MODEL", "claude-sonnet-5-5")
    found = cli("chat", "gtm", "Hello", "--json", code=1)
    assert found.data["error"] == "the AI service cannot be reached"
    assert found.data["provider"] == "anthropic"
    assert "canary" not in found.out + found.err
