"""Looks at the mailbox again and again, in a thread of its own: no screen and no sending waits for it."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.gtm.mail.incoming.receiving import (
    FindPlace,
    IngestMail,
    KeepPlace,
    Nothing,
    find_place,
    ingest,
    judge_waiting,
    keep_place,
)
from rusvel_tui.engine.gtm.mail.witness import Doubts, Witness, doubts, settle_by_evidence
from rusvel_tui.engine.ports import Mailbox, MailboxFailed

if TYPE_CHECKING:
    from rusvel_tui.engine.core import Engine

FIRST_LOOK = timedelta(days=30)
"""How far back a mailbox is read that never was."""
_LONGEST = 900.0
"""Seconds between two looks at a mailbox that fails."""


class MailReader:
    """Brings what is new in a mailbox into the engine, and settles doubts by what lies among sent mail."""

    def __init__(self, engine: Engine, mailbox: Mailbox, *, every: float = 60.0) -> None:
        self.engine = engine
        self.mailbox = mailbox
        self.every = every
        self.error = ""
        """What went wrong at the last look; empty when it went well."""

    def look(self, stop: threading.Event | None = None) -> int:
        """Look once; how many messages are new. Raises `MailboxFailed` and `EngineError`."""
        stop = stop or threading.Event()
        self.engine.run(judge_waiting, Nothing())
        new = sum(self._read(folder, stop) for folder in self.mailbox.folders)
        if not stop.is_set():
            self.settle_doubts()
        return new

    def settle_doubts(self) -> int:
        """Ask for the copies of mails that are in doubt; how many were found."""
        open_ = self.engine.run(doubts, Doubts()).items
        if not open_:
            return 0
        found = self.mailbox.find_sent([one.message_id for one in open_])
        settled = 0
        for session in {one.session_id for one in open_ if one.message_id in found}:
            ids = tuple(one.message_id for one in open_ if one.message_id in found and one.session_id == session)  # fmt: skip
            witness = Witness(session_id=session, message_ids=ids, where=f"the sent mail of {self.mailbox.name}")  # fmt: skip
            settled += self.engine.run(settle_by_evidence, witness).count
        return settled

    def run(self, stop: threading.Event) -> None:
        """Look until `stop` is set, less often while it fails. What failed is said in `error`."""
        failures = 0
        while not stop.is_set():
            try:
                self.look(stop)
                failures, self.error = 0, ""
            except (MailboxFailed, EngineError) as error:
                failures, self.error = failures + 1, str(error)
            wait = self.every if not failures else min(self.every * 2**failures, _LONGEST)
            stop.wait(wait)

    @contextmanager
    def beside(self, stop: threading.Event) -> Iterator[None]:
        """Run in a thread as long as this lasts."""
        over = threading.Event()
        thread = threading.Thread(target=self.run, args=(over,), name="mailbox", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join(timeout=2.0 if stop.is_set() else None)

    def _read(self, folder: str, stop: threading.Event) -> int:
        box = self.mailbox
        place = self.engine.run(find_place, FindPlace(mailbox=box.name, folder=folder)).place
        since = self.engine.clock.now() - FIRST_LOOK
        new = 0
        for one in box.fetch(folder, place, since):
            if one.raw.strip():
                coded = base64.b64encode(one.raw).decode()
                told = IngestMail(raw_base64=coded, mailbox=box.name, size=one.size)
                new += self.engine.run(ingest, told).new
            self.engine.run(keep_place, KeepPlace(mailbox=box.name, folder=folder, place=one.place))
            if stop.is_set():
                break
        return new
