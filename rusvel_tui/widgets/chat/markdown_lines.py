"""Markdown as lines in named tones. Links are shown with their address and do nothing; HTML is text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode as Node
from rich.cells import chop_cells

from rusvel_tui.widgets.charts.drawn import Line
from rusvel_tui.widgets.chat.runs import Run, length, wrap_runs
from rusvel_tui.widgets.plain import cells, tidy

READABLE = 92
"""Lines of prose are not longer than this, however wide the terminal is."""
_DEEPEST = 12
"""What is nested deeper is shown as text."""
_BULLETS = ("•", "◦", "▪")


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "maxNesting": 40}).enable(
        ["table", "strikethrough"]
    )


def markdown_lines(text: str, width: int) -> list[Line]:
    """A whole text at a width in cells."""
    return [line for _, lines in markdown_blocks(text, width) for line in lines]


def markdown_blocks(text: str, width: int) -> list[tuple[int, list[Line]]]:
    """Each block with the number of the source line it begins at; the blank line between two belongs to the second."""
    root = Node(_reader().parse(tidy(text)))
    made: list[tuple[int, list[Line]]] = []
    for node in root.children:
        lines = _block(node, min(width, READABLE) if node.type != "table" else width, 0)
        made.append((node.map[0] if node.map else 0, [(), *lines] if made else lines))
    return made


def _block(node: Node, width: int, depth: int) -> list[Line]:
    draw = _BLOCKS.get(node.type)
    if draw is None or depth > _DEEPEST:
        return wrap_runs([(node.content or "", "")], width) if node.content else []
    return draw(node, max(4, width), depth)


def _blocks(nodes: Sequence[Node], width: int, depth: int, *, tight: bool = False) -> list[Line]:
    lines: list[Line] = []
    for node in nodes:
        lines += [()] * bool(lines and not tight)
        lines += _block(node, width, depth + 1)
    return lines


def _paragraph(node: Node, width: int, depth: int) -> list[Line]:
    return wrap_runs(_inline(node), width)


def _heading(node: Node, width: int, depth: int) -> list[Line]:
    runs: list[Run] = [(text, tone or "strong") for text, tone in _inline(node)]
    lines = wrap_runs(runs, width)
    if node.tag == "h1":
        lines.append((("─" * max(map(length, lines), default=1), "rule"),))
    return lines


def _code(node: Node, width: int, depth: int) -> list[Line]:
    """Code keeps its line ends; a long line is broken, not cut."""
    return [
        (("│ ", "rule"), (part, "code"))
        for line in node.content.removesuffix("\n").split("\n")
        for part in chop_cells(line, width - 2) or [""]
    ]


def _quote(node: Node, width: int, depth: int) -> list[Line]:
    inner = _blocks(node.children, width - 2, depth)
    return [(("▎ ", "rule"), *((text, tone or "muted") for text, tone in line)) for line in inner]


def _list(node: Node, width: int, depth: int) -> list[Line]:
    first = int(node.attrs.get("start") or 1)
    bullet = _BULLETS[min(depth // 2, len(_BULLETS) - 1)]
    lines: list[Line] = []
    tight = all(part.hidden for item in node.children for part in item.children if part.type == "paragraph")  # fmt: skip
    for number, item in enumerate(node.children, first):
        sign = f"{number}. " if node.type == "ordered_list" else f"{bullet} "
        inner = _blocks(item.children, width - cells(sign), depth, tight=tight) or [()]
        lines += [()] * bool(lines and not tight)
        lines.append(((sign, "accent"), *inner[0]))
        lines += [((" " * cells(sign), ""), *line) if line else () for line in inner[1:]]
    return lines


def _rule(node: Node, width: int, depth: int) -> list[Line]:
    return [(("─" * width, "rule"),)]


def _table(node: Node, width: int, depth: int) -> list[Line]:
    rows = [row for part in node.children for row in part.children]
    grid = [[_inline(cell) for cell in row.children] for row in rows]
    if not grid or not grid[0]:
        return []
    sizes = _sizes(grid, width)
    rights = ["right" in str(cell.attrs.get("style", "")) for cell in rows[0].children]
    lines: list[Line] = []
    for index, row in enumerate(grid):
        runs = [[(text, "strong" if index == 0 else tone) for text, tone in cell] for cell in row]
        lines += _row(runs, sizes, rights)
        if index == 0:
            lines.append(tuple(("─" * size + ("─┼─" if at < len(sizes) - 1 else ""), "rule") for at, size in enumerate(sizes)))  # fmt: skip
    return lines


def _sizes(grid: Sequence[Sequence[Sequence[Run]]], width: int) -> list[int]:
    """The columns' widths: what they need, the widest give way."""
    count = len(grid[0])
    sizes = [
        max(1, *(sum(cells(tidy(text)) for text, _ in row[at]) for row in grid if at < len(row)))
        for at in range(count)
    ]
    room = max(count * 3, width - 3 * (count - 1))
    while sum(sizes) > room:
        widest = sizes.index(max(sizes))
        sizes[widest] -= 1
    return sizes


def _row(row: Sequence[Sequence[Run]], sizes: Sequence[int], rights: Sequence[bool]) -> list[Line]:
    columns = [wrap_runs(cell, size) for cell, size in zip(row, sizes, strict=False)]
    lines: list[Line] = []
    for at in range(max(map(len, columns), default=0)):
        pieces: list[Run] = []
        for number, (column, size) in enumerate(zip(columns, sizes, strict=False)):
            cell = column[at] if at < len(column) else ()
            blank = (" " * (size - length(cell)), "")
            pieces += [blank, *cell] if rights[number] else [*cell, blank]
            if number < len(sizes) - 1:
                pieces.append((" │ ", "rule"))
        lines.append(tuple(pieces))
    return lines


_BLOCKS: dict[str, Callable[[Node, int, int], list[Line]]] = {
    "paragraph": _paragraph,
    "inline": _paragraph,
    "heading": _heading,
    "fence": _code,
    "code_block": _code,
    "blockquote": _quote,
    "bullet_list": _list,
    "ordered_list": _list,
    "hr": _rule,
    "table": _table,
}


def _inline(node: Node, tone: str = "") -> list[Run]:
    """The words inside a block, each with its tone."""
    return [run for child in node.children for run in _part(child, tone)]


def _part(node: Node, tone: str) -> list[Run]:
    if node.type in _WORDS:
        text, own = _WORDS[node.type]
        return [(text or node.content, own or tone)]
    if node.type == "s":
        return [("~", "muted"), *_inline(node, "muted"), ("~", "muted")]
    if node.type == "link":
        return _link(node, tone)
    if node.type == "image":
        return [(f"[{node.content}] ({node.attrs.get('src', '')})", "muted")]
    if not node.children:
        return [(node.content or "", tone)]
    return _inline(node, {"strong": "strong", "em": tone or "em"}.get(node.type, tone))


_WORDS = {"text": ("", ""), "code_inline": ("", "code"), "softbreak": (" ", ""), "hardbreak": ("\n", "")}  # fmt: skip
"""What is words itself: its text unless it is its content, and its tone unless it is that around it."""


def _link(node: Node, tone: str) -> list[Run]:
    """The words, and where they would lead; there is nothing to press."""
    words = _inline(node, tone)
    target = str(node.attrs.get("href", ""))
    if not target or "".join(text for text, _ in words) == target:
        return words
    return [*words, (f" ({target})", "muted")]
