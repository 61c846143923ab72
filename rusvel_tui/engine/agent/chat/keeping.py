"""What the loop writes while it answers: the question, each turn as it is complete, words that are on their way, the end."""

from __future__ import annotations

from typing import Any

from rusvel_tui.engine.agent.chat.assembling import Prepared
from rusvel_tui.engine.agent.chat.blocks import INTERRUPTED as UNSEEN
from rusvel_tui.engine.agent.chat.blocks import calls_of, dump, load, words_of
from rusvel_tui.engine.agent.chat.conversations import RunView, find, run_view
from rusvel_tui.engine.agent.chat.owners import INTERRUPTED
from rusvel_tui.engine.agent.chat.runs import (
    find_run,
    make_room,
    stand,
    touched,
)
from rusvel_tui.engine.agent.chat.states import OPEN, RunState
from rusvel_tui.engine.agent.proposals.proposals import view as proposal_view
from rusvel_tui.engine.agent.tools.calling import outcome_of
from rusvel_tui.engine.chat_ports import ToolCall, ToolResult
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict, InvalidState
from rusvel_tui.engine.models import ChatMessage, ChatRun, Conversation, ModelCall, Proposal
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.text import cut, fold, one_line

_TITLE = 60


class Ask(Input):
    """A question, with what was prepared for it."""

    prepared: Prepared
    asked: str = ""
    """The question as the person typed it."""
    conversation_id: str = ""
    """Empty for a new one."""
    provider: str
    owner: str
    retry: bool = False
    """Whether to answer the last question again, instead of asking a new one."""


class Keep(Input):
    """One turn of a run: what a side said."""

    run_id: str
    role: str
    blocks: list[dict[str, Any]]
    partial: bool = False
    error: str = ""
    call: Spent | None = None


class Draft(Input):
    """What was heard of a turn that is not complete."""

    run_id: str
    text: str


class Spent(View):
    """What one call of the model took."""

    provider: str
    model: str
    input_tokens: int = 0
    output_tokens: int = 0
    cache_read: int = 0
    cache_write: int = 0
    cost_nano: int | None = 0


class End(Input):
    """How a run ended, or that it waits."""

    run_id: str
    state: RunState
    error: str = ""


class GoOn(Input):
    """An answer that waited, and who goes on with it."""

    run_id: str
    owner: str


class RunId(Input):
    """Which run."""

    run_id: str


class Said(View):
    """The turns of a conversation up to now."""

    turns: tuple[tuple[str, tuple[dict[str, Any], ...]], ...]


@operation("agent.chat.ask", writes=True, permission="agent.chat", internal=True)
def ask(ctx: Context, cmd: Ask) -> RunView:
    """Keep a question and begin an answer."""
    told = cmd.prepared
    row = find(ctx, cmd.conversation_id) if cmd.conversation_id else _new(ctx, cmd)
    if row.department != told.department:
        raise Conflict(f"This conversation is with {row.department}. Begin a new one.")
    make_room(ctx, row.id)
    run = ChatRun.create(
        id=ctx.new_id(), session_id=ctx.session_id, conversation_id=row.id, department=row.department,
        agent=told.agent, skill=told.skill, provider=cmd.provider, model=told.settings.model or "",
        told=told.told(), owner=cmd.owner, metadata={"asked": cmd.asked or told.message},
        created_at=ctx.now, updated_at=ctx.now,
    )  # fmt: skip
    if not cmd.retry:
        _add(ctx, run, "user", [{"type": "words", "text": told.message}])
    row.updated_at = ctx.now
    row.save()
    ctx.record("agent.chat.asked", run.id, {"name": row.title, "department": row.department})
    return run_view(run)


@operation("agent.chat.keep", writes=True, permission="agent.chat", internal=True)
def keep(ctx: Context, cmd: Keep) -> RunView:
    """Keep a turn, and what it took."""
    run = _running(ctx, cmd.run_id)
    _add(ctx, run, cmd.role, cmd.blocks, partial=cmd.partial, error=cmd.error)
    if cmd.call is not None:
        _spend(ctx, run, cmd.call)
    run.turns += cmd.role == "assistant"
    return touched(ctx, run)


@operation("agent.chat.draft", writes=True, permission="agent.chat", internal=True)
def draft(ctx: Context, cmd: Draft) -> RunView:
    """Keep the words of a turn that is not complete: they stay if nothing follows."""
    run = _running(ctx, cmd.run_id)
    words = [{"type": "words", "text": cmd.text}]
    _add(ctx, run, "assistant", words, partial=True, error=INTERRUPTED)
    return touched(ctx, run)


@operation("agent.chat.end", writes=True, permission="agent.chat", internal=True)
def end(ctx: Context, cmd: End) -> RunView:
    """Say how a run ended, or that it waits."""
    run = find_run(ctx, cmd.run_id)
    if RunState(run.state) not in OPEN:
        raise InvalidState("This answer", run.state, cmd.state.key)
    return stand(ctx, run, cmd.state, cmd.error)


