"""Ids: UUID version 7 (RFC 9562 §5.7) as text, so that ids sort by the time of their making."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from datetime import datetime
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


def id_series(now: datetime) -> Iterator[str]:
    """Ids of one moment that sort in the order of their making: a 32-bit count before 42 random bits."""
    millis = int(now.timestamp() * 1000) & ((1 << 48) - 1)
    start = millis << 80 | 0x7 << 76 | 0b10 << 62 | secrets.randbits(42)
    for number in count():
        text = f"{start | (number >> 20 & 0xFFF) << 64 | (number & 0xFFFFF) << 42:032x}"
        yield f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
