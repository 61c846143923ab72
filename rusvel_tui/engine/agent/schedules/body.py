"""What stands in a schedule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from rusvel_tui.engine.agent.entities.bodies import Body
from rusvel_tui.engine.errors import InvalidInput

if TYPE_CHECKING:
    from rusvel_tui.engine.context import Context


class ScheduleBody(Body):
    """When something is done by itself, in the session's time zone."""

    cron: str = Field(min_length=1)
    """Minute, hour, day, month, weekday (0 and 7 are Sunday, names are allowed), or `@daily`."""
    type: Literal["operation", "workflow", "prompt"]
    operation: str = ""
    input: dict[str, Any] = Field(default_factory=dict)
    """The input of the operation, or what the workflow is given."""
    workflow: str = ""
    prompt: str = ""
    """What the assistant of the department is asked; what it wants to change waits for your yes."""
    misfire: Literal["skip", "once", "all"] = "once"
    """What becomes of fire times that were slept through."""

    def check(self, ctx: Context) -> None:
        """It must fire some time, and do something that exists."""
        from rusvel_tui.engine.agent.schedules.cron import parse

        parse(self.cron)
        if not getattr(self, self.type):
            raise InvalidInput(f"Say which {self.type} to run.", field=self.type)
        if self.type == "operation":
            _check_operation(self.operation, self.input)
        if self.type == "workflow":
            from rusvel_tui.engine.agent.entities.views import EntityKey, find

            find(ctx, EntityKey(kind="workflow", name=self.workflow))


def _check_operation(name: str, data: dict[str, Any]) -> None:
    """Only what a program may do, with an input that it takes; it works in the schedule's own session."""
    from rusvel_tui.engine.agent.tools.catalogue import catalogue
    from rusvel_tui.engine.core import parse_input

    found = catalogue().get(name)
    if found is None:
        raise InvalidInput(
            f"There is no operation {name!r} that may run by itself. `rusvel tools` lists them.",
            field="operation",
        )
    if "session_id" in data:
        raise InvalidInput(
            "A schedule works in its own session. Leave session_id out.", field="input"
        )
    parse_input(found, data)
