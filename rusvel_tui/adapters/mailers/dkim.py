"""DKIM signatures (RFC 6376) for those who deliver themselves; a provider that one submits to signs by itself."""

from __future__ import annotations

import os
from pathlib import Path

from rusvel_tui.engine.errors import NotConfigured

HEADERS = (
    "from", "to", "subject", "date", "message-id", "reply-to", "in-reply-to", "references",
    "mime-version", "content-type", "content-transfer-encoding", "list-unsubscribe",
    "list-unsubscribe-post",
)  # fmt: skip
"""What is signed; each name once more than it stands there, so that nobody can add a second one."""


class Signer:
    """Signs with one key, for whatever domain stands behind the @ of the sender."""

    def __init__(self, key_file: Path | str, selector: str) -> None:
        self._path = Path(key_file).expanduser()
        self._selector = selector
        if not selector or not selector.isascii() or not selector.replace("-", "").isalnum():
            raise NotConfigured(
                "RUSVEL_SMTP_DKIM_SELECTOR must name the DNS record of the key, such as `mail2026`."
            )
        try:
            self._key = self._path.read_bytes()
        except OSError as error:
            why = error.strerror or error
            raise NotConfigured(
                f"The DKIM key {self._path.name!r} cannot be read: {why}."
            ) from None
        if os.name == "posix" and self._path.stat().st_mode & 0o077:
            raise NotConfigured(
                f"Others can read the DKIM key {self._path.name!r}. Make it yours alone: chmod 600."
            )

    def sign(self, raw: bytes, sender: str) -> bytes:
        """The message with its signature on top, relaxed/relaxed; the rest stays to the byte."""
        try:
            import dkim
        except ImportError:
            raise NotConfigured(
                "DKIM needs one more package: pip install 'rusvel-tui[dkim]'."
            ) from None
        domain = sender.rpartition("@")[2].encode("idna")
        present = [
            line.partition(b":")[0].lower() for line in raw.partition(b"\r\n\r\n")[0].split(b"\r\n")
        ]
        named = [name.encode() for name in HEADERS]
        covered = [name for name in named for _ in range(present.count(name) + 1)]
        try:
            signature: bytes = dkim.sign(
                raw, self._selector.encode(), domain, self._key,
                canonicalize=(b"relaxed", b"relaxed"), include_headers=covered,
            )  # fmt: skip
        except dkim.DKIMException as error:
            raise NotConfigured(f"The DKIM key {self._path.name!r} cannot sign: {error}") from None
        return signature + raw
