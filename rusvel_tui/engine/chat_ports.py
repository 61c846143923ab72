"""What the assistant asks of a model, and the plain data that both exchange; no provider's own words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Event
from typing import Any, Literal, Protocol


@dataclass(frozen=True, slots=True)
class Words:
    """Text, whole or the next piece of it."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """The model wants a tool to run."""

    call_id: str
    tool: str
    """Its name as the model was told it."""
    input: dict[str, Any]
    problem: str = ""
    """Why the input could not be read; then `input` is empty."""


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What became of a tool call; a model is handed `marked`, never `text`."""

    call_id: str
    text: str
    failed: bool = False

    @property
    def marked(self) -> str:
        """The text as a model gets it: between marks that nothing inside can forge, so that it is known as data."""
        return f"<data>\n{_MARK.sub(_FORGED, self.text)}\n</data>"


_MARK = re.compile(r"<(?=\s*/?\s*data\b)", re.IGNORECASE)
_FORGED = r"\\u003c"
"""How a `<` is written in JSON, which results are."""
Block = Words | ToolCall | ToolResult


@dataclass(frozen=True, slots=True)
class Turn:
    """What one side said at once; the results of tools are the user's."""

    role: Literal["user", "assistant"]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool as the model sees it."""

    name: str
    """Letters, digits, `_` and `-`, 64 at the most."""
    summary: str
    schema: dict[str, Any]
    """JSON Schema of its input: an object."""


@dataclass(frozen=True, slots=True)
class Question:
    """One call of a model: everything it may know."""

    system: str
    turns: tuple[Turn, ...]
    tools: tuple[Tool, ...] = ()
    model: str = ""
    """Empty for the one that the provider uses by itself."""
    effort: str = ""
    """`low` to `max`; empty for the provider's own."""
    most_tokens: int = 4096
    may_call: bool = True
    """Whether tools may be called; False asks for the last words of an answer that called them often enough."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What one call took, in tokens."""

    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write: int = 0


@dataclass(frozen=True, slots=True)
class Finished:
    """The end of an answer."""

    reason: Literal["end", "tools", "length", "refused", "context", "stopped"]
    """`stopped` tells what an answer took that nobody heard to its end."""
    usage: Usage = Usage()
    model: str = ""
    cost_nano: int | None = 0
    """Billionths of a US dollar; None when the price is not known."""


Piece = Words | ToolCall | Finished


class ModelFailed(Exception):
    """The model could not answer; the text says why in one line and holds no secret.

    `passing` failures are worth another try after `wait` seconds; `spent` is what it took all the same.
    """

    def __init__(
        self,
        text: str,
        *,
        passing: bool = False,
        wait: float = 0.0,
        spent: Finished | None = None,
    ) -> None:
        super().__init__(text)
        self.spent = spent
        self.text = text
        self.passing = passing
        self.wait = wait


NO_MODEL = ("offline",)
"""Providers that are none: they answer by patterns, cost nothing and write nothing of their own."""


class ChatModel(Protocol):
    """Answers questions, piece by piece."""

    provider: str
    """Its name in the registry: `anthropic`."""
    name: str
    """The model that answers unless a question names another one."""

    def stream(self, question: Question, stop: Event) -> Iterator[Piece]:
        """The answer as it comes, `Finished` last; ends early when `stop` is set, without it or with `stopped`.

        Raises `ModelFailed`. What was yielded before counts.
        """


@dataclass(frozen=True, slots=True)
class Heard:
    """A provider's answer put together: what a `stream` came to."""

    blocks: tuple[Block, ...] = ()
    finished: Finished | None = field(default=None)
