"""The checks of the keymap: nothing that lies, a name for everything, one meaning for each key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from textual.binding import Binding
from textual.keys import _character_to_key

from rusvel_tui import keys
from rusvel_tui.actions import Action, Offer, bindings, chords, find_command, first_key, shown
from rusvel_tui.app import RusvelApp
from rusvel_tui.screens import CREATORS, PAGES
from rusvel_tui.widgets.board import Board
from rusvel_tui.widgets.footer import FOOT
from rusvel_tui.widgets.text_view import TextView
from rusvel_tui.widgets.virtual_list import VirtualList

TWO_MEANINGS = {"J", "K", "shift+down", "shift+up"}
"""They extend marks in lists and reorder cards on the board: never on the same page part, and both move what is there."""


GIVES_WAY = {
    "app.find": "a page may have a search of its own",
    "app.copy": "a page may have something of its own to copy",
    "rows.sort": "only lists with columns to sort by have it; in the others the page's key counts",
    "find.next": "only after /, until Esc: it then stands before what the page does with the key",
    "find.previous": "as the one above",
}
"""(c) Actions that may share their key with one of the page, and why a person is not surprised."""

CONTROL_ONLY = {"app.palette", "app.redraw", "rows.half_down", "rows.half_up", "app.suspend"}
"""The `:` line does what the palette does; page keys go where half pages go; ctrl+z is what shells have taught."""


def declared(kind: type) -> list[Action]:
    """All actions of a class, its parents' included."""
    return [action for base in kind.__mro__ for action in base.__dict__.get("ACTIONS", ())]


def everywhere() -> list[Action]:
    """What the app can do on any page."""
    return [
        *declared(RusvelApp),
        *(page.action for page in PAGES),
        *(made.action for made in CREATORS),
    ]


PARTS: list[tuple[str, list[Action]]] = [
    ("list", declared(VirtualList)),
    ("board", declared(Board)),
    ("text", declared(TextView)),
    *((entry.id, declared(entry.load())) for entry in PAGES),
    ("app", everywhere()),
]
ALL = [action for _, actions in PARTS for action in actions]


def pressed(action: Action) -> list[str]:
    """Its keys as Textual names them; a pair of keys as `g i`."""
    names = [" ".join(map(_name, key.split(" "))) for key in action.keys.split(",") if key]
    assert len(names) == len(set(names)), action.id
    return names


def _name(key: str) -> str:
    return _character_to_key(key) if len(key) == 1 else key


@pytest.mark.parametrize("action", ALL, ids=lambda action: action.id)
def test_no_key_lies(action: Action) -> None:
    """(a) Nothing is bound that a terminal, tmux or a keyboard layout takes or changes."""
    for key in pressed(action):
        assert not set(key.split(" ")) & keys.NEVER, key
        assert "alt+" not in key


@pytest.mark.parametrize("action", ALL, ids=lambda action: action.id)
def test_every_action_can_be_named_and_found(action: Action) -> None:
    """(b) A `:` name, which is also its palette entry, a label, a sentence and a plain key."""
    assert action.command
    assert action.command == action.command.lower()
    assert action.label
    assert action.help.endswith(".")
    assert any("ctrl" not in key for key in pressed(action)) or action.id in CONTROL_ONLY


def test_ids_are_unique_and_say_where() -> None:
    """The settings file names them; pages that share an action share its keys."""
    by_id = {action.id: action for action in ALL}
    assert all(by_id[action.id] == action for action in ALL)
    assert all(action.id.count(".") == 1 for action in ALL)


def _parents() -> list[tuple[str, list[Action]]]:
    """Every way from a widget over a page to the app; only the deals have a board."""
    parts = dict(PARTS)
    return [
        (f"{widget} in {entry.id}", parts[widget] + parts[entry.id] + parts["app"])
        for entry in PAGES
        for widget in ("list", "board" if entry.id == "deals" else "text", "text")
    ]


