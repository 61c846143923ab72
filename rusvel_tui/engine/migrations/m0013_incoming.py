"""Schema of mail that comes in."""

from __future__ import annotations

SQL = ""
