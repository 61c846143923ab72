"""Whatever is done to people, companies, deals and activities, the data stay whole; undoing everything is the start.

Compared are all living rows of the tables in `STATE` with all their columns, ids included, but for versions, times of
change and the number of a card's rank: its place in the column counts. Not compared is what is kept on purpose: the
log, the moves of deals, merges and imports as records, rows marked as deleted, and opt-outs that an import brought.
"""

from __future__ import annotations

import os
from collections import Counter
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
    precondition,
    rule,
    run_state_machine_as_test,
)

from rusvel_tui.adapters.clock import FixedClock
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import EngineError, NotFound
from rusvel_tui.engine.gtm.crm.merging.merging import MOVED, OWN
from rusvel_tui.engine.gtm.crm.people.people import search_text, sort_text
from rusvel_tui.engine.text import fold
from tests.factories import START, Desk, query
from tests.fakes import CannedDrafter, RecordingMailer

LIVING = "contact_id IN (SELECT id FROM contact WHERE deleted_at IS NULL)"
STATE = {
    "contact": "deleted_at IS NULL",
    "contact_email": LIVING,
    "contact_phone": LIVING,
    "employment": LIVING,
    "company": "deleted_at IS NULL",
    "deal": "deleted_at IS NULL",
    "activity": "deleted_at IS NULL",
    "suppression": "TRUE",
    "not_duplicate": "TRUE",
    "field_definition": "TRUE",
    "pipeline_stage": "TRUE",
}
"""The tables of the CRM, and which of their rows are there for a person."""
NOT_STATE = {"version", "updated_at", "rank"}
KEPT = {"suppression": {"created_at"}, "not_duplicate": {"created_at"}}

