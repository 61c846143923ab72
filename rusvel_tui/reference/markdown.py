"""Tables of Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """A table, one line for each row."""
    yield row(head)
    yield "|" + "---|" * len(head)
    yield from map(row, rows)


def row(cells: tuple[str, ...]) -> str:
    """A line of a table; what would end a cell is written otherwise."""
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def code(text: str) -> str:
    """As code; nothing for nothing."""
    mark = "``" if "`" in text else "`"
    pad = " " if "`" in text else ""
    return f"{mark}{pad}{text}{pad}{mark}" if text else ""


def sentence(text: str) -> str:
    """A text as a sentence: a capital at its start and a dot at its end."""
    whole = " ".join(text.split())
    return f"{whole[:1].upper()}{whole[1:]}{'' if whole.endswith(('.', '!', '?')) else '.'}"
