"""What stands in a schedule."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from rusvel_tui.engine.agent.entities.bodies import Body


class ScheduleBody(Body):
    """When something is done by itself, in the session's time zone."""

    cron: str = Field(min_length=1)
    """Minute, hour, day, month, weekday (0 and 7 are Sunday, names are allowed), or `@daily`."""
    type: Literal["operation", "workflow", "prompt"]
    operation: str = ""
    input: dict[str, Any] = Field(default_factory=dict)
    workflow: str = ""
    prompt: str = ""
    misfire: Literal["skip", "once", "all"] = "once"
    """What becomes of fire times that were slept through."""
