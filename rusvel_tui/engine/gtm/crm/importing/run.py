"""One import of one file: planned in one read, written in chunks, resumed where it stopped."""

from __future__ import annotations

import time
from collections import Counter
from functools import partial
from typing import Any

from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import Conflict
from rusvel_tui.engine.gtm.crm.importing.lookup import load_known
from rusvel_tui.engine.gtm.crm.importing.meeting import Target
from rusvel_tui.engine.gtm.crm.importing.options import Options
from rusvel_tui.engine.gtm.crm.importing.plan import OUTCOMES, Outcome, Plan, make_plan
from rusvel_tui.engine.gtm.crm.importing.source import ContactFile
from rusvel_tui.engine.gtm.crm.importing.typed import typed_fields
from rusvel_tui.engine.gtm.crm.importing.writing import Writer
from rusvel_tui.engine.ids import id_series
from rusvel_tui.engine.models import Event, ImportChunk, ImportPlan, ImportRun
from rusvel_tui.engine.undo import SPENT

CHUNK = 2000
"""Contacts in one transaction."""
_PAUSE = 0.005
"""Seconds between two of them: SQLite gives the lock to whoever asks at the right moment."""
_FEW = 1000
"""Up to so many new contacts, each gets an event of its own."""
STOPPED = ("running", "cancelled")
"""States from which an import goes on when the same file is imported again."""


def as_counts(done: Counter[Outcome]) -> dict[str, int]:
    """`read`, which is the sum, and the four outcomes."""
    return {"read": sum(done.values()), **{name: done[name] for name in OUTCOMES}}


