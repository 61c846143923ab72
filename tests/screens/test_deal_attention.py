"""What the deals page says beyond the cards: what is next, why, the forecast, and the stages themselves."""

from __future__ import annotations

from textual.widgets import TextArea

from rusvel_tui.screens.shared.dialogs import Reader
from tests.factories import Desk
from tests.screens.deals_shown import WIDE, deal, drawn, now, page, ready
from tests.screens.desks import form, program, prompt, said
from tests.screens.pilots import settle, shows


async def test_cards_say_what_is_next_and_what_is_left_alone(desk: Desk) -> None:
    """A planned step with its day, one that is overdue, none at all, and a deal that nobody talks about."""
    planned, overdue = deal(desk, "Planned", who="A"), deal(desk, "Overdue", who="B")
    deal(desk, "Bare", who="C")
    desk.call("gtm.crm.add_task", deal_id=planned.deal_id, subject="Ring", due_at="in 40 days")
    desk.call("gtm.crm.add_task", deal_id=overdue.deal_id, subject="Write", due_at="in 2 days")
    desk.later(days=4)
    app = program(desk.engine, "deals")
    async with app.run_test(size=(200, 40)) as pilot:
        await settle(pilot, lambda: shows(app, "Ring"))
        assert shows(app, "! due")
        assert shows(app, "! no next step")
        desk.later(days=21)
        page(app).load()
        await settle(pilot, lambda: shows(app, "◷ quiet 25 d"))
        assert shows(app, "3 open deals · ◷ 2 quiet · ! 1 without a next step")


async def test_w_says_why_a_deal_is_so_likely(desk: Desk) -> None:
    """The factors, and why it counts as left alone."""
    deal(desk)
    desk.later(days=30)
    app = program(desk.engine, "deals")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app)
        await pilot.press("w")
        await settle(pilot, lambda: isinstance(app.screen, Reader) and shows(app, "✗ stalled"))
        for text in (
            "to begin with: what is usual in its stage",
            "Left alone for too long",
            "No next action.",
        ):
            assert shows(app, text), text


async def test_the_forecast_has_three_sums_by_month(desk: Desk) -> None:
    deal(desk, "A", value="1000", expected_close="2026-12-10", who="A")
    deal(desk, "B", value="500", expected_close="2026-12-20", probability=95, who="B")
    deal(desk, "C", value="70", currency="USD", who="C")
    app = program(desk.engine, "deals")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app)
        await pilot.press("F")
        await settle(pilot, lambda: isinstance(app.screen, Reader) and shows(app, "Dec 2026"))
        assert shows(app, "500 · 575 · 1,500  (2 deals)")
        assert shows(app, "0 · 7 · 70  (1 deal)")


async def test_a_snoozed_deal_rests_until_its_day(desk: Desk) -> None:
    one = deal(desk)
    app = program(desk.engine, "deals")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app)
        await pilot.press("s")
        (await prompt(pilot)).value = "2026-12-24"
        await pilot.press("enter")
        await settle(pilot, lambda: "Board rests until Thu 24 Dec. z to undo." in said(app))
        assert now(desk, one).rot.snoozed_until == "2026-12-24"
        await pilot.press("s")
        await prompt(pilot)
        await pilot.press("enter")
        await settle(pilot, lambda: "Board rests no more. z to undo." in said(app))


async def test_stages_are_written_as_lines(desk: Desk) -> None:
    """A renamed stage keeps its deals; a line that cannot be read is said with its number."""
    deal(desk)
    app = program(desk.engine, "deals")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot, app)
        await pilot.press("P")
        dialog = await form(pilot)
        area = dialog.query_one(TextArea)
        assert area.text.splitlines()[0] == "Lead, 10 %, 14 days"
        area.text = area.text.replace("Lead, 10 %", ", 10 %", 1)
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: shows(app, "Line 1: write"))
        area.text = area.text.replace(
            ", 10 %, 14 days", "New, 5 %, 3 days, then Say hello in 2 days", 1
        )
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: shows(app, "New  "))
        await settle(pilot, lambda: drawn(app) == {"New": ["Board"]})
        [new, *_] = desk.call("gtm.crm.list_stages").items
        assert (new.rot_days, new.task, new.task_days) == (3, "Say hello", 2)
