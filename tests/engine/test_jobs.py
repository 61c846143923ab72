"""The queue: claimed once, leased, fenced, given back, and never blocked by one bad job (T-036, T-110)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from peewee import IntegrityError

from rusvel_tui.engine import jobs
from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict
from rusvel_tui.engine.job_kinds import JOB_KINDS
from rusvel_tui.engine.job_list import outlook
from rusvel_tui.engine.job_turns import PRIORITIES
from rusvel_tui.engine.jobs import BACKOFF, Claim, ClaimedJob, GiveBack, Held, Nothing
from rusvel_tui.engine.models import Job
from rusvel_tui.engine.operation import Input, View
from rusvel_tui.engine.operation import Operation as Op
from rusvel_tui.engine.worker import Worker, held
from tests.factories import HELLO, START, Desk, events, kinds, query


class Done(View):
    """An answer for these tests."""

    id: str = ""


def within(desk: Desk, work: Any) -> Any:
    """Run something in a write transaction with its context."""
    probe: Op[Input, View] = Op(
        "probe", work, Input, True, "probe", False, True, False, False, "Probe."
    )
    return desk.engine.run(probe, Input())


def enqueue(desk: Desk, *, minutes: float = 0, key: str | None = None, **payload: Any) -> str:
    def work(ctx: Context, cmd: Input) -> Done:
        run_at = ctx.now + timedelta(minutes=minutes)
        job = jobs.enqueue(ctx, "OutreachSend", payload, run_at=run_at, unique_key=key)
        return Done(id=job.id)

    return str(within(desk, work).id)


def claim(desk: Desk, owner: str = "w") -> ClaimedJob | None:
    return desk.engine.run(jobs.claim, Claim(owner=owner)).job


def taken(desk: Desk, owner: str = "w") -> ClaimedJob:
    job = claim(desk, owner)
    assert job is not None
    return job


def row(job_id: str, desk: Desk) -> dict[str, Any]:
    names = ("state", "attempts", "owner", "lease_until", "fence", "error", "run_at")
    values = query(desk, f"SELECT {', '.join(names)} FROM job WHERE id = ?", job_id)[0]
    return dict(zip(names, values, strict=True))


def test_c_014_what_is_due_for_longest_is_taken_first_and_second_turns_last(desk: Desk) -> None:
    late, early, future = (enqueue(desk, minutes=minutes) for minutes in (-1, -5, 5))
    second = enqueue(desk, minutes=-9)
    query(desk, "UPDATE job SET priority = 1 WHERE id = ?", second)
    taken_ids = [job.job_id if (job := claim(desk)) else None for _ in range(4)]
    assert taken_ids == [early, late, second, None]
    assert row(future, desk)["state"] == "queued"


def test_the_next_job_of_many_is_found_by_the_index(desk: Desk) -> None:
    """Each turn is looked at in the order of its index; nothing is sorted, and nothing that is not due is read."""
    values = {"owner": "w", "until": "9", "now": "5", "session": None}
    with desk.engine.connected() as connection:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {jobs._CLAIM}", values).fetchall()
    steps = [str(line[-1]) for line in plan]
    found = [step for step in steps if "job_turn" in step]
    assert len(found) == len(PRIORITIES)
    assert all("priority=? AND run_at<?" in step for step in found)
    assert not [step for step in steps if "B-TREE" in step or "SCAN job" in step]


def test_a_claim_can_keep_to_one_session(desk: Desk) -> None:
    job_id = enqueue(desk)
    desk.call("session.create", name="other")
    own = Claim(owner="w", this_session=True)
    assert desk.engine.run(jobs.claim, own).job is None
    desk.call("session.use", name="acme")
    job = desk.engine.run(jobs.claim, own).job
    assert job is not None
    assert job.job_id == job_id


def test_q_004_a_claim_is_a_lease_with_a_fence(desk: Desk) -> None:
    job_id = enqueue(desk, a=1)
    job = taken(desk, "worker 1")
    assert (job.job_id, job.kind, job.payload, job.owner) == (
        job_id,
        "OutreachSend",
        {"a": 1},
        "worker 1",
    )
    assert (job.attempts, job.fence, job.lease_until) == (1, 1, START + timedelta(seconds=120))
    assert row(job_id, desk)["state"] == "running"
    assert claim(desk) is None


def test_a_heartbeat_extends_the_lease_of_its_holder_only(desk: Desk) -> None:
    job = taken(desk) if enqueue(desk) else None
    assert job is not None
    desk.later(seconds=100)
    command = Held.model_validate(held(job))
    assert desk.engine.run(jobs.heartbeat, command).held
    assert row(job.job_id, desk)["lease_until"] == stamp(START + timedelta(seconds=220))
    for change in ({"owner": "other"}, {"fence": 2}, {"job_id": "nope"}):
        stranger = command.model_copy(update=change)
        assert not desk.engine.run(jobs.heartbeat, stranger).held


def recover(desk: Desk) -> int:
    return desk.engine.run(jobs.recover, Nothing()).count


def test_q_003_the_job_of_a_vanished_worker_is_queued_again(desk: Desk) -> None:
    job_id = enqueue(desk)
    first = taken(desk, "first")
    desk.later(seconds=120)
    assert recover(desk) == 0
    desk.later(seconds=1)
    assert recover(desk) == 1
    found = row(job_id, desk)
    assert (found["state"], found["owner"], found["lease_until"]) == ("queued", None, None)
    second = taken(desk, "second")
    assert (second.attempts, second.fence) == (2, 2)
    assert not desk.engine.run(jobs.heartbeat, Held.model_validate(held(first))).held
    assert kinds(desk, "job") == ["job.requeued"]


def test_a_job_whose_workers_all_vanish_fails_and_is_seen(desk: Desk) -> None:
    job_id = enqueue(desk)
    for _ in range(6):
        taken(desk)
        desk.later(seconds=121)
        recover(desk)
    found = row(job_id, desk)
    assert (found["state"], found["error"]) == ("failed", "every worker that tried it vanished")
    assert kinds(desk, "job") == [*["job.requeued"] * 5, "job.failed"]
    assert desk.call("job.list", state="failed").items[0].job_id == job_id


def give_back(desk: Desk, job: ClaimedJob, error: str = "broken") -> int:
    command = GiveBack.model_validate({"error": error, **held(job)})
    return desk.engine.run(jobs.give_back, command).count


def test_q_008_a_job_that_was_given_back_waits_longer_each_time(desk: Desk) -> None:
    job_id = enqueue(desk)
    for number in range(5):
        assert give_back(desk, taken(desk)) == 1
        found = row(job_id, desk)
        assert (found["state"], found["error"], found["attempts"]) == (
            "queued",
            "broken",
            number + 1,
        )
        assert found["run_at"] > stamp(desk.engine.clock.now())
        assert claim(desk) is None
        desk.later(seconds=1.3 * BACKOFF[number])
    assert give_back(desk, taken(desk)) == 1
    assert row(job_id, desk)["state"] == "failed"


def test_who_lost_a_job_cannot_give_it_back(desk: Desk) -> None:
    enqueue(desk)
    first = taken(desk)
    desk.later(seconds=121)
    recover(desk)
    taken(desk, "second")
    assert give_back(desk, first) == 0


@given(st.integers(-3, 50))
def test_the_backoff_has_bounds(attempts: int) -> None:
    base = BACKOFF[min(max(attempts, 1), 6) - 1]
    waited = (jobs.retry_at(START, attempts) - START).total_seconds()
    assert 0.8 * base <= waited <= 1.2 * base
    assert list(BACKOFF) == sorted(BACKOFF)


def test_waits_are_spread(desk: Desk) -> None:
    assert len({jobs.retry_at(START, 1) for _ in range(20)}) > 10


def test_one_key_has_one_living_job(desk: Desk) -> None:
    first = enqueue(desk, key="step:1")
    with pytest.raises(Conflict, match="breaks a rule of the database"):
        enqueue(desk, key="step:1")
    enqueue(desk, key="step:2")
    query(desk, "UPDATE job SET state = 'cancelled' WHERE id = ?", first)
    assert enqueue(desk, key="step:1") != first


def test_q_012_an_unknown_kind_is_not_queued(desk: Desk) -> None:
    def work(ctx: Context, cmd: Input) -> Done:
        jobs.enqueue(ctx, "Bake", {}, run_at=ctx.now)
        return Done()

    with pytest.raises(ValueError, match="Bake is not in JOB_KINDS"):
        within(desk, work)
    assert "Bake" not in JOB_KINDS


@pytest.mark.parametrize("poison", ["an unknown kind", "a payload without sense"])
def test_q_015_a_poisoned_job_starves_nobody_and_is_seen(desk: Desk, poison: str) -> None:
    """T-110, Q-012, Q-015."""
    bad = enqueue(desk, minutes=-60)
    if poison == "an unknown kind":
        query(desk, "UPDATE job SET kind = 'Bake' WHERE id = ?", bad)
    good = desk.enrol(desk.sequence(HELLO), desk.contact())
    for _ in range(6):
        Worker(desk.engine).until_idle()
        desk.later(days=2)
    assert desk.mail(good.job_id).state == "Held"
    found = row(bad, desk)
    assert found["state"] == "failed"
    assert "Bake" in found["error"] or "has no mail" in found["error"]
    assert kinds(desk, "job")[-1] == "job.failed"


def test_a_poisoned_job_of_a_vanished_worker_starves_nobody(desk: Desk) -> None:
    bad = enqueue(desk)
    taken(desk)
    query(desk, "UPDATE job SET kind = 'Bake' WHERE id = ?", bad)
    desk.later(seconds=121)
    assert recover(desk) == 1
    assert row(bad, desk)["state"] == "failed"
    assert "no kind of job called 'Bake'" in events(desk, "job.failed")[0].payload["reason"]


def test_waiting_costs_no_try(desk: Desk) -> None:
    job_id = enqueue(desk)
    taken(desk)
    later = START + timedelta(hours=1)

    def work(ctx: Context, cmd: Input) -> Done:
        jobs.snooze(job_id, later, "the window is closed")
        return Done()

    within(desk, work)
    found = row(job_id, desk)
    assert (found["state"], found["attempts"], found["run_at"]) == ("queued", 0, stamp(later))


def test_the_outlook_tells_when_to_look_again(desk: Desk) -> None:
    look = outlook
    empty = desk.engine.run(look, Nothing())
    assert (empty.due, empty.next_at, empty.undo_until) == (0, None, None)
    enqueue(desk)
    enqueue(desk, minutes=90)
    enqueue(desk, minutes=60)
    seen = desk.engine.run(look, Nothing())
    assert (seen.due, seen.next_at, seen.undo_until) == (1, START + timedelta(hours=1), None)
    desk.set_policy(undo_seconds=45)
    desk.approve(desk.drafted())
    assert desk.engine.run(look, Nothing()).undo_until == START + timedelta(seconds=45)


@pytest.mark.parametrize(
    "broken",
    [
        "state = 'baking'",
        "state = 'running'",
        "owner = 'me', lease_until = 'x'",
        "attempts = -1",
        "kind = NULL",
        "session_id = 'nope'",
    ],
)
def test_the_database_keeps_the_rules_of_the_queue(desk: Desk, broken: str) -> None:
    enqueue(desk)

    def work(ctx: Context, cmd: Input) -> Done:
        Job._meta.database.execute_sql(f"UPDATE job SET {broken}")
        return Done()

    with pytest.raises(Conflict) as caught:
        within(desk, work)
    assert isinstance(caught.value.__cause__, IntegrityError)
