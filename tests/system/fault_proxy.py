"""Stands between the mailer and a server and spoils some talks: cuts, silence, storms of 4yz, garbage, each by chance."""

from __future__ import annotations

import asyncio
import random
import threading
from collections import Counter
from contextlib import suppress
from types import TracebackType

STORM = b"451 4.7.1 come back later\r\n"
OPENING = ("cut at the greeting", "cut at EHLO")
"""What can happen to a talk before its first mail."""
FAULTS = (
    "cut at MAIL",
    "cut at RCPT",
    "cut at DATA",
    "cut before the dot",
    "swallow the answer to the dot",
    "4yz at MAIL",
    "4yz at RCPT",
    "4yz at the dot",
    "garbage at MAIL",
    "slow",
)
"""What can happen to a mail."""


class FaultProxy:
    """Forwards to a port of this machine; a share of the mails, and of the talks, gets one of the faults."""

    def __init__(self, upstream: int, share: float, seed: int) -> None:
        self._upstream, self._share = upstream, share
        self._chance = random.Random(seed)  # noqa: S311 - which talk is spoiled, not a secret
        self.seen: Counter[str] = Counter()
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> FaultProxy:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._talk, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        self._loop.run_until_complete(_end_all())
        self._loop.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        fault = self.draw(OPENING)
        upstream = None
        with suppress(ConnectionError, _CutError, asyncio.IncompleteReadError):
            if fault == "cut at the greeting":
                raise _CutError(self.note(fault))
            upstream = await asyncio.open_connection("127.0.0.1", self._upstream)
            await _Talk(self, fault, (reader, writer), upstream).run()
        for end in (writer, upstream[1] if upstream else None):
            if end is not None:
                end.transport.abort()

    def draw(self, faults: tuple[str, ...]) -> str:
        """What goes wrong next; mostly nothing."""
        return self._chance.choice(faults) if self._chance.random() < self._share else ""

    def note(self, fault: str) -> str:
        """Count a fault that happens."""
        self.seen[fault] += 1
        return fault


class _Talk:
    """One connection; each of its mails may have a fault."""

    def __init__(
        self,
        proxy: FaultProxy,
        fault: str,
        client: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        server: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        self._proxy, self._fault = proxy, fault
        self._client, self._server = client, server

    async def run(self) -> None:
        await self._answer()
        while line := await self._client[0].readline():
            verb = line[:4].upper().strip()
            if verb == b"MAIL":
                self._fault = self._proxy.draw(FAULTS)
            if self._due(f"cut at {verb.decode(errors='replace')}"):
                raise _CutError
            if self._due(f"4yz at {verb.decode(errors='replace')}"):
                self._client[1].write(STORM)
                continue
            if self._due(f"garbage at {verb.decode(errors='replace')}"):
                self._client[1].write(b"HTTP/1.1 200 OK\r\n")
                continue
            if self._due("slow"):
                await _a_moment()
            self._server[1].write(line)
            code = await self._answer()
            if verb == b"DATA" and code == b"354":
                await self._body()

    def _due(self, fault: str) -> bool:
        """Whether that is the fault of this mail."""
        if self._fault == fault:
            self._proxy.note(fault)
        return self._fault == fault

    async def _body(self) -> None:
        body = await self._client[0].readuntil(b"\r\n.\r\n")
        if self._due("cut before the dot"):
            self._server[1].write(body[:-3])
            raise _CutError
        if self._due("4yz at the dot"):
            self._client[1].write(STORM)
            raise _CutError
        self._server[1].write(body)
        if self._due("swallow the answer to the dot"):
            await _reply(self._server[0])
            raise _CutError
        await self._answer()

    async def _answer(self) -> bytes:
        """Pass one reply on; its code."""
        reply = await _reply(self._server[0])
        self._client[1].write(reply)
        await self._client[1].drain()
        return reply.rpartition(b"\n")[0].rpartition(b"\n")[2][:3]


class _CutError(Exception):
    """The talk ends here."""


async def _a_moment() -> None:
    """Longer than a server usually takes, shorter than a mailer waits."""
    with suppress(TimeoutError):
        async with asyncio.timeout(0.05):
            await asyncio.Event().wait()


async def _reply(reader: asyncio.StreamReader) -> bytes:
    whole = b""
    while True:
        line = await reader.readline()
        whole += line
        if not line or line[3:4] != b"-":
            return whole


async def _end_all() -> None:
    for _ in range(5):
        talks = asyncio.all_tasks() - {asyncio.current_task()}
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)
        await asyncio.sleep(0)
