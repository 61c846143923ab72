"""From what went wrong on an SMTP connection to what the engine's port calls it."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import aiosmtplib

from rusvel_tui.adapters.mailers.replies import Stage, verdict
from rusvel_tui.adapters.mailers.smtp_account import Account
from rusvel_tui.engine.ports import NotSent
from rusvel_tui.engine.text import one_line

if TYPE_CHECKING:
    from aiosmtplib.response import SMTPResponse

NO_ANSWER = (aiosmtplib.SMTPException, OSError, TimeoutError)
"""What a broken or silent connection raises."""
_REPLY_SHOWN = 500
_CUT_SHORT = (ssl.SSLEOFError, ssl.SSLZeroReturnError)
_REFUSED = {
    Stage.GREETING: "the connection",
    Stage.HELLO: "the connection",
    Stage.STARTTLS: "encryption",
    Stage.AUTH: "the log-in",
    Stage.MAIL: "the sender",
    Stage.RCPT: "the recipient",
    Stage.DATA: "to take a mail",
    Stage.DOT: "the mail",
}


class Faults:
    """Writes the sentences; knows the account so that no text ever holds its password."""

    def __init__(self, account: Account) -> None:
        self._host = account.host
        self._password = account.password

    @contextmanager
    def before_dot(self, stage: Stage) -> Iterator[None]:
        """Any trouble inside is `NotSent`; whose trouble it is depends on the stage."""
        try:
            yield
        except aiosmtplib.SMTPResponseException as error:
            self.refuse(stage, aiosmtplib.SMTPResponse(error.code, error.message))
        except NO_ANSWER as error:
            trouble = error if isinstance(error, ssl.SSLError) else error.__cause__
            handshake = stage in (Stage.GREETING, Stage.STARTTLS)
            if (
                handshake
                and isinstance(trouble, ssl.SSLError)
                and not isinstance(trouble, _CUT_SHORT)
            ):
                self.account(_tls_fault(trouble))
            self.later(self.why(error))

    def refuse(self, stage: Stage, reply: SMTPResponse) -> NoReturn:
        """The server said no."""
        found = verdict(stage, reply.code, reply.message)
        said = f"{self._host} refused {_REFUSED[stage]}: {self.shown(reply)}"
        raise NotSent(
            f"{said.rstrip('.')}. {found.advice}" if found.advice else said,
            scope=found.scope,
            permanent=found.permanent,
            code=max(reply.code, 0),
            hard_bounce=found.hard_bounce,
            soft_bounce=found.soft_bounce,
            wait=found.wait,
        ) from None

    def account(self, why: str) -> NoReturn:
        """Somebody has to look at the settings or at the account."""
        text = f"{self._host}: {why}. Nothing was sent: check the mail settings."
        raise NotSent(text, scope="account", permanent=True) from None

    def later(self, why: str) -> NoReturn:
        """It will pass."""
        raise NotSent(
            f"{self._host}: {why}. Nothing was sent.", scope="connection", permanent=False
        ) from None

    def shown(self, reply: SMTPResponse) -> str:
        """The reply as one line for a person."""
        return self._clean(f"{reply.code} {reply.message}" if reply.code > 0 else reply.message)

    def why(self, error: BaseException) -> str:
        """What an exception of the connection says, as the end of a sentence."""
        text = error.message if isinstance(error, aiosmtplib.SMTPException) else str(error)
        return self._clean(str(text) or type(error).__name__).rstrip(".")

    def _clean(self, text: str) -> str:
        return one_line(self._password.masked_in(text))[:_REPLY_SHOWN]


def _tls_fault(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({one_line(error.verify_message).rstrip('.')})"
    return f"no encrypted connection ({error.reason or 'TLS error'}); does this port expect starttls or tls?"
