"""What the operations on deals are asked."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from rusvel_tui.engine.gtm.crm.pipelines.stages import StageKind
from rusvel_tui.engine.operation import Input, PageInput


def _exact(value: Any) -> Any:
    """A JSON number as the decimal that was written, never as a binary fraction."""
    return Decimal(repr(value)) if isinstance(value, float) else value


def _as_list(value: Any) -> Any:
    """One text stands for a list; commas separate."""
    if isinstance(value, str):
        return [part for part in (piece.strip() for piece in value.split(",")) if part]
    return value


Amount = Annotated[Decimal, BeforeValidator(_exact)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_as_list)]


class AddDeal(Input):
    """A new deal with a contact."""

    contact_id: str
    title: str
    value: Amount = Decimal(0)
    currency: str = ""
    """The session's currency when left out."""
    pipeline: str = ""
    """The pipeline by name or id; the first one when left out."""
    stage: str = ""
    """Lead, Qualified, Proposal, Negotiation, Won, Lost, or a stage of your own; the first one when left out."""
    reason: str = ""
    """Why it was won or lost; needed for one that is lost."""
    probability: int | None = Field(default=None, ge=0, le=100)
    expected_close: date | None = None
    company_id: str | None = None
    """The contact's company when left out."""
    tags: Texts = ()
    fields: dict[str, str] = Field(default_factory=dict)
    """Custom fields by key; each in the type of its definition."""
    notes: str = ""
    metadata: dict[str, Any] = Field(default_factory=dict)


class DealId(Input):
    """Which deal."""

    deal_id: str


class RestoreDeal(Input):
    """Which deal comes back, and the enrollments that ended with it."""

    deal_id: str
    enrollments: tuple[dict[str, Any], ...] = ()
    """Where their people stood."""


class UpdateDeal(Input):
    """Changes to a deal; what is left out stays. Stages change by `advance_deal`."""

    deal_id: str
    version: int | None = None
    contact_id: str | None = None
    company_id: str | None = None
    title: str | None = None
    value: Amount | None = None
    currency: str | None = None
    probability: int | None = Field(default=None, ge=0, le=100)
    """Null: what is usual in its stage."""
    expected_close: date | None = None
    tags: Texts | None = None
    fields: dict[str, str] | None = None
    """All custom fields that there shall be."""
    notes: str | None = None
    reason: str | None = None
    """Why it was won or lost; of a closed deal only."""
    metadata: dict[str, Any] | None = None


class AdvanceDeal(Input):
    """Where a deal goes."""

    deal_id: str
    stage: str
    pipeline: str = ""
    """Another pipeline, by name or id; its own when left out."""
    reason: str = ""
    """Why it was won or lost; needed for lost."""
    reopen: bool = False
    """Needed to move a deal that is won or lost."""
    version: int | None = None
    below: str = ""
    """The deal under whose card it goes; on top of the column when left out."""


class ReturnDeal(Input):
    """A move that did not happen after all: where the deal was, and how."""

    deal_id: str
    version: int | None = None
    move_id: str
    stage: str
    """The key of the stage."""
    below: str
    stage_since: datetime
    closed_at: datetime | None
    closed_reason: str
    enrollments: tuple[dict[str, Any], ...] = ()
    """Where the people stood whose enrollments the move ended."""
    task_id: str = ""
    """What the stage planned for the deal; it goes unless somebody changed it."""


class ReorderDeal(Input):
    """A deal goes up (-1) or down (+1) in its column, or right below another card."""

    deal_id: str
    by: int = 0
    below: str | None = None
    """The deal under whose card it goes; empty: on top."""


class SnoozeDeal(Input):
    """Until when a deal does not count as rotting."""

    deal_id: str
    until: date | None = None
    """The first day on which it may rot again; null: from now on."""
    version: int | None = None


class ListDeals(PageInput):
    """Which deals."""

    pipeline: str = ""
    stage: str | None = None
    status: StageKind | None = None
    contact_id: str = ""
    company_id: str = ""
    no_next_action: bool = False
    """Only open deals for which nothing is planned."""
    rotting: bool = False
    """Only open deals that nobody talked about for longer than their stage allows, with nothing planned."""
    filter: str = ""
    """A filter line such as `stage:proposal value>5k`."""


class Board(Input):
    """One pipeline."""

    pipeline: str = ""
    """By name or id; the first one when left out."""
    filter: str = ""
    """Only the cards of deals that fit a filter line such as `is:open no:next`."""
