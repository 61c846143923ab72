"""Databases of any size, filled through the import that people use."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

from rusvel_tui.adapters.clock import FixedClock
from rusvel_tui.engine.context import Policy
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.crm.people.contact_inputs import ListContacts
from rusvel_tui.engine.gtm.crm.people.contacts import list_contacts

TASK = "Zacharias"
"""A word of the task that stands on Today: where it is seen, the first picture has data."""
STAGES = ("Lead", "Qualified", "Proposal", "Negotiation")
NOW = datetime(2026, 1, 15, 9, tzinfo=UTC)


def open_engine(path: Path) -> Engine:
    """An engine on a file of its own, with a fixed clock."""
    return Engine(
        path, clock=FixedClock(NOW), policy=Policy(undo_seconds=0, mail_from="me@acme.example")
    )


def people(folder: Path, count: int) -> Path:
    """A CSV file of invented people."""
    path = folder / f"people-{count}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("first name", "last name", "email", "company", "title"))
        for n in range(count):
            row = (
                f"Person{n % 977}",
                f"Family{n:06d}",
                f"p{n}@firm{n % 4999}.example",
                f"Firm {n % 4999}",
                "Owner",
            )
            writer.writerow(row)
    return path


def contacts(folder: Path, count: int, deals: int = 0) -> Path:
    """A database with so many contacts and deals; made once."""
    path = folder / f"contacts-{count}.db"
    if path.exists():
        return path
    engine = open_engine(path)
    engine.call("session.create", {"name": "bench", "currency": "EUR", "timezone": "Europe/Berlin"})
    engine.call("gtm.crm.import_contacts", {"path": str(people(folder, count))})
    _deals(engine, deals)
    plan_task(engine)
    engine.close()
    return path


def plan_task(engine: Engine) -> None:
    """Something that was due long ago, whatever the clock says."""
    engine.call("gtm.crm.add_task", {"subject": TASK, "due_at": "2020-01-01"})


def _deals(engine: Engine, count: int) -> None:
    people = engine.run(list_contacts, ListContacts(limit=10)).items
    for n in range(count):
        engine.call(
            "gtm.crm.add_deal",
            {
                "contact_id": people[n % len(people)].contact_id,
                "title": f"Deal {n}",
                "value": str(100 + n),
                "stage": STAGES[n % len(STAGES)],
            },
        )
