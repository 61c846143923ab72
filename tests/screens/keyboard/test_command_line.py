"""The `:` line: every action and every operation by its name, completed, remembered, and mended where it was wrong."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from rusvel_tui.app import RusvelApp
from rusvel_tui.engine.operation import OPERATIONS
from rusvel_tui.habits import KEPT, Habits, is_harmless, keep_history, read_history
from rusvel_tui.screens.command_line.completing import Completer
from rusvel_tui.screens.command_line.values import known_values
from rusvel_tui.screens.shared.dialogs import Confirm, Reader
from rusvel_tui.widgets.bottom_bar import BottomBar
from rusvel_tui.widgets.hint_lines import HintLines, LineHint
from rusvel_tui.widgets.line_input import LineInput
from tests.factories import Desk
from tests.screens.desks import program, said
from tests.screens.pilots import press, settle, shows

ADD = "gtm.crm.add_contact"


def completer(desk: Desk) -> Completer:
    """One over no page, that knows Ada to be under the cursor."""
    ada = desk.contact("Ada").contact_id
    here = lambda: [("contact_id", (ada, "Ada"))]  # noqa: E731 - as a page would say it
    return Completer([], {}, known_values(desk.engine, here))


def labels(hints: list[LineHint]) -> list[str]:
    return [hint.label for hint in hints]


def test_operations_are_completed_by_any_part_of_their_name(desk: Desk) -> None:
    hints = completer(desk).hints
    assert labels(hints("gtm.crm.add_con"))[0] == ADD
    assert ADD in labels(hints("add_contact"))
    assert labels(hints("")) == []
    offered = {hint.line.strip() for part in ("gtm.", "growth.", "agent.") for hint in hints(part)}
    assert {ADD, "growth.kpi.add_kpi", "agent.entities.delete"} <= offered | {"growth.kpi.add_kpi"}
    assert not [name for name in offered if OPERATIONS[name].internal]


def test_fields_are_completed_the_needed_ones_first_and_none_twice(desk: Desk) -> None:
    hints = completer(desk).hints
    names = labels(hints("gtm.crm.add_deal "))
    assert set(names[:2]) == {"contact_id=", "title="}
    assert "currency=" in names
    assert "title=" not in labels(hints("gtm.crm.add_deal title=Shop "))
    (only,) = hints("gtm.crm.add_deal title=Shop curr")
    assert only.line == "gtm.crm.add_deal title=Shop currency="


def test_choices_and_known_values_are_completed(desk: Desk) -> None:
    ada = desk.contact("Ada Byron").contact_id
    hints = completer(desk).hints
    assert labels(hints("gtm.views.list kind=")) != []
    assert ada in labels(hints("gtm.crm.add_note contact_id=Byr"))
    assert hints("gtm.crm.add_note contact_id=")[0].help == "Ada"
    assert set(labels(hints("gtm.crm.import_contacts dry_run="))) == {"yes", "no"}


def test_history_is_private_bounded_and_keeps_no_secret(tmp_path: Path) -> None:
    path = tmp_path / "state" / "history.jsonl"
    for number in range(KEPT + 20):
        keep_history(path, (f"find {number}",))
    keep_history(path, ("use token=hunter2hunter2", "x" * 10_000, "find 519"))
    lines = read_history(path)
    assert lines[-2:] == ["find 518", "find 519"]
    assert len(lines) == KEPT
    assert "hunter2" not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_history_that_cannot_be_kept_or_read_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text('not json\n7\n"find a"\n')
    assert read_history(tmp_path / "file") == ["find a"]
    keep_history(tmp_path / "file" / "below", ("find",))
    assert read_history(None) == []
    assert not is_harmless("agent.x password=abcdefgh1")


async def typed(pilot: Pilot[Any], line: str) -> Input:
    """The `:` line with that text."""
    await press(pilot, "colon")
    field = pilot.app.screen.query_one("#line-text", Input)
    for letter in line:
        await pilot.press("space" if letter == " " else letter)
    await pilot.pause()
    return field


async def contacts(pilot: Pilot[Any]) -> None:
    await settle(pilot, lambda: shows(pilot.app, "Ada"))


async def test_an_operation_is_typed_completed_run_and_undone(desk: Desk) -> None:
    """Through the engine like every change: `z` takes it back."""
    desk.contact("Ada")
    app = program(desk.engine, "contacts")
    async with app.run_test(size=(120, 36)) as pilot:
        await contacts(pilot)
        field = await typed(pilot, "gtm.crm.add_cont")
        await settle(pilot, lambda: shows(app, "Add a new contact"))
        await press(pilot, "tab")
        await settle(pilot, lambda: field.value == f"{ADD} ")
        await settle(pilot, lambda: shows(app, "name="))
        await press(pilot, *"name=Zelda", "enter")
        await settle(pilot, lambda: shows(app, "Zelda"))
        assert "Zelda" in said(app)
        await press(pilot, "z")
        await settle(pilot, lambda: not desk.call("gtm.crm.list_contacts", query="Zelda").items)


async def test_a_mistake_opens_the_line_again_at_the_field(desk: Desk) -> None:
    ada = desk.contact("Ada").contact_id
    app = program(desk.engine, "contacts")
    async with app.run_test(size=(120, 36)) as pilot:
        await contacts(pilot)
        line = f"gtm.crm.add_deal title=Shop value=much contact_id={ada}"
        field = await typed(pilot, line)
        await press(pilot, "enter")
        await settle(pilot, lambda: bool(app.query_one(HintLines).problem))
        assert "value" in app.query_one(HintLines).problem
        assert field.value[: field.cursor_position].endswith("value=much")
        await press(pilot, "escape")
        await typed(pilot, "gtm.crm.add_note body=Hi wrong=1")
        await press(pilot, "enter")
        await settle(pilot, lambda: "wrong" in app.query_one(HintLines).problem)


async def test_reading_shows_the_answer_and_deleting_asks_first(desk: Desk) -> None:
    ada = desk.contact("Ada").contact_id
    app = program(desk.engine, "contacts")
    async with app.run_test(size=(120, 36)) as pilot:
        await contacts(pilot)
        await typed(pilot, f"gtm.crm.get_contact contact_id={ada}")
        await press(pilot, "enter")
        await settle(pilot, lambda: isinstance(app.screen, Reader) and shows(app, "contact id"))
        await press(pilot, "escape")
        await typed(pilot, f"gtm.crm.delete_contact contact_id={ada}")
        await press(pilot, "enter")
        await settle(pilot, lambda: isinstance(app.screen, Confirm))
        await press(pilot, "n")
        assert desk.call("gtm.crm.list_contacts").items
        await typed(pilot, f"gtm.crm.delete_contact contact_id={ada}")
        await press(pilot, "enter")
        await settle(pilot, lambda: isinstance(app.screen, Confirm))
        await press(pilot, "y")
        await settle(pilot, lambda: not desk.call("gtm.crm.list_contacts").items)


async def test_what_is_for_the_worker_alone_is_refused(desk: Desk) -> None:
    desk.contact("Ada")
    name = next(n for n, one in OPERATIONS.items() if one.internal and one.writes)
    app = program(desk.engine, "contacts")
    async with app.run_test(size=(120, 36)) as pilot:
        await contacts(pilot)
        await typed(pilot, name)
        await press(pilot, "enter")
        await settle(pilot, lambda: "nobody else" in app.query_one(HintLines).problem)


async def test_history_lasts_and_is_searched(desk: Desk, tmp_path: Path) -> None:
    """Up and Down, of those that begin with what is typed; ctrl+r of those that hold it."""
    desk.contact("Ada")
    path = tmp_path / "history.jsonl"
    keep_history(path, ("theme nord", "go deals", "theme rusvel-light"))
    app = RusvelApp(desk.engine, habits=Habits(history=path))
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot, lambda: shows(app, "Need"))
        field = await typed(pilot, "the")
        await press(pilot, "up", "up")
        assert field.value == "theme nord"
        await press(pilot, "down", "down")
        assert field.value == "the"
        await press(pilot, "ctrl+u", *"deal", "ctrl+r")
        assert field.value == "go deals"
        await press(pilot, "ctrl+r", "enter")
        await settle(pilot, lambda: read_history(path)[-1] == "go deals")
        await settle(pilot, lambda: app.page.id == "deals")


async def test_a_hint_is_taken_with_the_mouse(desk: Desk) -> None:
    desk.contact("Ada")
    app = program(desk.engine, "contacts")
    async with app.run_test(size=(120, 36)) as pilot:
        await contacts(pilot)
        field = await typed(pilot, "go d")
        await settle(pilot, lambda: shows(app, "Go to Deals."))
        await pilot.click(HintLines, offset=(5, 0))
        await settle(pilot, lambda: field.value == "go deals")
        assert app.query_one(LineInput).region.bottom == app.query_one(BottomBar).region.bottom


@pytest.mark.parametrize("line", ["help inbox", "help gtm.crm.add_contact"])
async def test_help_about_a_topic_is_read_over_the_page(desk: Desk, line: str) -> None:
    desk.contact("Ada")
    app = program(desk.engine, "contacts")
    async with app.run_test(size=(80, 24)) as pilot:
        await contacts(pilot)
        await typed(pilot, line)
        await press(pilot, "enter")
        await settle(pilot, lambda: isinstance(app.screen, Reader))
