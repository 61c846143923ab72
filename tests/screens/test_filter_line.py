"""The filter line: typing, completing, what is wrong and where, the way back, and the history."""

from __future__ import annotations

from typing import Any

import pytest
from textual.app import ComposeResult
from textual.widgets import Input

from rusvel_tui.widgets.columns import Column
from rusvel_tui.widgets.filter_line import FilterLine, Hint, Problem
from rusvel_tui.widgets.virtual_list import VirtualList
from tests.screens.lists import Person
from tests.screens.pilots import HOSTILE, WidgetApp, is_safe, press, screen_lines, shows


class FilterApp(WidgetApp):
    """A list and a filter line below it, in which `stge` is wrong and fields are offered."""

    OFFERS: tuple[Hint, ...] = (
        Hint("stage:", "the stage of a deal"),
        Hint("status:", "open, won or lost"),
    )

    def __init__(self) -> None:
        self.list: VirtualList[Person] = VirtualList(
            (Column("Name", lambda row: row.name, width=9),)
        )
        self.line = FilterLine()
        super().__init__(self.list, self.line)

    def compose(self) -> ComposeResult:
        yield from super().compose()

    def on_filter_line_typed(self, event: FilterLine.Typed) -> None:
        text = event.text
        at = text.find("stge")
        problem = Problem("There is no field 'stge'.", at + 1, 4) if at >= 0 else None
        event.line.judge(text, problem=problem, meaning=f"means {text}" if text else "")
        start = len(text) - len(text.split(" ")[-1]) + 1
        event.line.offer(text, start, event.column, self.OFFERS if text[-2:] == "st" else ())

    def said(self, kind: type[Any]) -> list[str]:
        return [message.text for message in self.heard(kind)]


@pytest.fixture
def app() -> FilterApp:
    return FilterApp()


def value(app: FilterApp) -> str:
    return app.query_one(Input).value


async def test_what_is_typed_is_told_and_applied(app: FilterApp) -> None:
    async with app.run_test(size=(80, 24), message_hook=app.hear) as pilot:
        assert not app.line.display
        app.line.open("tag:vip")
        await press(pilot, "space", "a", "enter")
        assert app.said(FilterLine.Typed)[0] == "tag:vip"
        assert app.said(FilterLine.Typed)[-1] == "tag:vip a"
        assert app.said(FilterLine.Applied) == ["tag:vip a"]
        assert not app.line.display
        assert app.focused is app.list


