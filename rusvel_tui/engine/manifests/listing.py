"""The departments as anybody may read them: who they are, and what they can do."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from rusvel_tui.engine import departments
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.event_kinds import EVENT_KINDS
from rusvel_tui.engine.manifests.manifest import Department
from rusvel_tui.engine.operation import OPERATIONS, Input, View, operation


class ListDepartments(Input):
    """Which departments."""

    department: str = ""
    """The id of one; all of them when left out."""


class CapabilityView(View):
    """One thing that a department can do."""

    name: str
    summary: str
    tools: int
    """How many operations do it."""


class QuickActionView(View):
    """A question ready to be asked."""

    name: str
    prompt: str


class DepartmentView(View):
    """A department as it describes itself."""

    id: str
    name: str
    icon: str
    colour: str
    summary: str
    description: str
    prompt: str
    capabilities: tuple[CapabilityView, ...]
    quick_actions: tuple[QuickActionView, ...]
    tabs: tuple[str, ...]
    pages: tuple[str, ...]
    produces: tuple[str, ...]
    """The kinds of events that it records."""
    consumes: tuple[str, ...]
    jobs: tuple[str, ...]
    commands: tuple[str, ...]
    tools: tuple[str, ...]
    """Its operations, but for those of the machinery."""


class DepartmentList(View):
    """Departments in their order."""

    items: tuple[DepartmentView, ...]


@operation("department.list", permission="departments.read")
def list_departments(ctx: Context, cmd: ListDepartments) -> DepartmentList:
    """List the departments: what they can do, their quick actions, events and jobs."""
    return described(cmd.department)


def described(department: str = "") -> DepartmentList:
    """One department, or all; needs no database."""
    departments.load()
    chosen = (departments.find(department),) if department else departments.DEPARTMENTS
    return DepartmentList(items=tuple(_view(one) for one in chosen))


def matching(patterns: Iterable[str], names: Iterable[str]) -> tuple[str, ...]:
    """The names that some pattern fits."""
    return tuple(name for name in names if any(fnmatchcase(name, one) for one in patterns))


def _view(one: Department) -> DepartmentView:
    tools = sorted(n for n, o in OPERATIONS.items() if o.department == one.id and not o.internal)
    return DepartmentView(
        id=one.id,
        name=one.name,
        icon=one.icon,
        colour=one.colour,
        summary=one.summary,
        description=one.description,
        prompt=one.prompt,
        capabilities=tuple(
            CapabilityView(
                name=can.name, summary=can.summary, tools=len(matching((can.tools,), tools))
            )
            for can in one.capabilities
        ),
        quick_actions=tuple(
            QuickActionView(name=quick.name, prompt=quick.prompt) for quick in one.quick_actions
        ),
        tabs=one.tabs,
        pages=one.pages,
        produces=matching(one.produces, EVENT_KINDS),
        consumes=matching(one.consumes, EVENT_KINDS),
        jobs=one.jobs,
        commands=(one.id, *one.commands),
        tools=tuple(tools),
    )
