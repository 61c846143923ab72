"""Proposals to look at: a list, a window, one of them."""

from __future__ import annotations

from rusvel_tui.engine.agent.proposals.cards import (
    ListProposals,
    ProposalId,
    ProposalPage,
    ProposalRows,
    ProposalState,
    ProposalView,
    ProposalWindow,
    find,
    view,
)
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.models import Proposal
from rusvel_tui.engine.operation import operation


@operation("agent.proposals.list", permission="agent.read")
def list_proposals(ctx: Context, cmd: ListProposals) -> ProposalPage:
    """List what programs want changed, newest first."""
    own = Proposal.select().where(Proposal.session_id == ctx.session_id)
    waiting = own.where(Proposal.state == ProposalState.WAITING.key).count()
    query = own.order_by(Proposal.id.desc())
    if cmd.state:
        query = query.where(Proposal.state == cmd.state.key)
    if cmd.run_id:
        query = query.where(Proposal.run_id == cmd.run_id)
    if cmd.conversation_id:
        query = query.where(Proposal.conversation_id == cmd.conversation_id)
    if cmd.cursor:
        query = query.where(Proposal.id < cmd.cursor)
    rows = list(query.limit(cmd.limit + 1))
    items = tuple(view(row) for row in rows[: cmd.limit])
    more = items[-1].proposal_id if len(rows) > cmd.limit else None
    return ProposalPage(items=items, next=more, waiting=waiting)


@operation("agent.proposals.window", permission="agent.read", internal=True)
def proposal_window(ctx: Context, cmd: ProposalWindow) -> ProposalRows:
    """A window of those that wait."""
    own = (Proposal.session_id == ctx.session_id) & (Proposal.state == ProposalState.WAITING.key)
    query = Proposal.select().where(own)
    rows = list(query.order_by(Proposal.id).limit(cmd.count).offset(cmd.first))
    total = cmd.first + len(rows) if 0 < len(rows) < cmd.count else query.count()
    return ProposalRows(first=cmd.first, rows=tuple(map(view, rows)), total=total)


@operation("agent.proposals.show", permission="agent.read")
def show_proposal(ctx: Context, cmd: ProposalId) -> ProposalView:
    """Show one proposal."""
    return view(find(ctx, cmd.proposal_id))
