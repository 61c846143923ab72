"""Forms: filling in, errors beside the fields, giving up."""

from __future__ import annotations

from collections.abc import Mapping

from textual.widgets import Input, Select, TextArea

from rusvel_tui.widgets.form import Field, FormDialog, Values
from tests.screens.asking_app import AskApp
from tests.screens.pilots import HOSTILE, is_safe, press, shows

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
