"""Permissions: one pair per area, asked for by the engine whoever calls; and a read-only desk changes nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from rusvel_tui.adapters.clock import FixedClock
from rusvel_tui.engine import departments
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import InvalidInput, NotConfigured, NotPermitted
from rusvel_tui.engine.operation import OPERATIONS, Operation
from rusvel_tui.engine.permissions import known_permissions, parse_grants
from tests.factories import AGAIN, HELLO, START, Desk, query
from tests.fakes import CannedDrafter

departments.load()
ALL = sorted(OPERATIONS)
WRITING = [name for name in ALL if OPERATIONS[name].writes]
EVERYTHING = frozenset(known_permissions())
READING = frozenset(name for name in EVERYTHING if name.endswith(".read"))
ALONE = {
    "undo": "with the permission of what it takes back",
    "jobs.work": "for workers",
    "agent.chat": "to ask the assistant",
    "agent.propose": "for programs that want a change made",
    "agent.decide": "to say yes or no to what programs propose",
    "webhooks.receive": "for the address that other services call",
}
"""Permissions that are no pair of an area, each with its use."""


def run_empty(engine: Engine, made: Operation[Any, Any]) -> Any:
    """Call it with nothing in it: whoever may not, is told before anything is looked at."""
    return engine.run(made, made.input.model_construct(session_id=None))


def test_c_106_every_area_has_a_pair_and_each_operation_asks_for_its_half() -> None:
    """What writes asks to manage, what reads to read."""
    for name in ALL:
        made = OPERATIONS[name]
        if made.permission not in ALONE:
            area, _, right = made.permission.rpartition(".")
            assert (bool(area), right) == (True, "manage" if made.writes else "read"), name
    areas = {name.removesuffix(".manage") for name in EVERYTHING if name.endswith(".manage")}
    assert {f"{area}.read" for area in areas} <= EVERYTHING
    assert {
        "crm.sequences",
        "crm.contacts",
        "crm.deals",
        "crm.activities",
        "crm.approvals",
    } <= areas


@pytest.mark.parametrize("name", ALL)
def test_c_106_whoever_has_all_other_permissions_is_refused(desk: Desk, name: str) -> None:
    made = OPERATIONS[name]
    desk.engine.grants = EVERYTHING - {made.permission}
    with pytest.raises(NotPermitted, match="needs the permission") as caught:
        run_empty(desk.engine, made)
    assert str(caught.value) == f"{name} needs the permission {made.permission}."


def test_c_106_reading_sequences_is_not_managing_them(desk: Desk) -> None:
    sequence = desk.sequence(HELLO, AGAIN)
    desk.engine.grants = frozenset({"crm.sequences.read", "crm.contacts.manage"})
    assert [one.name for one in desk.call("gtm.outreach.list_sequences").items] == ["Intro"]
    person = desk.contact()
    for what, values in (
        ("create_sequence", {"name": "Mine", "steps": [HELLO]}),
        ("activate_sequence", {"sequence_id": sequence.sequence_id}),
        ("enrol", {"sequence_id": sequence.sequence_id, "contact_ids": [person.contact_id]}),
    ):
        with pytest.raises(NotPermitted, match=r"needs the permission crm\.sequences\.manage"):
            desk.call(f"gtm.outreach.{what}", **values)
    desk.engine.grants = frozenset({"crm.sequences.manage"})
    assert desk.call("gtm.outreach.create_sequence", name="Mine", steps=[HELLO]).name == "Mine"
    with pytest.raises(NotPermitted, match=r"crm\.sequences\.read"):
        desk.call("gtm.outreach.list_sequences")


def test_taking_back_needs_the_permission_of_what_does_it(desk: Desk) -> None:
    """Else `z` would be a way into every area."""
    desk.contact("Ada")
    desk.engine.grants = frozenset({"undo", "crm.sequences.manage"})
    with pytest.raises(NotPermitted, match=r"crm\.contacts\.manage"):
        desk.call("undo")
    desk.engine.grants = frozenset({"undo", "crm.contacts.manage", "crm.contacts.read"})
    assert desk.call("undo").name == "Ada"
    assert desk.call("gtm.crm.list_contacts").total == 0


def test_what_looks_into_several_areas_shows_those_that_may_be_seen(desk: Desk) -> None:
    person = desk.contact("Ada Looms")
    desk.call("gtm.crm.add_deal", contact_id=person.contact_id, title="Looms")
    desk.call("gtm.crm.add_task", subject="Looms", contact_id=person.contact_id, due_at="today")
    desk.drafted(contact=person)
    seen = {str(hit.kind) for hit in desk.call("gtm.crm.search", query="looms").items}
    needs = {item.page for item in desk.call("gtm.today").items}
    assert (seen, needs) == (
        {"Contact", "Deal", "Activity"},
        {"inbox", "today"},
    )
    desk.engine.grants = frozenset({"crm.contacts.read"})
    assert [str(hit.kind) for hit in desk.call("gtm.crm.search", query="looms").items] == [
        "Contact"
    ]
    assert desk.call("gtm.today").items == ()
    assert len(desk.call("gtm.list", kind="contacts").items) == 1
    for kind, needed in (
        ("deals", "crm.deals"),
        ("sequences", "crm.sequences"),
        ("tasks", "crm.activities"),
    ):
        with pytest.raises(NotPermitted, match=f"{needed}.read"):
            desk.call("gtm.list", kind=kind)


@pytest.fixture
def looking(engine: Engine, desk: Desk) -> Iterator[Engine]:
    """Another look at the desk, read-only, with all that a worker needs."""
    desk.drafted()
    made = Engine(
        engine.path, clock=FixedClock(START), drafter=CannedDrafter(), mailer=desk.mailer,
        policy=engine.policy, read_only=True,
    )  # fmt: skip
    yield made
    made.close()


def contents(path: Path) -> list[str]:
    """All that stands in the file."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return list(connection.iterdump())