@operation("agent.chat.go_on", writes=True, permission="agent.chat", internal=True)
def go_on(ctx: Context, cmd: GoOn) -> RunView:
    """Take up an answer that waited; only one can."""
    run = find_run(ctx, cmd.run_id)
    if run.state != RunState.WAITING.key:
        raise InvalidState("This answer", run.state, RunState.RUNNING.key)
    run.owner = cmd.owner
    return stand(ctx, run, RunState.RUNNING)


@operation("agent.chat.turns", permission="agent.read", internal=True)
def turns(ctx: Context, cmd: RunId) -> Said:
    """All that was said in the conversation of a run; what became of calls of earlier runs is added."""
    run = find_run(ctx, cmd.run_id)
    rows = ChatMessage.select().where(ChatMessage.conversation_id == run.conversation_id)
    said: list[tuple[str, tuple[dict[str, Any], ...]]] = []
    for row in rows.order_by(ChatMessage.seq):
        said.append((row.role, tuple(row.blocks)))
        if row.run_id != run.id and (settled := _settled(row)):
            said.append(("user", settled))
    return Said(turns=tuple(said))


@operation("agent.chat.show_run", permission="agent.read")
def show_run(ctx: Context, cmd: RunId) -> RunView:
    """Show one answer: its state, what it was told, what it took."""
    return run_view(find_run(ctx, cmd.run_id))


def _new(ctx: Context, cmd: Ask) -> Conversation:
    made: Conversation = Conversation.create(
        id=ctx.new_id(),
        session_id=ctx.session_id,
        department=cmd.prepared.department,
        title=cut(one_line(cmd.asked or cmd.prepared.message), _TITLE),
        created_at=ctx.now,
        updated_at=ctx.now,
    )
    return made


def _running(ctx: Context, run_id: str) -> ChatRun:
    """The row of an answer that is being made: one that somebody ended takes no more words."""
    run = find_run(ctx, run_id)
    if run.state != RunState.RUNNING.key:
        raise InvalidState("This answer", run.state, RunState.RUNNING.key)
    return run


def _settled(row: ChatMessage) -> tuple[dict[str, Any], ...]:
    """What became of the calls of an answer that was interrupted: their results were never kept."""
    calls = calls_of(load(row.blocks)) if row.role == "assistant" else []
    if not calls or _answered(row):
        return ()
    return tuple(dump(_result(row, call) for call in calls))


def _result(row: ChatMessage, call: ToolCall) -> ToolResult:
    found = Proposal.get_or_none(
        (Proposal.session_id == row.session_id)
        & (Proposal.call_key == f"{row.run_id}:{call.call_id}")
    )
    if found is None:
        return ToolResult(call.call_id, UNSEEN, failed=True)
    outcome = outcome_of(proposal_view(found))
    return ToolResult(call.call_id, outcome.text, outcome.failed)


def _answered(row: ChatMessage) -> bool:
    """Whether the results of its calls follow."""
    after = (ChatMessage.conversation_id == row.conversation_id) & (ChatMessage.seq == row.seq + 1)
    following = ChatMessage.select().where(after).first()
    return following is not None and any(one.get("type") == "result" for one in following.blocks)


def _add(
    ctx: Context,
    run: ChatRun,
    role: str,
    blocks: list[dict[str, Any]],
    *,
    partial: bool = False,
    error: str = "",
) -> None:
    """A turn at the end, in the place of its draft if there is one."""
    same = ChatMessage.conversation_id == run.conversation_id
    last = ChatMessage.select().where(same).order_by(ChatMessage.seq.desc()).first()
    drafted = last is not None and last.run_id == run.id and last.state == "partial"
    made = last if drafted else ChatMessage(id=ctx.new_id(), session_id=ctx.session_id)
    if not drafted:
        made.conversation_id, made.run_id = run.conversation_id, run.id
        made.seq = 1 if last is None else last.seq + 1
        made.created_at = ctx.now
    made.role, made.blocks = role, blocks
    made.words = fold(words_of(load(blocks)))
    made.state, made.error = "partial" if partial else "complete", one_line(error)
    made.save(force_insert=not drafted)


def _spend(ctx: Context, run: ChatRun, call: Spent) -> None:
    ModelCall.create(
        id=ctx.new_id(),
        session_id=ctx.session_id,
        run_id=run.id,
        department=run.department,
        at=ctx.now,
        **call.model_dump(),
    )
    run.model = call.model or run.model
    run.input_tokens += call.input_tokens + call.cache_read + call.cache_write
    run.output_tokens += call.output_tokens
    run.cost_nano += call.cost_nano or 0
