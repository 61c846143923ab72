"""The Anthropic adapter against a stand-in for the Messages API: every case ends in a clear state."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from rusvel_tui.adapters.models.anthropic import DEFAULT_MODEL, AnthropicModel
from rusvel_tui.adapters.models.prices import cost_nano
from rusvel_tui.engine.chat_ports import (
    Finished,
    ModelFailed,
    Piece,
    Question,
    Tool,
    ToolCall,
    ToolResult,
    Turn,
    Usage,
    Words,
)
from tests.adapters.fake_messages import KEY, FakeMessages, Reply
from tests.adapters.fake_stream import Stream

ASKED = Question(system="You sell looms.", turns=(Turn("user", (Words("hello"),)),))
TOOL = Tool("growth__kpi__record_kpi", "Records a reading.", {"type": "object", "properties": {}})


@pytest.fixture(scope="module")
def server() -> Iterator[FakeMessages]:
    """One server for all of these tests."""
    with FakeMessages() as fake:
        yield fake


@pytest.fixture
def api(server: FakeMessages, monkeypatch: pytest.MonkeyPatch) -> FakeMessages:
    """The server, empty."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server.replies.clear()
    server.requests.clear()
    server.asked.clear()
    return server


@pytest.fixture
def model(api: FakeMessages) -> AnthropicModel:
    """The adapter, talking to it."""
    return AnthropicModel(KEY, base_url=api.url, timeout=5)


def heard(model: AnthropicModel, question: Question = ASKED) -> list[Piece]:
    """The whole answer."""
    return list(model.stream(question, threading.Event()))


def failure(model: AnthropicModel, question: Question = ASKED) -> tuple[list[Piece], ModelFailed]:
    """What was heard before it failed, and how it did."""
    pieces: list[Piece] = []
    with pytest.raises(ModelFailed) as raised:
        pieces.extend(iter_into(pieces, model, question))
    return pieces, raised.value


def iter_into(pieces: list[Piece], model: AnthropicModel, question: Question) -> list[Piece]:
    """Collects while it goes, so that a failure leaves what came before."""
    for piece in model.stream(question, threading.Event()):
        pieces.append(piece)  # noqa: PERF402 - an extend would lose them
    return []


def streamed(api: FakeMessages, text: str, **how: Any) -> Stream:
    """The next answer streams this text in a certain way."""
    stream = Stream(**how)
    api.replies.append(Reply(blocks=[{"type": "text", "text": text}], stream=stream))
    return stream


def test_text_comes_in_pieces_with_what_it_took(model: AnthropicModel, api: FakeMessages) -> None:
    usage = {"input_tokens": 1000, "output_tokens": 50, "cache_read_input_tokens": 2000, "cache_creation_input_tokens": 400}  # fmt: skip
    streamed(api, "Looms are fine.", usage=usage)
    *words, end = heard(model)
    assert [piece.text for piece in words if isinstance(piece, Words)] == [
        "Looms ",
        "are ",
        "fine. ",
    ]
    assert end == Finished("end", Usage(1000, 50, 2000, 400), DEFAULT_MODEL, 195_000)


def test_the_request_says_what_may_be_cached_and_how_hard_to_think(
    model: AnthropicModel, api: FakeMessages
) -> None:
    api.say("yes")
    heard(model, replace(ASKED, tools=(TOOL,), effort="high", model="claude-opus-5-5"))
    request = api.requests[0]
    kept = {"type": "ephemeral"}
    assert request["system"] == [{"type": "text", "text": "You sell looms.", "cache_control": kept}]
    assert request["tools"][-1]["cache_control"] == kept
    assert request["tools"][-1]["input_schema"] == TOOL.schema
    assert request["messages"][-1]["content"][-1]["cache_control"] == kept
    assert request["output_config"] == {"effort": "high"}
    assert request["model"] == "claude-opus-5-5"
    assert request["stream"] is True


