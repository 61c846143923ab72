"""The first line of the screen: the tabs, and what the desk is doing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.style import Style
from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from rusvel_tui.widgets.lines import CURSOR, Painted, Piece, strip_of
from rusvel_tui.widgets.plain import cells, fit


@dataclass(frozen=True, slots=True)
class Tab:
    """A page in the header: its name, its short name for narrow terminals, and its letter after `g`."""

    id: str
    title: str
    short: str
    letter: str


@dataclass(frozen=True, slots=True)
class Light:
    """One state in the header, in full and in few cells; a higher `drop` goes first when it is narrow."""

    text: str
    short: str = ""
    tone: str = "muted"
    drop: int = 0
    page: str = ""
    """The page that a click on it opens."""


class Header(Painted):
    """Tabs on the left, states on the right, on one line."""

    active: reactive[str] = reactive("")
    lights: reactive[tuple[Light, ...]] = reactive(())
    marks: reactive[dict[str, str]] = reactive(dict)
    """Signs behind names of tabs: work that goes on there while another one is in front."""

    @dataclass
    class Chosen(Message):
        """A click on a tab."""

        tab: str

    def __init__(
        self, tabs: Sequence[Tab], beside: Sequence[Tab] = (), *, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self.tabs = tabs
        self.beside = beside
        """Pages that have no tab: such a one is named while it is in front."""
        self._places: list[tuple[str, str]] = []
        """The pages of the states that are drawn, with what takes up their room."""

    @property
    def shown(self) -> list[Tab]:
        """The tabs, and the page in front if it has none."""
        return [*self.tabs, *(page for page in self.beside if page.id == self.active)]

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        fill = self.look(row="head")
        left = [piece for tab in self.shown for piece in self._tab(tab)]
        used = sum(cells(text) for text, _ in left)
        right = self._right(width - used - 1)
        space = width - used - sum(cells(text) for text, _ in right)
        return strip_of([*left, (" " * space, fill), *right], width, fill)

    def tab_at(self, x: int) -> str | None:
        """The tab that covers that cell of the line."""
        for tab in self.shown:
            x -= sum(cells(text) for text, _ in self._tab(tab))
            if x < 0:
                return tab.id
        return None

    def starts(self) -> Iterator[tuple[int, str]]:
        """Where each tab begins, and its id."""
        x = 0
        for tab in self.shown:
            yield x, tab.id
            x += sum(cells(text) for text, _ in self._tab(tab))

    def choose(self, tab: str) -> None:
        """As if the tab were clicked."""
        self.post_message(self.Chosen(tab))

    def on_click(self, event: events.Click) -> None:
        if (tab := self.tab_at(event.x)) is not None:
            self.choose(tab)
        elif page := self._light_at(event.x):
            self.choose(page)

    def _light_at(self, x: int) -> str:
        """The page that a state on the right is about."""
        at = self.size.width
        for page, text in reversed(self._places):
            at -= cells(text)
            if x >= at:
                return page
        return ""

    def _tab(self, tab: Tab) -> list[Piece]:
        """A tab's name with its letter underlined; the bar marks the active one."""
        name = tab.title if self.size.width >= 120 else tab.short
        name += f" {mark}" if (mark := self.marks.get(tab.id)) else ""
        active = tab.id == self.active
        look = self.look("strong" if active else "muted", "tab" if active else "head")
        at = name.lower().find(tab.letter)
        letter = look + Style(underline=True)
        bar = (CURSOR if active else " ", self.look("accent", "tab" if active else "head"))
        if at < 0:
            return [bar, (name + " ", look)]
        return [bar, (name[:at], look), (name[at], letter), (name[at + 1 :] + " ", look)]

    def _right(self, room: int) -> list[Piece]:
        """The states that fit, in full if possible, else in short, else without the least important."""
        shown = [light for light in self.lights if light.text]
        texts = [light.text for light in shown]
        if _length(texts) > room:
            texts = [light.short or light.text for light in shown]
        while shown and _length(texts) > room:
            at = max(range(len(shown)), key=lambda i: shown[i].drop)
            del shown[at], texts[at]
        pieces: list[Piece] = []
        self._places = [(one.page, f"{text} · ") for one, text in zip(shown, texts, strict=True)]
        for light, text in zip(shown, texts, strict=True):
            if pieces:
                pieces.append((" · ", self.look("faint", "head")))
            pieces.append((fit(text, cells(text)), self.look(light.tone, "head")))
        return [*pieces, (" ", self.look(row="head"))]


def _length(texts: Iterable[str]) -> int:
    return sum(cells(text) + 3 for text in texts) - 2
