"""Proposals: a program asks for a change, a person decides, and the change is made once, as the person's own."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from pydantic import Field

from rusvel_tui.engine import permissions
from rusvel_tui.engine.agent.tools.catalogue import proposable
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.core import parse_input
from rusvel_tui.engine.errors import Busy, Conflict, EngineError, InvalidInput, NotFound
from rusvel_tui.engine.models import Proposal
from rusvel_tui.engine.operation import Input, Operation, PageInput, View, operation
from rusvel_tui.engine.spelled import Spelled
from rusvel_tui.engine.text import one_line


class ProposalState(Spelled):
    """Where a proposal stands."""

    WAITING = "Waiting"
    APPROVED = "Approved"
    REJECTED = "Rejected"
    FAILED = "Failed"


class Propose(Input):
    """A change that a program wants made."""

    operation: str
    input: dict[str, Any] = Field(default_factory=dict)
    call_key: str = Field(min_length=1, max_length=200)
    """The same key again is the same proposal: nothing is proposed twice."""
    origin: str = "chat"
    """Who asks: `chat`, `mcp`, `http`, `workflow`, `hook`."""
    conversation_id: str = ""
    run_id: str = ""


class ProposalId(Input):
    """Which proposal."""

    proposal_id: str


class RejectProposal(ProposalId):
    """A no, and why; the assistant reads the reason."""

    reason: str = ""


class ListProposals(PageInput):
    """Which proposals."""

    state: ProposalState | None = ProposalState.WAITING
    run_id: str = ""
    conversation_id: str = ""


class Difference(View):
    """One thing that would become different."""

    field: str
    before: str
    after: str


class ProposalView(View):
    """A change that waits, or what became of it."""

    proposal_id: str
    call_key: str
    """Of a conversation: its answer and the call in it, `run:call`."""
    operation: str
    input: dict[str, Any]
    title: str
    diff: tuple[Difference, ...]
    state: ProposalState
    result: dict[str, Any]
    error: str
    origin: str
    conversation_id: str
    run_id: str
    created_at: datetime
    decided_at: datetime | None
    decided_by: str


class ProposalPage(View):
    """Proposals, newest first."""

    items: tuple[ProposalView, ...]
    next: str | None
    waiting: int


@operation("agent.proposals.propose", writes=True, permission="agent.propose")
def propose(ctx: Context, cmd: Propose) -> ProposalView:
    """Put a change before the person; nothing is done until they say yes."""
    found = Proposal.get_or_none(
        (Proposal.session_id == ctx.session_id) & (Proposal.call_key == cmd.call_key)
    )
    if found is not None:
        return view(found)
    target = _target(ctx, cmd.operation)
    if not target.writes:
        raise InvalidInput(f"{target.name} changes nothing: call it.", field="operation")
    parse_input(target, cmd.input)
    row = Proposal.create(
        id=ctx.new_id(),
        session_id=ctx.session_id,
        origin=cmd.origin,
        conversation_id=cmd.conversation_id,
        run_id=cmd.run_id,
        call_key=cmd.call_key,
        operation=target.name,
        input=cmd.input,
        title=one_line(target.summary),
        created_at=ctx.now,
        updated_at=ctx.now,
    )
    ctx.record("agent.proposal.made", row.id, {"name": row.title, "operation": target.name})
    return view(row)


@operation(
    "agent.proposals.approve", writes=True, permission="agent.decide", human_only=True, staged=True
)
def approve(ctx: Context, cmd: ProposalId) -> ProposalView:
    """Make a proposed change, as your own: `z` takes it back like any other."""
    row = ctx.read(lambda: _waiting(ctx, cmd.proposal_id))
    target = _target(ctx, row.operation)
    permissions.require(ctx.grants, target)
    wanted = parse_input(target, row.input)

    def change() -> ProposalView:
        now = _waiting(ctx, cmd.proposal_id)
        made = None if target.staged else ctx.call(target, wanted)
        _decide(ctx, now, ProposalState.APPROVED)
        now.result = {} if made is None else made.model_dump(mode="json")
        now.save()
        ctx.record("agent.proposal.approved", now.id, _said(now))
        return view(now)

    try:
        done = ctx.write(change)
        if target.staged:
            done = _stage(ctx, target, wanted, cmd.proposal_id)
    except Busy:
        raise
    except EngineError as error:
        ctx.write(partial(_failed, ctx, cmd.proposal_id, error))
        raise
    return done


@operation("agent.proposals.reject", writes=True, permission="agent.decide")
def reject(ctx: Context, cmd: RejectProposal) -> ProposalView:
    """Say no to a proposed change."""
    ctx.require_human("refuse a proposal")
    row = _waiting(ctx, cmd.proposal_id)
    _decide(ctx, row, ProposalState.REJECTED)
    row.error = one_line(cmd.reason)
    row.save()
    ctx.record("agent.proposal.rejected", row.id, _said(row) | {"reason": row.error})
    return view(row)


@operation("agent.proposals.list", permission="agent.read")
def list_proposals(ctx: Context, cmd: ListProposals) -> ProposalPage:
    """List what programs want changed, newest first."""
    own = Proposal.select().where(Proposal.session_id == ctx.session_id)
    waiting = own.where(Proposal.state == ProposalState.WAITING.key).count()
    query = own.order_by(Proposal.created_at.desc(), Proposal.id.desc())
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


@operation("agent.proposals.show", permission="agent.read")
def show_proposal(ctx: Context, cmd: ProposalId) -> ProposalView:
    """Show one proposal."""
    return view(_find(ctx, cmd.proposal_id))


def view(row: Proposal) -> ProposalView:
    return ProposalView(
        proposal_id=row.id,
        call_key=row.call_key,
        operation=row.operation,
        input=row.input,
        title=row.title,
        diff=tuple(Difference(**one) for one in row.diff),
        state=ProposalState(row.state),
        result=row.result,
        error=row.error,
        origin=row.origin,
        conversation_id=row.conversation_id,
        run_id=row.run_id,
        created_at=row.created_at,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
    )


def _target(ctx: Context, name: str) -> Operation[Any, Any]:
    found = proposable().get(name)
    if found is None:
        raise NotFound(f"There is no operation {name!r} that a program may propose.")
    return found


def _find(ctx: Context, proposal_id: str) -> Proposal:
    row: Proposal | None = Proposal.find(proposal_id)
    if row is None or row.session_id != ctx.session_id:
        raise NotFound(f"There is no proposal {proposal_id!r}.")
    return row


def _waiting(ctx: Context, proposal_id: str) -> Proposal:
    row = _find(ctx, proposal_id)
    if row.state != ProposalState.WAITING.key:
        raise Conflict(f"This proposal is {row.state} already.")
    return row


def _decide(ctx: Context, row: Proposal, state: ProposalState) -> None:
    row.state = state.key
    row.decided_at, row.decided_by = ctx.now, ctx.actor.name
    row.updated_at = ctx.now
    row.version += 1


def _said(row: Proposal) -> dict[str, Any]:
    return {"name": row.title, "operation": row.operation, "run_id": row.run_id}


def _stage(
    ctx: Context, target: Operation[Any, Any], wanted: Any, proposal_id: str
) -> ProposalView:
    """An operation in stages opens its own transactions, after the decision is kept."""
    made = target.handle(ctx, wanted)

    def keep() -> ProposalView:
        row = _find(ctx, proposal_id)
        row.result = made.model_dump(mode="json")
        row.save()
        return view(row)

    return ctx.write(keep)


def _failed(ctx: Context, proposal_id: str, error: EngineError) -> None:
    """It could not be made; somebody else's decision stays."""
    row = _find(ctx, proposal_id)
    if row.state != ProposalState.WAITING.key:
        return
    _decide(ctx, row, ProposalState.FAILED)
    row.error = one_line(str(error))
    row.save()
    ctx.record("agent.proposal.failed", row.id, _said(row) | {"reason": row.error})
