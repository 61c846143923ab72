"""What of a conversation a model is told again: the newest part, in whole questions, and the beginnings of the rest; pure.

The cut moves in leaps, so that the beginning stays the same for a while and the service can keep what it read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rusvel_tui.engine.agent.chat.blocks import words_of
from rusvel_tui.engine.chat_ports import Block, ToolCall, ToolResult, Turn, Words
from rusvel_tui.engine.text import cut, one_line

MOST_TURNS = 50
LEAP = 20
"""Turns by which the cut moves."""
MOST_CHARACTERS = 240_000
"""About 60 000 tokens."""
LONGEST_OLD = 2_000
"""Characters that stay of a result in the answer that is being made, where all of them are too much."""
_RECALLED = 12
_WIDTH = 100


def recent(turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """The turns that fit, from a question on; what is left out is recalled in a line for each question."""
    starts = [number for number, turn in enumerate(turns) if is_question(turn)]
    if not starts:
        return tuple(turns)
    first = _first(turns, starts)
    kept = tuple(turns[first:])
    if _size(kept) > MOST_CHARACTERS:
        kept = _shortened(kept)
    if first == starts[0]:
        return kept
    said = Words(_recall([words_of(turns[number].blocks) for number in starts if number < first]))
    return (Turn("user", (said, *kept[0].blocks)), *kept[1:])


def is_question(turn: Turn) -> bool:
    """Whether the person begins something here: no result of a tool is among it."""
    return turn.role == "user" and not any(isinstance(one, ToolResult) for one in turn.blocks)


def _first(turns: Sequence[Turn], starts: Sequence[int]) -> int:
    """Where to begin: at the question from which on both limits hold, or at the last one."""
    least = 0
    if len(turns) > MOST_TURNS:
        least = -(-(len(turns) - MOST_TURNS) // LEAP) * LEAP
    fitting = [number for number in starts if number >= least] or [starts[-1]]
    for number in fitting:
        if _size(turns[number:]) <= MOST_CHARACTERS:
            return number
    return starts[-1]


def _size(turns: Sequence[Turn]) -> int:
    return sum(_length(block) for turn in turns for block in turn.blocks)


def _length(block: Block) -> int:
    return len(str(block.input)) if isinstance(block, ToolCall) else len(block.text)


def _shortened(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """The same turns, the results of tools cut but for those of the last turn."""
    return (*(_short(turn) for turn in turns[:-1]), turns[-1])


def _short(turn: Turn) -> Turn:
    def shorter(block: Block) -> Block:
        if not isinstance(block, ToolResult) or len(block.text) <= LONGEST_OLD:
            return block
        return replace(
            block, text=f"{block.text[:LONGEST_OLD]}\n… cut. Call the tool again for the rest."
        )

    return Turn(turn.role, tuple(shorter(block) for block in turn.blocks))


def _recall(questions: Sequence[str]) -> str:
    asked = [f"- {cut(one_line(text), _WIDTH)}" for text in questions[-_RECALLED:]]
    left = len(questions) - len(asked)
    more = f" ({left} before that)" if left else ""
    return f"Earlier in this conversation, no longer shown, I asked{more}:\n" + "\n".join(asked)
