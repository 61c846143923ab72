"""Enrollments: one way through a sequence at a time, paused, resumed and ended; and steps by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from rusvel_tui.engine.errors import Conflict, InvalidInput, InvalidState, NotFound
from tests.factories import AGAIN, HELLO, START, Desk, box, enrollment, events, query

CALL = {"type": "CALL", "delay_days": 1, "instructions": "Call {{first_name}} about {{company}}"}


def test_c_064_executing_enrols_and_queues_the_first_step(desk: Desk) -> None:
    """G-033, G-053, G-120, G-121."""
    person = desk.contact("Grace")
    deal = desk.call("gtm.crm.add_deal", contact_id=person.contact_id, title="Looms")
    sequence = desk.sequence({**HELLO, "delay_days": 2}, AGAIN)
    made = desk.enrol(sequence, person, deal.deal_id)
    assert made.run_at == START + timedelta(days=2)
    seen = enrollment(desk, person.contact_id)
    assert (seen.enrollment_id, seen.job_id, seen.deal_id) == (
        made.enrollment_id,
        made.job_id,
        deal.deal_id,
    )
    assert (seen.sequence, seen.contact, seen.run_no, seen.status) == (
        "Intro",
        "Grace",
        1,
        "Active",
    )
    assert (seen.step, seen.steps, seen.next_at) == (1, 2, made.run_at)
    assert events(desk)[0].payload == {
        "name": "Grace",
        "contact_id": person.contact_id,
        "sequence_id": sequence.sequence_id,
        "job_id": made.job_id,
    }


@pytest.mark.parametrize("status", ["Draft", "Paused", "Archived"])
def test_only_an_active_sequence_takes_people(desk: Desk, status: str) -> None:
    sequence = desk.sequence(active=status == "Paused")
    if status != "Draft":
        what = {"Paused": "pause", "Archived": "archive"}[status]
        desk.call(f"gtm.outreach.{what}_sequence", sequence_id=sequence.sequence_id)
    with pytest.raises(
        InvalidState, match=rf"is {status} and cannot become executed\. Activate it"
    ):
        desk.enrol(sequence, desk.contact())
    assert query(desk, "SELECT count(*) FROM job") == [(0,)]


def test_t_060_q_060_who_is_in_it_already_is_refused(desk: Desk) -> None:
    """T-060, Q-060: enrolling twice is one enrollment and a conflict."""
    sequence, person = desk.sequence(), desk.contact("Grace")
    made = desk.enrol(sequence, person)
    with pytest.raises(Conflict, match=r"Grace is in 'Intro' already .active.. End that first"):
        desk.enrol(sequence, person)
    desk.call("gtm.outreach.pause_enrollment", enrollment_id=made.enrollment_id)
    with pytest.raises(Conflict, match=r"already .paused."):
        desk.enrol(sequence, person)
    assert query(desk, "SELECT count(*) FROM enrollment") == [(1,)]


def test_t_107_who_went_through_may_go_again(desk: Desk) -> None:
    """T-107: a second run after the end, and two sequences at once."""
    sequence, other = desk.sequence(HELLO), desk.sequence(HELLO, name="Other")
    person = desk.contact()
    first = desk.enrol(sequence, person)
    desk.enrol(other, person)
    desk.work()
    desk.approve(desk.mail(first.job_id))
    desk.work()
    second = desk.enrol(sequence, person)
    assert enrollment(desk, person.contact_id).run_no == 2
    desk.work()
    desk.approve(desk.mail(second.job_id))
    desk.work()
    assert len(desk.mailer.sent) == 2
    assert len({envelope.message_id for envelope in desk.mailer.sent}) == 2


def test_the_same_address_is_not_written_to_as_two_contacts(desk: Desk) -> None:
    sequence = desk.sequence(HELLO)
    first = desk.contact("Grace", "grace@example.com")
    desk.enrol(sequence, first)
    desk.work()
    desk.call("gtm.crm.update_contact", contact_id=first.contact_id, emails=["new@example.com"])
    twin = desk.contact("Grace again", "grace@example.com")
    with pytest.raises(Conflict, match="had step 1 of this sequence already, as another contact"):
        desk.enrol(sequence, twin)
    assert query(desk, "SELECT count(*) FROM enrollment") == [(1,)]


@pytest.mark.parametrize("field", ["sequence_id", "contact_id", "deal_id"])
def test_q_067_what_does_not_exist_is_not_enrolled(desk: Desk, field: str) -> None:
    person = desk.contact()
    values = {"sequence_id": desk.sequence().sequence_id, "contact_id": person.contact_id}
    with pytest.raises(NotFound, match="'nope'"):
        desk.call("gtm.outreach.execute_sequence", **values | {field: "nope"})
    assert query(desk, "SELECT count(*) FROM enrollment") == [(0,)]


@pytest.mark.parametrize("how", ["none", "suppressed", "opted out", "invalid"])
def test_a_mail_needs_an_address_that_may_be_written_to(desk: Desk, how: str) -> None:
    person = desk.contact("Grace", "" if how == "none" else "grace@example.com")
    if how == "suppressed":
        desk.call("gtm.crm.suppress", address="@example.com")
    elif how != "none":
        column = {"opted out": "opted_out_at", "invalid": "invalid_at"}[how]
        query(desk, f"UPDATE contact_email SET {column} = '2026-01-01T00:00:00.000Z'")
    with pytest.raises(InvalidInput, match="Grace has no address that may be written to"):
        desk.enrol(desk.sequence(), person)
    assert desk.enrol(desk.sequence(CALL, name="Calls"), person).job_id


def test_a_second_address_does_when_the_first_is_dead(desk: Desk) -> None:
    person = desk.contact("Grace", "dead@example.com", emails="live@example.com")
    query(desk, "UPDATE contact_email SET invalid_at = '2026' WHERE address LIKE 'dead%'")
    assert desk.drafted(contact=person).to == "live@example.com"


def test_the_list_is_filtered(desk: Desk) -> None:
    first, second = desk.sequence(), desk.sequence(name="Second")
    people = [desk.contact(name) for name in ("A", "B")]
    made = [desk.enrol(s, p) for s in (first, second) for p in people]
    desk.call("gtm.outreach.cancel_enrollment", enrollment_id=made[0].enrollment_id)

    def listed(**wanted: Any) -> list[str]:
        page = desk.call("gtm.outreach.list_enrollments", **wanted)
        return [item.enrollment_id for item in page.items]

    ids = [item.enrollment_id for item in made]
    assert listed() == ids[::-1]
    assert listed(sequence_id=second.sequence_id) == [ids[3], ids[2]]
    assert listed(contact_id=people[0].contact_id) == [ids[2], ids[0]]
    assert listed(status="Cancelled") == [ids[0]]
    page = desk.call("gtm.outreach.list_enrollments", limit=3)
    assert listed(limit=3, cursor=page.next) == [ids[0]]


ENDS = {"pause": "paused", "resume": "active", "cancel": "cancelled"}
ALLOWED = {
    "active": {"pause", "cancel"},
    "paused": {"resume", "cancel"},
    "cancelled": set(),
    "completed": set(),
}


@pytest.mark.parametrize("status", ALLOWED)
@pytest.mark.parametrize("what", ENDS)
def test_each_status_has_its_ways_out(desk: Desk, status: str, what: str) -> None:
    executed = desk.enrol(desk.sequence(), desk.contact())
    query(desk, "UPDATE enrollment SET status = ?", status)
    values = {"enrollment_id": executed.enrollment_id}
    if what in ALLOWED[status]:
        seen = desk.call(f"gtm.outreach.{what}_enrollment", **values)
        assert seen.status.key == ENDS[what]
        return
    with pytest.raises(InvalidState, match=f"The enrollment is {status.capitalize()}"):
        desk.call(f"gtm.outreach.{what}_enrollment", **values)


def test_an_unknown_enrollment_is_said(desk: Desk) -> None:
    for what in ENDS:
        with pytest.raises(NotFound, match="no enrollment 'nope'"):
            desk.call(f"gtm.outreach.{what}_enrollment", enrollment_id="nope")


@pytest.mark.parametrize("what", ["enrollment", "sequence"])
def test_nothing_is_drafted_while_it_is_paused(desk: Desk, what: str) -> None:
    sequence = desk.sequence()
    executed = desk.enrol(sequence, desk.contact())
    ids = {"enrollment": executed.enrollment_id, "sequence": sequence.sequence_id}
    desk.call(f"gtm.outreach.pause_{what}", **{f"{what}_id": ids[what]})
    desk.work()
    assert desk.drafter.briefs == []
    [held] = box(desk, "held")  # type: ignore[arg-type]
    assert held.blocked == f"the {what} is paused"
    again = {"enrollment": "resume", "sequence": "activate"}[what]
    desk.call(f"gtm.outreach.{again}_{what}", **{f"{what}_id": ids[what]})
    desk.work()
    assert desk.mail(executed.job_id).state == "Held"


def test_ending_cancels_what_did_not_leave(desk: Desk) -> None:
    mail = desk.drafted()
    seen = desk.call(
        "gtm.outreach.cancel_enrollment", enrollment_id=mail.enrollment_id, reason="no\nbudget"
    )
    assert (seen.status, seen.reason, seen.note) == ("Cancelled", "manual", "no budget")
    assert seen.job_id is None
    assert desk.mail(mail.id).state == "Cancelled"
    assert desk.call("job.list", state="cancelled").items[0].job_id == mail.id
    assert events(desk, "gtm.outreach.ended")[0].payload["note"] == "no budget"


def test_the_last_step_completes_the_enrollment(desk: Desk) -> None:
    mail = desk.drafted(HELLO)
    desk.approve(mail)
    desk.work()
    seen = enrollment(desk, mail.contact_id)
    assert (seen.status, seen.reason, seen.job_id) == ("Completed", "finished", None)
    assert seen.ended_at == desk.engine.clock.now()
