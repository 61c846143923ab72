"""Actions: what a person can do, as data from which bindings, help, the `:` line and the palette follow.

Every action has a plain key, a `:` name and, through that name, a palette entry. Whoever can do something lists
it in its `ACTIONS`: the widget, the page or the app. What counts at a moment is `available(screen)`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

if TYPE_CHECKING:
    from textual.dom import DOMNode
    from textual.screen import Screen

HERE, MOVE, MARKING, VIEW, GO, CREATE, APP = (
    "This page",
    "Move",
    "Mark",
    "View",
    "Go to",
    "Create",
    "Application",
)

NO_KEY = "none"
"""A key that no keyboard has: what a person took the keys of stays bound to this."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something a person can do, wherever they ask for it."""

    id: str
    """`where.what`: `rows.open`, `inbox.approve`. The settings file names it to change its keys."""
    keys: str
    """Textual key names by comma; two of them with a blank between are pressed one after the other: `j,down`, `g i`."""
    label: str
    """One or two words, for the footer and the strip of keys."""
    do: str
    """The Textual action, on the node that lists it: `open`, `move(1)`."""
    command: str
    """The `:` name."""
    help: str
    """One sentence."""
    group: str = HERE
    takes: str = ""
    """The name of the word that the `:` command takes, which is passed to the action as text; `[NAME]` can be left out."""
    foot: bool = False
    """Shown in the footer."""

    @property
    def plain_keys(self) -> list[str]:
        """Keys that act at once."""
        return [key for key in self.keys.split(",") if key and " " not in key]

    @property
    def chords(self) -> list[tuple[str, str]]:
        """Pairs of prefix and key."""
        pairs = (key.split(" ") for key in self.keys.split(",") if " " in key)
        return [(first, second) for first, second in pairs]


class Acts:
    """Mixed into a widget, page or app: its `ACTIONS` become its bindings."""

    ACTIONS: ClassVar[tuple[Action, ...]] = ()
    """What this class adds to what its parents can do."""

    def __init_subclass__(cls, **how: Any) -> None:
        if "ACTIONS" in cls.__dict__:
            cls.BINDINGS = bindings(cls.ACTIONS)  # type: ignore[attr-defined]  # a DOMNode is beside this class
        super().__init_subclass__(**how)

    def offered(self) -> Iterator[Action]:
        """All that this node can do, its parents' classes included."""
        for base in type(self).__mro__:
            yield from base.__dict__.get("ACTIONS", ())


@dataclass(frozen=True, slots=True)
class Offer:
    """An action that can be done now, and the node that does it."""

    action: Action
    node: DOMNode


def bindings(actions: Iterable[Action]) -> list[BindingType]:
    """Textual's bindings for the keys that act at once."""
    return [
        Binding(",".join(action.plain_keys), action.do, action.label, show=False, id=action.id)
        for action in actions
        if action.plain_keys
    ]


def available(screen: Screen[Any]) -> list[Offer]:
    """What can be done where the focus is, the innermost first; nothing behind a dialog counts."""
    return offers_from(screen.focused or screen)


def offers_from(start: DOMNode) -> list[Offer]:
    """What could be done if the focus were on that node."""
    offers: dict[str, Offer] = {}
    own: Mapping[str, str] = getattr(start.app, "own_keys", {})
    for node in start.ancestors_with_self:
        for action in node.offered() if isinstance(node, Acts) else ():
            name = action.do.partition("(")[0]
            if action.id not in offers and node.check_action(name, ()) is not False:
                offers[action.id] = Offer(with_keys(action, own), node)
        if node.is_modal:
            break
    return list(offers.values())


def with_keys(action: Action, own: Mapping[str, str]) -> Action:
    """The action with the keys that the person gave it, if they did."""
    return replace(action, keys=own[action.id]) if action.id in own else action


def chords(offers: Iterable[Offer]) -> dict[str, dict[str, Offer]]:
    """For each prefix key what the second key does."""
    table: dict[str, dict[str, Offer]] = {}
    for offer in offers:
        for first, second in offer.action.chords:
            table.setdefault(first, {}).setdefault(second, offer)
    return table


def find_command(text: str, offers: Iterable[Offer]) -> tuple[Offer, str] | None:
    """The offer that a `:` line means and the word it is given; a beginning that fits only one is enough."""
    line = " ".join(text.split())
    by_name: dict[str, Offer] = {}
    for offer in offers:
        by_name.setdefault(offer.action.command, offer)
    for name in sorted(by_name, key=len, reverse=True):
        rest = line.removeprefix(name)
        if rest != line and (not rest or (rest[0] == " " and by_name[name].action.takes)):
            return by_name[name], rest.strip()
    close = [name for name in by_name if line and name.startswith(line)]
    return (by_name[close[0]], "") if len(close) == 1 else None


_SHOWN = {
    "escape": "esc", "question_mark": "?", "colon": ":", "slash": "/", "full_stop": ".", "comma": ",", "plus": "+",
    "minus": "-", "down": "↓", "up": "↑", "left": "←", "right": "→", "pagedown": "PgDn", "pageup": "PgUp",
    "exclamation_mark": "!", "left_square_bracket": "[", "right_square_bracket": "]", "equals_sign": "=",
    "greater_than_sign": ">", "less_than_sign": "<", "semicolon": ";",
}  # fmt: skip


def shown(keys: str) -> str:
    """Keys as a person reads them: `j ↓`, `g i`."""
    return " ".join(
        " ".join(_SHOWN.get(part, part) for part in key.split(" ")) for key in keys.split(",")
    )


def first_key(action: Action) -> str:
    """The key to name when there is room for one."""
    return shown(action.keys.split(",")[0])
