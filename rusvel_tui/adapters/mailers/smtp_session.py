"""One SMTP connection, driven command by command: every failure before the final dot is provably not sent.

The library's own `send_message` cannot tell a drop before the dot from one after it, so it is not used.
"""

from __future__ import annotations

import asyncio
import re
import select
import ssl
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import aiosmtplib
from aiosmtplib.email import parse_address

from rusvel_tui.adapters.mailers.replies import Stage, queue_id, verdict
from rusvel_tui.adapters.mailers.smtp_account import Account, is_loopback
from rusvel_tui.adapters.mailers.smtp_faults import NO_ANSWER, Faults
from rusvel_tui.adapters.mailers.smtp_pipeline import talk
from rusvel_tui.engine.addresses import wire_address
from rusvel_tui.engine.crashpoints import crashpoint
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.ports import Envelope, Gate, InDoubt, NotSent, Receipt

if TYPE_CHECKING:
    from aiosmtplib.protocol import SMTPProtocol
    from aiosmtplib.response import SMTPResponse

SURELY_ALIVE = 2.0
"""Seconds after a mail in which nobody asks whether the server is still there: it would say so itself."""
_GREET_AS = "[127.0.0.1]"
"""An address literal (RFC 5321 §4.1.3): the machine's own name is nobody's business."""
_LONE_LINE_END = re.compile(rb"(?<!\r)\n|\r(?!\n)")
_LEADING_DOT = re.compile(rb"(?m)^\.")