@pytest.mark.parametrize(
    ("where", "actions"), _parents(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_no_key_has_two_meanings(where: str, actions: Sequence[Action]) -> None:
    """(c) Inside a widget, its page and the app; a prefix never acts alone."""
    owner: dict[str, str] = {}
    for action in {action.id: action for action in actions}.values():
        for key in pressed(action) if action.id not in GIVES_WAY else ():
            assert owner.setdefault(key, action.id) == action.id, (
                f"{key} in {where}: {owner[key]} and {action.id}"
            )
    prefixes = {key.split(" ")[0] for key in owner if " " in key}
    assert not prefixes & set(owner)


def test_what_gives_way_does_so_to_the_same_meaning() -> None:
    """A page's own `/` finds and its own `y` copies; nothing but `n` and `N` has another meaning at another time."""
    shared = {"app.find": ("find", "filter"), "app.copy": ("copy",)}
    for name, actions in PARTS[3:-1]:
        for action in actions:
            for id_, meanings in shared.items():
                theirs = next(one for one in PARTS[-1][1] if one.id == id_)
                if set(pressed(theirs)) & set(pressed(action)):
                    assert action.id.rpartition(".")[2] in meanings, name


def test_the_deliberate_double_meaning_is_listed() -> None:
    """List and board never share a page; what differs between them is known."""
    by_key: dict[str, set[str]] = {}
    for _, actions in PARTS[:3]:
        for action in actions:
            for key in pressed(action):
                by_key.setdefault(key, set()).add(action.label)
    same = {
        "Down",
        "Up",
        "First",
        "Last",
        "Page down",
        "Page up",
        "Half page down",
        "Half page up",
        "Top",
        "End",
        "Mark",
        "Open",
    }
    different = {key for key, labels in by_key.items() if len(labels) > 1 and not labels <= same}
    assert different == TWO_MEANINGS


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.id)
def test_the_footer_has_five_keys_that_fit_80_columns(entry: Any) -> None:
    """(f) With `:` and `?`; a page may ask for fewer, never for a key without a name."""
    foot = [action for action in declared(entry.load()) if action.foot][:FOOT]
    width = sum(len(first_key(action)) + len(action.label) + 3 for action in foot) + len(
        " : command  ? keys "
    )
    assert width <= 80


@pytest.mark.parametrize(
    ("name", "actions"), PARTS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_bindings_follow_from_the_actions(name: str, actions: Sequence[Action]) -> None:
    """Each key that acts at once is bound under the action's id, hidden from Textual's own footer."""
    for action, binding in zip(
        [a for a in actions if a.plain_keys], bindings(actions), strict=True
    ):
        assert isinstance(binding, Binding)
        assert (binding.id, binding.action, binding.show) == (action.id, action.do, False)
        assert binding.key.split(",") == action.plain_keys


def test_letters_after_a_prefix_are_unique() -> None:
    """For pages and for things that are created."""
    for letters in ([page.letter for page in PAGES], [made.letter for made in CREATORS]):
        assert len(letters) == len(set(letters))


def _offers(*commands: str) -> list[Offer]:
    return [Offer(Action(f"x.{n}", "", "X", "x", name.partition(" NAME")[0], "X.", takes="NAME" if "NAME" in name else ""), None)  # type: ignore[arg-type]
            for n, name in enumerate(commands)]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "command", "word"),
    [
        ("mark", "mark", ""),
        ("mark all", "mark all", ""),
        ("  mark   all ", "mark all", ""),
        ("theme nord", "theme", "nord"),
        ("theme", "theme", ""),
        ("und", "undo", ""),
        ("ma", None, ""),
        ("mark al", "mark all", ""),
        ("undo twice", None, ""),
        ("", None, ""),
        ("nonsense", None, ""),
    ],
)
def test_a_line_is_read_as_a_command(line: str, command: str | None, word: str) -> None:
    """The longest name wins; a beginning is enough when it fits only one."""
    found = find_command(line, _offers("mark", "mark all", "theme NAME", "undo"))
    assert (found and (found[0].action.command, found[1])) == (command and (command, word))


def test_pairs_of_keys_form_a_table() -> None:
    """The innermost offer wins."""
    first = Action("a.one", "g g,home", "One", "x", "one", "X.")
    second = Action("b.two", "g g,g i", "Two", "x", "two", "X.")
    table = chords([Offer(first, None), Offer(second, None)])  # type: ignore[arg-type]
    assert {key: offer.action.id for key, offer in table["g"].items()} == {
        "g": "a.one",
        "i": "b.two",
    }


def test_keys_are_shown_as_people_read_them() -> None:
    assert shown("j,down") == "j ↓"
    assert shown("g comma") == "g ,"
    assert shown("question_mark,f1") == "? f1"
