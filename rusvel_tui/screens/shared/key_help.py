"""`?`: what every key does here and now, found by typing; Enter does what the line says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen, Screen
from textual.strip import Strip
from textual.widgets import Input, Static

from rusvel_tui.actions import HERE, Offer, shown
from rusvel_tui.engine.text import fold
from rusvel_tui.widgets.cursor_list import CursorList
from rusvel_tui.widgets.lines import CURSOR, Piece, strip_of
from rusvel_tui.widgets.plain import cells, fit, plain

_KEYS = 14
_MOST_KEYS = 22


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key and what it does; without an offer it is only told about."""

    group: str
    keys: str
    help: str
    command: str = ""
    offer: Offer | None = None

    def holds(self, words: Sequence[str]) -> bool:
        """Whether all the words are in it."""
        text = fold(f"{self.keys} {self.help} {self.command} {self.group} {self._label}")
        return all(word in text for word in words)

    @property
    def _label(self) -> str:
        return self.offer.action.label if self.offer is not None else ""


def offer_lines(offers: Sequence[Offer]) -> list[KeyLine]:
    """The actions by group, this page first, in the order in which their parts list them."""
    lines = [
        KeyLine(one.action.group, shown(one.action.keys) or "–", one.action.help, f":{one.action.command}", one)
        for one in offers
    ]  # fmt: skip
    order = dict.fromkeys(line.group for line in lines)
    ranks = {group: rank for rank, group in enumerate(order)}
    return sorted(lines, key=lambda line: (line.group != HERE, ranks[line.group]))


def dialog_lines(screen: Screen[object]) -> list[KeyLine]:
    """The keys of a dialog, each once with all of its keys."""
    found: dict[str, tuple[str, list[str]]] = {}
    for key, active in screen.active_bindings.items():
        binding = active.binding
        if binding.id and binding.description and active.enabled:
            found.setdefault(binding.id, (binding.description, []))[1].append(key)
    return [KeyLine("This dialog", shown(",".join(keys)), f"{text}.") for text, keys in found.values()]  # fmt: skip


class KeyLines(CursorList, can_focus=False):
    """Keys under the names of their groups; the cursor passes over the names."""

    HEAD = 0

    @dataclass
    class Chosen(Message):
        """A click on the line under the cursor."""

        line: KeyLine

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[KeyLine | str] = []

    def show(self, lines: Sequence[KeyLine]) -> None:
        """Show these; the cursor goes to the first."""
        self.rows = list(_with_groups(lines))
        self.resize_rows(len(self.rows))
        self.cursor = 0
        self.cursor = self._near(0, 1)
        self.scroll_to(y=0, animate=False, force=True)

    @property
    def current(self) -> KeyLine | None:
        """The line under the cursor."""
        row = self.rows[self.cursor] if self.cursor < len(self.rows) else None
        return row if isinstance(row, KeyLine) else None

    def action_move(self, by: int) -> None:
        self.cursor = self._near(self.cursor + by, 1 if by > 0 else -1)

    def _near(self, index: int, by: int) -> int:
        """The line at that index, or the next one in that direction, or the one before."""
        index = self.validate_cursor(index)
        ways = (range(index, self.count), range(min(index, self.count - 1), -1, -1))
        for way in ways if by > 0 else reversed(ways):
            for at in way:
                if isinstance(self.rows[at], KeyLine):
                    return at
        return index

    def draw_head(self, y: int) -> Strip:
        return self.blank()

    def draw_row(self, index: int) -> Strip:
        row, width = self.rows[index], self.size.width
        if isinstance(row, str):
            return strip_of([(f" {row}", self.look("strong"))], width, self.look())
        here = "cursor" if index == self.cursor else ""
        return strip_of(self._pieces(row, here, width), width, self.look(row=here))

    def _pieces(self, row: KeyLine, here: str, width: int) -> list[Piece]:
        """The key, what it does, and its `:` name on the right."""
        bar = (CURSOR if here else " ", self.look("accent", here))
        wanted = min(_MOST_KEYS, max(_KEYS, width // 5))
        name = row.command if width >= 60 else ""
        room = width - wanted - 2 - (cells(name) + 2 if name else 0)
        return [
            bar,
            (fit(row.keys, wanted - 1) + " ", self.look("accent", here)),
            (fit(row.help, max(8, room)), self.look(row=here)),
            (f" {name} ", self.look("muted", here)),
        ]

    def on_click(self, event: events.Click) -> None:
        index = self.row_at(event)
        if index is None or not isinstance(line := self.rows[index], KeyLine):
            return
        if index == self.cursor or event.chain == 2:
            self.post_message(self.Chosen(line))
        self.cursor = index


def _with_groups(lines: Sequence[KeyLine]) -> Iterator[KeyLine | str]:
    before = ""
    for line in lines:
        if line.group != before:
            if before:
                yield ""
            yield line.group
        before = line.group
        yield line


class KeyHelp(ModalScreen[Offer | None]):
    """All keys that work where the person is. Dismissed with what they want done, or None."""

    BINDINGS = [
        Binding("escape", "close", "Close", show=False, id="help.close"),
        Binding("down", "move(1)", "Down", show=False, id="help.down"),
        Binding("up", "move(-1)", "Up", show=False, id="help.up"),
        Binding("pagedown", "move(10)", "Page down", show=False, id="help.page_down"),
        Binding("pageup", "move(-10)", "Page up", show=False, id="help.page_up"),
    ]

    def __init__(self, title: str, lines: Sequence[KeyLine], about: str = "", words: str = "") -> None:  # fmt: skip
        super().__init__()
        self.heading, self.lines, self.about, self.words = title, lines, about, words

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog help"):
            yield Static(plain(self.heading), classes="dialog-title")
            yield Input(self.words, placeholder="Type to find a key or a command", compact=True, select_on_focus=False)  # fmt: skip
            yield Static(plain(self.about), classes="dialog-text")
            yield KeyLines()
            yield Static("enter does it · ↑ ↓ move · esc closes", classes="dialog-hint")

    def on_mount(self) -> None:
        self._find(self.words)

    @property
    def listing(self) -> KeyLines:
        return self.query_one(KeyLines)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        if self.is_current:  # else the letters came faster than esc
            self._find(event.value)

    def _find(self, typed: str) -> None:
        found = [line for line in self.lines if line.holds(fold(typed).split())]
        self.listing.show(found)
        text = self.query_one(".dialog-text", Static)
        text.display = bool(self.about and not typed) or not found
        text.update(plain(self.about if found else f"Nothing fits “{typed}”."))

    @on(Input.Submitted)
    def _entered(self) -> None:
        if self.listing.current is not None:
            self._choose(self.listing.current)

    @on(KeyLines.Chosen)
    def _clicked(self, event: KeyLines.Chosen) -> None:
        self._choose(event.line)

    def _choose(self, line: KeyLine) -> None:
        if line.offer is not None:
            self.dismiss(line.offer)

    def action_move(self, by: int) -> None:
        """Move while the focus stays in the search."""
        self.listing.action_move(by)

    def action_close(self) -> None:
        """Back to the page."""
        self.dismiss(None)
