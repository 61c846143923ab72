"""A Maildir on this machine, as mbsync, offlineimap or a mail system fills it; nothing in it is touched."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from rusvel_tui.engine.ports import Arrived, MailboxFailed

WHOLE = 10_000_000
BEGINNING = 2_000_000
_HEADERS = 64_000
_SENT = (".Sent", "Sent", ".Sent Items", ".Sent Mail")


class MaildirMailbox:
    """Reads `new/` and `cur/`; what was changed since the last look is looked at again."""

    def __init__(self, path: Path | str) -> None:
        self._path = Path(path).expanduser()
        self.label = f"maildir {self._path.name}/"
        self.name = f"maildir {self._path.name}"
        self.folders: tuple[str, ...] = ("",)

    def fetch(self, folder: str, place: dict[str, int], since: datetime) -> Iterator[Arrived]:
        """New files by the time of their last change; links and folders are passed over."""
        if not (self._path / "new").is_dir() and not (self._path / "cur").is_dir():
            raise MailboxFailed(
                f"{self._path.name}/ is no Maildir: it has neither new/ nor cur/. Correct RUSVEL_MAILDIR_IN.",
                permanent=True,
            )
        known = place.get("changed_ns", int(since.timestamp() * 1e9))
        for changed, size, file in sorted(_changed(self._path, known)):
            with suppress(FileNotFoundError):  # another program moves files from new/ to cur/
                yield Arrived(_read(file, size), size, {"changed_ns": changed})

    def find_sent(self, message_ids: Sequence[str]) -> frozenset[str]:
        """Those that stand in the headers of a file of the Sent folder."""
        wanted, found = set(message_ids), set[str]()
        for name in _SENT:
            for _, size, file in _changed(self._path / name, 0):
                with suppress(OSError):
                    found |= wanted & _ids(_read(file, min(size, _HEADERS)))
        return frozenset(found)

    def check(self) -> str:
        """Look whether it can be read; what was found, for the doctor. Raises `MailboxFailed`."""
        number = sum(1 for _ in _changed(self._path, 0))
        if not number and not (self._path / "new").is_dir():
            raise MailboxFailed(f"{self._path.name}/ is no Maildir.", permanent=True)
        return f"{number} messages"

    def close(self) -> None:
        """Nothing is kept open."""


def _changed(path: Path, known: int) -> Iterator[tuple[int, int, Path]]:
    """Files that changed after that moment: when, how large, which."""
    for part in ("new", "cur"):
        folder = path / part
        if not folder.is_dir():
            continue
        for file in folder.iterdir():
            with suppress(OSError):
                stat = file.lstat()
                regular = (stat.st_mode & 0o170000) == 0o100000
                if regular and not file.name.startswith(".") and stat.st_ctime_ns > known:
                    yield stat.st_ctime_ns, stat.st_size, file


def _read(file: Path, size: int) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(size if size <= WHOLE else BEGINNING)
    except PermissionError:
        raise MailboxFailed(f"{file.parent.parent.name}/ cannot be read.", permanent=True) from None


def _ids(head: bytes) -> set[str]:
    text = head.partition(b"\n\n")[0].partition(b"\r\n\r\n")[0].decode("latin-1")
    found = re.search(r"^message-id:\s*(<[^<>\s]+>)", text, re.IGNORECASE | re.MULTILINE)
    return {found[1]} if found else set()
