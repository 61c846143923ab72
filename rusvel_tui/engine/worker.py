"""The worker: takes due jobs one at a time and does them, wherever it runs.

What a job needs is imported with the first one: the dashboard makes its worker before it is drawn.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING

from rusvel_tui.engine import jobs, log
from rusvel_tui.engine.context import Actor
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.crashpoints import crashpoint
from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.job_kinds import JOB_KINDS
from rusvel_tui.engine.job_turns import BESIDE, PRIORITIES
from rusvel_tui.engine.ports import MailboxFailed
from rusvel_tui.engine.trust.keeper import BackupKeeper

if TYPE_CHECKING:
    from rusvel_tui.engine.gtm.mail.reader import MailReader

WORKER = Actor("worker", human=False)
"""Who drafts and sends; it can never say yes."""
_NUMBERS = count(1)
_RECOVER_EVERY = 10.0
_LOOKS = 3
"""So often the worker only asks whether anything was committed before it looks for work again."""
_PAUSE = 0.002
"""Seconds between two jobs: SQLite's locks are not fair, and a person's key press wants one too."""


class Worker:
    """One worker: a thread of the dashboard, the `rusvel worker` process, or `tick()` in a test."""

    def __init__(
        self,
        engine: Engine,
        *,
        name: str = "",
        session_id: str | None = None,
        lanes: tuple[int, ...] = PRIORITIES,
    ) -> None:
        """With a session, only its jobs are done."""
        self.lanes = lanes
        self.engine = engine.acting_as(WORKER)
        self.session_id = session_id
        self.job_id = ""
        """The job that was taken last."""
        self.name = name or f"{os.uname().nodename}:{os.getpid()}:{next(_NUMBERS)}"
        self.done = 0
        self.error = ""
        """What went wrong last, for the header; empty when the last job went well."""
        self.reader = _reader(self.engine)
        """Brings mail in, where a mailbox is configured."""
        self.backups = BackupKeeper(self.engine)
        self._resting = threading.Event()
        self._recover_at = -1.0
        self._started = False

    @property
    def paused(self) -> bool:
        return self._resting.is_set()

    def pause(self) -> None:
        """Take no further job until `resume`."""
        self._resting.set()

    def resume(self) -> None:
        self._resting.clear()

    def start(self) -> None:
        """Look at the file once and try again what waited for a setting: it may be there now."""
        from rusvel_tui.engine.gtm.outreach.mails.sender import WakeBlocked, wake_blocked

        self.engine.check()
        self.engine.run(wake_blocked, WakeBlocked())

    def tick(self, stop: threading.Event | None = None) -> bool:
        """Do at most one job; true when there was one."""
        stop = stop or threading.Event()
        with self.engine.connected():  # opening the file costs more than a look into it
            self._recover()
            crashpoint("before_claim")
            job = self.engine.run(jobs.claim, self._claim()).job
            if job is None:
                return self._follow_up()
        self.job_id = job.job_id
        crashpoint("after_claim")
        with self._heartbeat(job):
            try:
                JOB_KINDS[job.kind].handle(self.engine, job, stop)
                self.error = ""
            except Exception as error:  # noqa: BLE001 - a job may fail in any way; the worker goes on
                self.error = f"{type(error).__name__}: {error}"
                log.failed(f"job {job.kind} {job.job_id}", error)
                self.engine.run(jobs.give_back, jobs.GiveBack(error=self.error, **held(job)))
        self.done += 1
        return True

    def run(self, stop: threading.Event, *, idle: float = 1.0) -> None:
        """Work until `stop` is set. What the database refuses is said in `error` and tried again."""
        worked = False
        with self._reading(stop), self._beside(idle), self.backups.beside(stop):
            while not stop.is_set():
                try:
                    if not self._started:
                        self.start()
                        self._started = True
                    before = self.engine.committed()
                    worked = not self.paused and self.tick(stop)
                    if not (worked or self.paused):
                        self._rest(stop, idle, before)
                except EngineError as error:
                    if self.error != str(error):
                        log.failed("worker", error)
                    self.error = str(error)
                    worked = False
                stop.wait(_PAUSE if worked else idle)

    def _rest(self, stop: threading.Event, idle: float, seen: int) -> None:
        """Wait for a commit since then, but not for long: what is due by the clock alone tells nobody."""
        for _ in range(_LOOKS):
            if stop.wait(idle) or self.engine.committed() != seen:
                return

    def until_idle(self, stop: threading.Event | None = None) -> int:
        """Work until nothing is due and no approval is inside its undo window; the number of jobs done.

        The undo window is waited for, because its mails were approved and want to leave. With a
        fixed clock the wait moves the clock.
        """
        from rusvel_tui.engine.job_list import outlook

        stop = stop or threading.Event()
        before = self.done
        self.start()
        self._look(stop)
        while not stop.is_set():
            while self.tick(stop) and not stop.wait(_PAUSE):
                pass
            until = self.engine.run(outlook, jobs.Nothing()).undo_until
            if until is None:
                break
            left = (until - self.engine.clock.now()) / timedelta(seconds=1)
            self.engine.clock.wait(stop, max(left, 0) + 0.01)
        self.backups.look()
        return self.done - before

    def _reading(self, stop: threading.Event) -> AbstractContextManager[None]:
        """Look at the mailbox in a thread of its own meanwhile: a slow server holds no mail up."""
        return nullcontext() if self.reader is None else self.reader.beside(stop)

    @contextmanager
    def _beside(self, idle: float) -> Iterator[None]:
        """Do what waits for others in a thread of its own meanwhile: a slow hook holds no mail up."""
        if BESIDE not in self.lanes or len(self.lanes) == 1:
            yield
            return
        lanes, over = self.lanes, threading.Event()
        other = Worker(self.engine, name=f"{self.name}:beside", lanes=(BESIDE,))
        other.session_id, other.reader, other._resting = self.session_id, None, self._resting
        other._started = True  # the file is looked at once
        self.lanes = tuple(lane for lane in lanes if lane != BESIDE)
        thread = threading.Thread(
            target=other.run, args=(over,), kwargs={"idle": idle}, daemon=True
        )
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join(timeout=5.0)
            self.lanes = lanes

    def _look(self, stop: threading.Event) -> None:
        """Look at the mailbox once; one that cannot be read stops no work."""
        if self.reader is not None:
            try:
                self.reader.look(stop)
            except MailboxFailed as error:
                self.error = self.reader.error = str(error)

    def _claim(self) -> jobs.Claim:
        own = self.session_id is not None
        return jobs.Claim(
            owner=self.name, session_id=self.session_id, this_session=own, lanes=self.lanes
        )

    def _recover(self) -> None:
        """Every few seconds, put right what vanished workers left behind."""
        now = self.engine.clock.monotonic()
        if now >= self._recover_at:
            self._recover_at = now + _RECOVER_EVERY
            self.engine.run(jobs.recover, jobs.Nothing())
            self._follow_up()  # also where there is always a job: hooks wait no longer than this

    def _follow_up(self) -> bool:
        """Queue what events and the time ask for, unless another thread looks after that."""
        from rusvel_tui.engine.agent.following import follow_up

        follows = self.session_id is None and BESIDE in self.lanes
        return follows and follow_up(self.engine)

    @contextmanager
    def _heartbeat(self, job: jobs.ClaimedJob) -> Iterator[None]:
        """Extend the lease from a thread while the job is done."""
        over = threading.Event()
        every = self.engine.policy.lease_seconds / 4
        thread = threading.Thread(
            target=self._beat, args=(job, over, every), name="lease", daemon=True
        )
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _beat(self, job: jobs.ClaimedJob, over: threading.Event, every: float) -> None:
        while not over.wait(every):
            with suppress(EngineError):  # a full disk or a busy file may pass before the lease ends
                if not self.engine.run(jobs.heartbeat, jobs.Held(**held(job))).held:
                    return


def _reader(engine: Engine) -> MailReader | None:
    """The reader of the mailbox; what it needs is imported only where there is one."""
    if engine.mailbox is None:
        return None
    from rusvel_tui.engine.gtm.mail.reader import MailReader

    return MailReader(engine, engine.mailbox, every=engine.policy.mail_poll_seconds)


def held(job: jobs.ClaimedJob) -> dict[str, object]:
    """The proof of holding a job, as the fields of an input."""
    return {
        "session_id": job.session_id,
        "job_id": job.job_id,
        "owner": job.owner,
        "fence": job.fence,
    }
