"""One import of one file: read, planned, written in chunks, and resumed where it stopped."""

from __future__ import annotations

import time
from collections import Counter
from functools import partial
from typing import Any

from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import Conflict
from rusvel_tui.engine.gtm.crm.importing.kept_plan import KeptPlan
from rusvel_tui.engine.gtm.crm.importing.lookup import load_known
from rusvel_tui.engine.gtm.crm.importing.options import Options
from rusvel_tui.engine.gtm.crm.importing.packed import PackedRows
from rusvel_tui.engine.gtm.crm.importing.plan import (
    CREATED,
    OUTCOMES,
    Outcome,
    Plan,
    Target,
    make_plan,
)
from rusvel_tui.engine.gtm.crm.importing.source import ContactFile
from rusvel_tui.engine.gtm.crm.importing.typed import typed_fields
from rusvel_tui.engine.gtm.crm.importing.writing import Writer
from rusvel_tui.engine.gtm.crm.merging.successors import successors
from rusvel_tui.engine.ids import id_maker
from rusvel_tui.engine.models import Event, ImportChunk, ImportPlan, ImportRun
from rusvel_tui.engine.models.base import database
from rusvel_tui.engine.undo import SPENT

CHUNK = 2000
"""Contacts in one transaction."""
STRIDE = 20_000
"""Rows that are read between two words about it."""
_PAUSE = 0.005
"""Seconds between two transactions: SQLite gives the lock to whoever asks at the right moment."""
_FEW = 1000
"""Up to so many new contacts, each gets an event of its own."""
STOPPED = ("running", "cancelled")
"""States from which an import goes on when the same file is imported again."""
_ELSEWHERE = "Another rusvel is importing this file. Look again when it is done."


class Stopped(Exception):
    """Somebody wants the import to end here."""


def as_counts(done: Counter[Outcome]) -> dict[str, int]:
    """`read`, which is the sum, and the four outcomes."""
    return {"read": sum(done.values()), **{name: done[name] for name in OUTCOMES}}


