"""What stands in a hook."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from rusvel_tui.engine.agent.entities.bodies import Body
from rusvel_tui.engine.agent.entities.placeholders import names
from rusvel_tui.engine.errors import InvalidInput

if TYPE_CHECKING:
    from rusvel_tui.engine.context import Context

PAYLOAD = "payload"
"""The one place of a prompt: the event."""


class HookBody(Body):
    """What is done when an event happens."""

    event: str = Field(min_length=1)
    """One kind, or a pattern: `gtm.deal.*`, `*.chat.completed`."""
    type: Literal["command", "http", "prompt"]
    action: str = Field(min_length=1, max_length=8_000)
    """A command line, an address, or a prompt with `{{payload}}`."""
    timeout_seconds: int = Field(default=10, ge=1, le=600)
    retries: int = Field(default=2, ge=0, le=10)

    @property
    def reaches_out(self) -> bool:
        """Commands and addresses do."""
        return self.type != "prompt"

    def check(self, ctx: Context) -> None:
        """The event must exist, an address be one, a prompt have only the place that is filled."""
        from rusvel_tui.engine.agent.hooks.matching import problem

        if why := problem(self.event):
            raise InvalidInput(why, field="event")
        if self.type == "http" and not re.match(r"https?://[^\s@]+\Z", self.action):
            raise InvalidInput(
                "The action of an http hook is an address: https://… A secret part of it is written "
                "as ${NAME} and read from that variable.",
                field="action",
            )
        if self.type == "prompt" and (wrong := [n for n in names(self.action) if n != PAYLOAD]):
            raise InvalidInput(
                f"{{{{{wrong[0]}}}}} has no value in a hook. There is {{{{payload}}}}.",
                field="action",
            )
