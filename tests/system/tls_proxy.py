"""Stands between the mailer and a server that encrypts, and spoils the encryption of some talks."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from tests.system.fault_proxy import FaultProxy

TLS_FAULTS = (
    "no handshake",
    "cut in the handshake",
    "words instead of a handshake",
    "a damaged record from us",
    "a damaged record from the server",
    "a record cut off",
)
"""What can happen to an encrypted talk; the last three at some moment of it, the final dot included."""
_HANDSHAKE = 4
"""Pieces after which both sides have their keys, more or less."""
_MOST = 16
"""Pieces of a talk of some mails."""


class TlsProxy(FaultProxy):
    """Passes bytes on that it cannot read; by chance it damages them."""

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        fault = self.draw(TLS_FAULTS)
        at = self._chance.randrange(_HANDSHAKE, _MOST)
        upstream = await asyncio.open_connection("127.0.0.1", self._upstream)
        with suppress(ConnectionError):
            if fault == "no handshake":
                self.note(fault)
            elif fault == "words instead of a handshake":
                writer.write(b"220 mail.example ESMTP\r\n")
                await writer.drain()
                self.note(fault)
            else:
                await asyncio.wait(
                    (
                        asyncio.ensure_future(self._pass(reader, upstream[1], fault, at, "us")),
                        asyncio.ensure_future(self._pass(upstream[0], writer, fault, at, "server")),
                    ),
                    return_when=asyncio.FIRST_COMPLETED,
                )
        for end in (writer, upstream[1]):
            end.transport.abort()

    async def _pass(
        self,
        source: asyncio.StreamReader,
        target: asyncio.StreamWriter,
        fault: str,
        at: int,
        side: str,
    ) -> None:
        """One direction of a talk, until it ends or its fault is due."""
        count = 0
        with suppress(ConnectionError):
            while piece := await source.read(65_536):
                count += 1
                if fault == "cut in the handshake" and side == "server":
                    self.note(fault)
                    target.write(piece[: len(piece) // 2])
                    return
                if count == at and fault == "a record cut off":
                    self.note(fault)
                    target.write(piece[:-1])
                    await target.drain()
                    return
                if count == at and fault.startswith("a damaged record") and side in fault:
                    self.note(fault)
                    piece = piece[:-1] + bytes([piece[-1] ^ 1])
                target.write(piece)
                await target.drain()
