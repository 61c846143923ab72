"""Sequences: their steps in two shapes, their states, and versions that never change."""

from __future__ import annotations

from typing import Any

import pytest

from rusvel_tui.engine.errors import Conflict, InvalidInput, InvalidState, NotFound
from tests.factories import AGAIN, HELLO, Desk, events, kinds, query


def create(desk: Desk, *steps: dict[str, Any], name: str = "Intro") -> Any:
    return desk.call("gtm.outreach.create_sequence", name=name, steps=list(steps) or [HELLO])


def turn(desk: Desk, what: str, sequence: Any) -> Any:
    return desk.call(f"gtm.outreach.{what}_sequence", sequence_id=sequence.sequence_id)


def test_c_063_the_short_shape_of_a_step_is_accepted(desk: Desk) -> None:
    """G-051, G-063: the seeds' `{delay_days, channel, template}`."""
    made = create(desk, {"delay_days": 2, "channel": "email", "template": "Hi {{first_name}}, …"})
    [step] = made.steps
    assert (step.number, step.type, step.delay_days, step.channel) == (1, "EMAIL_AUTO", 2, "email")
    assert (step.subject, step.body, step.instructions) == ("", "Hi {{first_name}}, …", "")
    assert (made.status, made.version_number) == ("Draft", 1)


def test_c_063_the_full_shape_of_a_step_is_accepted(desk: Desk) -> None:
    made = create(
        desk,
        {
            "type": "email_manual",
            "delay_days": 1,
            "channel": "Email",
            "subject": " Two  words ",
            "body": "b\r\nc ",
            "instructions": "be kind",
        },
        {"type": "CALL", "instructions": "ask for Grace"},
        {"type": "TASK"},
        {"channel": "linkedin", "body": "Hello {{first_name}}"},
        {"type": "EMAIL_AUTO", "body": "x"},
    )
    shown = [(s.type, s.channel, s.subject, s.body, s.instructions) for s in made.steps]
    assert shown == [
        ("EMAIL_MANUAL", "email", "Two words", "b\nc", "be kind"),
        ("CALL", "phone", "", "", "ask for Grace"),
        ("TASK", "other", "", "", ""),
        ("TASK", "linkedin", "", "Hello {{first_name}}", ""),
        ("EMAIL_AUTO", "email", "", "x", ""),
    ]


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([], "needs at least one step"),
        ([HELLO] * 51, "50 steps at most"),
        ([{"channel": "email"}], "Step 1.*a mail needs a text"),
        ([HELLO, {"channel": "pigeon", "body": "x"}], "Step 2.*unknown channel 'pigeon'"),
        ([{"type": "CALL", "channel": "email", "body": "x"}], "CALL does not go with .* email"),
        ([{"type": "EMAIL_AUTO", "channel": "linkedin", "body": "x"}], "EMAIL_AUTO does not go"),
        ([{"channel": "email", "body": "Hi {{frist_name}}"}], "Step 1, body: .*'first_name'"),
        ([{"channel": "email", "subject": "{{", "body": "x"}], "Step 1, subject: "),
        ([{"channel": "email", "body": "a", "template": "b"}], "either template or body"),
        ([{"channel": "email", "body": "a", "wait": 1}], "wait: unknown field"),
        ([{"delay_days": -1, "body": "a"}], "delay_days: "),
        ([{"delay_days": 3651, "body": "a"}], "delay_days: "),
        ([{"type": "FAX", "body": "a"}], "type: "),
        (["x"], "steps.0: "),
    ],
)
def test_steps_that_cannot_work_are_refused_at_once(
    desk: Desk, steps: list[Any], words: str
) -> None:
    with pytest.raises(InvalidInput, match=words) as caught:
        desk.call("gtm.outreach.create_sequence", name="Intro", steps=steps)
    assert caught.value.field.startswith("steps")
    assert desk.call("gtm.outreach.list_sequences").items == ()


def test_a_field_of_ones_own_contacts_may_be_named(desk: Desk) -> None:
    with pytest.raises(InvalidInput, match=r"there is no field 'custom.favourite_colour'"):
        create(desk, {"channel": "email", "body": "{{custom.favourite_colour}}"})
    desk.contact(fields={"Favourite Colour": "red"})
    assert create(desk, {"channel": "email", "body": "{{custom.favourite_colour}}"}).steps


@pytest.mark.parametrize("name", ["", " \u200b", "x" * 121])
def test_a_sequence_needs_a_name(desk: Desk, name: str) -> None:
    with pytest.raises(InvalidInput, match="1 to 120 characters"):
        create(desk, name=name)


def test_names_are_unique_among_those_in_use(desk: Desk) -> None:
    made = create(desk, name="Ärger")
    create(desk, name="Other")
    with pytest.raises(Conflict, match="There is a sequence 'Ärger' already"):
        create(desk, name="Ärger")
    with pytest.raises(Conflict, match="already"):
        desk.call("gtm.outreach.update_sequence", sequence_id=made.sequence_id, name="other")
    turn(desk, "archive", made)
    assert create(desk, name="Ärger").name == "Ärger"
    with pytest.raises(Conflict, match="breaks a rule"):
        turn(desk, "restore", made)


ALLOWED = {
    "Draft": {"activate": "Active", "archive": "Archived"},
    "Active": {"pause": "Paused"},
    "Paused": {"activate": "Active", "archive": "Archived"},
    "Archived": {"restore": "Draft"},
}
PATHS: dict[str, list[str]] = {
    "Draft": [],
    "Active": ["activate"],
    "Paused": ["activate", "pause"],
    "Archived": ["archive"],
}


