"""Versioned schema changes: SQL scripts in order, each applied once, in one transaction, after a backup."""

from __future__ import annotations

from dataclasses import dataclass

from rusvel_tui.engine.migrations import m0001_start


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema; its number becomes `PRAGMA user_version`."""

    number: int
    name: str
    sql: str


MIGRATIONS = (Migration(1, "start", m0001_start.SQL),)
"""All there are, in order. Add yours at the end; never change one that was released."""
