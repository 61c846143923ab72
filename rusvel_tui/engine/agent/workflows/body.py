"""What stands in a workflow."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from rusvel_tui.engine.agent.entities.bodies import Body


class StepBody(Body):
    """One step: an agent's answer, an operation, a condition, or a person's yes."""

    type: Literal["agent", "operation", "condition", "approval"]
    name: str = ""
    agent: str = ""
    prompt: str = ""
    operation: str = ""
    input: dict[str, Any] = Field(default_factory=dict)
    when: str = ""
    """Of a condition: `{{previous.count}} > 0`; the rest is skipped when it does not hold."""
    message: str = ""
    """Of an approval: what the person is asked."""


class WorkflowBody(Body):
    """Steps in their order."""

    steps: tuple[StepBody, ...] = Field(min_length=1, max_length=50)
    about: str = ""
