"""The pipeline: six stages, what each is worth, and which of them close a deal."""

from __future__ import annotations

from rusvel_tui.engine.spelled import Spelled


class Stage(Spelled):
    """Where a deal stands."""

    LEAD = "Lead"
    QUALIFIED = "Qualified"
    PROPOSAL = "Proposal"
    NEGOTIATION = "Negotiation"
    WON = "Won"
    LOST = "Lost"

    @property
    def closed(self) -> bool:
        return self in (Stage.WON, Stage.LOST)

    @property
    def probability(self) -> int:
        """Per cent that a deal in this stage is usually won, until somebody types a better number."""
        return _PROBABILITY[self]


_PROBABILITY = {
    Stage.LEAD: 10,
    Stage.QUALIFIED: 25,
    Stage.PROPOSAL: 50,
    Stage.NEGOTIATION: 75,
    Stage.WON: 100,
    Stage.LOST: 0,
}
