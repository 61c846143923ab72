"""Which contact a row is about: by address, by profile, by name and company, or by phone."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Generic, TypeVar

from rusvel_tui.engine.addresses import Address
from rusvel_tui.engine.gtm.crm.importing.cells import compare_key
from rusvel_tui.engine.gtm.crm.importing.options import MATCH, Match
from rusvel_tui.engine.gtm.crm.importing.rows import Person
from rusvel_tui.engine.gtm.crm.importing.state import Change, State

Pair = tuple[str, str]
Order = tuple[int, str]
"""When a contact was made: those of the database first, each kind by its ids."""


@dataclass(slots=True)
class Known:
    """What the database holds of the people whom the rows of a file may be. Ids are in order of making."""

    owners: dict[str, str] = field(default_factory=dict)
    """The contact that has an address, by the key of the address."""
    profiles: dict[str, list[str]] = field(default_factory=dict)
    pairs: dict[Pair, list[str]] = field(default_factory=dict)
    """Contacts by name and company, as compared."""
    phones: dict[str, list[str]] = field(default_factory=dict)
    """Contacts without name and company, by digits."""
    suppressed: set[str] = field(default_factory=set)
    states: dict[str, State] = field(default_factory=dict)
    """All contacts named above and below, by id."""
    met_before: dict[int, str] = field(default_factory=dict)
    """The contact that each row met when this very file was imported before."""
    unfinished: bool = False
    """Whether that import stopped on the way: then those contacts need not exist yet."""


@dataclass(slots=True, eq=False)
class Target:
    """One contact with the rows of the file that meet it, put together in file order."""

    contact_id: str
    order: Order
    base: State | None
    """The contact as the database has it; None for a new one."""
    current: State
    """The contact as it is after the rows so far."""
    rows: State
    """The rows alone, put together; of a new contact that is all there is."""
    numbers: list[int] = field(default_factory=list)
    said_by: dict[Change, int] = field(default_factory=dict)
    """Which row said what the rows say last."""
    changed: bool = True
    """Whether there is anything to write."""
    suppress: dict[str, str] = field(default_factory=dict)
    """Addresses that must not be written to any more, with the heading that says so."""
    left_out: bool = False
    """Whether nothing but that is taken from the rows: no contact is made of them."""

    def take(self, number: int, said: State) -> tuple[list[Change], list[Change]]:
        """Put a row to the others: what is new among the rows, and what changes the contact as it is."""
        first = not self.numbers
        self.numbers.append(number)
        if first:
            self.rows, changes = said, said.everything()
        else:
            changes = self.rows.absorb(said)
        if self.base is None:
            self.current = self.rows
            return changes, changes
        self.said_by.update(dict.fromkeys(changes, number))
        return changes, self.current.absorb(said)


K = TypeVar("K")


def is_bare(person: Person, match: tuple[Match, ...]) -> bool:
    """Whether only the name or a phone can tell who it is."""
    by_email = person.emails and "email" in match
    return not by_email and not (person.profile and "profile" in match)


class Register(Generic[K]):
    """Who can be met by one kind of key: contacts that rows have met, and those of the database."""

    def __init__(self, stored: dict[K, list[str]]) -> None:
        self._stored = stored
        self._met: dict[K, list[Order]] = {}

    def add(self, key: K, order: Order) -> None:
        """The contact has this key from now on, until it gets another one."""
        heappush(self._met.setdefault(key, []), order)

    def first(self, key: K, has_it: Callable[[Order], bool]) -> Order | None:
        """The contact that was made first, of those that have the key still."""
        heap = self._met.get(key, [])
        while heap and not has_it(heap[0]):
            heappop(heap)
        return heap[0] if heap else None

    def stored(self, key: K, met: Container[str]) -> Order | None:
        """The contact of the database that was made first, of those that no row has met."""
        found = (contact_id for contact_id in self._stored.get(key, []) if contact_id not in met)
        first = next(found, None)
        return None if first is None else (0, first)


class Meeting:
    """Everybody whom the rows of a file can meet, as they are after the rows so far.

    `by_name` says that some rows have neither an address nor a profile: only then names and phones
    are kept to be found.
    """

    def __init__(
        self,
        known: Known,
        new_id: Callable[[], str],
        *,
        by_name: bool,
        match: tuple[Match, ...] = MATCH,
    ) -> None:
        self.targets: dict[str, Target] = {}
        self.left_out: list[Target] = []
        self._match = match
        self._by_name = by_name
        self._known = known
        self._new_id = new_id
        self._owners = dict(known.owners)
        self._profiles = Register(known.profiles)
        self._pairs = Register(known.pairs)
        self._phones = Register(known.phones)

    def find(self, number: int, person: Person) -> Target | None:
        """The contact that the row is about, by the first of its marks that says so."""
        for address in person.emails if "email" in self._match else ():
            if (owner := self._owners.get(address.key)) is not None:
                return self._touch(owner)
        before = self._known.met_before.get(number, "")
        if before in self.targets or before in self._known.states:
            return self._touch(before)
        if before and self._known.unfinished:
            return None
        return self._find_by_marks(person)

    def _find_by_marks(self, person: Person) -> Target | None:
        """By profile; who has neither that nor an address, by name and company, or else by phone."""
        match = self._match
        if person.profile and "profile" in match:
            return self._by(self._profiles, person.profile, lambda state: state.profile)
        if not is_bare(person, match):
            return None
        pair = compare_key(person.name), compare_key(person.company)
        if any(pair):
            if "name" not in match:
                return None
            return self._by(self._pairs, pair, lambda state: state.pair)
        if "phone" not in match:
            return None
        found = (self._by_phone(phone.digits) for phone in person.phones)
        return next((target for target in found if target is not None), None)

    def add(self, number: int) -> Target:
        """A new contact for a row that is about nobody known."""
        before = self._known.met_before.get(number, "") if self._known.unfinished else ""
        contact_id = before or self._new_id()
        state = State()
        return self._enter(Target(contact_id, (1, contact_id), None, state, state))

    def claim(self, target: Target, address: Address) -> bool:
        """Give the address to the contact, unless it is somebody else's."""
        return self._owners.setdefault(address.key, target.contact_id) == target.contact_id

    def enlist(self, target: Target, changes: list[Change]) -> None:
        """Make the contact findable by what has changed."""
        names = {name for name, _ in changes}
        if "profile" in names:
            self._profiles.add(target.current.profile, target.order)
        if not self._by_name:
            return
        if names & {"name", "company"}:
            self._pairs.add(target.current.pair, target.order)
        for name, key in changes:
            if name == "phones":
                self._phones.add(key, target.order)

    def _by_phone(self, digits: str) -> Target | None:
        return self._by(self._phones, digits, lambda state: "" if any(state.pair) else digits)

    def _by(self, register: Register[K], key: K, of: Callable[[State], K]) -> Target | None:
        """The contact that was made first of all that have this key now."""
        met = register.first(key, lambda one: of(self.targets[one[1]].current) == key)
        stored = register.stored(key, self.targets)
        first = min(filter(None, (met, stored)), default=None)
        return self._touch(first[1]) if first else None

    def _touch(self, contact_id: str) -> Target:
        """A contact that rows have met, or one of the database that they meet from now on."""
        if contact_id not in self.targets:
            base = self._known.states[contact_id]
            target = Target(contact_id, (0, contact_id), base, base.copy(), State())
            self._enter(target)
            phones = [("phones", key) for key in base.phones]
            self.enlist(target, [("name", ""), ("profile", ""), *phones])
        return self.targets[contact_id]

    def leave_out(self, suppress: dict[str, str]) -> None:
        """Nobody is made of a row, but its addresses must not be written to."""
        state = State()
        target = Target("", (1, ""), None, state, state, suppress=suppress, left_out=True)
        self.left_out.append(target)

    def _enter(self, target: Target) -> Target:
        self.targets[target.contact_id] = target
        return target
