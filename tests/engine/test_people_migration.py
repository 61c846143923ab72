"""A file from before companies were records: its people get their employers, its phones their international form."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from rusvel_tui.adapters.clock import FixedClock
from rusvel_tui.engine import db
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.migrations import MIGRATIONS
from rusvel_tui.engine.models.base import dump_json
from tests.factories import START

MADE = "2026-01-0{}T09:00:00.000Z"
_CONTACT = (
    "id", "session_id", "name", "first_name", "last_name", "sort_name", "search", "company", "title", "timezone",
    "profile", "source", "tags", "links", "fields", "notes", "metadata", "version", "created_at", "updated_at",
    "deleted_at",
)  # fmt: skip


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of the first version with five people in it."""
    path = tmp_path / "desk.db"
    with monkeypatch.context() as patch:
        patch.setattr(db, "MIGRATIONS", MIGRATIONS[:1])
        patch.setattr(db, "LATEST", 1)
        db.Database(path).close()
    with closing(sqlite3.connect(path)) as connection:
        session = (
            "s",
            "acme",
            "EUR",
            "Europe/Berlin",
            "",
            "",
            "{}",
            1,
            MADE.format(1),
            MADE.format(1),
        )
        connection.execute(f"INSERT INTO session VALUES ({','.join('?' * 10)})", session)
        connection.execute("INSERT INTO setting VALUES ('', 'session.active', '\"s\"')")
        for number, company in enumerate(("ACME", "Acmé", "Acmé", "", "Gone Ltd"), 1):
            add(connection, number, company)
        connection.execute("UPDATE contact SET deleted_at = created_at WHERE id = 'c5'")
        phones = [
            ("p1", "s", "c1", "+49 (30) 1234567", "49301234567", 0),
            ("p2", "s", "c1", "030 1", "0301", 1),
        ]
        connection.executemany("INSERT INTO contact_phone VALUES (?, ?, ?, ?, ?, ?)", phones)
        connection.commit()
    return path


def add(connection: sqlite3.Connection, number: int, company: str) -> None:
    values = dict.fromkeys(_CONTACT, "") | {
        "id": f"c{number}", "session_id": "s", "name": f"P{number}", "company": company, "title": "Owner",
        "tags": "[]", "links": "[]", "fields": "{}", "metadata": dump_json({}), "version": 1,
        "created_at": MADE.format(number), "updated_at": MADE.format(number), "deleted_at": None,
    }  # fmt: skip
    marks = ",".join("?" * len(_CONTACT))
    connection.execute(
        f"INSERT INTO contact ({','.join(_CONTACT)}) VALUES ({marks})", tuple(values.values())
    )


@pytest.fixture
def engine(old: Path, no_sync: None) -> Any:
    made: Any = Engine(old, clock=FixedClock(START))
    yield made
    made.close()


def test_companies_come_from_what_stood_in_the_contacts(engine: Any) -> None:
    [company] = engine.call("gtm.crm.list_companies", {}).items
    assert (company.name, company.people_count) == ("Acmé", 3)
    seen = engine.call("gtm.crm.get_company", {"company_id": company.company_id})
    assert [(one.contact_id, one.title, one.started_at.day) for one in seen.people] == [
        ("c1", "Owner", 1),
        ("c2", "Owner", 2),
        ("c3", "Owner", 3),
    ]
    first = engine.call("gtm.crm.get_contact", {"contact_id": "c1"})
    assert (first.company, first.company_id) == ("Acmé", company.company_id)
    assert engine.call("gtm.crm.get_contact", {"contact_id": "c4"}).company_id is None


def test_phones_with_a_country_get_their_international_form(engine: Any) -> None:
    phones = engine.call("gtm.crm.get_contact", {"contact_id": "c1"}).phones
    assert [(phone.number, phone.e164) for phone in phones] == [
        ("+49 (30) 1234567", "+49301234567"),
        ("030 1", ""),
    ]
