"""MCP servers as child processes: the official client in a thread of its own, with a plain and patient face.

A server gets the harmless variables of the environment and those that are named for it, never a secret of ours. What it
writes to its stderr is kept for the sentence that says why it failed; none of it reaches a screen.
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Collection
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as NotYet
from contextlib import ExitStack
from threading import Event
from typing import IO, TYPE_CHECKING, Any, TypeVar

from rusvel_tui.engine.text import cut, one_line
from rusvel_tui.engine.tool_ports import (
    OpenServer,
    RemoteAnswer,
    RemoteFailed,
    RemoteServer,
    RemoteTool,
)

if TYPE_CHECKING:
    from anyio.from_thread import BlockingPortal
    from mcp import Client

Made = TypeVar("Made")
START, ANSWER = 20.0, 60.0
"""Seconds until a server that does not start, or does not answer, is given up."""
_LOOK = 0.1
"""Seconds between two looks at whether somebody wants to stop."""
_CLOSED = -32000
"""What the library says when the connection is gone."""
_MISSING = "MCP servers need one more package: pip install 'rusvel-tui[mcp]'."


class StdioToolSource:
    """Starts servers and talks with them over their stdin and stdout."""

    def __init__(
        self, secret: Collection[str] = (), *, start: float = START, answer: float = ANSWER
    ) -> None:
        self._secret = frozenset(secret)
        self._start = start
        self._answer = answer

    def open(self, server: RemoteServer, stop: Event) -> OpenServer:
        """Start a server and ask it for its tools; raises `RemoteFailed`."""
        if ours := self._secret.intersection(server.env):
            raise RemoteFailed(f"{min(ours)} is a secret of ours: no server is given it.")
        try:
            from anyio.from_thread import start_blocking_portal
        except ModuleNotFoundError:
            raise RemoteFailed(_MISSING) from None
        with ExitStack() as stack:
            errors = stack.enter_context(tempfile.TemporaryFile())
            portal = stack.enter_context(start_blocking_portal())
            made = _Running(server, portal, errors, self._answer)
            made.start(stop, self._start)
            stack.push(lambda *_: made.end())
            made.resources = stack.pop_all()
        return made


class _Running:
    """A server that runs."""

    def __init__(
        self, server: RemoteServer, portal: BlockingPortal, errors: IO[bytes], answer: float
    ) -> None:
        self.tools: tuple[RemoteTool, ...] = ()
        self.alive = False
        self.resources = ExitStack()
        self._server = server
        self._portal = portal
        self._errors = errors
        self._answer = answer
        self._over: Any = None
        self._life: Future[None] | None = None
        self._client: Client | None = None

    def start(self, stop: Event, seconds: float) -> None:
        """Start it and learn its tools; raises `RemoteFailed` with its own last words."""
        ready: Future[None] = Future()
        self._life = self._portal.start_task_soon(self._live, ready)
        try:
            _wait(ready, stop, seconds, "did not start")
        except RemoteFailed as failed:
            self.end()
            raise RemoteFailed(f"{failed}{self._last_words()}") from None
        self.alive = True

    def call(self, tool: str, data: dict[str, Any], stop: Event) -> RemoteAnswer:
        """Call a tool; raises `RemoteFailed`."""
        if not self.alive or self._client is None:
            raise RemoteFailed(f"The MCP server {self._server.name} is gone.")
        asked = self._portal.start_task_soon(self._client.call_tool, tool, data)
        try:
            result = _wait(asked, stop, self._answer, "did not answer")
        except RemoteFailed as failed:
            self.alive = not _is_end(failed.__cause__)
            if not self.alive:
                raise RemoteFailed(f"it died while it was asked.{self._last_words()}") from None
            raise
        return RemoteAnswer("\n".join(map(_text, result.content)), bool(result.is_error))

    def close(self) -> None:
        """End the server and the thread that talks with it."""
        self.alive = False
        self.resources.close()

    def end(self) -> None:
        """Let the server end: politely first, then by force."""
        life = self._life
        if life is None:
            return
        if self._over is not None:
            self._portal.call(self._over.set)
        else:
            life.cancel()
        try:
            life.result(timeout=START)
        except (Exception, CancelledError):  # noqa: BLE001 - how it ends is no longer of interest
            logging.getLogger(__name__).debug("%s ended badly", self._server.name)

    async def _live(self, ready: Future[None]) -> None:
        """The life of the connection: one task opens, holds and closes it, as its library wants it."""
        import anyio

        try:
            await self._hold(ready, anyio.Event())
        except BaseException as error:
            if not ready.done():
                ready.set_exception(error)
                return
            raise

    async def _hold(self, ready: Future[None], over: Any) -> None:
        from mcp import Client, StdioServerParameters
        from mcp.client.stdio import stdio_client

        # The library tells its logger what a bad server wrote: that is nothing for a screen.
        logging.getLogger("mcp").addHandler(logging.NullHandler())
        named = {name: os.environ[name] for name in self._server.env if name in os.environ}
        way = StdioServerParameters(
            command=self._server.command,
            args=list(self._server.args),
            env=named,
            encoding_error_handler="replace",
        )
        async with Client(stdio_client(way, self._errors)) as client:  # type: ignore[arg-type]  # only its number is used
            listed = await _all_tools(client)
            self.tools = tuple(listed)
            self._client, self._over = client, over
            ready.set_result(None)
            await over.wait()

    def _last_words(self) -> str:
        self._errors.seek(0)
        lines = self._errors.read()[-4000:].decode("utf-8", "replace").splitlines()
        said = next((one_line(line) for line in reversed(lines) if one_line(line)), "")
        return f" It said: {cut(said, 200)}" if said else ""


async def _all_tools(client: Client) -> list[RemoteTool]:
    """The tools of all pages; a server that never comes to an end is cut."""
    found: list[RemoteTool] = []
    cursor: str | None = None
    for _ in range(20):
        page = await client.list_tools(cursor=cursor)
        found += [RemoteTool(t.name, t.description or "", t.input_schema) for t in page.tools]
        cursor = page.next_cursor
        if not cursor:
            break
    return found


def _wait(asked: Future[Made], stop: Event, seconds: float, what: str) -> Made:
    """The result, unless it takes too long or somebody wants to stop."""
    for _ in range(max(1, round(seconds / _LOOK))):
        try:
            return asked.result(timeout=_LOOK)
        except NotYet:
            if asked.done():
                raise RemoteFailed(f"it {what}: it took too long.") from None
            if stop.is_set():
                asked.cancel()
                raise RemoteFailed("stopped.") from None
        except (Exception, CancelledError) as error:
            raise RemoteFailed(f"it {what}: {_reason(error)}.") from error
    asked.cancel()
    raise RemoteFailed(f"it {what} within {seconds:g} seconds.")


def _is_end(error: BaseException | None) -> bool:
    """Whether that means that nobody is there any more; a refusal, or too long a silence, does not."""
    return error is not None and getattr(error, "code", _CLOSED) == _CLOSED


def _reason(error: BaseException) -> str:
    """The first real cause in a few words."""
    while isinstance(error, BaseExceptionGroup) and error.exceptions:
        error = error.exceptions[0]
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return cut(one_line(str(error)), 200).rstrip(".") or type(error).__name__


def _text(block: Any) -> str:
    """A part of an answer as text; what is none is named."""
    if getattr(block, "type", "") == "text":
        return str(block.text)
    resource = getattr(block, "resource", None)
    if (text := getattr(resource, "text", None)) is not None:
        return str(text)
    return f"[{getattr(block, 'type', 'something')} left out]"
