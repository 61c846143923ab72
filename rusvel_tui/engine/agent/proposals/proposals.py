"""Proposals: a program asks for a change, and a person sees what it would do before they decide."""

from __future__ import annotations

from rusvel_tui.engine.agent.chat.blocks import load, words_of
from rusvel_tui.engine.agent.proposals.cards import (
    ApproveProposals,
    EditProposal,
    ListProposals,
    ProposalId,
    ProposalPage,
    ProposalState,
    ProposalView,
    ProposalWindow,
    Propose,
    RejectProposal,
    said,
    target_of,
    view,
)
from rusvel_tui.engine.agent.proposals.deciding import approve, approve_many, edit, reject
from rusvel_tui.engine.agent.proposals.difference import Difference
from rusvel_tui.engine.agent.proposals.examining import Examined, examine
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.core import parse_input
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.models import ChatMessage, Proposal
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.operation import operation
from rusvel_tui.engine.text import cut, one_line

_LAST_TURNS = 20
_QUESTION = 300


@operation("agent.proposals.propose", writes=True, permission="agent.propose")
def propose(ctx: Context, cmd: Propose) -> ProposalView:
    """Put a change before the person; nothing is done until they say yes."""
    found = Proposal.get_or_none(
        (Proposal.session_id == ctx.session_id) & (Proposal.call_key == cmd.call_key)
    )
    if found is not None:
        return view(found)
    target = target_of(cmd.operation)
    if not target.writes:
        raise InvalidInput(f"{target.name} changes nothing: call it.", field="operation")
    return _keep(ctx, cmd, examine(ctx, target, parse_input(target, cmd.input), cmd.input))


def _keep(ctx: Context, cmd: Propose, seen: Examined) -> ProposalView:
    row = Proposal.create(
        id=ctx.new_id(),
        session_id=ctx.session_id,
        origin=cmd.origin,
        conversation_id=cmd.conversation_id,
        run_id=cmd.run_id,
        call_key=cmd.call_key,
        operation=cmd.operation,
        input=cmd.input,
        title=seen.title,
        diff=[line.model_dump() for line in seen.diff],
        metadata={
            "question": _question(cmd.conversation_id),
            "subject": list(seen.subject),
            "undoable": seen.undoable,
            "tried": seen.tried,
        },
        created_at=ctx.now,
        updated_at=ctx.now,
    )
    ctx.record("agent.proposal.made", row.id, said(row))
    return view(row)


def _question(conversation_id: str) -> str:
    """What the person said last in the conversation; empty where there is none."""
    if not conversation_id:
        return ""
    last = (
        ChatMessage.select(ChatMessage.blocks)
        .where((ChatMessage.conversation_id == conversation_id) & (ChatMessage.role == "user"))
        .order_by(ChatMessage.seq.desc())
        .limit(_LAST_TURNS)
    )
    texts = (words_of(load(blocks)) for (blocks,) in tuples(last))
    return cut(one_line(next(filter(None, texts), "")), _QUESTION)


__all__ = [
    "ApproveProposals",
    "Difference",
    "EditProposal",
    "ListProposals",
    "ProposalId",
    "ProposalPage",
    "ProposalState",
    "ProposalView",
    "ProposalWindow",
    "Propose",
    "RejectProposal",
    "approve",
    "approve_many",
    "edit",
    "propose",
    "reject",
    "view",
]
