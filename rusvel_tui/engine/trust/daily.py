"""The backup of each day: a private copy in a folder of its own, the newest few of which are kept."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from rusvel_tui.engine.errors import NotPermitted
from rusvel_tui.engine.trust.copying import PAUSE, copy_slowly

_DAY = re.compile(r"(?P<stem>.*)-(?P<day>\d{4}-\d\d-\d\d)\.db")
_BEFORE = re.compile(r"\.before-(?P<what>\w+)\.backup(\.\d+)?")


class Kept(NamedTuple):
    """One copy that there is."""

    file: Path
    what: str
    """`daily`, or what it was made before: `before restore`, `before fix`, `before update 18`."""
    day: date
    bytes: int


@dataclass(frozen=True, slots=True)
class Daily:
    """Where the copies of one database lie, and how many of them are kept; with 0 none are made."""

    database: Path
    keep: int
    folder: Path

    @classmethod
    def of(cls, database: Path, keep: int, folder: Path | None = None) -> Daily:
        """The copies of that database: beside it, or below a folder that may serve several ones."""
        if folder is None:
            return cls(database, keep, database.with_name(f"{database.name}.backups"))
        mark = crc32(os.fsencode(database.absolute()))
        return cls(database, keep, folder / f"{database.name}-{mark:08x}")

    def file(self, day: date) -> Path:
        """The copy of a day."""
        return self.folder / f"{self.database.stem}-{day:%Y-%m-%d}.db"

    def is_due(self, now: datetime) -> bool:
        """Whether the copy of today, by UTC, is missing."""
        return self.keep > 0 and not self.file(now.date()).exists()

    def make(self, now: datetime, *, pause: float = PAUSE) -> Path | None:
        """Make the copy of today, then remove those that are too many; None when it is there or being made elsewhere.

        An older one is removed only when a newer one is whole, so a failure costs no copy.
        """
        if not self.is_due(now):
            return None
        self._prepare()
        with self._turn() as mine:
            if not mine or not self.is_due(now):
                return None
            made = self.file(now.date())
            copy_slowly(self.database, made, pause=pause)
            for old in self._surplus(made):
                old.unlink(missing_ok=True)
            return made

    def days(self) -> list[Kept]:
        """The copies of days, newest first."""
        found = (Kept(file, "daily", day, file.stat().st_size) for file, day in self._dated())
        return sorted(found, key=lambda one: one.day, reverse=True)

    def kept(self) -> list[Kept]:
        """Every copy there is, also those that were made before an update, a fix or a restore; newest first."""
        return sorted([*self.days(), *self._occasional()], key=lambda one: one.day, reverse=True)

    def _occasional(self) -> Iterator[Kept]:
        for file in self.database.parent.glob(f"{self.database.name}.before-*.backup*"):
            if found := _BEFORE.fullmatch(file.name.removeprefix(self.database.name)):
                what = found["what"]
                made = datetime.fromtimestamp(file.stat().st_mtime, UTC).date()
                what = f"update {what}" if what.isdecimal() else what
                yield Kept(file, f"before {what}", made, file.stat().st_size)

    def _dated(self) -> Iterator[tuple[Path, date]]:
        if not self.folder.is_dir():
            return
        for file in self.folder.iterdir():
            found = _DAY.fullmatch(file.name)
            if found and found["stem"] == self.database.stem:
                try:
                    yield file, date.fromisoformat(found["day"])
                except ValueError:
                    continue

    def _surplus(self, made: Path) -> list[Path]:
        """All but the newest few; never the one that was just made, whatever the clock said before."""
        others = [one.file for one in self.days() if one.file != made]
        return others[self.keep - 1 :]

    def _prepare(self) -> None:
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise NotPermitted(
                f"The folder {self.folder} for backups cannot be made: {error.strerror}."
            ) from None

    @contextmanager
    def _turn(self) -> Iterator[bool]:
        """Whether it is this process's turn: one at a time makes copies."""
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            yield _locked(handle)
        finally:
            os.close(handle)


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
