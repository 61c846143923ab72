"""Deals as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.gtm.crm.deals.deal_views import DealView
from rusvel_tui.engine.gtm.crm.importing.exact import SEPARATOR

HEADER = (
    "Rusvel deal ID", "Deal title", "Contact", "Contact ID", "Company", "Value", "Currency", "Pipeline", "Stage",
    "Status", "Probability", "Expected close", "Closed at", "Closed reason", "Tags", "Notes", "Created at",
)  # fmt: skip


def row(deal: DealView, custom: Sequence[str]) -> Iterator[str]:
    """The cells of one deal; moments are UTC."""
    yield from (deal.deal_id, deal.title, deal.contact_name, deal.contact_id, deal.company)
    yield from (deal.value, deal.currency, deal.pipeline, deal.stage, deal.status.value)
    yield from (str(deal.probability), deal.expected_close, _moment(deal.closed_at))
    yield from (deal.closed_reason, SEPARATOR.join(deal.tags), deal.notes, _moment(deal.created_at))
    yield from (deal.fields.get(key, "") for key in custom)


def _moment(moment: datetime | None) -> str:
    return stamp(moment) if moment else ""
