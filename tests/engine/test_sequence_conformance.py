"""The automation engine of the first design, item by item, where no other test names it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from rusvel_tui.engine import jobs
from rusvel_tui.engine.errors import Conflict, InvalidInput, InvalidState, NotFound
from rusvel_tui.engine.gtm.outreach.enrolling import manual
from rusvel_tui.engine.gtm.outreach.enrolling.enrollment_views import EnrollmentStatus
from rusvel_tui.engine.gtm.outreach.mails import gate, settle
from rusvel_tui.engine.gtm.outreach.sequences.sequence_views import SequenceStatus
from rusvel_tui.engine.gtm.outreach.sequences.step_kinds import STEP_KINDS, StepType
from rusvel_tui.engine.worker import held
from tests.factories import AGAIN, HELLO, START, Desk, box, enrollment, events, kinds, query

CALL = {"type": "CALL", "delay_days": 1, "instructions": "Ring {{first_name}}."}
TASK = {"type": "TASK", "delay_days": 1, "subject": "Send the board", "channel": "in_person"}
MANUAL = {
    "type": "EMAIL_MANUAL",
    "delay_days": 1,
    "subject": "By hand",
    "body": "Hi {{first_name}}, a word.",
}


def test_c_001_c_002_c_060_a_sequence_has_steps_of_four_kinds(desk: Desk) -> None:
    """Each kind is said in words, and stored as it is spelled."""
    made = desk.sequence(HELLO, MANUAL, CALL, TASK)
    assert [step.type for step in made.steps] == list(StepType)
    assert {kind.value for kind in STEP_KINDS} == {"EMAIL_AUTO", "EMAIL_MANUAL", "CALL", "TASK"}
    assert all(kind.summary and kind.outcomes for kind in STEP_KINDS.values())


def test_c_003_c_011_c_121_c_122_a_lead_is_enrolled(desk: Desk) -> None:
    """C-022, C-054: with or without a deal; the enrollment is there to see."""
    person = desk.contact("Lead")
    deal = desk.call("gtm.crm.add_deal", contact_id=person.contact_id, title="Looms")
    made = desk.enrol(desk.sequence(), person, deal.deal_id)
    [seen] = desk.call("gtm.outreach.list_enrollments", contact_id=person.contact_id).items
    assert (seen.enrollment_id, seen.deal_id, seen.status) == (
        made.enrollment_id,
        deal.deal_id,
        "Active",
    )


def test_c_004_c_005_c_125_an_enrollment_knows_its_step_and_the_last_one(desk: Desk) -> None:
    """By hand it is paused, resumed, moved on, completed and cancelled, by its rules only."""
    made = desk.enrol(desk.sequence(HELLO, AGAIN), desk.contact())
    one = {"enrollment_id": made.enrollment_id}
    assert (enrollment(desk, made.contact_id).step, enrollment(desk, made.contact_id).steps) == (
        1,
        2,
    )
    desk.call("gtm.outreach.pause_enrollment", **one)
    desk.call("gtm.outreach.resume_enrollment", **one)
    for step in (2, 2):
        desk.call("gtm.outreach.skip_step", enrollment_ids=[made.enrollment_id])
        assert enrollment(desk, made.contact_id).step == step
    assert enrollment(desk, made.contact_id).status == "Completed"
    for what in ("pause", "resume", "cancel"):
        with pytest.raises(InvalidState, match="is Completed"):
            desk.call(f"gtm.outreach.{what}_enrollment", **one)


def test_c_010_c_020_c_021_c_120_t_004_create_and_list(desk: Desk) -> None:
    """C-063: it starts as a draft."""
    made = desk.call("gtm.outreach.create_sequence", name="Intro", steps=[HELLO])
    [listed] = desk.call("gtm.outreach.list_sequences").items
    assert (listed.sequence_id, listed.status, len(listed.steps)) == (made.sequence_id, "Draft", 1)


def test_t_005_only_an_active_sequence_runs(desk: Desk) -> None:
    draft, person = desk.sequence(active=False), desk.contact()
    with pytest.raises(InvalidState, match="Activate it first"):
        desk.enrol(draft, person)
    desk.call("gtm.outreach.activate_sequence", sequence_id=draft.sequence_id)
    assert desk.enrol(draft, person).job_id


def test_c_012_c_023_c_112_c_124_each_kind_of_step_becomes_what_a_person_needs(desk: Desk) -> None:
    """C-112, C-065, C-066: a draft to approve, a draft to finish, a call, a task; none is written down as done."""
    sequences = [
        desk.sequence(step | {"delay_days": 0}, name=str(n))
        for n, step in enumerate((HELLO, MANUAL, CALL, TASK))
    ]
    for sequence in sequences:
        desk.enrol(sequence, desk.contact())
    assert desk.call("gtm.outreach.run_due", limit=50).processed == 4
    assert sorted(str(mail.step_type) for mail in box(desk)) == ["EMAIL_AUTO", "EMAIL_MANUAL"]
    assert [str(task.kind) for task in desk.call("gtm.crm.list_tasks").items] == ["Call", "Task"]
    assert query(desk, "SELECT count(*) FROM activity WHERE status = 'done'") == [(0,)]


def test_c_061_c_062_states_are_listed() -> None:
    assert {one.value for one in SequenceStatus} == {
        "Draft",
        "Active",
        "Paused",
        "Completed",
        "Archived",
    }
    assert {one.value for one in EnrollmentStatus} == {"Active", "Paused", "Completed", "Cancelled"}


def test_c_145_q_062_q_063_the_delay_counts_from_what_was_done(desk: Desk) -> None:
    """A mail goes on when it is approved and left, a call and a task when they are completed; not before."""
    person = desk.contact()
    desk.enrol(desk.sequence(HELLO, CALL, TASK, MANUAL), person)
    desk.later(days=2)
    desk.work()
    assert enrollment(desk, person.contact_id).step == 1
    desk.approve(box(desk)[0])
    desk.work()
    sent = desk.engine.clock.now()
    assert enrollment(desk, person.contact_id).next_at == sent + timedelta(days=1)
    for step in (2, 3):
        desk.later(days=5)
        desk.work()
        seen = enrollment(desk, person.contact_id)
        assert (seen.step, seen.next_at) == (step, None)
        desk.call("gtm.outreach.complete_step", job_id=seen.job_id)
        after = enrollment(desk, person.contact_id)
        assert after.since == desk.engine.clock.now()
        assert after.next_at == desk.engine.clock.now() + timedelta(days=1)


def test_q_062_a_delay_says_its_unit(desk: Desk) -> None:
    """Two working days from a Friday are a Tuesday."""
    step = {**CALL, "delay_days": 2, "delay_unit": "working_days"}
    made = desk.sequence(step)
    assert desk.call("gtm.outreach.draw_sequence", sequence_id=made.sequence_id).lines[0].text == (
        "1  call · phone · 2 working days later · Ring {{first_name}}."
    )
    desk.later(days=3)
    friday = START + timedelta(days=3)
    assert friday.strftime("%A") == "Friday"
    assert desk.enrol(made, desk.contact()).run_at == friday + timedelta(days=4)


def test_t_061_a_step_that_is_done_twice_is_done_once(desk: Desk) -> None:
    """The second word of a worker changes nothing: one activity, one event, one next step."""
    desk.enrol(desk.sequence(CALL | {"delay_days": 0}, AGAIN), desk.contact())
    job = desk.engine.run(jobs.claim, jobs.Claim(owner="a")).job
    assert job is not None
    words = jobs.Held.model_validate(held(job))
    assert desk.engine.run(manual.open_step, words).activity_id
    assert desk.engine.run(manual.open_step, words).activity_id is None
    assert query(desk, "SELECT count(*) FROM activity") == [(1,)]
    assert kinds(desk, "gtm.outreach.step") == ["gtm.outreach.step"]


def test_t_061_a_mail_that_is_accepted_twice_is_sent_once(desk: Desk) -> None:
    made = desk.enrol(desk.sequence(HELLO, AGAIN), desk.contact())
    desk.work()
    desk.approve(desk.mail(made.job_id))
    job = desk.engine.run(jobs.claim, jobs.Claim(owner="a")).job
    assert job is not None
    words = held(job)
    desk.engine.run(gate.begin, jobs.Held.model_validate(words))
    assert desk.engine.run(gate.pass_gate, gate.PassGate(host="h", **words)).passed
    done = settle.Accepted(code=250, text="ok", **words)
    assert desk.engine.run(settle.accepted, done).next_job_id
    assert not desk.engine.run(settle.accepted, done).done
    assert query(desk, "SELECT count(*) FROM job") == [(2,)]
    assert len(events(desk, "gtm.outreach.sent")) == 1


def test_c_149_t_096_the_edges_of_enrolling(desk: Desk) -> None:
    """Two sequences at once are fine; unknown ids are not found; nobody is not somebody; twice is a conflict."""
    person = desk.contact()
    first, second = desk.sequence(), desk.sequence(name="Second")
    made = desk.enrol(first, person)
    assert desk.enrol(second, person).enrollment_id != made.enrollment_id
    wrong: list[tuple[dict[str, Any], type[Exception]]] = [
        ({"sequence_id": "nope", "contact_id": person.contact_id}, NotFound),
        ({"sequence_id": first.sequence_id, "contact_id": "nope"}, NotFound),
        ({"sequence_id": first.sequence_id, "contact_id": ""}, NotFound),
        ({"sequence_id": first.sequence_id}, InvalidInput),
        ({"sequence_id": first.sequence_id, "contact_id": person.contact_id}, Conflict),
    ]
    for values, error in wrong:
        with pytest.raises(error):
            desk.call("gtm.outreach.execute_sequence", **values)
    assert query(desk, "SELECT count(*) FROM enrollment") == [(2,)]


def test_t_097_another_session_sees_nothing_of_it(desk: Desk) -> None:
    """Neither the sequence, nor who is in it, nor its versions."""
    sequence = desk.sequence()
    made = desk.enrol(sequence, desk.contact())
    desk.call("session.create", name="other")
    which, who = {"sequence_id": sequence.sequence_id}, {"enrollment_id": made.enrollment_id}
    several = {"enrollment_ids": [made.enrollment_id]}
    calls: list[tuple[str, dict[str, Any]]] = [
        *((name, which) for name in ("get_sequence", "list_versions", "variant_results", "export_sequence", "draw_sequence")),
        ("diff_versions", which | {"before": 1}),
        ("move_people", which | {"from_version": 1}),
        ("import_sequence", which | {"text": "name: x\nsteps:\n  - body: x\n"}),
        ("enrol", which | {"contact_ids": [made.contact_id]}),
        ("enrollment_steps", who),
        ("record_reply", who),
        ("record_reply", {"contact_id": made.contact_id}),
        ("record_meeting", {"contact_id": made.contact_id}),
        ("record_bounce", {"mail_id": made.job_id}),
        ("unsubscribe", {"contact_id": made.contact_id}),
        *((name, several) for name in ("pause_people", "resume_people", "cancel_people", "skip_step")),
        ("jump_to_step", several | {"step": "1"}),
    ]  # fmt: skip
    for name, values in calls:
        with pytest.raises(NotFound):
            desk.call(f"gtm.outreach.{name}", **values)
    assert desk.call("gtm.outreach.list_enrollments").items == ()


def test_t_103_every_way_of_rejecting_leads_somewhere(desk: Desk) -> None:
    """Q-061: skip goes on, stop ends with a reason, redraft writes anew."""
    sequence = desk.sequence(HELLO, AGAIN)
    people = {then: desk.contact(then) for then in ("skip", "stop", "redraft")}
    made = {then: desk.enrol(sequence, person) for then, person in people.items()}
    desk.work()
    for then, one in made.items():
        desk.call("gtm.approvals.reject", id=one.job_id, reason="no", then=then)
    stands = {then: enrollment(desk, person.contact_id) for then, person in people.items()}
    assert (stands["skip"].status, stands["skip"].step) == ("Active", 2)
    assert (stands["stop"].status, stands["stop"].reason) == ("Cancelled", "rejected")
    assert (stands["redraft"].status, stands["redraft"].step) == ("Active", 1)
    desk.work()
    assert [mail.contact for mail in box(desk)] == ["redraft"]


def test_t_110_somebody_who_cannot_go_on_holds_nobody_up(desk: Desk) -> None:
    """A draft that breaks the drafter each time: the others are drafted meanwhile."""
    sequence = desk.sequence(HELLO)
    people = [desk.contact(name) for name in ("Bad", "Good", "Fine")]
    for person in people:
        desk.enrol(sequence, person)

    def break_one(brief: Any) -> None:
        if brief.fields["name"] == "Bad":
            raise RuntimeError("poison")

    desk.drafter.before = break_one
    for _ in range(8):
        desk.work()
        desk.later(days=1)
    assert sorted(mail.contact for mail in box(desk)) == ["Fine", "Good"]
    assert [mail.contact for mail in box(desk, "failed")] == ["Bad"]  # type: ignore[arg-type]
