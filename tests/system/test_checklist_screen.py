"""The checklist of the first design in the dashboard: a real terminal, its own worker, a real mail server."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.smtp_servers import Inbox, real_server
from tests.system.helpers import ended, python
from tests.system.terminals import Terminal

RUSVEL = (sys.executable, "-m", "rusvel_tui")
SAVE, NEXT, DOWN, ESCAPE = "\x13", "\t", "\x1b[B", "\x1b"


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "d.db"


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, int]]:
    with real_server() as made:
        yield made


@pytest.fixture
def desk(db: Path, inbox: tuple[Inbox, int]) -> Iterator[Terminal]:
    """The dashboard on an empty session, with a way to send."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    home = kept | {
        "HOME": str(db.parent), "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONUTF8": "1",
        "RUSVEL_UNDO_SECONDS": "0", "RUSVEL_SMTP_HOST": "127.0.0.1", "RUSVEL_SMTP_PORT": str(inbox[1]),
        "RUSVEL_SMTP_FROM": "grace@acme.example",
    }  # fmt: skip
    for words in (("session", "create", "acme"), ("call", "session.update", "sender_name=Grace")):
        assert ended(python("-m", "rusvel_tui", "--db", str(db), *words, **home))[0] == 0
    with Terminal((*RUSVEL, "--db", str(db)), home) as terminal:
        terminal.until("▌Today", limit=60)
        yield terminal


def rows(db: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(db, timeout=10)) as connection:
        return connection.execute(sql).fetchall()


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_c_120_c_121_c_122_c_123_c_124_c_125_c_126_c_127_c_128_c_129_c_145_on_the_screen(
    desk: Terminal, db: Path, inbox: tuple[Inbox, int]
) -> None:
    """A sequence is written, a lead enrolled on their card, a draft approved, a call done; by the keyboard alone."""
    written(desk)
    enrolled(desk, db)
    sent(desk, db, inbox[0])
    called(desk, db)
    told(desk)


def written(desk: Terminal) -> None:
    """A mail and a call behind it, activated; it stands in the list."""
    desk.press("gs")
    desk.until("No sequence yet.")
    desk.press("cs")
    desk.until("New sequence, with its first step")
    desk.press("Looms")
    desk.until("Name*           Looms")
    desk.press(f"{NEXT * 6}A question{NEXT}\rPS: Do you weave?{SAVE}")
    desk.until("n new step")
    desk.press("n")
    desk.until("Days to wait")
    desk.press("\r")
    desk.until("something to do by hand")
    desk.press(f"{DOWN}{DOWN}\r")
    desk.until(lambda text: "What            call" in text and "by hand" not in text)
    desk.press(f"{NEXT}0")
    desk.until("Days to wait    0")
    desk.press(SAVE)
    desk.until(lambda text: "call" in text and "n new step" in text)
    desk.press(ESCAPE)
    desk.until("A activate")
    desk.press("A")
    desk.until("● active")


def enrolled(desk: Terminal, db: Path) -> None:
    """A new contact, and the card on the record."""
    desk.press("gc")
    desk.until("▌Contacts")
    desk.press("cc")
    desk.until("New contact")
    desk.press("Ada Lovelace")
    desk.until("Ada Lovelace")
    desk.press(f"{NEXT}ada@example.com{SAVE}")
    desk.until("Added Ada Lovelace")
    desk.press("S")
    desk.until("Enrol")
    desk.press("\r")
    desk.until(lambda _: bool(rows(db, "SELECT status FROM enrollment")))
    assert rows(db, "SELECT status, position FROM enrollment") == [("active", 0)]


def sent(desk: Terminal, db: Path, server: Inbox) -> None:
    """The worker drafts, a person says yes, the server takes it; the timeline and the list know."""
    desk.press("gi")
    desk.until(lambda text: "Do you weave?" in text and "1 waiting 1" in text)
    desk.until("waits for your yes")
    assert server.mails == []
    desk.press("a")
    desk.until(lambda _: len(server.mails) == 1)
    assert server.mails[0].rcpt_tos == ["ada@example.com"]
    desk.until(lambda _: rows(db, "SELECT position FROM enrollment") == [(1,)])
    desk.press("gs")
    desk.until("2/2")
    desk.press("gc")
    desk.until(lambda text: "▌Contacts" in text and "Looms" in text)
    assert rows(db, "SELECT kind, status FROM activity ORDER BY id")[0] == ("email_out", "done")


def called(desk: Terminal, db: Path) -> None:
    """The call waits on the list of today until it is done; then the way is over."""
    desk.press("gt")
    desk.until(lambda text: "▌Today" in text and "due today" in text)
    desk.press("\r")
    desk.until("reached")
    desk.press("1\r")
    desk.until(lambda _: rows(db, "SELECT status, reason FROM enrollment") == [("completed", "finished")])  # fmt: skip


def told(desk: Terminal) -> None:
    """How a deal is and why; what came of the sequence."""
    desk.press("gd")
    desk.until("▌Deals")
    desk.press("cd")
    desk.until("A deal with whom?")
    desk.until("ada@example.com")
    desk.press("\r")
    desk.until("New deal")
    desk.press("Loom sale")
    desk.until("Loom sale")
    desk.press(SAVE)
    desk.until("no next step")
    desk.press("w")
    desk.until("to begin with")
