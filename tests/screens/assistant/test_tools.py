"""What the assistant may call: listed, found by words, shown whole."""

from __future__ import annotations

import subprocess
import sys

from rusvel_tui.app import RusvelApp
from rusvel_tui.engine.operation import OPERATIONS
from rusvel_tui.screens import PAGES
from rusvel_tui.screens.assistant.tools import tool_blocks, tools
from rusvel_tui.screens.shared.dialogs import Reader
from rusvel_tui.widgets.paged_list import PagedList
from tests.factories import Desk
from tests.screens.pilots import press, settle, shows


def program(desk: Desk) -> RusvelApp:
    return RusvelApp(
        desk.engine, pages=[entry for entry in PAGES if entry.id == "told"], creators=()
    )


async def test_operations_are_found_by_words_and_shown_whole(desk: Desk) -> None:
    """With fields, what they mean, and how to call it."""
    app = program(desk)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "8")
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
    code = "from rusvel_tui.screens.assistant.tools import tools; print(*(tool.id for tool in tools()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == {tool.id for tool in tools()}


def test_every_operation_can_be_shown() -> None:
    for tool in tools():
        assert tool_blocks(OPERATIONS[tool.id]), tool.id
