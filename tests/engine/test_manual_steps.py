"""Steps by hand: a call or a task becomes due, and the sequence waits until it is done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from rusvel_tui.engine import jobs
from rusvel_tui.engine.errors import InvalidState
from rusvel_tui.engine.gtm.outreach.enrolling import manual
from rusvel_tui.engine.worker import held
from tests.factories import HELLO, Desk, box, enrollment, kinds, query

CALL = {"type": "CALL", "delay_days": 1, "instructions": "Call {{first_name}} about {{company}}"}
TASK = {"channel": "linkedin", "delay_days": 2, "subject": "Connect", "body": "Hi {{first_name}}"}


def open_tasks(desk: Desk) -> list[Any]:
    return list(desk.call("gtm.crm.list_tasks").items)


def test_a_call_waits_until_it_is_done(desk: Desk) -> None:
    """Q-063: manual steps wait for their completion, and the next delay counts from there."""
    person = desk.contact("Grace Hopper", company="Navy")
    executed = desk.enrol(desk.sequence(CALL, TASK, HELLO), person)
    desk.work()
    assert open_tasks(desk) == []
    desk.later(days=1)
    desk.work()
    [call] = open_tasks(desk)
    assert (call.kind, call.subject, call.body) == (
        "Call",
        "Call: Grace Hopper",
        "Call Grace about Navy",
    )
    desk.later(days=30)
    desk.work()
    assert len(open_tasks(desk)) == 1
    done = desk.call(
        "gtm.outreach.complete_step", job_id=executed.job_id, outcome="answered", notes="nice"
    )
    assert (done.step, done.steps) == (2, 3)
    assert done.next_at == desk.engine.clock.now() + timedelta(days=2)
    [entry] = desk.call("gtm.crm.timeline", contact_id=person.contact_id, kinds="call").items
    assert (entry.status, entry.outcome, entry.detail) == ("done", "answered", "nice")
    seen = desk.call("gtm.crm.get_contact", contact_id=person.contact_id)
    assert seen.last_contacted_at == desk.engine.clock.now()


def test_another_channel_is_a_task_with_text_to_copy(desk: Desk) -> None:
    """G-064: linkedin and the like are done by hand."""
    person = desk.contact("Grace Hopper")
    desk.enrol(desk.sequence({**TASK, "delay_days": 0}, HELLO), person)
    desk.work()
    [task] = open_tasks(desk)
    assert (task.kind, task.subject, task.body) == ("Task", "Connect", "Hi Grace")
    desk.call("gtm.crm.complete_task", activity_id=task.activity_id, outcome="sent")
    desk.work()
    [mail] = box(desk)
    assert (mail.step, mail.subject) == (2, "Hello")
    assert kinds(desk, "gtm.outreach.step") == ["gtm.outreach.step"] * 2


def test_a_missing_value_stays_visible_in_a_task(desk: Desk) -> None:
    desk.enrol(desk.sequence({**CALL, "delay_days": 0}), desk.contact("Grace"))
    desk.work()
    assert open_tasks(desk)[0].body == "Call Grace about {{company}}"


def test_a_step_by_hand_is_done_once(desk: Desk) -> None:
    executed = desk.enrol(desk.sequence({**CALL, "delay_days": 0}), desk.contact())
    with pytest.raises(InvalidState, match="The step is Queued and cannot become done"):
        desk.call("gtm.outreach.complete_step", job_id=executed.job_id)
    desk.work()
    desk.call("gtm.outreach.complete_step", job_id=executed.job_id)
    with pytest.raises(InvalidState, match="The step is Succeeded"):
        desk.call("gtm.outreach.complete_step", job_id=executed.job_id)
    with pytest.raises(InvalidState, match="cannot become open"):
        desk.call("gtm.crm.reopen_task", activity_id=query(desk, "SELECT id FROM activity")[0][0])
    assert enrollment(desk, executed.contact_id).status == "Completed"


@pytest.mark.parametrize("what", ["enrollment", "sequence"])
def test_a_step_by_hand_waits_while_it_is_paused(desk: Desk, what: str) -> None:
    sequence = desk.sequence({**CALL, "delay_days": 0})
    executed = desk.enrol(sequence, desk.contact())
    ids = {"enrollment": executed.enrollment_id, "sequence": sequence.sequence_id}
    desk.call(f"gtm.outreach.pause_{what}", **{f"{what}_id": ids[what]})
    desk.work()
    assert open_tasks(desk) == []
    assert desk.call("job.list").items[0].error == f"the {what} is paused"
    again = {"enrollment": "resume", "sequence": "activate"}[what]
    desk.call(f"gtm.outreach.{again}_{what}", **{f"{what}_id": ids[what]})
    desk.later(minutes=6)
    desk.work()
    assert len(open_tasks(desk)) == 1


@pytest.mark.parametrize("opened", [False, True])
def test_an_end_takes_the_open_step_by_hand_along(desk: Desk, opened: bool) -> None:
    person = desk.contact()
    executed = desk.enrol(desk.sequence({**CALL, "delay_days": 0}), person)
    if opened:
        desk.work()
    desk.call("gtm.crm.delete_contact", contact_id=person.contact_id)
    desk.work()
    assert open_tasks(desk) == []
    [job] = desk.call("job.list").items
    assert (job.job_id, job.state) == (executed.job_id, "Cancelled")
    if opened:
        assert query(desk, "SELECT status FROM activity") == [("cancelled",)]


def test_a_step_whose_enrollment_ended_meanwhile_is_closed(desk: Desk) -> None:
    executed = desk.enrol(desk.sequence({**CALL, "delay_days": 0}), desk.contact())
    query(desk, "UPDATE enrollment SET status = 'completed'")
    desk.work()
    [job] = desk.call("job.list").items
    assert (job.job_id, job.state) == (executed.job_id, "Cancelled")
    assert job.error == "the enrollment is completed"


def test_a_step_that_was_lost_opens_nothing(desk: Desk) -> None:
    desk.enrol(desk.sequence({**CALL, "delay_days": 0}), desk.contact())
    job = desk.engine.run(jobs.claim, jobs.Claim(owner="first")).job
    assert job is not None
    stranger = jobs.Held.model_validate({**held(job), "fence": 9})
    assert desk.engine.run(manual.open_step, stranger).activity_id is None
    assert open_tasks(desk) == []
