"""A person's own keys: read line by line, bound, shown everywhere, and what is wrong with them said."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.binding import Binding
from textual.dom import DOMNode

from rusvel_tui.app import RusvelApp
from rusvel_tui.every_key import below, every_part, faults
from rusvel_tui.habits import Habits
from rusvel_tui.keymap import Keymap, parse_keymap, read_keymap, read_keys
from rusvel_tui.screens.shared.key_help import KeyHelp
from tests.factories import Desk
from tests.screens.pilots import press, screen_lines, settle, shows
from tests.screens.sample_pages import COUNT, PEOPLE, THING

FILE = Path("keymap.toml")


def parsed(*lines: str) -> Keymap:
    return parse_keymap("\n".join(("[keys]", *lines)), FILE)


@pytest.mark.parametrize(
    ("written", "keys"),
    [
        ("y", "y"),
        ("Y", "Y"),
        ("?", "question_mark"),
        ("g I", "g I"),
        ("g ?", "g question_mark"),
        ("F5", "f5"),
        ("Ctrl+E", "ctrl+e"),
        ("shift+down", "shift+down"),
        (" ", "space"),
        (["j", "down"], "j,down"),
        ([], ""),
    ],
)
def test_keys_are_written_as_people_write_them(written: object, keys: str) -> None:
    assert read_keys(written) == keys


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ('"app.undo" = "zz"', "no key"),
        ('"app.undo" = "ctrl+m"', "does not arrive"),
        ('"app.undo" = "a b c"', "two with a blank"),
        ('"app.undo" = 7', "such as"),
    ],
)
def test_what_is_no_key_is_said_with_its_line_and_the_rest_counts(line: str, word: str) -> None:
    keymap = parsed('"app.redo" = "f6"', line)
    assert keymap.keys == {"app.redo": "f6"}
    (problem,) = keymap.problems
    assert problem.startswith("keymap.toml line 3: app.undo keeps its keys.")
    assert word in problem


def test_a_file_that_is_no_toml_or_not_there_changes_nothing(tmp_path: Path) -> None:
    assert "line 2" in parse_keymap("[keys]\nx = ?\n", FILE).problems[0]
    assert read_keymap(tmp_path / "keymap.toml").problems == ()
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    assert "cannot be read" in read_keymap(tmp_path / "bytes").problems[0]
    assert "below a line [keys]" in parse_keymap('"app.undo" = "u"', FILE).problems[0]


def test_an_id_without_quotes_means_the_same() -> None:
    assert parsed('app.undo = "f6"').keys == {"app.undo": "f6"}


def test_ids_that_nothing_has_and_keys_with_two_meanings_are_faults() -> None:
    keymap = parsed('"inbox.aprove" = "f6"', '"inbox.reject" = "a"', '"app.redo" = "g"')
    told = "\n".join(faults(keymap))
    assert "line 2: nothing is called inbox.aprove. Did you mean inbox.approve?" in told
    assert "line 3: a is the key of inbox.approve on the page Inbox, too." in told
    assert "line 4: g is the key of" in told


def test_two_actions_may_change_places() -> None:
    assert faults(parsed('"inbox.reject" = "a"', '"inbox.approve" = "r"')) == []


def test_every_binding_has_an_id() -> None:
    """(e) Only what has an id can be given another key; the two arrows of a yes-or-no are Textual's own."""
    every_part()
    kinds = [kind for kind in below(DOMNode) if kind.__module__.startswith("rusvel_tui.")]
    nameless = {
        f"{kind.__name__}: {one}"
        for kind in kinds
        for one in kind.__dict__.get("BINDINGS", ())
        if not (isinstance(one, Binding) and one.id)
    }
    assert nameless == set()


def program(desk: Desk, *lines: str) -> RusvelApp:
    return RusvelApp(desk.engine, pages=(PEOPLE, COUNT), creators=(THING,), habits=Habits(parsed(*lines)))  # fmt: skip


async def test_own_keys_act_and_the_old_ones_do_not(desk: Desk) -> None:
    """(e) Plain keys and pairs of keys; footer, strip and help show them."""
    desk.contact("Ada")
    lines = ('"people.add" = "f6"', '"go.count" = "g x"', '"rows.mark" = ["M"]', '"new.thing" = "f7"')  # fmt: skip
    app = program(desk, *lines)
    async with app.run_test(size=(100, 40)) as pilot:
        await settle(pilot, lambda: shows(app, "▌  Ada"))
        assert screen_lines(app)[-1].startswith(" f6 add")
        await press(pilot, "n", "x")
        assert len(app.screen_stack) == 1
        await press(pilot, "M")
        assert shows(app, "1 marked")
        await press(pilot, "question_mark")
        await settle(pilot, lambda: isinstance(app.screen, KeyHelp))
        assert shows(app, " f6 ")
        await press(pilot, "escape", "g")
        assert shows(app, " x Count")
        await press(pilot, "x")
        await settle(pilot, lambda: shows(app, "number 1"))


async def test_what_is_wrong_with_the_file_is_said_and_stops_nothing(desk: Desk) -> None:
    desk.contact("Ada")
    app = program(desk, '"people.add" = "zzz"', '"no.such" = "f6"')
    async with app.run_test(size=(100, 40)) as pilot:
        await settle(pilot, lambda: len(app._notifications) == 2)
        said = " ".join(note.message for note in app._notifications)
        assert "line 2: people.add keeps its keys" in said
        assert "line 3: nothing is called no.such" in said
        await press(pilot, "n")
        await settle(pilot, lambda: len(app.screen_stack) == 2)
