"""Any changes of people, employers and custom fields, undone to the last one, are the start again, row by row."""

from __future__ import annotations

import json
import os
from contextlib import ExitStack, suppress
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from rusvel_tui.adapters.clock import FixedClock
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import EngineError, NotFound
from rusvel_tui.engine.gtm.crm.people.people import search_text, sort_text
from tests.factories import START, Desk, query
from tests.fakes import CannedDrafter, RecordingMailer

_TABLES = (
    "contact", "contact_email", "contact_phone", "employment", "company", "field_definition", "suppression",
)  # fmt: skip
_BOOKKEEPING = {"version", "updated_at", "created_at", "started_at", "ended_at", "opted_out_at"}
"""Columns that tell when, and how often, and not what."""
_LIVING = {
    "contact": "deleted_at IS NULL",
    "company": "deleted_at IS NULL",
    "contact_email": "deleted_at IS NULL",
    "contact_phone": "contact_id IN (SELECT id FROM contact WHERE deleted_at IS NULL)",
    "employment": "contact_id IN (SELECT id FROM contact WHERE deleted_at IS NULL)",
}
_SOME_ID = "01900000-0000-7000-8000-000000000000"

names = st.sampled_from(["Ada", "Ada King", "Grace Hopper", "Émile", ""])
firms = st.sampled_from(["", "Looms", "LOOMS", "Wool & Co", "Übertuch", "ubertuch"])
addresses = st.sampled_from(["a@example.com", "b@example.com", "c@looms.example", "d@gmail.com"])
phones = st.sampled_from(["12345", "+49 30 123456", "030 123456", "+1 202 555 0199"])
tags = st.lists(st.sampled_from(["vip", "old", "Fair"]), max_size=2)
values = st.dictionaries(
    st.sampled_from(["Seats", "seats", "Since", "Colour"]),
    st.sampled_from(["12", "2026-01-02", "x", ""]),
)
which = st.integers(0, 9)
changes = st.fixed_dictionaries(
    {},
    optional={
        "name": names,
        "company": firms,
        "title": st.sampled_from(["", "Owner"]),
        "country": st.sampled_from(["", "DE", "US"]),
        "emails": st.lists(addresses, max_size=2),
        "phones": st.lists(phones, max_size=2),
        "tags": tags,
        "fields": values,
    },
)


