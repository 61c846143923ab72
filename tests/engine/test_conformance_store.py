"""What the first design tested of its store: the queue, kept things, and that nobody reaches the file by SQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rusvel_tui.engine import departments, jobs
from rusvel_tui.engine.agent.tools.catalogue import schema_of
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import EngineError, NotFound
from rusvel_tui.engine.job_turns import PRIORITIES
from rusvel_tui.engine.jobs import Claim, ClaimedJob, GiveBack
from rusvel_tui.engine.operation import OPERATIONS, Input, Operation, View
from tests.engine.agent.any_input import some_input
from tests.factories import Desk, box, query

departments.load()
DANGEROUS = (
    "'; DROP TABLE contact; --",
    "x') OR 1=1; DELETE FROM event; --",
    "PRAGMA writable_schema=1",
    "ATTACH DATABASE 'other.db' AS other",
    '" UNION SELECT payload FROM event --',
)


def write(desk: Desk, work: Callable[[Context], Any]) -> None:
    """Change the queue as an operation would."""

    def handle(ctx: Context, cmd: Input) -> View:
        work(ctx)
        return View()

    probe: Operation[Input, View] = Operation(
        "probe", handle, Input, True, "probe", False, True, False, False, "Probe."
    )
    desk.engine.run(probe, Input())


def queued(desk: Desk, priority: int = PRIORITIES[0]) -> str:
    """One more job; its id."""
    write(desk, lambda ctx: jobs.enqueue(ctx, "Replan", {}, run_at=ctx.now, priority=priority))
    return str(query(desk, "SELECT max(id) FROM job")[0][0])


def claim(desk: Desk, **more: Any) -> ClaimedJob | None:
    return desk.engine.run(jobs.claim, Claim(owner="w", **more)).job


def listed(desk: Desk, state: str = "") -> list[tuple[str, str]]:
    """Id and state of the jobs, newest first."""
    wanted = {"state": state} if state else {}
    return [(one.job_id, one.state) for one in desk.call("job.list", **wanted).items]


def test_t_036_a_job_from_the_queue_to_its_end(desk: Desk) -> None:
    """T-036: listed, taken once, ended with its time; nobody takes it again."""
    job_id = queued(desk)
    assert listed(desk) == [(job_id, "Queued")]
    job = claim(desk)
    assert job is not None
    assert listed(desk, "Running") == [(job_id, "Running")]
    assert claim(desk) is None
    write(desk, lambda ctx: jobs.finish(ctx, job_id, "succeeded"))
    assert listed(desk) == [(job_id, "Succeeded")]
    assert query(desk, "SELECT finished_at IS NOT NULL, owner FROM job") == [(1, None)]
    assert claim(desk) is None


def test_t_036_a_failed_job_keeps_its_error(desk: Desk) -> None:
    """T-036: a try that failed is queued again with its reason; after the last one it has failed, and is seen."""
    queued(desk)
    tries = int(query(desk, "SELECT max_attempts FROM job")[0][0])
    for left in range(tries - 1, -1, -1):
        desk.later(days=2)
        job = claim(desk)
        assert job is not None
        held = {"job_id": job.job_id, "owner": job.owner, "fence": job.fence}
        desk.engine.run(jobs.give_back, GiveBack(**held, error="the disk is full"))
        [(_, state)] = listed(desk)
        assert state == ("Queued" if left else "Failed")
        assert desk.call("job.list").items[0].error == "the disk is full"


def test_t_036_a_yes_queues_and_a_no_cancels(desk: Desk) -> None:
    """T-036: what waits for a yes goes back to the queue under its id; a rejected one is cancelled."""
    sequence = desk.sequence()
    first, second = (desk.enrol(sequence, desk.contact()).job_id for _ in range(2))
    desk.work()
    assert {state for _, state in listed(desk)} == {"AwaitingApproval"}
    desk.approve(desk.mail(first))
    desk.call("gtm.approvals.reject", id=second, reason="Not now.")
    states = dict(listed(desk))
    assert (states[first], states[second]) == ("Queued", "Cancelled")
    desk.work()
    assert [mail.id for mail in box(desk)] == []
    assert dict(listed(desk))[second] == "Cancelled"


def test_t_036_a_worker_takes_what_it_asks_for(desk: Desk) -> None:
    """T-036: theirs filtered by kind; ours by turn, which is what two threads of one worker share the queue by."""
    last = queued(desk, PRIORITIES[-1])
    assert claim(desk, lanes=PRIORITIES[:1]) is None
    job = claim(desk, lanes=PRIORITIES[-1:])
    assert job is not None
    assert job.job_id == last


def test_t_037_a_thing_is_kept_with_all_that_was_said_of_it(desk: Desk) -> None:
    """T-037: put, read, listed, deleted; each session has its own."""
    said = {"opportunity": {"id": "o-1", "tags": ["a", "ü"], "open": True, "none": None}}
    mine = desk.contact("Ada", metadata=said)
    assert desk.call("gtm.crm.get_contact", contact_id=mine.contact_id).metadata == said
    desk.call("session.create", name="other")
    theirs = desk.contact("Bob")
    assert [one.name for one in desk.call("gtm.crm.list_contacts").items] == ["Bob"]
    with pytest.raises(NotFound):
        desk.call("gtm.crm.get_contact", contact_id=mine.contact_id)
    desk.call("gtm.crm.delete_contact", contact_id=theirs.contact_id)
    assert desk.call("gtm.crm.list_contacts").items == ()
    with pytest.raises(NotFound):
        desk.call("gtm.crm.get_contact", contact_id=theirs.contact_id)
    desk.call("session.use", name="acme")
    assert [one.name for one in desk.call("gtm.crm.list_contacts").items] == ["Ada"]


READS = sorted(
    name for name, one in OPERATIONS.items() if not (one.writes or one.staged or one.internal)
)


def refusals(engine: Engine, name: str) -> list[str]:
    """What is said to dangerous words wherever text is taken; an answer says nothing."""
    operation = OPERATIONS[name]
    said: list[str] = []
    fields = schema_of(operation)["properties"].items()
    texts = [field for field, one in fields if one.get("type") == "string" and "enum" not in one]
    for words in DANGEROUS:
        data = some_input(operation) | dict.fromkeys(texts, words)
        data.pop("session_id", None)
        try:
            engine.call(name, data)
        except EngineError as error:
            said.append(str(error))
    return said


def whole(desk: Desk) -> list[Any]:
    """The log, the schema and the files that are open."""
    files = [row for row in query(desk, "PRAGMA database_list") if row[1] != "temp"]
    log = query(desk, "SELECT count(*), max(id) FROM event")
    return [log, files, query(desk, "SELECT name, sql FROM sqlite_master")]


def test_t_035_no_words_reach_the_database_as_sql(desk: Desk) -> None:
    """T-035: theirs had a browser for SQL that kept a list of bad words; ours takes SQL from nobody, so that all
    reading operations are asked with it. The rows, the schema and the attached files stay what they were."""
    desk.drafted()
    before = whole(desk)
    assert len(READS) > 100
    said = [text for name in READS for text in refusals(desk.engine, name)]
    assert said
    assert [text for text in said if "syntax error" in text or "no such column" in text] == []
    assert whole(desk) == before


def test_t_035_a_desk_that_only_looks_cannot_write_whatever_the_statement(desk: Desk) -> None:
    """T-035: the file itself refuses it on that connection, not a list of words."""
    made = Engine(desk.engine.path, clock=desk.engine.clock, read_only=True)
    try:
        with made.connected() as connection:
            for statement in (
                "DELETE FROM session",
                "DROP TABLE contact",
                "UPDATE session SET name = 'x'",
            ):
                with pytest.raises(Exception, match="readonly"):
                    connection.execute(statement)
            assert connection.execute("SELECT count(*) FROM session").fetchone() == (1,)
    finally:
        made.close()
