"""A stand-in for the Messages API on loopback: answers from a queue and refuses requests the service would refuse."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from tests.adapters import fake_rules
from tests.adapters.fake_stream import Stream, send

KEY = "sk-test-canary-123"


@dataclass
class Reply:
    """One scripted answer."""

    status: int = 200
    blocks: list[dict[str, Any]] = field(default_factory=list)
    stop_reason: str = "end_turn"
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    silent: bool = False
    """Never answers, until the server ends."""
    stream: Stream = field(default_factory=Stream)
    """How it goes on when it is asked to stream."""


class FakeMessages:
    """Serves POST /v1/messages and remembers each request."""

    def __init__(self) -> None:
        self.replies: deque[Reply] = deque()
        self.requests: list[dict[str, Any]] = []
        self.asked = threading.Event()
        """Set with each request."""
        self.ended = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: object) -> None:
                """Keeps the output of the tests clean."""

            def do_POST(self) -> None:
                """Answers one question."""
                size = int(self.headers.get("content-length") or 0)
                outer.serve(self, json.loads(self.rfile.read(size)))

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True
        )

    @property
    def url(self) -> str:
        """Where the client should look for the service."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> FakeMessages:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.ended.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    def say(self, text: str, stop_reason: str = "end_turn") -> None:
        """The next answer is this text."""
        self.replies.append(Reply(blocks=[{"type": "text", "text": text}], stop_reason=stop_reason))

    def use(
        self, name: str, data: dict[str, Any], call_id: str = "toolu_1", words: str = ""
    ) -> None:
        """The next answer calls a tool, after some words."""
        call = {"type": "tool_use", "id": call_id, "name": name, "input": data}
        said = [{"type": "text", "text": words}] if words else []
        self.replies.append(Reply(blocks=[*said, call], stop_reason="tool_use"))

    def write(self, subject: str, body: str, facts: Sequence[int] = ()) -> None:
        """The next answer is this mail, resting on the facts of these numbers."""
        self.say(json.dumps({"subject": subject, "body": body, "facts": list(facts)}))

    def fail(self, status: int, said: str = "", **headers: str) -> None:
        """The next answer is an error; its text holds the key, as a careless server's might."""
        error = {"type": "some_error", "message": f"{said} bad key {KEY}"}
        body = {"type": "error", "error": error}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.replies.append(Reply(status, raw=json.dumps(body).encode(), headers=named))

    def serve(self, http: BaseHTTPRequestHandler, request: dict[str, Any]) -> None:
        """One exchange."""
        self.requests.append(request)
        self.asked.set()
        fault = _fault(http, request)
        reply = Reply(400, raw=fault.encode()) if fault else self.replies.popleft()
        if reply.silent:
            self.ended.wait(30)
            return
        if request.get("stream") and reply.raw is None:
            send(http, request, reply.blocks, reply.stop_reason, reply.stream)
            return
        body = reply.raw if reply.raw is not None else json.dumps(_message(request, reply)).encode()
        http.send_response(reply.status)
        for name, value in {
            "content-type": "application/json",
            "content-length": str(len(body)),
            **reply.headers,
        }.items():
            http.send_header(name, value)
        http.end_headers()
        http.wfile.write(body)


def _fault(http: BaseHTTPRequestHandler, request: dict[str, Any]) -> str:
    if http.path != "/v1/messages":
        return f"no such path: {http.path}"
    if KEY not in (
        http.headers.get("x-api-key", ""),
        http.headers.get("authorization", "").removeprefix("Bearer "),
    ):
        return "no key"
    return fake_rules.fault(request)


def _message(request: dict[str, Any], reply: Reply) -> dict[str, Any]:
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": request["model"],
        "content": reply.blocks,
        "stop_reason": reply.stop_reason,
        "stop_sequence": None,
        "usage": {"input_tokens": 1, "output_tokens": 1},
    }
