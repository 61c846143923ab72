"""Schema of invoices."""

from __future__ import annotations

SQL = ""
