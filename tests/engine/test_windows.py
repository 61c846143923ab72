"""Windows by position: what long lists on the screen are made of."""

from __future__ import annotations

from typing import Any

import pytest

from rusvel_tui.engine.event_window import EventRows, EventWindow, event_window
from rusvel_tui.engine.gtm.crm.people.contact_list import ContactWindow, contact_rows
from rusvel_tui.engine.gtm.outreach.enrolling.enrollment_views import EnrollmentStatus
from rusvel_tui.engine.gtm.outreach.enrolling.enrollment_window import (
    EnrollmentWindow,
    enrollment_rows,
)
from tests.factories import Desk, events


def log(desk: Desk, **which: Any) -> EventRows:
    return desk.engine.run(event_window, EventWindow(**which))


def test_a_window_of_the_log_is_a_part_of_it(desk: Desk) -> None:
    """Newest first, with the length of the whole log."""
    for _ in range(5):
        desk.contact()
    whole = events(desk)
    window = log(desk, first=1, count=2)
    assert [event.id for event in window.rows] == [event.id for event in whole[1:3]]
    assert (window.first, window.total) == (1, len(whole))
    assert log(desk, first=100).rows == ()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("contact.added", 2),
        ("gtm.deal", 0),
        ("CONTACT was ADDED", 2),
        ("grace", 1),
        ("added Ödön", 1),
        ("workspace", 1),
        ("100%", 0),
        ("", 3),
    ],
)
def test_words_find_events(desk: Desk, words: str, found: int) -> None:
    """In the kind, in what it means and in what was recorded; all words must fit."""
    desk.contact("Grace Hopper")
    desk.contact("Ödön Novák", "odon@x.example")
    assert log(desk, words=words).total == found


def test_the_log_of_another_session_is_not_shown(desk: Desk) -> None:
    desk.contact()
    desk.call("session.create", name="other")
    assert [event.kind for event in log(desk).rows] == ["session.created"]


def test_people_under_way_come_first(desk: Desk) -> None:
    """Then those who ended; the newest of each first."""
    sequence = desk.sequence()
    people = [desk.enrol(sequence, desk.contact()) for _ in range(4)]
    desk.call("gtm.outreach.cancel_enrollment", enrollment_id=people[3].enrollment_id)
    desk.call("gtm.outreach.pause_enrollment", enrollment_id=people[1].enrollment_id)
    window = desk.engine.run(
        enrollment_rows, EnrollmentWindow(sequence_id=sequence.sequence_id, count=3)
    )
    assert [row.enrollment_id for row in window.rows] == [
        people[2].enrollment_id, people[1].enrollment_id, people[0].enrollment_id,
    ]  # fmt: skip
    assert window.total == 4
    rest = desk.engine.run(
        enrollment_rows, EnrollmentWindow(sequence_id=sequence.sequence_id, first=3)
    )
    assert [row.status for row in rest.rows] == [EnrollmentStatus.CANCELLED]


def test_people_of_other_sequences_are_not_shown(desk: Desk) -> None:
    first, second = desk.sequence(name="A"), desk.sequence(name="B")
    desk.enrol(first, desk.contact())
    window = desk.engine.run(enrollment_rows, EnrollmentWindow(sequence_id=second.sequence_id))
    assert (window.rows, window.total) == ((), 0)


def test_a_contact_has_a_place_in_the_list(desk: Desk) -> None:
    """Its index in the order of names, of the whole list or of what a query finds; none for one that is gone."""
    names = ("Zoe Adams", "Anna Baker", "Bo Baker", "Ann Miller")
    people = [desk.contact(name).contact_id for name in names]

    def place(contact_id: str, words: str = "") -> int | None:
        wanted = ContactWindow(count=1, query=words, place_of=contact_id)
        return desk.engine.run(contact_rows, wanted).at

    assert [place(person) for person in people] == [0, 1, 2, 3]
    assert place(people[3], "ann") == 1
    desk.call("gtm.crm.delete_contact", contact_id=people[1])
    assert [place(person) for person in people] == [0, None, 1, 2]
    assert desk.engine.run(contact_rows, ContactWindow()).at is None
    desk.call("session.create", name="other")
    assert place(people[0]) is None
