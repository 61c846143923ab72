"""Every key of every page, with its `:` name and what it does."""

from __future__ import annotations

from collections.abc import Iterator

from rusvel_tui.actions import Action, shown
from rusvel_tui.every_key import every_binding, every_part
from rusvel_tui.reference.markdown import code, sentence, table

NAMES = {
    "VirtualList": "Lists with marks",
    "OpenList": "Lists",
    "CursorList": "Moving in lists",
    "Board": "The board",
    "TextView": "Texts",
    "Feed": "Timelines",
    "Transcript": "Conversations",
    "TimelinePane": "The timeline of a record",
    "LinesPane": "The lines of an invoice",
    "SequenceEditor": "The editor of a sequence",
}
"""Panes by the name of their class, as people call them."""


def lines() -> Iterator[str]:
    """The page."""
    yield "`j ↓` means either key, `g i` one after the other. What stands behind `:` is typed there, found by"
    yield "`ctrl+p`, and changed in `keymap.toml` by its id. `rusvel config keys` prints your own."
    for part in every_part():
        yield from ("", f"## {NAMES.get(part.name, part.name)}", "")
        yield from table(("key", "command", "what it does", "id"), map(_row, part.actions))
    yield from ("", "## Dialogs", "")
    yield from table(
        ("key", "what it does", "id"),
        ((code(shown(one.key)), sentence(one.description), code(id_)) for id_, one in every_binding().items()),
    )  # fmt: skip


def _row(action: Action) -> tuple[str, ...]:
    command = f":{action.command}{' ' + action.takes if action.takes else ''}"
    return code(shown(action.keys)), code(command), action.help, code(action.id)
