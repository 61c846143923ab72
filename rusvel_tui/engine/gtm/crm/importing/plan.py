"""The import before it happens: what becomes of each row, and of each contact that rows meet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from rusvel_tui.engine.gtm.crm.importing.meeting import Known, Meeting, Target, is_bare
from rusvel_tui.engine.gtm.crm.importing.options import Options, Policy
from rusvel_tui.engine.gtm.crm.importing.rows import Person, Row
from rusvel_tui.engine.gtm.crm.importing.state import State
from rusvel_tui.engine.gtm.crm.importing.typed import Typed, as_they_are

Outcome = Literal["created", "updated", "skipped", "rejected"]
OUTCOMES: tuple[Outcome, ...] = ("created", "updated", "skipped", "rejected")


@dataclass(slots=True)
class Plan:
    """What the import of a file does, row by row and contact by contact."""

    targets: list[Target] = field(default_factory=list)
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    met: dict[int, str] = field(default_factory=dict)
    """The contact of each row that has one."""
    warnings: list[tuple[int, str]] = field(default_factory=list)

    @property
    def tally(self) -> Counter[Outcome]:
        """How the rows divide into the four outcomes."""
        return Counter(self.outcomes.values())


def make_plan(
    rows: Sequence[Row],
    known: Known,
    new_id: Callable[[], str],
    options: Options | None = None,
    typed: Typed = as_they_are,
) -> Plan:
    """Let every row meet its contact, in file order, then compare what was put together with the database."""
    options = options or Options()
    people = (row.person for row in rows if row.person is not None)
    by_name = any(is_bare(person, options.keys) for person in people)
    meeting = Meeting(known, new_id, by_name=by_name, match=options.keys)
    planner = _Planner(known, meeting, options.policy, typed)
    for row in rows:
        planner.take(row)
    return planner.finish()


class _Planner:
    """Takes row after row and keeps what each does."""

    def __init__(self, known: Known, meeting: Meeting, policy: Policy, typed: Typed) -> None:
        self._plan = Plan()
        self._typed = typed
        self._policy = policy
        self._meeting = meeting
        self._suppressed = set(known.suppressed)

    def take(self, row: Row) -> None:
        """One row: met by nobody when it is nobody or rejected."""
        plan = self._plan
        plan.warnings += ((row.number, text) for text in row.warnings)
        if row.person is None:
            plan.outcomes[row.number] = "rejected" if row.status == "rejected" else "skipped"
            return
        met = self._meeting.find(row.number, row.person)
        if met is None and self._policy == "update":
            self._leave_out(row.number, row.person)
            return
        if met is not None and met.base is not None and self._policy in ("skip", "create"):
            self._leave_alone(met, row.number, row.person)
            return
        target = met or self._meeting.add(row.number)
        changed = self._put(target, row.number, row.person)
        plan.met[row.number] = target.contact_id
        plan.outcomes[row.number] = (
            "created" if met is None else "updated" if changed else "skipped"
        )

    def finish(self) -> Plan:
        """The plan, when all rows are taken."""
        self._plan.targets = [*self._meeting.targets.values(), *self._meeting.left_out]
        for target in self._plan.targets:
            if target.base is not None:
                self._settle(target, target.base)
        return self._plan

    def _leave_out(self, number: int, person: Person) -> None:
        """Who is new stays away, but for what must not be written to."""
        self._plan.outcomes[number] = "skipped"
        new = self._not_listed(person)
        if new:
            self._meeting.leave_out(dict.fromkeys(new, person.suppressed))

    def _leave_alone(self, target: Target, number: int, person: Person) -> None:
        """Who is known stays as they are, but for what must not be written to."""
        target.numbers.append(number)
        target.said_by.update((("suppress", key), number) for key in self._suppress(target, person))
        self._plan.met[number] = target.contact_id

    def _settle(self, target: Target, base: State) -> None:
        """The outcomes of rows that meet a contact of the database: whose word changes it, updates it."""
        said = {target.said_by[change] for change in base.copy().absorb(target.rows)}
        said |= {target.said_by["suppress", key] for key in target.suppress}
        for number in target.numbers:
            self._plan.outcomes[number] = "updated" if number in said else "skipped"
        target.changed = bool(said)

    def _put(self, target: Target, number: int, person: Person) -> bool:
        """Put a row to the others of its contact; whether it says anything new."""
        free = [address for address in person.emails if self._meeting.claim(target, address)]
        if len(free) < len(person.emails):
            self._plan.warnings += (
                (number, f"{address.address} belongs to another contact and was left there.")
                for address in person.emails
                if address not in free
            )
        new, changes = target.take(number, State.of(person, free, self._typed(person.fields)))
        self._meeting.enlist(target, changes)
        suppressed = self._suppress(target, person)
        target.said_by.update((("suppress", key), number) for key in suppressed)
        return bool(new or suppressed)

    def _suppress(self, target: Target, person: Person) -> list[str]:
        """The addresses of the row that nobody may write to any more, and could before."""
        new = self._not_listed(person)
        target.suppress.update(dict.fromkeys(new, person.suppressed))
        return new

    def _not_listed(self, person: Person) -> list[str]:
        if not person.suppressed:
            return []
        new = [address.key for address in person.emails if address.key not in self._suppressed]
        self._suppressed.update(new)
        return new
