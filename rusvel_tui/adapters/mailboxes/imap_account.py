"""Where and as whom a mailbox is read, and what of that is refused from the start."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rusvel_tui.adapters.mailers.smtp_account import is_loopback
from rusvel_tui.adapters.secret import Secret
from rusvel_tui.engine.errors import NotConfigured


@dataclass(frozen=True, slots=True)
class ImapAccount:
    """One IMAP server with its log-in, the folders to read, and that of sent mail."""

    host: str
    port: int
    username: str
    password: Secret
    tls: str
    ca_file: Path | None = None
    folders: tuple[str, ...] = ("INBOX",)
    sent: str = ""
    timeout: float = 30.0
    """Seconds for each answer of the server."""

    @property
    def name(self) -> str:
        """The mailbox as an address, as near as the log-in comes to one."""
        return (self.username if "@" in self.username else f"{self.username}@{self.host}").lower()

    def check(self) -> None:
        """Raises `NotConfigured` for settings that cannot work or would leak."""
        if not self.username or not self.password:
            raise NotConfigured(
                "RUSVEL_IMAP_HOST is set and the log-in is not. Set RUSVEL_IMAP_USERNAME and RUSVEL_IMAP_PASSWORD."
            )
        if self.ca_file and not self.ca_file.is_file():
            raise NotConfigured(
                f"There is no certificate file {self.ca_file.name!r}. Correct RUSVEL_IMAP_CA_FILE."
            )
        if self.tls == "plain" and not is_loopback(self.host):
            raise NotConfigured(
                "RUSVEL_IMAP_TLS=plain would send the password in clear. Use tls or starttls."
            )
        if not self.folders:
            raise NotConfigured("RUSVEL_IMAP_FOLDERS names no folder. INBOX is the usual one.")
