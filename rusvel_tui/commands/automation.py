"""The further verbs of hooks, schedules and workflows: try, run, go on, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from rusvel_tui.commands import plain
from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.parsing import Parser, Verbs, add_count
from rusvel_tui.commands.seeding import ensure_seeds
from rusvel_tui.engine.agent.hooks.runs import (
    HookRunView,
    HookState,
    ListHookRuns,
    ListKinds,
    list_kinds,
)
from rusvel_tui.engine.agent.hooks.runs import log as hook_log
from rusvel_tui.engine.agent.hooks.testing import TryHook, try_hook
from rusvel_tui.engine.agent.schedules.fires import FireView, ListFires, NextFires, next_fires
from rusvel_tui.engine.agent.schedules.fires import log as fire_log
from rusvel_tui.engine.agent.workflows.beginning import (
    RunWorkflow,
    approve,
    cancel,
    resume,
    run_workflow,
)
from rusvel_tui.engine.agent.workflows.runs import (
    APPROVAL,
    ListRuns,
    RunId,
    WorkflowRunView,
    WorkflowState,
    show,
)
from rusvel_tui.engine.agent.workflows.runs import log as run_log
from rusvel_tui.engine.text import cut, one_line

_LONGEST = 100


def hooks(choice: Verbs) -> None:
    """`hooks test NAME`, `hooks log [NAME]`, `hooks events [PATTERN]`."""
    kinds = _verb(
        choice, "events", "the kinds of event, and which of them a pattern fits", run_kinds
    )
    kinds.add_argument("event", metavar="PATTERN", nargs="?", default="*", help="gtm.deal.*")
    tried = _verb(choice, "test", "run one now, for the newest event that fits", run_test)
    tried.add_argument("name", metavar="NAME", help="the hook")
    tried.add_argument("--event", metavar="N", type=int, help="for this event: see rusvel watch")
    _log(choice, "what hooks did, newest first", run_hook_log)


def schedules(choice: Verbs) -> None:
    """`schedules next [NAME]`, `schedules log [NAME]`."""
    found = _verb(choice, "next", "when they fire next", run_next)
    found.add_argument("name", metavar="NAME", nargs="?", default="", help="only this one")
    found.add_argument("--cron", metavar="CRON", default="", help="what this expression means")
    add_count(found, 5)
    _log(choice, "what schedules did, newest first", run_fire_log)


def workflows(choice: Verbs) -> None:
    """`workflows run NAME`, `log [NAME]`, and `status | approve | resume | cancel RUN`."""
    from rusvel_tui.commands.call import pair

    begun = _verb(choice, "run", "begin one: key=value for what it needs", run_begin)
    begun.mixes_words = True
    begun.add_argument("name", metavar="NAME", help="the workflow")
    begun.add_argument(
        "pairs", metavar="key=value", nargs="*", default=[], type=pair, help="what it is given"
    )
    _log(choice, "their runs, newest first", run_run_log)
    for verb, summary, operation in (
        ("status", "what came of each step of a run", show),
        ("approve", "let a run go on that asks for your yes", approve),
        ("resume", "try the step again that failed", resume),
        ("cancel", "end a run here", cancel),
    ):
        made = _verb(choice, verb, summary, run_on)
        made.add_argument("run_id", metavar="RUN", help="the id that `workflows log` prints")
        made.set_defaults(operation=operation)


def run_kinds(desk: Desk) -> None:
    """The kinds of event that hooks can run for."""
    found = desk.engine().run(list_kinds, ListKinds(event=desk.args.event))
    rows = [(one.kind, one.meaning) for one in found.items]
    desk.out.view(found, lambda _: _table(("event", "when"), rows, "No event is called so."))


def run_test(desk: Desk) -> int:
    """Run a hook now; the exit code says whether it worked."""
    command = TryHook(hook=desk.args.name, event_id=desk.args.event)
    made = desk.engine().run(try_hook, command)
    desk.out.view(made, _tried)
    return 0 if made.state is HookState.SUCCEEDED else 1


def run_hook_log(desk: Desk) -> None:
    """What hooks did."""
    page = desk.engine().run(hook_log, ListHookRuns(hook=desk.args.name, limit=desk.args.count))
    desk.out.view(page, lambda found: _hook_lines(desk, found.items))


def run_next(desk: Desk) -> None:
    """When schedules fire next."""
    args = desk.args
    command = NextFires(schedule=args.name, cron=args.cron, count=args.count)
    found = desk.engine().run(next_fires, command)
    rows = [
        (one.name or one.cron, plain.when(at, desk.zone), f"{at.astimezone(desk.zone):%A}")
        for one in found.items
        for at in one.times
    ]
    desk.out.view(found, lambda _: _table(("schedule", "fires", "on"), rows, "No schedule is on."))


def run_fire_log(desk: Desk) -> None:
    """What schedules did."""
    page = desk.engine().run(fire_log, ListFires(schedule=desk.args.name, limit=desk.args.count))
    desk.out.view(page, lambda found: _fire_lines(desk, found.items))


def run_begin(desk: Desk) -> None:
    """Begin a workflow."""
    ensure_seeds(desk)
    command = RunWorkflow(workflow=desk.args.name, inputs=dict(desk.args.pairs))
    desk.out.view(desk.engine().run(run_workflow, command), _begun)


def run_run_log(desk: Desk) -> None:
    """The runs of workflows."""
    page = desk.engine().run(run_log, ListRuns(workflow=desk.args.name, limit=desk.args.count))
    desk.out.view(page, lambda found: _run_lines(desk, found.items))


def run_on(desk: Desk) -> None:
    """Show a run, or let it go on, or end it."""
    made = desk.engine().run(desk.args.operation, RunId(run_id=desk.args.run_id))
    desk.out.view(made, _status)


def _verb(choice: Verbs, name: str, summary: str, run: Callable[[Desk], Any]) -> Parser:
    made = choice.add_parser(name, help=summary)
    made.set_defaults(run=run)
    return made


def _log(choice: Verbs, summary: str, run: Callable[[Desk], Any]) -> None:
    made = _verb(choice, "log", summary, run)
    made.add_argument("name", metavar="NAME", nargs="?", default="", help="of this one only")
    add_count(made)


def _tried(one: HookRunView) -> Iterator[str]:
    yield f"{one.hook} {_word(one.state.value)} for {one.kind} ({one.took_ms} ms)."
    yield from (line for line in (one.error, *one.output.splitlines()) if line)


def _hook_lines(desk: Desk, items: Iterable[HookRunView]) -> Iterator[str]:
    rows = [
        (
            plain.when(one.updated_at, desk.zone),
            one.hook,
            _word(one.state.value),
            one.kind,
            "test" if not one.event_id else f"try {one.attempts}" if one.attempts > 1 else "",
            _short(one.error or one.output),
        )
        for one in items
    ]
    yield from _table(("at", "hook", "", "event", "", "said"), rows, "No hook ran yet.")


def _fire_lines(desk: Desk, items: Iterable[FireView]) -> Iterator[str]:
    rows = [
        (
            plain.when(one.fire_at, desk.zone),
            one.schedule,
            _word(one.state.value),
            _short(one.error or one.output),
        )
        for one in items
    ]
    yield from _table(("fired", "schedule", "", "said"), rows, "No schedule fired yet.")


def _run_lines(desk: Desk, items: Iterable[WorkflowRunView]) -> Iterator[str]:
    rows = [
        (
            plain.when(one.created_at, desk.zone),
            one.name,
            _word(one.state.value),
            one.error or one.question or _progress(one),
            one.run_id,
        )
        for one in items
    ]
    yield from _table(("begun", "workflow", "", "now", "run"), rows, "No workflow ran yet.")


def _begun(one: WorkflowRunView) -> Iterator[str]:
    yield f"{one.name} is begun: {one.run_id}"
    yield "A worker does its steps: the dashboard, or `rusvel worker --until-idle`."


def _status(one: WorkflowRunView) -> Iterator[str]:
    yield f"{one.name} {_word(one.state.value)}: {one.run_id}"
    rows = [
        (step.number, step.name, step.type, step.state, _short(step.text)) for step in one.steps
    ]
    yield from plain.table(("", "step", "type", "", "said"), rows)
    if one.state is WorkflowState.WAITING:
        yield _asks(one)
    if one.error:
        yield f"{one.error} Try it again: rusvel workflows resume {one.run_id}"


def _asks(one: WorkflowRunView) -> str:
    if one.waits_for == APPROVAL:
        return f"{one.question} Say yes: rusvel workflows approve {one.run_id}"
    return "It goes on when you have decided what it proposes: see the inbox, or rusvel proposals."


def _progress(one: WorkflowRunView) -> str:
    if one.state in (WorkflowState.COMPLETED, WorkflowState.CANCELLED):
        return one.output
    return f"step {min(one.position + 1, len(one.steps))} of {len(one.steps)}"


def _short(text: str) -> str:
    """What stands in the last column, which nothing else bounds."""
    return cut(one_line(text), _LONGEST)


def _word(state: str) -> str:
    """A state as a word in a sentence."""
    return state.lower()


def _table(headings: tuple[str, ...], rows: list[tuple[Any, ...]], empty: str) -> Iterator[str]:
    if not rows:
        yield empty
        return
    yield from plain.table(headings, rows)
