"""Short words for tests of imports."""

from __future__ import annotations

from itertools import count
from typing import Any

from rusvel_tui.engine.gtm.crm.importing.import_views import ImportView
from rusvel_tui.engine.gtm.crm.importing.meeting import Known
from rusvel_tui.engine.gtm.crm.importing.options import Options
from rusvel_tui.engine.gtm.crm.importing.plan import Plan, make_plan
from rusvel_tui.engine.gtm.crm.importing.rows import Person, Row
from rusvel_tui.engine.gtm.crm.importing.source import ContactFile, read_contacts
from rusvel_tui.engine.gtm.crm.importing.state import State
from tests.factories import Desk


def read(text: str, preset: str = "", **more: Any) -> ContactFile:
    """A file of this text, read to rows."""
    return read_contacts(text.encode(), Options(preset=preset), **more)


def rows(text: str, **more: Any) -> list[Row]:
    return read(text, **more).rows


def person(header: str, line: str, **more: Any) -> Person:
    """The person of a file of one row."""
    (row,) = rows(f"{header}\n{line}\n", **more)
    assert row.person is not None, row
    return row.person


def keys(someone: Person) -> list[str]:
    """The addresses of a person as they are compared."""
    return [address.key for address in someone.emails]


def shapes(found: list[Row]) -> list[tuple[int, str]]:
    """Number and fate of each row: its status, or why it is rejected."""
    return [(row.number, row.why or row.status) for row in found]


def plan(text: str, known: Known | None = None, **more: Any) -> Plan:
    """What importing this text would do; new contacts are called n0, n1, …"""
    numbers = count()
    return make_plan(rows(text, **more), known or Known(), lambda: f"n{next(numbers)}")


def outcomes(made: Plan) -> list[str]:
    """What becomes of the rows, in file order."""
    return [made.outcomes[number] for number in sorted(made.outcomes)]


def stored(*states: State) -> Known:
    """A database that holds these contacts; they are called c0, c1, …"""
    known = Known()
    for number, state in enumerate(states):
        contact_id = f"c{number}"
        known.states[contact_id] = state
        known.owners |= dict.fromkeys(state.emails, contact_id)
        known.profiles.setdefault(state.profile, []).append(contact_id)
        known.pairs.setdefault(state.pair, []).append(contact_id)
        if not any(state.pair):
            for digits in state.phones:
                known.phones.setdefault(digits, []).append(contact_id)
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
