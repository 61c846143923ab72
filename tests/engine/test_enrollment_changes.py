"""What a person does with people in a sequence: pause, resume, end, skip, jump; for one or many, and back."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from rusvel_tui.engine.errors import Conflict, InvalidInput, InvalidState, NotFound
from rusvel_tui.engine.gtm.outreach.enrolling.ends import MEANINGS, End, end_and_note
from tests.factories import AGAIN, HELLO, START, Desk, box, enrollment, events, query

CALL = {"type": "CALL", "instructions": "Ring {{first_name}}.", "delay_days": 0}
LAST = {
    "channel": "email",
    "subject": "Last",
    "body": "Hi {{first_name}}, the last word about looms.",
}


def several(desk: Desk, what: str, made: list[Any], **more: Any) -> Any:
    ids = [one.enrollment_id for one in made]
    return desk.call(f"gtm.outreach.{what}", enrollment_ids=ids, **more)


def stands(desk: Desk, made: Any) -> tuple[Any, ...]:
    seen = enrollment(desk, made.contact_id)
    return seen.status, seen.step, seen.reason


@pytest.fixture
def three(desk: Desk) -> list[Any]:
    """Three people in one sequence: a mail, a call, a mail."""
    sequence = desk.sequence(HELLO, CALL, LAST)
    return [desk.enrol(sequence, desk.contact(name)) for name in ("Anna", "Bea", "Cid")]


def test_several_are_paused_and_go_on_as_one_change(desk: Desk, three: list[Any]) -> None:
    before = len(events(desk))
    done = several(desk, "pause_people", three, reason="holiday")
    assert (done.count, done.left_out) == (3, 0)
    assert len(events(desk)) == before + 1
    assert {item.note for item in desk.call("gtm.outreach.list_enrollments").items} == {"holiday"}
    desk.work()
    assert box(desk) == []
    assert several(desk, "resume_people", three).count == 3
    desk.work()
    assert len(box(desk)) == 3
    desk.call("undo")
    assert {stands(desk, one)[0] for one in three} == {"Paused"}


def test_who_cannot_be_changed_is_left_out_with_the_reason(desk: Desk, three: list[Any]) -> None:
    several(desk, "pause_people", three[:1])
    done = several(desk, "pause_people", three)
    assert (done.count, done.left_out) == (2, 1)
    assert done.why == ("The enrollment is Paused and cannot become Paused.",)
    with pytest.raises(Conflict, match="is Paused"):
        several(desk, "pause_people", three)
    with pytest.raises(NotFound, match="'nope'"):
        desk.call("gtm.outreach.pause_people", enrollment_ids=[three[0].enrollment_id, "nope"])
    with pytest.raises(InvalidInput, match="enrollment_ids"):
        desk.call("gtm.outreach.pause_people", enrollment_ids=[])


def test_ending_is_taken_back_with_the_draft(desk: Desk, three: list[Any]) -> None:
    """An approved mail waits for a new yes; what was edited stays edited."""
    desk.work()
    first = desk.mail(three[0].job_id)
    desk.call("gtm.approvals.edit", id=first.id, subject="My own")
    desk.approve(desk.mail(first.id))
    several(desk, "cancel_people", three, reason="no budget")
    assert {stands(desk, one) for one in three} == {("Cancelled", 1, "manual")}
    assert box(desk) == []
    desk.call("undo")
    assert {stands(desk, one) for one in three} == {("Active", 1, "")}
    assert sorted(mail.subject for mail in box(desk)) == ["Hello", "Hello", "My own"]
    desk.work()
    assert desk.mailer.sent == []
    desk.call("redo")
    assert {stands(desk, one)[0] for one in three} == {"Cancelled"}


def test_a_step_is_skipped(desk: Desk, three: list[Any]) -> None:
    """The draft goes, the reason stays, and the next delay counts from now."""
    desk.work()
    desk.later(hours=3)
    done = several(desk, "skip_step", three[:2], reason="met them")
    assert done.count == 2
    assert [stands(desk, one)[1] for one in three] == [2, 2, 1]
    steps = desk.call("gtm.outreach.enrollment_steps", enrollment_id=three[0].enrollment_id).steps
    assert [(one.key, one.state, one.outcome) for one in steps] == [
        ("s1", "skipped", "skipped: met them"),
        ("s2", "planned", ""),
    ]
    assert steps[1].due_at == START + timedelta(hours=3)
    desk.call("undo")
    assert [stands(desk, one)[1] for one in three] == [1, 1, 1]
    assert len(box(desk)) == 3


def test_a_call_that_is_open_is_skipped_with_its_task(desk: Desk, three: list[Any]) -> None:
    several(desk, "jump_to_step", three, step="s2")
    desk.work()
    assert len(desk.call("gtm.crm.list_tasks").items) == 3
    several(desk, "skip_step", three)
    assert desk.call("gtm.crm.list_tasks").items == ()
    desk.call("undo")
    assert len(desk.call("gtm.crm.list_tasks").items) == 3
    desk.work()
    assert [stands(desk, one)[1] for one in three] == [2, 2, 2]


def test_skipping_the_last_step_finishes(desk: Desk, three: list[Any]) -> None:
    several(desk, "jump_to_step", three, step="3")
    several(desk, "skip_step", three)
    assert {stands(desk, one) for one in three} == {("Completed", 3, "finished")}
    desk.call("undo")
    assert {stands(desk, one) for one in three} == {("Active", 3, "")}


def test_a_jump_goes_forth_and_back_but_no_mail_leaves_twice(desk: Desk, three: list[Any]) -> None:
    desk.work()
    desk.approve(desk.mail(three[0].job_id))
    desk.work()
    assert stands(desk, three[0])[1] == 2
    done = several(desk, "jump_to_step", three, step="1")
    assert (done.count, done.left_out) == (2, 1)
    assert "cannot become sent again" in done.why[0]
    several(desk, "jump_to_step", three, step="s3")
    desk.work()
    assert [mail.subject for mail in box(desk)] == ["Last"] * 3
    assert len(desk.mailer.sent) == 1
    with pytest.raises(InvalidInput, match=r"no step 's9'. There are 1 \(s1\), 2 \(s2\), 3 \(s3\)"):
        several(desk, "jump_to_step", three, step="s9")


def test_a_jump_over_a_mail_comes_back_to_it(desk: Desk, three: list[Any]) -> None:
    """Whatever was jumped over can still be had."""
    several(desk, "jump_to_step", three[:1], step="s2")
    several(desk, "jump_to_step", three[:1], step="s1")
    desk.work()
    assert sorted(mail.subject for mail in box(desk)) == ["Hello"] * 3


@pytest.mark.parametrize("what", ["skip_step", "jump_to_step"])
@pytest.mark.parametrize("state", ["committing", "in_doubt"])
def test_a_mail_that_is_leaving_is_not_passed_over(
    desk: Desk, three: list[Any], what: str, state: str
) -> None:
    desk.work()
    query(
        desk,
        "UPDATE mail SET state = ?, approved_digest = digest, raw_sha256 = 'x', intent_at = created_at WHERE id = ?",
        state, three[0].job_id,
    )  # fmt: skip
    more = {"step": "3"} if what == "jump_to_step" else {}
    with pytest.raises(Conflict, match="The mail of this step is"):
        several(desk, what, three[:1], **more)


def test_a_done_step_is_taken_back(desk: Desk, three: list[Any]) -> None:
    """The task is open again, and what followed is gone."""
    several(desk, "jump_to_step", three[:1], step="s2")
    desk.work()
    [task] = desk.call("gtm.crm.list_tasks").items
    desk.call("gtm.outreach.complete_step", job_id=task.job_id, outcome="reached", notes="nice")
    desk.work()
    assert stands(desk, three[0])[1] == 3
    desk.call("undo")
    [again] = desk.call("gtm.crm.list_tasks").items
    assert (again.activity_id, again.outcome, again.notes) == (task.activity_id, "", "")
    assert stands(desk, three[0])[1] == 2
    assert [mail.subject for mail in box(desk) if mail.subject == "Last"] == []
    desk.call("redo")
    assert desk.call("gtm.crm.list_tasks").items == ()
    assert [mail.subject for mail in box(desk) if mail.subject == "Last"] == ["Last"]


def test_a_second_beginning_stands_in_the_way_of_going_back(desk: Desk) -> None:
    sequence, person = desk.sequence(HELLO), desk.contact()
    made = desk.enrol(sequence, person)
    desk.call("gtm.outreach.cancel_enrollment", enrollment_id=made.enrollment_id)
    cancelled = events(desk)[0]
    desk.enrol(sequence, person)
    with pytest.raises(Conflict, match="began this sequence anew"):
        desk.call("gtm.outreach.put_back", places=places(desk, cancelled.id))


def places(desk: Desk, event_id: int) -> Any:
    """What the event keeps for the way back."""
    [(undo,)] = query(desk, "SELECT undo FROM event WHERE id = ?", event_id)
    return json.loads(undo)["input"]["places"]


def test_every_end_has_its_meaning() -> None:
    assert set(MEANINGS) == set(End)
    assert end_and_note("no budget") == ("manual", "no budget")
    assert end_and_note("Replied") == ("replied", "")
    assert end_and_note("  ") == ("manual", "")


def test_q_061_what_became_due_in_a_pause_is_due_now(desk: Desk) -> None:
    made = desk.enrol(desk.sequence({**HELLO, "delay_days": 2}, AGAIN), desk.contact())
    desk.call("gtm.outreach.pause_enrollment", enrollment_id=made.enrollment_id)
    desk.later(days=10)
    desk.work()
    with pytest.raises(InvalidState, match="is Paused"):
        desk.call("gtm.outreach.pause_enrollment", enrollment_id=made.enrollment_id)
    desk.call("gtm.outreach.resume_enrollment", enrollment_id=made.enrollment_id)
    desk.work()
    assert [mail.step for mail in box(desk)] == [1]
