"""What runs hooks: real commands, and a real server on loopback."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from rusvel_tui.adapters.hooks.command import CommandRunner
from rusvel_tui.adapters.hooks.http import HttpRunner
from rusvel_tui.adapters.secret import Secret
from rusvel_tui.engine.agent.ports import CUT, MOST_OUTPUT, HookCall, HookFailed

PAYLOAD = json.dumps({"kind": "gtm.deal.updated", "payload": {"name": "Löms"}})


def call(action: str, timeout: float = 10.0) -> HookCall:
    return HookCall("run-1", "tell-me", "gtm.deal.updated", 7, action, PAYLOAD, timeout)


def command(action: str, timeout: float = 10.0, **options: Any) -> str:
    return CommandRunner(allowed=True, **options).run(call(action, timeout), Event())


def test_q_140_commands_are_off_until_they_are_allowed(tmp_path: Path) -> None:
    with pytest.raises(HookFailed, match="RUSVEL_HOOK_COMMANDS=1") as failed:
        CommandRunner().run(call(f"touch {tmp_path}/done"), Event())
    assert not failed.value.passing
    assert not list(tmp_path.iterdir())


def test_a_command_gets_the_payload_and_says_what_it_printed() -> None:
    assert json.loads(command("cat")) == json.loads(PAYLOAD)
    named = command('echo "$RUSVEL_HOOK_RUN $RUSVEL_HOOK_NAME $RUSVEL_HOOK_EVENT_ID"; echo two >&2')
    assert named == "run-1 tell-me 7\ntwo\n"


def test_a_command_is_given_no_secret() -> None:
    environ = {"PATH": os.defpath, "RUSVEL_SMTP_PASSWORD": "hush", "AWS_KEY": "hush", "LC_ALL": "C"}
    seen = command("env", environ=environ)
    assert "hush" not in seen
    assert "LC_ALL=C" in seen


def test_a_secret_that_is_printed_is_not_kept() -> None:
    assert command("echo it is s3cr3t", secrets=(Secret("s3cr3t"),)) == "it is ***\n"


def test_a_command_that_fails_says_how() -> None:
    with pytest.raises(HookFailed, match="ended with 3") as failed:
        command("echo why; exit 3")
    assert failed.value.output == "why\n"
    assert failed.value.passing


def test_q_140_what_takes_too_long_is_ended_with_all_its_children(tmp_path: Path) -> None:
    """The lock is free again only when the child is gone, too."""
    with pytest.raises(HookFailed, match=r"longer than 0\.3 s"):
        command(f"mkfifo {tmp_path}/pipe; cat {tmp_path}/pipe & cat {tmp_path}/pipe", 0.3)
    with pytest.raises(OSError, match="No such device"):  # nobody reads the pipe any more
        os.open(tmp_path / "pipe", os.O_WRONLY | os.O_NONBLOCK)


def test_a_child_that_holds_the_output_open_holds_nobody_up(tmp_path: Path) -> None:
    assert command(f"mkfifo {tmp_path}/pipe; cat {tmp_path}/pipe & echo done") == "done\n"


def test_a_long_output_is_cut_while_the_command_goes_on() -> None:
    got = command(f"head -c {20 * MOST_OUTPUT} /dev/zero | tr '\\0' x; exit 0")
    assert got == "x" * MOST_OUTPUT + CUT


def test_stopping_ends_a_command(tmp_path: Path) -> None:
    stop = Event()
    stop.set()
    with pytest.raises(HookFailed, match="Stopped"):
        CommandRunner(allowed=True).run(call(f"mkfifo {tmp_path}/p; cat {tmp_path}/p"), stop)


Answer = Callable[[BaseHTTPRequestHandler], None]


class Server:
    """A web server on loopback that keeps what it was sent."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, dict[str, str], bytes]] = []
        self.answer: Answer = plain(200, b"thanks")
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.seen.append((self.path, dict(self.headers), body))
                outer.answer(self)

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def plain(status: int, body: bytes = b"", **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


@pytest.fixture
def server(running: Server) -> Server:
    running.seen.clear()
    running.answer = plain(200, b"thanks")
    return running


def post(action: str, timeout: float = 10.0, **options: Any) -> str:
    return HttpRunner(**options).run(call(action, timeout), Event())


def test_an_event_is_posted_as_json_and_signed(server: Server) -> None:
    assert post(f"{server.url}/in?x=1", signing="key") == "thanks"
    path, headers, body = server.seen[0]
    assert (path, json.loads(body)) == ("/in?x=1", json.loads(PAYLOAD))
    assert headers["Idempotency-Key"] == "run-1"
    signed = hmac.new(b"key", body, hashlib.sha256).hexdigest()
    assert headers["X-Rusvel-Signature"] == f"sha256={signed}"


@pytest.mark.parametrize(("status", "passing"), [(503, True), (429, True), (404, False)])
def test_a_refusal_says_whether_it_may_pass(server: Server, status: int, passing: bool) -> None:
    server.answer = plain(status, b"no")
    with pytest.raises(HookFailed, match=f"answered {status}") as failed:
        post(server.url)
    assert (failed.value.passing, failed.value.output) == (passing, "no")


def test_q_140_a_redirect_is_not_followed(server: Server) -> None:
    server.answer = plain(302, Location="http://elsewhere.example/steal?token=1")
    with pytest.raises(HookFailed, match=r"sends on to elsewhere\.example") as failed:
        post(server.url)
    assert not failed.value.passing
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("action", "why"),
    [
        ("http://example.org/in", "Plain http"),
        ("ftp://example.org/in", "must begin with https"),
        ("https://user:pw@example.org/in", "Leave user and password out"),
        ("https://example.org:port/", "no address"),
        ("https:///in", "must begin with https"),
        ("https://example.org/${RUSVEL_SMTP_PASSWORD}", "cannot use RUSVEL_SMTP_PASSWORD"),
        ("https://example.org/${NOT_SET}", "NOT_SET, and it is not set"),
    ],
)
def test_addresses_that_are_refused(action: str, why: str) -> None:
    with pytest.raises(HookFailed, match=why) as failed:
        post(action, environ={"RUSVEL_SMTP_PASSWORD": "hush"})
    assert not failed.value.passing


def test_the_secret_part_of_an_address_is_written_nowhere(server: Server) -> None:
    server.answer = plain(500, b"no such path: /T0K3N")
    with pytest.raises(HookFailed) as failed:
        post(f"{server.url}/${{CHAT_TOKEN}}", environ={"CHAT_TOKEN": "T0K3N"})
    assert server.seen[0][0] == "/T0K3N"
    assert "T0K3N" not in failed.value.text + failed.value.output


def test_q_140_a_server_that_sends_byte_by_byte_is_left(server: Server) -> None:
    over = Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        with suppress(OSError):
            while not over.wait(0.05):
                handler.wfile.write(b".")

    server.answer = drip
    with pytest.raises(HookFailed, match=r"within 0\.3 s") as failed:
        post(server.url, timeout=0.3)
    over.set()
    assert failed.value.passing


def test_a_server_that_is_not_there_may_come_back() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(HookFailed, match=r"127\.0\.0\.1") as failed:
        post(f"http://127.0.0.1:{port}/")
    assert failed.value.passing


def test_a_long_answer_is_cut(server: Server) -> None:
    server.answer = plain(200, b"x" * (MOST_OUTPUT * 2))
    assert post(server.url) == "x" * MOST_OUTPUT + CUT
