"""Files of every older version, opened by this one: by the engine, from the prompt and in a real terminal."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from rusvel_tui.adapters.clock import FixedClock
from rusvel_tui.engine import db
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.migrations import MIGRATIONS
from tests.engine.test_people_migration import MADE, add
from tests.factories import START
from tests.system.helpers import ended, python
from tests.system.terminals import Terminal

RELEASED = [migration.number for migration in MIGRATIONS[:-1]]
BEFORE = "rusvel-before.db"


def at_version(path: Path, number: int) -> None:
    """Bring a file to a version, with the migrations of that time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(db, "MIGRATIONS", MIGRATIONS[:number])
        patch.setattr(db, "LATEST", number)
        db.Database(path).close()
    for copy in path.parent.glob("*.backup*"):
        copy.unlink()


@pytest.fixture(scope="module")
def olds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one file of each version: begun with the first, and taken along from one to the next."""
    folder = tmp_path_factory.mktemp("olds")
    path = folder / "desk.db"
    at_version(path, 1)
    with closing(sqlite3.connect(path)) as connection:
        values = (
            "s",
            "acme",
            "EUR",
            "Europe/Berlin",
            "",
            "",
            "{}",
            1,
            MADE.format(1),
            MADE.format(1),
        )
        connection.execute(f"INSERT INTO session VALUES ({','.join('?' * len(values))})", values)
        connection.execute("INSERT INTO setting VALUES ('', 'session.active', '\"s\"')")
        for number in (1, 2, 3):
            add(connection, number, "Looms Ltd")
        connection.commit()
    for number in RELEASED:
        at_version(path, number)
        shutil.copy(path, folder / f"v{number}.db")
    return folder


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


@pytest.mark.parametrize("number", RELEASED)
def test_t_120_every_older_file_comes_along_whole(
    olds: Path, tmp_path: Path, no_sync: None, number: int
) -> None:
    """T-120: its people are there and can be changed; beside it lies the file as it was."""
    path = tmp_path / "desk.db"
    shutil.copy(olds / f"v{number}.db", path)
    engine = Engine(path, clock=FixedClock(START))
    try:
        people = engine.call("gtm.crm.list_contacts", {}).items  # type: ignore[attr-defined]
        assert [(one.name, one.company) for one in people] == [
            (f"P{n}", "Looms Ltd") for n in (1, 2, 3)
        ]
        engine.call("gtm.crm.add_note", {"contact_id": "c1", "body": "Still here."})
        engine.call("undo", {})
    finally:
        engine.close()
    [copy] = tmp_path.glob("*.backup*")
    assert (version(copy), version(path)) == (number, MIGRATIONS[-1].number)


def command(home: dict[str, str], path: Path, *words: str) -> str:
    """What a command prints; it must work."""
    code, out, err = ended(python("-m", "rusvel_tui", "--db", str(path), *words, **home))
    assert code == 0, err
    return out


def test_t_120_the_first_version_opens_in_a_terminal_and_a_copy_comes_back(
    olds: Path, tmp_path: Path, home: dict[str, str]
) -> None:
    """T-120: opened, changed by the keyboard, put back from a copy of before, and opened again."""
    path, copy = tmp_path / "desk.db", tmp_path / BEFORE
    shutil.copy(olds / "v1.db", path)
    path.chmod(0o600)
    desk = (sys.executable, "-m", "rusvel_tui", "--db", str(path))
    with Terminal(desk, home) as terminal:
        terminal.until("▌Today", limit=60)
        terminal.press("gc")
        terminal.until("P3")
        terminal.press("q")
        assert terminal.ended() == 0
    command(home, path, "backup", str(copy))
    command(home, path, "call", "gtm.crm.add_contact", "name=Ada Late")
    assert "Ada Late" in command(home, path, "gtm", "list")
    assert "1 contact" in command(home, path, "restore", str(copy), "--yes")
    with Terminal(desk, home) as terminal:
        terminal.until("▌Today", limit=60)
        terminal.press("gc")
        terminal.until(lambda text: "3 contacts" in text and "P3" in text)
        assert "Ada Late" not in terminal.text
        terminal.press("q")
        assert terminal.ended() == 0
