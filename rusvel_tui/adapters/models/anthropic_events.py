"""The events of a streamed answer, put together to pieces; what is malformed becomes a call with a problem."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Literal

from rusvel_tui.adapters.models.prices import cost_nano
from rusvel_tui.engine.chat_ports import Finished, Piece, ToolCall, Usage, Words

_REASONS: dict[str, Literal["end", "tools", "length", "refused", "context"]] = {
    "tool_use": "tools",
    "max_tokens": "length",
    "refusal": "refused",
    "model_context_window_exceeded": "context",
}
_LETTERS = 4
"""About so many make a token."""
_COUNTED = {
    "input": "input_tokens",
    "output": "output_tokens",
    "cache_read": "cache_read_input_tokens",
    "cache_write": "cache_creation_input_tokens",
}


class Assembly:
    """Takes one event after the other."""

    def __init__(self, model: str) -> None:
        self.complete = False
        self._model = model
        self._began = False
        self._letters = 0
        self._reason = ""
        self._counts = dict.fromkeys(_COUNTED, 0)
        self._calls: dict[int, tuple[Any, list[str]]] = {}

    def take(self, event: Any) -> Iterator[Piece]:
        """The pieces that are complete with this event; kinds that are not known say nothing."""
        step = getattr(self, f"_{event.type}", None)
        if step is not None:
            yield from step(event)

    def so_far(self) -> Finished | None:
        """What an answer took that was not heard to its end; its own tokens are only told there, so they are estimated."""
        if not self._began or self.complete:
            return None
        output = max(self._counts["output"], self._letters // _LETTERS)
        usage = Usage(**(self._counts | {"output": output}))
        return Finished("stopped", usage, self._model, cost_nano(self._model, usage))

    def _message_start(self, event: Any) -> Iterator[Piece]:
        self._began = True
        self._model = event.message.model or self._model
        self._count(event.message.usage)
        yield from ()

    def _content_block_start(self, event: Any) -> Iterator[Piece]:
        if event.content_block.type == "tool_use":
            self._calls[event.index] = (event.content_block, [])
        elif event.content_block.type == "text" and event.content_block.text:
            yield Words(event.content_block.text)

    def _content_block_delta(self, event: Any) -> Iterator[Piece]:
        if event.delta.type == "text_delta" and event.delta.text:
            self._letters += len(event.delta.text)
            yield Words(event.delta.text)
        elif event.delta.type == "input_json_delta" and event.index in self._calls:
            self._letters += len(event.delta.partial_json)
            self._calls[event.index][1].append(event.delta.partial_json)

    def _content_block_stop(self, event: Any) -> Iterator[Piece]:
        if event.index in self._calls:
            block, pieces = self._calls.pop(event.index)
            yield _call(block, "".join(pieces))

    def _message_delta(self, event: Any) -> Iterator[Piece]:
        self._reason = event.delta.stop_reason or self._reason
        self._count(event.usage)
        yield from ()

    def _message_stop(self, event: Any) -> Iterator[Piece]:
        self.complete = True
        usage = Usage(**self._counts)
        reason = _REASONS.get(self._reason, "end")
        yield Finished(reason, usage, self._model, cost_nano(self._model, usage))

    def _count(self, usage: Any) -> None:
        """The counts of a later event are those of the whole answer up to it."""
        for name, theirs in _COUNTED.items():
            if (count := getattr(usage, theirs, None)) is not None:
                self._counts[name] = count


def _call(block: Any, text: str) -> ToolCall:
    try:
        data = json.loads(text) if text.strip() else dict(block.input or {})
    except ValueError:
        return _spoiled(block, "it is no JSON")
    return (
        ToolCall(block.id, block.name, data)
        if isinstance(data, dict)
        else _spoiled(block, "it is no object")
    )


def _spoiled(block: Any, why: str) -> ToolCall:
    text = f"The input could not be read: {why}. Nothing was done. Call again with a JSON object."
    return ToolCall(block.id, block.name, {}, text)
