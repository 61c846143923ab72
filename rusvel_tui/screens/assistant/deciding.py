"""Yes and no to what the assistant proposes, and changing it first."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from rusvel_tui.engine.agent.proposals.cards import (
    EditProposal,
    ProposalId,
    ProposalView,
    RejectProposal,
)
from rusvel_tui.engine.agent.proposals.deciding import approve, edit, reject
from rusvel_tui.engine.agent.proposals.listing import show_proposal
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.yaml_text import read_yaml, write_yaml
from rusvel_tui.screens.page import Page
from rusvel_tui.widgets.chat.entries import Card
from rusvel_tui.widgets.form import Field
from rusvel_tui.widgets.line_input import Question

NOTHING = "Nothing waits for your yes or no here."


def approve_card(page: Page[Any], card: Card | None) -> None:
    """Make the change."""
    if card is None:
        page.say(NOTHING)
        return
    wanted = ProposalId(proposal_id=card.proposal_id, version=card.version)
    back = " z to undo." if card.undoable else ""
    page.run(approve, wanted, lambda _: page.say(f"Done: {card.title.rstrip('.')}.{back}"))


async def reject_card(page: Page[Any], card: Card | None) -> None:
    """Say no, and why."""
    if card is None:
        page.say(NOTHING)
        return
    hint = "what shall be different · enter alone says no"
    why = await page.ask_line(Question("no", "Reject, because: ", hint=hint))
    if why is not None:
        no = RejectProposal(proposal_id=card.proposal_id, version=card.version, reason=why)
        page.run(reject, no, lambda _: page.say("Rejected."))


async def edit_card(page: Page[Any], card: Card | None) -> None:
    """Change what would be done, then it waits again."""
    if card is None:
        page.say(NOTHING)
        return
    wanted = ProposalId(proposal_id=card.proposal_id)
    found = await asyncio.to_thread(page.engine.run, show_proposal, wanted)
    text = write_yaml(found.input) if found.input else ""
    fields = (Field("input", "Input", text, kind="multiline", lines=14, required=True, help="One `name: value` on each line (YAML)."),)  # fmt: skip
    save = partial(save_input, page.engine, found)
    if await page.form(f"Change: {card.title}", fields, save, button="Put it before me") is not None:  # fmt: skip
        page.say("Changed. a approves it.")


def save_input(engine: Engine, seen: ProposalView, values: dict[str, str]) -> Any:
    """Store another input; raises `EngineError`. Runs in a thread."""
    data = read_yaml(values["input"]).data
    if not isinstance(data, dict):
        raise InvalidInput("Write `name: value` lines.", field="input")
    order = EditProposal(proposal_id=seen.proposal_id, version=seen.version, input=data)
    return engine.run(edit, order)
