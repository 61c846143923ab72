"""Several SMTP commands in one write where the server offers it (RFC 2920): one round trip instead of three.

The library reads one reply for each write and loses the rest, so the transport gets a reader of its own meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from aiosmtplib import SMTPReadTimeoutError, SMTPServerDisconnected
from aiosmtplib.response import SMTPResponse

_LARGEST = 32_768
"""Bytes of replies that were not asked for yet; more is no mail server."""


class _Reader(asyncio.Protocol):
    """Cuts what arrives into replies."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._news = asyncio.Event()
        self._over = False

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._news.set()

    def eof_received(self) -> bool:
        self._over = True
        self._news.set()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self.eof_received()

    async def reply(self) -> SMTPResponse:
        """The next whole reply; raises when the connection ends before it."""
        while True:
            if found := self._next():
                return found
            if self._over or len(self._buffer) > _LARGEST:
                raise SMTPServerDisconnected("Connection lost")
            self._news.clear()
            await self._news.wait()

    def _next(self) -> SMTPResponse | None:
        """The reply at the beginning of the buffer, when it is there to its last line (RFC 5321 §4.2.1)."""
        lines, at = [], 0
        while (end := self._buffer.find(b"\n", at)) >= 0:
            line = bytes(self._buffer[at : end + 1]).rstrip(b"\r\n")
            at = end + 1
            lines.append(line[4:].decode("utf-8", "surrogateescape"))
            if line[3:4] != b"-":
                del self._buffer[:at]
                code = int(line[:3]) if line[:3].isdigit() else -1
                text = "\n".join(lines) if code >= 0 else line.decode("utf-8", "replace")
                return SMTPResponse(code, text)
        return None


async def talk(
    transport: asyncio.Transport, commands: Sequence[bytes], patience: float
) -> list[SMTPResponse]:
    """Write the commands together and read a reply for each, all within `patience` seconds.

    A connection that ends leaves fewer replies, or raises when there is none.
    """
    replies: list[SMTPResponse] = []
    usual = transport.get_protocol()
    reader = _Reader()
    transport.set_protocol(reader)
    try:
        transport.write(b"".join(command + b"\r\n" for command in commands))
        async with asyncio.timeout(patience):
            while len(replies) < len(commands):
                replies.append(await reader.reply())
    except TimeoutError as error:
        raise SMTPReadTimeoutError("Timed out waiting for server response") from error
    except SMTPServerDisconnected:
        if not replies:
            raise
    finally:
        transport.set_protocol(usual)
    return replies
