"""Goes through a workflow, step by step, until it ends or waits for a person."""

from __future__ import annotations

from threading import Event as Stop
from typing import TYPE_CHECKING, Any

from rusvel_tui.engine import jobs
from rusvel_tui.engine.agent.chat import news
from rusvel_tui.engine.agent.chat.loop import Chat
from rusvel_tui.engine.agent.chat.states import RunState
from rusvel_tui.engine.agent.proposals.cards import ProposalState
from rusvel_tui.engine.agent.proposals.proposals import Propose, propose
from rusvel_tui.engine.agent.tools.calling import outcome_of
from rusvel_tui.engine.agent.tools.catalogue import catalogue
from rusvel_tui.engine.agent.workflows.advancing import (
    Advance,
    Answer,
    EndStep,
    KeepChat,
    StepTask,
    WaitStep,
    answer,
    end_step,
    keep_chat,
    step,
    take_up,
    wait,
)
from rusvel_tui.engine.agent.workflows.beginning import save
from rusvel_tui.engine.agent.workflows.runs import CHAT, PROPOSAL, WORKFLOW, WorkflowState
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.core import parse_input
from rusvel_tui.engine.crashpoints import crashpoint
from rusvel_tui.engine.errors import Busy, EngineError, InvalidState
from rusvel_tui.engine.models import Job, WorkflowRun

if TYPE_CHECKING:
    from rusvel_tui.engine.core import Engine


def handle(engine: Engine, job: jobs.ClaimedJob, stop: Stop) -> None:
    """Do a `WorkflowRun` job."""
    hands = engine.acting_as(WORKFLOW)
    held = {name: getattr(job, name) for name in ("session_id", "job_id", "owner", "fence")}
    walk = _Walk(hands, held | {"run_id": str(job.payload["run_id"])}, stop)
    while walk.go():
        crashpoint("workflow.between_steps")


def recover(ctx: Context, job: Job, error: str) -> None:
    """Go on where the run stopped after the worker vanished."""
    if jobs.put_back(ctx, job, error):
        run = WorkflowRun.find(job.payload["run_id"])
        if run is not None and run.state == WorkflowState.RUNNING.key:
            run.state, run.error = WorkflowState.FAILED.key, error or jobs.ALL_VANISHED
            run.ended_at = ctx.now
            save(ctx, run)
            said = {"name": run.name, "reason": run.error}
            ctx.record("agent.workflow.failed", run.id, said, session_id=run.session_id)


class _Walk:
    """One claimed job of a run."""

    def __init__(self, engine: Engine, held: dict[str, Any], stop: Stop) -> None:
        self._engine = engine
        self._held = held
        self._stop = stop

    def go(self) -> bool:
        """One step; whether there is another one to do now."""
        task = self._engine.run(step, Advance(**self._held))
        if task.type in ("", "again"):
            return task.type == "again"
        crashpoint("workflow.in_step")
        try:
            return {"run": self._run, "propose": self._propose, "ask": self._ask}[task.type](task)
        except Busy:
            raise
        except EngineError as error:
            return self._end(task, error=str(error))

    def _run(self, task: StepTask) -> bool:
        target = catalogue()[task.operation]
        made = self._engine.run(target, parse_input(target, task.input))
        return self._end(task, made.model_dump(mode="json"))

    def _propose(self, task: StepTask) -> bool:
        """A change is the person's to make: the run goes on after the decision."""
        asked = Propose(
            operation=task.operation, input=task.input, call_key=task.key, origin="workflow"
        )
        made = self._engine.run(propose, asked)
        if made.state is ProposalState.WAITING:
            return self._wait(task, PROPOSAL, made.proposal_id)
        if made.state is ProposalState.APPROVED:
            return self._end(task, made.result)
        return self._end(task, error=outcome_of(made).text)

    def _ask(self, task: StepTask) -> bool:
        """An answer of the assistant: a new one, or the one that was begun before."""
        chat = Chat(self._engine, hear=self._hear, stop=self._stop)
        if not task.chat_run:
            ended = chat.ask(task.department, task.message, task.conversation)
            return self._judge(task, ended.run_id)
        kept = self._chat(task.chat_run, task.conversation)
        self._engine.run(take_up, kept)
        now = self._engine.run(answer, kept)
        if now.state is RunState.WAITING and not now.open_proposals:
            try:
                chat.go_on(task.chat_run)
            except InvalidState:  # somebody who looks at it was faster
                return self._wait(task, CHAT, task.chat_run)
        return self._judge(task, task.chat_run)

    def _judge(self, task: StepTask, chat_run: str) -> bool:
        found: Answer = self._engine.run(answer, self._chat(chat_run, task.conversation))
        if found.state is RunState.COMPLETED:
            return self._end(task, {"text": found.text})
        if found.state in (RunState.RUNNING, RunState.WAITING):
            return self._wait(task, CHAT, chat_run)
        if self._stop.is_set():  # the worker ends; another one asks again
            self._engine.run(keep_chat, self._chat("", task.conversation))
            raise InterruptedError("stopped, because rusvel ends")
        return self._end(task, error=found.error or found.state.value.lower())

    def _hear(self, one: news.News) -> None:
        """Remember which answer it is before it says anything."""
        if isinstance(one, news.Started):
            self._engine.run(keep_chat, self._chat(one.run.run_id, one.run.conversation_id))
            crashpoint("workflow.in_answer")

    def _chat(self, chat_run: str, conversation: str) -> KeepChat:
        return KeepChat(chat_run=chat_run, conversation=conversation, **self._held)

    def _end(self, task: StepTask, output: Any = None, error: str = "") -> bool:
        done = EndStep(position=task.position, output=output, error=error, **self._held)
        return self._engine.run(end_step, done).goes_on

    def _wait(self, task: StepTask, waits_for: str, waits_id: str) -> bool:
        wanted = WaitStep(
            position=task.position, waits_for=waits_for, waits_id=waits_id, **self._held
        )
        return self._engine.run(wait, wanted).goes_on
