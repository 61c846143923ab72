"""Schema of growth."""

from __future__ import annotations

SQL = ""
