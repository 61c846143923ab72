"""What asks the person: the prompt, the strip of keys, forms and dialogs."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from rusvel_tui.actions import available
from rusvel_tui.screens.shared.dialogs import Confirm, Reader
from rusvel_tui.screens.shared.key_help import KeyHelp, offer_lines
from rusvel_tui.widgets.board_state import Card, Lane
from rusvel_tui.widgets.line_input import Question
from rusvel_tui.widgets.text_view import Prose, TextView
from tests.screens.asking_app import AskApp
from tests.screens.pilots import press, screen_lines, settle, shows


async def test_a_line_is_asked_for_and_the_focus_comes_back() -> None:
    app = AskApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.line(Question("reason", "Why [/]?", hint="one line"))
        await pilot.pause()
        assert screen_lines(app)[-1].startswith(" Why [/]?")
        await press(pilot, *"too old", "enter")
        assert app.answers == ["too old"]
        assert app.focused is app.board
        assert not shows(app, "Why")


async def test_escape_gives_up_and_keys_are_typed_not_obeyed() -> None:
    """`g`, `:` and `q` are letters while somebody types."""
    app = AskApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.line(Question("reason", "Why?"))
        await press(pilot, "g", "colon", "q", "question_mark")
        assert app.query_one("#line-text", Input).value == "g:q?"
        await press(pilot, "escape")
        assert app.answers == [None]


async def test_a_new_question_takes_the_place_of_the_old_one() -> None:
    """The old one is told that nobody answered."""
    app = AskApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.line(Question("a", "First?"))
        await pilot.pause()
        app.line(Question("b", "Second?", "preset"))
        await press(pilot, "enter")
        assert app.answers == [None, "preset"]


async def test_earlier_answers_come_back_with_the_arrow() -> None:
    """Each kind of question has its own."""
    app = AskApp()
    async with app.run_test(size=(80, 24)) as pilot:
        for kind, text in (("find", "ada"), ("find", "bob"), ("find", "bob"), ("other", "eve")):
            app.line(Question(kind, kind))
            await press(pilot, *text, "enter")
        app.line(Question("find", "find"))
        await press(pilot, "up", "up", "up", "down", "enter")
        app.line(Question("find", "find", "start"))
        await press(pilot, "up", "down", "enter")
        assert app.answers == ["ada", "bob", "bob", "eve", "bob", "start"]


async def test_tab_completes_and_goes_through_the_words() -> None:
    app = AskApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.line(Question("command", ":", words=("go deals", "go inbox", "undo")))
        await press(pilot, "g", "tab")
        line = app.query_one("#line-text", Input)
        assert line.value == "go deals"
        await press(pilot, "tab")
        assert line.value == "go inbox"
        await press(pilot, "tab", "enter")
        assert app.answers == ["go deals"]


async def test_typing_is_told_as_it_happens() -> None:
    """For a search that follows; nothing is told after the end."""
    app = AskApp()
    heard: list[str] = []
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.line(Question("find", "/", typed=heard.append))
        await press(pilot, "a", "d", "escape")
        assert heard == ["a", "ad"]


async def test_a_key_is_asked_for_with_its_meaning() -> None:
    app = AskApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.key(
            "Reject: why? [/]",
            {"1": "write it anew", "2": "skip this step", "3": "stop this person"},
        )
        await pilot.pause()
        assert screen_lines(app)[-2].startswith(" Reject: why? [/]")
        assert "2 skip this step" in screen_lines(app)[-1]
        await press(pilot, "2")
        assert app.answers == ["2"]
        assert not shows(app, "Reject")


@pytest.mark.parametrize("key", ["escape", "j", "q", "9"])
async def test_any_other_key_cancels_and_is_swallowed(key: str) -> None:
    app = AskApp()
    app.board.show([Lane("lead", "Lead", (Card("1", "One"), Card("2", "Two")))])
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.key("Sure?", {"y": "yes"})
        await press(pilot, key)
        assert app.answers == [None]
        assert app.board.current is not None
        assert app.board.current.id == "1"


async def test_a_choice_can_be_clicked() -> None:
    app = AskApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.key("Sure?", {"y": "yes", "n": "no"})
        await pilot.pause()
        await pilot.click("WhichKey", offset=(9, 1))
        await pilot.pause()
        assert app.answers == ["n"]


async def test_many_options_take_more_lines_on_a_narrow_screen() -> None:
    app = AskApp()
    async with app.run_test(size=(40, 24)) as pilot:
        await pilot.pause()
        app.key("Go", {letter: f"place {letter}" for letter in "abcdefgh"})
        await pilot.pause()
        lines = screen_lines(app)
        assert lines[-1].split()[:3] == ["g", "place", "g"]
        assert any(line.startswith(" Go") for line in lines[:-2])


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        (["y"], True),
        (["n"], False),
        (["escape"], False),
        (["enter"], False),
        (["right", "enter"], True),
        (["tab", "enter"], True),
    ],
)
async def test_a_confirmation_is_answered_with_one_key(keys: list[str], answer: bool) -> None:
    """Enter alone says no."""
    app = AskApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.dialog(Confirm("Delete [/] Ada?", detail="z takes this back.", yes="Delete"))
        await pilot.pause()
        assert shows(app, "Delete [/] Ada?")
        await press(pilot, *keys)
        assert app.answers == [answer]


async def test_a_text_is_read_in_a_dialog() -> None:
    app = AskApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.dialog(Reader("Raw [/]", (Prose("From: x\n" * 60),)))
        await press(pilot, "G")
        assert app.screen.query_one(TextView).scroll_offset.y > 20
        await press(pilot, "q")
        assert app.answers == [None]


async def test_the_help_lists_what_can_be_done_and_finds_it() -> None:
    """By key, by word and by `:` name."""
    app = AskApp()
    async with app.run_test(size=(100, 40)) as pilot:
        await pilot.pause()
        app.dialog(KeyHelp("Keys", offer_lines(available(app.screen)), "The board."))
        await settle(pilot, lambda: shows(app, "The board."))
        assert shows(app, "Move the card to the next column.")
        assert shows(app, ":move right")
        await press(pilot, *"column before")
        assert shows(app, ":move left")
        assert not shows(app, ":collapse")
        await press(pilot, *"xyz")
        assert shows(app, "Nothing fits")
        await press(pilot, "escape")
        assert app.answers == [None]
