"""What stands before every route: the token, the size of a request, and a log without secrets."""

from __future__ import annotations

import logging
from hmac import compare_digest

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rusvel_tui.api.answers import Refused, refusal

OPEN = ("/health", "/unsubscribe/", "/hooks/")
"""Where no token is asked for: nothing of the desk is told there, and each of them has a check of its own."""
LARGEST = 1_000_000
"""Bytes of a request."""
_LINKS = ("/unsubscribe/",)
"""What follows is a secret of the one who got the mail."""
_log = logging.getLogger("rusvel.api")


class Guard:
    """Lets through who shows the token, as far as a request is of a sensible size."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._token = token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        said = _Said(scope, send)
        try:
            self._check(scope)
        except Refused as refused:
            await refusal(refused)(scope, receive, said.send)
            return
        await self._app(scope, receive, said.send)

    def _check(self, scope: Scope) -> None:
        headers = dict(scope["headers"])
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > LARGEST:
            raise Refused(413, f"A request may have {LARGEST} bytes at the most.")
        if scope["path"].startswith(OPEN):
            return
        kind, _, shown = headers.get(b"authorization", b"").partition(b" ")
        if kind.lower() != b"bearer" or not compare_digest(shown.strip(), self._token):
            raise Refused(401, "Show the token: the header `Authorization: Bearer …`.")


class _Said:
    """Writes a line for each answer: how, where and with which status; never what was said."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send

    async def send(self, message: Message) -> None:
        """Pass a message on; the first one of an answer is told to the log."""
        if message["type"] == "http.response.start":
            _log.info("%s %s %s", self._scope["method"], _path(self._scope), message["status"])
        await self._send(message)


def _path(scope: Scope) -> str:
    path = str(scope["path"])[:200]
    for link in _LINKS:
        if path.startswith(link):
            return f"{link}…"
    return path.encode("unicode_escape").decode("ascii")