class ImportJob:
    """An import and its way into the database.

    One that was stopped goes on: the contacts that its rows met are kept from the start, so the plan is the same again,
    and the place up to which it was written moves with each chunk.
    """

    def __init__(
        self, ctx: Context, file: ContactFile, name: str, digest: str, options: Options
    ) -> None:
        self._ctx = ctx
        self._file = file
        self._name = name
        self._digest = digest
        self._options = options
        self.id: str | None = None
        self.state = "planned"
        self.rows = PackedRows()
        self.plan: Plan | None = None
        self.done: Counter[Outcome] = Counter()
        self._next = 0
        self._begun = False  # whether its plan was kept before it stopped

    @property
    def counts(self) -> dict[str, int]:
        """What was done so far, or all that is planned when nothing shall be written."""
        planned = self.state == "planned" and self.plan is not None
        return as_counts(self.plan.tally if planned and self.plan else self.done)

    @property
    def warnings(self) -> list[tuple[int, str]]:
        """What a person should know about rows."""
        return sorted(self.rows.warnings if self.plan is None else self.plan.warnings)

    def look(self) -> None:
        """Find out what would happen, and write nothing."""
        self._read()
        self.plan = self._ctx.read(self._plan)

    def run(self) -> None:
        """Import, until it is done or somebody cancels it."""
        self.id = self._ctx.write(self._begin)
        self.state = "running"
        try:
            self._read()
            plan = self.plan = self._ctx.read(self._plan)
            self._ctx.write(partial(self._keep, plan))
            self._write(plan)
        except Stopped:
            self.state = self._ctx.read(self._stored_state)

    def _read(self) -> None:
        for row in self._file.rows:
            self.rows.add(row)
            if self.id and len(self.rows) % STRIDE == 0:
                self._ctx.write(self._tell)

    def _write(self, plan: Plan) -> None:
        writer = Writer(self._ctx, str(self.id), f"import:{self._file.preset}")
        for start in range(self._next, max(len(plan), self._next + 1), CHUNK):
            self._ctx.write(partial(self._step, plan, writer, start))
            time.sleep(_PAUSE)

    def _same(self, *fields: Any) -> Any:
        """The imports of this very file, read as the same format."""
        return ImportRun.select(*fields).where(
            (ImportRun.session_id == self._ctx.session_id)
            & (ImportRun.file_sha256 == self._digest)
            & (ImportRun.preset == self._file.preset)
        )

    def _begin(self) -> str:
        """The record of this import, or that of the one which was stopped."""
        ctx = self._ctx
        stopped = self._same().where(ImportRun.state.in_(STOPPED)).first()
        if stopped is not None:
            self._go_on(stopped)
            return str(stopped.id)
        run = ImportRun.create(
            id=ctx.new_id(),
            session_id=ctx.session_id,
            file_name=self._name,
            file_sha256=self._digest,
            preset=self._file.preset,
            options=self._options.as_stored(),
            counts=as_counts(self.done),
            created_at=ctx.now,
            updated_at=ctx.now,
        )
        return str(run.id)

    def _go_on(self, run: ImportRun) -> None:
        """A cancelled import runs again; what was done of it is taken back with the whole."""
        run.state, run.updated_at = "running", self._ctx.now
        run.save()
        Event.update(undone_by=SPENT).where(
            (Event.subject_id == run.id)
            & (Event.kind == "gtm.contact.import_cancelled")
            & Event.undone_by.is_null()
        ).execute()

    def _tell(self) -> None:
        """How many rows were read so far."""
        self._move(total=len(self.rows))

    def _plan(self) -> Plan:
        """What becomes of every row, on one state of the database."""
        ctx = self._ctx
        stopped = self._same().where(ImportRun.state.in_(STOPPED)).first()
        before = self._planned_before()
        begun = stopped is not None and _has_plan(stopped.id)
        met = dict(zip(before.numbers, before.contacts, strict=True))
        if not begun:  # one that goes on keeps its plan
            now = successors(met.values())
            met = {row: now.get(one, one) for row, one in met.items()}
        known = load_known(ctx.session_id, self.rows, met, self._options.keys, unfinished=begun)
        plan = make_plan(self.rows, known, id_maker(ctx.now), self._options, typed_fields(ctx))
        if begun:
            plan.put_outcomes(dict(zip(before.numbers, before.outcomes, strict=True)))
            self._begun = True
            self._next = stopped.next_row
            self.done = plan.tally_of(0, self._next) if self._next else Counter()
        return plan

    def _planned_before(self) -> KeptPlan:
        """What the rows met when this file was imported before."""
        plans = ImportPlan.select(ImportPlan.rows).where(
            ImportPlan.import_id.in_(self._same(ImportRun.id))
        )
        return KeptPlan.stored(next((plan.rows for plan in plans), {}))

    def _keep(self, plan: Plan) -> None:
        """Keep what is about to happen, so that it can go on after any stop."""
        self._move(total=len(self.rows))
        if self._begun:
            return
        if _has_plan(str(self.id)):
            raise Conflict(_ELSEWHERE)
        older = ImportPlan.import_id.in_(self._same(ImportRun.id))
        ImportPlan.delete().where(older).execute()
        values = (self.id, KeptPlan.of(plan).as_text())
        database.execute_sql("INSERT INTO import_plan VALUES (?, ?)", values)

    def _step(self, plan: Plan, writer: Writer, start: int) -> None:
        """One chunk. The cursor moves in the same transaction, and only from where it was."""
        end = min(start + CHUNK, len(plan))
        last = end == len(plan)
        done = self.done + plan.tally_of(start, end)
        state = "done" if last else "running"
        self._move(ImportRun.next_row == start, next_row=end, state=state)
        targets = list(plan.targets(start, end))
        made = writer.write(targets)
        done.update(created=-made.met, updated=made.met)  # somebody else made them meanwhile
        ImportRun.update(counts=as_counts(done)).where(ImportRun.id == self.id).execute()
        ImportChunk.insert(
            import_id=self.id,
            first=start,
            created=made.created,
            suppressed=made.suppressed,
            companies=made.companies,
        ).execute()
        self._record(plan, targets, as_counts(done), last=last)
        self.done, self.state = done, state

    def _move(self, *only: Any, **changes: Any) -> None:
        """Change the record of the import while it runs and is where we left it."""
        query = ImportRun.update(updated_at=self._ctx.now, **changes).where(
            ImportRun.id == self.id, ImportRun.state == "running", *only
        )
        if query.execute():
            return
        if self._stored_state() in ("cancelled", "undone"):
            raise Stopped
        raise Conflict(_ELSEWHERE)

    def _stored_state(self) -> str:
        return str(ImportRun.select(ImportRun.state).where(ImportRun.id == self.id).scalar())

    def _record(
        self, plan: Plan, targets: list[Target], counts: dict[str, int], *, last: bool
    ) -> None:
        """Events: for few people one each, and one for the whole import, which takes it back."""
        if plan.fates.count(CREATED) <= _FEW:
            for target in targets:
                if target.new:
                    name = target.rows.values.get("name") or target.rows.values.get("company", "")
                    self._ctx.record("gtm.contact.added", target.contact_id, {"name": name})
        if last:
            payload = {"name": self._name, "preset": self._file.preset, **counts}
            undo = Inverse("gtm.crm.undo_import", {"import_id": self.id})
            self._ctx.record("gtm.contact.imported", str(self.id), payload, undo=undo)


def _has_plan(import_id: str) -> bool:
    return bool(ImportPlan.select().where(ImportPlan.import_id == import_id).exists())
