"""The rows of a file in memory: three hundred bytes each, so that a hundred thousand of them are no matter."""

from __future__ import annotations

import marshal
from array import array
from collections.abc import Iterable, Iterator

from rusvel_tui.engine.gtm.crm.importing.rows import Kind, Person, Row


class PackedRows:
    """Rows in file order, each at its place. People are kept as bytes; beside them stands what planning asks for first."""

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self.numbers = array("q")
        self.keys: list[tuple[str, ...]] = []
        """The keys of the addresses of each row."""
        self.stops: dict[int, tuple[str, tuple[str, ...]]] = {}
        """By place: the heading that says that addresses must not be written to, and their keys."""
        self.rejected: list[Row] = []
        self.warnings: list[tuple[int, str]] = []
        self.dropped: list[tuple[int, str]] = []
        self._kinds: dict[tuple[bool, bool], Kind] = {}
        self._profiles = bytearray()
        self._people: list[bytes | None] = []
        for row in rows:
            self.add(row)

    def add(self, row: Row) -> None:
        """One more row."""
        self.numbers.append(row.number)
        self._pack(row.person)
        if row.status == "rejected":
            self.rejected.append(row)
        if row.warnings:
            self.warnings += ((row.number, text) for text in row.warnings)
            self.dropped += ((row.number, value) for value in row.dropped)

    def _pack(self, person: Person | None) -> None:
        if person is None:
            self._people.append(None)
            self._profiles.append(0)
            self.keys.append(())
            return
        if person.stopped:
            self.stops[len(self._people)] = person.suppressed, person.stopped
        # This form is read by the very process that wrote it, and takes a third of the time of any other.
        self._people.append(marshal.dumps(tuple(person)))
        self._profiles.append(bool(person.profile))
        self.keys.append(tuple(map(str.lower, person.emails)))
        has = bool(person.emails), bool(person.profile)
        if has not in self._kinds:
            self._kinds[has] = Kind(person.emails, person.profile)

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def kinds(self) -> Iterable[Kind]:
        """By what the people can be met: every combination there is, once."""
        return self._kinds.values()

    @property
    def suppressed(self) -> set[str]:
        """The keys of all addresses that the file wants nobody to write to."""
        return {key for _, keys in self.stops.values() for key in keys}

    def has_profile(self, place: int) -> bool:
        """Whether the row at this place names a profile."""
        return bool(self._profiles[place])

    def person(self, place: int) -> Person:
        """The person of the row at this place; there must be one."""
        packed = self._people[place]
        assert packed is not None  # noqa: S101 - rows of nobody are never asked for
        return Person._make(marshal.loads(packed))  # noqa: S302 - see above

    def places(self) -> Iterator[int]:
        """The places of the rows that have a person."""
        return (place for place, packed in enumerate(self._people) if packed is not None)
