"""What the Messages API refuses: the stand-in refuses it too, so that a wrong history fails the test."""

from __future__ import annotations

import re
from typing import Any

REMOVED = ("temperature", "top_p", "top_k")
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_EFFORTS = ("low", "medium", "high", "xhigh", "max")


def fault(request: dict[str, Any]) -> str:
    """What is wrong with a request; empty when the service would answer it."""
    if wrong := [name for name in REMOVED if name in request]:
        return f"not accepted: {wrong}"
    if not request.get("model") or not request.get("max_tokens") or not request.get("messages"):
        return "model, max_tokens and messages are required"
    if request.get("output_config", {}).get("effort", "low") not in _EFFORTS:
        return "no such effort"
    return _tools(request) or _caching(request) or _history(request)


def _tools(request: dict[str, Any]) -> str:
    names = [tool["name"] for tool in request.get("tools", ())]
    if wrong := [name for name in names if not _NAME.fullmatch(name)]:
        return f"tool names: {wrong}"
    if len(set(names)) != len(names):
        return "tool names must be unique"
    if any(tool["input_schema"].get("type") != "object" for tool in request.get("tools", ())):
        return "the input of a tool is an object"
    return ""


def _caching(request: dict[str, Any]) -> str:
    if not isinstance(request.get("system", ""), str | list):
        return "system"
    return (
        "more than 4 blocks with cache_control" if str(request).count("cache_control") > 4 else ""
    )


def _history(request: dict[str, Any]) -> str:
    asked: list[str] = []
    seen: set[str] = set()
    role = ""
    for message in request["messages"]:
        if message["role"] == role or (not role and message["role"] != "user"):
            return "roles must alternate, the user first"
        role = message["role"]
        blocks = message["content"]
        blocks = [{"type": "text", "text": blocks}] if isinstance(blocks, str) else blocks
        if any(one["type"] == "text" and not one["text"].strip() for one in blocks):
            return "text must not be empty"
        answered = [one["tool_use_id"] for one in blocks if one["type"] == "tool_result"]
        if sorted(answered) != sorted(asked):
            return f"every tool_use needs its tool_result: {asked} {answered}"
        if answered and any(one["type"] != "tool_result" for one in blocks[: len(answered)]):
            return "tool_result blocks come first"
        asked = [one["id"] for one in blocks if one["type"] == "tool_use"]
        if seen & set(asked) or len(set(asked)) != len(asked):
            return "tool_use ids must be unique"
        seen |= set(asked)
        if asked and not request.get("tools"):
            return "tools are required where tools were used"
    return "the user speaks last" if role != "user" else ""
