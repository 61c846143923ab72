"""Does what a schedule says for one fire time, once.

An operation is made in the same transaction as the end of its job, so that it is done or not done. What cannot be made
so (a conversation, an operation in stages) is not begun a second time when its worker vanished: the log says so.
"""

from __future__ import annotations

from threading import Event as Stop
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from rusvel_tui.engine import departments, jobs, permissions
from rusvel_tui.engine.agent.entities.views import EntityKey, find
from rusvel_tui.engine.agent.schedules.body import ScheduleBody
from rusvel_tui.engine.agent.schedules.fires import SCHEDULE, FireState, find_fire
from rusvel_tui.engine.agent.tools.catalogue import catalogue
from rusvel_tui.engine.agent.workflows.beginning import begin_run
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.core import parse_input
from rusvel_tui.engine.errors import Busy, EngineError, NotFound
from rusvel_tui.engine.models import AgentEntity, Job, ScheduleFire
from rusvel_tui.engine.models.base import dump_json
from rusvel_tui.engine.operation import Operation, View, operation
from rusvel_tui.engine.text import cut, one_line

if TYPE_CHECKING:
    from rusvel_tui.engine.core import Engine

_LONGEST = 2000
"""Characters of an output that are kept."""
INTERRUPTED = "interrupted: nobody knows how far it came. Look, and run it again if it is needed."


class RunFire(jobs.Held):
    """A claimed job of a fire time."""

    fire_id: str


class Task(View):
    """What to do outside a transaction; nothing when it is done, or somebody else's."""

    type: str = ""
    operation: str = ""
    input: dict[str, Any] = {}
    department: str = ""
    prompt: str = ""


class SettleFire(RunFire):
    """What came of it."""

    output: str = ""
    error: str = ""


class Settled(View):
    """Where the fire time stands."""

    state: str


def handle(engine: Engine, job: jobs.ClaimedJob, stop: Stop) -> None:
    """Do a `ScheduleRun` job."""
    hands = engine.acting_as(SCHEDULE)
    held = {name: getattr(job, name) for name in ("session_id", "job_id", "owner", "fence")}
    held["fire_id"] = str(job.payload["fire_id"])
    output = error = ""
    try:
        task = hands.run(begin, RunFire(**held))
        if not task.type:
            return
        output = _ask(hands, task, stop) if task.type == "prompt" else _call(hands, task)
    except Busy:
        raise
    except EngineError as failed:
        error = str(failed)
    hands.run(settle, SettleFire(output=output, error=error, **held))


def recover(ctx: Context, job: Job, error: str) -> None:
    """Try again after the worker vanished; `begin` knows what may be repeated."""
    if jobs.put_back(ctx, job, error):
        fire = ScheduleFire.find(job.payload["fire_id"])
        if fire is not None:
            _keep(ctx, fire, FireState.FAILED, error=error or jobs.ALL_VANISHED)


@operation("agent.schedules.begin", writes=True, permission="jobs.work", internal=True)
def begin(ctx: Context, cmd: RunFire) -> Task:
    """Do what a fire time asks for where one transaction can, else say what there is to do."""
    if jobs.held_job(cmd) is None:
        return Task()
    fire = find_fire(cmd.fire_id)
    row = AgentEntity.find(fire.schedule_id)
    if row is None or row.deleted_at or not row.enabled:
        return _end(ctx, cmd, error="The schedule was turned off or deleted before it ran.")
    try:
        body = ScheduleBody.model_validate(row.body)
    except ValidationError:
        return _end(ctx, cmd, error="The schedule cannot be read. Save it again.")
    if body.type == "workflow":
        return _start_workflow(ctx, cmd, row, body)
    target = _target(ctx, body) if body.type == "operation" else None
    if target is not None and target.writes and not target.staged:
        made = ctx.call(target, parse_input(target, body.input))
        return _end(ctx, cmd, output=_short(made))
    if fire.state == FireState.RUNNING.key and (target is None or target.writes):
        return _end(ctx, cmd, error=INTERRUPTED)
    _keep(ctx, fire, FireState.RUNNING)
    return Task(
        type=body.type,
        operation=body.operation,
        input=body.input,
        department=row.engine or departments.DEPARTMENTS[0].id,
        prompt=body.prompt,
    )


@operation("agent.schedules.keep", writes=True, permission="jobs.work", internal=True)
def settle(ctx: Context, cmd: SettleFire) -> Settled:
    """Keep what came of a fire time."""
    if jobs.held_job(cmd) is not None:
        _end(ctx, cmd, output=cmd.output, error=cmd.error)
    return Settled(state=find_fire(cmd.fire_id).state)


def _start_workflow(ctx: Context, cmd: RunFire, row: AgentEntity, body: ScheduleBody) -> Task:
    flow = find(ctx, EntityKey(kind="workflow", name=body.workflow, engine=None))
    run = begin_run(ctx, flow, body.input, origin=f"schedule:{row.id}")
    return _end(ctx, cmd, output=f"workflow run {run.id}")


def _target(ctx: Context, body: ScheduleBody) -> Operation[Any, Any]:
    """The operation, if a program may call it and whoever works here may, too."""
    found = catalogue().get(body.operation)
    if found is None:
        raise NotFound(f"There is no operation {body.operation!r} that may run by itself.")
    permissions.require(ctx.grants, found)
    return found


def _call(engine: Engine, task: Task) -> str:
    """An operation that reads, or that opens its own transactions."""
    target = catalogue()[task.operation]
    return _short(engine.run(target, parse_input(target, task.input)))


def _ask(engine: Engine, task: Task, stop: Stop) -> str:
    """A question to the department; what it proposes waits in the inbox."""
    from rusvel_tui.engine.agent.chat.loop import Chat
    from rusvel_tui.engine.agent.chat.states import RunState

    ended = Chat(engine, hear=lambda one: None, stop=stop).ask(task.department, task.prompt)
    if ended.state in (RunState.FAILED, RunState.CANCELLED):
        raise _Unanswered(ended.error or ended.state.value.lower())
    waits = " It waits for your yes or no." if ended.state is RunState.WAITING else ""
    return f"conversation {ended.conversation_id}.{waits}"


class _Unanswered(EngineError):
    """The assistant did not answer."""


def _end(ctx: Context, cmd: RunFire, *, output: str = "", error: str = "") -> Task:
    jobs.finish(ctx, cmd.job_id, "failed" if error else "succeeded", error)
    state = FireState.FAILED if error else FireState.SUCCEEDED
    _keep(ctx, find_fire(cmd.fire_id), state, output=output, error=error)
    return Task()


def _keep(
    ctx: Context, fire: ScheduleFire, state: FireState, *, output: str = "", error: str = ""
) -> None:
    fire.state, fire.output, fire.error = state.key, output, one_line(error)
    fire.updated_at = ctx.now
    fire.save()
    if state in (FireState.SUCCEEDED, FireState.FAILED):
        row = AgentEntity.find(fire.schedule_id)
        said = {"name": row.name if row else "", "fire_id": fire.id}
        home = fire.session_id
        if error:
            said["reason"] = one_line(error)
            ctx.record("agent.schedule.failed", fire.schedule_id, said, session_id=home)
        else:
            ctx.record("agent.schedule.fired", fire.schedule_id, said, session_id=home)


def _short(view: View) -> str:
    return cut(one_line(dump_json(view.model_dump(mode="json"))), _LONGEST)
