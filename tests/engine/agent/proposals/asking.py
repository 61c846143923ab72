"""Short words for what a program proposes and what a person says."""

from __future__ import annotations

from itertools import count
from typing import Any

from rusvel_tui.engine.agent.proposals.cards import ProposalId, ProposalView, Propose
from rusvel_tui.engine.agent.proposals.deciding import approve
from rusvel_tui.engine.agent.proposals.listing import show_proposal
from rusvel_tui.engine.agent.proposals.proposals import propose
from rusvel_tui.engine.context import Actor
from tests.factories import Desk, query

PROGRAM = Actor("assistant", human=False)
_keys = count(1)


def ask(desk: Desk, operation: str, key: str = "", /, **data: Any) -> ProposalView:
    """The program proposes a change."""
    wanted = Propose(operation=operation, input=data, call_key=key or f"call {next(_keys)}")
    return desk.engine.acting_as(PROGRAM).run(propose, wanted)


def yes(desk: Desk, card: ProposalView) -> ProposalView:
    """The person says yes to the card as they see it."""
    wanted = ProposalId(proposal_id=card.proposal_id, version=card.version)
    return desk.engine.run(approve, wanted)


def seen(desk: Desk, card: ProposalView) -> ProposalView:
    """The card as it is now."""
    return desk.engine.run(show_proposal, ProposalId(proposal_id=card.proposal_id))


def lines(card: ProposalView) -> list[tuple[str, str, str]]:
    """Its difference."""
    return [(line.field, line.before, line.after) for line in card.diff]


def everything(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of the file but proposals and the log."""
    tables = query(
        desk, "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'"
    )
    own = ("proposal", "event", "sqlite_sequence")
    return {name: query(desk, f'SELECT * FROM "{name}"') for (name,) in tables if name not in own}
