"""Schema of sequences."""

from __future__ import annotations

SQL = ""
