"""The suppression list: who is on it gets nothing, and a person can take it back."""

from __future__ import annotations

import pytest

from rusvel_tui.engine.errors import InvalidInput, NotFound
from tests.factories import Desk, enrollment, events, kinds


@pytest.mark.parametrize(
    ("typed", "stored"),
    [(" Grace@Example.com ", "grace@example.com"), ("@Example.COM", "@example.com")],
)
def test_an_address_or_a_domain_is_suppressed(desk: Desk, typed: str, stored: str) -> None:
    made = desk.call("gtm.crm.suppress", address=typed, reason="asked\nus")
    assert (made.address, made.reason) == (stored, "asked us")
    assert desk.call("gtm.crm.suppress", address=stored, reason="again") == made
    assert [item.address for item in desk.call("gtm.crm.list_suppressed").items] == [stored]
    assert kinds(desk, "gtm.suppression") == ["gtm.suppression.added"]
    desk.call("gtm.crm.unsuppress", address=typed)
    assert desk.call("gtm.crm.list_suppressed").items == ()
    with pytest.raises(NotFound, match="is not on the suppression list"):
        desk.call("gtm.crm.unsuppress", address=typed)


@pytest.mark.parametrize("address", ["", "example.com", "@", "@localhost", "a@b@c.example"])
def test_what_is_neither_is_refused(desk: Desk, address: str) -> None:
    with pytest.raises(InvalidInput):
        desk.call("gtm.crm.suppress", address=address)
    assert desk.call("gtm.crm.list_suppressed").items == ()


@pytest.mark.parametrize("address", ["grace@example.com", "@example.com"])
def test_suppressing_ends_what_runs_for_the_address(desk: Desk, address: str) -> None:
    sequence = desk.sequence()
    grace, other = (
        desk.contact("Grace", "grace@example.com"),
        desk.contact("O", "o@sub.example.com"),
    )
    for person in (grace, other):
        desk.enrol(sequence, person)
    desk.call("gtm.crm.suppress", address=address)
    ended = enrollment(desk, grace.contact_id)
    assert (ended.status, ended.reason) == ("Cancelled", "unsubscribed")
    assert enrollment(desk, other.contact_id).status == "Active"
    with pytest.raises(InvalidInput, match="no address that may be written to"):
        desk.enrol(desk.sequence(name="Second"), grace)


def test_the_list_has_pages(desk: Desk) -> None:
    for name in "cab":
        desk.call("gtm.crm.suppress", address=f"{name}@example.com")
    first = desk.call("gtm.crm.list_suppressed", limit=2)
    assert [item.address[0] for item in first.items] == ["a", "b"]
    rest = desk.call("gtm.crm.list_suppressed", limit=2, cursor=first.next)
    assert ([item.address[0] for item in rest.items], rest.next) == (["c"], None)


def test_a_suppression_can_be_taken_back_by_a_person(desk: Desk) -> None:
    desk.call("gtm.crm.suppress", address="a@example.com", reason="asked")
    desk.call("undo")
    assert desk.call("gtm.crm.list_suppressed").items == ()
    desk.call("redo")
    assert desk.call("gtm.crm.list_suppressed").items[0].reason == "asked"
    assert len(events(desk, "gtm.suppression")) == 3