def test_a_tool_call_and_its_result_go_there_and_back(
    model: AnthropicModel, api: FakeMessages
) -> None:
    api.use(TOOL.name, {"name": "MRR", "value": 12000}, words="One moment.")
    *_, call, end = heard(model, replace(ASKED, tools=(TOOL,)))
    assert call == ToolCall("toolu_1", TOOL.name, {"name": "MRR", "value": 12000})
    assert isinstance(end, Finished)
    assert end.reason == "tools"
    api.say("Done.")
    turns = (
        *ASKED.turns,
        Turn("assistant", (Words("One moment."), call)),
        Turn("user", (ToolResult("toolu_1", '{"kpi_id": "k1"}'),)),
    )
    heard(model, replace(ASKED, turns=turns, tools=(TOOL,)))
    said = api.requests[1]["messages"]
    assert [message["role"] for message in said] == ["user", "assistant", "user"]
    assert said[1]["content"][1]["input"] == {"name": "MRR", "value": 12000}
    assert said[2]["content"][0]["content"] == '<data>\n{"kpi_id": "k1"}\n</data>'


def test_the_last_words_are_asked_for_without_tools(
    model: AnthropicModel, api: FakeMessages
) -> None:
    api.say("Enough.")
    heard(model, replace(ASKED, tools=(TOOL,), may_call=False))
    assert api.requests[0]["tool_choice"] == {"type": "none"}


@pytest.mark.parametrize("raw", ['{"name": "MRR", "val', "[1, 2]", "no json", '"text"'])
def test_a_malformed_input_is_a_call_with_a_problem(
    model: AnthropicModel, api: FakeMessages, raw: str
) -> None:
    block = {"type": "tool_use", "id": "toolu_9", "name": TOOL.name, "raw": raw}
    api.replies.append(Reply(blocks=[block], stop_reason="tool_use"))
    call, _ = heard(model, replace(ASKED, tools=(TOOL,)))
    assert isinstance(call, ToolCall)
    assert call.input == {}
    assert "could not be read" in call.problem


def test_a_call_without_input_is_an_empty_object(model: AnthropicModel, api: FakeMessages) -> None:
    block = {"type": "tool_use", "id": "toolu_9", "name": TOOL.name, "raw": ""}
    api.replies.append(Reply(blocks=[block], stop_reason="tool_use"))
    assert heard(model, replace(ASKED, tools=(TOOL,)))[0] == ToolCall("toolu_9", TOOL.name, {})


@pytest.mark.parametrize(
    ("status", "words", "passing"),
    [
        (401, "check ANTHROPIC_API_KEY", False),
        (402, "no credit", False),
        (403, "may not use", False),
        (404, "does not know this model", False),
        (413, "too long", False),
        (400, "status 400", False),
        (429, "too many questions", True),
        (500, "status 500", True),
        (529, "overloaded", True),
    ],
)
def test_every_status_is_a_sentence(
    model: AnthropicModel, api: FakeMessages, status: int, words: str, passing: bool
) -> None:
    api.fail(status)
    pieces, failed = failure(model)
    assert pieces == []
    assert words in failed.text
    assert failed.passing is passing
    assert KEY not in failed.text
    assert len(api.requests) == 1, "asking again is not the adapter's business"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Your credit balance is too low to access the API.", "the AI account has no credit"),
        ("prompt is too long: 210000 tokens > 200000 maximum", "the question was too long"),
        ("something else", "the AI service failed with status 400"),
    ],
)
def test_what_is_said_with_a_bad_request_is_understood(
    model: AnthropicModel, api: FakeMessages, said: str, words: str
) -> None:
    api.fail(400, said)
    assert failure(model)[1].text == words


def test_a_busy_service_says_how_long_to_wait(model: AnthropicModel, api: FakeMessages) -> None:
    api.fail(429, retry_after="7")
    assert failure(model)[1].wait == 7
    api.fail(429, retry_after="soon")
    assert failure(model)[1].wait == 0


def test_a_cut_stream_keeps_what_was_heard(model: AnthropicModel, api: FakeMessages) -> None:
    streamed(api, "one two three", cut_after=2)
    pieces, failed = failure(model)
    assert pieces == [Words("one "), Words("two ")]
    assert failed.passing
    assert failed.spent is not None, "what was heard is paid for"
    assert failed.spent.usage == Usage(100, 2)
    assert "broke off" in failed.text


@pytest.mark.parametrize(
    ("kind", "words", "passing"),
    [("overloaded_error", "overloaded", True), ("invalid_request_error", "status 500", True)],
)
def test_an_error_in_the_middle_keeps_what_was_heard(
    model: AnthropicModel, api: FakeMessages, kind: str, words: str, passing: bool
) -> None:
    streamed(api, "one two three", error_after=1, error=kind)
    pieces, failed = failure(model)
    assert pieces == [Words("one ")]
    assert words in failed.text
    assert failed.passing is passing


