"""What every model must do, whoever provides it: one suite for the port."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

from rusvel_tui.adapters.models import MODELS
from rusvel_tui.adapters.models.anthropic import AnthropicModel
from rusvel_tui.adapters.models.offline import OfflineModel
from rusvel_tui.adapters.models.scripted import ScriptedModel
from rusvel_tui.engine.agent.tools.offering import offered
from rusvel_tui.engine.chat_ports import (
    ChatModel,
    Finished,
    Question,
    Tool,
    ToolCall,
    ToolResult,
    Turn,
    Usage,
    Words,
)
from tests.adapters.fake_messages import KEY, FakeMessages

LIST = "gtm__crm__list_contacts"
TOOLS = (Tool(LIST, "Lists contacts.", {"type": "object", "properties": {}}),)
NONE = '{"items": [], "next": null, "total": 0}'


class Case(NamedTuple):
    """A model, and how it is brought to say something and to call the tool."""

    model: ChatModel
    say: Callable[[], None]
    call: Callable[[], None]


@pytest.fixture(scope="module")
def server() -> Iterator[FakeMessages]:
    """The stand-in for the service."""
    with FakeMessages() as fake:
        yield fake


@pytest.fixture(params=sorted(MODELS))
def case(
    request: pytest.FixtureRequest, server: FakeMessages, monkeypatch: pytest.MonkeyPatch
) -> Case:
    """Each model of the registry."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    if request.param == "anthropic":
        server.replies.clear()
        model = AnthropicModel(KEY, base_url=server.url, timeout=5)
        return Case(
            model,
            lambda: server.say("You have no contacts."),
            lambda: server.use(LIST, {"limit": 20}),
        )
    if request.param == "scripted":
        script: list[Any] = []
        played = ScriptedModel([])
        monkeypatch.setattr(played, "_answers", script)
        call = [{"tool": "gtm.crm.list_contacts", "input": {"limit": 20}}]
        return Case(played, lambda: script.append("No contacts."), lambda: script.append(call))
    assert request.param == "offline", "say here how the new model is brought to speak"
    return Case(OfflineModel(), lambda: None, lambda: None)


def asked(*turns: Turn, may_call: bool = True) -> Question:
    """A question about contacts."""
    first = Turn("user", (Words("List contacts"),))
    return Question(system="You help.", turns=(first, *turns), tools=TOOLS, may_call=may_call)


def heard(case: Case, question: Question) -> list[Any]:
    """The whole answer."""
    return list(case.model.stream(question, threading.Event()))


def after(call: ToolCall, text: str = NONE, *, failed: bool = False) -> tuple[Turn, Turn]:
    """The turns of a call and its result."""
    result = ToolResult(call.call_id, text, failed)
    return Turn("assistant", (call,)), Turn("user", (result,))


def test_q_146_g_165_every_model_has_its_name(case: Case) -> None:
    assert case.model.provider in MODELS
    assert case.model.name


def test_it_calls_a_tool_that_it_was_given(case: Case) -> None:
    case.call()
    *_, call, end = heard(case, asked())
    assert isinstance(call, ToolCall)
    assert (call.tool, call.problem) == (LIST, "")
    assert call.input == {"limit": 20}
    assert call.call_id
    assert isinstance(end, Finished)
    assert end.reason == "tools"


def test_it_answers_with_words_after_the_result(case: Case) -> None:
    case.call()
    call = heard(case, asked())[-2]
    case.say()
    *words, end = heard(case, asked(*after(call)))
    assert words
    assert all(isinstance(piece, Words) and piece.text for piece in words)
    assert "no contacts" in "".join(piece.text for piece in words).casefold()
    assert isinstance(end, Finished)
    assert end.reason == "end"
    assert isinstance(end.usage, Usage)


def test_it_says_something_after_a_result_that_failed(case: Case) -> None:
    case.call()
    call = heard(case, asked())[-2]
    case.say()
    *words, end = heard(case, asked(*after(call, "not allowed here", failed=True)))
    assert "".join(piece.text for piece in words).strip()
    assert isinstance(end, Finished)


def test_it_ends_without_an_end_when_it_is_stopped_before(case: Case) -> None:
    case.call()
    call = heard(case, asked())[-2]
    case.say()
    stop = threading.Event()
    stop.set()
    assert list(case.model.stream(asked(*after(call)), stop)) == []


def test_the_rest_of_an_answer_need_not_be_heard(case: Case) -> None:
    case.call()
    call = heard(case, asked())[-2]
    case.say()
    answer = case.model.stream(asked(*after(call)), threading.Event())
    assert isinstance(next(answer), Words)
    answer.close()  # type: ignore[attr-defined]


def test_what_is_offered_fits_the_rules_of_the_service(
    server: FakeMessages, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real tools of both departments, sent as they are."""
    from rusvel_tui.engine.agent.tools.catalogue import catalogue

    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    model = AnthropicModel(KEY, base_url=server.url, timeout=5)
    for department in ("gtm", "growth"):
        server.say("Fine.")
        tools = offered(department, tuple(catalogue()), ())
        question = Question("You help.", (Turn("user", (Words("hi"),)),), tools)
        assert isinstance(list(model.stream(question, threading.Event()))[-1], Finished)
