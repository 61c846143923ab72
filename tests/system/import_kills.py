"""An import that is killed again and again: `python -m tests.system.import_kills DATABASE FILE SEED`.

Each try is a fork of this process. It lives a little longer than the one before, so that the import ends; then it
prints how many were killed.
"""

from __future__ import annotations

import os
import random
import signal
import sys
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import NoReturn

from rusvel_tui.adapters.clock import FixedClock
from rusvel_tui.engine import departments
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.crm.importing import run
from tests.factories import START

LATER = START + timedelta(hours=1)
_FIRST, _GROWTH = 0.05, 1.15
"""Seconds that the first try lives at most, and how much longer the next one may."""
_CHUNK, _STRIDE = 200, 500


def main(database: str, file: str, seed: str) -> int:
    departments.load()
    run.CHUNK, run.STRIDE = _CHUNK, _STRIDE
    chance = random.Random(int(seed))  # noqa: S311 - when to kill, not a secret
    pause, kills, longest = Event(), 0, _FIRST
    while True:
        worker = _fork(database, file)
        pause.wait(chance.uniform(0, longest))
        longest *= _GROWTH
        code = _ended(worker)
        if code is None:
            os.kill(worker, signal.SIGKILL)
            os.waitpid(worker, 0)
            kills += 1
        else:
            print(kills)
            return code


def _ended(worker: int) -> int | None:
    pid, status = os.waitpid(worker, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if pid else None


def _fork(database: str, file: str) -> int:
    worker = os.fork()
    if not worker:
        _work(Path(database), file)
    return worker


def _work(database: Path, file: str) -> NoReturn:
    code = 1
    try:
        engine = Engine(database, clock=FixedClock(LATER))
        engine.call("gtm.crm.import_contacts", {"path": file})
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
