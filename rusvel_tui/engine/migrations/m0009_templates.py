"""Schema of templates."""

from __future__ import annotations

SQL = ""
