"""Conversations: kept, found again, renamed and deleted."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import Field

from rusvel_tui.engine.agent.chat.owners import INTERRUPTED, gone
from rusvel_tui.engine.agent.chat.states import RunState
from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import NotFound
from rusvel_tui.engine.models import ChatMessage, ChatRun, Conversation
from rusvel_tui.engine.operation import Input, PageInput, View, operation
from rusvel_tui.engine.text import fold, one_line


class ListConversations(PageInput):
    """Which conversations."""

    department: str = ""
    words: str = ""
    """Only those in which these words were said."""


class ConversationId(Input):
    """Which conversation."""

    conversation_id: str


class RenameConversation(ConversationId):
    """Another title."""

    title: str = Field(min_length=1, max_length=120)


class ConversationLine(View):
    """A conversation in a list."""

    conversation_id: str
    department: str
    title: str
    state: RunState | None
    """Of its newest answer; none before the first."""
    updated_at: datetime


class ConversationPage(View):
    """Conversations, newest first."""

    items: tuple[ConversationLine, ...]
    next: str | None


class MessageView(View):
    """What one side said."""

    message_id: str
    run_id: str
    role: str
    blocks: tuple[dict[str, Any], ...]
    """`words`, `call` and `result`, as they came."""
    partial: bool
    error: str
    at: datetime


class RunView(View):
    """One answer of the assistant."""

    run_id: str
    conversation_id: str
    department: str
    state: RunState
    agent: str
    skill: str
    provider: str
    model: str
    turns: int
    input_tokens: int
    output_tokens: int
    cost_usd: str
    cost_nano: int
    """The same, exactly: in billionths."""
    error: str
    told: dict[str, Any]
    """What it was told besides the conversation: layers, rules, tools."""
    started_at: datetime
    ended_at: datetime | None


class ConversationView(View):
    """A conversation with all that was said."""

    conversation_id: str
    department: str
    title: str
    messages: tuple[MessageView, ...]
    runs: tuple[RunView, ...]


@operation("agent.chat.list_conversations", permission="agent.read")
def list_conversations(ctx: Context, cmd: ListConversations) -> ConversationPage:
    """List conversations, newest first, or those in which some words were said."""
    own = (Conversation.session_id == ctx.session_id) & Conversation.deleted_at.is_null()
    query = Conversation.select().where(own)
    if cmd.department:
        query = query.where(Conversation.department == cmd.department)
    for word in fold(cmd.words).split():
        said = ChatMessage.select(ChatMessage.conversation_id).where(
            ChatMessage.words.contains(word)
        )
        query = query.where(Conversation.id.in_(said))
    if cmd.cursor:
        query = query.where(Conversation.updated_at < cmd.cursor)
    rows = list(query.order_by(Conversation.updated_at.desc()).limit(cmd.limit + 1))
    items = tuple(_line(ctx, row) for row in rows[: cmd.limit])
    more = stamp(rows[cmd.limit - 1].updated_at) if len(rows) > cmd.limit else None
    return ConversationPage(items=items, next=more)


@operation("agent.chat.show_conversation", permission="agent.read")
def show_conversation(ctx: Context, cmd: ConversationId) -> ConversationView:
    """Show all that was said in a conversation."""
    row = find(ctx, cmd.conversation_id)
    said = ChatMessage.select().where(ChatMessage.conversation_id == row.id)
    runs = ChatRun.select().where(ChatRun.conversation_id == row.id).order_by(ChatRun.created_at)
    return ConversationView(
        conversation_id=row.id,
        department=row.department,
        title=row.title,
        messages=tuple(_message(one) for one in said.order_by(ChatMessage.seq)),
        runs=tuple(_seen(ctx, run) for run in runs),
    )


@operation("agent.chat.rename_conversation", writes=True, permission="agent.chat")
def rename_conversation(ctx: Context, cmd: RenameConversation) -> ConversationLine:
    """Give a conversation another title."""
    row = find(ctx, cmd.conversation_id)
    undo = Inverse(
        "agent.chat.rename_conversation", {"conversation_id": row.id, "title": row.title or "chat"}
    )
    row.title = one_line(cmd.title)
    row.save()
    ctx.record("agent.chat.renamed", row.id, {"name": row.title}, undo=undo)
    return _line(ctx, row)


@operation("agent.chat.delete_conversation", writes=True, permission="agent.chat", human_only=True)
def delete_conversation(ctx: Context, cmd: ConversationId) -> ConversationLine:
    """Delete a conversation; undo brings it back."""
    row = find(ctx, cmd.conversation_id)
    row.deleted_at = ctx.now
    row.save()
    back = Inverse("agent.chat.restore_conversation", {"conversation_id": row.id})
    ctx.record("agent.chat.deleted", row.id, {"name": row.title}, undo=back)
    return _line(ctx, row)


@operation("agent.chat.restore_conversation", writes=True, permission="agent.chat", internal=True)
def restore_conversation(ctx: Context, cmd: ConversationId) -> ConversationLine:
    """Bring a deleted conversation back."""
    row = find(ctx, cmd.conversation_id, deleted=True)
    row.deleted_at = None
    row.save()
    again = Inverse("agent.chat.delete_conversation", {"conversation_id": row.id})
    ctx.record("agent.chat.restored", row.id, {"name": row.title}, undo=again)
    return _line(ctx, row)


def find(ctx: Context, conversation_id: str, *, deleted: bool = False) -> Conversation:
    """The row; raises `NotFound`."""
    row: Conversation | None = Conversation.find(conversation_id)
    if row is None or row.session_id != ctx.session_id or bool(row.deleted_at) != deleted:
        raise NotFound(f"There is no conversation {conversation_id!r}.")
    return row


def run_view(row: ChatRun) -> RunView:
    return RunView(
        run_id=row.id,
        conversation_id=row.conversation_id,
        department=row.department,
        state=RunState(row.state),
        agent=row.agent,
        skill=row.skill,
        provider=row.provider,
        model=row.model,
        turns=row.turns,
        input_tokens=row.input_tokens,
        output_tokens=row.output_tokens,
        cost_nano=row.cost_nano,
        cost_usd=f"{Decimal(row.cost_nano).scaleb(-9):.4f}",
        error=row.error,
        told=row.told,
        started_at=row.created_at,
        ended_at=row.ended_at,
    )


def _seen(ctx: Context, row: ChatRun) -> RunView:
    """An answer as it stands: one whose process is gone says so before somebody writes it down."""
    view = run_view(row)
    if not gone(ctx, row):
        return view
    return view.model_copy(update={"state": RunState.FAILED, "error": INTERRUPTED})


def _line(ctx: Context, row: Conversation) -> ConversationLine:
    newest = ChatRun.select().where(ChatRun.conversation_id == row.id)
    last = newest.order_by(ChatRun.created_at.desc()).first()
    return ConversationLine(
        conversation_id=row.id,
        department=row.department,
        title=row.title,
        state=_seen(ctx, last).state if last else None,
        updated_at=row.updated_at,
    )


def _message(row: ChatMessage) -> MessageView:
    return MessageView(
        message_id=row.id,
        run_id=row.run_id,
        role=row.role,
        blocks=tuple(row.blocks),
        partial=row.state == "partial",
        error=row.error,
        at=row.created_at,
    )
