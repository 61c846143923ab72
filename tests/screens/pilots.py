"""What screen tests share: a program around one widget, waiting for a condition, reading the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from textual.app import App, ComposeResult
from textual.message import Message
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widget import Widget

from rusvel_tui.widgets.bottom_bar import BottomBar
from rusvel_tui.widgets.desk_app import DeskApp

M = TypeVar("M", bound=Message)

ESCAPES = "a\x1b]52;c;cHduZWQ=\x1b\\b\x9b31mc\u202ed\x07\x08"
HOSTILE = (
    "[@click=app.exit]x[/]",
    "Acme [/] Ltd",
    "[/",
    "\\[b]",
    "[bold red]shout[/bold red]",
    "{{first_name}}",
    "$background {x!r} %s",
    ESCAPES,
    "\x1b[2J\x1b[1;1Hgone",
    "\x9d0;title\x9c",
    "line\r\nbreak\x0b\x85\u2028end",
    "\u202egnp.exe\u2066",
    "\ud800lone",
    "\U000e0041tag",
    "王小明 👩\u200d🚀 e\u0301 \ufe0f",
    "",
    " " * 300,
    "long " * 500,
)
"""Names as an attacker, a bad import and a careless colleague write them (reliability §5, rows 3 and 4)."""


class WidgetApp(DeskApp):
    """One widget on the screen, above the bottom bar; `seen` keeps the messages that it posts."""

    def __init__(self, *widgets: Widget) -> None:
        super().__init__()
        self.widgets = widgets
        self.seen: list[Message] = []

    def compose(self) -> ComposeResult:
        yield from self.widgets
        yield BottomBar()

    def on_mount(self) -> None:
        focusable = [widget for widget in self.widgets if widget.can_focus]
        if focusable:
            focusable[0].focus()

    def hear(self, message: Message) -> None:
        """A message hook for `run_test`."""
        if not any(message is other for other in self.seen):
            self.seen.append(message)

    def heard(self, kind: type[M]) -> list[M]:
        """All messages of a kind so far, in order."""
        return [message for message in self.seen if isinstance(message, kind)]


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys and let them have their effect."""
    await pilot.press(*keys)
    await pilot.pause()


async def settle(pilot: Pilot[Any], until: Callable[[], object], turns: int = 1500) -> None:
    """Let the program run until a condition holds."""
    for _ in range(turns):
        await pilot.pause(0.01)
        if until():
            return
    raise AssertionError("it never happened:\n" + "\n".join(screen_lines(pilot.app)))


def strips(app: App[Any]) -> Sequence[Strip]:
    """What is drawn now, line by line."""
    return app.screen._compositor.render_strips()


def screen_lines(app: App[Any]) -> list[str]:
    """The text of the screen."""
    return [strip.text.rstrip() for strip in strips(app)]


def shows(app: App[Any], text: str) -> bool:
    """True when a line of the screen holds that text."""
    return any(text in line for line in screen_lines(app))


def is_safe(app: App[Any]) -> bool:
    """True when nothing on the screen is a link or a control character."""
    for strip in strips(app):
        for segment in strip:
            linked = segment.style is not None and (
                segment.style.link or "@click" in segment.style.meta
            )
            control = any(
                ord(c) < 32 or 127 <= ord(c) < 160 or c in "\u202e\u2066\u2028"
                for c in segment.text
            )
            if linked or control:
                return False
    return True


@contextmanager
def painted(widget: Widget) -> Iterator[list[int]]:
    """The lines of a widget that are drawn meanwhile."""
    lines: list[int] = []
    draw = widget.render_line

    def counted(y: int) -> Strip:
        lines.append(y)
        return draw(y)

    widget.render_line = counted  # type: ignore[method-assign]
    try:
        yield lines
    finally:
        widget.render_line = draw  # type: ignore[method-assign]