class PeopleMachine(RuleBasedStateMachine):
    """Nobody at first, then whatever one can do to people and companies."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        path = Path(self.folder.name) / "desk.db"
        copyfile(self.template, path)
        engine = Engine(path, clock=FixedClock(START), drafter=CannedDrafter())
        self.desk = Desk(engine, RecordingMailer(), CannedDrafter())
        self.connection = ExitStack()
        self.connection.enter_context(engine.connected())
        self.start = self.dump()

    def teardown(self) -> None:
        try:
            with suppress(NotFound):
                while True:
                    self.desk.call("undo")
            assert self.dump() == self.start
        finally:
            self.connection.close()
            self.desk.engine.close()
            self.folder.cleanup()

    def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        """The living rows, whole, without bookkeeping."""
        found = {}
        for table in _TABLES:
            columns = [row[1] for row in query(self.desk, f"PRAGMA table_info({table})")]
            kept = ", ".join(name for name in columns if name not in _BOOKKEEPING)
            where = _LIVING.get(table, "1")
            found[table] = sorted(
                query(self.desk, f"SELECT {kept} FROM {table} WHERE {where}"), key=repr
            )
        return found

    def attempt(self, name: str, /, **data: Any) -> None:
        """Do it, or be refused with a sentence and no trace."""
        before = self.dump()
        try:
            self.desk.call(name, **data)
        except EngineError:
            assert self.dump() == before

    def one(self, table: str, number: int) -> str:
        rows = query(self.desk, f"SELECT id FROM {table} ORDER BY id")
        return str(rows[number % len(rows)][0]) if rows else _SOME_ID

    @rule(name=names, company=firms, email=addresses, fields=values, tags=tags, phone=phones)
    def add_contact(self, **data: Any) -> None:
        self.attempt("gtm.crm.add_contact", **data | {"phones": [data.pop("phone")]})

    @rule(number=which, changes=changes)
    def update_contact(self, number: int, changes: dict[str, Any]) -> None:
        self.attempt("gtm.crm.update_contact", contact_id=self.one("contact", number), **changes)

    @rule(
        number=which, address=addresses, opted_out=st.none() | st.booleans(), invalid=st.booleans()
    )
    def set_flags(self, number: int, **data: Any) -> None:
        self.attempt("gtm.crm.set_email_flags", contact_id=self.one("contact", number), **data)

    @rule(numbers=st.lists(which, max_size=3))
    def delete_contacts(self, numbers: list[int]) -> None:
        ids = [self.one("contact", number) for number in numbers]
        self.attempt("gtm.crm.delete_contacts", contact_ids=ids)

    @rule(number=which)
    def delete_contact(self, number: int) -> None:
        self.attempt("gtm.crm.delete_contact", contact_id=self.one("contact", number))

    @rule(numbers=st.lists(which, max_size=3), add=tags, remove=tags)
    def tag_contacts(self, numbers: list[int], **data: Any) -> None:
        ids = [self.one("contact", number) for number in numbers]
        self.attempt("gtm.crm.tag_contacts", contact_ids=ids, **data)

    @rule(numbers=st.lists(which, max_size=3))
    def suppress_contacts(self, numbers: list[int]) -> None:
        ids = [self.one("contact", number) for number in numbers]
        self.attempt("gtm.crm.suppress_contacts", contact_ids=ids, reason="asked")

    @rule(name=firms, fields=values, domain=st.sampled_from(["", "looms.example"]))
    def add_company(self, **data: Any) -> None:
        self.attempt("gtm.crm.add_company", **data)

    @rule(number=which, name=firms, country=st.sampled_from(["", "DE"]))
    def update_company(self, number: int, **data: Any) -> None:
        self.attempt("gtm.crm.update_company", company_id=self.one("company", number), **data)

    @rule(number=which)
    def delete_company(self, number: int) -> None:
        self.attempt("gtm.crm.delete_company", company_id=self.one("company", number))

    @rule(
        entity=st.sampled_from(["contact", "company"]),
        kind=st.sampled_from(["text", "number", "date"]),
    )
    def define_field(self, entity: str, kind: str) -> None:
        label = "Since" if kind == "date" else "Seats"
        self.attempt("gtm.crm.define_field", entity=entity, label=label, type=kind)

    @rule(number=which, kind=st.sampled_from(["text", "number", "yes_no"]))
    def update_field(self, number: int, kind: str) -> None:
        self.attempt(
            "gtm.crm.update_field", field_id=self.one("field_definition", number), type=kind
        )

    @rule(number=which)
    def delete_field(self, number: int) -> None:
        self.attempt("gtm.crm.delete_field", field_id=self.one("field_definition", number))

    @rule()
    def undo(self) -> None:
        self.attempt("undo")

    @rule()
    def undo_and_redo(self) -> None:
        before = self.dump()
        with suppress(NotFound):
            self.desk.call("undo")
            self.desk.call("redo")
            assert self.dump() == before

    @invariant()
    def the_data_is_whole(self) -> None:
        assert query(self.desk, "PRAGMA foreign_key_check") == []
        assert query(self.desk, _ASTRAY) == []

    @invariant()
    def what_is_searched_and_sorted_is_what_stands_there(self) -> None:
        people = query(self.desk, "SELECT id, first_name, last_name, name, company, title, tags, search, sort_name FROM contact WHERE deleted_at IS NULL")  # fmt: skip
        for one, first, last, name, company, title, marks, search, sort_name in people:
            emails = "SELECT address FROM contact_email WHERE contact_id = ? ORDER BY position"
            found = tuple(address for (address,) in query(self.desk, emails, one))
            assert search == search_text(name, company, title, found, tuple(json.loads(marks)))
            assert sort_name == sort_text(first, last, name, company)


_ASTRAY = """
SELECT 'another name', c.id FROM contact c JOIN company o ON o.id = c.company_id
WHERE c.deleted_at IS NULL AND (c.company <> o.name OR o.deleted_at IS NOT NULL)
UNION ALL SELECT 'another employer', c.id FROM contact c
LEFT JOIN employment e ON e.contact_id = c.id AND e.ended_at IS NULL
LEFT JOIN company o ON o.id = e.company_id
WHERE c.deleted_at IS NULL AND e.company_id IS NOT c.company_id AND o.deleted_at IS NULL
UNION ALL SELECT 'no name', c.id FROM contact c WHERE c.deleted_at IS NULL AND c.name = '' AND c.company = ''
  AND NOT EXISTS (SELECT 1 FROM contact_email e WHERE e.contact_id = c.id)
UNION ALL SELECT 'gaps', contact_id FROM contact_email WHERE deleted_at IS NULL
  GROUP BY contact_id HAVING max(position) <> count(*) - 1 OR min(position) <> 0
UNION ALL SELECT 'gaps', contact_id FROM contact_phone
  GROUP BY contact_id HAVING max(position) <> count(*) - 1 OR min(position) <> 0"""


@pytest.fixture
def template(desk: Desk, tmp_path: Path) -> Path:
    """A session without anybody."""
    desk.engine.close()
    return tmp_path / "desk.db"


def test_q_082_undo_brings_people_and_companies_back_to_the_letter(template: Path) -> None:
    PeopleMachine.template = template
    wanted = settings(
        max_examples=int(os.environ.get("UNDO_EXAMPLES", "12")),
        stateful_step_count=25,
        deadline=None,
        phases=[Phase.reuse, Phase.generate, Phase.shrink],
        suppress_health_check=[HealthCheck.too_slow],
    )
    run_state_machine_as_test(PeopleMachine, settings=wanted)
