"""Saving a form over something that somebody else may have changed meanwhile: nothing of either is lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Generic, Protocol, TypeVar

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from rusvel_tui.engine.errors import Conflict
from rusvel_tui.engine.text import one_line

Texts = Mapping[str, str]
"""What stands in the fields, by field name."""


class Versioned(Protocol):
    """A view with the number of its version."""

    @property
    def version(self) -> int: ...


V = TypeVar("V", bound=Versioned)


class Merge(Generic[V]):
    """One thing in a form. `save` writes only the fields that the person changed.

    When the thing is newer than what was shown, fields that only one side changed are merged. A field that both
    changed is refused once, with the other side's value in the error; saving again keeps the person's own.
    """

    def __init__(
        self,
        seen: V,
        texts: Callable[[V], Texts],
        read: Callable[[], V],
        write: Callable[[Texts, int], V],
    ) -> None:
        self._seen = seen
        self._texts, self._read, self._write = texts, read, write
        self._shown = texts(seen)
        self._refused: set[str] = set()

    def save(self, values: Texts) -> V:
        """Write what was changed; raises `ValidationError` with one error for each field that both changed."""
        mine = {
            name: text
            for name, text in values.items()
            if name in self._refused or text != self._shown.get(name, "")
        }
        if not mine:
            return self._seen
        try:
            return self._write(mine, self._seen.version)
        except Conflict:
            fresh = self._read()
            if fresh.version == self._seen.version:
                raise
        self._refuse_clashes(mine, fresh)
        return self._write(mine, fresh.version)

    def _refuse_clashes(self, mine: Texts, fresh: V) -> None:
        before, now = self._texts(self._seen), self._texts(fresh)
        clashes = [
            name for name in mine if now.get(name, "") not in (before.get(name, ""), mine[name])
        ]
        self._seen = fresh
        self._refused.update(clashes)
        if clashes:
            raise _clash({name: now.get(name, "") for name in clashes})


def _clash(theirs: Texts) -> ValidationError:
    """One error for each field, with what stands there now."""
    details = [
        InitErrorDetails(
            type=PydanticCustomError("changed", "{text}", {"text": _told(text)}),
            loc=(name,),
            input=text,
        )
        for name, text in theirs.items()
    ]
    return ValidationError.from_exception_data("form", details)


def _told(text: str) -> str:
    now = f"Changed meanwhile to “{one_line(text)}”" if text.strip() else "Emptied meanwhile"
    return f"{now}. Save again to keep yours."
