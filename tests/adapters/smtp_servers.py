"""SMTP servers on loopback for tests: a scripted one that misbehaves on demand, and aiosmtpd as a real one."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

DROP = b"<drop>"
"""Script entry: cut the connection instead of answering."""
SILENT = b"<silent>"
"""Script entry: never answer."""

POLITE: dict[str, bytes] = {
    "greeting": b"220 scripted ESMTP",
    "EHLO": b"250-scripted\r\n250 SIZE 1000000",
    "NOOP": b"250 ok",
    "MAIL": b"250 2.1.0 ok",
    "RCPT": b"250 2.1.5 ok",
    "DATA": b"354 go on",
    "body": b"",
    "dot": b"250 2.0.0 Ok: queued as 4SCRIPTED",
    "AUTH": b"235 2.7.0 welcome",
    "QUIT": b"221 bye",
}


class ScriptedServer:
    """Answers each command as its script says, and remembers all that it was told."""

    def __init__(
        self, script: Mapping[str, bytes] | None = None, context: ssl.SSLContext | None = None
    ) -> None:
        self._context = context
        self.script = {**POLITE, **(script or {})}
        self.commands: list[str] = []
        self.mails: list[bytes] = []
        self.connections = 0
        self.dropped = threading.Event()
        self.on_dot: Callable[[], object] = lambda: None
        self.port = 0
        self._never = (
            asyncio.Event()
        )  # kept here: a talk that only its own event knows is garbage to asyncio
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> ScriptedServer:
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

    def verbs(self) -> Counter[str]:
        """How often each command came."""
        return Counter(command.split(" ")[0].upper() for command in self.commands)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            asyncio.start_server(self._talk, "127.0.0.1", 0, ssl=self._context)
        )
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        self._loop.run_until_complete(_end_all())
        self._loop.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            await self._say("greeting", writer)
            while line := await reader.readline():
                command = line.decode(errors="replace").strip()
                self.commands.append(command)
                verb = command.split(" ")[0].upper()
                await self._say(verb if verb in self.script else "MAIL", writer)
                if verb == "DATA" and self.script["DATA"].startswith(b"354"):
                    await self._take(reader, writer)
        except (_DroppedError, ConnectionError):
            pass
        except asyncio.CancelledError:
            writer.transport.abort()
        else:
            writer.close()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines = [await reader.readline()]
        await self._say("body", writer)
        while lines[-1] not in (b".\r\n", b""):
            lines.append(await reader.readline())
        if lines[-1]:
            self.mails.append(b"".join(line.removeprefix(b".") for line in lines[:-1]))
            self.on_dot()
            await self._say("dot", writer)

    async def _say(self, stage: str, writer: asyncio.StreamWriter) -> None:
        answer = self.script[stage]
        if answer == SILENT:
            await self._never.wait()
        if answer == DROP:
            writer.transport.abort()
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            self.dropped.set()
            raise _DroppedError
        if answer:
            writer.write(answer + b"\r\n")
            await writer.drain()


async def _end_all() -> None:
    """Ends every talk, also one that is just beginning, and lets the sockets close."""
    for _ in range(5):
        talks = asyncio.all_tasks() - {asyncio.current_task()}
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)
        await asyncio.sleep(0)


class _DroppedError(Exception):
    """The script cut the connection."""


@dataclass
class Inbox:
    """The handler of the real server: keeps the mails and counts the connections."""

    mails: list[Envelope] = field(default_factory=list)
    sessions: set[int] = field(default_factory=set)
    encrypted: list[bool] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    kept: list[Session] = field(default_factory=list)
    """Keeps sessions alive, so that their ids stay different."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        """Takes the mail."""
        self.mails.append(envelope)
        self.kept.append(session)
        self.sessions.add(id(session))
        transport = cast(asyncio.BaseTransport, server.transport)
        self.encrypted.append(transport.get_extra_info("sslcontext") is not None)
        return "250 2.0.0 Ok: queued as REAL1"


class _FreePort(Controller):
    """Listens on a port that the system picks."""

    def _trigger_server(self) -> None:
        server = cast(asyncio.Server, self.server)
        self.port = server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


USER, PASSWORD = "bob@acme.example", "correct horse"


@contextmanager
def real_server(
    tls: str = "plain", certificate: tuple[Path, Path] | None = None, *, log_in: bool = False
) -> Iterator[tuple[Inbox, int]]:
    """aiosmtpd with STARTTLS, implicit TLS or none; with `log_in` it wants USER and PASSWORD."""
    inbox = Inbox()
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*map(str, certificate))

    def authenticate(
        _server: SMTP, _session: Session, _envelope: Envelope, _kind: str, data: object
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        inbox.logins.append(data.login.decode())
        right = (data.login.decode(), data.password.decode()) == (USER, PASSWORD)
        return AuthResult(success=right, handled=False)

    controller = _FreePort(
        inbox,
        hostname="127.0.0.1",
        port=0,
        ssl_context=context if tls == "tls" else None,
        tls_context=context if tls == "starttls" else None,
        require_starttls=tls == "starttls",
        auth_required=log_in,
        auth_require_tls=tls == "starttls",
        authenticator=authenticate if log_in else None,
    )
    controller.start()
    try:
        yield inbox, controller.port
    finally:
        controller.stop()
