"""Listings in pages (the timeline has tests of its own): nothing twice, nothing left out, also while things are added between two pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from tests.factories import Desk


class Listing(NamedTuple):
    """A listing, how one more thing gets into it, and what names a thing."""

    name: str
    add: Callable[[Desk, int], Any]
    key: str
    asked: dict[str, Any] = {}


def add_contact(desk: Desk, number: int) -> Any:
    return desk.contact(f"Person {number:02}")


def add_company(desk: Desk, number: int) -> Any:
    return desk.call("gtm.crm.add_company", name=f"Firm {number:02}")


def add_deal(desk: Desk, number: int) -> Any:
    return desk.call("gtm.crm.add_deal", contact_id=add_contact(desk, number).contact_id, title="D")


def add_note(desk: Desk, number: int) -> Any:
    who = desk.call("gtm.crm.list_contacts").items or (add_contact(desk, 0),)
    return desk.call("gtm.crm.add_note", contact_id=who[0].contact_id, body=f"loom {number}")


def add_task(desk: Desk, number: int) -> Any:
    return desk.call("gtm.crm.add_task", subject=f"Task {number}")


def suppress(desk: Desk, number: int) -> Any:
    return desk.call("gtm.crm.suppress", address=f"a{number:02}@x.example")


def enrol(desk: Desk, number: int) -> Any:
    found = desk.call("gtm.outreach.list_sequences").items
    return desk.enrol(found[0] if found else desk.sequence(), add_contact(desk, number))


LISTINGS = (
    Listing("gtm.crm.list_contacts", add_contact, "contact_id"),
    Listing("gtm.crm.list_contacts", add_contact, "contact_id", {"filter": "person -tag:x"}),
    Listing("gtm.crm.list_companies", add_company, "company_id"),
    Listing("gtm.crm.list_companies", add_company, "company_id", {"filter": "firm"}),
    Listing("gtm.crm.list_deals", add_deal, "deal_id"),
    Listing("gtm.crm.list_deals", add_deal, "deal_id", {"filter": "is:open"}),
    Listing("gtm.crm.search", add_note, "id", {"query": "loom"}),
    Listing("gtm.crm.search", add_contact, "id", {"query": "person"}),
    Listing("gtm.crm.list_tasks", add_task, "activity_id"),
    Listing("gtm.crm.list_suppressed", suppress, "address"),
    Listing("gtm.outreach.list_enrollments", enrol, "enrollment_id"),
    Listing("job.list", enrol, "job_id"),
)


@pytest.mark.parametrize("listing", LISTINGS, ids=lambda one: f"{one.name} {one.asked}")
def test_q_083_pages_hold_still_while_things_are_added(desk: Desk, listing: Listing) -> None:
    """The cursor names a place in the order, not a number of lines: what comes in meanwhile shifts nothing."""
    for number in range(7):
        listing.add(desk, number)
        desk.later(minutes=1)
    before = keys(desk, listing)
    assert len(before) >= 7
    seen: list[str] = []
    cursor = None
    for number in range(7, 27):
        page = desk.call(listing.name, limit=2, cursor=cursor, **listing.asked)
        seen += [getattr(item, listing.key) for item in page.items]
        cursor = page.next
        if cursor is None:
            break
        listing.add(desk, number)
        desk.later(minutes=1)
    assert len(seen) == len(set(seen))
    assert [key for key in seen if key in before] == before


def test_q_083_recent_events_are_the_newest(desk: Desk) -> None:
    """In the order of time, newest first, and the rest behind a cursor that holds while more happens."""
    for number in range(5):
        add_contact(desk, number)
    first = desk.call("event.list", limit=2, kind="gtm")
    assert [event.payload["name"] for event in first.items] == ["Person 04", "Person 03"]
    add_contact(desk, 5)
    rest = desk.call("event.list", limit=9, kind="gtm.contact", cursor=first.next)
    assert [event.payload["name"] for event in rest.items] == [
        "Person 02",
        "Person 01",
        "Person 00",
    ]
    assert rest.next is None
    ids = [event.id for event in desk.call("event.list", limit=1000).items]
    assert ids == sorted(ids, reverse=True)


def keys(desk: Desk, listing: Listing) -> list[str]:
    items = desk.call(listing.name, limit=200, **listing.asked).items
    return [getattr(item, listing.key) for item in items]
