"""The rows that a list holds in memory: blocks addressed by row index, filled as they arrive."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Generic, TypeVar

R = TypeVar("R")

BLOCK = 100
"""Rows in one block; blocks begin at its multiples."""
KEEP = 40
"""Blocks kept; the one unused for longest goes first."""


class RowCache(Generic[R]):
    """Blocks of rows of one version of a listing; the rows of the version before serve until theirs arrive."""

    def __init__(self) -> None:
        self.version = 0
        self.total: int | None = None
        self.exact = False
        """Whether `total` is all there are; else there are at least so many."""
        self._least = 0
        self._blocks: OrderedDict[int, tuple[int, tuple[R, ...]]] = OrderedDict()

    def restart(self) -> None:
        """What is held is out of date from here on."""
        self.version += 1
        self.exact = False
        self._least = 0

    def learn(self, total: int, *, exact: bool) -> None:
        """Take an answer about the number of rows: a count stands, a lower bound only grows."""
        if exact:
            self.total, self.exact = total, True
        elif not self.exact:
            self.total = self._least = max(self._least, total)

    def put(self, first: int, rows: Sequence[R]) -> None:
        """Keep rows that begin at index `first`, a multiple of the block size."""
        for start in range(0, max(1, len(rows)), BLOCK):
            number = (first + start) // BLOCK
            self._blocks[number] = (self.version, tuple(rows[start : start + BLOCK]))
            self._blocks.move_to_end(number)
        while len(self._blocks) > KEEP:
            self._blocks.popitem(last=False)

    def get(self, index: int) -> R | None:
        """The row at that index, None when it is not here (yet)."""
        number, slot = divmod(index, BLOCK)
        block = self._blocks.get(number)
        if block is None or slot >= len(block[1]) or index < 0:
            return None
        return block[1][slot]

    def block(self, number: int) -> tuple[R, ...] | None:
        """All rows of a block, None when it is not here or out of date."""
        version, rows = self._blocks.get(number, (-1, ()))
        return rows if version == self.version else None

    def is_fresh(self, index: int) -> bool:
        """Whether the row at that index belongs to the current version."""
        return self.block(index // BLOCK) is not None

    def missing(self, first: int, last: int) -> int | None:
        """Where the first block between two rows begins that is not here or out of date."""
        end = last if self.total is None else min(last, self.total - 1)
        for number in range(max(0, first) // BLOCK, end // BLOCK + 1):
            block = self._blocks.get(number)
            if block is None or block[0] != self.version:
                return number * BLOCK
            self._blocks.move_to_end(number)
        return None

    def fresh(self) -> list[tuple[int, R]]:
        """Index and row of all that belongs to the current version."""
        return [
            (number * BLOCK + slot, row)
            for number, (version, rows) in self._blocks.items()
            if version == self.version
            for slot, row in enumerate(rows)
        ]
