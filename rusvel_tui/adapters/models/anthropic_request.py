"""A question in the words of the Messages API; pure."""

from __future__ import annotations

from typing import Any

from rusvel_tui.engine.chat_ports import Block, Question, Tool, ToolCall, Words

_KEPT: dict[str, Any] = {"cache_control": {"type": "ephemeral"}}
"""Up to here the service may keep what it read for the next question, which costs a tenth then."""


def request(question: Question, model: str) -> dict[str, Any]:
    """The arguments of a call; `model` answers unless the question names another one."""
    asked: dict[str, Any] = {
        "model": question.model or model,
        "max_tokens": question.most_tokens,
        "messages": _messages(question),
    }
    if question.system:
        asked["system"] = [{"type": "text", "text": question.system, **_KEPT}]
    if question.tools:
        asked["tools"] = _tools(question.tools)
        if not question.may_call:
            asked["tool_choice"] = {"type": "none"}
    if question.effort:
        asked["output_config"] = {"effort": question.effort}
    return asked


def _messages(question: Question) -> list[dict[str, Any]]:
    """The conversation; it is kept up to its end, since the next question goes on from there."""
    made: list[dict[str, Any]] = [
        {"role": turn.role, "content": [_block(block) for block in turn.blocks]}
        for turn in question.turns
    ]
    if made:
        made[-1]["content"][-1] |= _KEPT
    return made


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Words):
        return {"type": "text", "text": block.text}
    if isinstance(block, ToolCall):
        return {"type": "tool_use", "id": block.call_id, "name": block.tool, "input": block.input}
    made = {"type": "tool_result", "tool_use_id": block.call_id, "content": block.marked}
    return made | ({"is_error": True} if block.failed else {})


def _tools(tools: tuple[Tool, ...]) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = [
        {"name": tool.name, "description": tool.summary, "input_schema": tool.schema}
        for tool in tools
    ]
    made[-1] |= _KEPT
    return made
