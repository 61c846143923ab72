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


EIGHTHS = " ▏▎▍▌▋▊▉█"
SPARKS = "▁▂▃▄▅▆▇█"


def bar(share: float, size: int) -> str:
    """A bar in eighths of a cell, for a share from 0 to 1; whatever is more than nothing is seen."""
    eighths = round(min(max(share, 0.0), 1.0) * size * 8)
    if share > 0:
        eighths = max(eighths, 1)
    whole, rest = divmod(eighths, 8)
    return ("█" * whole + (EIGHTHS[rest] if rest else "")).ljust(size)


def sparkline(points: tuple[float | None, ...], size: int) -> str:
    """The newest points as one row of blocks from the least to the most; a missing one is a gap."""
    shown = points[-size:] if size > 0 else ()
    known = [point for point in shown if point is not None]
    if not known:
        return ""
    low, high = min(known), max(known)
    span = high - low
    return "".join(
        " " if point is None else SPARKS[round((point - low) / span * 7) if span else 3]
        for point in shown
    )
