"""Dialogs: typed questions. They answer and do nothing else; forms are in `widgets/form.py`."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

from rusvel_tui.actions import HERE, Offer, shown
from rusvel_tui.engine.text import fold
from rusvel_tui.widgets.plain import plain
from rusvel_tui.widgets.text_view import Block, Fact, Heading, Prose, TextView


class Confirm(ModalScreen[bool]):
    """Yes or no. The focus stands on no, so that a hasty Enter does no harm."""

    BINDINGS = [
        Binding("y", "answer(True)", "Yes", show=False, id="confirm.yes"),
        Binding("n,escape,q", "answer(False)", "No", show=False, id="confirm.no"),
        Binding("left,h", "app.focus_previous", show=False),
        Binding("right,l", "app.focus_next", show=False),
    ]

    def __init__(
        self, question: str, *, detail: str = "", yes: str = "Yes", no: str = "No"
    ) -> None:
        super().__init__()
        self.question, self.detail = question, detail
        self.yes, self.no = yes, no

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(plain(self.question), classes="dialog-title")
            if self.detail:
                yield Static(plain(self.detail), classes="dialog-text")
            with Horizontal(classes="dialog-buttons"):
                yield Button(plain(self.no), compact=True, id="no")
                yield Button(plain(self.yes), compact=True, id="yes")
                yield Static("y yes · n no", classes="dialog-keys")

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.action_answer(event.button.id == "yes")

    def action_answer(self, yes: bool) -> None:
        """Close with this answer."""
        self.dismiss(yes)


class Reader(ModalScreen[None]):
    """Text in full, over the page."""

    BINDINGS = [Binding("escape,q,enter", "close", "Close", show=False, id="reader.close")]

    def __init__(self, title: str, blocks: Sequence[Block], *, paper: bool = False) -> None:
        super().__init__()
        self.heading, self.blocks = title, blocks
        self.paper = paper
        """Whether it is laid out for 78 columns already and needs them all."""

    def compose(self) -> ComposeResult:
        with Vertical(classes=f"dialog reader{' -paper' if self.paper else ''}"):
            yield Static(plain(self.heading), classes="dialog-title")
            yield TextView(self.blocks)

    def on_mount(self) -> None:
        self.query_one(TextView).focus()

    def action_close(self) -> None:
        """Back to the page."""
        self.dismiss(None)


class Help(ModalScreen[None]):
    """All keys that work where the person is, found by typing."""

    BINDINGS = [
        Binding("escape", "close", "Close", show=False, id="help.close"),
        Binding("down", "scroll(1)", show=False),
        Binding("up", "scroll(-1)", show=False),
        Binding("pagedown", "scroll(10)", show=False),
        Binding("pageup", "scroll(-10)", show=False),
    ]

    def __init__(self, title: str, offers: Sequence[Offer], about: str = "") -> None:
        super().__init__()
        self.heading, self.offers, self.about = title, offers, about

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog help"):
            yield Static(plain(self.heading), classes="dialog-title")
            yield Input(placeholder="Type to find a key or a command; esc closes", compact=True)
            yield TextView(help_blocks(self.offers, about=self.about))

    @on(Input.Changed)
    def _find(self, event: Input.Changed) -> None:
        about = "" if event.value else self.about
        self.query_one(TextView).show(help_blocks(self.offers, event.value, about))

    def action_scroll(self, by: int) -> None:
        """Scroll the text while the focus stays in the search."""
        self.query_one(TextView).action_scroll(by)

    def action_close(self) -> None:
        """Back to the page."""
        self.dismiss(None)


def help_blocks(offers: Sequence[Offer], wanted: str = "", about: str = "") -> list[Block]:
    """The actions that fit the words, by group, each with its keys, its meaning and its `:` name."""
    words = fold(wanted).split()
    groups: dict[str, list[Block]] = {}
    for offer in offers:
        action = offer.action
        line = f"{action.help}  :{action.command}"
        if all(
            word in fold(f"{action.keys} {action.label} {line} {action.group}") for word in words
        ):
            groups.setdefault(action.group, []).append(Fact(shown(action.keys) or "–", line))
    blocks: list[Block] = [Prose(about, "muted")] if about else []
    for group, facts in sorted(groups.items(), key=lambda item: item[0] != HERE):  # this page first
        blocks += [Heading(group), *facts]
    return blocks or [Prose(""), Prose(f"Nothing fits “{wanted}”.", "muted")]
