"""What stands in a transcript, as plain data, and how each kind is drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rusvel_tui.widgets.charts.drawn import Line
from rusvel_tui.widgets.chat.markdown_lines import READABLE
from rusvel_tui.widgets.chat.runs import Run, length, wrap_runs
from rusvel_tui.widgets.plain import cells, fit

MOST_LINES = 200
"""Lines of a tool's input or result that are shown when it is opened."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person said."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the assistant said: Markdown."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class ToolUse:
    """A tool that was called: one line, which opens to what went in and what came out."""

    id: str
    name: str
    brief: str
    """Its input in a few words."""
    sign: str
    tone: str
    outcome: str
    """What came of it, in a few words."""
    input: str
    result: str


@dataclass(frozen=True, slots=True)
class Card:
    """A change that is proposed: what would be different, and where it stands."""

    id: str
    proposal_id: str
    title: str
    changes: tuple[tuple[str, str, str], ...]
    """Field, before, after."""
    state: str
    tone: str
    waits: bool
    note: str
    """Why it was refused or failed, or which keys decide."""
    input: str
    """All that would be passed on, shown when it is opened."""
    version: int = 0
    """What a verdict is about: on another version it is refused."""
    undoable: bool = True
    warning: str = ""
    """Why it must be looked at again."""


@dataclass(frozen=True, slots=True)
class Note:
    """A word about the answer itself: that it failed, was stopped, waits."""

    id: str
    text: str
    tone: str = "muted"


Entry = Asked | Answer | ToolUse | Card | Note


def opens(entry: Entry) -> bool:
    """Whether Enter shows more of it."""
    return isinstance(entry, ToolUse | Card)


def draw(entry: Entry, width: int, *, opened: bool = False) -> list[Line]:
    """The lines of any entry but an answer, which is laid out as it grows."""
    return _DRAWN[type(entry)](entry, max(12, width), opened)


def _asked(entry: Asked, width: int, opened: bool) -> list[Line]:
    lines = wrap_runs([(entry.text, "strong")], min(width, READABLE) - 2)
    first: Run = ("› ", "accent")
    return [((first if at == 0 else ("  ", "")), *line) for at, line in enumerate(lines)]


def _tool(entry: ToolUse, width: int, opened: bool) -> list[Line]:
    head: list[Run] = [(f"{entry.sign} ", entry.tone), (entry.name, "")]
    room = width - length(tuple(head)) - cells(entry.outcome) - 3
    brief = fit(entry.brief, min(room, cells(entry.brief))) if room > 6 else ""
    head += [(f" {brief}", "muted")] if brief else []
    tone = "bad" if entry.tone == "bad" else "muted"
    head += [(f" · {entry.outcome}", tone)] if entry.outcome else []
    lines: list[Line] = [tuple(head)]
    if opened:
        lines += _detail("Input", entry.input, width)
        lines += _detail("Result", entry.result, width)
    return lines


def _detail(title: str, text: str, width: int) -> list[Line]:
    """A part of an opened entry behind a bar."""
    if not text.strip():
        return []
    inner = wrap_runs([(text, "muted")], width - 4)
    hidden = len(inner) - MOST_LINES
    if hidden > 0:
        inner = [*inner[:MOST_LINES], ((f"… {hidden} more lines", "faint"),)]
    bar: Run = ("  │ ", "rule")
    return [(bar, (title, "strong")), *((bar, *line) for line in inner)]


def _card(entry: Card, width: int, opened: bool) -> list[Line]:
    inner = min(width, READABLE) - 4
    state = f" {entry.state} "
    title = " Proposal "
    dashes = max(1, inner + 2 - cells(title) - cells(state) - 2)
    top: Line = (
        ("╭─", entry.tone), (title, entry.tone), ("─" * dashes, entry.tone), (state, entry.tone), ("─╮", entry.tone),
    )  # fmt: skip
    body = wrap_runs([(entry.title, "strong")], inner)
    if entry.changes:
        body += [(), *_changes(entry.changes, inner)]
    if opened and entry.input.strip():
        body += [(), *wrap_runs([(entry.input, "muted")], inner)[:MOST_LINES]]
    if entry.warning:
        body += [(), *wrap_runs([(f"! {entry.warning}", "warn")], inner)]
    if entry.note:
        body += [(), *wrap_runs([(entry.note, "accent" if entry.waits else "muted")], inner)]
    sides = [_boxed(line, inner, entry.tone) for line in body]
    return [top, *sides, (("╰" + "─" * (inner + 2) + "╯", entry.tone),)]


def _boxed(line: Line, inner: int, tone: str) -> Line:
    blank = " " * max(0, inner - length(line))
    return (("│ ", tone), *line, (f"{blank} ", ""), ("│", tone))


def _changes(changes: Sequence[tuple[str, str, str]], width: int) -> list[Line]:
    """One field below the other: what it is, and what it would be."""
    column = min(max((cells(name) for name, _, _ in changes), default=0) + 2, max(8, width // 3))
    lines: list[Line] = []
    for name, before, after in changes:
        runs: list[Run] = [(f"{before} ", "muted"), ("→ ", "muted")] if before else []
        runs.append((after or "–", "good" if after else "muted"))
        values = wrap_runs(runs, width - column)
        labels = [fit(name, column - 1) + " ", *[" " * column] * (len(values) - 1)]
        lines += [((label, "muted"), *line) for label, line in zip(labels, values, strict=True)]
    return lines


def _note(entry: Note, width: int, opened: bool) -> list[Line]:
    return wrap_runs([(entry.text, entry.tone)], min(width, READABLE))


_DRAWN: dict[type, Callable[..., list[Line]]] = {
    Asked: _asked,
    ToolUse: _tool,
    Card: _card,
    Note: _note,
}
