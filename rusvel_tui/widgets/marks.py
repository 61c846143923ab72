"""Which rows are marked: some ids, or all but some, so that 100 000 rows are one flag."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Marks:
    """The marked rows of a query. With `every` set the `ids` are the exceptions."""

    every: bool = False
    ids: frozenset[str] = frozenset()

    def has(self, row_id: str) -> bool:
        """True when that row is marked."""
        return (row_id in self.ids) != self.every

    def count(self, total: int) -> int:
        """How many of `total` rows are marked."""
        return max(0, total - len(self.ids)) if self.every else len(self.ids)

    def flip(self, row_id: str) -> Marks:
        """With that row's mark set or taken away."""
        return Marks(self.every, self.ids ^ {row_id})

    def add(self, row_ids: Iterable[str]) -> Marks:
        """With all of these rows marked."""
        wanted = frozenset(row_ids)
        return Marks(self.every, self.ids - wanted if self.every else self.ids | wanted)


NO_MARKS = Marks()
EVERY = Marks(every=True)


@dataclass(slots=True)
class Span:
    """A range being marked, by row index. Its ids are learnt block by block, since rows arrive later than the cursor."""

    before: Marks
    start: int
    end: int
    block: int
    """Rows in one block."""
    sticky: bool = True
    """Range mode: every movement extends. Otherwise only shift extends."""
    open: bool = True
    """False once the person has ended it; it goes on learning until it is complete."""
    _known: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def learn(self, number: int, row_ids: Sequence[str]) -> None:
        """The ids of all rows of a block."""
        self._known[number] = tuple(row_ids)

    def lacking(self) -> int | None:
        """The first block whose ids are not known yet."""
        low, high = sorted((self.start, self.end))
        numbers = range(low // self.block, high // self.block + 1)
        return next((number for number in numbers if number not in self._known), None)

    def marks(self) -> Marks:
        """The marks with this range added, as far as it is known."""
        return self.before.add(self._ids())

    def _ids(self) -> Iterator[str]:
        low, high = sorted((self.start, self.end))
        for number, row_ids in self._known.items():
            base = number * self.block
            yield from row_ids[max(0, low - base) : max(0, high + 1 - base)]
