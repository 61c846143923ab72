"""Every operation is really reached by every front-end of programs: the chat, the command line, and MCP over stdio.

Each is called with a valid input that names things which are not there. What comes back must be its own: its view, a
proposal to run it, or a sentence of its own; never that there is no such tool.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from mcp import Client, StdioServerParameters
from starlette.testclient import TestClient

from rusvel_tui.adapters.clock import FixedClock
from rusvel_tui.adapters.models.scripted import ScriptedModel
from rusvel_tui.api.app import make_app
from rusvel_tui.api.openapi import answer_type
from rusvel_tui.commands import call
from rusvel_tui.commands.desk import Desk as CommandDesk
from rusvel_tui.commands.parsing import GLOBALS, Parser
from rusvel_tui.commands.running import explain
from rusvel_tui.engine.agent.chat import news
from rusvel_tui.engine.agent.chat.loop import Chat
from rusvel_tui.engine.agent.chat.states import RunState
from rusvel_tui.engine.agent.tools.calling import LONGEST
from rusvel_tui.engine.agent.tools.catalogue import catalogue, wire_name
from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.operation import OPERATIONS
from tests.engine.agent.any_input import some_input
from tests.factories import START, Desk

pytestmark = pytest.mark.xdist_group("every_operation")  # what is asked once is looked at by all
OWN_CODES = {0, 3, 4, 5, 6, 7}
"""Done, not found, invalid, conflict, not configured, not permitted; 1 is a surprise and 2 a wrong command line."""
CHANGED_BY_THEN = {"growth.funnel.analyze"}
"""What the command line made by then is seen: it changes things at once."""
OWN_STATUSES = {200, 404, 409, 422}
TOKEN = "a-token-of-some-length"
NOT_REACHED = ("There is no tool", "is not allowed here", "Something is wrong inside")


class Answer(NamedTuple):
    """What a front-end said."""

    text: str
    failed: bool = False
    proposal: str = ""
    """The operation that is proposed."""


Answers = dict[str, Answer]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a desk, where whatever is written may lie."""
    folder = tmp_path_factory.mktemp("every")
    engine = Engine(folder / "desk.db", clock=FixedClock(START))
    Desk.with_session(engine)
    engine.close()
    before = Path.cwd()
    os.chdir(folder)
    yield folder
    os.chdir(before)


@pytest.fixture(scope="module")
def by_chat(place: Path) -> Answers:
    """One answer of a model that calls everything at once."""
    calls = [{"tool": name, "input": some_input(one)} for name, one in catalogue().items()]
    found: Answers = {}

    def hear(one: news.News) -> None:
        if isinstance(one, news.Called):
            found[one.operation] = Answer(one.text, one.failed)
        if isinstance(one, news.Proposed):
            found[one.proposal.operation] = Answer("", proposal=one.proposal.operation)

    engine = Engine(place / "desk.db", clock=FixedClock(START), chat_model=ScriptedModel([calls]))
    with engine.connected():
        ended = Chat(engine, hear=hear).ask("gtm", "Call everything.")
    engine.close()
    assert ended.state is RunState.WAITING
    return found


@pytest.fixture(scope="module")
def by_mcp(place: Path, by_chat: Answers) -> Answers:
    """A real client and a real server with their pipes between them, which offers everything that can be offered."""
    words = ["-m", "rusvel_tui", "--db", str(place / "desk.db"), "--now", stamp(START)]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("RUSVEL_")}
    server = StdioServerParameters(
        command=sys.executable, args=[*words, "mcp", "--allow", "*"], env=clean, cwd=place
    )
    return asyncio.run(_ask_all(server))


async def _ask_all(server: StdioServerParameters) -> Answers:
    found: Answers = {}
    async with Client(server) as client:
        listed = {tool.name for tool in (await client.list_tools()).tools}
        assert listed == {wire_name(name) for name in catalogue()}
        for name, one in catalogue().items():
            result = await client.call_tool(wire_name(name), some_input(one))
            text = "".join(block.text for block in result.content if block.type == "text")
            waits = "proposal_id" in (result.structured_content or {}) and one.writes
            found[name] = Answer(text, result.is_error, name if waits else "")
    return found


@pytest.fixture(scope="module")
def by_hand(place: Path, by_mcp: Answers) -> dict[str, tuple[int, str]]:
    """`rusvel call` for each: the exit code and what was said."""
    engine = Engine(place / "desk.db", clock=FixedClock(START))
    with engine.connected():
        found = {name: _call(engine, name, some_input(one)) for name, one in catalogue().items()}
    engine.close()
    return found


