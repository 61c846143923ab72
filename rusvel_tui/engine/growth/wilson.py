"""The score interval of a share (Wilson 1927): right for few, and for shares near 0 and 1."""

from __future__ import annotations

import math
from statistics import NormalDist

_Z = NormalDist().inv_cdf(0.975)


def wilson(part: int, whole: int, z: float = _Z) -> tuple[float, float]:
    """The bounds of 95 % around part ÷ whole; everything is possible of nothing."""
    if not whole:
        return 0.0, 1.0
    share = part / whole
    scale = 1 + z * z / whole
    middle = (share + z * z / (2 * whole)) / scale
    width = z * math.sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole)) / scale
    return max(middle - width, 0.0), min(middle + width, 1.0)
