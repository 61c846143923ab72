"""From a deal to its document: the invoice of one that is won, the quote of one that is open."""

from __future__ import annotations

import asyncio
from typing import Any

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import Conflict, EngineError
from rusvel_tui.engine.gtm.crm.deals.deal_views import DealView
from rusvel_tui.engine.gtm.crm.pipelines.stages import StageKind
from rusvel_tui.engine.gtm.invoices.ledger.from_deal import from_deal
from rusvel_tui.engine.gtm.invoices.ledger.inputs import FromDeal, ListInvoices
from rusvel_tui.engine.gtm.invoices.ledger.listing import list_invoices
from rusvel_tui.engine.gtm.invoices.ledger.words import Kind
from rusvel_tui.screens.invoices.words import KIND
from rusvel_tui.screens.page import Page


async def bill_deal(page: Page[Any], deal: DealView) -> None:
    """`I` on the board: write the document and go there; where there is one already, go to that."""
    kind = Kind.INVOICE if deal.status is StageKind.WON else Kind.QUOTE
    try:
        invoice_id, made = await asyncio.to_thread(_bill, page.engine, deal.deal_id, kind)
    except EngineError as error:
        page.complain(str(error))
        return
    word = KIND[kind].lower()
    page.say(
        f"Drafted the {word} for {deal.title}. z to undo."
        if made
        else f"{deal.title} has its {word} already."
    )
    page.visit("invoices", invoice_id)


def _bill(engine: Engine, deal_id: str, kind: Kind) -> tuple[str, bool]:
    """The id of the document, and whether it was written now. Runs in a thread."""
    try:
        return engine.run(from_deal, FromDeal(deal_id=deal_id, kind=kind)).invoice_id, True
    except Conflict:
        there = engine.run(list_invoices, ListInvoices(deal_id=deal_id, kind=kind)).items
        if not there:
            raise
        return there[0].invoice_id, False
