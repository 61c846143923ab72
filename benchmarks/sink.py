"""The sink of the sending benchmark: `python -m benchmarks.sink plain|pipelining SECONDS`, with so long before each answer."""

from __future__ import annotations

import asyncio
import sys

_OFFER = {"plain": b"250 sink\r\n", "pipelining": b"250-sink\r\n250 PIPELINING\r\n"}


async def _talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    delay = float(sys.argv[2])
    writer.write(b"220 sink\r\n")
    while line := await reader.readline():
        verb = line[:4].upper().strip()
        if verb == b"DATA":
            if delay:
                await asyncio.sleep(delay)
            writer.write(b"354 go on\r\n")
            await reader.readuntil(b"\r\n.\r\n")
        if delay:
            await asyncio.sleep(delay)
        answer = _OFFER[sys.argv[1]] if verb == b"EHLO" else b"250 ok\r\n"
        writer.write(b"221 bye\r\n" if verb == b"QUIT" else answer)
        if verb == b"QUIT":
            break
    writer.close()


async def main() -> None:
    """Listen on a port of the system's choice and print it."""
    server = await asyncio.start_server(_talk, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
