"""Schema of schedule."""

from __future__ import annotations

SQL = ""
