"""A desk that is cut off while it sends: what it may leave behind, and what the next one has to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.adapters.smtp_servers import ScriptedServer
from tests.system.helpers import wait_for
from tests.system.processes import desks
from tests.system.story import Story, write

MAILS = 24


class Sending:
    """A file with approved mails that are due, and a server that takes them."""

    def __init__(self, path: Path, server: ScriptedServer) -> None:
        write(path, MAILS)
        self.path = path
        self.server = server
        self.story = Story(path, server)
        self.story.due_now()
        self.settings = {"RUSVEL_SMTP_HOST": "127.0.0.1", "RUSVEL_SMTP_PORT": str(server.port)}

    def cut_at_the_third(self, cut: Callable[[], object]) -> None:
        """Cut while the third mail waits for its answer; returns when no process has the desk open."""
        self.server.on_dot = lambda: cut() if len(self.server.mails) == 3 else None
        wait_for(lambda: len(self.server.mails) >= 3, "three mails to leave")
        wait_for(lambda: not desks(self.path), "the desk to end by itself")

    def check_what_was_left(self) -> None:
        """What left is known to have left, the rest waits, and nobody holds a job."""
        counted = "SELECT state, count(*) FROM mail WHERE position = 0 GROUP BY 1"
        states: dict[str, int] = dict(self.story.query(counted))
        assert states["sent"] == len(self.server.mails)
        assert states.keys() <= {"approved", "sent"}
        held = "SELECT id FROM job WHERE state = 'running' OR lease_until IS NOT NULL"
        assert self.story.query(held) == []
        print(f"{states['sent']} of {MAILS} had left")

    def check_the_rest(self) -> None:
        """Whoever is open now sends the rest, and nothing twice."""
        sent = "SELECT count(*) FROM mail WHERE position = 0 AND state = 'sent'"
        wait_for(lambda: self.story.query(sent) == [(MAILS,)], "the rest to leave")
        assert sorted(self.story.copies().values()) == [1] * MAILS
