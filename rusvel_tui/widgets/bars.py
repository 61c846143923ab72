"""Small charts as text: a bar of a share, and a span in which a value lies. Pure; a number always stands beside them."""

from __future__ import annotations


def bar(share: float, size: int) -> str:
    """A bar of so many cells for a share of 1, padded to `size`; whatever is more than nothing is seen."""
    halves = round(min(max(share, 0.0), 1.0) * size * 2)
    if share > 0:
        halves = max(halves, 1)
    full, half = divmod(halves, 2)
    return ("━" * full + "╸" * half).ljust(size)


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
