"""What asks the person: the prompt, the strip of keys, forms and dialogs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from textual import work
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, Select, TextArea

from rusvel_tui.actions import available
from rusvel_tui.screens.dialogs import Confirm, Help, Reader
from rusvel_tui.widgets.board import Board
from rusvel_tui.widgets.board_state import Card, Lane
from rusvel_tui.widgets.form import Field, FormDialog, Values
from rusvel_tui.widgets.line_input import Question
from rusvel_tui.widgets.text_view import Prose, TextView
from tests.screens.pilots import HOSTILE, WidgetApp, is_safe, screen_lines, shows


class AskApp(WidgetApp):
    """Keeps the answers."""

    def __init__(self) -> None:
        self.board = Board()
        super().__init__(self.board)
        self.answers: list[object] = []

    @work
    async def line(self, question: Question) -> None:
        self.answers.append(await self.bottom.ask_line(question))

    @work
    async def key(self, title: str, options: Mapping[str, str]) -> None:
        self.answers.append(await self.bottom.ask_key(title, options))

    @work
    async def dialog(self, screen: Screen[Values | None] | Screen[bool] | Screen[None]) -> None:
        answer: object = await self.push_screen_wait(screen)  # type: ignore[arg-type]
        self.answers.append(answer)


async def press(pilot: Pilot[Any], *keys: str) -> None:
    await pilot.press(*keys)
    await pilot.pause()


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


FIELDS = (
    Field("name", "Name", required=True, help="As in a letter."),
    Field("email", "Email", check=lambda text: "" if "@" in text else "This is not an address."),
    Field("stage", "Stage", "lead", kind="select", choices=(("Lead [/]", "lead"), ("Won", "won"))),
    Field("note", "Note", "one\ntwo", kind="multiline", lines=4),
)


async def accept(values: Values) -> Mapping[str, str]:
    return {}


async def test_a_form_answers_with_its_values() -> None:
    app = AskApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.dialog(FormDialog("New [/] contact", FIELDS, accept, button="Add"))
        await pilot.pause()
        assert shows(app, "New [/] contact")
        await press(pilot, *"Ada", "tab", *"ada@example.org", "enter")
        assert app.answers == [
            {"name": "Ada", "email": "ada@example.org", "stage": "lead", "note": "one\ntwo"}
        ]


async def test_errors_stand_beside_their_fields_and_the_form_stays() -> None:
    """First what the form itself knows, then what the owner refuses; the focus goes to the first."""

    async def refuse(values: Values) -> Mapping[str, str]:
        return (
            {"email": "Ada [/] has it already.", "": "Nothing was saved."}
            if "taken" in values["email"]
            else {}
        )

    app = AskApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.dialog(FormDialog("New", FIELDS, refuse))
        await press(pilot, "tab", *"taken", "enter")
        assert shows(app, "✗ Fill this in.")
        assert shows(app, "✗ This is not an address.")
        await press(pilot, *"Ada", "tab", "end", *"@x", "enter")
        assert shows(app, "✗ Ada [/] has it already.")
        assert shows(app, "Nothing was saved.")
        assert not shows(app, "Fill this in")
        await press(pilot, *["backspace"] * 7, *"ok@x", "ctrl+s")
        assert app.answers[0]["email"] == "ok@x"  # type: ignore[index]


async def test_a_form_helps_with_the_field_in_focus() -> None:
    app = AskApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.dialog(FormDialog("New", FIELDS, accept))
        await pilot.pause()
        assert shows(app, "As in a letter.")
        await press(pilot, "tab")
        assert not shows(app, "As in a letter.")


async def test_escape_asks_before_it_throws_work_away() -> None:
    """An untouched form closes at once."""
    app = AskApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.dialog(FormDialog("New", FIELDS, accept))
        await press(pilot, "escape")
        assert app.answers == [None]
        app.dialog(FormDialog("New", FIELDS, accept))
        await press(pilot, "A", "escape")
        assert shows(app, "Press esc again")
        await press(pilot, "B", "escape")
        assert len(app.answers) == 1
        await press(pilot, "escape")
        assert app.answers == [None, None]


async def test_a_form_works_with_the_mouse() -> None:
    app = AskApp()
    async with app.run_test(size=(80, 30)) as pilot:
        await pilot.pause()
        app.dialog(FormDialog("New", FIELDS[1:], accept))
        await pilot.pause()
        await pilot.click("#cancel")
        await pilot.pause()
        app.dialog(FormDialog("New", FIELDS[1:], accept))
        await pilot.pause()
        await pilot.click("#save")
        await pilot.pause()
        assert app.answers == [None, {"email": "", "stage": "lead", "note": "one\ntwo"}]


async def test_selects_and_long_texts_are_edited_with_keys() -> None:
    app = AskApp()
    async with app.run_test(size=(80, 30)) as pilot:
        await pilot.pause()
        app.dialog(FormDialog("New", FIELDS[2:], accept))
        await press(
            pilot, "enter", "down", "enter", "tab", "down", "end", "enter", *"three", "tab", "enter"
        )
        assert app.answers == [{"stage": "won", "note": "one\ntwo\nthree"}]


async def test_values_are_cleaned_on_the_way_in_and_out() -> None:
    """What is pasted into a field may hold anything."""
    app = AskApp()
    async with app.run_test(size=(80, 30)) as pilot:
        await pilot.pause()
        for text in HOSTILE:
            fields = (Field("a", text, text), Field("b", text, text, kind="multiline"),
                      Field("c", text, text, kind="select", choices=((text, text),)))  # fmt: skip
            app.dialog(FormDialog(text, fields, accept, button=text))
            await pilot.pause()
            assert is_safe(app)
            assert (
                len(app.screen.query(Input))
                == len(app.screen.query(TextArea))
                == len(app.screen.query(Select))
                == 1
            )
            await press(pilot, "escape")
            while len(app.screen_stack) > 1:
                await press(pilot, "escape")


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
        app.dialog(Help("Keys", available(app.screen), "The board."))
        await pilot.pause()
        assert shows(app, "The board.")
        assert shows(app, "Move the card to the next column.  :move right")
        await press(pilot, *"column before")
        assert shows(app, ":move left")
        assert not shows(app, ":collapse")
        await press(pilot, *"xyz")
        assert shows(app, "Nothing fits")
        await press(pilot, "escape")
        assert app.answers == [None]
