"""What left this machine, kept outside the database: a file that was put back from a backup cannot send it again.

A copy of the database is older than the mails that left after it was made. The journal knows them, so that such a
mail is put in doubt instead of leaving twice. It holds ids only: no address, no subject, no text.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from threading import Lock

from rusvel_tui.engine.ports import Envelope, Gate, GateClosed, InDoubt, Mailer, NotSent, Receipt


class Journal:
    """A file of lines: `+ MAIL KEY` before a mail may leave, `- MAIL` when it provably did not."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._read_to = 0
        self._keys: dict[str, str] = {}

    def has(self, mail_id: str, key: str) -> bool:
        """Whether this mail left, or another one that is the same to its recipient."""
        with self._lock:
            self._catch_up()
            return mail_id in self._keys or (bool(key) and key in self._keys.values())

    def note(self, mail_id: str, key: str) -> None:
        """The mail may leave from now on; durable when this returns."""
        self._append(f"+ {mail_id} {key}\n")

    def release(self, mail_id: str) -> None:
        """The mail did not leave."""
        self._append(f"- {mail_id}\n")

    def _append(self, line: str) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        flags = os.O_APPEND | os.O_CREAT | os.O_WRONLY | os.O_NOFOLLOW
        handle = os.open(self._path, flags, 0o600)
        try:
            os.write(handle, line.encode())  # one write: workers of other processes append, too
            os.fsync(handle)
        finally:
            os.close(handle)

    def _catch_up(self) -> None:
        """Read what was appended since; a line that is not whole yet is read the next time."""
        try:
            with self._path.open("rb") as file:
                file.seek(self._read_to)
                news = file.read()
        except FileNotFoundError:
            return
        whole = news[: news.rfind(b"\n") + 1]
        self._read_to += len(whole)
        for line in whole.decode("ascii", "replace").splitlines():
            sign, mail_id, *key = line.split(" ") if line.count(" ") else ("", "")
            if sign == "+":
                self._keys[mail_id] = key[0] if key else ""
            elif sign == "-":
                self._keys.pop(mail_id, None)


class JournalMailer:
    """A mailer that asks the journal first, and writes into it between the gate and the final dot."""

    def __init__(self, mailer: Mailer, path: Path) -> None:
        self.label = mailer.label
        self._mailer = mailer
        self._journal = Journal(path)

    def send(self, envelope: Envelope, gate: Gate) -> Receipt:
        """As the mailer behind it; raises `InDoubt` for a mail that left before, unless a person wants it again."""
        if self._known(envelope) and not envelope.again:
            gate()
            raise InDoubt("it left already, from a newer copy of this database")
        noted = False

        def note() -> None:
            nonlocal noted
            gate()
            try:
                self._journal.note(envelope.mail_id, envelope.key)
            except OSError as error:
                raise _unusable(error) from None
            noted = True

        try:
            return self._mailer.send(envelope, note)
        except (NotSent, GateClosed):
            if noted:
                with suppress(OSError):  # it stays known, and in the worst case a person is asked
                    self._journal.release(envelope.mail_id)
            raise

    def close(self) -> None:
        """Ends a kept connection; never raises."""
        self._mailer.close()

    def _known(self, envelope: Envelope) -> bool:
        try:
            return self._journal.has(envelope.mail_id, envelope.key)
        except OSError as error:
            raise _unusable(error) from None


def _unusable(error: OSError) -> NotSent:
    """Without the journal nothing leaves: nobody would know of it. It is tried again, like a server that is away."""
    why = f"the journal of what left cannot be used: {error.strerror}"
    return NotSent(why, scope="connection", permanent=False)
