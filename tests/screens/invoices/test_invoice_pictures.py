"""Pictures of invoices: the list with its signs, the record, the lines of a draft, the reports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.pilot import Pilot

from tests.factories import Desk
from tests.screens.invoices.papers import Papers, program
from tests.screens.pilots import settle, shows

WIDE, NARROW = (120, 36), (80, 24)
Snap = Callable[..., bool]


def story(desk: Desk) -> None:
    """Late, part-paid, paid, void, a quote and a draft."""
    papers = Papers(desk)
    late = papers.final("Landing page", "2400", due_date="2026-11-26")
    part = papers.final("Monthly retainer", "900", due_date="2026-12-30")
    desk.call("gtm.invoices.record_payment", invoice_id=part, amount="500", method="transfer")
    papers.paid("Audit", "650")
    gone = papers.final("A mistake", "10")
    desk.call("gtm.invoices.void_invoice", invoice_id=gone, reason="twice")
    papers.final("Relaunch", "12000", kind="Quote")
    desk.later(days=9)
    items = [
        {"description": "Design and build", "quantity": "3", "unit": "day", "unit_price": "840"},
        {"description": "Hosting", "quantity": "12", "unit": "month", "unit_price": "9.90", "allowances": ["10%"]},
    ]  # fmt: skip
    papers.draft("Workshop", line_items=items)
    assert late


def once(text: str, *keys: str, then: str = "") -> Callable[[Pilot[Any]], Any]:
    async def act(pilot: Pilot[Any]) -> None:
        await settle(pilot, lambda: shows(pilot.app, text) and shows(pilot.app, "no worker"))
        await pilot.press(*keys)
        await settle(pilot, lambda: shows(pilot.app, then or text))

    return act


def test_snapshot_invoices_wide(desk: Desk, snap: Snap) -> None:
    """Status and age have a sign and a word; the record is beside the list."""
    story(desk)
    look = once("6 documents", "G", then="Landing page ·")
    assert snap(program(desk.engine), run_before=look, terminal_size=WIDE)


def test_snapshot_invoices_narrow(desk: Desk, snap: Snap) -> None:
    """What is owed and when stays; titles give way."""
    story(desk)
    assert snap(program(desk.engine), run_before=once("6 documents"), terminal_size=NARROW)


def test_snapshot_lines_of_a_draft(desk: Desk, snap: Snap) -> None:
    """The lines, and what they come to."""
    story(desk)
    look = once("6 documents", "enter", then="Design and build")
    assert snap(program(desk.engine), run_before=look, terminal_size=WIDE)


def test_snapshot_reports(desk: Desk, snap: Snap) -> None:
    """Months, ages, speed and tax; what is late has a sign."""
    story(desk)
    look = once("6 documents", "R", then="How long money takes")
    assert snap(program(desk.engine), run_before=look, terminal_size=WIDE)
