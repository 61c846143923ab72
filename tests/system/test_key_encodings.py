"""(d) Every key that does something arrives through the real driver as the key it is, in both ways terminals write keys."""

from __future__ import annotations

import json
import os
import string
import sys
from pathlib import Path

import pytest
from textual.keys import _character_to_key

from rusvel_tui.every_key import every_part
from tests.system.terminals import Terminal

PROGRAM = """
import json, sys
from textual import events
from rusvel_tui.widgets.desk_app import DeskApp
from rusvel_tui.widgets.bottom_bar import BottomBar
from textual.widgets import Static

class Keys(DeskApp):
    CSS_PATH = None
    def compose(self):
        yield Static("heard 0 .", id="count", markup=False)
        yield BottomBar()
    def on_mount(self):
        self.heard = []
    async def on_event(self, event):
        if isinstance(event, events.Key) and not event.is_forwarded:
            self.heard.append(event.key)
            self.query_one("#count").update(f"heard {len(self.heard)} .")
            open(sys.argv[1], "w").write(json.dumps(self.heard))
        else:
            await super().on_event(event)

Keys().run()
"""
LEGACY = {
    "enter": "\r", "tab": "\t", "shift+tab": "\x1b[Z", "space": " ", "home": "\x1b[H", "end": "\x1b[F",
    "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D",
    "shift+up": "\x1b[1;2A", "shift+down": "\x1b[1;2B", "shift+right": "\x1b[1;2C", "shift+left": "\x1b[1;2D",
    "pageup": "\x1b[5~", "pagedown": "\x1b[6~", "f1": "\x1bOP", "escape": "\x1b",
}  # fmt: skip
KITTY = LEGACY | {"f1": "\x1b[P", "escape": "\x1b[27u"}
"""The kitty protocol as we ask for it writes what was ambiguous in another way, and the rest as before."""


def keys() -> list[str]:
    """Each key of the whole keymap once; Escape last, since what comes right behind it would be read as one with it."""
    every = {
        one
        for part in every_part()
        for action in part.actions
        for key in action.keys.split(",")
        for one in key.split(" ")
        if one
    }
    return [*sorted(every - {"escape"}), "escape"]


def written(key: str, table: dict[str, str], *, kitty: bool) -> str:
    """What a terminal sends for a key."""
    if key in table:
        return table[key]
    if key.startswith("ctrl+"):
        letter = key.removeprefix("ctrl+")
        return f"\x1b[{ord(letter)};5u" if kitty else chr(ord(letter) & 31)
    return key if len(key) == 1 else _sign(key)


def _sign(name: str) -> str:
    """The character that Textual calls by that name."""
    return next(sign for sign in string.punctuation if _character_to_key(sign) == name)


@pytest.mark.parametrize("kitty", [False, True], ids=["legacy", "kitty"])
def test_each_key_arrives_as_itself(tmp_path: Path, kitty: bool) -> None:
    program = tmp_path / "keys.py"
    program.write_text(PROGRAM)
    heard = tmp_path / "heard.json"
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONUTF8": "1"}  # fmt: skip
    wanted = keys()
    with Terminal((sys.executable, str(program), str(heard)), env) as terminal:
        terminal.until("heard 0 .", limit=60)
        for key in wanted[:-1]:
            terminal.press(written(key, KITTY if kitty else LEGACY, kitty=kitty))
        terminal.until(f"heard {len(wanted) - 1} .")
        terminal.press(written("escape", KITTY if kitty else LEGACY, kitty=kitty))
        terminal.until(f"heard {len(wanted)} .")
    assert json.loads(heard.read_text()) == wanted