class Session:
    """A connection that is open, encrypted and logged in."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._faults = Faults(account)
        self._client = aiosmtplib.SMTP(
            hostname=account.host,
            port=account.port,
            use_tls=account.tls == "tls",
            start_tls=False,  # never None: that would go on in clear when the offer is stripped
            local_hostname=_GREET_AS,
            timeout=account.timeouts.command,
        )
        self._transport: asyncio.BaseTransport | None = None
        self._last_used = 0.0
        self.mails = 0

    async def open(self) -> None:
        """Connects, encrypts and logs in; raises `NotSent`."""
        if self._account.tls != "plain":
            self._client.tls_context = _trust(self._account.ca_file, self._faults)
        with self._faults.before_dot(Stage.GREETING):
            await self._client.connect(timeout=self._account.timeouts.connect)
        self._transport = self._client.transport
        with self._faults.before_dot(Stage.HELLO):
            await self._client.ehlo()
        if self._account.tls == "starttls":
            await self._encrypt()
        if self._account.username:
            with self._faults.before_dot(Stage.AUTH):
                await self._log_in()

    async def alive(self, max_idle: float) -> bool:
        """Whether the connection may carry one more mail."""
        idle = _now() - self._last_used
        if not self._client.is_connected or idle > max_idle:
            return False
        if idle < SURELY_ALIVE and not self._something_came():
            return True
        with suppress(*NO_ANSWER):
            return (await self._client.noop()).code // 100 == 2
        return False

    async def deliver(self, envelope: Envelope, gate: Gate) -> Receipt:
        """The staged hand-over: envelope, body, gate, dot; raises `NotSent`, `InDoubt` or what the gate raised."""
        crashpoint("after_connect")
        try:
            async with asyncio.timeout(self._account.timeouts.before_dot):
                await self._offer(envelope)
                await self._write_body(envelope.raw)
        except TimeoutError:
            self._faults.later("it takes too long")
        crashpoint("after_body")
        gate()
        reply = await self._dot()
        found = verdict(Stage.DOT, reply.code, reply.message)
        if found.outcome == "in_doubt":
            raise InDoubt(
                f"{self._account.host} answered the final dot with: {self._faults.shown(reply)}"
            )
        if found.outcome == "not_sent":
            self._faults.refuse(Stage.DOT, reply)
        crashpoint("after_250")
        self.mails += 1
        self._last_used = _now()
        return Receipt(reply.code, self._faults.shown(reply), queue_id(reply.message))

    async def quit(self) -> None:
        """Says good-bye; what the server thinks of it does not matter."""
        with suppress(*NO_ANSWER):
            await self._client.quit(timeout=5)

    def drop(self) -> None:
        """Ends the connection at once; what was not flushed is thrown away."""
        self._client.close()
        # The library's close waits for the other side of TLS to say good-bye.
        if isinstance(self._transport, asyncio.WriteTransport):
            self._transport.abort()

    async def _encrypt(self) -> None:
        if not self._client.supports_extension("starttls"):
            self._faults.account("it offers no STARTTLS on this port")
        with self._faults.before_dot(Stage.STARTTLS):
            await self._client.starttls()
            await self._client.ehlo()

    async def _log_in(self) -> None:
        """One attempt by one method: every further attempt would count towards a lock-out."""
        client, user, word = self._client, self._account.username, self._account.password.reveal()
        encrypted = client.get_transport_info("sslcontext") is not None
        if not encrypted and not is_loopback(client.get_transport_info("peername")[0]):
            self._faults.account("the connection is not encrypted, so the log-in stays here")
        if "plain" in client.server_auth_methods:
            await client.auth_plain(user, word)
        elif "login" in client.server_auth_methods:
            await client.auth_login(user, word)
        elif "cram-md5" in client.server_auth_methods:
            await client.auth_crammd5(user, word)
        else:
            self._faults.account("it offers no log-in by password")

    async def _offer(self, envelope: Envelope) -> None:
        """MAIL, exactly one RCPT, DATA."""
        sender, recipient = _wire(envelope.mail_from), _wire(envelope.rcpt_to)
        options = self._mail_options(envelope, sender + recipient)
        mail = (b"MAIL", f"FROM:<{sender}>".encode(), *options)
        rcpt = (b"RCPT", f"TO:<{recipient}>".encode())
        if self._client.supports_extension("pipelining"):
            await self._together({Stage.MAIL: mail, Stage.RCPT: rcpt, Stage.DATA: (b"DATA",)})
            return
        await self._command(Stage.MAIL, *mail)
        crashpoint("after_mail")
        await self._command(Stage.RCPT, *rcpt)
        crashpoint("after_rcpt")
        await self._command(Stage.DATA, b"DATA")

    async def _together(self, commands: dict[Stage, tuple[bytes, ...]]) -> None:
        """All commands in one write. After a no to one of them the connection ends without a dot, whatever came next."""
        transport = self._client.transport
        with self._faults.before_dot(Stage.DATA):
            if not isinstance(transport, asyncio.Transport) or transport.is_closing():
                raise aiosmtplib.SMTPServerDisconnected("Connection lost")
            lines = [b" ".join(words) for words in commands.values()]
            replies = await talk(transport, lines, self._account.timeouts.data)
        for stage, reply in zip(commands, replies, strict=False):
            self._check(stage, reply)
        if len(replies) < len(commands):
            self._faults.later("Connection lost")
        crashpoint("after_mail")
        crashpoint("after_rcpt")

    def _mail_options(self, envelope: Envelope, addresses: str) -> list[bytes]:
        offers = self._client.supports_extension
        options = [f"SIZE={len(envelope.raw)}".encode()] if offers("size") else []
        if offers("dsn") and re.fullmatch(r"[A-Za-z0-9-]{1,100}", envelope.mail_id):
            options.append(
                f"ENVID={envelope.mail_id}".encode()
            )  # RFC 3461 §4.4: comes back in a bounce
        if not addresses.isascii():
            if not offers("smtputf8"):
                text = f"{self._account.host} cannot deliver to an address with letters outside ASCII (SMTPUTF8)."
                raise NotSent(text, scope="recipient", permanent=True)
            options += [b"SMTPUTF8", b"BODY=8BITMIME"]
        return options

    async def _command(self, stage: Stage, *words: bytes) -> None:
        data, timeouts = stage is Stage.DATA, self._account.timeouts
        with self._faults.before_dot(stage):
            reply = await self._client.execute_command(
                *words, timeout=timeouts.data if data else timeouts.command
            )
        self._check(stage, reply)

    def _check(self, stage: Stage, reply: SMTPResponse) -> None:
        """Anything but the answer that lets the talk go on is a refusal."""
        if not (reply.code == 354 if stage is Stage.DATA else 200 <= reply.code < 300):
            self._faults.refuse(stage, reply)

    async def _write_body(self, raw: bytes) -> None:
        """Hands everything but the final dot to the system, down to the last byte."""
        if _LONE_LINE_END.search(raw):
            raise NotSent(
                "The mail has line ends that servers disagree about.",
                scope="message",
                permanent=True,
            )
        whole = raw if raw.endswith(b"\r\n") else raw + b"\r\n"
        with self._faults.before_dot(Stage.DATA):
            self._protocol.write(_LEADING_DOT.sub(b"..", whole))
            async with asyncio.timeout(self._account.timeouts.body):
                while _unflushed(self._client):  # noqa: ASYNC110 (a transport has no event for an empty buffer)
                    await asyncio.sleep(0.005)

    async def _dot(self) -> SMTPResponse:
        """The point of no return: after the write every silence is a doubt."""
        with self._faults.before_dot(Stage.DATA):
            if self._something_came():
                await _turns(3)
            self._protocol.write(b".\r\n")
        crashpoint("after_dot")
        try:
            return await self._protocol.read_response(timeout=self._account.timeouts.dot)
        except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 (whatever it is, the mail may be out)
            why = self._faults.why(error)
            raise InDoubt(
                f"{self._account.host} gave no clear answer to the final dot: {why}"
            ) from None

    def _something_came(self) -> bool:
        """Whether the server said something unasked, or left; asking the system takes a tenth of a turn of the loop."""
        poller = select.poll()
        poller.register(self._client.get_transport_info("socket").fileno(), select.POLLIN)
        return bool(poller.poll(0))

    @property
    def _protocol(self) -> SMTPProtocol:
        if self._client.protocol is None:
            raise aiosmtplib.SMTPServerDisconnected("Connection lost")
        return self._client.protocol


async def _turns(number: int) -> None:
    """A few turns of the loop, so that a server that left meanwhile is noticed in time."""
    for _ in range(number):
        await asyncio.sleep(0)


def _unflushed(client: aiosmtplib.SMTP) -> int:
    """How many bytes the system has not taken yet."""
    transport = client.transport
    if not isinstance(transport, asyncio.WriteTransport) or transport.is_closing():
        raise aiosmtplib.SMTPServerDisconnected("Connection lost")
    return transport.get_write_buffer_size()


def _trust(ca_file: Path | None, faults: Faults) -> ssl.SSLContext:
    """TLS 1.2 or newer; the certificate is checked against the system's authorities and the given ones."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file:
        try:
            context.load_verify_locations(ca_file)
        except OSError:
            faults.account(f"the certificate file {ca_file.name!r} cannot be read")
    return context


@lru_cache(256)
def _wire(address: str) -> str:
    """The address for the wire; refuses one that a lenient parser would turn into another."""
    try:
        wire = wire_address(address)
    except InvalidInput as error:
        raise NotSent(str(error), scope="recipient", permanent=True) from None
    if parse_address(wire) != wire:
        raise NotSent(
            f"{wire!r} would be read as another address.", scope="recipient", permanent=True
        )
    return wire


def _now() -> float:
    return asyncio.get_running_loop().time()
