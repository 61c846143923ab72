"""All keys of the program, by the part of it where they work: for listing them, and for checking a person's own."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import import_module

from textual.binding import Binding
from textual.dom import DOMNode

import rusvel_tui.screens
import rusvel_tui.widgets
from rusvel_tui.actions import Action, Acts, shown, with_keys
from rusvel_tui.keymap import Keymap
from rusvel_tui.screens import CREATORS, PAGES

DIALOGS = "Dialogs and lines"
EVERYWHERE = "Everywhere"
PANES = ("VirtualList", "Board", "TextView")
"""What most pages are made of; their keys work inside of every page that has one."""


@dataclass(frozen=True, slots=True)
class Part:
    """A page, a pane or the whole program, with what its keys do."""

    name: str
    actions: tuple[Action, ...]
    is_page: bool = False


@cache
def every_part() -> tuple[Part, ...]:
    """Pages in the order of their tabs, panes, and what works everywhere. Imports all of the screens."""
    _import_all()
    pages = {entry.load(): entry.title for entry in PAGES}
    parts = [Part(title, tuple(declared(page)), is_page=True) for page, title in pages.items()]
    panes = sorted(
        (
            kind
            for kind in below(Acts)
            if "ACTIONS" in kind.__dict__ and not _page_like(kind, pages)
        ),
        key=lambda kind: kind.__name__,
    )
    parts += [Part(kind.__name__, tuple(declared(kind))) for kind in panes]
    return (*parts, Part(EVERYWHERE, tuple(everywhere())))


def every_action() -> dict[str, Action]:
    """All actions by their id."""
    return {action.id: action for part in every_part() for action in part.actions}


@cache
def every_binding() -> dict[str, Binding]:
    """What dialogs and lines to type in bind besides actions, by id."""
    _import_all()
    found: dict[str, Binding] = {}
    for kind in below(DOMNode):
        if kind.__module__.startswith("rusvel_tui."):
            listed: Sequence[object] = kind.__dict__.get("BINDINGS", ())
            found |= {one.id: one for one in listed if isinstance(one, Binding) and one.id}
    return {id_: one for id_, one in sorted(found.items()) if id_ not in every_action()}


def declared(kind: type) -> Iterator[Action]:
    """All actions of a class, its parents' included."""
    for base in kind.__mro__:
        yield from base.__dict__.get("ACTIONS", ())


def everywhere() -> Iterator[Action]:
    """What works on every page."""
    from rusvel_tui.shell import Shell

    yield from declared(Shell)
    yield from (page.action for page in PAGES)
    yield from (made.action for made in CREATORS)


def key_rows(keymap: Keymap) -> Iterator[dict[str, str]]:
    """A line for each action and each key of a dialog, with the keys that count."""
    told: set[str] = set()
    for part in every_part():
        for action in (one for one in part.actions if one.id not in told):
            told.add(action.id)
            keys, own = shown(keymap.of(action)), "yours" if action.id in keymap.keys else ""
            yield _row(part.name, action.id, keys, own, f":{action.command}", action.help)
    for id_, binding in every_binding().items():
        own, keys = "yours" if id_ in keymap.keys else "", keymap.keys.get(id_, binding.key)
        yield _row(DIALOGS, id_, shown(keys), own, "", f"{binding.description}.")


def _row(*values: str) -> dict[str, str]:
    return dict(zip(("where", "id", "keys", "from", "command", "help"), values, strict=True))


def faults(keymap: Keymap) -> list[str]:
    """What is wrong with a person's own keys: ids that nothing has, and keys with two meanings on one page."""
    known = {**every_action(), **every_binding()}
    return [*_unknown(keymap, known), *_clashes(keymap)]


def _unknown(keymap: Keymap, known: Mapping[str, object]) -> Iterator[str]:
    for id_ in keymap.keys:
        if id_ not in known:
            close = get_close_matches(id_, known, 1)
            meant = f" Did you mean {close[0]}?" if close else ""
            yield f"{_line(keymap, id_)}: nothing is called {id_}.{meant} `rusvel config keys` lists all."


def _clashes(keymap: Keymap) -> Iterator[str]:
    """Each clash once, with the page where it is met first."""
    parts = every_part()
    around = next(part for part in parts if part.name == EVERYWHERE)
    panes = [part for part in parts if part.name in PANES]
    told: set[tuple[str, str]] = set()
    for page in (part for part in parts if part.is_page):
        for pane in panes:
            here = {one.id: one for part in (pane, page, around) for one in part.actions}
            for mine, other, key in _doubles(keymap, here.values()):
                if (mine, other) not in told:
                    told |= {(mine, other), (other, mine)}
                    yield f"{_line(keymap, mine)}: {shown(key)} is the key of {other} on the page {page.name}, too. Give one of them another."


def _doubles(keymap: Keymap, actions: Iterable[Action]) -> Iterator[tuple[str, str, str]]:
    """Changed actions whose key, or the first of whose two keys, belongs to another one as well."""
    owners: dict[str, list[str]] = {}
    first: dict[str, str] = {}
    for action in actions:
        for key in with_keys(action, keymap.keys).keys.split(","):
            owners.setdefault(key, []).append(action.id)
            if " " in key:
                first.setdefault(key.split(" ")[0], action.id)
    for key, ids in owners.items():
        ids = [*ids, first[key]] if key in first else ids
        mine = next((one for one in ids if one in keymap.keys), None)
        if key and mine is not None:
            yield from ((mine, other, key) for other in ids if other != mine)


def _line(keymap: Keymap, id_: str) -> str:
    name = keymap.path.name if keymap.path else "keymap"
    return f"{name} line {keymap.lines.get(id_, 0)}"


def _page_like(kind: type, pages: Mapping[type, str]) -> bool:
    """A page, a class that pages are made from, or the program: their actions stand under the page."""
    from rusvel_tui.shell import Shell

    return issubclass(Shell, kind) or any(issubclass(page, kind) for page in pages)


def below(kind: type) -> Iterator[type]:
    """All classes made from this one."""
    children: list[type] = kind.__subclasses__()
    for one in children:
        yield one
        yield from below(one)


def _import_all() -> None:
    for package in (rusvel_tui.widgets, rusvel_tui.screens):
        names = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        for module in names:
            import_module(module.name)


__all__: Sequence[str] = ("DIALOGS", "EVERYWHERE", "Part", "below", "declared", "every_action", "every_binding", "every_part", "everywhere", "faults")  # fmt: skip
