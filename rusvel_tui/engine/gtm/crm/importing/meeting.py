"""Which contact a row is about: by address, by profile, by name and company, or by phone."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from typing import TypeVar

from rusvel_tui.engine.gtm.crm.importing.known import Known, Pair, Traits, is_bare
from rusvel_tui.engine.gtm.crm.importing.options import MATCH, Match
from rusvel_tui.engine.gtm.crm.importing.packed import PackedRows
from rusvel_tui.engine.gtm.crm.importing.register import K, Register
from rusvel_tui.engine.gtm.crm.importing.rows import Person
from rusvel_tui.engine.gtm.crm.importing.state import pair

T = TypeVar("T")
NOBODY = Traits("", "", "")


class Meeting:
    """Everybody whom the rows of a file can meet, as they are after the rows so far.

    A contact is a number: the new ones count up from 0, those of the database are negative and in the order of their
    making. Names and phones are kept only when some row has neither an address nor a profile, profiles only when some
    row has one.
    """

    def __init__(
        self,
        rows: PackedRows,
        known: Known,
        new_id: Callable[[int], str],
        match: tuple[Match, ...] = MATCH,
    ) -> None:
        self._packed = rows
        self._known = known
        self._match = match
        self._by_email = "email" in match
        self._by_name = any(is_bare(kind, match) for kind in rows.kinds)
        self._by_profile = "profile" in match and any(kind.profile for kind in rows.kinds)
        self._new_id = new_id
        self._stored = sorted(known.traits)
        self._numbers = {one: n for n, one in enumerate(self._stored, -len(self._stored))}
        self._owners = {key: self._numbers[one] for key, one in known.owners.items()}
        self._profiles = Register(self._numbered(known.profiles))
        self._pairs = Register(self._numbered(known.pairs))
        nameless = self._numbered(known.phones)
        self._phones = Register(nameless)
        self._nameless: dict[int, list[str]] = {}
        for digits, listed in nameless.items():
            for one in listed:
                self._nameless.setdefault(one, []).append(digits)
        self._traits: dict[int, Traits] = {}
        self._meant: dict[str, int] = {}
        self._meant_ids: dict[int, str] = {}
        self.order = array("q")
        """The contacts that rows have met, as they were met first."""
        self._founders = array("q")
        self._rows: dict[int, list[int]] = {}

    def find(self, place: int) -> int | None:
        """The contact that the row at this place is about, by the first of its marks that says so."""
        if self._by_email:
            for key in self._packed.keys[place]:
                if (owner := self._owners.get(key)) is not None:
                    return owner
        before = self._known.met_before.get(self._packed.numbers[place], "")
        if before:
            found = self._meant.get(before, self._numbers.get(before))
            if found is not None or self._known.unfinished:
                return found
        if self._by_name or (self._by_profile and self._packed.has_profile(place)):
            return self._find_by_marks(self._packed.person(place))
        return None

    def _find_by_marks(self, person: Person) -> int | None:
        """By profile; who has neither that nor an address, by name and company, or else by phone."""
        match = self._match
        slug, both = person.profile, pair(person.name, person.company)
        if slug and "profile" in match:
            return self._first(self._profiles, slug, lambda one: one.profile == slug)
        if not is_bare(person, match):
            return None
        if any(both):
            known = "name" in match
            return self._first(self._pairs, both, lambda one: _pair(one) == both) if known else None
        numbers = person.phones if "phone" in match else ()
        found = (self._first(self._phones, digits, _is_nameless) for _, digits in numbers)
        return next((contact for contact in found if contact is not None), None)

    def add(self, place: int) -> int:
        """A new contact for a row that is about nobody known."""
        contact = len(self._founders)
        number = self._packed.numbers[place]
        before = self._known.met_before.get(number, "") if self._known.unfinished else ""
        if before:
            self._meant[before] = contact
            self._meant_ids[contact] = before
        self._founders.append(place)
        return contact

    def put(self, contact: int, place: int, *, silent: bool = False) -> None:
        """The row at this place is about the contact, which can be met by what it says from now on.

        A silent row is only counted: nothing of it is taken.
        """
        if contact >= 0 and self._founders[contact] == place:
            self.order.append(contact)
        elif contact in self._rows:
            self._rows[contact].append(place)
        else:
            self._rows[contact] = [place] if contact < 0 else [self._founders[contact], place]
            if contact < 0:
                self.order.append(contact)
        if self._by_name or (self._by_profile and (contact < 0 or self._packed.has_profile(place))):
            self._enlist(contact, Person() if silent else self._packed.person(place))

    def claim(self, contact: int, key: str) -> bool:
        """Give the address with this key to the contact, unless it is somebody else's."""
        return self._owners.setdefault(key, contact) == contact

    def owns(self, contact: int, key: str) -> bool:
        return self._owners.get(key) == contact

    def rows(self, contact: int) -> Sequence[int]:
        """The places of the rows that met the contact."""
        return self._rows.get(contact) or (self._founders[contact],)

    def id_of(self, contact: int) -> str:
        if contact < 0:
            return self._stored[contact]
        return self._meant_ids.get(contact) or self._new_id(contact)

    def _enlist(self, contact: int, person: Person) -> None:
        """Make the contact findable by what it is called now."""
        old = self._traits.get(contact) or self._as_stored(contact)
        said = (person.name, person.company) if self._by_name else ("", "")
        now = Traits(
            *(new or before for new, before in zip((*said, person.profile), old, strict=True))
        )
        self._traits[contact] = now
        if now.profile:
            self._profiles.add(now.profile, contact)
        if self._by_name and any(both := _pair(now)):
            self._pairs.add(both, contact)
        elif self._by_name:
            for _, digits in person.phones:
                self._phones.add(digits, contact)

    def _as_stored(self, contact: int) -> Traits:
        """The contact before any row has met it; who has no name keeps the phones by which it is met."""
        if contact >= 0:
            return NOBODY
        for digits in self._nameless.get(contact, ()):
            self._phones.add(digits, contact)
        return self._known.traits[self._stored[contact]]

    def _first(self, register: Register[K], key: K, has_it: Callable[[Traits], bool]) -> int | None:
        """The contact that was made first of all that have this key now."""
        traits = self._traits
        return register.first(key, lambda one: has_it(traits.get(one, NOBODY)), self._rows)

    def _numbered(self, groups: dict[T, list[str]]) -> dict[T, list[int]]:
        return {key: [self._numbers[one] for one in ids] for key, ids in groups.items()}


def _pair(traits: Traits) -> Pair:
    return pair(traits.name, traits.company)


def _is_nameless(traits: Traits) -> bool:
    return not any(_pair(traits))
