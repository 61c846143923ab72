"""What the tests of the SMTP mailer share."""

from __future__ import annotations

from collections.abc import Callable

from rusvel_tui.adapters.mailers.smtp import SmtpMailer
from rusvel_tui.adapters.mailers.smtp_account import Timeouts
from rusvel_tui.engine.ports import Envelope, InDoubt, NotSent
from tests.adapters.smtp_servers import SILENT, ScriptedServer

QUICK = Timeouts(connect=5, command=5, data=5, body=5, before_dot=20, dot=5)
IMPATIENT = Timeouts(connect=0.3, command=0.3, data=0.3, dot=0.3)


def open_gate() -> None:
    """Lets every mail through."""


def mailer_for(server: ScriptedServer, username: str = "", password: str = "") -> SmtpMailer:
    silent = SILENT in server.script.values()
    timeouts = IMPATIENT if silent else QUICK
    return SmtpMailer("127.0.0.1", server.port, username, password, tls="plain", timeouts=timeouts)


def outcome(
    server: ScriptedServer, envelope: Envelope, gate: Callable[[], None] = open_gate
) -> str:
    """`sent`, `in_doubt`, or scope and permanence of a mail that was not sent."""
    mailer = mailer_for(server)
    try:
        mailer.send(envelope, gate)
    except InDoubt:
        return "in_doubt"
    except NotSent as error:
        kind = "permanent" if error.permanent else "later"
        return f"{error.scope} {kind}{' bounce' if error.hard_bounce else ''}"
    finally:
        mailer.close()
    return "sent"
