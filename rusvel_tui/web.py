"""The desk in a browser of this machine: who may open it, and a process of its own for each window."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import socket
from collections.abc import Callable, Sequence
from hmac import compare_digest
from shlex import join
from typing import Any

from aiohttp import web
from aiohttp.web_runner import GracefulExit
from textual_serve.server import Server

COOKIE = "rusvel_desk"
WINDOWS = 8
"""Desks at once; each of them is a process."""
_RULES = {
    "Content-Security-Policy": "default-src 'self' {socket}; style-src 'self' 'unsafe-inline'; "
    "script-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
"""The page loads nothing from anybody else, stands in nobody's frame, and tells nobody its address."""
_TERMINAL = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONUTF8": "1"}
"""What the page can show, whatever terminal the server was started in."""


class WebDesk(Server):
    """Serves the program behind these words to whoever knows the secret of the printed address.

    The secret comes once, in the address; from then on a cookie has it, which no other page can send.
    A page of a stranger in the same browser, or another account of this machine, knows neither.
    """

    def __init__(self, words: Sequence[str], listener: socket.socket) -> None:
        host, port = listener.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        self.secret = secrets.token_urlsafe(24)
        self._listener = listener
        self._windows: set[asyncio.Task[Any]] = set()
        super().__init__(join(words), host, port, "rusvel", f"http://{shown}:{port}")

    @property
    def address(self) -> str:
        """What to open in the browser."""
        return f"{self.public_url}/?token={self.secret}"

    def run(self, ready: Callable[[], None]) -> None:
        """Answer until a signal comes; open windows then close their desks in good order."""
        os.environ.update(_TERMINAL)
        loop = asyncio.new_event_loop()

        def end() -> None:
            raise GracefulExit

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, end)
        loop.call_soon(ready)
        web.run_app(
            self._make_app(),
            sock=self._listener,
            loop=loop,
            handle_signals=False,
            access_log=None,
            print=lambda *_: None,
        )

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(self._guard)
        app.on_response_prepare.append(self._seal)
        return app

    async def on_startup(self, app: web.Application) -> None:
        """Nothing is printed here: `ready` says where to look."""

    async def on_shutdown(self, app: web.Application) -> None:
        """Close the windows; each desk then ends by itself, and its worker gives back what it holds."""
        for window in self._windows:
            window.cancel()
        await asyncio.gather(*self._windows, return_exceptions=True)

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """A window: one desk, as long as it is open."""
        if request.headers.get("Origin") != self.public_url:
            raise web.HTTPForbidden(text="Another page asked for this desk.\n")
        if len(self._windows) >= WINDOWS:
            raise web.HTTPServiceUnavailable(text="Too many windows are open. Close one first.\n")
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a handler runs in a task")
        self._windows.add(task)
        try:
            return await super().handle_websocket(request)
        finally:
            self._windows.discard(task)

    @web.middleware
    async def _guard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """Let in who shows the secret, under our own name: another one would be a trick."""
        if f"http://{request.host}" != self.public_url:
            raise web.HTTPForbidden(text=f"This desk is at {self.public_url}.\n")
        if self._knows(request.query.get("token", "")):
            found = web.HTTPFound("/")
            found.set_cookie(COOKIE, self.secret, httponly=True, samesite="Strict")
            raise found
        if not self._knows(request.cookies.get(COOKIE, "")):
            raise web.HTTPForbidden(text="Open the address that `rusvel web` has printed.\n")
        response: web.StreamResponse = await handler(request)
        return response

    def _knows(self, shown: str) -> bool:
        return compare_digest(shown.encode(), self.secret.encode())

    async def _seal(self, request: web.Request, response: web.StreamResponse) -> None:
        place = self.public_url.replace("http", "ws", 1)
        for name, rule in _RULES.items():
            response.headers[name] = rule.format(socket=place)
