"""What stands in a workflow."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from rusvel_tui.engine.agent.entities.bodies import Body
from rusvel_tui.engine.errors import InvalidInput

if TYPE_CHECKING:
    from rusvel_tui.engine.context import Context

NEEDS = {"agent": "prompt", "operation": "operation", "condition": "when", "approval": "message"}
"""What a step of each type cannot be without."""
_NAME = re.compile(r"[A-Za-z_][\w-]*")


class StepBody(Body):
    """One step: an agent's answer, an operation, a condition, or a person's yes."""

    type: Literal["agent", "operation", "condition", "approval"]
    name: str = ""
    """What later steps call it: `{{steps.name}}`; `step1`, `step2` when left out."""
    agent: str = ""
    """Whose voice answers; the department's own when left out."""
    department: str = ""
    """Where it is asked; the workflow's own when left out."""
    prompt: str = ""
    operation: str = ""
    input: dict[str, Any] = Field(default_factory=dict)
    when: str = ""
    """Of a condition: `{{previous.total}} > 0`; the rest is skipped when it does not hold."""
    message: str = ""
    """Of an approval: what the person is asked."""

    def written(self) -> dict[str, Any]:
        """The fields that may have places."""
        return {
            "prompt": self.prompt,
            "input": self.input,
            "when": self.when,
            "message": self.message,
        }


class WorkflowBody(Body):
    """Steps in their order."""

    steps: tuple[StepBody, ...] = Field(min_length=1, max_length=50)
    about: str = ""
    inputs: tuple[str, ...] = ()
    """What must be given when it is run, each a place in the texts: `client` is `{{client}}`."""

    def names(self) -> tuple[str, ...]:
        """What each step is called."""
        return tuple(step.name or f"step{n}" for n, step in enumerate(self.steps, 1))

    def check(self, ctx: Context) -> None:
        """Every name must be one, every place have a value by then, and everything that is called exist."""
        _check_names(self.names(), "name")
        _check_names(self.inputs, "inputs")
        if taken := {"previous", "steps"} & set(self.inputs):
            raise InvalidInput(f"{min(taken)!r} means something already.", field="inputs")
        for number, step in enumerate(self.steps):
            _check_step(ctx, step, number)
            _check_places(self, step, number)


def _check_names(names: tuple[str, ...], field: str) -> None:
    for name in names:
        if not _NAME.fullmatch(name):
            raise InvalidInput(f"{name!r} is no name: letters, digits, _ and -.", field=field)
        if names.count(name) > 1:
            raise InvalidInput(f"{name!r} is there twice.", field=field)


def _check_step(ctx: Context, step: StepBody, number: int) -> None:
    """What the step calls exists."""
    from rusvel_tui.engine import departments
    from rusvel_tui.engine.agent.entities.kinds import ENTITY_KINDS
    from rusvel_tui.engine.agent.entities.views import living, slug
    from rusvel_tui.engine.agent.workflows.conditions import parse
    from rusvel_tui.engine.models import AgentEntity

    needed = NEEDS[step.type]
    if not getattr(step, needed):
        raise InvalidInput(
            f"Step {number + 1}: a step of type {step.type} needs a {needed}.", field=needed
        )
    if step.department:
        departments.find(step.department)
    if step.agent:
        found = living(ctx, ENTITY_KINDS["agent"]).where(AgentEntity.slug == slug(step.agent))
        if not found.exists():
            raise InvalidInput(
                f"Step {number + 1}: there is no agent {step.agent!r}.", field="agent"
            )
    if step.type == "operation":
        _check_operation(step, number)
    if step.type == "condition":
        parse(step.when)


def _check_operation(step: StepBody, number: int) -> None:
    from rusvel_tui.engine.agent.tools.catalogue import catalogue

    found = catalogue().get(step.operation)
    if found is None:
        raise InvalidInput(
            f"Step {number + 1}: there is no operation {step.operation!r} that may run by itself.",
            field="operation",
        )
    known = set(found.input.model_fields) - {"session_id"}
    if unknown := sorted(set(step.input) - known):
        raise InvalidInput(
            f"Step {number + 1}: {found.name} has no {unknown[0]!r}. It has {', '.join(sorted(known))}.",
            field="input",
        )
    needed = {n for n, field in found.input.model_fields.items() if field.is_required()}
    if missing := sorted(needed - set(step.input)):
        raise InvalidInput(f"Step {number + 1}: {found.name} needs {missing[0]!r}.", field="input")


def _check_places(body: WorkflowBody, step: StepBody, number: int) -> None:
    """Every place is an input, an earlier step, or what came before."""
    from rusvel_tui.engine.agent.workflows.places import INPUT, PREVIOUS, paths, texts

    earlier = body.names()[:number]
    known = [INPUT, *body.inputs, *(f"steps.{name}" for name in earlier)]
    known += [PREVIOUS] if number else []
    for field, value in step.written().items():
        for text in texts(value):
            for path in paths(text, field):
                if not any(path == one or path.startswith(f"{one}.") for one in known):
                    there = ", ".join(f"{{{{{one}}}}}" for one in known)
                    raise InvalidInput(
                        f"Step {number + 1}: {{{{{path}}}}} has no value there. There are {there}.",
                        field=field,
                    )
