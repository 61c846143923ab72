"""The assistant: it says what is there, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from textual.pilot import Pilot

from rusvel_tui.app import RusvelApp
from rusvel_tui.engine.operation import OPERATIONS
from rusvel_tui.screens import PAGES
from rusvel_tui.screens.assistant import tool_blocks, tools
from rusvel_tui.screens.dialogs import Reader
from rusvel_tui.widgets.paged_list import PagedList
from tests.factories import Desk
from tests.fakes import CannedDrafter
from tests.screens.pilots import is_safe, settle, shows


def program(desk: Desk, page_id: str) -> RusvelApp:
    pages = [entry for entry in PAGES if entry.id == page_id]
    return RusvelApp(desk.engine, pages=pages, creators=())


async def press(pilot: Pilot[Any], *keys: str) -> None:
    await pilot.press(*keys)
    await pilot.pause()


def won(desk: Desk, title: str, value: str = "1250", currency: str = "EUR") -> Any:
    person = desk.contact("Anna Smith", f"{title}@x.example".replace(" ", ""))
    deal = desk.call(
        "gtm.crm.add_deal",
        contact_id=person.contact_id,
        title=title,
        value=value,
        currency=currency,
    )
    return desk.call(
        "gtm.crm.advance_deal", deal_id=deal.deal_id, stage="Won", reason="they like it"
    )


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
@pytest.mark.parametrize("page_id", ["assistant"])
async def test_an_empty_desk_is_shown_as_it_is(
    desk: Desk, page_id: str, size: tuple[int, int]
) -> None:
    """No promise, and something that works now."""
    app = program(desk, page_id)
    async with app.run_test(size=size) as pilot:
        await settle(pilot, lambda: shows(app, "rusvel ") or shows(app, "event.list"))
        assert not shows(app, "soon")
        assert is_safe(app)


async def test_without_a_key_the_assistant_says_so(desk: Desk) -> None:
    drafter = CannedDrafter()
    drafter.name = "template"
    desk.engine.drafter = drafter
    app = program(desk, "assistant")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "ANTHROPIC_API_KEY is not set"))


async def test_with_a_model_its_name_stands_there(desk: Desk) -> None:
    app = program(desk, "assistant")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot, lambda: shows(app, "● canned"))


async def test_operations_are_found_by_words_and_shown_whole(desk: Desk) -> None:
    """With fields, what they mean, and how to call it."""
    app = program(desk, "assistant")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, lambda: app.query_one(PagedList).count > 20)
        await press(pilot, "f", *"create_sequence", "enter")
        await settle(pilot, lambda: app.query_one(PagedList).count == 1)
        await press(pilot, "enter")
        await settle(pilot, lambda: isinstance(app.screen, Reader))
        for text in ("rusvel call gtm.outreach.create_sequence name=… steps=…", "name*", "string"):
            assert shows(app, text), text


def test_nothing_that_is_for_people_is_on_the_list() -> None:
    """Approving and sending stay with a person; inner operations are nobody's business."""
    listed = {tool.id for tool in tools()}
    assert {"gtm.crm.add_contact", "growth.status", "event.list"} <= listed
    assert "gtm.approvals.approve" not in listed
    for name in listed:
        assert not OPERATIONS[name].human_only
        assert not OPERATIONS[name].internal


def test_all_operations_are_listed_also_those_not_used_yet() -> None:
    """In a program that has just started."""
    code = "from rusvel_tui.screens.assistant import tools; print(*(tool.id for tool in tools()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == {tool.id for tool in tools()}


@pytest.mark.parametrize("name", sorted(tool.id for tool in tools()))
def test_every_operation_can_be_shown(name: str) -> None:
    assert tool_blocks(OPERATIONS[name])