def _call(engine: Engine, name: str, data: dict[str, Any]) -> tuple[int, str]:
    """The command as it is, but for its parser and its engine: they are shared, to be quick."""
    out, err = io.StringIO(), io.StringIO()
    parser = Parser(define=call.define)
    parser.set_defaults(**dict.fromkeys(GLOBALS))
    args = parser.parse_args([name, "--json", "--input", json.dumps(data)])
    command = CommandDesk(args, {})
    command.adopt(engine)
    with redirect_stdout(out), redirect_stderr(err):
        try:
            args.run(command)
        except Exception as error:  # noqa: BLE001 - as the command line does
            said, code = explain(error)
            return code, said
    return 0, out.getvalue()


def mistakes(answers: Answers) -> list[tuple[str, Answer]]:
    """Operations that were not reached, or did not answer as they should."""
    return [
        (name, answers.get(name, Answer("no answer at all", True)))
        for name in catalogue()
        if not _reached(name, answers.get(name, Answer(NOT_REACHED[0])))
    ]


def _reached(name: str, answer: Answer) -> bool:
    if any(words in answer.text for words in NOT_REACHED):
        return False
    operation = OPERATIONS[name]
    if answer.failed:
        return answer.text.endswith((".", "?")) and "unknown field" not in answer.text
    if answer.proposal:
        return answer.proposal == name and operation.writes
    if operation.writes and not operation.held:
        return False
    if len(answer.text) >= LONGEST:
        return True
    view = answer_type(operation)
    names = {field.alias or key for key, field in view.model_fields.items()} | set(
        view.model_fields
    )
    return set(json.loads(answer.text)) <= names


def test_c_094_t_118_every_operation_is_called_in_chat(by_chat: Answers) -> None:
    assert mistakes(by_chat) == []


def test_t_118_every_operation_is_called_by_a_real_mcp_client(by_mcp: Answers) -> None:
    assert mistakes(by_mcp) == []


def test_t_118_every_operation_is_called_from_the_command_line(
    by_hand: dict[str, tuple[int, str]],
) -> None:
    wrong = [(name, said) for name, said in by_hand.items() if said[0] not in OWN_CODES]
    assert wrong == []
    assert [
        name for name, (code, said) in by_hand.items() if not code and not json.loads(said)
    ] == []


def test_g_118_every_operation_answers_over_http(
    place: Path, by_hand: dict[str, tuple[int, str]]
) -> None:
    engine = Engine(place / "desk.db", clock=FixedClock(START))
    wrong = []
    with TestClient(make_app(engine, TOKEN), headers={"Authorization": f"Bearer {TOKEN}"}) as http:
        for name, one in catalogue().items():
            answer = http.post(f"/api/call/{name}", json=some_input(one))
            if answer.status_code not in OWN_STATUSES or "no operation" in answer.text:
                wrong.append((name, answer.status_code, answer.text))
    engine.close()
    assert wrong == []


def test_they_say_the_same(
    by_chat: Answers, by_mcp: Answers, by_hand: dict[str, tuple[int, str]]
) -> None:
    """What was read before anybody changed anything: one rule, whoever asks."""
    chat, mcp = ({n: a.text for n, a in found.items() if a.failed} for found in (by_chat, by_mcp))
    assert chat == mcp
    by_the_hand = {name: said for name, (code, said) in by_hand.items() if code}
    reading = {name for name, one in catalogue().items() if not one.writes}
    both = reading & set(chat) & set(by_the_hand) - CHANGED_BY_THEN
    assert {name: chat[name] for name in both} == {name: by_the_hand[name] for name in both}
    assert len(both) > 30


def test_many_of_them_answer_and_many_propose(by_chat: Answers) -> None:
    """The inputs are not so empty that nothing ever happens."""
    answered = [name for name, one in by_chat.items() if not one.failed and not one.proposal]
    proposed = [name for name, one in by_chat.items() if one.proposal]
    assert len(answered) > 60
    assert len(proposed) > 15


def test_what_is_for_people_is_no_tool(by_mcp: Answers) -> None:
    human = {name for name, one in OPERATIONS.items() if one.human_only or one.internal}
    assert human & set(by_mcp) == set()
    assert human & set(catalogue()) == set()
