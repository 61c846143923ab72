"""A file with mails that wait for a yes or have one, what became of them, and a server that takes them."""

from __future__ import annotations

import re
import sqlite3
import subprocess
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rusvel_tui.adapters.clock import FixedClock, SystemClock
from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.core import Engine
from tests.adapters.smtp_servers import ScriptedServer
from tests.factories import Desk, box
from tests.system.driver import BEGIN, WHAT, build
from tests.system.helpers import python

LATER = "300"
"""Seconds after the beginning: every lease has run out."""


@dataclass(frozen=True)
class Mail:
    """What the file says about one mail and its job."""

    state: str
    job: str
    attempts: int
    message_id: str


@dataclass(frozen=True)
class Story:
    """One file, and the server that its mails go to."""

    path: Path
    server: ScriptedServer

    def process(
        self, what: str, *values: str, time: str = "0", **settings: str
    ) -> subprocess.Popen[str]:
        """A process that does something to the file."""
        words = (str(self.path), str(self.server.port), time, what, *values)
        return python("-m", "tests.system.driver", *words, **settings)

    def do(self, what: str, *values: str, time: str = LATER) -> None:
        """The same in this process, which is quicker where nobody dies."""
        engine = build(self.path, self.server.port, time)
        try:
            WHAT[what](engine, *values)
        finally:
            engine.close()

    def due_now(self) -> None:
        """All work is due by the clock of the machine: a mail that is a day late would ask again."""
        with closing(sqlite3.connect(self.path)) as file, file:
            file.execute("UPDATE job SET run_at = ?", (stamp(SystemClock().now()),))

    def query(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.path, timeout=30)) as connection:
            return connection.execute(sql, values).fetchall()

    def mail(self, position: int = 0) -> Mail:
        """The mail of that step; there is one recipient in the short stories."""
        sql = """SELECT m.state, j.state, j.attempts, m.message_id FROM mail m JOIN job j USING (id)
            WHERE m.position = ?"""
        [row] = self.query(sql, position)
        return Mail(*row)

    def mail_id(self, position: int = 0) -> str:
        [(mail_id,)] = self.query("SELECT id FROM mail WHERE position = ?", position)
        return str(mail_id)

    def events(self, kind: str) -> int:
        [(count,)] = self.query("SELECT count(*) FROM event WHERE kind = ?", kind)
        return int(count)

    def copies(self) -> Counter[str]:
        """How often the server took each mail, by its Message-ID."""
        return Counter(
            match[1].decode()
            for raw in list(self.server.mails)
            if (match := re.search(rb"^Message-ID: (<.*?>)", raw, re.M))
        )


def write(path: Path, people: int, *, approved: bool = True, drafted: bool = True) -> list[str]:
    """Enrol people in a sequence of two mails, up to the yes to the first; the ids of the jobs."""
    engine = Engine(path, clock=FixedClock(BEGIN))
    desk = Desk.with_session(engine)
    sequence = desk.sequence()
    with engine.connected():
        ids = [desk.enrol(sequence, desk.contact()).job_id for _ in range(people)]
        if drafted:
            desk.work()
        if approved and drafted:
            while waiting := box(desk):
                for mail in waiting:
                    desk.approve(mail)
    engine.close()
    return ids
