"""Asking the assistant over HTTP: its answer as server-sent events, while it comes.

A change that it proposes waits in the inbox; the answer then ends as `Waiting`. A POST with its `run_id` goes on with it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from functools import partial, singledispatch
from threading import Event, Thread
from typing import Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from rusvel_tui.api.answers import refusal
from rusvel_tui.api.routing import Desk, read
from rusvel_tui.engine.agent.chat import news
from rusvel_tui.engine.agent.chat.conversations import RunView
from rusvel_tui.engine.agent.chat.states import RunState
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.operation import Input

_ALIVE = 15.0
"""Seconds after which a line without meaning keeps the connection open."""
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class Asked(Input):
    """A question to a department, or an answer that shall go on."""

    message: str = Field(default="", max_length=100_000)
    conversation_id: str = ""
    retry: bool = False
    run_id: str = ""


def chat_routes(desk: Desk) -> list[Route]:
    """The route."""

    async def endpoint(request: Request) -> Response:
        try:
            call = await read(desk, request)
            asked = _asked(call.data)
            return await _Answer(desk, call.path["department"], asked).response()
        except Exception as error:  # noqa: BLE001 - the last border: a script gets a sentence
            return refusal(error)

    return [Route("/api/dept/{department}/chat", endpoint, methods=["POST"])]


def _asked(data: dict[str, Any]) -> Asked:
    asked = Asked.model_validate(data)
    if not (asked.message or asked.retry or asked.run_id):
        raise InvalidInput("Say something: the field `message`.", field="message")
    return asked


class _Answer:
    """One answer: made in a thread, told in the loop."""

    def __init__(self, desk: Desk, department: str, asked: Asked) -> None:
        self._engine = desk.engine
        self._department = department
        self._asked = asked
        self._stop = Event()
        self._loop = asyncio.get_running_loop()
        self._heard: asyncio.Queue[news.News | Exception | None] = asyncio.Queue()

    async def response(self) -> Response:
        """The stream; what is wrong before the answer begins has a status of its own."""
        Thread(target=self._work, name="answering", daemon=True).start()
        first = await self._heard.get()
        if isinstance(first, Exception):
            return refusal(first)
        return StreamingResponse(
            self._events(first), media_type="text/event-stream", headers=_HEADERS
        )

    def _work(self) -> None:
        from rusvel_tui.engine.agent.chat.loop import Chat

        try:
            session = self._asked.session_id
            engine = self._engine.acting_as(self._engine.actor)
            engine.session = session or engine.session
            chat = Chat(engine, hear=self._hear, stop=self._stop)
            self._begin(chat)()
        except Exception as error:  # noqa: BLE001 - told to whoever listens
            self._hear(error)
        self._hear(None)

    def _begin(self, chat: Any) -> Callable[[], RunView]:
        asked = self._asked
        if asked.run_id:
            return partial(chat.go_on, asked.run_id)
        return partial(
            chat.ask, self._department, asked.message, asked.conversation_id, retry=asked.retry
        )

    def _hear(self, one: news.News | Exception | None) -> None:
        try:
            self._loop.call_soon_threadsafe(self._heard.put_nowait, one)
        except RuntimeError:  # the server is gone: nobody listens any more
            self._stop.set()

    async def _events(self, first: news.News | None) -> AsyncIterator[bytes]:
        """The events; who hangs up stops the answer, which keeps what was said."""
        one: news.News | Exception | None = first
        ended = False
        try:
            while one is not None:
                if isinstance(one, Exception):
                    if not ended:
                        yield _line("RUN_FAILED", {"error": refusal_text(one)})
                elif made := event_of(one):
                    ended = ended or isinstance(one, news.Ended)
                    yield _line(*made)
                one = await self._next()
                while one is _NOTHING:
                    yield b": still here\n\n"
                    one = await self._next()
        finally:
            self._stop.set()

    async def _next(self) -> Any:
        try:
            return await asyncio.wait_for(self._heard.get(), _ALIVE)
        except TimeoutError:
            return _NOTHING


_NOTHING: Any = object()


def refusal_text(error: Exception) -> str:
    """What went wrong as the sentence that a refusal would hold."""
    return str(json.loads(bytes(refusal(error).body))["error"])


def _line(name: str, data: dict[str, Any]) -> bytes:
    return f"event: {name}\ndata: {json.dumps({'type': name} | data)}\n\n".encode()


@singledispatch
def event_of(one: Any) -> tuple[str, dict[str, Any]] | None:
    """A piece of news as an event: its name and its data."""
    return None


@event_of.register
def _started(one: news.Started) -> tuple[str, dict[str, Any]]:
    run = one.run
    said = {"run_id": run.run_id, "conversation_id": run.conversation_id}
    return "RUN_STARTED", said | {"department": run.department, "agent": run.agent}


@event_of.register
def _told(one: news.Told) -> tuple[str, dict[str, Any]]:
    return "TEXT_DELTA", {"text": one.text}


@event_of.register
def _calling(one: news.Calling) -> tuple[str, dict[str, Any]]:
    said = {"call_id": one.call_id, "tool": one.operation, "input": one.input}
    return "TOOL_CALL_START", said


@event_of.register
def _called(one: news.Called) -> tuple[str, dict[str, Any]]:
    said = {"call_id": one.call_id, "tool": one.operation}
    return "TOOL_CALL_END", said | {"result": one.text, "failed": one.failed}


@event_of.register
def _proposed(one: news.Proposed) -> tuple[str, dict[str, Any]]:
    return "PROPOSAL", {"call_id": one.call_id, "proposal": one.proposal.model_dump(mode="json")}


@event_of.register
def _retrying(one: news.Retrying) -> tuple[str, dict[str, Any]]:
    return "NOTICE", {"text": f"{one.why}; again in {one.seconds:g} s"}


@event_of.register
def _warned(one: news.Warned) -> tuple[str, dict[str, Any]]:
    return "NOTICE", {"text": one.text}


@event_of.register
def _ended(one: news.Ended) -> tuple[str, dict[str, Any]]:
    run = one.run
    well = run.state in (RunState.COMPLETED, RunState.WAITING)
    said = {
        "run_id": run.run_id,
        "conversation_id": run.conversation_id,
        "state": run.state.value,
        "cost_usd": run.cost_usd,
        "input_tokens": run.input_tokens,
        "output_tokens": run.output_tokens,
    }
    return ("RUN_COMPLETED", said) if well else ("RUN_FAILED", said | {"error": run.error})
