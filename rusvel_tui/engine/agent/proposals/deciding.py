"""The verdicts on proposals. A yes is to the difference that was shown: where the ground moved, it is shown anew first."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from rusvel_tui.engine import permissions
from rusvel_tui.engine.agent.proposals.cards import (
    ApprovedProposals,
    ApproveProposals,
    EditProposal,
    ProposalId,
    ProposalState,
    ProposalView,
    RefusedProposal,
    RejectProposal,
    find,
    said,
    target_of,
    view,
    waiting,
)
from rusvel_tui.engine.agent.proposals.difference import Difference
from rusvel_tui.engine.agent.proposals.differing import same_ground
from rusvel_tui.engine.agent.proposals.examining import Examined, examine
from rusvel_tui.engine.agent.proposals.undone import undoable
from rusvel_tui.engine.clock import moment, stamp
from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.core import parse_input
from rusvel_tui.engine.errors import Busy, Conflict, EngineError
from rusvel_tui.engine.models import Proposal
from rusvel_tui.engine.operation import Operation, operation
from rusvel_tui.engine.text import one_line

_AT_WORK = timedelta(minutes=10)
"""How long a change in stages may take before somebody else may begin it again: its process may have died."""
_BEGUN = "It was approved and begun, and nobody saw its end. See whether it was done before you approve it again."
_MOVED = "It would do something else by now than what you saw. Look at it again."


@operation(
    "agent.proposals.approve", writes=True, permission="agent.decide", human_only=True, staged=True
)
def approve(ctx: Context, cmd: ProposalId) -> ProposalView:
    """Make a proposed change, as your own: `z` takes it back like any other."""
    ctx.require_human("approve a proposal")
    target = target_of(ctx.read(lambda: waiting(ctx, cmd)).operation)
    permissions.require(ctx.grants, target)
    if target.staged:
        return _approve_staged(ctx, cmd, target)
    done = ctx.write(partial(_make, ctx, cmd, target))
    if done.state is ProposalState.WAITING:
        raise Conflict(done.stale)
    return done


@operation(
    "agent.proposals.approve_many",
    writes=True,
    permission="agent.decide",
    human_only=True,
    staged=True,
)
def approve_many(ctx: Context, cmd: ApproveProposals) -> ApprovedProposals:
    """Make several proposed changes, one after the other; what cannot be made is left and told."""
    refused = []
    for wanted in cmd.proposals:
        try:
            approve.handle(ctx, wanted)
        except Busy:
            raise
        except EngineError as error:
            name = _title(ctx, wanted.proposal_id)
            refused.append(
                RefusedProposal(proposal_id=wanted.proposal_id, title=name, why=str(error))
            )
    return ApprovedProposals(count=len(cmd.proposals) - len(refused), refused=tuple(refused))


@operation("agent.proposals.reject", writes=True, permission="agent.decide")
def reject(ctx: Context, cmd: RejectProposal) -> ProposalView:
    """Say no to a proposed change."""
    ctx.require_human("refuse a proposal")
    row = waiting(ctx, cmd)
    _decide(ctx, row, ProposalState.REJECTED)
    row.error = one_line(cmd.reason)
    row.save()
    back = Inverse("agent.proposals.reopen", {"proposal_id": row.id})
    ctx.record("agent.proposal.rejected", row.id, said(row) | {"reason": row.error}, undo=back)
    return view(row)


@operation("agent.proposals.reopen", writes=True, permission="agent.decide", internal=True)
def reopen(ctx: Context, cmd: ProposalId) -> ProposalView:
    """Let a proposal that was refused wait again."""
    ctx.require_human("let a refused proposal wait again")
    row = find(ctx, cmd.proposal_id)
    if row.state != ProposalState.REJECTED.key:
        raise Conflict(f"This proposal is {row.state}, not rejected.")
    again = Inverse("agent.proposals.reject", {"proposal_id": row.id, "reason": row.error})
    _decide(ctx, row, ProposalState.WAITING)
    row.decided_at, row.decided_by, row.error = None, "", ""
    row.save()
    ctx.record("agent.proposal.reopened", row.id, said(row), undo=again)
    return view(row)


@operation("agent.proposals.edit", writes=True, permission="agent.decide")
def edit(ctx: Context, cmd: EditProposal) -> ProposalView:
    """Change what a proposal asks for; it is tried anew and still needs a yes."""
    ctx.require_human("change a proposal")
    row = waiting(ctx, cmd)
    before = row.input
    target = target_of(row.operation)
    row.input = cmd.input
    _show(ctx, row, examine(ctx, target, parse_input(target, cmd.input), cmd.input), "")
    back = Inverse("agent.proposals.edit", {"proposal_id": row.id, "input": before})
    ctx.record("agent.proposal.edited", row.id, said(row), undo=back)
    return view(row)


def _make(ctx: Context, cmd: ProposalId, target: Operation[Any, Any]) -> ProposalView:
    """Make the change, unless it would not be the one that was seen: then it waits and says so."""
    row = waiting(ctx, cmd)
    wanted = parse_input(target, row.input)
    try:
        seen = examine(ctx, target, wanted, row.input)
    except Busy:
        raise
    except EngineError as error:
        return _look_again(ctx, row, None, f"It cannot be made as things are: {error}")
    if not same_ground([Difference(**line) for line in row.diff], seen.diff):
        return _look_again(ctx, row, seen, _MOVED)
    before = len(ctx.recorded)
    result = ctx.call(target, wanted).model_dump(mode="json")
    return _made(ctx, row, result, ctx.recorded[before:])


def _made(ctx: Context, row: Proposal, result: dict[str, Any], events: list[int]) -> ProposalView:
    """Keep what came of it, and by which events: undo takes those back."""
    _decide(ctx, row, ProposalState.APPROVED)
    row.result = result
    kept = {k: v for k, v in row.metadata.items() if k not in ("stale", "begun")}
    row.metadata = kept | {"events": undoable(events)}
    row.save()
    ctx.record("agent.proposal.approved", row.id, said(row))
    return view(row)


def _look_again(ctx: Context, row: Proposal, seen: Examined | None, why: str) -> ProposalView:
    """Keep what it would do now, and why a person must look before they decide."""
    kept = seen or Examined(
        row.title,
        tuple(Difference(**line) for line in row.diff),
        tuple(row.metadata.get("subject", ("", ""))),
        bool(row.metadata.get("undoable")),
        bool(row.metadata.get("tried")),
    )
    _show(ctx, row, kept, why)
    ctx.record("agent.proposal.changed", row.id, said(row) | {"reason": why})
    return view(row)


def _show(ctx: Context, row: Proposal, seen: Examined, stale: str) -> None:
    row.title = seen.title
    row.diff = [line.model_dump() for line in seen.diff]
    row.metadata = row.metadata | {
        "subject": list(seen.subject),
        "undoable": seen.undoable,
        "tried": seen.tried,
        "stale": one_line(stale),
    }
    row.updated_at = ctx.now
    row.version += 1
    row.save()


def _approve_staged(ctx: Context, cmd: ProposalId, target: Operation[Any, Any]) -> ProposalView:
    """One in stages opens its own transactions; begun and not ended, it can be begun again after a while."""
    wanted = ctx.write(partial(_begin, ctx, cmd, target))
    before = len(ctx.recorded)
    try:
        made = target.handle(ctx, wanted)
    except Busy:
        raise
    except EngineError as error:
        ctx.write(partial(_failed, ctx, cmd.proposal_id, error))
        raise
    result = made.model_dump(mode="json")
    events = ctx.recorded[before:]
    return ctx.write(lambda: _made(ctx, find(ctx, cmd.proposal_id), result, events))


def _begin(ctx: Context, cmd: ProposalId, target: Operation[Any, Any]) -> Any:
    row = waiting(ctx, cmd)
    begun = row.metadata.get("begun")
    if begun and ctx.now - moment(begun) < _AT_WORK:
        raise Conflict("Somebody approved it a moment ago, and it is being made.")
    wanted = parse_input(target, row.input)
    row.metadata = row.metadata | {"begun": stamp(ctx.now), "stale": _BEGUN}
    row.version += 1
    row.save()
    return wanted


def _failed(ctx: Context, proposal_id: str, error: EngineError) -> ProposalView:
    row = find(ctx, proposal_id)
    _decide(ctx, row, ProposalState.FAILED)
    row.error = one_line(str(error))
    row.save()
    ctx.record("agent.proposal.failed", row.id, said(row) | {"reason": row.error})
    return view(row)


def _decide(ctx: Context, row: Proposal, state: ProposalState) -> None:
    row.state = state.key
    row.decided_at, row.decided_by = ctx.now, ctx.actor.name
    row.updated_at = ctx.now
    row.version += 1


def _title(ctx: Context, proposal_id: str) -> str:
    try:
        return str(ctx.read(lambda: find(ctx, proposal_id)).title)
    except EngineError:
        return ""
