"""The assistant over HTTP: its answer as server-sent events, from a real server on loopback where it matters."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from threading import Event, Thread
from typing import Any

import httpx2
import pytest
import uvicorn
from starlette.testclient import TestClient

from rusvel_tui.adapters.models.scripted import ScriptedModel
from rusvel_tui.api.app import make_app
from rusvel_tui.engine.chat_ports import Piece, Question, Words
from tests.api.conftest import TOKEN
from tests.factories import Desk

RECORD = {"tool": "growth.kpi.record_kpi", "input": {"name": "MRR", "value": "12000"}}
TREND = {"tool": "growth.kpi.get_trend", "input": {"kpi_name": "MRR"}}
CHAT = "/api/dept/growth/chat"


def ask(client: TestClient, data: dict[str, Any], path: str = CHAT) -> list[dict[str, Any]]:
    answer = client.post(path, json=data)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/event-stream")
    return [json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data: ")]


def script(desk: Desk, *answers: Any) -> TestClient:
    """A script that talks with a model which gives these answers."""
    desk.engine.chat_model = ScriptedModel(answers)
    return TestClient(make_app(desk.engine, TOKEN), headers={"Authorization": f"Bearer {TOKEN}"})


def names(events: list[dict[str, Any]]) -> list[str]:
    """The kinds in their order, runs of text as one."""
    kinds = [one["type"] for one in events]
    return [kind for place, kind in enumerate(kinds) if kinds[place - 1 : place] != [kind]]


def text(events: list[dict[str, Any]]) -> str:
    return "".join(one["text"] for one in events if one["type"] == "TEXT_DELTA")


def test_g_150_r_101_an_answer_is_a_stream_of_events(desk: Desk) -> None:
    desk.call("growth.kpi.record_kpi", name="MRR", value="10000")
    client = script(desk, ["Let me look.", TREND], "It is fine.")
    events = ask(client, {"message": "How is MRR?"})
    assert names(events) == [
        "RUN_STARTED", "TEXT_DELTA", "TOOL_CALL_START", "TOOL_CALL_END", "TEXT_DELTA", "RUN_COMPLETED",
    ]  # fmt: skip
    assert text(events) == "Let me look.It is fine."
    assert events[-1]["state"] == "Completed"
    assert events[-1]["conversation_id"] == events[0]["conversation_id"]
    used = next(one for one in events if one["type"] == "TOOL_CALL_END")
    assert (used["tool"], used["failed"]) == ("growth.kpi.get_trend", False)


def test_r_112_a_change_waits_for_a_person_and_the_answer_goes_on_after_the_yes(
    desk: Desk,
) -> None:
    desk.call("growth.kpi.record_kpi", name="MRR", value="10000", at="2026-10-01")
    client = script(desk, [RECORD], [TREND], "Up {delta} from last reading.")
    events = ask(client, {"message": "Record MRR of $12,000"})
    assert names(events) == ["RUN_STARTED", "TOOL_CALL_START", "PROPOSAL", "RUN_COMPLETED"]
    assert events[-1]["state"] == "Waiting"
    proposal = next(one for one in events if one["type"] == "PROPOSAL")["proposal"]
    assert proposal["operation"] == "growth.kpi.record_kpi"
    desk.call("agent.proposals.approve", proposal_id=proposal["proposal_id"])
    more = ask(client, {"run_id": events[0]["run_id"]})
    assert more[-1]["state"] == "Completed"
    assert "2000" in text(more).replace(",", "").replace(".", "")


def test_a_failed_answer_ends_in_words(desk: Desk) -> None:
    client = script(desk, ["Well,", {"fail": "the service is down"}])
    events = ask(client, {"message": "hello"})
    assert names(events) == ["RUN_STARTED", "TEXT_DELTA", "RUN_FAILED"]
    assert events[-1]["error"] == "the service is down"


@pytest.mark.parametrize(
    ("path", "data", "status", "said"),
    [
        (CHAT, {}, 422, "Say something"),
        (CHAT, {"message": "hi", "modell": "x"}, 422, "modell: unknown field"),
        (CHAT, {"message": "hi", "conversation_id": "none"}, 404, "no conversation"),
        ("/api/dept/sales/chat", {"message": "hi"}, 404, "There are gtm, growth"),
        (CHAT, {"run_id": "none"}, 404, "none"),
    ],
)
def test_what_is_wrong_before_the_answer_has_a_status(
    desk: Desk, path: str, data: dict[str, Any], status: int, said: str
) -> None:
    answer = script(desk, "never asked").post(path, json=data)
    assert (answer.status_code, said in answer.json()["error"]) == (status, True), answer.text


def test_without_a_model_it_says_how_to_get_one(client: TestClient) -> None:
    answer = client.post(CHAT, json={"message": "hi"})
    assert answer.status_code == 503
    assert "ANTHROPIC_API_KEY" in answer.json()["error"]


class EndlessModel:
    """Talks until it is stopped, and says when that was."""

    provider = name = "endless"

    def __init__(self) -> None:
        self.stopped = Event()

    def stream(self, question: Question, stop: Event) -> Iterator[Piece]:
        while not stop.wait(0.01):
            yield Words("la ")
        self.stopped.set()


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    """A real server on a free port of this machine, whose model does not end by itself."""
    desk.engine.chat_model = EndlessModel()
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(make_app(desk.engine, TOKEN), log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, args=([listening],))
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listening.close()


def test_words_come_while_they_are_said_and_hanging_up_stops_the_answer(
    desk: Desk, address: str
) -> None:
    model = desk.engine.chat_model
    assert isinstance(model, EndlessModel)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with (
        httpx2.Client(base_url=address, headers=headers) as script,
        script.stream("POST", CHAT, json={"message": "sing"}) as answer,
    ):
        lines = (line for line in answer.iter_lines() if line.startswith("data: "))
        assert json.loads(next(lines)[6:])["type"] == "RUN_STARTED"
        assert json.loads(next(lines)[6:])["text"] == "la "
    assert model.stopped.wait(30)
    runs = desk.call("agent.chat.list_conversations").items
    assert len(runs) == 1