async def test_letters_that_are_keys_elsewhere_are_typed(app: FilterApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.line.open()
        await press(pilot, *"gq:?/")
        assert value(app) == "gq:?/"


async def test_escape_restores_the_filter_that_was_there(app: FilterApp) -> None:
    async with app.run_test(size=(80, 24), message_hook=app.hear) as pilot:
        app.line.open("tag:vip")
        await press(pilot, "x", "y", "escape")
        assert app.said(FilterLine.Cancelled) == ["tag:vip"]
        assert app.said(FilterLine.Applied) == []
        assert app.focused is app.list
        assert app.line.history == []


async def test_an_error_is_pointed_at_once_the_cursor_has_left_it(app: FilterApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.line.open("田 ")
        await press(pilot, *"stge")
        assert not shows(app, "There is no field")
        await press(pilot, "space")
        lines = screen_lines(app)
        row = next(i for i, line in enumerate(lines) if "stge" in line and "Filter:" in line)
        # The wide letter takes two cells and one character of the strip's text.
        assert lines[row + 1].index("^") == lines[row].index("stge") + 1
        assert lines[row + 1].strip() == "^^^^"
        assert "There is no field 'stge'." in lines[row + 2]


async def test_enter_on_an_error_stays_and_points(app: FilterApp) -> None:
    async with app.run_test(size=(80, 24), message_hook=app.hear) as pilot:
        app.line.open()
        await press(pilot, *"stge", "enter")
        assert shows(app, "^^^^")
        assert app.said(FilterLine.Applied) == []
        await press(pilot, *["backspace"] * 4, "a", "enter")
        assert app.said(FilterLine.Applied) == ["a"]


async def test_the_meaning_is_shown_while_nothing_is_offered(app: FilterApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.line.open("tag:vip")
        await pilot.pause()
        assert shows(app, "means tag:vip")


async def test_tab_goes_through_the_offers(app: FilterApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.line.open("a ")
        await press(pilot, *"st")
        assert shows(app, "stage:  status:")
        await press(pilot, "tab")
        assert value(app) == "a stage:"
        assert shows(app, "the stage of a deal")
        await press(pilot, "tab")
        assert value(app) == "a status:"
        await press(pilot, "tab")
        assert value(app) == "a stage:"
        await press(pilot, "shift+tab")
        assert value(app) == "a status:"
        await press(pilot, "x")
        assert value(app) == "a status:x"
        assert not shows(app, "stage:  status:")


async def test_one_offer_makes_room_for_the_next_at_once(app: FilterApp) -> None:
    app.OFFERS = (Hint("last "),)
    async with app.run_test(size=(80, 24)) as pilot:
        app.line.open()
        await press(pilot, *"st", "tab")
        assert value(app) == "last "
        app.line.offer("last ", 6, 6, [Hint("next")])
        await press(pilot, "tab")
        assert value(app) == "last next"


async def test_late_answers_are_ignored(app: FilterApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.line.open()
        await press(pilot, "a", "b")
        app.line.judge("a", problem=Problem("late", 1, 1), meaning="")
        app.line.offer("a", 1, 2, [Hint("late")])
        await press(pilot, "tab", "enter")
        assert value(app) == "ab"
        assert not app.line.display


async def test_earlier_filters_come_back_with_the_arrows(app: FilterApp) -> None:
    async with app.run_test(size=(80, 24), message_hook=app.hear) as pilot:
        for text in ("one", "two", "two"):
            app.line.open()
            await press(pilot, *text, "enter")
        app.line.open("now")
        await press(pilot, "up")
        assert value(app) == "two"
        await press(pilot, "up", "up")
        assert value(app) == "one"
        await press(pilot, "down", "down")
        assert value(app) == "now"
        assert app.line.history == ["one", "two"]


async def test_an_empty_filter_is_applied_and_not_remembered(app: FilterApp) -> None:
    async with app.run_test(size=(80, 24), message_hook=app.hear) as pilot:
        app.line.open("x")
        await press(pilot, "backspace", "enter")
        assert app.said(FilterLine.Applied) == [""]
        assert app.line.history == []


async def test_carets_follow_a_text_that_has_scrolled(app: FilterApp) -> None:
    async with app.run_test(size=(40, 24)) as pilot:
        app.line.open("x" * 60 + " stge ")
        await pilot.pause()
        lines = screen_lines(app)
        row = next(i for i, line in enumerate(lines) if "Filter:" in line)
        assert lines[row + 1].index("^") == lines[row].index("stge")


async def test_offers_are_cut_to_what_fits(app: FilterApp) -> None:
    async with app.run_test(size=(20, 10)) as pilot:
        app.line.open("a")
        await pilot.pause()
        app.line.offer("a", 1, 2, [Hint(f"field{n}:") for n in range(30)])
        await press(pilot, "tab", *["tab"] * 20)
        assert value(app) == "field20:"
        assert shows(app, " field20:")


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_texts_are_shown_safely(app: FilterApp, text: str) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        app.line.open("a ")
        await pilot.pause()
        app.line.judge("a ", meaning=text)
        app.line.offer("a ", 3, 3, [Hint(text, text)])
        await pilot.pause()
        assert is_safe(app)
        app.line.judge("a ", problem=Problem(text, 1, 0))
        await pilot.pause()
        assert is_safe(app)
