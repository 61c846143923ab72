"""Mails as files in a Maildir: an explicit choice for trying things out, no mail leaves."""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

from rusvel_tui.engine.crashpoints import crashpoint
from rusvel_tui.engine.ports import Envelope, Gate, NotSent, Receipt


class FolderMailer:
    """Writes each mail to `new/` of a Maildir, under a name that comes from its message id.

    A mail that is delivered once more gets the next number behind the same name, so nothing hides.
    """

    def __init__(self, path: Path | str) -> None:
        self._path = Path(path).expanduser()
        self.label = f"folder {self._path.name}/ (no mail leaves)"

    def send(self, envelope: Envelope, gate: Gate) -> Receipt:
        """Writes to `tmp/`, asks the gate, and moves the file: the move is the point of no return."""
        name = sha256(envelope.message_id.encode()).hexdigest()[:32]
        try:
            written = self._write(name, envelope.raw)
        except OSError as error:
            raise self._refused(error) from None
        try:
            crashpoint("after_body")
            gate()
            return self._move(written, name)
        except OSError as error:
            raise self._refused(error) from None
        finally:
            with suppress(OSError):
                written.unlink(missing_ok=True)

    def close(self) -> None:
        """Nothing is kept open."""

    def _write(self, name: str, raw: bytes) -> Path:
        for part in ("tmp", "new", "cur"):
            (self._path / part).mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path.chmod(0o700)
        crashpoint("after_connect")
        path = self._path / "tmp" / f"{name}.{os.getpid()}.{token_hex(4)}"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        return path

    def _move(self, written: Path, name: str) -> Receipt:
        final = self._place(written, name)
        crashpoint("after_dot")
        with suppress(OSError):  # the file is there; only a power cut could still take it away
            _sync_folder(self._path / "new")
        crashpoint("after_250")
        return Receipt(250, f"stored in the folder as {final}", final)

    def _place(self, written: Path, name: str) -> str:
        """Gives the file its name in `new/`; never over another one, as a rename would."""
        number = 0
        while True:
            number += 1
            final = f"{name}.{number}"
            if any((self._path / "cur").glob(f"{final}:*")):
                continue
            with suppress(FileExistsError):
                os.link(written, self._path / "new" / final)
                return final

    def _refused(self, error: OSError) -> NotSent:
        text = f"The mail folder {self._path.name}/ cannot be written: {error.strerror or error}."
        return NotSent(text, scope="account", permanent=True)


def _sync_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
