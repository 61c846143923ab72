"""A person's own keys: `keymap.toml`, read line by line, so that what is wrong is said and the rest still counts.

[keys]
"inbox.approve" = "y"                  # the id of an action, and its key
"rows.down" = ["j", "down", "ctrl+e"]  # several keys
"go.inbox" = "g b"                     # two keys, one after the other
"board.lower" = []                     # none: `:` and the palette still have it
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from textual.keys import Keys, _character_to_key

from rusvel_tui.actions import NO_KEY, Action
from rusvel_tui.keys import NEVER

_NAMED = frozenset(key.value for key in Keys) | {"space", "minus", "plus"}
_MODIFIERS = ("ctrl+", "alt+", "shift+", "super+")
_OUTSIDE = "[keys]"


@dataclass(frozen=True, slots=True)
class Keymap:
    """Keys by the id of what they do, as `Action.keys` writes them."""

    path: Path | None = None
    keys: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    """Where in the file each id stands, from 1."""
    problems: tuple[str, ...] = ()
    """A sentence for each line that says nothing we can use."""

    def of(self, action: Action) -> str:
        """The keys of an action as they are now."""
        return self.keys.get(action.id, action.keys)

    def plain(self) -> dict[str, str]:
        """What Textual binds: keys that act at once; pairs of keys are the router's."""
        single = {
            id_: ",".join(key for key in keys.split(",") if key and " " not in key)
            for id_, keys in self.keys.items()
        }
        return {id_: keys or NO_KEY for id_, keys in single.items()}


def read_keymap(path: Path | None) -> Keymap:
    """The file of a person's own keys; without one the keys are as they come. Never raises."""
    if path is None:
        return Keymap()
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Keymap(path)
    except (OSError, UnicodeError) as error:
        return Keymap(path, problems=(f"{path} cannot be read: {error}.",))
    return parse_keymap(text, path)


def parse_keymap(text: str, path: Path) -> Keymap:
    """The keys that a text gives."""
    import tomllib

    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Keymap(
            path, problems=(f"{path.name} is not valid TOML, no key of it counts: {error}.",)
        )
    keys: dict[str, str] = {}
    lines = dict(_lines(text))
    problems = [f"{path.name}: put your keys below a line {_OUTSIDE}; {name} is not below it." for name in table if name != "keys"]  # fmt: skip
    for id_, value in _flat(table.get("keys", {})):
        try:
            keys[id_] = read_keys(value)
        except ValueError as error:
            problems.append(f"{path.name} line {lines.get(id_, 0)}: {id_} keeps its keys. {error}")
    return Keymap(path, keys, lines, tuple(problems))


def _lines(text: str) -> Iterator[tuple[str, int]]:
    for number, line in enumerate(text.splitlines(), 1):
        if found := re.match(r"""\s*["']?([\w.]+)["']?\s*=""", line):
            yield found[1], number


def _flat(table: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Ids with their values; TOML reads an id without quotes as tables inside tables."""
    if not isinstance(table, dict):
        return
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def read_keys(value: Any) -> str:
    """Keys as a person writes them, as `Action.keys` has them; raises `ValueError` with what to write instead."""
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
        raise ValueError('Write a key such as "y", or a list such as ["y", "f5"].')
    return ",".join(map(_read_key, listed))


def _read_key(written: str) -> str:
    """`?` as `question_mark`, `g I` as `g I`."""
    parts = [written] if written == " " else written.split()
    if not 1 <= len(parts) <= 2:
        raise ValueError(f"“{written}” is no key: write one, or two with a blank between.")
    return " ".join(map(_name, parts))


def _name(written: str) -> str:
    """Textual's name of one key."""
    if len(written) == 1:
        return "space" if written == " " else _character_to_key(written)
    key, rest = written.lower(), written
    while modifier := next((one for one in _MODIFIERS if rest.lower().startswith(one)), ""):
        rest = rest[len(modifier) :]
    if key in NEVER:
        raise ValueError(f"“{written}” does not arrive everywhere: terminals take or change it. Choose another.")  # fmt: skip
    known = len(rest) == 1 or rest.lower() in _NAMED or _is_spelled(rest.lower())
    if not known:
        raise ValueError(f"“{written}” is no key. Keys are written y, Y, ?, ctrl+e, f5, enter, down, “g x”.")  # fmt: skip
    before, sign = key[: -len(rest)], rest.lower() if len(rest) < len(key) else rest
    return before + (_character_to_key(sign) if len(sign) == 1 else sign.lower())


def _is_spelled(name: str) -> bool:
    """A sign by its name, such as `question_mark`."""
    return any(_character_to_key(sign) == name for sign in "?:;,.!/+-=<>[](){}*#%&|@$_")
