"""Schema of activities."""

from __future__ import annotations

SQL = ""