class ImportJob:
    """The plan of an import and its way into the database.

    An import that was stopped goes on: the contacts that its rows met are kept from the start, so
    the plan is the same again, and the place up to which it was written moves with each chunk.
    """

    def __init__(
        self, ctx: Context, file: ContactFile, name: str, digest: str, options: Options
    ) -> None:
        self._ctx = ctx
        self._file = file
        self._name = name
        self._digest = digest
        self._options = options
        self._earlier = self._same().count()
        stopped = self._same().where(ImportRun.state.in_(STOPPED)).first()
        people = [row.person for row in file.rows if row.person is not None]
        before = self._met_before()
        met = {row: contact_id for row, (contact_id, _) in before.items()}
        known = load_known(
            ctx.session_id, people, met, options.keys, unfinished=stopped is not None
        )
        ids = id_series(ctx.now)
        self.plan: Plan = make_plan(file.rows, known, lambda: next(ids), options, typed_fields(ctx))
        self.id: str | None = stopped.id if stopped else None
        self.state = "planned"
        if stopped:
            self.plan.outcomes |= {row: outcome for row, (_, outcome) in before.items()}
        self._next: int = stopped.next_row if stopped else 0
        written = self.plan.targets[: self._next]
        self.done: Counter[Outcome] = self._tally(written, first=0) if self._next else Counter()

    @property
    def counts(self) -> dict[str, int]:
        """What was done so far, or all that is planned when nothing shall be written."""
        return as_counts(self.plan.tally if self.state == "planned" else self.done)

    def run(self) -> None:
        """Write what is planned and not written yet, until it is done or somebody cancels it."""
        ctx, targets = self._ctx, self.plan.targets
        self.id = ctx.write(self._begin)
        self.state = "running"
        writer = Writer(ctx, self.id, f"import:{self._file.preset}")
        for start in range(self._next, max(len(targets), self._next + 1), CHUNK):
            ctx.write(partial(self._step, writer, start, targets[start : start + CHUNK]))
            if self.state != "running":
                return
            time.sleep(_PAUSE)

    def _same(self, *fields: Any) -> Any:
        """The imports of this very file, read as the same format."""
        return ImportRun.select(*fields).where(
            (ImportRun.session_id == self._ctx.session_id)
            & (ImportRun.file_sha256 == self._digest)
            & (ImportRun.preset == self._file.preset)
        )

    def _met_before(self) -> dict[int, tuple[str, Outcome]]:
        """The contact and the outcome of each row when this file was imported before."""
        plans = ImportPlan.select(ImportPlan.rows).where(
            ImportPlan.import_id.in_(self._same(ImportRun.id))
        )
        return {
            row: (contact_id, outcome) for plan in plans for row, contact_id, outcome in plan.rows
        }

    def _begin(self) -> str:
        """Keep what is about to happen, so that it can go on after any stop."""
        if self._same().count() != self._earlier:
            raise Conflict(
                "Another rusvel has just imported this file. Look at the contacts first."
            )
        if self.id is not None:
            self._go_on()
            return self.id
        ctx, plan = self._ctx, self.plan
        older = ImportPlan.import_id.in_(self._same(ImportRun.id))
        ImportPlan.delete().where(older).execute()
        run = ImportRun.create(
            id=ctx.new_id(),
            session_id=ctx.session_id,
            file_name=self._name,
            file_sha256=self._digest,
            preset=self._file.preset,
            options=self._options.as_stored(),
            counts=as_counts(self.done),
            total=len(plan.outcomes),
            created_at=ctx.now,
            updated_at=ctx.now,
        )
        rows = [(row, one, plan.outcomes[row]) for row, one in plan.met.items()]
        ImportPlan.insert(import_id=run.id, rows=rows).execute()
        return str(run.id)

    def _go_on(self) -> None:
        """A cancelled import runs again; what was done of it is taken back with the whole."""
        ImportRun.update(state="running", updated_at=self._ctx.now).where(
            (ImportRun.id == self.id) & ImportRun.state.in_(STOPPED)
        ).execute()
        Event.update(undone_by=SPENT).where(
            (Event.subject_id == self.id)
            & (Event.kind == "gtm.contact.import_cancelled")
            & Event.undone_by.is_null()
        ).execute()

    def _step(self, writer: Writer, start: int, targets: list[Target]) -> None:
        """One chunk. The cursor moves in the same transaction, and only from where it was."""
        end = start + len(targets)
        last = end >= len(self.plan.targets)
        done = self.done + self._tally(targets, first=start)
        counts = as_counts(done)
        moved = (
            ImportRun.update(
                next_row=end,
                state="done" if last else "running",
                counts=counts,
                updated_at=self._ctx.now,
            )
            .where(
                (ImportRun.id == self.id)
                & (ImportRun.next_row == start)
                & (ImportRun.state == "running")
            )
            .execute()
        )
        if not moved:
            self._stop()
            return
        made = writer.write([target for target in targets if target.changed])
        ImportChunk.insert(
            import_id=self.id,
            first=start,
            created=made.created,
            suppressed=made.suppressed,
            companies=made.companies,
        ).execute()
        self._record(targets, counts, last=last)
        self.done, self.state = done, "done" if last else "running"

    def _stop(self) -> None:
        """Somebody else holds the import, or wanted it to end here."""
        state = ImportRun.select(ImportRun.state).where(ImportRun.id == self.id).scalar()
        if state not in ("cancelled", "undone"):
            raise Conflict("Another rusvel is importing this file. Look again when it is done.")
        self.state = state

    def _tally(self, targets: list[Target], *, first: int) -> Counter[Outcome]:
        """The outcomes of the rows of these contacts; rows of nobody count with the first."""
        outcomes = self.plan.outcomes
        found = Counter(outcomes[number] for target in targets for number in target.numbers)
        if first == 0:
            met = self.plan.met
            found.update(outcome for row, outcome in outcomes.items() if row not in met)
        return found

    def _record(self, targets: list[Target], counts: dict[str, int], *, last: bool) -> None:
        """Events: for few people one each, and one for the whole import, which takes it back."""
        if self.plan.tally["created"] <= _FEW:
            for target in targets:
                if target.base is None and not target.left_out:
                    name = target.rows.values.get("name") or target.rows.values.get("company", "")
                    self._ctx.record("gtm.contact.added", target.contact_id, {"name": name})
        if last:
            payload = {"name": self._name, "preset": self._file.preset, **counts}
            undo = Inverse("gtm.crm.undo_import", {"import_id": self.id})
            self._ctx.record("gtm.contact.imported", str(self.id), payload, undo=undo)
