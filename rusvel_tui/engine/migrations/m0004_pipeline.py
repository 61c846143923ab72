"""Schema of pipeline."""

from __future__ import annotations

SQL = ""
