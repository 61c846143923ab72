"""Who may be enrolled: the rules, what is shown before, and many people as one change."""

from __future__ import annotations

from typing import Any

import pytest

from rusvel_tui.engine.errors import Conflict, EngineError, InvalidInput, InvalidState, NotFound
from tests.factories import AGAIN, HELLO, Desk, box, enrollment, events, kinds, query

CALL = {"type": "CALL", "instructions": "Ring."}


def enrol(desk: Desk, sequence: Any, *people: Any, **how: Any) -> Any:
    ids = [person.contact_id for person in people]
    return desk.call("gtm.outreach.enrol", sequence_id=sequence.sequence_id, contact_ids=ids, **how)


def rule(desk: Desk, sequence: Any, **rules: Any) -> Any:
    return desk.call("gtm.outreach.update_sequence", sequence_id=sequence.sequence_id, rules=rules)


def run_through(desk: Desk, sequence: Any, person: Any) -> None:
    made = desk.enrol(sequence, person)
    desk.work()
    desk.approve(desk.mail(made.job_id))
    desk.work()


def why_not(seen: Any) -> list[str]:
    return [person.why_not for person in seen.people]


def test_many_are_enrolled_as_one_change(desk: Desk) -> None:
    sequence = desk.sequence(HELLO)
    people = [desk.contact() for _ in range(5)]
    before = len(events(desk))
    done = enrol(desk, sequence, *people)
    assert (done.enrolled, done.left_out, done.dry_run) == (5, 0, False)
    assert len(events(desk)) == before + 1
    assert {person.run_at for person in done.people} == {desk.engine.clock.now()}
    desk.work()
    assert sorted(mail.contact for mail in box(desk)) == sorted(p.name for p in people)
    desk.call("undo")
    assert [enrollment(desk, p.contact_id).reason for p in people] == ["undone"] * 5
    assert box(desk) == []
    desk.call("redo")
    assert [enrollment(desk, p.contact_id).status for p in people] == ["Active"] * 5
    assert len(box(desk)) == 5


def test_the_number_of_questions_does_not_grow_with_the_people(desk: Desk) -> None:
    """A few for each five hundred; the search index asks one of its own now and then."""
    sequence = desk.sequence(HELLO)
    people = [desk.contact() for _ in range(60)]
    asked: list[str] = []
    counted = []
    for part in (people[:10], people[10:]):
        with desk.engine.connected() as connection:
            connection.set_trace_callback(asked.append)
            enrol(desk, sequence, *part)
            connection.set_trace_callback(None)
        counted.append(sum("SELECT" in sql for sql in asked))
        asked.clear()
    assert abs(counted[0] - counted[1]) <= 2


def test_who_and_who_not_and_why_is_shown_before(desk: Desk) -> None:
    """Nothing is stored by looking."""
    sequence, other = desk.sequence(HELLO), desk.sequence(HELLO, name="Other")
    fine, inside, mute, dead, elsewhere = (
        desk.contact("Fine"), desk.contact("Inside"), desk.contact("Mute", ""),
        desk.contact("Dead", "dead@gone.example"), desk.contact("Elsewhere"),
    )  # fmt: skip
    desk.enrol(sequence, inside)
    desk.enrol(other, elsewhere)
    desk.call("gtm.crm.suppress", address="@gone.example")
    rule(desk, sequence, one_at_a_time=True)
    before = kinds(desk)
    seen = enrol(desk, sequence, fine, inside, mute, dead, elsewhere, dry_run=True)
    assert why_not(seen) == [
        "",
        "is in 'Intro' already (active)",
        "has no address that may be written to",
        "has no address that may be written to",
        "is in 'Other' now",
    ]
    assert (seen.enrolled, seen.left_out) == (1, 4)
    assert kinds(desk) == before
    assert query(desk, "SELECT count(*) FROM enrollment") == [(2,)]
    done = enrol(desk, sequence, fine, inside, mute, dead, elsewhere)
    assert (done.enrolled, done.left_out, why_not(done)) == (1, 4, why_not(seen))


def test_looking_does_not_need_an_active_sequence(desk: Desk) -> None:
    draft, person = desk.sequence(HELLO, active=False), desk.contact()
    assert enrol(desk, draft, person, dry_run=True).enrolled == 1
    with pytest.raises(InvalidState, match="Activate it first"):
        enrol(desk, draft, person)


