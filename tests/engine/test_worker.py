"""The worker: one job at a time, visible, pausable, and not killed by what a job or the disk does."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from rusvel_tui.adapters.clock import SystemClock
from rusvel_tui.engine import jobs
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import Busy, StorageDamaged, StorageFull
from rusvel_tui.engine.ports import Brief
from rusvel_tui.engine.worker import Worker
from tests.factories import HELLO, Desk, kinds, query


def test_a_tick_does_one_job_at_most(desk: Desk) -> None:
    sequence = desk.sequence()
    for _ in range(2):
        desk.enrol(sequence, desk.contact())
    worker = Worker(desk.engine)
    assert [worker.tick(), worker.tick(), worker.tick()] == [True, True, False]
    assert (worker.done, worker.error) == (2, "")


def test_each_worker_has_a_name(desk: Desk) -> None:
    assert Worker(desk.engine).name != Worker(desk.engine).name
    assert Worker(desk.engine, name="mine").name == "mine"


def test_q_014_until_idle_drafts_waits_for_the_undo_window_and_sends(desk: Desk) -> None:
    """T-121: the whole way offline, with the clock moved instead of waited for."""
    desk.set_policy(undo_seconds=60)
    desk.approve(desk.drafted())
    start = desk.engine.clock.now()
    assert Worker(desk.engine).until_idle() == 1
    assert (desk.engine.clock.now() - start).total_seconds() == pytest.approx(60, abs=1)
    assert len(desk.mailer.sent) == 1


def test_until_idle_ends_although_an_approved_mail_is_held(desk: Desk) -> None:
    desk.set_policy(undo_seconds=60, mailer="")
    desk.approve(desk.drafted())
    assert Worker(desk.engine).until_idle() == 1
    assert Worker(desk.engine).until_idle() == 1


def test_until_idle_can_be_stopped(desk: Desk) -> None:
    desk.enrol(desk.sequence(), desk.contact())
    stop = threading.Event()
    stop.set()
    assert Worker(desk.engine).until_idle(stop) == 0


def test_what_a_job_breaks_is_said_and_the_next_one_goes_on(desk: Desk) -> None:
    sequence = desk.sequence()
    for _ in range(2):
        desk.enrol(sequence, desk.contact())
    desk.drafter.script.append(RuntimeError("a bug"))
    worker = Worker(desk.engine)
    worker.tick()
    assert worker.error == "RuntimeError: a bug"
    worker.tick()
    assert worker.error == ""
    assert desk.call("gtm.approvals.counts").to_decide == 1


def test_a_worker_looks_at_the_file_before_it_starts(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(engine: Engine) -> None:
        raise StorageDamaged("damaged")

    monkeypatch.setattr(Engine, "check", damaged)
    with pytest.raises(StorageDamaged):
        Worker(desk.engine).until_idle()


def test_a_start_tries_again_what_waited_for_a_setting(desk: Desk) -> None:
    desk.set_policy(mailer="")
    desk.approve(desk.drafted())
    desk.work()
    assert query(desk, "SELECT blocked <> '' FROM mail") == [(1,)]
    desk.set_policy(mailer=desk.mailer.label)
    Worker(desk.engine).start()
    assert query(desk, "SELECT blocked FROM mail") == [("",)]
    assert Worker(desk.engine).tick()
    assert len(desk.mailer.sent) == 1


# ---- as a thread


@pytest.fixture
def running(desk: Desk) -> Iterator[Callable[..., Worker]]:
    """Start workers as threads; they end with the test."""
    stop = threading.Event()
    threads: list[threading.Thread] = []

    def start(worker: Worker | None = None) -> Worker:
        made = worker or Worker(desk.engine)
        thread = threading.Thread(target=made.run, args=(stop,), kwargs={"idle": 0.005})
        threads.append(thread)
        thread.start()
        return made

    yield start
    stop.set()
    for thread in threads:
        thread.join()


def until(condition: Callable[[], Any], what: str) -> None:
    pause = threading.Event()
    for _ in range(5000):
        if condition():
            return
        pause.wait(0.002)
    raise AssertionError(f"waited in vain for {what}")


def test_a_thread_works_until_it_is_stopped(desk: Desk, running: Callable[..., Worker]) -> None:
    worker = running()
    desk.enrol(desk.sequence(), desk.contact())
    until(lambda: worker.done == 1, "the draft")
    assert desk.call("gtm.approvals.counts").to_decide == 1


def test_a_thread_rests_while_it_is_paused(desk: Desk, running: Callable[..., Worker]) -> None:
    worker = Worker(desk.engine)
    worker.pause()
    states = [worker.paused]
    running(worker)
    desk.enrol(desk.sequence(), desk.contact())
    assert worker.done == 0
    worker.resume()
    states.append(worker.paused)
    assert states == [True, False]
    until(lambda: worker.done == 1, "the draft")


def test_a_thread_outlives_a_full_disk_and_says_so(
    desk: Desk, running: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    run, full = Engine.run, threading.Event()
    full.set()

    def refuse(engine: Engine, operation: Any, command: Any) -> Any:
        if operation.name == "job.claim" and full.is_set():
            raise StorageFull("The disk is full.")
        return run(engine, operation, command)

    monkeypatch.setattr(Engine, "run", refuse)
    desk.enrol(desk.sequence(), desk.contact())
    worker = running()
    until(lambda: worker.error == "The disk is full.", "the error")
    full.clear()
    until(lambda: worker.done == 1, "the draft")
    assert worker.error == ""


def test_threads_share_the_work(desk: Desk, running: Callable[..., Worker]) -> None:
    sequence = desk.sequence(HELLO)
    for _ in range(20):
        desk.enrol(sequence, desk.contact())
    workers = [running(), running()]
    until(lambda: sum(worker.done for worker in workers) >= 20, "the drafts")
    assert query(desk, "SELECT max(attempts), count(*) FROM job WHERE state <> 'awaiting_approval'") == [(None, 0)]  # fmt: skip
    assert kinds(desk, "gtm.outreach.drafted") == ["gtm.outreach.drafted"] * 20


# ---- the heartbeat


def slow(desk: Desk, beats: int, counted: Callable[[], int]) -> None:
    """Let the next draft take until so many heartbeats were sent."""

    def wait(brief: Brief) -> None:
        desk.drafter.before = lambda _: None
        until(lambda: counted() >= beats, "heartbeats")

    desk.drafter.before = wait


@pytest.mark.parametrize("trouble", [False, True])
def test_a_long_job_keeps_its_lease(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, trouble: bool
) -> None:
    run, beats = Engine.run, [0]

    def count(engine: Engine, operation: Any, command: Any) -> Any:
        if operation.name == "job.heartbeat":
            beats[0] += 1
            if trouble and beats[0] == 1:
                raise Busy("held")
        return run(engine, operation, command)

    monkeypatch.setattr(Engine, "run", count)
    desk.engine.clock = SystemClock()
    desk.set_policy(lease_seconds=0.1)
    executed = desk.enrol(desk.sequence(HELLO), desk.contact())
    slow(desk, 8, lambda: beats[0])
    desk.work()
    assert beats[0] >= 8
    assert desk.mail(executed.job_id).state == "Held"
    assert kinds(desk, "job") == []


def test_who_lost_the_lease_stops_beating(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    beaten = threading.Event()
    run = Engine.run

    def lose(engine: Engine, operation: Any, command: Any) -> Any:
        if operation.name == "job.heartbeat":
            query(desk, "UPDATE job SET fence = fence + 1")
            answer = run(engine, operation, command)
            assert not answer.held
            beaten.set()
            return answer
        return run(engine, operation, command)

    monkeypatch.setattr(Engine, "run", lose)
    desk.set_policy(lease_seconds=0.02)
    executed = desk.enrol(desk.sequence(HELLO), desk.contact())
    desk.drafter.before = lambda _: assert_set(beaten)
    Worker(desk.engine).tick()
    assert desk.mail(executed.job_id).state == "Drafting"
    monkeypatch.undo()
    query(desk, "UPDATE job SET lease_until = '2000-01-01T00:00:00.000Z'")
    assert desk.engine.run(jobs.recover, jobs.Nothing()).count == 1
    desk.work()
    assert desk.mail(executed.job_id).state == "Held"


def assert_set(event: threading.Event) -> None:
    assert event.wait(10)
