"""`rusvel serve`: HTTP for scripts, on this machine unless you say otherwise, and never without a token."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from typing import Any

from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.parsing import Parser
from rusvel_tui.commands.stopping import heeded
from rusvel_tui.engine.errors import NotConfigured

_AT_ONCE = 200
"""Connections; one more is told to come back."""
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def define(parser: Parser) -> None:
    """`[--host H] [--port P]`."""
    parser.add_argument(
        "--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)"
    )
    parser.add_argument("--port", type=int, default=8765, help="default: %(default)s; 0: any")
    parser.set_defaults(run=run)


def run(desk: Desk) -> None:
    """Answer until stopped."""
    args, settings = desk.args, desk.settings(sending=True)
    serving = _library()
    from rusvel_tui.api.app import make_app

    engine = desk.engine(work=not args.read_only)
    webhooks = {name: secret.reveal() for name, secret in settings.webhooks.items()}
    app = make_app(engine, settings.api_token.reveal(), webhooks)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    logging.getLogger("rusvel.api").setLevel(logging.INFO)
    if args.host not in _LOOPBACK:
        desk.out.note(
            "Others on the network reach this, and without https they can read it: put a proxy with TLS before it."
        )
    config = serving.Config(
        app,
        host=args.host,
        port=args.port,
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=_AT_ONCE,
        timeout_graceful_shutdown=5,
    )
    _Telling(desk, serving.Server(config)).run()


class _Telling:
    """A server that says where it listens as soon as it does, and whose end by a signal is a good one."""

    def __init__(self, desk: Desk, server: Any) -> None:
        self._desk = desk
        self._server = server

    def run(self) -> None:
        started = self._server.startup

        async def startup(sockets: Any = None) -> None:
            await started(sockets)
            for one in self._server.servers:
                for socket in one.sockets:
                    host, port = socket.getsockname()[:2]
                    host = f"[{host}]" if ":" in host else host
                    self._desk.out.note(f"Listening on http://{host}:{port}. Ctrl-C ends it.")

        self._server.startup = startup
        self._server.capture_signals = self._until_a_signal
        self._server.run()

    @contextmanager
    def _until_a_signal(self) -> Iterator[None]:
        """The library would raise the signal once more at the end, and nothing of ours would be closed."""
        if current_thread() is not main_thread():
            yield
            return
        before = {number: signal.signal(number, self._server.handle_exit) for number in heeded()}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _library() -> Any:
    try:
        import starlette
        import uvicorn
    except ModuleNotFoundError:
        raise NotConfigured(
            "`rusvel serve` needs two more packages: pip install 'rusvel-tui[api]'."
        ) from None
    del starlette
    return uvicorn