names = st.sampled_from(
    ["Ada Lovelace", "Lovelace, Ada", "Grace Hopper", "Émile", "Zoë [VIP]", "山田太郎", ""]
)
boxes = ["a@x.example", "b@x.example", "c@y.example", "d@y.example", "a+1@x.example", "e@gmail.com"]
addresses = st.sampled_from(boxes)
phones = st.lists(st.sampled_from(["+49 30 1234567", "0049301234567", "12345"]), max_size=2)
companies = st.sampled_from(["", "Acme", "ACME", "Navy", "Looms & Sons"])
tags = st.lists(st.sampled_from(["vip", "old", "Ärger"]), max_size=2)
stages = st.sampled_from(["Lead", "Qualified", "Proposal", "Won", "Lost"])
which = st.integers(0, 9)
people = {
    "name": names,
    "emails": st.lists(addresses, max_size=3),
    "phones": phones,
    "company": companies,
    "title": st.sampled_from(["", "CEO"]),
    "tags": tags,
    "fields": st.dictionaries(
        st.sampled_from(["Budget", "Size"]), st.sampled_from(["5", "6"]), max_size=2
    ),
    "profile": st.sampled_from(["", "linkedin.com/in/ada", "linkedin.com/in/grace"]),
    "notes": st.sampled_from(["", "met at the fair"]),
    "country": st.sampled_from(["", "DE"]),
}
choices = st.dictionaries(
    st.sampled_from(["name", "company", "title", "emails", "phones", "tags", "notes", "profile"]),
    st.sampled_from(["keep", "merge"]),
)
lines = st.lists(
    st.tuples(
        names,
        addresses | st.just(""),
        companies,
        st.sampled_from(["", "12345"]),
        st.sampled_from(["", "yes"]),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda row: row[:2],
)


class CrmMachine(RuleBasedStateMachine):
    """Three people, two companies and two deals, and everything that a person can do to them."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.path = Path(self.folder.name) / "desk.db"
        self.clock = FixedClock(START)
        copyfile(self.template, self.path)
        self.open()
        self.start = self.dump()

    def open(self) -> None:
        engine = Engine(self.path, clock=self.clock, drafter=CannedDrafter())
        self.desk = Desk(engine, RecordingMailer(), CannedDrafter())
        self.connection = ExitStack()
        self.connection.enter_context(engine.connected())

    def close(self) -> None:
        self.connection.close()
        self.desk.engine.close()

    def teardown(self) -> None:
        try:
            self.take_everything_back()
        finally:
            self.close()
            self.folder.cleanup()

    def take_everything_back(self) -> None:
        with pytest.raises(NotFound, match="There is nothing to undo"):  # noqa: PT012 - it ends the loop
            while True:
                self.desk.call("undo")
        self.compare(self.start)

    def compare(self, before: dict[str, Counter[tuple[Any, ...]]], *, times: bool = True) -> None:
        """The same rows, but for opt-outs that an import brought: those stay whatever becomes of it."""
        now = self.dump(times=times)
        gone = {table: rows - now[table] for table, rows in before.items() if rows - now[table]}
        came = {table: rows - before[table] for table, rows in now.items() if rows - before[table]}
        brought = self.brought()
        left = Counter(
            {
                row: n
                for row, n in came.pop("suppression", Counter()).items()
                if not brought & set(row)
            }
        )
        assert (gone, came, left) == ({}, {}, Counter())

    def brought(self) -> set[str]:
        """The addresses that imports have put on the suppression list."""
        rows = query(self.desk, "SELECT value FROM import_chunk, json_each(suppressed)")
        return {str(key) for (key,) in rows}

    def dump(self, *, times: bool = True) -> dict[str, Counter[tuple[Any, ...]]]:
        return {table: Counter(self.rows(table, times)) for table in STATE}

    def rows(self, table: str, times: bool) -> list[tuple[Any, ...]]:
        columns = [row[1] for row in query(self.desk, f"PRAGMA table_info({table})")]
        wanted = [
            name
            for name in columns
            if name not in NOT_STATE | KEPT.get(table, set())
            and (times or not name.endswith(("at", "since")))
        ]
        place = (
            ", row_number() OVER (PARTITION BY stage ORDER BY rank, id)" if table == "deal" else ""
        )
        return query(
            self.desk, f"SELECT {', '.join(wanted)}{place} FROM {table} WHERE {STATE[table]}"
        )

    def attempt(self, name: str, /, **values: Any) -> None:
        """Do it, or be refused with a sentence: both are fine, nothing in between is."""
        self.desk.later(seconds=1)
        before = self.dump()
        try:
            self.desk.call(name, **values)
        except EngineError:
            assert self.dump() == before

    def one(self, table: str, number: int) -> str:
        """An id, of a deleted row too."""
        rows = query(self.desk, f"SELECT id FROM {table} ORDER BY id")
        return str(rows[number % len(rows)][0]) if rows else "nothing"

    # People and companies.

    @rule(values=st.fixed_dictionaries({}, optional=people))
    def add_contact(self, values: dict[str, Any]) -> None:
        self.attempt("gtm.crm.add_contact", **values)

    @rule(number=which, values=st.fixed_dictionaries({}, optional=people))
    def update_contact(self, number: int, values: dict[str, Any]) -> None:
        self.attempt("gtm.crm.update_contact", contact_id=self.one("contact", number), **values)

    @rule(number=which, address=addresses, flags=st.fixed_dictionaries({}, optional={"opted_out": st.booleans(), "invalid": st.booleans()}))  # fmt: skip
    def flag(self, number: int, address: str, flags: dict[str, bool]) -> None:
        contact_id = self.one("contact", number)
        self.attempt("gtm.crm.set_email_flags", contact_id=contact_id, address=address, **flags)

    @rule(address=addresses | st.just("@x.example"), there=st.booleans())
    def suppress(self, address: str, there: bool) -> None:
        self.attempt("gtm.crm.suppress" if there else "gtm.crm.unsuppress", address=address)

    @rule(number=which)
    def delete_contact(self, number: int) -> None:
        self.attempt("gtm.crm.delete_contact", contact_id=self.one("contact", number))

    @rule(numbers=st.lists(which, min_size=1, max_size=3))
    def delete_contacts(self, numbers: list[int]) -> None:
        ids = [self.one("contact", number) for number in numbers]
        self.attempt("gtm.crm.delete_contacts", contact_ids=ids)

    @rule(numbers=st.lists(which, min_size=1, max_size=4), add=tags, remove=tags)
    def tag_contacts(self, numbers: list[int], add: list[str], remove: list[str]) -> None:
        ids = [self.one("contact", number) for number in numbers]
        self.attempt("gtm.crm.tag_contacts", contact_ids=ids, add=add, remove=remove)

    @rule(name=companies, domain=st.sampled_from(["", "x.example"]))
    def add_company(self, name: str, domain: str) -> None:
        self.attempt("gtm.crm.add_company", name=name, domain=domain)

    @rule(number=which, values=st.fixed_dictionaries({}, optional={"name": companies, "tags": tags, "country": st.sampled_from(["", "DE", "US"])}))  # fmt: skip
    def update_company(self, number: int, values: dict[str, Any]) -> None:
        self.attempt("gtm.crm.update_company", company_id=self.one("company", number), **values)

    @rule(number=which)
    def delete_company(self, number: int) -> None:
        self.attempt("gtm.crm.delete_company", company_id=self.one("company", number))

    # Two that are one.

    @rule(keep=which, merge=which, chosen=choices)
    def merge(self, keep: int, merge: int, chosen: dict[str, str]) -> None:
        ids = {"keep_id": self.one("contact", keep), "merge_id": self.one("contact", merge)}
        self.attempt("gtm.crm.merge_contacts", **ids, choices=chosen)

    @rule(number=which)
    def unmerge(self, number: int) -> None:
        self.attempt("gtm.crm.unmerge_contacts", merge_id=self.one("contact_merge", number))

    @rule(first=which, second=which, apart=st.booleans())
    def tell_apart(self, first: int, second: int, apart: bool) -> None:
        ids = {"first_id": self.one("contact", first), "second_id": self.one("contact", second)}
        self.attempt("gtm.crm.not_duplicates" if apart else "gtm.crm.reopen_duplicates", **ids)

    # Deals.

    @rule(number=which, title=names, stage=stages)
    def add_deal(self, number: int, title: str, stage: str) -> None:
        ids = {"contact_id": self.one("contact", number)}
        self.attempt("gtm.crm.add_deal", **ids, title=title, stage=stage, reason="because")

    @rule(number=which, stage=stages, reopen=st.booleans())
    def move_deal(self, number: int, stage: str, reopen: bool) -> None:
        ids = {"deal_id": self.one("deal", number)}
        self.attempt("gtm.crm.advance_deal", **ids, stage=stage, reopen=reopen, reason="because")

    @rule(number=which, by=st.integers(-3, 3))
    def reorder_deal(self, number: int, by: int) -> None:
        self.attempt("gtm.crm.reorder_deal", deal_id=self.one("deal", number), by=by)

    @rule(number=which, owner=which, values=st.fixed_dictionaries({}, optional={"title": names, "value": st.sampled_from(["0", "12.50"]), "tags": tags, "probability": st.sampled_from([None, 55])}))  # fmt: skip
    def update_deal(self, number: int, owner: int, values: dict[str, Any]) -> None:
        if owner < 4:
            values = values | {"contact_id": self.one("contact", owner)}
        self.attempt("gtm.crm.update_deal", deal_id=self.one("deal", number), **values)

    @rule(number=which)
    def delete_deal(self, number: int) -> None:
        self.attempt("gtm.crm.delete_deal", deal_id=self.one("deal", number))

    # Activities.

    @rule(number=which, body=names, deal=st.booleans())
    def add_note(self, number: int, body: str, deal: bool) -> None:
        about = (
            {"deal_id": self.one("deal", number)}
            if deal
            else {"contact_id": self.one("contact", number)}
        )
        self.attempt("gtm.crm.add_note", body=body, **about)

    @rule(number=which, subject=names)
    def add_task(self, number: int, subject: str) -> None:
        self.attempt("gtm.crm.add_task", subject=subject, contact_id=self.one("contact", number))

    @rule(number=which, verb=st.sampled_from(["complete_task", "reopen_task", "delete_activity"]))
    def turn_activity(self, number: int, verb: str) -> None:
        self.attempt(f"gtm.crm.{verb}", activity_id=self.one("activity", number))

    @rule(
        number=which, values=st.fixed_dictionaries({}, optional={"subject": names, "body": names})
    )
    def update_activity(self, number: int, values: dict[str, str]) -> None:
        self.attempt("gtm.crm.update_activity", activity_id=self.one("activity", number), **values)

    # Imports.

    @rule(rows=lines)
    def import_contacts(self, rows: list[tuple[str, ...]]) -> None:
        head = "name,email,company,phone,opted out"
        text = "\n".join([head, *(",".join(f'"{cell}"' for cell in row) for row in rows)])
        self.attempt("gtm.crm.import_contacts", content=text.encode(), name="people.csv")

    @rule(number=which)
    def undo_import(self, number: int) -> None:
        self.attempt("gtm.crm.undo_import", import_id=self.one("import_run", number))

    # Back and forth.

    @rule()
    def undo(self) -> None:
        self.attempt("undo")

    @rule()
    def redo(self) -> None:
        self.attempt("redo")

    @rule()
    def undo_and_redo(self) -> None:
        """What is made again is made now: it is the same but for its times."""
        before = self.dump(times=False)
        with suppress(NotFound):
            self.desk.call("undo")
            self.desk.call("redo")
            self.compare(before, times=False)

    @rule()
    def restart(self) -> None:
        self.close()
        self.open()

    @precondition(lambda self: len(query(self.desk, "SELECT 1 FROM event")) > 60)
    @rule()
    def undo_everything(self) -> None:
        self.take_everything_back()

    # What is always true.

    def none(self, sql: str) -> None:
        assert query(self.desk, sql) == [], sql

    @invariant()
    def nothing_is_an_orphan(self) -> None:
        self.none("PRAGMA foreign_key_check")
        for table in (*MOVED, *OWN):
            self.none(
                f"SELECT * FROM {table} JOIN contact_merge m ON m.merged_id = {table}.contact_id AND m.undone_at IS NULL"
            )
        self.none("SELECT e.id FROM contact_email e JOIN contact c ON c.id = e.contact_id WHERE (c.deleted_at IS NULL) <> (e.deleted_at IS NULL)")  # fmt: skip
        self.none("SELECT * FROM contact_merge m JOIN contact c ON c.id = m.merged_id WHERE m.undone_at IS NULL AND c.deleted_at IS NULL")  # fmt: skip

    @invariant()
    def addresses_are_unique_and_in_order(self) -> None:
        self.none("SELECT key FROM contact_email WHERE deleted_at IS NULL GROUP BY session_id, key HAVING count(*) > 1")  # fmt: skip
        for table in ("contact_email", "contact_phone"):
            self.none(f"SELECT contact_id FROM {table} WHERE {LIVING} GROUP BY contact_id HAVING max(position) <> count(*) - 1 OR count(DISTINCT position) <> count(*)")  # fmt: skip

    @invariant()
    def everybody_works_where_they_work(self) -> None:
        """But for the present employer's record that was deleted: then the text and the history stay."""
        present = (
            "SELECT e.contact_id, e.company_id FROM employment e JOIN company o ON o.id = e.company_id"
            " WHERE ended_at IS NULL AND o.deleted_at IS NULL"
        )
        linked = "SELECT id, company_id FROM contact WHERE company_id IS NOT NULL"
        self.none(f"{present} AND {LIVING} EXCEPT {linked}")
        self.none(f"{linked} AND deleted_at IS NULL EXCEPT {present}")
        self.none(
            "SELECT c.company, o.name, o.deleted_at FROM contact c JOIN company o ON o.id = c.company_id"
            " WHERE c.deleted_at IS NULL AND (c.company <> o.name OR o.deleted_at IS NOT NULL)"
        )
        self.none(
            "SELECT key FROM company WHERE deleted_at IS NULL GROUP BY key HAVING count(*) > 1"
        )

    @invariant()
    def folded_copies_are_true(self) -> None:
        living = "SELECT id, sort_name, search, name, first_name, last_name, company, title, tags FROM contact WHERE deleted_at IS NULL"
        emails = "SELECT address FROM contact_email WHERE contact_id = ? ORDER BY position"
        for contact_id, sort_name, search, name, first, last, company, title, _ in query(
            self.desk, living
        ):
            assert sort_name == sort_text(first, last, name, company)
            known = tuple(address for (address,) in query(self.desk, emails, contact_id))
            tags = self.desk.call("gtm.crm.get_contact", contact_id=contact_id).tags
            assert search == search_text(name, company, title, known, tags)
        self.none("SELECT key, name FROM company WHERE deleted_at IS NULL AND key = ''")
        for key, name in query(self.desk, "SELECT key, name FROM company WHERE deleted_at IS NULL"):
            assert key == fold(name)

    @invariant()
    def counts_are_right(self) -> None:
        [(people,)] = query(self.desk, "SELECT count(*) FROM contact WHERE deleted_at IS NULL")
        page = self.desk.call("gtm.crm.list_contacts", limit=1000)
        rows = self.desk.call("gtm.crm.contact_rows", count=1000)
        assert page.total == len(page.items) == rows.total == len(rows.rows) == people
        in_stage = dict(
            query(
                self.desk,
                f"SELECT stage, count(*) FROM deal WHERE deleted_at IS NULL AND {LIVING} GROUP BY stage",
            )
        )
        board = self.desk.call("gtm.crm.board")
        assert {column.key: column.count for column in board.columns if column.count} == in_stage
        assert {
            column.key: len(column.cards) for column in board.columns if column.cards
        } == in_stage
        assert sum(in_stage.values()) == len(self.desk.call("gtm.crm.list_deals", limit=1000).items)
        self.desk.call("gtm.crm.possible_duplicates")


@pytest.fixture
def template(desk: Desk, tmp_path: Path) -> Path:
    """The start of every story; nothing of it can be taken back."""
    ada = desk.contact(
        "Ada Lovelace", "a@x.example", company="Acme", phones="+49 30 1234567", tags="vip"
    )
    desk.contact("A. Lovelace", "b@x.example", company="Navy", fields={"Budget": "5"}, notes="one")
    desk.contact("Grace Hopper", "c@y.example", profile="linkedin.com/in/grace")
    desk.call("gtm.crm.define_field", entity="contact", label="Budget", type="number")
    for title in ("Looms", "Wool"):
        deal = desk.call("gtm.crm.add_deal", contact_id=ada.contact_id, title=title)
    desk.call("gtm.crm.add_note", deal_id=deal.deal_id, body="wants blue")
    desk.call("gtm.crm.add_task", contact_id=ada.contact_id, subject="Call back")
    with desk.engine.connected() as connection:
        connection.execute("UPDATE event SET undo = NULL")
    return tmp_path / "desk.db"


@pytest.mark.slow
def test_the_crm_stays_whole_and_goes_back_to_the_start(template: Path) -> None:
    CrmMachine.template = template
    wanted = settings(
        max_examples=int(os.environ.get("CRM_EXAMPLES", "10")),
        stateful_step_count=30,
        deadline=None,
        phases=[Phase.reuse, Phase.generate, Phase.shrink],
        suppress_health_check=[HealthCheck.too_slow],
    )
    run_state_machine_as_test(CrmMachine, settings=wanted)