@pytest.mark.parametrize(
    ("stop_reason", "reason"),
    [
        ("end_turn", "end"),
        ("stop_sequence", "end"),
        ("max_tokens", "length"),
        ("refusal", "refused"),
        ("model_context_window_exceeded", "context"),
    ],
)
def test_every_end_has_its_reason(
    model: AnthropicModel, api: FakeMessages, stop_reason: str, reason: str
) -> None:
    api.say("well", stop_reason=stop_reason)
    end = heard(model)[-1]
    assert isinstance(end, Finished)
    assert end.reason == reason


def test_stopping_ends_an_answer_at_once_while_the_service_is_silent(
    model: AnthropicModel, api: FakeMessages
) -> None:
    stream = streamed(api, "one two three", hold_after=1)
    stop = threading.Event()
    answer = model.stream(ASKED, stop)
    assert next(answer) == Words("one ")
    threading.Timer(0.01, stop.set).start()
    assert list(answer) == [Finished("stopped", Usage(100, 1), DEFAULT_MODEL, 10_500)]
    stream.go.set()


def test_stopping_before_the_first_word_ends_at_once(
    model: AnthropicModel, api: FakeMessages
) -> None:
    api.replies.append(Reply(silent=True))
    stop = threading.Event()

    def ask_to_stop() -> None:
        api.asked.wait(10)
        stop.set()

    threading.Thread(target=ask_to_stop).start()
    assert list(model.stream(ASKED, stop)) == []


def test_a_service_that_says_nothing_is_given_up(api: FakeMessages) -> None:
    api.replies.append(Reply(silent=True))
    _, failed = failure(AnthropicModel(KEY, base_url=api.url, timeout=0.2))
    assert failed.text == "the AI service gave no answer in 0.2 seconds"


def test_a_service_that_falls_silent_in_its_answer_is_given_up(api: FakeMessages) -> None:
    stream = streamed(api, "one two", hold_after=1)
    pieces, failed = failure(AnthropicModel(KEY, base_url=api.url, timeout=0.1))
    assert pieces == [Words("one ")]
    assert "no answer in" in failed.text
    stream.go.set()


def test_a_service_that_cannot_be_reached_is_said_so() -> None:
    _, failed = failure(AnthropicModel(KEY, base_url="http://127.0.0.1:9", timeout=2))
    assert (failed.text, failed.passing) == ("the AI service cannot be reached", True)


def test_without_a_key_nothing_is_asked(api: FakeMessages) -> None:
    _, failed = failure(AnthropicModel("", base_url=api.url))
    assert "ANTHROPIC_API_KEY" in failed.text
    assert api.requests == []


def test_the_key_is_never_shown(model: AnthropicModel) -> None:
    assert KEY not in repr(vars(model))
    with pytest.raises(TypeError):
        json.dumps(vars(model))


def test_q_133_prices_are_per_model_and_unknown_ones_stay_unknown() -> None:
    million = Usage(1_000_000, 1_000_000)
    assert cost_nano("claude-sonnet-5-5", million) == 12 * 10**9
    assert cost_nano("claude-opus-5-5-20261101", million) == 24 * 10**9
    assert cost_nano("claude-haiku-5-5", Usage(100_000, 0)) == 10_000_000
    assert cost_nano("claude-haiku-5-5", Usage(100_001, 0)) is None, "longer ones cost otherwise"
    assert cost_nano("claude-sonnet-5-50", million) is None
    assert cost_nano("some-model", million) is None
    cached = Usage(0, 0, cache_read=1_000_000, cache_write=1_000_000)
    assert cost_nano("claude-sonnet-5-5", cached) == 2_700_000_000


def test_no_thread_stays_behind(model: AnthropicModel, api: FakeMessages) -> None:
    before = set(threading.enumerate())
    stream = streamed(api, "one two three", hold_after=1)
    stop = threading.Event()
    answer = model.stream(ASKED, stop)
    assert next(answer) == Words("one ")
    stop.set()
    assert all(isinstance(piece, Finished) for piece in answer)
    for thread in set(threading.enumerate()) - before:
        if thread.name == "rusvel-anthropic":
            thread.join(5)
            assert not thread.is_alive()
    stream.go.set()
