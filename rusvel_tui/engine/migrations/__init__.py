"""Versioned schema changes: SQL scripts in order, each applied once, in one transaction, after a backup."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from sqlite3 import Connection

from rusvel_tui.engine.migrations import (
    m0001_start,
    m0002_people,
    m0003_search,
    m0004_pipeline,
    m0005_imports,
    m0006_activities,
    m0007_sequences,
    m0008_schedule,
    m0009_templates,
    m0010_results,
    m0011_texts,
    m0012_sending,
    m0013_incoming,
    m0014_invoices,
    m0015_growth,
    m0016_views,
    m0017_pauses,
    m0018_agent,
)


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema; its number becomes `PRAGMA user_version`."""

    number: int
    name: str
    sql: str
    then: Callable[[Connection], None] | None = None
    """What is easier said in Python; in the same transaction, after the statements."""


MIGRATIONS = (
    Migration(1, "start", m0001_start.SQL),
    Migration(2, "people", m0002_people.SQL, m0002_people.fill),
    Migration(3, "search", m0003_search.SQL),
    Migration(4, "pipeline", m0004_pipeline.SQL),
    Migration(5, "imports", m0005_imports.SQL),
    Migration(6, "activities", m0006_activities.SQL),
    Migration(7, "sequences", m0007_sequences.SQL),
    Migration(8, "schedule", m0008_schedule.SQL),
    Migration(9, "templates", m0009_templates.SQL),
    Migration(10, "results", m0010_results.SQL),
    Migration(11, "texts", m0011_texts.SQL),
    Migration(12, "sending", m0012_sending.SQL),
    Migration(13, "incoming", m0013_incoming.SQL, m0013_incoming.loosen),
    Migration(14, "invoices", m0014_invoices.SQL),
    Migration(15, "growth", m0015_growth.SQL),
    Migration(16, "views", m0016_views.SQL),
    Migration(17, "pauses", m0017_pauses.SQL),
    Migration(18, "agent", m0018_agent.SQL),
)
"""All there are, in order. Add yours at the end; never change one that was released."""
