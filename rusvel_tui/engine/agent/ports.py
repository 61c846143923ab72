"""What hooks ask of the outside world: something that runs a command, or posts to an address."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Event
from typing import Protocol


@dataclass(frozen=True, slots=True)
class HookCall:
    """One run of a hook."""

    run_id: str
    """The same for every try: what receives it can tell a second try by it."""
    hook: str
    kind: str
    """The kind of the event."""
    event_id: int
    action: str
    """A command line, an address, or a prompt."""
    payload: str = field(repr=False)
    """The event and the hook's name as a JSON object."""
    timeout: float = 10.0


class HookFailed(Exception):
    """The hook could not be run, or said no; `passing` failures are worth another try."""

    def __init__(self, text: str, *, output: str = "", passing: bool = True) -> None:
        super().__init__(text)
        self.text = text
        self.output = output
        self.passing = passing


class HookRunner(Protocol):
    """Runs hooks of one type."""

    def run(self, call: HookCall, stop: Event) -> str:
        """What came out, at most `MOST_OUTPUT` characters of it. Raises `HookFailed`; `stop` ends it early."""


MOST_OUTPUT = 16_000
"""Characters of an output that are kept."""
CUT = "\n… the rest was cut"
"""What stands at the end of one that was longer."""
