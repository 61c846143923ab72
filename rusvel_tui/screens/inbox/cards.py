"""A proposed change as the inbox shows it: what would become different, for whom it was asked, and the input."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rusvel_tui.engine.agent.proposals.cards import ProposalView
from rusvel_tui.screens.shared.moments import since, when
from rusvel_tui.widgets.text_view import Block, Fact, Heading, Prose, Rule

ASKERS = {
    "chat": "the assistant",
    "mcp": "a program over MCP",
    "http": "a script over HTTP",
    "workflow": "a workflow",
    "hook": "a hook",
}
"""Who can ask for a change."""
LOW = 16
"""Lines below which a card is shown in few of them: what is not needed for the yes goes below."""


def asker(card: ProposalView) -> str:
    """Who asks, in words."""
    return ASKERS.get(card.origin, card.origin)


def card_blocks(
    card: ProposalView, now: datetime, zone: ZoneInfo, *, low: bool = False
) -> tuple[Block, ...]:
    """Everything that a person must see before they say yes; what would change comes before the rest."""
    about = list(_about(card, now, zone))
    head: list[Block] = [Prose(f"✎ {card.title}", "strong")]
    if card.stale:
        head.append(Prose(f"! {card.stale}", "warn"))
    changes = [Heading("What changes"), *_changes(card)]
    asked = [Heading("What is asked for"), Prose(card.operation, "muted"), *_input(card.input)]
    if low:
        return (*head, *changes, Prose(""), Rule(), *about, *asked)
    return (*head, *about, Rule(), *changes, *asked)


def _about(card: ProposalView, now: datetime, zone: ZoneInfo) -> Iterator[Block]:
    ago = since(card.created_at, now)
    asked = f"{when(card.created_at, zone)}{'' if ago == 'just now' else f', {ago} ago'}"
    yield Fact("Asked by", f"{asker(card)} · {asked}")
    if card.question:
        yield Fact("You said", f"“{card.question}”")
    if not card.tried:
        yield Fact("Tried", "no: it opens a file, or works in steps of its own", "warn")
    elif not card.undoable:
        yield Fact("Undo", "z does not take this back", "warn")


def _changes(card: ProposalView) -> Iterator[Block]:
    if not card.diff:
        yield Prose("Nothing that shows.", "muted")
    for line in card.diff:
        if line.before:
            yield Fact(line.field, f"{line.before} → {line.after or 'nothing'}")
        else:
            yield Fact(line.field, line.after)


def _input(data: dict[str, Any]) -> Iterator[Block]:
    """The input as `e` shows it: one `name: value` on each line."""
    yield from (Prose(line, "muted") for line in _outline(data, ""))


def _outline(value: Any, indent: str) -> Iterator[str]:
    pairs = value.items() if isinstance(value, dict) else (("-", part) for part in value)
    for name, part in pairs:
        head = f"{indent}{name}" if name == "-" else f"{indent}{name}:"
        if isinstance(part, dict | list) and part and not _flat(part):
            yield head
            yield from _outline(part, f"{indent}  ")
        elif isinstance(part, str) and "\n" in part:
            yield head
            yield from (f"{indent}  {line}" for line in part.splitlines())
        else:
            yield f"{head} {_word(part)}"


def _flat(value: Any) -> bool:
    """A list of texts stands in one line."""
    return isinstance(value, list) and all(isinstance(part, str) for part in value)


def _word(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
