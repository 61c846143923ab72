"""The fence: whoever lost a mail can neither send it nor say anything about it."""

from __future__ import annotations

from typing import Any

import pytest

from rusvel_tui.engine import jobs
from rusvel_tui.engine.gtm.outreach.mails import drafting, gate, refusing, settle
from rusvel_tui.engine.jobs import Claim, ClaimedJob, Held
from rusvel_tui.engine.worker import held
from tests.factories import Desk, kinds, query


@pytest.fixture
def claimed(desk: Desk) -> ClaimedJob:
    """An approved mail in the hands of a worker, ready for the dot."""
    desk.approve(desk.drafted())
    job = desk.engine.run(jobs.claim, Claim(owner="first")).job
    assert job is not None
    assert desk.engine.run(gate.begin, Held.model_validate(held(job))).envelope is not None
    return job


def passes(desk: Desk, job: ClaimedJob) -> gate.GatePassed:
    return desk.engine.run(gate.pass_gate, gate.PassGate.model_validate({"host": "x", **held(job)}))


def put_back(desk: Desk, job: ClaimedJob, why: str = "why") -> bool:
    command = settle.Unclear.model_validate({"text": why, **held(job)})
    return desk.engine.run(settle.gate_closed, command).done


def test_the_gate_opens_once(desk: Desk, claimed: ClaimedJob) -> None:
    answer = passes(desk, claimed)
    assert (answer.passed, answer.lease_left) == (True, 120)
    assert not passes(desk, claimed).passed


def test_a_lease_that_ran_out_closes_the_gate(desk: Desk, claimed: ClaimedJob) -> None:
    desk.later(seconds=121)
    answer = passes(desk, claimed)
    assert (answer.passed, answer.why) == (
        False,
        "another worker has this mail, or it was cancelled",
    )
    assert put_back(desk, claimed)
    assert desk.mail(claimed.job_id).state == "Approved"
    desk.work()
    assert len(desk.mailer.sent) == 1


@pytest.mark.parametrize("change", [{"owner": "second"}, {"fence": 99}, {"job_id": "nope"}])
def test_a_stranger_does_not_pass(desk: Desk, claimed: ClaimedJob, change: dict[str, Any]) -> None:
    stranger = claimed.model_copy(update=change)
    assert not passes(desk, stranger).passed
    assert desk.mail(claimed.job_id).state == "Sending"


def test_who_was_overtaken_neither_sends_nor_disturbs(desk: Desk, claimed: ClaimedJob) -> None:
    desk.later(seconds=121)
    desk.work()
    assert len(desk.mailer.sent) == 1
    assert not passes(desk, claimed).passed
    assert not put_back(desk, claimed)
    late: tuple[tuple[Any, dict[str, Any]], ...] = (
        (refusing.refused, {"scope": "recipient", "permanent": True, "text": "no"}),
        (settle.unclear, {"text": "silence"}),
        (settle.accepted, {"code": 250, "text": "taken"}),
    )
    for operation, values in late:
        command = operation.input.model_validate({**values, **held(claimed)})
        assert not desk.engine.run(operation, command).done
    assert desk.mail(claimed.job_id).state == "Sent"
    assert kinds(desk, "gtm.email") == ["gtm.email.sent"]


def test_q_002_who_was_merely_slow_settles_their_own_mail(desk: Desk, claimed: ClaimedJob) -> None:
    assert passes(desk, claimed).passed
    desk.later(seconds=121)
    desk.work()
    assert desk.mail(claimed.job_id).state == "InDoubt"
    command = settle.Accepted.model_validate({"code": 250, "text": "taken", **held(claimed)})
    assert desk.engine.run(settle.accepted, command).done
    assert desk.mail(claimed.job_id).state == "Sent"
    assert desk.call("job.list", state="queued").items[0].payload["step_index"] == 1


def test_who_was_stopped_behind_the_gate_knows_that_nothing_left(
    desk: Desk, claimed: ClaimedJob
) -> None:
    assert passes(desk, claimed).passed
    desk.later(seconds=121)
    desk.work()
    assert desk.mail(claimed.job_id).state == "InDoubt"
    assert put_back(desk, claimed, "stopped too long")
    assert desk.mail(claimed.job_id).state == "Approved"
    desk.work()
    assert len(desk.mailer.sent) == 1
    assert not put_back(desk, claimed)


def test_a_worker_that_is_stopped_behind_the_gate_writes_no_dot(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = desk.drafted()
    desk.approve(mail)

    def sleep(name: str) -> None:
        if name == "after_intent":
            monkeypatch.undo()
            desk.later(seconds=200)

    monkeypatch.setattr("rusvel_tui.engine.gtm.outreach.mails.sending.crashpoint", sleep)
    desk.work()
    assert len(desk.mailer.offered) == 2
    assert len(desk.mailer.sent) == 1
    assert desk.mail(mail.id).state == "Sent"
    assert kinds(desk, "job") == ["job.requeued"]


@pytest.mark.parametrize("column", ["raw = x'00'", "raw_sha256 = 'x'"])
def test_bytes_that_were_changed_in_the_file_do_not_leave(
    desk: Desk, claimed: ClaimedJob, column: str
) -> None:
    guards = query(desk, "SELECT name FROM sqlite_master WHERE type = 'trigger'")
    for (guard,) in guards:  # a disk that forgets asks no trigger
        query(desk, f"DROP TRIGGER {guard}")
    query(desk, f"UPDATE mail SET {column}")
    answer = passes(desk, claimed)
    assert (answer.passed, answer.why) == (False, "the text is not what was approved")
    assert put_back(desk, claimed, answer.why)
    seen = desk.mail(claimed.job_id)
    assert (seen.state, seen.changed_since) == ("Held", "the text is not what was approved")


def test_a_draft_from_a_lost_worker_is_not_stored(desk: Desk) -> None:
    desk.enrol(desk.sequence(), desk.contact())
    job = desk.engine.run(jobs.claim, Claim(owner="first")).job
    assert job is not None
    desk.engine.run(gate.begin, Held.model_validate(held(job)))
    desk.later(seconds=121)
    desk.work()
    before = desk.mail(job.job_id)
    draft = {"subject": "Late", "body": "Late", "drafted_by": "x", **held(job)}
    assert not desk.engine.run(drafting.hold_draft, drafting.HoldDraft.model_validate(draft)).held
    assert desk.mail(job.job_id) == before
    assert desk.engine.run(gate.begin, Held.model_validate(held(job))) == gate.Next()
