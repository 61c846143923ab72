"""What of a conversation a model is told again: whole questions, no half turns, nothing too long."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from rusvel_tui.engine.agent.chat.blocks import INTERRUPTED, asked_again, dump, fresh, load, whole
from rusvel_tui.engine.agent.chat.history import (
    LEAP,
    LONGEST_OLD,
    MOST_CHARACTERS,
    MOST_TURNS,
    is_question,
    recent,
)
from rusvel_tui.engine.chat_ports import Block, ToolCall, ToolResult, Turn, Words
from tests.adapters import fake_rules


def user(text: str) -> Turn:
    """A question."""
    return Turn("user", (Words(text),))


def told(text: str) -> Turn:
    """An answer."""
    return Turn("assistant", (Words(text),))


def used(call_id: str, text: str = "{}") -> tuple[Turn, Turn]:
    """A call and its result."""
    call = ToolCall(call_id, "gtm__crm__list_contacts", {})
    return Turn("assistant", (call,)), Turn("user", (ToolResult(call_id, text),))


def as_sent(turns: tuple[Turn, ...]) -> dict[str, object]:
    """The turns as the service would get them."""
    from rusvel_tui.adapters.models.anthropic_request import request
    from rusvel_tui.engine.chat_ports import Question, Tool

    tool = Tool("gtm__crm__list_contacts", "Lists.", {"type": "object"})
    return request(Question("", turns, (tool,)), "claude-haiku-5-5")


def test_a_short_conversation_is_told_whole() -> None:
    turns = (user("a"), *used("1"), told("b"), user("c"))
    assert recent(turns) == turns


def test_a_long_one_begins_at_a_question_and_recalls_what_came_before() -> None:
    turns = tuple(turn for n in range(40) for turn in (user(f"question {n}"), told(f"answer {n}")))
    kept = recent((*turns, user("last")))
    assert len(kept) <= MOST_TURNS
    assert is_question(kept[0])
    first = kept[0].blocks[0]
    assert isinstance(first, Words)
    assert "question 19" in first.text
    assert "(8 before that)" in first.text
    assert kept[0].blocks[1] == Words("question 20")
    assert kept[-1] == user("last")


def test_the_beginning_stays_the_same_for_a_while() -> None:
    """So that the service can keep what it read."""
    turns: tuple[Turn, ...] = ()
    firsts = []
    for n in range(60):
        turns = (*turns, user(f"question {n}"))
        firsts.append(recent(turns)[0])
        turns = (*turns, told(f"answer {n}"))
    assert len(set(firsts)) <= 2 + (120 - MOST_TURNS) // LEAP


def test_a_cut_never_parts_a_call_from_its_result() -> None:
    turns: tuple[Turn, ...] = (user("go"),)
    for n in range(70):
        turns = (*turns, *used(str(n)))
    turns = (*turns, told("done"), user("and now"))
    kept = whole(recent(turns))
    assert fake_rules.fault(as_sent(kept)) == ""
    assert kept[-1] == user("and now") or kept[-1].blocks[-1] == Words("and now")


def test_a_very_long_answer_is_told_with_short_results_but_for_the_newest() -> None:
    turns: tuple[Turn, ...] = (user("go"),)
    for n in range(20):
        turns = (*turns, *used(str(n), "x" * 24_000))
    kept = recent(turns)
    results = [one for turn in kept for one in turn.blocks if isinstance(one, ToolResult)]
    assert len(results) == 20
    assert len(results[-1].text) == 24_000
    assert all(len(one.text) < LONGEST_OLD + 100 for one in results[:-1])
    assert sum(len(one.text) for one in results) < MOST_CHARACTERS


def test_words_of_an_answer_that_is_made_anew_are_left_out() -> None:
    turns = (user("go"), *used("1"), told("half"))
    assert asked_again(turns) == turns[:3]
    assert asked_again((user("go"), told("half"))) == (user("go"),)


def test_a_call_without_a_result_gets_one() -> None:
    call, _ = used("1")
    kept = whole((user("go"), call, user("something else")))
    assert kept[2].blocks == (ToolResult("1", INTERRUPTED, True), Words("something else"))


def test_an_id_stands_for_one_call() -> None:
    call = ToolCall("a", "t", {})
    again = fresh((call, call, Words("x"), ToolCall("b", "t", {})), ["a", "a-2"])
    assert [one.call_id for one in again if isinstance(one, ToolCall)] == ["a-3", "a-4", "b"]


_BLOCKS = st.one_of(
    st.builds(Words, st.text(max_size=8)),
    st.builds(ToolCall, st.sampled_from("abcde"), st.just("gtm__crm__list_contacts"), st.just({})),
    st.builds(ToolResult, st.sampled_from("abcde"), st.text(max_size=8), st.booleans()),
)
_TURNS = st.lists(
    st.tuples(st.sampled_from(("user", "assistant")), st.lists(_BLOCKS, max_size=4)), max_size=12
)


@settings(max_examples=150, deadline=None)
@given(_TURNS)
def test_whatever_was_kept_the_service_takes_it(kept: list[tuple[str, list[Block]]]) -> None:
    """Ids are made unique when a turn is kept; the rest is put right when it is told."""
    taken: list[str] = []
    turns = []
    for role, blocks in kept:
        one = fresh(blocks, taken) if role == "assistant" else tuple(blocks)
        said = [x for x in one if not isinstance(x, ToolCall) or role == "assistant"]
        said = [x for x in said if not isinstance(x, ToolResult) or role == "user"]
        taken += [x.call_id for x in said if isinstance(x, ToolCall)]
        turns.append(Turn("user" if role == "user" else "assistant", tuple(said)))
    told_again = whole(recent(asked_again((*turns, user("last")))))
    assert fake_rules.fault(as_sent(told_again)) == ""
    assert load(dump(told_again[-1].blocks)) == told_again[-1].blocks
