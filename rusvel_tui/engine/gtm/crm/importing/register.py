"""Who can be met by one kind of key, the first made first."""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable
from heapq import heappop, heappush
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


class Register(Generic[K]):
    """Contacts by a key that they may lose: those of the database as they were, and those that rows have met.

    A contact is a number, smaller when it was made before.
    """

    def __init__(self, stored: dict[K, list[int]]) -> None:
        self._stored = stored
        self._met: dict[K, int | list[int]] = {}
        self._next: dict[K, int] = {}

    def add(self, key: K, contact: int) -> None:
        """The contact has this key from now on, until it gets another one."""
        there = self._met.setdefault(key, contact)
        if isinstance(there, list):
            heappush(there, contact)
        elif there != contact:
            self._met[key] = sorted((there, contact))

    def first(self, key: K, has_it: Callable[[int], bool], touched: Container[int]) -> int | None:
        """The contact that was made first, of those that have the key still."""
        found = [
            one
            for one in (self._first_met(key, has_it), self._untouched(key, touched))
            if one is not None
        ]
        return min(found, default=None)

    def _first_met(self, key: K, has_it: Callable[[int], bool]) -> int | None:
        met = self._met.get(key)
        if isinstance(met, list):
            while met and not has_it(met[0]):
                heappop(met)
            return met[0] if met else None
        return met if met is not None and has_it(met) else None

    def _untouched(self, key: K, touched: Container[int]) -> int | None:
        """The first of the database that no row has met: it has the key as it had."""
        listed = self._stored.get(key, ())
        place = self._next.get(key, 0)
        while place < len(listed) and listed[place] in touched:
            place += 1
        self._next[key] = place
        return listed[place] if place < len(listed) else None
