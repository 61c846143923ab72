"""What the operations on deals are asked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from rusvel_tui.engine.gtm.crm.stages import Stage
from rusvel_tui.engine.operation import Input, PageInput


def _exact(value: Any) -> Any:
    """A JSON number as the decimal that was written, never as a binary fraction."""
    return Decimal(repr(value)) if isinstance(value, float) else value


Amount = Annotated[Decimal, BeforeValidator(_exact)]


class AddDeal(Input):
    """A new deal with a contact."""

    contact_id: str
    title: str
    value: Amount = Decimal(0)
    currency: str = ""
    """The session's currency when left out."""
    stage: Stage = Stage.LEAD
    probability: int | None = Field(default=None, ge=0, le=100)
    expected_close: date | None = None
    notes: str = ""
    metadata: dict[str, Any] = Field(default_factory=dict)


class DealId(Input):
    """Which deal."""

    deal_id: str


class UpdateDeal(Input):
    """Changes to a deal; what is left out stays. Stages change by `advance_deal`."""

    deal_id: str
    version: int | None = None
    contact_id: str | None = None
    title: str | None = None
    value: Amount | None = None
    currency: str | None = None
    probability: int | None = Field(default=None, ge=0, le=100)
    expected_close: date | None = None
    notes: str | None = None
    metadata: dict[str, Any] | None = None


class AdvanceDeal(Input):
    """Where a deal goes."""

    deal_id: str
    stage: Stage
    reason: str = ""
    """Why it was won or lost."""
    reopen: bool = False
    """Needed to move a deal that is won or lost."""
    version: int | None = None
    rank: int | None = None


class ReorderDeal(Input):
    """A deal goes up (-1) or down (+1) in its column."""

    deal_id: str
    by: int


class ListDeals(PageInput):
    """Which deals."""

    stage: Stage | None = None
    contact_id: str = ""


class Board(Input):
    """The whole pipeline."""
