"""What the tests of the deals page share: deals, and what the board shows of them."""

from __future__ import annotations

from typing import Any

from textual.pilot import Pilot

from rusvel_tui.app import RusvelApp
from rusvel_tui.engine.gtm.crm.deals.deal_views import DealView
from rusvel_tui.screens.deals.page import DealsPage
from tests.factories import Desk
from tests.screens.pilots import settle

WIDE, NARROW = (120, 36), (80, 24)


def page(app: RusvelApp) -> DealsPage:
    return app.query_one(DealsPage)


def deal(desk: Desk, title: str = "Board", who: str = "Anna Abel", **more: Any) -> DealView:
    """A deal with a new contact."""
    contact = desk.contact(who)
    made: DealView = desk.call(
        "gtm.crm.add_deal", contact_id=contact.contact_id, title=title, **more
    )
    return made


def now(desk: Desk, one: DealView) -> DealView:
    """The deal as it is stored."""
    found: DealView = desk.call("gtm.crm.get_deal", deal_id=one.deal_id)
    return found


def columns(desk: Desk) -> dict[str, list[str]]:
    """The titles in each stage that has any."""
    stages = desk.call("gtm.crm.board").columns
    return {str(c.stage): [card.title for card in c.cards] for c in stages if c.cards}


def drawn(app: RusvelApp) -> dict[str, list[str]]:
    """The same, as the board shows it."""
    lanes = page(app).board.state.lanes
    return {lane.id: [card.title for card in lane.cards] for lane in lanes if lane.cards}


async def ready(pilot: Pilot[Any], app: RusvelApp) -> None:
    await settle(pilot, lambda: page(app).board.current is not None)
