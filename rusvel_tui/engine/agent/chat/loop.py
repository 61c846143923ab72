"""The loop that answers: asks the model, runs what it calls, keeps every turn, and stops at its limits.

It runs in the thread of whoever shows it. Nothing outside the database happens inside a transaction; each turn is kept
as soon as it is complete, so that what is interrupted keeps its state and can be asked again.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing
from threading import Event
from typing import Any

from rusvel_tui.engine.agent.chat import keeping, news
from rusvel_tui.engine.agent.chat.assembling import Prepare, Prepared, prepare
from rusvel_tui.engine.agent.chat.blocks import calls_of, dump, load, whole
from rusvel_tui.engine.agent.chat.conversations import RunView
from rusvel_tui.engine.agent.chat.limits import Limits
from rusvel_tui.engine.agent.chat.listening import Broken, Listener
from rusvel_tui.engine.agent.chat.states import RunState
from rusvel_tui.engine.agent.proposals.proposals import (
    ProposalId,
    ProposalState,
    ProposalView,
    show_proposal,
)
from rusvel_tui.engine.agent.servers.remote import RemoteTools
from rusvel_tui.engine.agent.tools.calling import Caller, Outcome, call_tool, outcome_of
from rusvel_tui.engine.agent.tools.catalogue import as_tool, catalogue, operation_name
from rusvel_tui.engine.chat_ports import ChatModel, Heard, Question, ToolCall, ToolResult, Turn
from rusvel_tui.engine.context import Actor
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import EngineError, NotConfigured

ASSISTANT = Actor("assistant", human=False)
"""Who calls the tools; it can never say yes."""

Hear = Callable[[news.News], None]


class Chat:
    """One conversation partner over one engine; `hear` is told everything as it happens.

    `decide` is asked about each proposal and may approve or reject it; what it leaves alone lets the answer wait.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        hear: Hear,
        stop: Event | None = None,
        decide: Callable[[ProposalView], None] | None = None,
    ) -> None:
        if engine.chat_model is None:
            raise NotConfigured("No model answers here. Set ANTHROPIC_API_KEY.")
        self._model: ChatModel = engine.chat_model
        self._engine = engine.acting_as(ASSISTANT)
        self._hear = hear
        self._stop = stop or Event()
        self._decide = decide or (lambda proposal: None)
        self._remote = RemoteTools(self._engine, hear, self._stop)

    def ask(
        self, department: str, message: str, conversation_id: str = "", *, retry: bool = False
    ) -> RunView:
        """Answer a question; the state of the result says how it ended."""
        told = self._engine.run(prepare, Prepare(department=department, message=message))
        run = self._engine.run(
            keeping.ask,
            keeping.Ask(
                prepared=told,
                conversation_id=conversation_id,
                provider=self._model.provider,
                owner=f"{os.uname().nodename}:{os.getpid()}",
                retry=retry,
            ),
        )
        with closing(self._remote):
            return self._guarded(run, told)

    def go_on(self, run_id: str) -> RunView:
        """Go on with an answer that waited, after the person decided."""
        run = self._engine.run(keeping.show_run, keeping.RunId(run_id=run_id))
        told = self._engine.run(prepare, Prepare(department=run.department))
        run = self._end(run, RunState.RUNNING)
        with closing(self._remote):
            return self._guarded(run, told)

    def _guarded(self, run: RunView, told: Prepared) -> RunView:
        """Whatever goes wrong, the answer gets its state."""
        self._hear(news.Started(run))
        try:
            ended = self._answer(run, told)
        except Broken as broken:
            ended = self._break(run, broken)
        except Exception as error:
            text = str(error) if isinstance(error, EngineError) else type(error).__name__
            self._hear(news.Ended(self._end(run, RunState.FAILED, text)))
            raise
        self._hear(news.Ended(ended))
        return ended

    def _answer(self, run: RunView, told: Prepared) -> RunView:
        limits = Limits(told.settings, self._hear)
        while True:
            turns = self._turns(run)
            calls = calls_of(turns[-1].blocks) if turns and turns[-1].role == "assistant" else []
            if not calls:
                limits.before(run)
                heard = self._listen(run, told, whole(turns))
                run = self._keep(run, "assistant", heard)
                calls = calls_of(heard.blocks)
            if not calls:
                return self._end(run, RunState.COMPLETED)
            results = [self._use(run, told, call) for call in calls]
            if any(_waits(one) for _, one in results):
                return self._end(run, RunState.WAITING)
            blocks = tuple(ToolResult(call.call_id, out.text, out.failed) for call, out in results)
            run = self._keep(run, "user", Heard(blocks))

    def _listen(self, run: RunView, told: Prepared, turns: tuple[Turn, ...]) -> Heard:
        settings = told.settings
        listener = Listener(self._model, self._engine.clock, self._hear, self._stop)
        return listener.listen(
            Question(
                system=told.system,
                turns=turns,
                tools=(
                    *(as_tool(catalogue()[name]) for name in told.tools),
                    *self._remote.tools(told),
                ),
                model=settings.model or "",
                effort=settings.effort or "",
            )
        )

    def _use(self, run: RunView, told: Prepared, call: ToolCall) -> tuple[ToolCall, Outcome]:
        name = operation_name(call.tool)
        self._hear(news.Calling(call.call_id, name, call.input))
        outcome = (
            Outcome(call.problem, failed=True) if call.problem else self._call(run, told, call)
        )
        if outcome.proposal and outcome.proposal.state is ProposalState.WAITING:
            self._hear(news.Proposed(call.call_id, outcome.proposal))
            self._decide(outcome.proposal)
            wanted = ProposalId(proposal_id=outcome.proposal.proposal_id)
            outcome = outcome_of(self._engine.run(show_proposal, wanted))
        if not _waits(outcome):
            self._hear(news.Called(call.call_id, name, outcome.text, outcome.failed))
        return call, outcome

    def _call(self, run: RunView, told: Prepared, call: ToolCall) -> Outcome:
        caller = Caller(
            self._engine, frozenset(told.tools), "chat", run.conversation_id, run.run_id
        )
        key = f"{run.run_id}:{call.call_id}"
        if self._remote.knows(call.tool):
            return self._remote.call(run, told, call, key)
        return call_tool(caller, call.tool, dict(call.input), key)

    def _turns(self, run: RunView) -> tuple[Turn, ...]:
        said = self._engine.run(keeping.turns, keeping.RunId(run_id=run.run_id))
        return tuple(Turn(_role(role), load(blocks)) for role, blocks in said.turns)

    def _keep(
        self, run: RunView, role: str, heard: Heard, *, partial: bool = False, error: str = ""
    ) -> RunView:
        return self._engine.run(
            keeping.keep,
            keeping.Keep(
                run_id=run.run_id,
                role=role,
                blocks=dump(heard.blocks),
                partial=partial,
                error=error,
                call=self._spent(heard),
            ),
        )

    def _spent(self, heard: Heard) -> keeping.Spent | None:
        done = heard.finished
        if done is None:
            return None
        return keeping.Spent(
            provider=self._model.provider,
            model=done.model or self._model.name,
            input_tokens=done.usage.input,
            output_tokens=done.usage.output,
            cache_read=done.usage.cache_read,
            cache_write=done.usage.cache_write,
            cost_nano=done.cost_nano,
        )

    def _break(self, run: RunView, broken: Broken) -> RunView:
        """Keep what was heard before the answer broke, and why it did."""
        if broken.heard.blocks:
            self._keep(run, "assistant", broken.heard, partial=True, error=broken.text)
        return self._end(run, broken.state, broken.text)

    def _end(self, run: RunView, state: RunState, error: str = "") -> RunView:
        wanted = keeping.End(run_id=run.run_id, state=state, error=error)
        return self._engine.run(keeping.end, wanted)


def _waits(outcome: Outcome) -> bool:
    return outcome.proposal is not None and outcome.proposal.state is ProposalState.WAITING


def _role(role: str) -> Any:
    return "user" if role == "user" else "assistant"
