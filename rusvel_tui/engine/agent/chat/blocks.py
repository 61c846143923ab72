"""Turns of a conversation as the database keeps them, and back: whole turns only, so that a model never sees half of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Literal

from rusvel_tui.engine.chat_ports import Block, ToolCall, ToolResult, Turn, Words

INTERRUPTED = "This was interrupted before it ran."


def dump(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    """Blocks as plain data."""
    return [_dumped(block) for block in blocks]


def load(stored: Iterable[dict[str, Any]]) -> tuple[Block, ...]:
    """Blocks from plain data."""
    return tuple(_loaded(dict(one)) for one in stored)


def words_of(blocks: Iterable[Block]) -> str:
    """The text of these blocks."""
    return "\n".join(block.text for block in blocks if isinstance(block, Words)).strip()


def calls_of(blocks: Iterable[Block]) -> list[ToolCall]:
    """The tool calls among these blocks."""
    return [block for block in blocks if isinstance(block, ToolCall)]


def fresh(blocks: Iterable[Block], taken: Iterable[str]) -> tuple[Block, ...]:
    """The blocks, a call whose id was used before under another one: an id stands for one call for ever."""
    used = set(taken)
    done: list[Block] = []
    for block in blocks:
        if isinstance(block, ToolCall):
            number, call_id = 2, block.call_id
            while call_id in used:
                number, call_id = number + 1, f"{block.call_id}-{number}"
            used.add(call_id)
            done.append(replace(block, call_id=call_id))
        else:
            done.append(block)
    return tuple(done)


def asked_again(turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """The turns up to where the user spoke last: words after it are an answer that is made anew."""
    kept = list(turns)
    while kept and kept[-1].role == "assistant" and not calls_of(kept[-1].blocks):
        del kept[-1]
    return tuple(kept)


def whole(turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """The turns as a model takes them: sides alternate, the user begins, every call has its result."""
    done: list[Turn] = []
    for turn in turns:
        blocks = tuple(block for block in turn.blocks if not _empty(block))
        if done and (open_calls := calls_of(done[-1].blocks)) and done[-1].role == "assistant":
            blocks = _answered(open_calls, blocks if turn.role == "user" else ())
            if turn.role == "assistant":
                done.append(Turn("user", blocks))
                blocks = tuple(block for block in turn.blocks if not _empty(block))
        if turn.role == "user" and not (done and calls_of(done[-1].blocks)):
            blocks = tuple(block for block in blocks if not isinstance(block, ToolResult))
        _append(done, turn.role, blocks)
    return tuple(done)


def _append(done: list[Turn], role: Literal["user", "assistant"], blocks: Sequence[Block]) -> None:
    if not blocks or (role == "assistant" and not done):
        return
    if done and done[-1].role == role:
        done[-1] = Turn(role, (*done[-1].blocks, *blocks))
    else:
        done.append(Turn(role, tuple(blocks)))


def _answered(calls: list[ToolCall], blocks: Iterable[Block]) -> tuple[Block, ...]:
    """A result for each call, first; then what else was said."""
    given = {block.call_id: block for block in blocks if isinstance(block, ToolResult)}
    results = [given.get(c.call_id, ToolResult(c.call_id, INTERRUPTED, True)) for c in calls]
    return (*results, *(block for block in blocks if not isinstance(block, ToolResult)))


def _empty(block: Block) -> bool:
    return isinstance(block, Words) and not block.text.strip()


def _dumped(block: Block) -> dict[str, Any]:
    if isinstance(block, Words):
        return {"type": "words", "text": block.text}
    if isinstance(block, ToolCall):
        made = {"type": "call", "call_id": block.call_id, "tool": block.tool, "input": block.input}
        return made | ({"problem": block.problem} if block.problem else {})
    return {
        "type": "result",
        "call_id": block.call_id,
        "text": block.text,
        "failed": block.failed,
    }


def _loaded(one: dict[str, Any]) -> Block:
    kind = one.pop("type", "words")
    if kind == "call":
        return ToolCall(one["call_id"], one["tool"], one["input"], one.get("problem", ""))
    if kind == "result":
        return ToolResult(one["call_id"], one["text"], one["failed"])
    return Words(one.get("text", ""))
