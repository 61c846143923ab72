"""What the assistant proposes in the story: two changes that wait for a yes."""

from __future__ import annotations

from rusvel_tui.demo.hands import Hands
from rusvel_tui.engine.context import Actor

_ASSISTANT = Actor("assistant", human=False)


def propose(hands: Hands) -> None:
    """A deal that moves on, and a task that follows from it."""
    deals = hands.call("gtm.crm.list_deals", limit=100).items
    deal = next((one for one in deals if one.stage in ("Lead", "Qualified")), None)
    if deal is None:
        return
    wanted = {
        "gtm.crm.advance_deal": {"deal_id": deal.deal_id, "stage": "Proposal"},
        "gtm.crm.add_task": {
            "deal_id": deal.deal_id,
            "subject": f"Send the offer for {deal.title}",
            "due_at": "tomorrow 10:00",
        },
    }
    program = hands.engine.acting_as(_ASSISTANT)
    for operation, data in wanted.items():
        card = {"operation": operation, "input": data, "call_key": f"story:{operation}"}
        program.call("agent.proposals.propose", card)
