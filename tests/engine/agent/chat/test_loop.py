"""The loop: whatever happens, the answer gets its state, nothing is done twice, and nothing is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest

from rusvel_tui.engine.agent.chat import news
from rusvel_tui.engine.agent.chat.conversations import ConversationId
from rusvel_tui.engine.agent.chat.keeping import RunId, show_run
from rusvel_tui.engine.agent.chat.reviving import Everything, last_question, recover, stop
from rusvel_tui.engine.agent.chat.states import RunState
from rusvel_tui.engine.agent.proposals.proposals import ProposalId, approve
from rusvel_tui.engine.chat_ports import Finished, ModelFailed, ToolCall, ToolResult, Usage, Words
from rusvel_tui.engine.errors import Busy, Conflict, EngineError, InvalidInput
from rusvel_tui.engine.models import AgentConfig, ChatRun, Proposal
from tests.engine.agent.chat.talking import Playing, Talk, costing, scripted
from tests.factories import Desk

LIST = {"tool": "gtm.crm.list_contacts", "input": {"limit": 5}}
ADD = {"tool": "gtm.crm.add_contact", "input": {"name": "Mary Shaw", "email": "mary@example.com"}}


def configured(desk: Desk, **settings: Any) -> None:
    """The configuration of the session."""
    now = desk.engine.clock.now()
    session = desk.call("session.show").session_id
    desk.engine._db.write(
        lambda: AgentConfig.create(
            id=f"config-{session}", layer="session", session_id=session, settings=settings,
            created_at=now, updated_at=now,
        )
    )  # fmt: skip


def names(desk: Desk) -> list[str]:
    """Everybody in the CRM."""
    return [one.name for one in desk.call("gtm.crm.list_contacts").items]


def events(desk: Desk) -> list[str]:
    """The kinds of what happened, the newest first."""
    return [event.kind for event in desk.call("event.list", limit=50).items]


def test_g_110_tools_run_during_a_chat_and_their_results_reach_the_model(desk: Desk) -> None:
    desk.contact("Grace Hopper")
    talk = scripted(desk.engine, [LIST], "You know {items.0.name}.")
    run = talk.ask("List contacts")
    assert run.state is RunState.COMPLETED
    assert talk.said(run) == "You know Grace Hopper."
    called = talk.of(news.Called)[0]
    assert (called.operation, called.failed) == ("gtm.crm.list_contacts", False)
    assert "Grace Hopper" in called.text


def test_g_151_a_finished_answer_is_an_event_with_its_length_and_tools(desk: Desk) -> None:
    run = scripted(desk.engine, [LIST], "None.").ask("List contacts")
    event = desk.call("event.list", limit=5, kind="gtm.chat.completed").items[0]
    assert event.payload["conversation_id"] == run.conversation_id
    assert event.payload["response_length"] == len("None.")
    assert event.payload["tools"] == ["gtm__crm__list_contacts"]
    assert desk.call("event.list", limit=5, kind="agent.chat.asked").items


def test_a_change_is_made_after_the_yes_and_the_answer_goes_on(desk: Desk) -> None:
    talk = scripted(desk.engine, ["I add her.", ADD], "Added {name}.", decide="approve")
    run = talk.ask("Add Mary Shaw")
    assert run.state is RunState.COMPLETED
    assert talk.said(run) == "I add her.Added Mary Shaw."
    assert names(desk) == ["Mary Shaw"]


def test_a_no_reaches_the_model_with_its_reason(desk: Desk) -> None:
    talk = scripted(desk.engine, [ADD], "Understood.", decide="she is a competitor")
    talk.ask("Add Mary Shaw")
    assert names(desk) == []
    model: Any = desk.engine.chat_model
    result = model.asked[1].turns[-1].blocks[0]
    assert result == ToolResult("call_1_0", "The person said no: she is a competitor", True)


def test_what_nobody_decides_waits_and_goes_on_after_the_yes_without_doing_it_twice(
    desk: Desk,
) -> None:
    talk = scripted(desk.engine, [LIST, ADD], "Added {name}.")
    run = talk.ask("Add Mary Shaw")
    assert run.state is RunState.WAITING
    assert names(desk) == []
    card = talk.proposal()
    desk.engine.run(approve, ProposalId(proposal_id=card.proposal_id))
    done = talk.go_on(run)
    assert done.state is RunState.COMPLETED
    assert talk.said(done) == "Added Mary Shaw."
    assert names(desk) == ["Mary Shaw"]
    assert Proposal.select().count() == 1


def test_only_one_can_go_on_with_an_answer(desk: Desk) -> None:
    talk = scripted(desk.engine, [ADD], "Done.")
    run = talk.ask("Add Mary Shaw")
    desk.engine.run(approve, ProposalId(proposal_id=talk.proposal().proposal_id))
    talk.go_on(run)
    with pytest.raises(EngineError, match="completed"):
        talk.go_on(run)


def test_while_a_card_waits_nothing_else_is_asked_until_it_is_decided_or_the_answer_stopped(
    desk: Desk,
) -> None:
    talk = scripted(desk.engine, [ADD], "Fine.", "Fine.")
    run = talk.ask("Add Mary Shaw")
    with pytest.raises(Conflict, match="yes or no"):
        talk.ask("something else")
    question = desk.engine.run(last_question, ConversationId(conversation_id=run.conversation_id))
    assert (question.asked, question.undecided) == ("Add Mary Shaw", 1)
    stopped = desk.engine.run(stop, ConversationId(conversation_id=run.conversation_id))
    assert stopped.state is RunState.CANCELLED
    assert talk.ask("something else").state is RunState.COMPLETED
    result = desk.engine.chat_model.asked[1].turns[2].blocks[0]  # type: ignore[union-attr]
    assert "It waits for the person's yes" in result.text


def test_a_card_that_was_decided_elsewhere_does_not_block_the_next_question(desk: Desk) -> None:
    talk = scripted(desk.engine, [ADD], "Fine.")
    talk.ask("Add Mary Shaw")
    desk.engine.run(approve, ProposalId(proposal_id=talk.proposal().proposal_id))
    assert talk.ask("And now?").state is RunState.COMPLETED
    told = desk.engine.chat_model.asked[1].turns  # type: ignore[union-attr]
    assert "Mary Shaw" in told[2].blocks[0].text, "what became of the change is told"


def test_a_change_that_cannot_be_made_fails_its_card_and_not_the_answer(desk: Desk) -> None:
    desk.contact("Mary Shaw", "mary@example.com")
    talk = scripted(desk.engine, [ADD], "She is there already.", decide="approve")
    run = talk.ask("Add Mary Shaw")
    assert run.state is RunState.COMPLETED
    assert talk.of(news.Called)[0].failed


def test_two_calls_with_one_id_are_two_changes(desk: Desk) -> None:
    def call(name: str) -> list[Any]:
        data = {"name": name, "email": f"{name.lower()}@example.com"}
        return [ToolCall("toolu_1", "gtm__crm__add_contact", data), Finished("tools")]

    model = Playing(call("Ada"), call("Grace"), costing(0))
    talk = Talk(desk.engine, model, "approve")
    assert talk.ask("Add both").state is RunState.COMPLETED
    assert sorted(names(desk)) == ["Ada", "Grace"]
    ids = [
        b.call_id for turn in model.asked[-1].turns for b in turn.blocks if isinstance(b, ToolCall)
    ]
    assert ids == ["toolu_1", "toolu_1-2"]


@pytest.mark.parametrize(
    "data", [{"name": ""}, {"name": 7}, {}, {"name": "x", "emails": 5}, {"nam": "Mary"}]
)
def test_q_134_wrong_input_goes_back_to_the_model_and_makes_no_empty_records(
    desk: Desk, data: dict[str, Any]
) -> None:
    call = {"tool": "gtm.crm.add_contact", "input": data}
    talk = scripted(desk.engine, [call], "What is the name?", decide="approve")
    assert talk.ask("Add a contact").state is RunState.COMPLETED
    assert talk.of(news.Called)[0].failed
    assert talk.of(news.Proposed) == []
    assert names(desk) == []


def test_q_134_malformed_input_is_said_to_the_model(desk: Desk) -> None:
    call = {"tool": "gtm.crm.add_contact", "problem": "The input could not be read."}
    talk = scripted(desk.engine, [call], "Again.", decide="approve")
    talk.ask("Add a contact")
    assert talk.of(news.Called)[0].text == "The input could not be read."


def test_q_132_a_tool_that_is_not_allowed_does_not_run(desk: Desk) -> None:
    configured(desk, allowed_tools=["gtm.crm.list_*"])
    talk = scripted(desk.engine, [ADD], "I may not.", decide="approve")
    talk.ask("Add Mary Shaw")
    assert "not allowed here" in talk.of(news.Called)[0].text
    assert names(desk) == []


def test_q_136_a_failed_answer_keeps_its_words_and_state_and_can_be_asked_again(desk: Desk) -> None:
    model = Playing(
        [Words("Once upon"), ModelFailed("the AI service broke off")], costing(0, "Now.")
    )
    talk = Talk(desk.engine, model)
    run = talk.ask("Tell me")
    assert (run.state, run.error) == (RunState.FAILED, "the AI service broke off")
    assert talk.texts() == [("user", "Tell me", False), ("assistant", "Once upon", True)]
    assert "agent.chat.failed" in events(desk)
    again = talk.ask(retry=True)
    assert again.state is RunState.COMPLETED
    assert [turn.role for turn in model.asked[1].turns] == ["user"]
    assert talk.texts()[-1] == ("assistant", "Now.", False)


def test_q_136_a_stopped_answer_keeps_its_words_and_says_so(desk: Desk) -> None:
    talk = Talk(
        desk.engine, Playing([Words("one "), Words("two "), Words("three"), Finished("end")])
    )
    talk.listen = lambda one: talk.stop.set() if isinstance(one, news.Told) else None
    run = talk.ask("Count")
    assert run.state is RunState.CANCELLED
    assert talk.texts()[-1] == ("assistant", "one ", True)


def test_a_stop_between_two_tools_leaves_the_second_undone(desk: Desk) -> None:
    talk = scripted(desk.engine, [LIST, ADD], "Never.", decide="approve")
    talk.listen = lambda one: talk.stop.set() if isinstance(one, news.Called) else None
    assert talk.ask("Do both").state is RunState.CANCELLED
    assert names(desk) == []


def test_a_retry_after_a_change_does_not_make_it_again(desk: Desk) -> None:
    talk = scripted(desk.engine, [ADD], {"fail": "no credit"}, "She is added.", decide="approve")
    assert talk.ask("Add Mary Shaw").state is RunState.FAILED
    assert talk.ask(retry=True).state is RunState.COMPLETED
    told = desk.engine.chat_model.asked[2].turns  # type: ignore[union-attr]
    assert [turn.role for turn in told] == ["user", "assistant", "user"]
    assert names(desk) == ["Mary Shaw"]


def test_a_finished_answer_can_be_asked_for_again_too(desk: Desk) -> None:
    talk = scripted(desk.engine, [LIST], "First.", "Second.")
    talk.ask("List contacts")
    assert talk.ask(retry=True).state is RunState.COMPLETED
    told = desk.engine.chat_model.asked[2].turns  # type: ignore[union-attr]
    assert [turn.role for turn in told] == ["user", "assistant", "user"]
    assert [text for _, text, _ in talk.texts()] == ["List contacts", "First.", "Second."]


def test_retries_are_bounded_and_told(desk: Desk) -> None:
    busy = ModelFailed("the AI service is overloaded", passing=True)
    model = Playing(*[[busy]] * 9)
    talk = Talk(desk.engine, model)
    run = talk.ask("Hello")
    assert (run.state, run.error) == (RunState.FAILED, "the AI service is overloaded")
    assert len(model.asked) == 4
    assert [one.seconds for one in talk.of(news.Retrying)] == [1, 4, 15]


def test_a_service_that_wants_a_long_pause_is_not_waited_for(desk: Desk) -> None:
    model = Playing([ModelFailed("busy", passing=True, wait=61)], costing(0))
    assert Talk(desk.engine, model).ask("Hello").state is RunState.FAILED
    model = Playing([ModelFailed("busy", passing=True, wait=7)], costing(0))
    talk = Talk(desk.engine, model)
    assert talk.ask("Hello").state is RunState.COMPLETED
    assert talk.of(news.Retrying) == [news.Retrying("busy", 7)]


@pytest.mark.parametrize(
    ("reason", "words"), [("length", "too long"), ("refused", "refused"), ("context", "too long")]
)
def test_an_end_that_is_none_fails_with_its_words_kept(desk: Desk, reason: str, words: str) -> None:
    talk = Talk(desk.engine, Playing(costing(3, "half", reason)))
    run = talk.ask("Hello")
    assert run.state is RunState.FAILED
    assert words in run.error
    assert talk.texts()[-1] == ("assistant", "half", True)
    assert run.input_tokens + desk.engine.run(show_run, RunId(run_id=run.run_id)).input_tokens


def test_q_132_after_the_last_turn_an_answer_without_tools_is_asked_for(desk: Desk) -> None:
    configured(desk, max_turns=2)
    talk = scripted(desk.engine, [LIST], [LIST], ["That is all I know.", ADD], decide="approve")
    run = talk.ask("Dig")
    assert run.state is RunState.COMPLETED
    assert talk.said(run) == "That is all I know."
    assert names(desk) == []
    model: Any = desk.engine.chat_model
    assert [question.may_call for question in model.asked] == [True, True, False]
    assert "max_turns" in talk.of(news.Warned)[0].text


def test_an_answer_that_has_no_last_words_fails(desk: Desk) -> None:
    configured(desk, max_turns=1)
    run = scripted(desk.engine, [LIST], [ADD]).ask("Dig")
    assert (run.state, run.error) == (RunState.FAILED, "stopped after 1 turns (max_turns)")


def test_q_133_the_budget_warns_at_80_percent_and_stops_at_100(desk: Desk) -> None:
    configured(desk, budget_usd="0.001")
    call = ToolCall("c", "gtm__crm__list_contacts", {})

    def turn(nano: int) -> list[Any]:
        return [call, Finished("tools", Usage(10, 10), "played", nano)]

    talk = Talk(desk.engine, Playing(turn(790_000), turn(10_000), turn(200_000), costing(1)))
    run = talk.ask("Dig")
    assert run.state is RunState.FAILED
    assert "the budget of $0.001 for one answer is used up" in run.error
    assert run.cost_nano == 1_000_000
    assert [one.text for one in talk.of(news.Warned)] == [
        "$0.0008 of $0.001 for this answer are used."
    ]


def test_q_133_a_price_that_nobody_knows_is_said(desk: Desk) -> None:
    talk = Talk(desk.engine, Playing(costing(None)))
    talk.ask("Hello")
    assert "not known" in talk.of(news.Warned)[0].text


def test_whoever_decides_may_break_and_the_card_still_waits(desk: Desk) -> None:
    talk = scripted(desk.engine, [ADD], "Done.")

    def broken(proposal: object) -> None:
        raise InvalidInput("the screen is too small")

    talk._decide = broken  # type: ignore[method-assign]
    run = talk.ask("Add Mary Shaw")
    assert run.state is RunState.WAITING
    assert talk.of(news.Warned)[0].text == "the screen is too small"


def test_what_nobody_foresaw_leaves_no_answer_open(desk: Desk) -> None:
    def crash() -> None:
        raise ZeroDivisionError

    talk = Talk(desk.engine, Playing([Words("a"), crash], costing(0)))
    with pytest.raises(ZeroDivisionError):
        talk.ask("Hello")
    assert ChatRun.get().state == "failed"

    def interrupt() -> None:
        raise KeyboardInterrupt

    talk = Talk(desk.engine, Playing([interrupt], costing(0)))
    with pytest.raises(KeyboardInterrupt):
        talk.ask("Hello")
    assert {run.state for run in ChatRun.select()} == {"failed", "cancelled"}


def test_a_file_that_is_busy_for_a_while_loses_no_answer(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = scripted(desk.engine, "Kept.")
    write = desk.engine._db.write
    busy = iter([False, True, True, False, True, False, False])

    def sometimes(work: Any) -> Any:
        if next(busy, False):
            raise Busy("held by another program")
        return write(work)

    monkeypatch.setattr(desk.engine._db, "write", sometimes)
    assert talk.ask("Hello").state is RunState.COMPLETED
    assert talk.texts()[-1] == ("assistant", "Kept.", False)


def test_words_are_kept_every_second_while_they_come(desk: Desk) -> None:
    seen: list[Any] = []
    clock = desk.engine.clock

    def second() -> None:
        clock.wait(talk.stop, 1.0)

    def look() -> None:
        seen.append(talk_texts())

    def talk_texts() -> list[Any]:
        talk.conversation_id = ChatRun.get().conversation_id
        return talk.texts()

    pieces: list[Any] = [
        Words("one "),
        second,
        Words("two "),
        look,
        Words("three "),
        look,
        second,
        Words("four"),
        look,
    ]
    talk = Talk(desk.engine, Playing([*pieces, Finished("end")]))
    run = talk.ask("Count")
    assert [one[-1] for one in seen] == [
        ("assistant", "one two", True),
        ("assistant", "one two", True),
        ("assistant", "one two three four", True),
    ]
    assert talk.texts() == [("user", "Count", False), ("assistant", "one two three four", False)]
    assert run.turns == 1


def test_a_process_that_was_killed_leaves_an_answer_that_says_so(desk: Desk) -> None:
    talk = scripted(desk.engine, "Hello.", "Hello again.")
    run = talk.ask("Hello")
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], check=True, capture_output=True, text=True)  # fmt: skip
    owner = f"{os.uname().nodename}:{gone.stdout.strip()}"
    desk.engine._db.write(
        lambda: ChatRun.update(state="running", owner=owner, ended_at=None).execute()
    )
    lost = desk.engine.run(recover, Everything())
    assert [(one.run_id, one.state, one.error) for one in lost.items] == [
        (run.run_id, RunState.FAILED, "interrupted")
    ]
    assert talk.ask(retry=True).state is RunState.COMPLETED
    assert desk.engine.run(recover, Everything()).items == ()


def test_an_answer_that_another_process_makes_is_left_alone(desk: Desk) -> None:
    talk = scripted(desk.engine, "Hello.", "Hello again.")
    talk.ask("Hello")
    owner = f"{os.uname().nodename}:{os.getppid()}"
    desk.engine._db.write(lambda: ChatRun.update(state="running", owner=owner).execute())
    assert desk.engine.run(recover, Everything()).items == ()
    with pytest.raises(Conflict, match="still answering"):
        talk.ask("And?")
    desk.later(minutes=16)
    assert talk.ask("And?").state is RunState.COMPLETED


def test_an_answer_that_somebody_ended_takes_no_more_words(desk: Desk) -> None:
    def end() -> None:
        desk.engine._db.write(lambda: ChatRun.update(state="failed").execute())

    talk = Talk(desk.engine, Playing([Words("a"), end, Words("b"), Finished("end")]))
    with pytest.raises(EngineError, match="failed"):
        talk.ask("Hello")
    talk.conversation_id = ChatRun.get().conversation_id
    assert talk.texts() == [("user", "Hello", False)]


def test_another_session_that_is_chosen_meanwhile_does_not_move_the_answer(desk: Desk) -> None:
    """The tools of an answer work where it began."""
    desk.contact("Grace Hopper")
    talk = scripted(desk.engine, [LIST], [LIST], "Done.")
    moved: list[str] = []

    def hear(one: news.News) -> None:
        if isinstance(one, news.Called) and not moved:
            moved.append(desk.call("session.create", name="elsewhere").session_id)

    talk.listen = hear
    run = talk.ask("List contacts")
    assert moved
    assert run.state is RunState.COMPLETED
    assert ["Grace Hopper" in one.text for one in talk.of(news.Called)] == [True, True]
