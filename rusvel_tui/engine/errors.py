"""Everything the engine refuses, as one family; each kind has the exit code that the command line uses."""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple


class EngineError(Exception):
    """Something failed. The text is one sentence for a person and says what to do next."""

    exit_code: ClassVar[int] = 1


class NotFound(EngineError):
    """There is nothing with that id or name."""

    exit_code = 3

    @classmethod
    def here(cls, what: str, key: str, listed: str) -> NotFound:
        """Nothing of that kind has that id in this session; `listed` is the command that shows those there are."""
        return cls(
            f"There is no {what} {key!r} in this session. `rusvel {listed}` shows those there are."
        )


class InvalidInput(EngineError):
    """The input cannot be accepted as it is; `field` names the place when there is one."""

    exit_code = 4

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field

    @property
    def picture(self) -> str:
        """The input with a mark below the place that is meant, for a terminal; empty where there is none."""
        return ""


class Clash(NamedTuple):
    """A field that two people changed: what stands there now, and what you wanted to write."""

    field: str
    theirs: Any
    yours: Any


class Conflict(EngineError):
    """Somebody else was faster, or the thing is not in a state that allows this; `fields` are what both changed."""

    exit_code = 5

    def __init__(self, message: str, *, fields: tuple[Clash, ...] = ()) -> None:
        super().__init__(message)
        self.fields = fields


class Busy(Conflict):
    """Another program holds the database for longer than we wait."""


class InvalidState(Conflict):
    """A state machine has no such transition."""

    def __init__(self, what: str, current: str, wanted: str, hint: str = "") -> None:
        super().__init__(
            f"{what} is {current} and cannot become {wanted}.{' ' + hint if hint else ''}"
        )
        self.current = current
        self.wanted = wanted


class NotConfigured(EngineError):
    """A setting is missing; the text names it."""

    exit_code = 6


class NotPermitted(EngineError):
    """The actor may not do this, or the database may not be written."""

    exit_code = 7


class StorageFull(EngineError):
    """The disk is full: nothing was written and nothing is sent until there is room."""


class StorageDamaged(InvalidInput):
    """The file is not a rusvel database, or it is damaged."""
