"""The reference pages, written from the code: `make docs` writes them, and a test compares.

Each module here writes one page from one registry, so that a page cannot say what the code does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from rusvel_tui.reference import commands, events, keys, man, operations, settings, words

HOW = "Written from the code by `make docs`; do not edit."


class Page(NamedTuple):
    """One page: its file below `docs/reference`, its title, its line in the contents, and what writes it."""

    file: str
    title: str
    summary: str
    lines: Callable[[], Iterator[str]]


PAGES = (
    Page("commands.md", "Commands", "every command with its options, and the exit codes", commands.lines),
    Page("settings.md", "Settings", "every variable with its default, and `config.toml`", settings.lines),
    Page("keys.md", "Keys", "every key of every page, with its `:` name", keys.lines),
    Page("operations.md", "Operations", "everything that can be called, in one table", operations.lines),
    Page("events.md", "Events", "everything that can happen, with what is told about it", events.lines),
    Page("words.md", "Words", "filters, merge fields, steps, work in the background", words.lines),
)  # fmt: skip
"""Add yours here."""


def files() -> dict[str, str]:
    """Every written file by its path below the root of the project."""
    made = {f"docs/reference/{page.file}": _page(page.title, page.lines()) for page in PAGES}
    for area in operations.areas():
        made[f"docs/reference/operations/{area}.md"] = _page(area, operations.area_lines(area))
    from rusvel_tui.completion import words as completion

    made["docs/rusvel.1"] = man.page()
    made["rusvel_tui/completion/words.json"] = completion.text()
    made["docs/reference.md"] = contents()
    return made


def contents() -> str:
    """The page that leads to the others."""
    return _page("Reference", _contents())


def _contents() -> Iterator[str]:
    yield from (f"- [{page.title}](reference/{page.file}): {page.summary}" for page in PAGES)
    yield ""
    yield "The fields of each operation, by area:"
    yield ""
    yield from (f"- [{area}](reference/operations/{area}.md)" for area in operations.areas())
    yield ""
    yield "`rusvel help NAME` shows the same about one name, and `man docs/rusvel.1` the manual page."


def _page(title: str, lines: Iterator[str]) -> str:
    return "\n".join([f"# {title}", "", HOW, "", *lines]).rstrip() + "\n"
