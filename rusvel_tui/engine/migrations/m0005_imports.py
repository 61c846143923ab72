"""Schema of imports."""

from __future__ import annotations

SQL = ""
