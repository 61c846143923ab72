"""Two contacts that are one person, and what the tests of merging look at."""

from __future__ import annotations

from typing import Any

from rusvel_tui.engine.gtm.crm.people.contact_views import ContactView
from tests.factories import Desk, box, query

TABLES = (
    "contact", "contact_email", "contact_phone", "employment", "company", "deal", "activity", "enrollment", "mail",
    "job", "suppression", "not_duplicate",
)  # fmt: skip
NOT_STATE = {"version", "updated_at", "run_at"}
"""When work goes on is up to the undo window of who takes the merge back."""


def dump(desk: Desk) -> dict[str, list[str]]:
    """All rows of the CRM, without versions and times of change."""
    found = {}
    for table in TABLES:
        columns = [row[1] for row in query(desk, f"PRAGMA table_info({table})")]
        names = ", ".join(name for name in columns if name not in NOT_STATE)
        found[table] = sorted(map(repr, query(desk, f"SELECT {names} FROM {table}")))
    return found


def merge(desk: Desk, keep: ContactView, gone: ContactView, **more: Any) -> Any:
    return desk.call(
        "gtm.crm.merge_contacts", keep_id=keep.contact_id, merge_id=gone.contact_id, **more
    )


def get(desk: Desk, contact: ContactView) -> ContactView:
    seen: ContactView = desk.call("gtm.crm.get_contact", contact_id=contact.contact_id)
    return seen


def send_what_waits(desk: Desk) -> None:
    """A week later, everything that is drafted gets its yes and leaves."""
    desk.later(days=7)
    desk.work()
    for mail in box(desk):
        desk.approve(mail)
    desk.work()


def first_of_two(desk: Desk) -> ContactView:
    return desk.contact(
        "A. Lovelace", "ada@acme.example", company="Acme", phones=["+49 30 1234567", "12345"], tags="vip,x",
        links="https://a.example", fields={"budget": "5", "x": "1"}, notes="one", profile="linkedin.com/in/ada",
    )  # fmt: skip


def second_of_two(desk: Desk) -> ContactView:
    return desk.contact(
        "Ada Lovelace", "ada@other.example", emails=["ada@other.example", "l@other.example"], company="Other",
        phones=["+49 89 55555", "004930 1234567"], tags="vip,y", title="Countess", country="DE",
        timezone="Europe/Berlin", fields={"budget": "6", "z": "3"}, notes="two", source="fair",
    )  # fmt: skip
