"""What an intent is: a way to ask for something, and a plan of tool calls that ends in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any

from rusvel_tui.engine.text import fold

NEVER_MIND = "Answer in your own words, or say `never mind`."
"""The last line of a question back; by it the next message is known as its answer."""


@dataclass(frozen=True, slots=True)
class Call:
    """A tool that a plan wants called."""

    operation: str
    input: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """What a tool answered."""

    data: Any
    """The view as plain data; None when it failed or was cut."""
    text: str
    failed: bool = False

    @property
    def items(self) -> list[dict[str, Any]]:
        """The rows of a listing."""
        found = self.data.get("items", []) if isinstance(self.data, dict) else []
        return [one for one in found if isinstance(one, dict)]

    def sorry(self) -> str:
        """Why it did not work, as an answer."""
        if self.text.startswith("The person said no"):
            return "Fine, nothing was changed."
        return f"That did not work: {self.text.strip() or 'the answer was too long to read.'}"


class Missing(Exception):
    """The plan cannot go on before the person said more."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the person said, the newest message last; the earlier ones are those that it answers."""

    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self.parts)

    @property
    def newest(self) -> str:
        """The last message."""
        return self.parts[-1]

    def first_found(self, read: Callable[[str], Any]) -> Any:
        """What a reader finds in the newest message that has it."""
        return next((found for part in reversed(self.parts) if (found := read(part))), "")


Plan = Generator[Call, Result, str]


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing that can be asked for."""

    name: str
    pattern: str
    """What the folded message looks like; only its first sentence is looked at."""
    example: str
    plan: Callable[[Said], Plan]

    def fits(self, message: str) -> bool:
        """Whether the message asks for this."""
        return bool(re.search(self.pattern, fold(_first(message))))


def ask(question: str) -> str:
    """A question back to the person."""
    return f"{question}\n\n{NEVER_MIND}"


def _first(message: str) -> str:
    """The first sentence: what follows says how."""
    return re.split(r"(?<=[a-z)])[.:!?](?:\s|$)|\n", message.strip(), maxsplit=1)[0]
