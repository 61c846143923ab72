"""What there is to read about a name, over the page: a topic, an operation, an event, a setting."""

from __future__ import annotations

from dataclasses import dataclass

from rusvel_tui.engine.errors import NotFound
from rusvel_tui.screens.shared.dialogs import Reader
from rusvel_tui.widgets.charts.drawn import Drawn, Line, Table


@dataclass(frozen=True, slots=True)
class Written(Drawn):
    """Markdown as a block of a `TextView`."""

    text: str

    def lines(self, width: int) -> tuple[Line, ...]:
        """Its lines at a width."""
        from rusvel_tui.widgets.chat.markdown_lines import markdown_lines

        return tuple(markdown_lines(self.text, width))

    def table(self) -> Table:
        """One cell to a line."""
        return tuple((line,) for line in self.text.splitlines())


def topic_reader(name: str) -> Reader | None:
    """The text about a name; None when nothing is called so."""
    from rusvel_tui.help.looking_up import look_up

    try:
        text = look_up(name)
    except NotFound:
        return None
    title, _, rest = text.partition("\n")
    return Reader(title.lstrip("# "), (Written(rest.strip()),))
