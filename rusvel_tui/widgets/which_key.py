"""The strip that shows what the next key does, after a prefix or for a short choice. It waits without a time-out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual import events
from textual.geometry import Size
from textual.strip import Strip

from rusvel_tui.actions import shown
from rusvel_tui.widgets.lines import Painted, Piece, strip_of
from rusvel_tui.widgets.plain import cells, fit

Then = Callable[[str | None], None]


class WhichKey(Painted):
    """Lies over the lines above the footer while it waits."""

    OWN_WORDS = True

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.title = ""
        self.options: dict[str, str] = {}
        self._then: Then | None = None

    def on_mount(self) -> None:
        self.display = False

    @property
    def waiting(self) -> bool:
        """True while the next key belongs to the strip."""
        return self._then is not None

    def ask(self, title: str, options: Mapping[str, str], then: Then) -> None:
        """Show keys with their meaning; `then` is told the chosen key, None for any other."""
        self.cancel()
        self.title, self.options, self._then = title, dict(options), then
        self.display = True
        self.refresh(layout=True)

    def press(self, key: str) -> None:
        """Answer with a key; one that is not offered cancels and is swallowed."""
        then, self._then = self._then, None
        self.display = False
        if then is not None:
            then(key if key in self.options else None)

    def cancel(self) -> None:
        """Stop waiting."""
        self.press("")

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 1 + len(self._grid(width))

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        fill = self.look(row="strip")
        if y == 0:
            title = fit(self.title, width - 14)
            return strip_of(
                [
                    (f" {title}", self.look("strong", "strip")),
                    ("esc cancels ", self.look("muted", "strip")),
                ],
                width,
                fill,
            )
        rows = self._grid(width)
        pieces: list[Piece] = []
        for key in rows[y - 1] if y <= len(rows) else ():
            name = shown(key)
            pieces.append((f" {name} ", self.look("accent", "strip")))
            pieces.append((fit(self.options[key], self._cell() - cells(name) - 2), fill))
        return strip_of(pieces, width, fill)

    def on_click(self, event: events.Click) -> None:
        rows = self._grid(self.size.width)
        column = event.x // self._cell()
        if 1 <= event.y <= len(rows) and column < len(rows[event.y - 1]):
            self.press(rows[event.y - 1][column])

    def _cell(self) -> int:
        """The width of one option."""
        return (
            max(
                (cells(shown(key)) + cells(label) for key, label in self.options.items()), default=1
            )
            + 4
        )

    def _grid(self, width: int) -> list[list[str]]:
        """The keys in lines, as many to a line as fit."""
        keys = list(self.options)
        room = max(1, width // self._cell())
        return [keys[at : at + room] for at in range(0, len(keys), room)]