def test_those_whom_a_filter_finds_are_enrolled(desk: Desk) -> None:
    sequence = desk.sequence(HELLO)
    tagged = [desk.contact(f"T{n}", tags=["fair"]) for n in range(3)]
    desk.contact("Other")
    done = desk.call("gtm.outreach.enrol", sequence_id=sequence.sequence_id, filter="tag:fair")
    assert sorted(p.contact_id for p in done.people) == sorted(p.contact_id for p in tagged)
    for wrong in ({}, {"filter": "tag:fair", "contact_ids": [tagged[0].contact_id]}):
        with pytest.raises(InvalidInput, match="by their ids, or by a filter"):
            desk.call("gtm.outreach.enrol", sequence_id=sequence.sequence_id, **wrong)


def test_unknown_people_are_refused(desk: Desk) -> None:
    """Those of another session too; nobody is enrolled then."""
    sequence, person = desk.sequence(HELLO), desk.contact()
    with pytest.raises(NotFound, match="no contact 'nope'"):
        desk.call(
            "gtm.outreach.enrol",
            sequence_id=sequence.sequence_id,
            contact_ids=[person.contact_id, "nope"],
        )
    desk.call("gtm.crm.delete_contact", contact_id=person.contact_id)
    with pytest.raises(NotFound):
        enrol(desk, sequence, person)
    assert query(desk, "SELECT count(*) FROM enrollment") == [(0,)]


def test_t_107_once_ever(desk: Desk) -> None:
    sequence, person = desk.sequence(HELLO), desk.contact("Grace")
    rule(desk, sequence, again="never")
    run_through(desk, sequence, person)
    assert why_not(enrol(desk, sequence, person, dry_run=True)) == ["was in 'Intro' before"]
    with pytest.raises(Conflict, match=r"Grace was in 'Intro' before\."):
        desk.enrol(sequence, person)


def test_t_107_again_after_some_days(desk: Desk) -> None:
    sequence, person = desk.sequence(HELLO), desk.contact("Grace")
    rule(desk, sequence, again="after", again_after_days=30)
    run_through(desk, sequence, person)
    desk.later(days=29)
    assert "less than 30 days ago" in why_not(enrol(desk, sequence, person, dry_run=True))[0]
    desk.later(days=1)
    run_through(desk, sequence, person)
    assert enrollment(desk, person.contact_id).run_no == 2
    assert len(desk.mailer.sent) == 2


def test_an_enrollment_that_was_taken_back_does_not_count(desk: Desk) -> None:
    sequence, person = desk.sequence(HELLO), desk.contact()
    rule(desk, sequence, again="never")
    desk.enrol(sequence, person)
    desk.call("undo")
    assert why_not(enrol(desk, sequence, person)) == [""]


def test_the_rules_are_kept_with_the_sequence(desk: Desk) -> None:
    """And taken back with it."""
    sequence = desk.sequence(HELLO)
    seen = rule(desk, sequence, again="after", company_reply="stop")
    assert (seen.rules.again, seen.rules.again_after_days, seen.rules.company_reply) == (
        "after",
        90,
        "stop",
    )
    assert seen.version_number == 1
    desk.call("undo")
    again = desk.call("gtm.outreach.get_sequence", sequence_id=sequence.sequence_id)
    assert again.rules.again == "always"
    for wrong in ({"again": "maybe"}, {"again_after_days": 0}, {"often": True}):
        with pytest.raises(InvalidInput, match="rules"):
            rule(desk, sequence, **wrong)


def test_an_address_that_had_the_first_step_is_left_out(desk: Desk) -> None:
    sequence = desk.sequence(HELLO, AGAIN)
    first = desk.contact("Grace", "grace@example.com")
    desk.enrol(sequence, first)
    desk.call("gtm.crm.update_contact", contact_id=first.contact_id, emails=["new@example.com"])
    twin = desk.contact("Twin", "grace@example.com")
    assert "had step 1 of this sequence already" in why_not(enrol(desk, sequence, twin))[0]


def test_a_sequence_of_calls_takes_people_without_an_address(desk: Desk) -> None:
    assert enrol(desk, desk.sequence(CALL), desk.contact("Mute", "")).enrolled == 1


@pytest.mark.parametrize("status", ["active", "paused"])
def test_q_060_the_file_itself_holds_one_way_at_a_time(desk: Desk, status: str) -> None:
    """Q-060: whoever writes past the operations is refused by the database."""
    sequence, person = desk.sequence(HELLO), desk.contact()
    desk.enrol(sequence, person)
    query(desk, "UPDATE enrollment SET status = ?", status)
    values = {"id": "'other'", "run_no": "2", "status": "'active'"}
    columns = [name for _, name, *_ in query(desk, "PRAGMA table_info(enrollment)")]
    chosen = ", ".join(values.get(name, name) for name in columns)
    with pytest.raises(EngineError, match="breaks a rule"):
        query(desk, f"INSERT INTO enrollment SELECT {chosen} FROM enrollment")