@pytest.mark.parametrize("name", WRITING)
def test_a_read_only_desk_refuses_whatever_writes(looking: Engine, name: str) -> None:
    with pytest.raises(NotPermitted, match="read-only"):
        run_empty(looking, OPERATIONS[name])


def test_a_read_only_desk_still_looks_at_what_an_import_would_do(
    looking: Engine, tmp_path: Path
) -> None:
    file = tmp_path / "people.csv"
    file.write_text("name,email\nEve,eve@example.com\n", encoding="utf-8")
    before = contents(looking.path)
    seen: Any = looking.call("gtm.crm.import_contacts", {"path": str(file), "dry_run": True})
    assert (seen.created, seen.dry_run) == (1, True)
    with pytest.raises(NotPermitted, match="read-only"):
        looking.call("gtm.crm.import_contacts", {"path": str(file)})
    assert contents(looking.path) == before


def test_after_every_try_the_file_is_what_it_was(looking: Engine) -> None:
    """Each operation there is, with nothing in it: those that read may look, none may change a byte."""
    before = contents(looking.path)
    refused = 0
    for name in ALL:
        try:
            run_empty(looking, OPERATIONS[name])
        except NotPermitted:
            refused += 1
        except Exception:  # noqa: BLE001, S110 - an empty input breaks many a reading operation
            pass
    assert refused >= len(WRITING)
    assert contents(looking.path) == before


@pytest.mark.parametrize(
    ("text", "grants"),
    [
        ("", None),
        (" , ", None),
        ("*", EVERYTHING),
        ("*.read", READING),
        ("*.read, crm.sequences.manage", READING | {"crm.sequences.manage"}),
        ("crm.deals.*\tundo", {"crm.deals.read", "crm.deals.manage", "undo"}),
    ],
)
def test_grants_are_read_by_pattern(text: str, grants: frozenset[str] | None) -> None:
    assert parse_grants(text) == grants


@pytest.mark.parametrize("text", ["crm.sequence.read", "*.read nothing", "read", "*.READ"])
def test_what_names_no_permission_is_refused_with_those_there_are(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"crm\.sequences\.manage") as caught:
        parse_grants(text)
    assert caught.value.field == "permissions"


def test_a_worker_that_may_not_work_takes_nothing(desk: Desk) -> None:
    desk.enrol(desk.sequence(), desk.contact())
    desk.engine.grants = READING
    with pytest.raises(NotPermitted, match=r"jobs\.work"):
        desk.work()
    assert query(desk, "SELECT state, attempts FROM job") == [("queued", 0)]
    desk.engine.drafter = None
    desk.engine.grants = READING | {"jobs.work"}
    with pytest.raises(NotConfigured):
        desk.call("gtm.outreach.run_due")
