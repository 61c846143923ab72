"""Ids: UUID version 7 (RFC 9562 §5.7) as text, so that ids sort by the time of their making."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import lru_cache
from itertools import count
from uuid import UUID

_lock = threading.Lock()
_last = [0, 0]
"""The millisecond and the random part of the newest id of this process."""


def new_id(now: datetime) -> str:
    """A fresh id: 48 bits of milliseconds and 74 random ones; those of one millisecond count upwards (§6.2)."""
    millis = int(now.timestamp() * 1000) & ((1 << 48) - 1)
    with _lock:
        if _last[0] == millis:
            _last[1] += 1 + secrets.randbits(32)
        else:
            _last[:] = millis, secrets.randbits(73)
        low = _last[1] & ((1 << 74) - 1)
    value = millis << 80 | 0x7 << 76 | (low >> 62) << 64 | 0b10 << 62 | low & ((1 << 62) - 1)
    return str(UUID(int=value))


def id_maker(now: datetime) -> Callable[[int], str]:
    """Makes ids of one moment by number, sorted like the numbers: a 32-bit count before 42 random bits."""
    millis = int(now.timestamp() * 1000) & ((1 << 48) - 1)
    low = 0b10 << 62 | secrets.randbits(42)

    @lru_cache(maxsize=2)
    def head(high: int) -> str:
        text = f"{millis << 16 | 0x7 << 12 | high:016x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:]}-"

    def made(number: int) -> str:
        tail = f"{low | (number & 0xFFFFF) << 42:016x}"
        return f"{head(number >> 20)}{tail[:4]}-{tail[4:]}"

    return made


def id_series(now: datetime) -> Iterator[str]:
    """Such ids one after the other."""
    return map(id_maker(now), count())
