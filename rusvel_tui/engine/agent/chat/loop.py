"""The loop that answers: asks the model, runs what it calls, keeps every turn, and stops at its limits.

It runs in the thread of whoever shows it. Nothing outside the database happens inside a transaction; each turn is kept
as soon as it is complete, so that what is interrupted keeps its state and can be asked again.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial
from threading import Event

from rusvel_tui.engine.agent.chat import keeping, news, reviving
from rusvel_tui.engine.agent.chat.assembling import Prepare, Prepared, prepare
from rusvel_tui.engine.agent.chat.blocks import (
    asked_again,
    calls_of,
    fresh,
    whole,
    words_of,
)
from rusvel_tui.engine.agent.chat.book import Book
from rusvel_tui.engine.agent.chat.conversations import ConversationId, RunView
from rusvel_tui.engine.agent.chat.history import recent
from rusvel_tui.engine.agent.chat.limits import Limits
from rusvel_tui.engine.agent.chat.listening import Broken, Listener
from rusvel_tui.engine.agent.chat.owners import owner_here
from rusvel_tui.engine.agent.chat.states import RunState
from rusvel_tui.engine.agent.proposals.listing import show_proposal
from rusvel_tui.engine.agent.proposals.proposals import ProposalId, ProposalState, ProposalView
from rusvel_tui.engine.agent.servers.remote import RemoteTools
from rusvel_tui.engine.agent.tools.calling import Caller, Outcome, call_tool, outcome_of
from rusvel_tui.engine.agent.tools.catalogue import operation_name
from rusvel_tui.engine.agent.tools.offering import FIND, answer, offered
from rusvel_tui.engine.chat_ports import (
    ChatModel,
    Heard,
    Question,
    ToolCall,
    ToolResult,
    Turn,
    Words,
)
from rusvel_tui.engine.context import Actor
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import EngineError, NotConfigured
from rusvel_tui.engine.sessions import ListSessions, show_session

ASSISTANT = Actor("assistant", human=False)
"""Who calls the tools; it can never say yes."""

_ENOUGH = (
    "You called tools often enough. Answer now with what you know, and say what is left to do."
)

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
        # Whoever chooses another session meanwhile does not move the tools of this answer there.
        self._engine.session = engine.run(show_session, ListSessions()).session_id
        self._book = Book(self._engine, self._model)
        self._hear = hear
        self._stop = stop or Event()
        self._decide = decide or (lambda proposal: None)
        self._remote = RemoteTools(self._engine, hear, self._stop)

    def ask(
        self, department: str, message: str, conversation_id: str = "", *, retry: bool = False
    ) -> RunView:
        """Answer a question, or with `retry` the last one again; the state of the result says how it ended."""
        if retry:
            wanted = ConversationId(conversation_id=conversation_id)
            message = self._engine.run(reviving.last_question, wanted).asked
        told = self._engine.run(prepare, Prepare(department=department, message=message))
        run = self._engine.run(
            keeping.ask,
            keeping.Ask(
                prepared=told,
                asked=message,
                conversation_id=conversation_id,
                provider=self._model.provider,
                owner=owner_here(),
                retry=retry,
            ),
        )
        return self._guarded(run, told)

    def go_on(self, run_id: str) -> RunView:
        """Go on with an answer that waited, after the person decided."""
        run = self._engine.run(keeping.show_run, keeping.RunId(run_id=run_id))
        told = self._told_again(run)
        run = self._engine.run(keeping.go_on, keeping.GoOn(run_id=run_id, owner=owner_here()))
        return self._guarded(run, told)

    def _told_again(self, run: RunView) -> Prepared:
        """What the model was told, as it is now; without the skill or agent that is gone since."""
        wanted = ConversationId(conversation_id=run.conversation_id)
        asked = self._engine.run(reviving.last_question, wanted).asked
        try:
            return self._engine.run(prepare, Prepare(department=run.department, message=asked))
        except EngineError:
            return self._engine.run(prepare, Prepare(department=run.department))

    def _guarded(self, run: RunView, told: Prepared) -> RunView:
        """Whatever goes wrong, the answer gets its state."""
        self._hear(news.Started(run))
        try:
            with closing(self._remote):
                ended = self._answer(run, told)
        except Broken as broken:
            ended = self._break(run, broken)
        except BaseException as error:
            self._give_up(run, error)
            raise
        self._hear(news.Ended(ended))
        return ended

    def _give_up(self, run: RunView, error: BaseException) -> None:
        """Close the answer where nobody foresaw what happened; somebody else may have closed it."""
        state, text = RunState.FAILED, type(error).__name__
        if isinstance(error, EngineError):
            text = str(error)
        elif not isinstance(error, Exception):
            state, text = RunState.CANCELLED, "stopped"
        with suppress(EngineError):
            self._hear(news.Ended(self._book.end(run, state, text)))

    def _answer(self, run: RunView, told: Prepared) -> RunView:
        limits = Limits(told.settings, self._hear, self._book.month)
        while True:
            turns = self._book.turns(run)
            calls = calls_of(turns[-1].blocks) if turns and turns[-1].role == "assistant" else []
            if not calls:
                run, calls = self._say(run, told, turns, limits)
            if not calls:
                return self._book.end(run, RunState.COMPLETED)
            results = self._use_all(run, told, calls)
            if any(_waits(one) for _, one in results):
                return self._book.end(run, RunState.WAITING)
            blocks = tuple(ToolResult(call.call_id, out.text, out.failed) for call, out in results)
            run = self._book.keep(run, "user", Heard(blocks))

    def _say(
        self, run: RunView, told: Prepared, turns: tuple[Turn, ...], limits: Limits
    ) -> tuple[RunView, list[ToolCall]]:
        """One turn of the model, kept; the calls that are to be made then."""
        may_call = limits.before(run)
        question = self._question(told, whole(recent(asked_again(turns))), may_call=may_call)
        heard = self._listener(run).listen(question)
        used = [call.call_id for turn in turns for call in calls_of(turn.blocks)]
        blocks = fresh(heard.blocks, used)
        if not may_call:
            blocks = tuple(block for block in blocks if isinstance(block, Words))
        heard = Heard(blocks, heard.finished)
        run = self._book.keep(run, "assistant", heard)
        limits.after(run, heard)
        if not may_call and not words_of(blocks):
            raise Broken(RunState.FAILED, limits.enough, Heard())
        if not may_call:
            self._hear(news.Warned(f"The answer {limits.enough}."))
        return run, calls_of(blocks)

    def _question(self, told: Prepared, turns: tuple[Turn, ...], *, may_call: bool) -> Question:
        settings = told.settings
        return Question(
            system=told.system if may_call else f"{told.system}\n\n{_ENOUGH}",
            turns=turns,
            tools=(*offered(told.department, told.tools, turns), *self._remote.tools(told)),
            model=settings.model or "",
            effort=settings.effort or "",
            may_call=may_call,
        )

    def _listener(self, run: RunView) -> Listener:
        draft = partial(self._book.draft, run)
        return Listener(self._model, self._engine.clock, self._hear, self._stop, draft)

    def _use_all(
        self, run: RunView, told: Prepared, calls: list[ToolCall]
    ) -> list[tuple[ToolCall, Outcome]]:
        """Every call in its order; a stop is heeded between two, but what waits keeps its place."""
        results: list[tuple[ToolCall, Outcome]] = []
        for call in calls:
            if self._stop.is_set() and not any(_waits(one) for _, one in results):
                raise Broken(RunState.CANCELLED, "stopped", Heard())
            results.append(self._use(run, told, call))
        return results

    def _use(self, run: RunView, told: Prepared, call: ToolCall) -> tuple[ToolCall, Outcome]:
        name = operation_name(call.tool)
        self._hear(news.Calling(call.call_id, name, call.input))
        outcome = (
            Outcome(call.problem, failed=True) if call.problem else self._call(run, told, call)
        )
        if outcome.proposal and outcome.proposal.state is ProposalState.WAITING:
            outcome = self._decided(call, outcome.proposal)
        if not _waits(outcome):
            self._hear(news.Called(call.call_id, name, outcome.text, outcome.failed))
        return call, outcome

    def _decided(self, call: ToolCall, proposal: ProposalView) -> Outcome:
        """What the person said; a change that could not be made says so in its proposal."""
        self._hear(news.Proposed(call.call_id, proposal))
        wanted = ProposalId(proposal_id=proposal.proposal_id)
        try:
            self._decide(proposal)
        except EngineError as error:
            self._hear(news.Warned(str(error)))
        return outcome_of(self._engine.run(show_proposal, wanted))

    def _call(self, run: RunView, told: Prepared, call: ToolCall) -> Outcome:
        if call.tool == FIND:
            return Outcome(answer(str(call.input.get("words", "")), told.tools))
        key = f"{run.run_id}:{call.call_id}"
        if self._remote.knows(call.tool):
            return self._remote.call(run, told, call, key)
        caller = Caller(
            self._engine, frozenset(told.tools), "chat", run.conversation_id, run.run_id
        )
        return call_tool(caller, call.tool, dict(call.input), key)

    def _break(self, run: RunView, broken: Broken) -> RunView:
        """Keep what was heard before the answer broke, and why it did."""
        if broken.heard.blocks or broken.heard.finished:
            self._book.keep(run, "assistant", broken.heard, partial=True, error=broken.text)
        return self._book.end(run, broken.state, broken.text)


def _waits(outcome: Outcome) -> bool:
    return outcome.proposal is not None and outcome.proposal.state is ProposalState.WAITING
