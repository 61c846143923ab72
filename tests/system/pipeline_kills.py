"""Two workers and a person who says yes, one of which is killed every few moments.

`python -m tests.system.pipeline_kills FILE PORT ORIGIN SEED KILLS [CERTIFICATE]`: with a certificate to trust they
talk encrypted. They are forks of this process, so that a new one
is at work after milliseconds. After that many kills the rest of the work is done in peace. Prints how many it killed.
"""

from __future__ import annotations

import os
import random
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import NoReturn

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import Conflict
from rusvel_tui.engine.gtm.approvals.boxes import ListApprovals, list_approvals
from rusvel_tui.engine.gtm.approvals.verdicts import Approve, approve
from rusvel_tui.engine.models import Mail
from rusvel_tui.engine.worker import Worker
from tests.system.driver import BEGIN, build
from tests.system.fast_clock import FastClock

NOTHING_LEFT = 3
LEASE = 600
"""Seconds of the story; one of the machine."""
OPEN = ("scheduled", "drafting", "held", "approved", "sending", "committing")
_SHORTEST, _LONGEST = 0.005, 0.15


def main(path: str, port: str, origin: str, seed: str, kills: str, trusted: str = "") -> int:
    chance = random.Random(int(seed))  # noqa: S311 - where to kill, not a secret
    roles: list[Callable[[Engine], None]] = [work, work, say_yes]
    pause, killed = Event(), 0
    people = [_fork(role, path, port, origin, trusted) for role in roles]
    idle = 0
    while idle < 2 * len(roles):
        pause.wait(chance.uniform(_SHORTEST, _LONGEST))
        for place, pid in enumerate(people):
            code = _ended(pid)
            if code is None:
                continue
            if code not in (0, NOTHING_LEFT, -signal.SIGKILL):
                return 1
            idle = idle + 1 if code == NOTHING_LEFT else 0
            people[place] = _fork(roles[place], path, port, origin, trusted)
        if killed < int(kills):
            os.kill(chance.choice(people), signal.SIGKILL)
            killed += 1
    for pid in people:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    print(killed)
    return 0


def _ended(pid: int) -> int | None:
    """The exit code of a process that ended, negative when a signal ended it."""
    found, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if found else None


def _fork(role: Callable[[Engine], None], path: str, port: str, origin: str, trusted: str) -> int:
    pid = os.fork()
    if not pid:
        _be(role, path, int(port), origin, Path(trusted) if trusted else None)
    return pid


def _be(
    role: Callable[[Engine], None], path: str, port: int, origin: str, trusted: Path | None
) -> NoReturn:
    """Do one's part; the code tells whether anything is left to do."""
    code = 1
    try:
        engine = build(Path(path), port, ca_file=trusted)
        engine.clock = FastClock(BEGIN, datetime.fromisoformat(origin))
        engine.policy = replace(engine.policy, lease_seconds=LEASE)
        role(engine)
        with engine.connected():
            first = (Mail.position == 0) & Mail.state.in_(OPEN)
            code = 0 if Mail.select().where(first).exists() else NOTHING_LEFT
    finally:
        os._exit(code)


def work(engine: Engine) -> None:
    """Draft and send what is due."""
    Worker(engine).until_idle()


def say_yes(engine: Engine) -> None:
    """Approve the first mails that wait, whatever brought them back."""
    page = engine.run(list_approvals, ListApprovals(limit=50))
    for mail in page.items:
        with suppress(Conflict):
            engine.run(approve, Approve(id=mail.id, digest=mail.digest or "-"))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
