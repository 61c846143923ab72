"""Several people at once: one wins, the others get a conflict, and nobody gets half of it (T-102)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from rusvel_tui.engine.errors import Conflict
from rusvel_tui.engine.worker import Worker
from tests.factories import HELLO, Desk, events, query

OTHER = "Another text, which somebody wrote by hand and with care."


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """What each of these comes to when all begin at the same moment: an answer or a conflict."""
    gate = threading.Barrier(len(works))
    found: list[Any] = [None] * len(works)

    def run(place: int, work: Callable[[], Any]) -> None:
        gate.wait()
        try:
            found[place] = work()
        except Conflict as error:
            found[place] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def conflicts(found: list[Any]) -> int:
    return sum(isinstance(item, Conflict) for item in found)


@pytest.mark.parametrize("round_number", range(5))
def test_t_102_a_yes_a_no_and_an_edit_at_once(desk: Desk, round_number: int) -> None:
    mail = desk.drafted()
    found = at_once(
        lambda: desk.approve(mail),
        lambda: desk.call("gtm.approvals.reject", id=mail.id, reason="no"),
        lambda: desk.call("gtm.approvals.edit", id=mail.id, body=OTHER, version=mail.version),
    )
    seen = desk.mail(mail.id)
    assert conflicts(found) >= 1
    assert seen.state in ("Approved", "Cancelled", "Held")
    done = [item for item in found if not isinstance(item, Conflict)]
    assert seen.version >= mail.version + len(done)
    if seen.state == "Approved":
        assert seen.body == mail.body
    desk.work()
    assert len(desk.mailer.sent) == int(seen.state == "Approved")


@pytest.mark.parametrize("round_number", range(5))
def test_t_102_two_who_say_yes(desk: Desk, round_number: int) -> None:
    mail = desk.drafted()
    found = at_once(*[lambda: desk.approve(mail)] * 2)
    assert conflicts(found) == 1
    assert len(events(desk, "gtm.outreach.approved")) == 1


@pytest.mark.parametrize("round_number", range(5))
def test_a_yes_that_is_taken_back_while_the_worker_comes(desk: Desk, round_number: int) -> None:
    mail = desk.drafted()
    desk.approve(mail)
    found = at_once(
        Worker(desk.engine).tick, lambda: desk.call("gtm.approvals.unapprove", id=mail.id)
    )
    seen = desk.mail(mail.id)
    too_late = isinstance(found[1], Conflict)
    assert (seen.state == "Sent") == too_late == (len(desk.mailer.sent) == 1)
    assert seen.state in ("Sent", "Held")


def test_q_060_the_same_person_enrolled_twice_at_once(desk: Desk) -> None:
    sequence, person = desk.sequence(HELLO), desk.contact()
    found = at_once(*[lambda: desk.enrol(sequence, person)] * 3)
    assert conflicts(found) == 2
    assert query(desk, "SELECT count(*) FROM enrollment") == [(1,)]


def test_the_same_address_added_twice_at_once(desk: Desk) -> None:
    found = at_once(*[lambda: desk.contact("Grace", "grace@example.com")] * 3)
    assert conflicts(found) == 2
    assert query(desk, "SELECT count(*) FROM contact") == [(1,)]


def test_changes_of_one_thing_at_once_are_not_lost(desk: Desk) -> None:
    """Q-084: whoever saw an older version gets a conflict."""
    made = desk.contact("Grace")

    def change(title: str) -> Callable[[], Any]:
        return lambda: desk.call(
            "gtm.crm.update_contact", contact_id=made.contact_id, title=title, version=1
        )

    found = at_once(change("a"), change("b"), change("c"))
    assert conflicts(found) == 2
    [winner] = [item for item in found if not isinstance(item, Conflict)]
    seen = desk.call("gtm.crm.get_contact", contact_id=made.contact_id)
    assert (seen.version, seen.title) == (2, winner.title)