@pytest.mark.parametrize("status", PATHS)
@pytest.mark.parametrize("what", ["activate", "pause", "archive", "restore"])
def test_each_status_has_its_ways_out(desk: Desk, status: str, what: str) -> None:
    sequence = create(desk)
    for step in PATHS[status]:
        sequence = turn(desk, step, sequence)
    assert sequence.status == status
    after = ALLOWED[status].get(what)
    before = kinds(desk)
    if after:
        assert turn(desk, what, sequence).status == after
        event = events(desk)[0]
        assert (event.kind, event.payload["from"]) == ("gtm.sequence.updated", status)
        return
    with pytest.raises(InvalidState, match=f"is {status} and cannot become") as caught:
        turn(desk, what, sequence)
    assert caught.value.exit_code == 5
    assert kinds(desk) == before


def test_a_sequence_with_people_in_it_is_not_put_away(desk: Desk) -> None:
    sequence = desk.sequence()
    executed = desk.enrol(sequence, desk.contact())
    turn(desk, "pause", sequence)
    with pytest.raises(Conflict, match="People are still in this sequence"):
        turn(desk, "archive", sequence)
    desk.call("gtm.outreach.pause_enrollment", enrollment_id=executed.enrollment_id)
    with pytest.raises(Conflict, match="End their enrollments first"):
        turn(desk, "archive", sequence)
    desk.call("gtm.outreach.cancel_enrollment", enrollment_id=executed.enrollment_id)
    assert turn(desk, "archive", sequence).status == "Archived"


def test_the_list_hides_what_was_put_away(desk: Desk) -> None:
    made = [create(desk, name=name) for name in "abc"]
    turn(desk, "archive", made[1])
    turn(desk, "activate", made[0])
    listed = desk.call("gtm.outreach.list_sequences").items
    assert [item.name for item in listed] == ["c", "a"]
    archived = desk.call("gtm.outreach.list_sequences", status="archived").items
    assert [item.name for item in archived] == ["b"]
    assert [i.name for i in desk.call("gtm.outreach.list_sequences", status="ACTIVE").items] == [
        "a"
    ]


def test_the_list_has_pages(desk: Desk) -> None:
    for name in "abc":
        create(desk, name=name)
    first = desk.call("gtm.outreach.list_sequences", limit=2)
    rest = desk.call("gtm.outreach.list_sequences", limit=2, cursor=first.next)
    assert [item.name for item in (*first.items, *rest.items)] == ["c", "b", "a"]
    assert rest.next is None


def test_an_unknown_sequence_is_said(desk: Desk) -> None:
    for name in ("get", "update", "activate", "pause", "archive", "restore"):
        with pytest.raises(NotFound, match="no sequence 'nope'"):
            desk.call(f"gtm.outreach.{name}_sequence", sequence_id="nope")


def test_new_steps_make_a_new_version_and_leave_the_old_one(desk: Desk) -> None:
    """T-108: who is enrolled finishes the version they began with."""
    sequence = desk.sequence(HELLO, AGAIN)
    first = desk.enrol(sequence, desk.contact("Ada"))
    changed = desk.call(
        "gtm.outreach.update_sequence", sequence_id=sequence.sequence_id, name="Better",
        steps=[{"channel": "email", "subject": "New", "body": "Hi {{first_name}}, a newer word."}],
    )  # fmt: skip
    assert (changed.name, changed.version_number, len(changed.steps)) == ("Better", 2, 1)
    second = desk.enrol(changed, desk.contact("Grace"))
    desk.work()
    assert [desk.mail(made.job_id).subject for made in (first, second)] == ["Hello", "New"]
    assert [desk.mail(made.job_id).steps for made in (first, second)] == [2, 1]
    assert query(desk, "SELECT number FROM sequence_version ORDER BY id") == [(1,), (2,)]


def test_a_change_of_a_sequence_is_taken_back_by_another_version(desk: Desk) -> None:
    made = create(desk, HELLO, AGAIN)
    desk.call("gtm.outreach.update_sequence", sequence_id=made.sequence_id, steps=[HELLO], name="x")
    desk.call("undo")
    seen = desk.call("gtm.outreach.get_sequence", sequence_id=made.sequence_id)
    assert (seen.name, seen.version_number) == ("Intro", 3)
    assert [step.model_dump(exclude={"step_id"}) for step in seen.steps] == [
        step.model_dump(exclude={"step_id"}) for step in made.steps
    ]


def test_a_change_of_an_older_version_is_a_conflict(desk: Desk) -> None:
    made = create(desk)
    change = {"sequence_id": made.sequence_id, "version": made.version}
    desk.call("gtm.outreach.update_sequence", name="a", **change)
    with pytest.raises(Conflict, match="was changed by somebody else"):
        desk.call("gtm.outreach.update_sequence", name="b", **change)


def test_a_sequence_counts_its_people(desk: Desk) -> None:
    sequence = desk.sequence(HELLO)
    people = [desk.contact() for _ in range(4)]
    made = [desk.enrol(sequence, person) for person in people]
    desk.call("gtm.outreach.pause_enrollment", enrollment_id=made[1].enrollment_id)
    desk.call("gtm.outreach.cancel_enrollment", enrollment_id=made[2].enrollment_id)
    desk.work()
    desk.approve(desk.mail(made[0].job_id))
    desk.work()
    seen = desk.call("gtm.outreach.get_sequence", sequence_id=sequence.sequence_id)
    assert (seen.active, seen.paused, seen.completed, seen.cancelled) == (1, 1, 1, 1)


def test_creating_one_is_taken_back_by_putting_it_away(desk: Desk) -> None:
    create(desk)
    desk.call("undo")
    assert desk.call("gtm.outreach.list_sequences").items == ()
    desk.call("redo")
    assert desk.call("gtm.outreach.list_sequences").items[0].status == "Draft"
