"""Rows of answers, for the operations of the chat: finding one, saying where it stands, closing what nobody answers any more."""

from __future__ import annotations

from typing import Any

from rusvel_tui.engine import departments
from rusvel_tui.engine.agent.chat.blocks import calls_of, load, words_of
from rusvel_tui.engine.agent.chat.conversations import RunView, run_view
from rusvel_tui.engine.agent.chat.owners import INTERRUPTED, gone
from rusvel_tui.engine.agent.chat.states import OPEN, RunState
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict, NotFound
from rusvel_tui.engine.models import ChatMessage, ChatRun, Conversation, Proposal
from rusvel_tui.engine.text import one_line


def find_run(ctx: Context, run_id: str) -> ChatRun:
    """The row; raises `NotFound`."""
    row: ChatRun | None = ChatRun.find(run_id)
    if row is None or row.session_id != ctx.session_id:
        raise NotFound(f"There is no answer {run_id!r}.")
    return row


def open_run(conversation_id: str) -> ChatRun | None:
    """The answer of a conversation that is being made, or waits."""
    keys = [state.key for state in OPEN]
    mine = (ChatRun.conversation_id == conversation_id) & ChatRun.state.in_(keys)
    row: ChatRun | None = ChatRun.select().where(mine).first()
    return row


def waits_for(run: ChatRun) -> int:
    """How many of its proposals nobody decided yet."""
    open_ones = (Proposal.run_id == run.id) & (Proposal.state == "waiting")
    count: int = Proposal.select().where(open_ones).count()
    return count


def make_room(ctx: Context, conversation_id: str) -> None:
    """End what stands in the way of a new question; raises `Conflict` where somebody is still at it."""
    run = open_run(conversation_id)
    if run is None:
        return
    if gone(ctx, run):
        stand(ctx, run, RunState.FAILED, INTERRUPTED)
    elif run.state == RunState.RUNNING.key:
        raise Conflict("The assistant is still answering. Wait, or stop it with esc.")
    elif waits_for(run):
        raise Conflict("The assistant waits for your yes or no. Decide first, or stop that answer.")
    else:
        stand(ctx, run, RunState.CANCELLED, "another question came first")


def stand(ctx: Context, run: ChatRun, state: RunState, error: str = "") -> RunView:
    """Write down where an answer stands, with its event; going on is no news."""
    run.state, run.error = state.key, one_line(error)
    run.ended_at = None if state in OPEN else ctx.now
    _tell(ctx, run, state)
    return touched(ctx, run)


def touched(ctx: Context, run: ChatRun) -> RunView:
    """The row saved, and that it was."""
    run.updated_at = ctx.now
    run.version += 1
    run.save()
    return run_view(run)


def _tell(ctx: Context, run: ChatRun, state: RunState) -> None:
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
