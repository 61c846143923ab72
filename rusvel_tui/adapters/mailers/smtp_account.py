"""Where and as whom mail is delivered, and what of that is refused from the start."""

from __future__ import annotations

import ipaddress
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rusvel_tui.adapters.secret import Secret
from rusvel_tui.engine.errors import NotConfigured

TLS_MODES = ("starttls", "tls", "plain")


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to wait for each kind of answer; after the dot RFC 5321 §4.5.3.2.6 asks for ten minutes."""

    connect: float = 15.0
    command: float = 60.0
    data: float = 120.0
    body: float = 180.0
    before_dot: float = 300.0
    """For everything from MAIL to the last line of the body together."""
    dot: float = 600.0


@dataclass(frozen=True, slots=True)
class Account:
    """One mail server with a log-in; an empty user name means none."""

    host: str
    port: int
    username: str
    password: Secret
    tls: str
    ca_file: Path | None
    timeouts: Timeouts

    def check(self, *, force_plain: bool) -> None:
        """Raises `NotConfigured` for settings that cannot work or would leak."""
        if self.tls not in TLS_MODES:
            raise NotConfigured(
                f"RUSVEL_SMTP_TLS is {self.tls!r}. Use one of {', '.join(TLS_MODES)}."
            )
        if not self.host or not 0 < self.port < 65536:
            raise NotConfigured(
                "The mail server needs a host and a port. Set RUSVEL_SMTP_HOST and RUSVEL_SMTP_PORT."
            )
        try:
            self.host.encode("idna")
        except UnicodeError:
            raise NotConfigured(
                f"RUSVEL_SMTP_HOST is {self.host!r}: that is no host name."
            ) from None
        if self.ca_file and not self.ca_file.is_file():
            raise NotConfigured(
                f"There is no certificate file {self.ca_file.name!r}. Correct its path."
            )
        if self.tls != "plain" or is_loopback(self.host):
            return
        if not force_plain:
            raise NotConfigured(
                f"RUSVEL_SMTP_TLS=plain would send mail to {self.host} in clear. Use starttls or tls."
            )
        if self.username:
            raise NotConfigured(
                "A log-in is never sent in clear. Use RUSVEL_SMTP_TLS=starttls or tls."
            )


def is_loopback(host: str) -> bool:
    """Whether the name or address means this machine."""
    if host.lower() == "localhost":
        return True
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return False
