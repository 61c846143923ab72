"""Answers that stopped without an end: found again, stopped, and the question behind them."""

from __future__ import annotations

from rusvel_tui.engine.agent.chat.conversations import ConversationId, RunView, find, run_view
from rusvel_tui.engine.agent.chat.owners import INTERRUPTED, gone
from rusvel_tui.engine.agent.chat.runs import open_run, stand, waits_for
from rusvel_tui.engine.agent.chat.states import RunState
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict, NotFound
from rusvel_tui.engine.models import ChatRun
from rusvel_tui.engine.operation import Input, View, operation


class Everything(Input):
    """All of the session."""


class Runs(View):
    """Some answers."""

    items: tuple[RunView, ...]


class Question(View):
    """The last question of a conversation."""

    asked: str
    """As the person typed it."""
    run: RunView
    undecided: int
    """How many of its proposals wait for a yes or a no."""


@operation("agent.chat.recover", writes=True, permission="agent.chat", internal=True)
def recover(ctx: Context, cmd: Everything) -> Runs:
    """End the answers whose process is gone: they say that they were interrupted and can be asked again."""
    running = ChatRun.select().where(
        (ChatRun.session_id == ctx.session_id) & (ChatRun.state == RunState.RUNNING.key)
    )
    lost = [run for run in running if gone(ctx, run)]
    return Runs(items=tuple(stand(ctx, run, RunState.FAILED, INTERRUPTED) for run in lost))


@operation("agent.chat.stop", writes=True, permission="agent.chat")
def stop(ctx: Context, cmd: ConversationId) -> RunView:
    """End an answer that waits, so that something else can be asked; its proposals stay in the inbox."""
    row = find(ctx, cmd.conversation_id)
    run = open_run(row.id)
    if run is None:
        raise Conflict("Nothing is being answered here.")
    if gone(ctx, run):
        return stand(ctx, run, RunState.FAILED, INTERRUPTED)
    if run.state == RunState.RUNNING.key:
        raise Conflict("This answer is being made. Stop it where you asked.")
    return stand(ctx, run, RunState.CANCELLED, "stopped")


@operation("agent.chat.last_question", permission="agent.read")
def last_question(ctx: Context, cmd: ConversationId) -> Question:
    """Show the last question of a conversation, and how its answer stands."""
    row = find(ctx, cmd.conversation_id)
    runs = ChatRun.select().where(ChatRun.conversation_id == row.id)
    run = runs.order_by(ChatRun.created_at.desc(), ChatRun.id.desc()).first()
    if run is None:
        raise NotFound("Nothing was asked in this conversation.")
    asked = str(run.metadata.get("asked", ""))
    return Question(asked=asked, run=run_view(run), undecided=waits_for(run))
