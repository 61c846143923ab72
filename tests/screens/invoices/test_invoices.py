"""The invoices page from the keyboard: write, finalise, send, be paid, correct."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from textual.pilot import Pilot

from rusvel_tui.app import RusvelApp
from rusvel_tui.engine.text import sanitize
from rusvel_tui.screens.invoices.lines_pane import LinesPane
from rusvel_tui.screens.invoices.page import InvoicesPage
from rusvel_tui.screens.shared.dialogs import Confirm, Reader
from tests.factories import Desk
from tests.screens.desks import STORABLE, fill, form, operations, prompt, said
from tests.screens.invoices.papers import Papers, program
from tests.screens.pilots import is_safe, settle, shows

SIZE = (120, 36)


async def yes(pilot: Pilot[Any]) -> None:
    """Answer the question that is asked."""
    await settle(pilot, lambda: isinstance(pilot.app.screen, Confirm))
    await pilot.press("y")


def _is_said(app: RusvelApp, text: str) -> bool:
    return text in said(app)


def listed(desk: Desk) -> list[Any]:
    return list(desk.call("gtm.invoices.list_invoices").items)


async def test_an_empty_desk_says_what_to_do(desk: Desk) -> None:
    app = program(desk.engine)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "No invoice yet."))
        assert shows(app, "c v writes one.")
        await pilot.press("R")
        await settle(pilot, lambda: shows(app, "Nothing was issued yet."))


async def test_g_001_g_013_g_040_g_077_an_invoice_is_written_finalised_sent_and_paid(
    desk: Desk,
) -> None:
    """The whole way from `c v` to paid, without leaving the keyboard."""
    papers = Papers(desk)
    papers.draft("Old one")
    app = program(desk.engine)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "1 document"))
        await pilot.press("c", "v")
        dialog = await form(pilot)
        fill(dialog, title="Loom", description="One loom", unit_price="1000", quantity="2")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: app.query_one(LinesPane).rows.has_focus)
        await settle(pilot, lambda: shows(app, "2,380.00 EUR"))
        await pilot.press("escape")
        await settle(pilot, lambda: app.query_one(InvoicesPage).invoices.has_focus)
        await pilot.press("F")
        await yes(pilot)
        await settle(pilot, lambda: "INV-2026-0001 is final. S sends it." in said(app))
        await pilot.press("S")
        await settle(pilot, lambda: "waits in the inbox for your yes" in said(app))
        await pilot.press("m")
        await yes(pilot)
        await settle(pilot, lambda: "INV-2026-0001 is paid. z to undo." in said(app))
        await settle(pilot, lambda: shows(app, "✓ paid"))
    [loom, _] = listed(desk)
    assert (loom.number, loom.status, loom.paid) == ("INV-2026-0001", "Paid", "2380.00")
    [mail] = desk.call("gtm.approvals.list").items
    assert mail.to == "anna@acme.example"


async def test_lines_are_added_changed_moved_and_removed_with_live_totals(desk: Desk) -> None:
    """Each change is stored at once, and says what the document comes to while it is typed."""
    papers = Papers(desk)
    papers.draft("Felt", "50")
    app = program(desk.engine)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "1 document"))
        await pilot.press("enter")
        await settle(pilot, lambda: app.query_one(LinesPane).rows.has_focus)
        await pilot.press("n")
        dialog = await form(pilot)
        fill(dialog, description="Yarn", unit_price="10", quantity="3", allowances="10%")
        await settle(pilot, lambda: shows(app, "Σ This line 27.00 EUR · to pay 91.63 EUR"))
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: on_line(app, "Yarn"))
        assert shows(app, "91.63 EUR")
        await pilot.press("K")
        await settle(pilot, lambda: on_line(app, "Yarn", 0))
        assert descriptions(desk) == ["Yarn", "Felt"]
        await pilot.press("e")
        fill(await form(pilot), unit_price="20")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: on_line(app, "Yarn", 0) and shows(app, "123.76 EUR"))
        await pilot.press("D")
        await settle(pilot, lambda: "The line is out. z to undo." in said(app))
        await pilot.press("z")
        await settle(pilot, lambda: descriptions(desk) == ["Yarn", "Felt"])
    assert listed(desk)[0].total == "123.76"


def on_line(app: RusvelApp, text: str, at: int = 1) -> bool:
    """True when no dialog is open, and the cursor stands on that line, read anew."""
    pane = app.query_one(LinesPane)
    row = pane.rows.current if len(app.screen_stack) == 1 else None
    fresh = pane.rows.rows.is_fresh(at) and pane.rows.has_focus and not pane.storing
    return fresh and pane.rows.cursor == at and row is not None and row.line.description == text


def descriptions(desk: Desk) -> list[str]:
    [row] = listed(desk)
    seen = desk.call("gtm.invoices.get_invoice", invoice_id=row.invoice_id)
    return [line.description for line in seen.lines]


async def test_what_is_wrong_with_a_line_stands_beside_its_field(desk: Desk) -> None:
    Papers(desk).draft("Felt")
    app = program(desk.engine)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "1 document"))
        await pilot.press("enter")
        await settle(pilot, lambda: app.query_one(LinesPane).rows.has_focus)
        await pilot.press("e")
        dialog = await form(pilot)
        fill(dialog, unit_price="12,50 €")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: shows(app, "is not a number"))
        rows = {row.field.name: row for row in dialog.rows}
        assert rows["unit_price"].has_class("-wrong")
    assert descriptions(desk) == ["Felt"]


async def test_a_payment_a_part_of_it_back_and_credit(desk: Desk) -> None:
    papers = Papers(desk)
    papers.final("Loom", "1000")
    app = program(desk.engine)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "1 document"))
        await pilot.press("P")
        fill(await form(pilot), amount="1290", credit="yes", method="transfer")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: "Recorded. 0.00 EUR is open. z to undo." in said(app))
        await settle(pilot, lambda: shows(app, "100.00 EUR, can be used"))
        await pilot.press("r")
        fill(await form(pilot), amount="190")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: shows(app, "◐ part paid"))
        await pilot.press("u")
        await settle(pilot, lambda: "paid with their credit" in said(app))
        await pilot.press("s")
        await settle(pilot, lambda: isinstance(app.screen, Reader))
        assert shows(app, "Owed now")
    assert listed(desk)[0].open == "90.00"


async def test_a_final_document_is_corrected_never_changed(desk: Desk) -> None:
    papers = Papers(desk)
    papers.final("Loom", "1000")
    app = program(desk.engine)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "1 document"))
        await pilot.press("e")
        await settle(pilot, lambda: "is final and stays as it is" in said(app))
        await pilot.press("C")
        (await prompt(pilot)).value = "wrong size"
        await pilot.press("enter")
        await settle(pilot, lambda: "Added the credit note draft for Acme GmbH." in said(app))
        await settle(pilot, lambda: shows(app, "2 documents"))
        await pilot.press("F")
        await yes(pilot)
        await settle(pilot, lambda: shows(app, "▫ credited"))


async def test_a_draft_is_deleted_and_a_number_is_voided(desk: Desk) -> None:
    papers = Papers(desk)
    papers.final("Loom")
    papers.draft("Felt")
    app = program(desk.engine)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "2 documents"))
        await pilot.press("D")
        await yes(pilot)
        await settle(
            pilot, lambda: "Deleted the invoice draft for Acme GmbH. z to undo." in said(app)
        )
        await settle(pilot, lambda: shows(app, "1 document"))
        await pilot.press("D")
        (await prompt(pilot)).value = "a mistake"
        await pilot.press("enter")
        await settle(pilot, lambda: shows(app, "✗ void"))
        await pilot.press("z")
        await settle(pilot, lambda: shows(app, "◆ final"))


async def test_a_quote_becomes_an_invoice(desk: Desk) -> None:
    papers = Papers(desk)
    papers.final("Loom", kind="Quote")
    app = program(desk.engine)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "Q-2026-0001"))
        await pilot.press("A")
        await pilot.press("a")
        await settle(pilot, lambda: "Q-2026-0001 is accepted. z to undo." in said(app))
        await pilot.press("A", "i")
        await settle(pilot, lambda: "Added the invoice draft for Acme GmbH." in said(app))
        await settle(pilot, lambda: shows(app, "2 documents"))
    assert {row.kind for row in listed(desk)} == {"Quote", "Invoice"}


async def test_a_won_deal_is_billed_with_one_key_and_once(desk: Desk) -> None:
    papers = Papers(desk)
    deal = desk.call("gtm.crm.add_deal", contact_id=papers.client, title="Looms", value="5000")
    desk.call("gtm.crm.advance_deal", deal_id=deal.deal_id, stage="Won", reason="price")
    app = program(desk.engine, "deals")
    async with app.run_test(size=(160, 36)) as pilot:
        await settle(pilot, lambda: shows(app, "Looms"))
        for times in ("Drafted the invoice for Looms.", "Looms has its invoice already."):
            await pilot.press("I")
            await settle(pilot, partial(_is_said, app, times))
            await settle(pilot, lambda: shows(app, "invoice draft for Acme GmbH"))
            await pilot.press("g", "d")
            await settle(pilot, lambda: shows(app, "Looms") and not shows(app, "1 document"))
    assert [row.deal_id for row in listed(desk)] == [deal.deal_id]


async def test_an_open_deal_gets_a_quote(desk: Desk) -> None:
    papers = Papers(desk)
    desk.call("gtm.crm.add_deal", contact_id=papers.client, title="Looms", value="5000")
    app = program(desk.engine, "deals")
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "Looms"))
        await pilot.press("I")
        await settle(pilot, lambda: "Drafted the quote for Looms. z to undo." in said(app))
    assert [row.kind for row in listed(desk)] == ["Quote"]


async def test_the_list_is_filtered_and_views_are_on_the_digits(desk: Desk) -> None:
    papers = Papers(desk)
    papers.final("Loom", due_date="2026-11-25")
    papers.draft("Felt")
    desk.later(days=20)
    app = program(desk.engine)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "! 1 overdue 119 EUR"))
        await pilot.press("2")
        await settle(pilot, lambda: shows(app, "Overdue: is:overdue"))
        await settle(pilot, lambda: shows(app, "1 document"))
        assert shows(app, "! 19 d late")
        await pilot.press("escape")
        await settle(pilot, lambda: shows(app, "2 documents"))


async def test_the_document_is_read_and_written(desk: Desk, tmp_path: Any) -> None:
    papers = Papers(desk)
    papers.final("Loom")
    app = program(desk.engine)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "1 document"))
        await pilot.press("enter")
        await settle(pilot, lambda: isinstance(app.screen, Reader))
        assert shows(app, "INVOICE INV-2026-0001")
        assert shows(app, "119.00")
        await pilot.press("escape")
        await settle(pilot, lambda: not isinstance(app.screen, Reader))
        await pilot.press("W")
        line = await prompt(pilot)
        line.value = str(tmp_path / "loom.txt")
        await pilot.press("enter")
        await settle(pilot, lambda: "Wrote " in said(app))
    assert "INV-2026-0001" in (tmp_path / "loom.txt").read_text()


async def test_client_and_issuer_are_changed(desk: Desk) -> None:
    papers = Papers(desk)
    papers.draft("Loom")
    app = program(desk.engine)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "1 document"))
        await pilot.press("B")
        fill(await form(pilot), city="Kiel", vat_id="FR1")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: shows(app, "has to begin with DE"))
        fill(await form(pilot), vat_id="DE987654321")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: "Drafts and new documents show it." in said(app))
        await pilot.press("I")
        fill(await form(pilot), payment_days="30", numbers="{FY}-{seq:03}", reminders="1, 7")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: "Stored. Drafts and new documents show it." in said(app))
    setup = desk.call("gtm.invoices.show_setup")
    assert (setup.payment_days, setup.patterns.invoice, setup.reminders) == (
        30,
        "{FY}-{seq:03}",
        (1, 7),
    )
    billing = desk.call("gtm.invoices.show_billing", contact_id=papers.client)
    assert billing.client.city == "Kiel"


@pytest.mark.parametrize("text", STORABLE[:6])
async def test_hostile_text_is_shown_as_text(desk: Desk, text: str) -> None:
    papers = Papers(desk)
    papers.draft(" ".join(sanitize(text).split()) or "nothing")
    app: RusvelApp = program(desk.engine)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "1 document"))
        assert is_safe(app)
        await pilot.press("enter")
        await settle(pilot, lambda: app.query_one(LinesPane).rows.has_focus)
        assert is_safe(app)


async def test_a_move_of_the_cursor_reads_one_document(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A gate on counts: the list is not read again, and nothing else is."""
    papers = Papers(desk)
    for number in range(4):
        papers.draft(f"Felt {number}")
    app = program(desk.engine)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot, lambda: shows(app, "4 documents") and shows(app, "Felt 3"))
        await pilot.pause()
        with operations(desk.engine, monkeypatch) as seen:
            await pilot.press("j")
            await settle(pilot, lambda: shows(app, "Felt 2"))
        assert seen == ["gtm.invoices.get_invoice"]
