"""What stands in a hook."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from rusvel_tui.engine.agent.entities.bodies import Body


class HookBody(Body):
    """What is done when an event happens."""

    event: str = Field(min_length=1)
    """One kind, or a pattern: `gtm.deal.*`, `*.chat.completed`."""
    type: Literal["command", "http", "prompt"]
    action: str = Field(min_length=1, max_length=8_000)
    """A command line, an address, or a prompt with `{{payload}}`."""
    timeout_seconds: int = Field(default=10, ge=1, le=600)
    retries: int = Field(default=2, ge=0, le=10)
