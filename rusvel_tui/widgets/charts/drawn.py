"""What every chart can do: be drawn at a width, and be told as a table."""

from __future__ import annotations

from abc import ABC, abstractmethod

Line = tuple[tuple[str, str], ...]
"""Pieces of text with their tones."""
Table = tuple[tuple[str, ...], ...]
"""Rows of cells, the head first."""


class Drawn(ABC):
    """A chart. Frozen data, so that the same chart is not drawn twice."""

    __slots__ = ()

    @abstractmethod
    def lines(self, width: int) -> tuple[Line, ...]:
        """The chart in so many cells; what does not fit gives way, numbers last."""

    @abstractmethod
    def table(self) -> Table:
        """The numbers behind it, exact."""
