"""The rows of a file in memory: two hundred bytes each, so that a hundred thousand of them are no matter."""

from __future__ import annotations

import marshal
from array import array
from collections.abc import Iterable, Iterator

from rusvel_tui.engine.gtm.crm.importing.rows import Kind, Person, Row


class PackedRows:
    """Rows in file order. People are kept as bytes; what else there is to say about rows stands beside them."""

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self.numbers = array("q")
        self.rejected: list[Row] = []
        self.warnings: list[tuple[int, str]] = []
        self.dropped: list[tuple[int, str]] = []
        self.suppressed: set[str] = set()
        """The keys of all addresses that the file wants nobody to write to."""
        self._kinds: dict[tuple[bool, bool], Kind] = {}
        self._people: list[bytes | None] = []
        for row in rows:
            self.add(row)

    def add(self, row: Row) -> None:
        """One more row."""
        self.numbers.append(row.number)
        person = row.person
        # This form is read by the very process that wrote it, and takes a third of the time of any other.
        self._people.append(None if person is None else marshal.dumps(tuple(person)))
        if person is not None:
            self._note(person)
        if row.status == "rejected":
            self.rejected.append(row)
        self.warnings += ((row.number, text) for text in row.warnings)
        self.dropped += ((row.number, value) for value in row.dropped)

    def _note(self, person: Person) -> None:
        has = bool(person.emails), bool(person.profile)
        if has not in self._kinds:
            self._kinds[has] = Kind(person.emails, person.profile)
        self.suppressed.update(person.stopped)

    @property
    def kinds(self) -> Iterable[Kind]:
        """By what the people can be met: every combination there is, once."""
        return self._kinds.values()

    def __len__(self) -> int:
        return len(self.numbers)

    def person(self, place: int) -> Person:
        """The person of the row at this place; there must be one."""
        packed = self._people[place]
        assert packed is not None  # noqa: S101 - rows of nobody are never asked for
        return Person._make(marshal.loads(packed))  # noqa: S302 - see above

    def people(self) -> Iterator[tuple[int, Person]]:
        """The people with their places."""
        return (
            (place, self.person(place))
            for place, packed in enumerate(self._people)
            if packed is not None
        )
