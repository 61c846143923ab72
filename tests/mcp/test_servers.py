"""MCP servers as child processes: started, asked, and ended, whatever they do."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from rusvel_tui.adapters.mcp.stdio import StdioToolSource
from rusvel_tui.engine.tool_ports import OpenServer, RemoteFailed, RemoteServer
from tests.mcp import plain_server

PROGRAM = str(Path(plain_server.__file__))


def server(*words: str, env: tuple[str, ...] = ()) -> RemoteServer:
    return RemoteServer("plain", sys.executable, ("-S", PROGRAM, *words), env)


@pytest.fixture(scope="module")
def opened() -> Iterator[OpenServer]:
    made = StdioToolSource().open(server(), Event())
    yield made
    made.close()


def call(opened: OpenServer, tool: str, **given: Any) -> str:
    return opened.call(tool, given, Event()).text


def test_the_tools_are_those_of_the_server(opened: OpenServer) -> None:
    assert [tool.name for tool in opened.tools] == [tool["name"] for tool in plain_server.TOOLS]
    assert opened.tools[0].schema["properties"] == {"text": {"type": "string"}}


def test_a_tool_answers(opened: OpenServer) -> None:
    assert call(opened, "echo", text="hello") == "hello"
    assert call(opened, "picture") == "[image left out]"


def test_a_failed_answer_says_so(opened: OpenServer) -> None:
    answer = opened.call("fail", {}, Event())
    assert (answer.text, answer.failed) == ("no such city", True)


def test_it_is_given_the_named_variables_and_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITY_KEY", "1")
    monkeypatch.setenv("RUSVEL_SMTP_PASSWORD", "hunter2")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-1")
    made = StdioToolSource().open(server(env=("CITY_KEY", "NOT_SET")), Event())
    names = call(made, "environment").split()
    made.close()
    assert "CITY_KEY" in names
    assert "PATH" in names
    assert not {"RUSVEL_SMTP_PASSWORD", "ANTHROPIC_API_KEY", "NOT_SET"} & set(names)


def test_a_secret_of_ours_is_given_to_nobody() -> None:
    source = StdioToolSource({"RUSVEL_SMTP_PASSWORD"})
    with pytest.raises(RemoteFailed, match="RUSVEL_SMTP_PASSWORD is a secret of ours"):
        source.open(server(env=("RUSVEL_SMTP_PASSWORD",)), Event())


def test_a_server_that_dies_is_said_plainly_with_its_last_words() -> None:
    made = StdioToolSource().open(server(), Event())
    with pytest.raises(RemoteFailed, match=r"it died.*out of memory, dying"):
        made.call("die", {}, Event())
    assert not made.alive
    with pytest.raises(RemoteFailed, match="is gone"):
        made.call("echo", {}, Event())
    made.close()


def test_a_server_that_hangs_is_given_up_and_can_be_asked_again() -> None:
    made = StdioToolSource(answer=0.3).open(server(), Event())
    with pytest.raises(RemoteFailed, match=r"did not answer within 0.3 seconds"):
        made.call("hang", {}, Event())
    assert made.alive
    assert call(made, "echo", text="still here") == "still here"
    made.close()


def test_stopping_does_not_wait_for_the_answer(opened: OpenServer) -> None:
    stop = Event()
    stop.set()
    with pytest.raises(RemoteFailed, match="stopped"):
        opened.call("hang", {}, stop)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("no-such-program-anywhere",), "No such file"),
        ((sys.executable, "-S", PROGRAM, "refuse"), "It said: Traceback: no licence"),
        ((sys.executable, "-S", PROGRAM, "silent"), "did not start within 0.5 seconds"),
    ],
)
def test_a_server_that_does_not_start_says_why(command: tuple[str, ...], said: str) -> None:
    source = StdioToolSource(start=0.5 if "silent" in command else 20)
    with pytest.raises(RemoteFailed, match=said):
        source.open(RemoteServer("bad", command[0], command[1:]), Event())


def test_what_is_no_protocol_is_passed_over_without_a_word_on_the_screen(
    capfd: pytest.CaptureFixture[str],
) -> None:
    made = StdioToolSource().open(server("rubbish"), Event())
    assert call(made, "echo", text="fine") == "fine"
    made.close()
    assert capfd.readouterr() == ("", "")


def test_nothing_is_left_of_a_server_that_was_ended() -> None:
    before = children()
    made = StdioToolSource().open(server(), Event())
    assert len(children()) == len(before) + 1
    made.close()
    assert children() == before


def children() -> set[str]:
    """The processes that this one started, and that still run."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == os.getpid() and fields[0] != "Z":
            found.add(path.parent.name)
    return found
