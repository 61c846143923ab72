"""Schema of mail that goes out."""

from __future__ import annotations

SQL = ""
