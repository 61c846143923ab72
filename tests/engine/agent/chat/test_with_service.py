"""The loop with the Anthropic adapter and a stand-in for the service, which refuses every wrong history."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rusvel_tui.adapters.models.anthropic import AnthropicModel
from rusvel_tui.engine.agent.chat import news
from rusvel_tui.engine.agent.chat.states import RunState
from rusvel_tui.engine.agent.proposals.proposals import ProposalId, approve
from rusvel_tui.engine.agent.tools.catalogue import wire_name
from tests.adapters.fake_messages import KEY, FakeMessages, Reply
from tests.adapters.fake_stream import Stream
from tests.engine.agent.chat.talking import Talk
from tests.factories import Desk

ADD = wire_name("gtm.crm.add_contact")
LIST = wire_name("gtm.crm.list_contacts")
MARY = {"name": "Mary Shaw", "email": "mary@example.com"}


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
    return server


def talk(desk: Desk, api: FakeMessages, decide: str = "approve") -> Talk:
    """A talk with the service."""
    return Talk(desk.engine, AnthropicModel(KEY, base_url=api.url, timeout=5), decide)


def names(desk: Desk) -> list[str]:
    """Everybody in the CRM."""
    return [one.name for one in desk.call("gtm.crm.list_contacts").items]


def streamed(api: FakeMessages, text: str, stream: Stream) -> Stream:
    """The next answer, streamed in a certain way."""
    api.replies.append(Reply(blocks=[{"type": "text", "text": text}], stream=stream))
    return stream


def test_g_147_words_come_while_tools_are_called_and_what_it_took_is_kept(
    desk: Desk, api: FakeMessages
) -> None:
    one = talk(desk, api)
    api.use(ADD, MARY, words="I add her.")
    api.use(LIST, {"limit": 5}, call_id="toolu_2")
    api.say("Mary Shaw is there.")
    run = one.ask("Add Mary Shaw")
    assert run.state is RunState.COMPLETED
    assert one.said(run).split() == "I add her. Mary Shaw is there.".split()
    assert names(desk) == ["Mary Shaw"]
    assert (run.input_tokens, run.output_tokens) == (300, 60)
    assert run.cost_nano == 3 * (100 * 100 + 20 * 500)
    order = [type(one).__name__ for one in one.heard if not isinstance(one, news.Told)]
    assert order == ["Started", "Calling", "Proposed", "Called", "Calling", "Called", "Ended"]


def test_only_a_departments_own_tools_are_sent_and_the_others_can_be_found(
    desk: Desk, api: FakeMessages
) -> None:
    one = talk(desk, api)
    api.use("find_tools", {"words": "void an invoice"})
    api.use(wire_name("gtm.invoices.list_series"), {}, call_id="toolu_2")
    api.say("Found.")
    assert one.ask("How do I void an invoice?").state is RunState.COMPLETED
    sent = [[tool["name"] for tool in request["tools"]] for request in api.requests]
    assert len(sent[0]) < 45
    assert "gtm__invoices__void_invoice" not in sent[0]
    assert "gtm__invoices__void_invoice" in sent[1]
    assert sent[1][: len(sent[0])] == sent[0], "what is always the same stands first"
    assert all(not called.failed for called in one.of(news.Called))


def test_a_conversation_goes_on_with_a_history_that_the_service_takes(
    desk: Desk, api: FakeMessages
) -> None:
    one = talk(desk, api, decide="")
    api.use(ADD, MARY)
    run = one.ask("Add Mary Shaw")
    assert run.state is RunState.WAITING
    desk.engine.run(approve, ProposalId(proposal_id=one.proposal().proposal_id))
    api.say("Added.")
    assert one.go_on(run).state is RunState.COMPLETED
    api.use(LIST, {}, call_id="toolu_1")
    api.say("One.")
    assert one.ask("How many are there now?").state is RunState.COMPLETED
    assert [message["role"] for message in api.requests[-1]["messages"]] == [
        "user", "assistant", "user", "assistant", "user", "assistant", "user",
    ]  # fmt: skip


@pytest.mark.parametrize("status", [429, 500, 529])
def test_what_passes_is_asked_again_and_told(desk: Desk, api: FakeMessages, status: int) -> None:
    one = talk(desk, api)
    api.fail(status, retry_after="3")
    api.say("Now it works.")
    assert one.ask("Hello").state is RunState.COMPLETED
    assert [retry.seconds for retry in one.of(news.Retrying)] == [3]


def test_an_overloaded_service_is_asked_four_times(desk: Desk, api: FakeMessages) -> None:
    one = talk(desk, api)
    for _ in range(9):
        api.fail(529)
    run = one.ask("Hello")
    assert (run.state, run.error) == (RunState.FAILED, "the AI service is overloaded")
    assert len(api.requests) == 4


@pytest.mark.parametrize(
    ("stream", "error"),
    [(Stream(cut_after=2), "broke off"), (Stream(error_after=2), "overloaded")],
)
def test_q_136_a_cut_answer_keeps_its_words_and_can_be_asked_again(
    desk: Desk, api: FakeMessages, stream: Stream, error: str
) -> None:
    one = talk(desk, api)
    streamed(api, "one two three", stream)
    run = one.ask("Count")
    assert run.state is RunState.FAILED
    assert error in run.error
    assert one.texts()[-1] == ("assistant", "one two ", True)
    assert run.cost_nano == 100 * 100 + 2 * 500, "what was heard is paid for"
    api.say("one two three")
    assert one.ask(retry=True).state is RunState.COMPLETED
    assert [message["role"] for message in api.requests[-1]["messages"]] == ["user"]


def test_a_cut_between_two_tools_does_nothing_twice(desk: Desk, api: FakeMessages) -> None:
    one = talk(desk, api)
    api.use(ADD, MARY)
    streamed(api, "She is there", Stream(cut_after=1))
    assert one.ask("Add Mary Shaw").state is RunState.FAILED
    api.say("She is there.")
    assert one.ask(retry=True).state is RunState.COMPLETED
    assert names(desk) == ["Mary Shaw"]


def test_q_134_malformed_input_goes_back_as_an_error(desk: Desk, api: FakeMessages) -> None:
    one = talk(desk, api)
    spoiled = {"type": "tool_use", "id": "toolu_1", "name": ADD, "raw": '{"name": "Ma'}
    api.replies.append(Reply(blocks=[spoiled], stop_reason="tool_use"))
    api.use(ADD, MARY, call_id="toolu_2")
    api.say("Added.")
    assert one.ask("Add Mary Shaw").state is RunState.COMPLETED
    result = api.requests[1]["messages"][-1]["content"][0]
    assert result["is_error"] is True
    assert "could not be read" in result["content"]
    assert names(desk) == ["Mary Shaw"]


@pytest.mark.parametrize(
    ("reason", "error"),
    [("max_tokens", "too long"), ("refusal", "refused"), ("model_context_window_exceeded", "too long")],
)  # fmt: skip
def test_an_unfinished_answer_fails_and_the_next_question_works(
    desk: Desk, api: FakeMessages, reason: str, error: str
) -> None:
    one = talk(desk, api)
    api.say("Half an answer", stop_reason=reason)
    run = one.ask("Hello")
    assert run.state is RunState.FAILED
    assert error in run.error
    assert one.texts()[-1][2], "its words are kept as partial"
    assert desk.call("agent.spending.summary").total.calls == 1, "it is paid for all the same"
    api.say("Fine.")
    assert one.ask("And now?").state is RunState.COMPLETED


def test_a_wrong_key_is_said_once_and_never_shown(desk: Desk, api: FakeMessages) -> None:
    one = talk(desk, api)
    api.fail(401)
    run = one.ask("Hello")
    assert run.error == "the AI key was refused: check ANTHROPIC_API_KEY"
    assert len(api.requests) == 1
    assert KEY not in repr(one.show()) + repr(one.heard)


def test_a_stop_while_the_service_is_silent_keeps_the_words(desk: Desk, api: FakeMessages) -> None:
    one = talk(desk, api)
    stream = streamed(api, "one two three", Stream(hold_after=1))
    one.listen = lambda heard: one.stop.set() if isinstance(heard, news.Told) else None
    run = one.ask("Count")
    assert (run.state, run.error) == (RunState.CANCELLED, "stopped")
    assert one.texts()[-1] == ("assistant", "one ", True)
    assert run.cost_nano == 100 * 100 + 500
    stream.go.set()
