"""What the loop writes while it answers: the question, each turn as it is complete, and the end."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

from rusvel_tui.engine import departments
from rusvel_tui.engine.agent.chat.assembling import Prepared
from rusvel_tui.engine.agent.chat.blocks import calls_of, load, words_of
from rusvel_tui.engine.agent.chat.conversations import RunView, find, run_view
from rusvel_tui.engine.agent.chat.states import OPEN, RunState
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict, InvalidState, NotFound
from rusvel_tui.engine.models import ChatMessage, ChatRun, Conversation, ModelCall
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.text import cut, fold, one_line

_TITLE = 60
_SILENT = timedelta(minutes=15)
"""After this long without a word the process that answered is gone."""


class Ask(Input):
    """A question, with what was prepared for it."""

    prepared: Prepared
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
    """How a run ended, or that it waits or goes on."""

    run_id: str
    state: RunState
    error: str = ""


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
    row = find(ctx, cmd.conversation_id) if cmd.conversation_id else _new(ctx, told)
    if row.department != told.department:
        raise Conflict(f"This conversation is with {row.department}. Begin a new one.")
    _close_forgotten(ctx, row)
    run = ChatRun.create(
        id=ctx.new_id(), session_id=ctx.session_id, conversation_id=row.id, department=row.department,
        agent=told.agent, skill=told.skill, provider=cmd.provider, model=told.settings.model or "",
        told=told.told(), owner=cmd.owner, created_at=ctx.now, updated_at=ctx.now,
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
    run = _run(ctx, cmd.run_id)
    _add(ctx, run, cmd.role, cmd.blocks, partial=cmd.partial, error=cmd.error)
    if cmd.call is not None:
        _spend(ctx, run, cmd.call)
    run.turns += cmd.role == "assistant"
    return _touched(ctx, run)


@operation("agent.chat.end", writes=True, permission="agent.chat", internal=True)
def end(ctx: Context, cmd: End) -> RunView:
    """Say where a run stands: that it waits, goes on, or how it ended."""
    run = _run(ctx, cmd.run_id)
    if RunState(run.state) not in OPEN:
        raise InvalidState("This answer", run.state, cmd.state.key)
    run.state, run.error = cmd.state.key, one_line(cmd.error)
    run.ended_at = None if cmd.state in OPEN else ctx.now
    _tell(ctx, run, cmd.state)
    return _touched(ctx, run)


@operation("agent.chat.turns", permission="agent.read", internal=True)
def turns(ctx: Context, cmd: RunId) -> Said:
    """All that was said in the conversation of a run."""
    run = _run(ctx, cmd.run_id)
    rows = ChatMessage.select().where(ChatMessage.conversation_id == run.conversation_id)
    return Said(
        turns=tuple((row.role, tuple(row.blocks)) for row in rows.order_by(ChatMessage.seq))
    )


@operation("agent.chat.show_run", permission="agent.read")
def show_run(ctx: Context, cmd: RunId) -> RunView:
    """Show one answer: its state, what it was told, what it took."""
    return run_view(_run(ctx, cmd.run_id))


def _new(ctx: Context, told: Prepared) -> Conversation:
    made: Conversation = Conversation.create(
        id=ctx.new_id(),
        session_id=ctx.session_id,
        department=told.department,
        title=cut(one_line(told.message), _TITLE),
        created_at=ctx.now,
        updated_at=ctx.now,
    )
    return made


def _close_forgotten(ctx: Context, row: Conversation) -> None:
    """An answer whose process is gone is over; one that goes on, or waits, keeps its place."""
    keys = [state.key for state in OPEN]
    mine = (ChatRun.conversation_id == row.id) & ChatRun.state.in_(keys)
    run = ChatRun.select().where(mine).first()
    if run is None:
        return
    if run.state == RunState.WAITING.key:
        raise Conflict("The assistant waits for your yes or no. Decide first.")
    if _alive(run.owner) and ctx.now - run.updated_at < _SILENT:
        raise Conflict("The assistant is still answering. Wait, or stop it with esc.")
    run.state, run.error, run.ended_at = RunState.FAILED.key, "interrupted", ctx.now
    run.save()
    _tell(ctx, run, RunState.FAILED)


def _alive(owner: str) -> bool:
    """Whether the process of this machine that answers is there; of another machine nobody knows."""
    name, _, pid = owner.rpartition(":")
    if name != os.uname().nodename or not pid.isdigit():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _add(
    ctx: Context,
    run: ChatRun,
    role: str,
    blocks: list[dict[str, Any]],
    *,
    partial: bool = False,
    error: str = "",
) -> None:
    place = ChatMessage.select().where(ChatMessage.conversation_id == run.conversation_id).count()
    ChatMessage.create(
        id=ctx.new_id(),
        session_id=ctx.session_id,
        conversation_id=run.conversation_id,
        run_id=run.id,
        seq=place + 1,
        role=role,
        blocks=blocks,
        words=fold(words_of(load(blocks))),
        state="partial" if partial else "complete",
        error=one_line(error),
        created_at=ctx.now,
    )


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


def _tell(ctx: Context, run: ChatRun, state: RunState) -> None:
    """The event of where a run stands; going on is no news."""
    said = {"name": _title(run), "run_id": run.id, "department": run.department}
    if state is RunState.COMPLETED:
        more = {"cost_nano": run.cost_nano, "conversation_id": run.conversation_id}
        kind = departments.find(run.department).answered
        ctx.record(kind, run.conversation_id, said | more | _answer(run))
    elif state is RunState.WAITING:
        ctx.record("agent.chat.waiting", run.id, said)
    elif state is not RunState.RUNNING:
        ctx.record("agent.chat.failed", run.id, said | {"state": state.key, "reason": run.error})


def _answer(run: ChatRun) -> dict[str, Any]:
    """How long the answer is, and which tools it used."""
    rows = ChatMessage.select().where(ChatMessage.run_id == run.id, ChatMessage.role == "assistant")
    blocks = [block for row in rows.order_by(ChatMessage.seq) for block in load(row.blocks)]
    tools = sorted({call.tool for call in calls_of(blocks)})
    return {"response_length": len(words_of(blocks)), "tools": tools}


def _title(run: ChatRun) -> str:
    row = Conversation.find(run.conversation_id)
    return str(row.title) if row else ""


def _run(ctx: Context, run_id: str) -> ChatRun:
    row: ChatRun | None = ChatRun.find(run_id)
    if row is None or row.session_id != ctx.session_id:
        raise NotFound(f"There is no answer {run_id!r}.")
    return row


def _touched(ctx: Context, run: ChatRun) -> RunView:
    run.updated_at = ctx.now
    run.version += 1
    run.save()
    return run_view(run)
