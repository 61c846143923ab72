"""What is heard while the assistant answers: one small frozen thing after the other, for whoever shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rusvel_tui.engine.agent.chat.conversations import RunView
from rusvel_tui.engine.agent.proposals.proposals import ProposalView


@dataclass(frozen=True, slots=True)
class Started:
    """An answer begins, or goes on."""

    run: RunView


@dataclass(frozen=True, slots=True)
class Told:
    """The next words."""

    text: str


@dataclass(frozen=True, slots=True)
class Calling:
    """A tool is called."""

    call_id: str
    operation: str
    input: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Called:
    """What a tool answered."""

    call_id: str
    operation: str
    text: str
    failed: bool


@dataclass(frozen=True, slots=True)
class Proposed:
    """A change waits for a yes."""

    call_id: str
    proposal: ProposalView


@dataclass(frozen=True, slots=True)
class Retrying:
    """The model is asked again after a pause of so many seconds."""

    why: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Warned:
    """Something the person should know: most of the budget is used."""

    text: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The answer is over, or waits."""

    run: RunView


News = Started | Told | Calling | Called | Proposed | Retrying | Warned | Ended
