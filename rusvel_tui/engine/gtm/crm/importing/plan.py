"""The import before it happens: what becomes of each row, and of each contact that rows meet."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from rusvel_tui.engine.gtm.crm.importing.known import Known
from rusvel_tui.engine.gtm.crm.importing.meeting import Meeting
from rusvel_tui.engine.gtm.crm.importing.options import Options
from rusvel_tui.engine.gtm.crm.importing.packed import PackedRows
from rusvel_tui.engine.gtm.crm.importing.state import Change, State
from rusvel_tui.engine.gtm.crm.importing.typed import Typed, as_they_are

Outcome = Literal["created", "updated", "skipped", "rejected"]
OUTCOMES: tuple[Outcome, ...] = ("created", "updated", "skipped", "rejected")
CREATED, UPDATED, SKIPPED, REJECTED = range(4)
NOBODY = -(1 << 62)
"""The contact of a row that has none."""
_AT_ONCE = 500


@dataclass(slots=True)
class Target:
    """One contact with all that the rows which meet it say, put together in file order."""

    contact_id: str
    new: bool
    rows: State
    """The rows alone, put together; of a new contact that is all there is."""
    suppress: dict[str, str]
    """Addresses that must not be written to any more, with the heading that says so."""
    left_out: bool = False
    """Whether nothing but that is taken from the rows: no contact is made of them."""


@dataclass(slots=True)
class Plan:
    """What the import of a file does, row by row and contact by contact; contacts by the numbers of `Meeting`."""

    rows: PackedRows
    meeting: Meeting
    options: Options
    typed: Typed
    fates: bytearray
    """The outcome of each row, by its place in `OUTCOMES`."""
    met: array[int]
    """The contact of each row."""
    warnings: list[tuple[int, str]] = field(default_factory=list)
    suppress: dict[int, dict[str, tuple[str, int]]] = field(default_factory=dict)
    """By contact: addresses that must not be written to any more, with the heading and the row that say so."""
    outside: dict[str, str] = field(default_factory=dict)
    """The same of rows that make no contact."""
    unchanged: set[int] = field(default_factory=set)
    """Contacts of the database for which there is nothing to write."""

    def __len__(self) -> int:
        """How many contacts rows meet, in the order in which they are written."""
        return len(self.meeting.order)

    @property
    def tally(self) -> Counter[Outcome]:
        """How the rows divide into the four outcomes."""
        return Counter({name: self.fates.count(fate) for fate, name in enumerate(OUTCOMES)})

    def tally_of(self, first: int, end: int) -> Counter[Outcome]:
        """The same for the rows of some contacts; rows of nobody count with the first."""
        places = (p for one in self.meeting.order[first:end] for p in self.meeting.rows(one))
        found = Counter(OUTCOMES[self.fates[place]] for place in places)
        if first == 0:
            nobody = (place for place, one in enumerate(self.met) if one == NOBODY)
            found.update(OUTCOMES[self.fates[place]] for place in nobody)
        return found

    def targets(self, first: int = 0, end: int | None = None) -> Iterator[Target]:
        """Some contacts with what is to be written of them; nothing is kept, so that memory is not."""
        for one in self.meeting.order[first:end]:
            if one not in self.unchanged:
                yield self._target(one)
        if self.outside and (end is None or end >= len(self)):
            yield Target("", new=False, rows=State(), suppress=self.outside, left_out=True)

    def entries(self) -> Iterator[tuple[int, str, Outcome]]:
        """Row, contact and outcome of every row that has a contact."""
        for number, one, fate in zip(self.rows.numbers, self.met, self.fates, strict=True):
            if one != NOBODY:
                yield number, self.meeting.id_of(one), OUTCOMES[fate]

    def put_outcomes(self, known: dict[int, Outcome]) -> None:
        """Take over what was planned before for these rows."""
        for place, number in enumerate(self.rows.numbers):
            if number in known:
                self.fates[place] = OUTCOMES.index(known[number])

    def state(self, contact: int) -> tuple[State, dict[Change, int]]:
        """The rows of a contact put together, and which row said what they say last."""
        state, said_by = State(), dict[Change, int]()
        if contact < 0 and self.options.leaves_known:
            return state, said_by
        for place in self.meeting.rows(contact):
            said_by.update(dict.fromkeys(state.absorb(self.said(contact, place)), place))
        return state, said_by

    def said(self, contact: int, place: int) -> State:
        """What a row says about its contact: addresses of somebody else are not its own."""
        person, keys = self.rows.person(place), self.rows.keys[place]
        owns = self.meeting.owns
        mine = {
            key: one for key, one in zip(keys, person.emails, strict=True) if owns(contact, key)
        }
        return State.of(person, mine, self.typed(person.fields) if person.fields else {})

    def _target(self, contact: int) -> Target:
        places = self.meeting.rows(contact)
        single = len(places) == 1 and contact >= 0
        rows = self.said(contact, places[0]) if single else self.state(contact)[0]
        suppress = {key: heading for key, (heading, _) in self.suppress.get(contact, {}).items()}
        return Target(self.meeting.id_of(contact), contact >= 0, rows, suppress)


def make_plan(
    rows: PackedRows,
    known: Known,
    new_id: Callable[[int], str],
    options: Options | None = None,
    typed: Typed = as_they_are,
) -> Plan:
    """Let every row meet its contact, in file order, then compare what was put together with the database."""
    options = options or Options()
    meeting = Meeting(rows, known, new_id, options.keys)
    fates = bytearray((SKIPPED,)) * len(rows)
    met = array("q", [NOBODY]) * len(rows)
    planner = _Planner(Plan(rows, meeting, options, typed, fates, met), known)
    for place in rows.places():
        planner.take(place)
    return planner.finish()


class _Planner:
    """Takes row after row and keeps what each does."""

    def __init__(self, plan: Plan, known: Known) -> None:
        self._plan = plan
        self._known = known
        self._meeting = plan.meeting
        self._suppressed = set(known.suppressed)
        self._live: dict[int, State] = {}
        """New contacts that several rows have met, as they are so far."""

    def take(self, place: int) -> None:
        """One row with a person."""
        meeting, options = self._meeting, self._plan.options
        contact = meeting.find(place)
        if contact is None and options.policy == "update":
            self._plan.outside.update(self._not_listed(place))
            return
        if contact is None:
            contact = meeting.add(place)
            self._put(contact, place)
            self._plan.fates[place] = CREATED
        elif contact >= 0:
            self._add_to(contact, place)
        elif options.leaves_known:
            meeting.put(contact, place, silent=True)
        else:
            self._put(contact, place)
        self._plan.met[place] = contact
        if place in self._plan.rows.stops:
            self._suppress(contact, place)

    def finish(self) -> Plan:
        """The plan, when all rows are taken."""
        plan = self._plan
        places = (
            {number: place for place, number in enumerate(plan.rows.numbers)}
            if plan.rows.rejected
            else {}
        )
        for row in plan.rows.rejected:
            plan.fates[places[row.number]] = REJECTED
        plan.warnings += plan.rows.warnings
        stored = [one for one in plan.meeting.order if one < 0]
        for start in range(0, len(stored), _AT_ONCE):
            self._settle(stored[start : start + _AT_ONCE])
        return plan

    def _put(self, contact: int, place: int) -> None:
        """Put a row to its contact, with the addresses that are nobody else's."""
        rows = self._plan.rows
        for nth, key in enumerate(rows.keys[place]):
            if not self._meeting.claim(contact, key):
                text = f"{rows.person(place).emails[nth]} belongs to another contact and was left there."
                self._plan.warnings.append((rows.numbers[place], text))
        self._meeting.put(contact, place)

    def _add_to(self, contact: int, place: int) -> None:
        """One more row about a new contact: an update when it says anything new."""
        state = self._live.get(contact)
        if state is None:
            state = self._live[contact] = self._plan.state(contact)[0]
        self._put(contact, place)
        if state.absorb(self._plan.said(contact, place)):
            self._plan.fates[place] = UPDATED

    def _suppress(self, contact: int, place: int) -> None:
        """Note the addresses of the row that nobody may write to any more, and could before."""
        new = self._not_listed(place)
        if new:
            listed = self._plan.suppress.setdefault(contact, {})
            listed.update((key, (heading, place)) for key, heading in new.items())
            if self._plan.fates[place] == SKIPPED:
                self._plan.fates[place] = UPDATED

    def _not_listed(self, place: int) -> dict[str, str]:
        heading, keys = self._plan.rows.stops.get(place, ("", ()))
        new = dict.fromkeys((key for key in keys if key not in self._suppressed), heading)
        self._suppressed.update(new)
        return new

    def _settle(self, contacts: Sequence[int]) -> None:
        """The outcomes of rows that meet contacts of the database: whose word changes one, updates it."""
        plan = self._plan
        bases = self._known.load(map(self._meeting.id_of, contacts))
        for contact in contacts:
            state, said_by = plan.state(contact)
            changes = bases[self._meeting.id_of(contact)].absorb(state)
            said = {said_by[change] for change in changes}
            said.update(place for _, place in plan.suppress.get(contact, {}).values())
            for place in self._meeting.rows(contact):
                plan.fates[place] = UPDATED if place in said else SKIPPED
            if not said:
                plan.unchanged.add(contact)
