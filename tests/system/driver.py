"""A process of its own for the tests that kill and freeze: `python -m tests.system.driver FILE PORT TIME WHAT …`.

TIME is a number of seconds after the start of the story, at which the clock stands still, or `now` for
the clock of the machine. WHAT is one of the functions below. The code at the end is that of the error.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rusvel_tui.adapters.clock import FixedClock, SystemClock
from rusvel_tui.adapters.mailers.smtp import SmtpMailer
from rusvel_tui.engine import sqlite
from rusvel_tui.engine.context import Actor, Policy
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.crashpoints import crashpoint
from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.gtm.approvals.aftermath import Outcome, SettleDoubt, settle_doubt
from rusvel_tui.engine.gtm.approvals.editing import Edit, edit
from rusvel_tui.engine.gtm.approvals.verdicts import Approve, approve
from rusvel_tui.engine.ports import Clock
from rusvel_tui.engine.worker import Worker
from tests.fakes import CannedDrafter

BEGIN = datetime(2020, 11, 24, 9, 0, tzinfo=UTC)
"""When the story begins: long ago for the clock of any machine."""
LEASE = "TEST_LEASE_SECONDS"
"""The variable that names a lease other than two minutes."""
CAP = "TEST_DAILY_CAP"
"""The variable that names how many mails may leave in a day."""
NO_SYNC = "TEST_NO_SYNC"
"""Set where nobody dies: commits do not wait for the disk."""


def build(path: Path, port: int, time: str = "now", ca_file: Path | None = None) -> Engine:
    """An engine that sends to a server on this machine, without an undo window; encrypted with a certificate to trust."""
    if ca_file is None:
        mailer = SmtpMailer("127.0.0.1", port, tls="plain")
    else:
        mailer = SmtpMailer("localhost", port, tls="tls", ca_file=ca_file)
    clock: Clock = (
        SystemClock() if time == "now" else FixedClock(BEGIN + timedelta(seconds=float(time)))
    )
    cap = os.environ.get(CAP)
    policy = Policy(
        undo_seconds=0,
        mailer=mailer.label,
        lease_seconds=int(os.environ.get(LEASE, "120")),
        daily_cap=int(cap) if cap else None,
    )
    actor = Actor(f"person {os.getpid()}")
    return Engine(
        path, clock=clock, drafter=CannedDrafter(), mailer=mailer, policy=policy, actor=actor
    )


def work(engine: Engine) -> None:
    """Do what is due, and say how many jobs that were."""
    print(Worker(engine).until_idle())


def work_once(engine: Engine) -> None:
    """Do one job: who was frozen at some point does not come there again."""
    Worker(engine).tick()


def say_yes(engine: Engine, mail_id: str, digest: str) -> None:
    """Approve one mail."""
    engine.run(approve, Approve(id=mail_id, digest=digest))
    crashpoint("after_approve")


def settle(engine: Engine, mail_id: str, outcome: str) -> None:
    """Settle one doubt."""
    engine.run(settle_doubt, SettleDoubt(id=mail_id, outcome=Outcome(outcome)))


def reword(engine: Engine, mail_id: str) -> None:
    """Edit one mail."""
    engine.run(edit, Edit(id=mail_id, subject="Another subject"))


def say_no(engine: Engine, mail_id: str) -> None:
    """Reject one mail."""
    engine.call("gtm.approvals.reject", {"id": mail_id, "reason": "not now"})


WHAT: dict[str, Callable[..., None]] = {
    "work": work,
    "tick": work_once,
    "approve": say_yes,
    "settle": settle,
    "edit": reword,
    "reject": say_no,
}


def _do_not_sync() -> None:
    pragmas = sqlite.pragmas

    def quick(*, read_only: bool = False) -> dict[str, int | str]:
        return pragmas(read_only=read_only) | {"synchronous": "off"}

    sqlite.pragmas = quick


def main(path: str, port: str, time: str, what: str, *values: str) -> int:
    if os.environ.get(NO_SYNC):
        _do_not_sync()
    engine = build(Path(path), int(port), time)
    try:
        WHAT[what](engine, *values)
    except EngineError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    finally:
        engine.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
