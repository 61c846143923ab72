"""Versions: steps keep their names, people keep their version, and whoever is moved gets the right text."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rusvel_tui.engine.errors import Conflict, InvalidInput, NotFound
from rusvel_tui.engine.gtm.outreach.sequences.step_diff import Change, diff_steps
from rusvel_tui.engine.gtm.outreach.sequences.step_input import StepInput
from rusvel_tui.engine.gtm.outreach.sequences.step_keys import name_steps
from rusvel_tui.engine.gtm.outreach.sequences.steps import CheckedStep, check_steps
from tests.factories import AGAIN, HELLO, START, Desk, box, enrollment, kinds, query

CALL = {"type": "CALL", "instructions": "Ring {{first_name}}.", "delay_days": 1}


def mail(word: str, **more: Any) -> dict[str, Any]:
    return {"channel": "email", "subject": word, "body": f"Hi {{{{first_name}}}}, a word about {word}.", **more}  # fmt: skip


def update(desk: Desk, sequence: Any, *steps: dict[str, Any]) -> Any:
    return desk.call(
        "gtm.outreach.update_sequence", sequence_id=sequence.sequence_id, steps=list(steps)
    )


def keys(sequence: Any) -> list[str]:
    return [step.key for step in sequence.steps]


def test_a_step_keeps_its_key_when_it_is_edited_or_moved(desk: Desk) -> None:
    """Q-064: whoever gives the key says which step it is; without it the text tells."""
    made = desk.sequence(mail("one"), mail("two"), mail("three"))
    assert keys(made) == ["s1", "s2", "s3"]
    assert keys(update(desk, made, mail("three"), mail("one"), mail("two"))) == ["s3", "s1", "s2"]
    assert keys(update(desk, made, mail("three"), mail("uno"), mail("two"))) == ["s3", "s1", "s2"]
    assert keys(update(desk, made, mail("new"), mail("three"), mail("uno"))) == ["s4", "s3", "s1"]
    edited = update(desk, made, mail("other", key="s1"), mail("three"))
    assert keys(edited) == ["s1", "s3"]
    assert keys(update(desk, made, mail("x"), mail("y"), mail("z"))) == ["s5", "s6", "s7"]


def test_a_key_is_never_given_to_another_step(desk: Desk) -> None:
    """Not even after the step was deleted: who had it must not miss the new one."""
    made = desk.sequence(mail("one"), mail("two"))
    assert keys(update(desk, made, mail("one"))) == ["s1"]
    assert keys(update(desk, made, mail("one"), mail("three"))) == ["s1", "s3"]


TEXTS = st.lists(st.sampled_from("abcdef"), min_size=1, max_size=6, unique=True)


def checked(words: list[str]) -> list[CheckedStep]:
    steps = [StepInput.model_validate(mail(word)) for word in words]
    return check_steps(steps, frozenset({"first_name"}))


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_every_step_has_one_key_and_every_text_keeps_it(
    before: list[str], after: list[str]
) -> None:
    old = name_steps(checked(before), [], ())
    new = name_steps(checked(after), old, [step.key for step in old])
    named = [step.key for step in new]
    assert len(set(named)) == len(named)
    for step in new:
        same = [one.key for one in old if one.body == step.body]
        assert not same or step.key == same[0]
    changes = diff_steps(old, new)
    assert {c.key for c in changes} == {step.key for step in (*old, *new)}
    assert all(c.change is not Change.CHANGED for c in changes) or len(before) == len(after)


def test_the_versions_are_listed_with_what_each_changed(desk: Desk) -> None:
    made = desk.sequence(mail("one"), mail("two"))
    first = desk.enrol(made, desk.contact())
    changed = update(desk, made, mail("new"), mail("two", delay_days=2), mail("one"))
    desk.enrol(changed, desk.contact())
    desk.call("gtm.outreach.pause_enrollment", enrollment_id=first.enrollment_id)
    newest, oldest = desk.call("gtm.outreach.list_versions", sequence_id=made.sequence_id).items
    assert (newest.number, newest.current, newest.steps) == (2, True, 3)
    assert (newest.active, newest.paused, newest.ended) == (1, 0, 0)
    assert (oldest.number, oldest.current, oldest.active, oldest.paused) == (1, False, 0, 1)
    assert [(c.key, c.change, c.before, c.after) for c in newest.changes] == [
        ("s3", "added", 0, 1),
        ("s2", "changed", 2, 2),
        ("s1", "moved", 1, 3),
    ]
    diff = desk.call("gtm.outreach.diff_versions", sequence_id=made.sequence_id, before=1)
    assert diff.lines == (
        "+ step 1 (s3)",
        "~ step 2 (s2): delay_days",
        "~ step 1 is step 3 (s1)",
    )
    [delay] = diff.changes[1].fields
    assert (delay.field, delay.before, delay.after) == ("delay_days", "0", "2")
    with pytest.raises(NotFound, match="has no version 9"):
        desk.call("gtm.outreach.diff_versions", sequence_id=made.sequence_id, before=9)


def test_the_same_steps_again_make_no_version(desk: Desk) -> None:
    made = desk.sequence(mail("one"))
    assert update(desk, made, mail("one")).version_number == 1


def move(desk: Desk, sequence: Any, **how: Any) -> Any:
    return desk.call("gtm.outreach.move_people", sequence_id=sequence.sequence_id, **how)


def test_t_108_q_064_moved_people_get_the_step_of_their_new_version(desk: Desk) -> None:
    """Q-064: an insert in the middle neither repeats nor skips anything."""
    made = desk.sequence(mail("one"), mail("two", delay_days=3), mail("three", delay_days=3))
    person = desk.contact("Grace")
    first = desk.enrol(made, person)
    desk.work()
    desk.approve(desk.mail(first.job_id))
    desk.work()
    changed = update(
        desk, made, mail("zero"), mail("one", key="s1"), mail("better two", key="s2", delay_days=5),
        mail("three", key="s3", delay_days=3),
    )  # fmt: skip
    assert keys(changed) == ["s4", "s1", "s2", "s3"]
    before = kinds(desk)
    shown = move(desk, made, from_version=1, dry_run=True)
    assert kinds(desk) == before
    [who] = shown.people
    assert (who.contact, who.from_step, who.to_step, who.anew, who.why_not) == (
        "Grace",
        2,
        3,
        True,
        "",
    )
    assert shown.lines[0] == "+ step 1 (s4)"
    moved = move(desk, made, from_version=1, from_step="s2")
    assert (moved.moved, moved.left_out, moved.to_version) == (1, 0, 2)
    seen = enrollment(desk, person.contact_id)
    assert (seen.step, seen.steps, seen.version_number) == (3, 4, 2)
    assert seen.next_at == START + timedelta(days=5)
    for _ in range(3):
        desk.later(days=5)
        desk.work()
        for draft in box(desk):
            desk.approve(draft)
        desk.work()
    subjects = query(desk, "SELECT subject FROM mail WHERE state = 'sent' ORDER BY sent_at")
    assert subjects == [("one",), ("better two",), ("three",)]
    assert enrollment(desk, person.contact_id).reason == "finished"


def test_a_draft_with_the_same_text_stays_and_another_is_written_anew(desk: Desk) -> None:
    made = desk.sequence(mail("one"))
    kept, fresh = desk.contact("Kept"), desk.contact("Fresh")
    job = desk.enrol(made, kept).job_id
    desk.work()
    update(desk, made, mail("zero"), mail("one"))
    moved = move(desk, made, from_version=1)
    assert [(who.anew, who.to_step) for who in moved.people] == [(False, 2)]
    draft = desk.mail(job)
    assert (draft.state, draft.step, draft.steps) == ("Held", 2, 2)
    desk.approve(draft)
    changed = update(desk, made, mail("zero"), mail("uno", key="s1"))
    other = desk.enrol(changed, fresh)
    assert move(desk, made, from_version=2).people[0].anew
    assert desk.mail(job).state == "Cancelled"
    desk.work()
    assert sorted(m.subject for m in box(desk)) == ["uno", "zero"]
    assert desk.mail(other.job_id).subject == "zero"
    assert desk.mailer.sent == []


def test_a_step_that_is_gone_needs_another_one(desk: Desk) -> None:
    made = desk.sequence(mail("one"), mail("two"))
    person = desk.contact()
    desk.enrol(made, person)
    update(desk, made, mail("two"), mail("three"))
    shown = move(desk, made, from_version=1)
    assert (shown.moved, shown.left_out) == (0, 1)
    assert "step 's1' is not in that version" in shown.people[0].why_not
    assert enrollment(desk, person.contact_id).version_number == 1
    assert move(desk, made, from_version=1, to_step="s3").moved == 1
    assert enrollment(desk, person.contact_id).step == 2


def test_moving_is_taken_back_and_made_again(desk: Desk) -> None:
    """The draft of before is there again, and waits for its yes."""
    made = desk.sequence(mail("one"), CALL)
    people = [desk.contact(name) for name in ("A", "B")]
    jobs = [desk.enrol(made, person).job_id for person in people]
    desk.work()
    desk.approve(desk.mail(jobs[0]))
    update(desk, made, mail("uno", key="s1"))
    move(desk, made, from_version=1)
    assert [desk.mail(job).state for job in jobs] == ["Cancelled", "Cancelled"]
    desk.call("undo")
    assert [desk.mail(job).state for job in jobs] == ["Held", "Held"]
    assert [enrollment(desk, p.contact_id).version_number for p in people] == [1, 1]
    desk.call("redo")
    assert [enrollment(desk, p.contact_id).version_number for p in people] == [2, 2]
    desk.work()
    assert sorted(m.subject for m in box(desk)) == ["uno", "uno"]


def test_what_left_since_cannot_be_taken_back(desk: Desk) -> None:
    made = desk.sequence(mail("one"))
    desk.enrol(made, desk.contact())
    update(desk, made, mail("uno", key="s1"))
    move(desk, made, from_version=1)
    desk.work()
    [draft] = box(desk)
    desk.approve(draft)
    desk.work()
    undone = []
    for _ in range(4):
        try:
            undone.append(desk.call("undo").kind)
        except Conflict as conflict:
            undone.append(str(conflict))
    assert "A mail left since. What left cannot be taken back." in undone
    assert len(desk.mailer.sent) == 1


def test_a_mail_in_doubt_stays_where_it_is(desk: Desk) -> None:
    made = desk.sequence(mail("one"), mail("two"))
    job = desk.enrol(made, desk.contact()).job_id
    desk.work()
    desk.approve(desk.mail(job))
    query(desk, "UPDATE mail SET state = 'in_doubt' WHERE id = ?", job)
    update(desk, made, mail("zero"), mail("one"))
    shown = move(desk, made, from_version=1)
    assert shown.people[0].why_not == "the mail is in doubt: settle it in the inbox first"
    with pytest.raises(InvalidInput, match="no step 'x'"):
        move(desk, made, from_version=1, from_step="x")


def test_only_named_people_move(desk: Desk) -> None:
    made = desk.sequence(mail("one"))
    ids = [desk.enrol(made, desk.contact()).enrollment_id for _ in range(3)]
    update(desk, made, mail("uno", key="s1"))
    assert move(desk, made, from_version=1, enrollment_ids=ids[1:]).moved == 2
    versions = [item.version_number for item in desk.call("gtm.outreach.list_enrollments").items]
    assert versions == [2, 2, 1]


def test_a_twin_does_not_get_the_step_again_under_another_number(desk: Desk) -> None:
    """The address counts, and the step by its key: its place in the version does not."""
    made = desk.sequence(HELLO, AGAIN)
    first = desk.contact("Grace", "grace@example.com")
    desk.enrol(made, first)
    desk.work()
    desk.call("gtm.crm.update_contact", contact_id=first.contact_id, emails=["new@example.com"])
    twin = desk.contact("Twin", "grace@example.com")
    changed = update(desk, made, mail("zero"), {**HELLO, "key": "s1"})
    desk.enrol(changed, twin)
    desk.work()
    [zero] = [m for m in box(desk) if m.subject == "zero"]
    desk.approve(zero)
    desk.work()
    seen = enrollment(desk, twin.contact_id)
    assert (seen.status, seen.reason) == ("Cancelled", "duplicate")
