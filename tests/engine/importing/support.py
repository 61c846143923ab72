"""Short words for tests of imports."""

from __future__ import annotations

from typing import Any

from rusvel_tui.engine.gtm.crm.importing.import_views import ImportView
from rusvel_tui.engine.gtm.crm.importing.known import Known, Traits
from rusvel_tui.engine.gtm.crm.importing.options import Options
from rusvel_tui.engine.gtm.crm.importing.packed import PackedRows
from rusvel_tui.engine.gtm.crm.importing.plan import OUTCOMES, Plan, make_plan
from rusvel_tui.engine.gtm.crm.importing.rows import Person, Row
from rusvel_tui.engine.gtm.crm.importing.source import ContactFile, open_contacts
from rusvel_tui.engine.gtm.crm.importing.state import State
from tests.factories import Desk


def read(text: str, preset: str = "", **more: Any) -> ContactFile:
    """A file of this text, recognised and not read yet."""
    return open_contacts(text.encode(), Options(preset=preset), **more)


def rows(text: str, **more: Any) -> list[Row]:
    return list(read(text, **more).rows)


def person(header: str, line: str, **more: Any) -> Person:
    """The person of a file of one row."""
    (row,) = rows(f"{header}\n{line}\n", **more)
    assert row.person is not None, row
    return row.person


def keys(someone: Person) -> list[str]:
    """The addresses of a person as they are compared."""
    return [address.lower() for address in someone.emails]


def shapes(found: list[Row]) -> list[tuple[int, str]]:
    """Number and fate of each row: its status, or why it is rejected."""
    return [(row.number, row.why or row.status) for row in found]


def plan(text: str, known: Known | None = None, **more: Any) -> Plan:
    """What importing this text would do; new contacts are called n0, n1, …"""
    packed = PackedRows(read(text, **more).rows)
    return make_plan(packed, known or Known(), lambda number: f"n{number}")


def outcomes(made: Plan) -> list[str]:
    """What becomes of the rows, in file order."""
    return [OUTCOMES[fate] for fate in made.fates]


def met(made: Plan) -> dict[int, str]:
    """The contact of each row that has one."""
    return {row: contact_id for row, contact_id, _ in made.entries()}


def stored(*states: State) -> Known:
    """A database that holds these contacts; they are called c00000, c00001, …"""
    known = Known()
    there = {f"c{number:05}": state for number, state in enumerate(states)}
    for contact_id, state in there.items():
        name, company, profile = (state.values.get(n, "") for n in ("name", "company", "profile"))
        known.traits[contact_id] = Traits(name, company, profile)
        known.owners |= dict.fromkeys(state.emails, contact_id)
        known.profiles.setdefault(profile, []).append(contact_id)
        known.pairs.setdefault(state.pair, []).append(contact_id)
        if not any(state.pair):
            for digits in state.phones:
                known.phones.setdefault(digits, []).append(contact_id)
    known.load = lambda ids: {contact_id: there[contact_id].copy() for contact_id in ids}
    return known


def run(desk: Desk, text: str | bytes, **more: Any) -> ImportView:
    """Import this text through the operation."""
    content = text if isinstance(text, bytes) else text.encode()
    view: ImportView = desk.call("gtm.crm.import_contacts", content=content, **more)
    return view


def counts(view: ImportView) -> tuple[int, int, int, int]:
    """Created, updated, skipped and rejected; their sum is checked."""
    four = (view.created, view.updated, view.skipped, view.rejected)
    assert view.read == sum(four)
    assert view.rejected == len(view.rejected_rows)
    return four


class Found:
    """What an import made of a file: the answer, and everybody by name."""

    def __init__(self, desk: Desk, content: str | bytes, **more: Any) -> None:
        self.view = run(desk, content, **more)
        self.counts = counts(self.view)
        items = desk.call("gtm.crm.list_contacts", limit=1000).items
        self.people = {one.name or one.company or one.email: one for one in items}
        assert counts(run(desk, content, **more))[:2] == (0, 0)

    def __getitem__(self, name: str) -> Any:
        return self.people[name]


def lines(*parts: str, end: str = "\n") -> str:
    return end.join(parts) + end
