"""Contacts as lists: ordered, searched, in pages and in windows."""

from __future__ import annotations

from typing import Any

import pytest

from rusvel_tui.engine.errors import InvalidInput
from tests.factories import Desk, query


def names(desk: Desk, **wanted: Any) -> list[str]:
    return [item.name for item in desk.call("gtm.crm.list_contacts", **wanted).items]


def test_people_are_listed_by_last_name(desk: Desk) -> None:
    for name in ("Zoe Adams", "Ada Zulu", "Émile Brontë", "brian adams", "Plato"):
        desk.contact(name)
    assert names(desk) == ["brian adams", "Zoe Adams", "Émile Brontë", "Plato", "Ada Zulu"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("emile", ["Émile Brontë"]),
        ("EMILE bronte", ["Émile Brontë"]),
        ("navy", ["Grace Hopper"]),
        ("admiral", ["Grace Hopper"]),
        ("emile@", ["Émile Brontë"]),
        ("cobol", ["Grace Hopper"]),
        ("%", []),
        ("_", []),
        ("\\", []),
        ("", ["Émile Brontë", "Grace Hopper"]),
    ],
)
def test_people_are_searched_without_case_and_accents(
    desk: Desk, wanted: str, found: list[str]
) -> None:
    desk.contact("Grace Hopper", company="US Navy", title="Admiral", tags="COBOL")
    desk.contact("Émile Brontë", "emile@example.com")
    assert names(desk, query=wanted) == found
    rows = desk.call("gtm.crm.contact_rows", query=wanted)
    assert [row.name for row in rows.rows] == found
    assert rows.total == len(found)


def test_a_tag_is_found_whole(desk: Desk) -> None:
    desk.contact("A", tags="vip")
    desk.contact("B", tags="vip2")
    assert names(desk, tag="VIP") == ["A"]
    assert names(desk, query="vip") == ["A", "B"]


def test_pages_follow_each_other_without_gap_or_repetition(desk: Desk) -> None:
    for number in range(7):
        desk.contact("Same Name" if number % 2 else f"Name {number}")
    seen, cursor = [], None
    for _ in range(4):
        page = desk.call("gtm.crm.list_contacts", limit=2, cursor=cursor)
        seen += [item.contact_id for item in page.items]
        assert page.total == 7
        cursor = page.next
    assert cursor is None
    assert len(set(seen)) == 7
    assert seen == [i.contact_id for i in desk.call("gtm.crm.list_contacts").items]


@pytest.mark.parametrize("cursor", ["x", "[1]", "null", "7", ""])
def test_a_foreign_cursor_is_refused(desk: Desk, cursor: str) -> None:
    desk.contact()
    with pytest.raises(InvalidInput, match="cursor does not belong to this list"):
        desk.call("gtm.crm.list_contacts", cursor=cursor or "{}")


@pytest.mark.parametrize("limit", [0, -1, 1001])
def test_a_page_has_one_to_a_thousand_lines(desk: Desk, limit: int) -> None:
    with pytest.raises(InvalidInput, match="limit: "):
        desk.call("gtm.crm.list_contacts", limit=limit)


def test_the_window_of_the_screen(desk: Desk) -> None:
    for number in range(5):
        desk.contact(f"Person {number}", company="Acme", title="Chief", tags="a,b")
    desk.call("gtm.crm.add_contact", name="Person 9")
    window = desk.call("gtm.crm.contact_rows", first=3, count=2)
    assert (window.first, window.total) == (3, 6)
    assert [tuple(row)[1:] for row in window.rows] == [
        ("Person 3", "Acme", "grace4@example.com", "#a #b", "Chief", False),
        ("Person 4", "Acme", "grace5@example.com", "#a #b", "Chief", False),
    ]
    last = desk.call("gtm.crm.contact_rows", first=5).rows
    assert [(row.name, row.email, row.tags) for row in last] == [("Person 9", "", "")]
    assert desk.call("gtm.crm.contact_rows", first=99).rows == ()


def test_the_window_marks_who_must_not_be_written_to(desk: Desk) -> None:
    desk.contact("A", "a@example.com")
    desk.contact("B", "b@bad.example")
    desk.contact("C", "c@fine.example")
    desk.call("gtm.crm.suppress", address="a@example.com")
    desk.call("gtm.crm.suppress", address="@bad.example")
    rows = desk.call("gtm.crm.contact_rows").rows
    assert [(row.name, row.opted_out) for row in rows] == [("A", True), ("B", True), ("C", False)]
    people = desk.call("gtm.crm.list_contacts").items
    assert [person.emails[0].opted_out for person in people] == [True, True, False]


def test_rows_are_never_removed_from_the_file(desk: Desk) -> None:
    made = desk.contact()
    desk.call("gtm.crm.delete_contact", contact_id=made.contact_id)
    assert query(desk, "SELECT count(*) FROM contact") == [(1,)]


def test_a_number_beyond_all_bounds_is_refused(desk: Desk) -> None:
    with pytest.raises(InvalidInput, match="A number is too large"):
        desk.call("gtm.crm.contact_rows", first=10**30)
