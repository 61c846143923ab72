"""A mailbox on an IMAP server (RFC 3501): looked at again and again, never written to.

Message ids are words of strangers: only those of a strict form are put into a command.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime

from rusvel_tui.adapters.mailboxes.imap_account import ImapAccount
from rusvel_tui.adapters.mailboxes.imap_names import decoded_name, quoted_name
from rusvel_tui.engine.ports import Arrived, MailboxFailed

WHOLE = 10_000_000
"""Octets of a message that are fetched whole; of a larger one the beginning is."""
BEGINNING = 2_000_000
_SAFE_ID = re.compile(r"<[\x21\x23-\x3b\x3d\x3f-\x5b\x5d-\x7e]{1,250}>")
"""Without `"` and `\\`, which end or escape a quoted string."""
_AT_ONCE = 200
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


class ImapMailbox:
    """Connects for each look and logs out after it: a laptop that slept has no half-open line."""

    def __init__(self, account: ImapAccount) -> None:
        self._account = account
        self.label = f"imap {account.host}:{account.port}"
        self.name = account.name
        self.folders = account.folders

    def fetch(self, folder: str, place: dict[str, int], since: datetime) -> Iterator[Arrived]:
        """New messages by UID; when UIDVALIDITY changed, all that came since then once more."""
        with self._connected() as server:
            validity = _select(server, folder)
            known = place.get("uid", 0) if place.get("uidvalidity") == validity else 0
            for uid, size in _new(server, known, since):
                raw = _body(server, uid, size)
                if raw is not None:
                    yield Arrived(raw, size, {"uidvalidity": validity, "uid": uid})

    def find_sent(self, message_ids: Sequence[str]) -> frozenset[str]:
        """Those that the Sent folder has, asked for one by one."""
        safe = [one for one in message_ids if _SAFE_ID.fullmatch(one)]
        if not safe:
            return frozenset()
        with self._connected() as server:
            folder = self._account.sent or _sent_folder(server)
            if not folder:
                return frozenset()
            _select(server, folder)
            return frozenset(one for one in safe if _has(server, one))

    def check(self) -> str:
        """Log in and look at every folder; what was found, for the doctor. Raises `MailboxFailed`."""
        with self._connected() as server:
            for folder in self.folders:
                _select(server, folder)
            sent = self._account.sent or _sent_folder(server)
        return f"sent mail in {sent}" if sent else "no folder for sent mail"

    def close(self) -> None:
        """Nothing is kept open."""

    @contextmanager
    def _connected(self) -> Iterator[imaplib.IMAP4]:
        try:
            server = self._open()
        except (OSError, imaplib.IMAP4.error, EOFError) as error:
            raise self._failed(error) from None
        try:
            yield server
        except (OSError, imaplib.IMAP4.error, EOFError, ValueError) as error:
            raise self._failed(error) from None
        finally:
            with suppress(OSError, imaplib.IMAP4.error, EOFError, ValueError):
                server.logout()
            with suppress(OSError):
                server.shutdown()

    def _open(self) -> imaplib.IMAP4:
        account = self._account
        if account.tls == "tls":
            server: imaplib.IMAP4 = imaplib.IMAP4_SSL(account.host, account.port, ssl_context=self._context(), timeout=account.timeout)  # fmt: skip
        else:
            server = imaplib.IMAP4(account.host, account.port, timeout=account.timeout)
        try:
            if account.tls == "starttls":
                server.starttls(self._context())
            self._log_in(server)
        except BaseException:
            with suppress(OSError):
                server.shutdown()
            raise
        return server

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self._account.ca_file:
            context.load_verify_locations(self._account.ca_file)
        return context

    def _log_in(self, server: imaplib.IMAP4) -> None:
        account = self._account
        try:
            server.login(account.username, account.password.reveal())
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            said = account.password.masked_in(str(error))
            raise MailboxFailed(
                f"{self.label} refuses the log-in of {account.username}: {_plain(said)}. Check RUSVEL_IMAP_USERNAME and RUSVEL_IMAP_PASSWORD.",
                permanent=True,
            ) from None

    def _failed(self, error: Exception) -> MailboxFailed:
        said = _plain(self._account.password.masked_in(str(error))) or type(error).__name__
        certificate = isinstance(error, ssl.SSLCertVerificationError)
        hint = " The certificate is not trusted; RUSVEL_IMAP_CA_FILE can name yours." if certificate else ""  # fmt: skip
        return MailboxFailed(f"{self.label} cannot be read: {said}.{hint}", permanent=certificate)


def _plain(text: str) -> str:
    """What a server says, in one line of printable characters."""
    text = re.sub(r"^b['\"]|['\"]$", "", text)
    return "".join(c if c.isprintable() else " " for c in text)[:200].strip().rstrip(".")


def _select(server: imaplib.IMAP4, folder: str) -> int:
    """Open a folder for reading only; its UIDVALIDITY."""
    state, data = server.select(quoted_name(folder), readonly=True)
    if state != "OK":
        said = _plain(str(data[0] if data else ""))
        raise MailboxFailed(f"There is no folder {folder!r}: {said}.", permanent=True)
    _, values = server.response("UIDVALIDITY")
    return int(values[0]) if values and values[0] else 0


def _new(server: imaplib.IMAP4, known: int, since: datetime) -> Iterator[tuple[int, int]]:
    """UIDs above the known one with the sizes of their messages; the first time those that came since then."""
    if known:
        _, found = server.uid("SEARCH", f"UID {known + 1}:*")
    else:
        _, found = server.uid("SEARCH", f"SINCE {since.day:02d}-{_MONTHS[since.month - 1]}-{since.year}")  # fmt: skip
    uids = sorted(uid for uid in map(int, (found[0] or b"").split()) if uid > known)
    for start in range(0, len(uids), _AT_ONCE):
        part = uids[start : start + _AT_ONCE]
        _, lines = server.uid("FETCH", ",".join(map(str, part)), "(UID RFC822.SIZE)")
        sizes = dict(_size(line) for line in lines if isinstance(line, bytes))
        yield from ((uid, sizes[uid]) for uid in part if uid in sizes)


def _size(line: bytes) -> tuple[int, int]:
    uid, size = re.search(rb"UID (\d+)", line), re.search(rb"RFC822\.SIZE (\d+)", line)
    return (int(uid[1]), int(size[1])) if uid and size else (0, 0)


def _body(server: imaplib.IMAP4, uid: int, size: int) -> bytes | None:
    """The message, unread as it was; none when it is gone meanwhile."""
    part = "(BODY.PEEK[])" if size <= WHOLE else f"(BODY.PEEK[]<0.{BEGINNING}>)"
    _, lines = server.uid("FETCH", str(uid), part)
    return next((bytes(one[1]) for one in lines if isinstance(one, tuple)), None)


def _sent_folder(server: imaplib.IMAP4) -> str:
    """The folder that bears `\\Sent` (RFC 6154), else one of the usual names."""
    _, lines = server.list()
    names = {}
    for line in lines:
        found = (
            re.match(rb'\(([^)]*)\) (?:"[^"]*"|NIL) (.+)', line)
            if isinstance(line, bytes)
            else None
        )
        if found:
            names[decoded_name(found[2].decode("ascii", "replace"))] = found[1].lower()
    marked = [name for name, flags in names.items() if rb"\sent" in flags]
    usual = [name for name in names if name.rpartition(".")[2].rpartition("/")[2].lower() in _USUAL]
    return next(iter([*marked, *usual]), "")


_USUAL = ("sent", "sent items", "sent mail", "sent messages", "gesendet", "gesendete elemente", "envoyés", "enviados", "inviata", "posta inviata")  # fmt: skip


def _has(server: imaplib.IMAP4, message_id: str) -> bool:
    _, found = server.uid("SEARCH", "HEADER", "Message-ID", f'"{message_id}"')
    return bool(found and found[0])
