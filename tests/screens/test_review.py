"""The review of the week as a page: its lines, other weeks, its text, and the way to what is behind a line."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from rusvel_tui.app import RusvelApp
from rusvel_tui.screens import PAGES
from rusvel_tui.screens.review.page import ReviewPage
from rusvel_tui.screens.review.rows import PARTS
from rusvel_tui.screens.today.page import TodayPage
from tests.factories import Desk
from tests.screens.desks import prompt, said
from tests.screens.pilots import HOSTILE, is_safe, press, screen_lines, settle, shows

HERE = tuple(entry for entry in PAGES if entry.id in ("today", "review", "deals"))


def program(desk: Desk, first: str = "review") -> RusvelApp:
    pages = sorted(HERE, key=lambda entry: entry.id != first)
    return RusvelApp(desk.engine, pages=pages, creators=())


def page(app: RusvelApp) -> ReviewPage:
    return app.query_one(ReviewPage)


async def opened(pilot: Pilot[Any], week: str = "2026-W47") -> None:
    app: Any = pilot.app
    await settle(pilot, lambda: shows(app, f"Week {week}") and page(app).lines.current is not None)


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_an_empty_week_has_all_its_parts_and_a_first_key(
    desk: Desk, size: tuple[int, int]
) -> None:
    app = program(desk)
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        for part in PARTS:
            assert shows(app, part), part
        assert shows(app, "Nothing slipped.")
        assert shows(app, "c t plans a task")
        assert shows(app, "16 Nov to 22 Nov 2026, against 2026-W46")


async def test_a_change_is_told_by_a_sign_too(desk: Desk) -> None:
    desk.contact()
    desk.later(days=7)
    app = program(desk)
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot, "2026-W48")
        assert any("New contacts" in line and "▲ +1" in line for line in screen_lines(app))


async def test_enter_goes_to_what_slipped(desk: Desk) -> None:
    person = desk.contact()
    deal = desk.call("gtm.crm.add_deal", contact_id=person.contact_id, title="Looms")
    desk.later(days=3)
    app = program(desk)
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot)
        while (row := page(app).lines.current) is not None and row.item_id != deal.deal_id:
            await press(pilot, "j")
        await press(pilot, "enter")
        await settle(pilot, lambda: app.page.id == "deals" and shows(app, "Looms"))


async def test_the_weeks_are_turned_and_named(desk: Desk) -> None:
    """There is none after the present one."""
    app = program(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await press(pilot, "h")
        await opened(pilot, "2026-W46")
        await press(pilot, "l")
        await opened(pilot, "2026-W47")
        await press(pilot, "l")
        await opened(pilot, "2026-W48")
        assert shows(app, "so far")
        await press(pilot, "l")
        assert "has not begun" in said(app)
        await press(pilot, "w")
        line = await prompt(pilot)
        line.value = "2026-W99"
        await press(pilot, "enter")
        await settle(pilot, lambda: "There is no week" in said(app))
        await press(pilot, "w")
        line = await prompt(pilot)
        line.value = "2026-W40"
        await press(pilot, "enter")
        await opened(pilot, "2026-W40")


async def test_the_text_is_copied_and_written_once(desk: Desk, tmp_path: Path) -> None:
    """A file that is there is not written over."""
    app = program(desk)
    path = tmp_path / "week.md"
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await press(pilot, "y")
        assert app.clipboard.startswith("# Week 2026-W47")
        for expected in ("Written", "was not written"):
            await press(pilot, "W")
            line = await prompt(pilot)
            line.value = str(path)
            await press(pilot, "enter")
            await settle(pilot, partial(_says, app, expected))
    assert path.read_text() == app.clipboard


def _says(app: RusvelApp, text: str) -> bool:
    return text in said(app)


async def test_today_leads_to_the_review(desk: Desk) -> None:
    app = program(desk, "today")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: isinstance(app.page, TodayPage) and shows(app, "Nothing needs"))
        await press(pilot, "R")
        await settle(pilot, lambda: app.page.id == "review")


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_hostile_text_is_shown_as_text(desk: Desk, size: tuple[int, int]) -> None:
    for text in HOSTILE:
        if "\ud800" not in text:
            desk.call("gtm.crm.add_task", subject=f"{text[:200]} x", due_at="2 days ago")
    app = program(desk)
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        await press(pilot, "G")
        assert is_safe(app)
        await press(pilot, "g", "g")
        assert is_safe(app)
