"""The checklist of the first design in the dashboard: a real terminal, its own worker, a real mail server."""

from __future__ import annotations

import json
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
_UNDER_WAY = """SELECT c.name FROM enrollment e JOIN contact c ON c.id = e.contact_id JOIN sequence s ON s.id = e.sequence_id
WHERE s.name = 'New Lead Follow-up' AND e.status = 'active' LIMIT 1"""
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
def test_t_095_c_120_c_121_c_122_c_123_c_124_c_125_c_126_c_127_c_128_c_129_c_145_on_the_screen(
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


@pytest.fixture
def sample(db: Path) -> Iterator[Terminal]:
    """The dashboard on generated sample data, without a worker."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    home = kept | {
        "HOME": str(db.parent), "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONUTF8": "1",
    }  # fmt: skip
    assert ended(python("-m", "rusvel_tui", "demo", "--no-open", "--db", str(db), **home))[0] == 0
    branching = {
        "name": "Branches",
        "steps": [
            {"channel": "email", "subject": "Hi", "body": "Hi {{first_name|there}}, looms?"},
            {"channel": "linkedin", "delay_days": 2, "body": "Hello {{first_name}}", "when": ["reply is none"]},
        ],
    }  # fmt: skip
    made = python(
        "-m", "rusvel_tui", "--db", str(db), "call", "gtm.outreach.create_sequence",
        "--input", json.dumps(branching), **home,
    )  # fmt: skip
    assert ended(made)[0] == 0
    with Terminal((*RUSVEL, "--db", str(db)), home) as terminal:
        terminal.until("▌Today", limit=60)
        yield terminal


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_c_140_c_141_c_142_c_143_c_144_c_149_c_150_c_151_on_the_screen(
    sample: Terminal, db: Path
) -> None:
    """The named sequences, caps, objections, channels, conditions, edges, results, and what keeps mail from leaving."""
    listed(sample)
    capped(sample, db)
    measured(sample)
    refused_twice(sample, db)
    objected(sample, db)
    idle(sample)


def listed(desk: Terminal) -> None:
    """Both sequences of the first design with their steps; another channel, and its condition in words."""
    desk.press("gs")
    text = desk.until("only when reply is none")
    assert "task · LinkedIn · 2 days later" in text
    steps = {name: row.split("active")[1].split()[0] for row in text.splitlines()
             for name in ("New Lead Follow", "Deal Nurture Ca") if name in row}  # fmt: skip
    assert steps == {"New Lead Follow": "3", "Deal Nurture Ca": "2"}


def capped(desk: Terminal, db: Path) -> None:
    """Mails per day, in the form of when it works."""
    desk.press("W")
    desk.until("rules of its own")
    desk.press("e")
    desk.until("Mails per day")
    desk.press(f"mon-fri 09:00-17:00{NEXT * 6}5")
    desk.until("Mails per day   5")
    desk.press(SAVE)
    desk.until(
        lambda _: bool(rows(db, "SELECT 1 FROM send_schedule WHERE sequence_id IS NOT NULL"))
    )
    [(rules,)] = rows(db, "SELECT rules FROM send_schedule WHERE sequence_id IS NOT NULL")
    assert 5 in json.loads(rules).values()


def measured(desk: Terminal) -> None:
    """What came of it, by step."""
    desk.press("G")
    desk.until(lambda text: "▌  New Lead Follow" in text)
    desk.press("R")
    desk.until("How far people came")
    desk.press(ESCAPE)
    desk.until("e edit")


def refused_twice(desk: Terminal, db: Path) -> None:
    """Whoever is in a sequence is not enrolled in it again."""
    [(name,)] = rows(db, _UNDER_WAY)
    before = rows(db, "SELECT count(*) FROM enrollment")
    desk.press("S")
    desk.until("Type a name")
    desk.press(name)
    desk.until(lambda text: f"▌  {name}" in text)
    desk.press("\r")
    desk.until("already")
    assert rows(db, "SELECT count(*) FROM enrollment") == before


def objected(desk: Terminal, db: Path) -> None:
    """No more mail to somebody: it is kept, with the reason."""
    desk.press("gc")
    desk.until("▌Contacts")
    desk.until("Björn Abel")
    desk.press("B")
    desk.until("No more mail to")
    desk.press("asked\r")
    desk.until(lambda _: bool(rows(db, "SELECT 1 FROM suppression WHERE reason = 'asked'")))


def idle(desk: Terminal) -> None:
    """The header says why nothing leaves."""
    desk.until("no mailer")
