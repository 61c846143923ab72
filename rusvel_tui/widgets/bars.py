"""Small charts as text: bars of a share, a span in which a value lies, a row of points. Pure; a number always stands beside them."""

from __future__ import annotations

from collections.abc import Sequence

EIGHTHS = " ▏▎▍▌▋▊▉█"
SPARKS = "▁▂▃▄▅▆▇█"


def bar(share: float, size: int) -> str:
    """A bar in eighths of a cell for a share of 1, padded to `size` cells; whatever is more than nothing is seen."""
    return _filled(share, size, EIGHTHS)


def stroke(share: float, size: int) -> str:
    """A bar as a heavy line, for columns of facts: the same in halves of a cell."""
    return _filled(share, size, " ╸━")


def _filled(share: float, size: int, signs: str) -> str:
    """So much of the cells; the last sign is a full one, those before are its parts."""
    steps = len(signs) - 1
    parts = round(min(max(share, 0.0), 1.0) * size * steps)
    if share > 0:
        parts = max(parts, 1)
    whole, rest = divmod(parts, steps)
    return (signs[-1] * whole + (signs[rest] if rest else "")).ljust(size)


def sparkline(points: Sequence[float | None], size: int) -> str:
    """The newest points as one row of blocks from the least to the most; a missing one is a gap."""
    shown = points[-size:] if size > 0 else ()
    known = [point for point in shown if point is not None]
    if not known:
        return ""
    low, high = min(known), max(known)
    width = high - low
    return "".join(
        " " if point is None else SPARKS[round((point - low) / width * 7) if width else 3]
        for point in shown
    )


def span(low: float, value: float, high: float, top: float, size: int) -> str:
    """`··├──●────┤····`: where a value lies on a scale from 0 to `top`, and between which it may truly lie."""
    if top <= 0 or size < 3:
        return "·" * size
    first, at, last = (_cell(part, top, size) for part in (low, value, high))
    cells = ["·"] * size
    cells[first : last + 1] = "─" * (last - first + 1)
    cells[first], cells[last] = "├", "┤"
    cells[at] = "●"
    return "".join(cells)


def _cell(value: float, top: float, size: int) -> int:
    """In which cell of the scale a value lies."""
    return min(max(round(value / top * (size - 1)), 0), size - 1)
