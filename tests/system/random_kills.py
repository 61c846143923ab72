"""Two workers, one of which is killed every few moments: `python -m tests.system.random_kills FILE PORT SEED`.

They are forks of this process, so that a new one is at work after milliseconds. It ends when nothing
is left to send, and prints how many it killed.
"""

from __future__ import annotations

import os
import random
import signal
import sys
from pathlib import Path
from threading import Event
from typing import NoReturn

from rusvel_tui.engine.models import Mail
from rusvel_tui.engine.worker import Worker
from tests.system.driver import build

NOTHING_LEFT = 3
_SHORTEST, _LONGEST = 0.005, 0.25
"""Seconds between two kills."""


def main(path: str, port: str, seed: str) -> int:
    chance = random.Random(int(seed))  # noqa: S311 - where to kill, not a secret
    pause, kills, idle = Event(), 0, 0
    workers = [_fork(path, port), _fork(path, port)]
    while idle < len(workers):
        pause.wait(chance.uniform(_SHORTEST, _LONGEST))
        for place, worker in enumerate(workers):
            code = _ended(worker)
            if code is None:
                continue
            if code not in (0, NOTHING_LEFT, -signal.SIGKILL):
                return 1
            idle = idle + 1 if code == NOTHING_LEFT else 0
            workers[place] = _fork(path, port)
        if not idle:
            os.kill(chance.choice(workers), signal.SIGKILL)
            kills += 1
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)
    print(kills)
    return 0


def _ended(worker: int) -> int | None:
    """The exit code of a worker that ended, negative when a signal ended it."""
    pid, status = os.waitpid(worker, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if pid else None


def _fork(path: str, port: str) -> int:
    worker = os.fork()
    if not worker:
        _work(path, int(port))
    return worker


def _work(path: str, port: int) -> NoReturn:
    """Be a worker; the code tells whether anything is left to send."""
    code = 1
    try:
        engine = build(Path(path), port)
        Worker(engine).until_idle()
        with engine.connected():
            left = Mail.state.in_(("approved", "sending", "committing"))
            code = 0 if Mail.select().where(left).exists() else NOTHING_LEFT
    finally:
        os._exit(code)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
