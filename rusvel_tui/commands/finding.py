"""What a check of the doctor answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from rusvel_tui.commands.desk import Desk


class Finding(NamedTuple):
    """What one check found: `ok`, `warn` (works, but look at it) or `fail` (does not work)."""

    check: str
    state: str
    text: str


Check = Callable[[Desk], Iterator[Finding]]
