"""`.`: the last thing a person did, with the answers they gave, for the row that the cursor is on now."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from rusvel_tui.actions import HERE, Action

T = TypeVar("T")

LOOKS = frozenset({
    "open", "find", "filter", "why", "raw", "diff", "changes", "older", "newer", "person", "people", "contact", "company", "source",
    "copy", "preview", "plan", "results", "versions", "reports", "texts", "views", "forecast", "advise", "imports", "told",
    "tools", "list", "statement", "text", "log", "next", "previous", "more", "less", "rows", "all", "next_box", "previous_box",
    "department", "write", "new", "open_inbox",
})  # fmt: skip
"""What actions of a page are called that change nothing: they are not what `.` repeats."""
GRAVE = frozenset({"approve", "approve_all", "sent", "final", "send", "activate", "test"})
"""A yes, and what cannot be taken back: `.` asks before it does one of these to another row."""


@dataclass(slots=True)
class Deed:
    """Something that was done, and what the person answered while it was."""

    action: Action
    word: str
    answers: list[tuple[str, str]] = field(default_factory=list)
    """Which question it was, and the answer. A yes in a dialog is never among them."""

    @property
    def is_grave(self) -> bool:
        """Whether it is asked for before it is done again."""
        return self.action.id.rpartition(".")[2] in GRAVE


class Deeds:
    """Remembers the newest deed, and answers its questions while it is repeated."""

    def __init__(self) -> None:
        self.last: Deed | None = None
        self._now: Deed | None = None
        self._given: list[tuple[str, str]] = []
        self._next: list[tuple[str, str]] = []
        """What is given to the action that starts next."""

    def begin(self, action: Action | None, word: str = "") -> None:
        """An action starts; what only looks or moves leaves the last deed as it is."""
        self._given, self._next = self._next, []
        self._now = Deed(action, word) if action is not None and is_deed(action) else None
        self.last = self._now or self.last

    def repeat(self, deed: Deed) -> None:
        """The action that starts next is answered as this deed was."""
        self._next = list(deed.answers)

    async def answer(self, question: str, ask: Callable[[], Awaitable[str | None]]) -> str | None:
        """What was answered before to this question, else what the person says now."""
        if self._given and self._given[0][0] == question:
            said: str | None = self._given.pop(0)[1]
        else:
            self._given = []  # it goes another way than last time
            said = await ask()
        if self._now is not None and said is not None:
            self._now.answers.append((question, said))
        return said


def is_deed(action: Action) -> bool:
    """Whether it does something to what the cursor is on."""
    return action.group == HERE and action.id.rpartition(".")[2] not in LOOKS
