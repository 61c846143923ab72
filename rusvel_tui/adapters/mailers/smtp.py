"""Mail over SMTP: one connection is kept for a run of mails, each mail is handed over in stages with a gate."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from rusvel_tui.adapters.mailers.dkim import Signer
from rusvel_tui.adapters.mailers.smtp_account import Account, Timeouts
from rusvel_tui.adapters.secret import Secret
from rusvel_tui.engine.errors import NotConfigured
from rusvel_tui.engine.ports import Envelope, Gate, NotSent, Receipt

if TYPE_CHECKING:
    from rusvel_tui.adapters.mailers.smtp_session import Session

MAX_MAILS = 100
"""How many mails one connection carries."""
MAX_IDLE = 60.0
"""How many seconds a connection is kept without a mail."""


class SmtpMailer:
    """Delivers through one SMTP server, from any thread that runs no event loop itself."""

    def __init__(
        self,
        host: str,
        port: int,
        username: str = "",
        password: Secret | str = "",
        *,
        tls: str = "starttls",
        force_plain: bool = False,
        ca_file: Path | str | None = None,
        timeouts: Timeouts | None = None,
        dkim: tuple[Path | str | None, str] = (None, ""),
    ) -> None:
        bundle = Path(ca_file).expanduser() if ca_file else None
        self._account = Account(
            host, port, username, Secret.of(password), tls, bundle, timeouts or Timeouts()
        )
        self._account.check(force_plain=force_plain)
        self.label = f"smtp {host}:{port}"
        self._signer = Signer(dkim[0], dkim[1]) if dkim[0] else None
        self._session: Session | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._busy = Lock()
        self._retire = False

    def send(self, envelope: Envelope, gate: Gate) -> Receipt:
        """Hands over one mail; the connection is dropped after anything but success."""
        envelope = self._signed(envelope)
        with self._busy:
            self._retire = False
            try:
                receipt = self._own_loop().run_until_complete(self._deliver(envelope, gate))
            except BaseException:
                self._end(polite=False)
                raise
            if self._retire or (self._session and self._session.mails >= MAX_MAILS):
                self._end(polite=True)
            return receipt

    def _signed(self, envelope: Envelope) -> Envelope:
        """With a DKIM signature on top, where there is a key; what was approved stays to the byte."""
        if not self._signer:
            return envelope
        try:
            return replace(envelope, raw=self._signer.sign(envelope.raw, envelope.mail_from))
        except NotConfigured as error:
            raise NotSent(str(error), scope="account", permanent=True) from None

    def close(self) -> None:
        """Ends the kept connection; one that carries a mail in another thread ends after that mail."""
        self._retire = True
        if self._busy.acquire(blocking=False):
            try:
                self._end(polite=True)
            finally:
                self._busy.release()

    async def _deliver(self, envelope: Envelope, gate: Gate) -> Receipt:
        from rusvel_tui.adapters.mailers.smtp_session import Session

        if self._session and not await self._session.alive(MAX_IDLE):
            self._session.drop()
            self._session = None
        if not self._session:
            self._session = Session(self._account)
            await self._session.open()
        return await self._session.deliver(envelope, gate)

    def _own_loop(self) -> asyncio.AbstractEventLoop:
        if not self._loop:
            self._loop = asyncio.new_event_loop()
        return self._loop

    def _end(self, *, polite: bool) -> None:
        """Leaves nothing open: no connection, no task, no loop."""
        session, self._session = self._session, None
        loop, self._loop = self._loop, None
        if loop:
            with suppress(Exception):
                loop.run_until_complete(_wind_up(session, polite=polite))
            loop.close()


async def _wind_up(session: Session | None, *, polite: bool) -> None:
    if session and polite:
        await session.quit()
    if session:
        session.drop()
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    for _ in range(3):  # a transport closes its socket in one of the next turns of the loop
        await asyncio.sleep(0)
