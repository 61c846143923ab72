"""One import of one file: planned in one read, written in chunks, resumed where it stopped."""

from __future__ import annotations

import time
from functools import partial
from typing import Any

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict
from rusvel_tui.engine.gtm.crm.importing.lookup import load_known
from rusvel_tui.engine.gtm.crm.importing.meeting import Target
from rusvel_tui.engine.gtm.crm.importing.plan import Plan, make_plan
from rusvel_tui.engine.gtm.crm.importing.source import ContactFile
from rusvel_tui.engine.gtm.crm.importing.writing import Writer
from rusvel_tui.engine.ids import id_series
from rusvel_tui.engine.models import ImportRow, ImportRun
from rusvel_tui.engine.models.base import tuples

CHUNK = 2000
"""Contacts in one transaction."""
_PAUSE = 0.005
"""Seconds between two of them: SQLite gives the lock to whoever asks at the right moment."""
_FEW = 1000
"""Up to so many new contacts, each gets an event of its own."""


class ImportJob:
    """The plan of an import and its way into the database.

    An import that was stopped goes on: the contacts that its rows met are kept from the start, so
    the plan is the same again, and the place up to which it was written moves with each chunk.
    """

    def __init__(self, ctx: Context, file: ContactFile, name: str, digest: str) -> None:
        self._ctx = ctx
        self._file = file
        self._name = name
        self._digest = digest
        self._earlier = self._same().count()
        stopped = self._same().where(ImportRun.state == "running").first()
        met = ImportRow.select(ImportRow.number, ImportRow.contact_id).where(
            ImportRow.import_id.in_(self._same(ImportRun.id))
        )
        people = [row.person for row in file.rows if row.person is not None]
        before = dict(tuples(met))
        known = load_known(ctx.session_id, people, before, unfinished=stopped is not None)
        ids = id_series(ctx.now)
        self.plan: Plan = make_plan(file.rows, known, lambda: next(ids))
        self.id: str | None = stopped.id if stopped else None
        self.counts: dict[str, int] = stopped.counts if stopped else self.plan.counts
        self._next: int = stopped.next_row if stopped else 0

    def run(self) -> None:
        """Write what is planned and not written yet."""
        ctx, targets = self._ctx, self.plan.targets
        self.id = self.id or ctx.write(self._begin)
        writer = Writer(ctx, self.id, f"import:{self._file.preset}")
        for start in range(self._next, max(len(targets), self._next + 1), CHUNK):
            ctx.write(partial(self._step, writer, start, targets[start : start + CHUNK]))
            time.sleep(_PAUSE)

    def _same(self, *fields: Any) -> Any:
        """The imports of this very file, read as the same format."""
        return ImportRun.select(*fields).where(
            (ImportRun.session_id == self._ctx.session_id)
            & (ImportRun.file_sha256 == self._digest)
            & (ImportRun.preset == self._file.preset)
        )

    def _begin(self) -> str:
        """Keep what is about to happen, so that it can go on after any stop."""
        ctx = self._ctx
        if self._same().count() != self._earlier:
            raise Conflict(
                "Another rusvel has just imported this file. Look at the contacts first."
            )
        older = ImportRow.import_id.in_(self._same(ImportRun.id))
        ImportRow.delete().where(older).execute()
        run = ImportRun.create(
            id=ctx.new_id(),
            session_id=ctx.session_id,
            file_name=self._name,
            file_sha256=self._digest,
            preset=self._file.preset,
            counts=self.counts,
            created_at=ctx.now,
            updated_at=ctx.now,
        )
        rows = ((run.id, row, one, self.plan.outcomes[row]) for row, one in self.plan.met.items())
        ImportRow._meta.database.connection().executemany(
            "INSERT INTO import_row (import_id, number, contact_id, outcome) VALUES (?, ?, ?, ?)",
            rows,
        )
        return str(run.id)

    def _step(self, writer: Writer, start: int, targets: list[Target]) -> None:
        """One chunk. The cursor moves in the same transaction, and only from where it was."""
        end = start + len(targets)
        done = end >= len(self.plan.targets)
        moved = (
            ImportRun.update(
                next_row=end, state="done" if done else "running", updated_at=self._ctx.now
            )
            .where(
                (ImportRun.id == self.id)
                & (ImportRun.next_row == start)
                & (ImportRun.state == "running")
            )
            .execute()
        )
        if not moved:
            raise Conflict("Another rusvel is importing this file. Look again when it is done.")
        writer.write([target for target in targets if target.changed])
        self._record(targets, done=done)

    def _record(self, targets: list[Target], *, done: bool) -> None:
        """Events: for few people one each, and one for the whole import."""
        if self.counts["created"] <= _FEW:
            for target in targets:
                if target.base is None:
                    name = target.rows.values.get("name") or target.rows.values.get("company", "")
                    self._ctx.record("gtm.contact.added", target.contact_id, {"name": name})
        if done:
            payload = {"name": self._name, "preset": self._file.preset, **self.counts}
            self._ctx.record("gtm.contact.imported", str(self.id), payload)
