"""Whether what is declared works: really built, imported and looked up, so that nothing is lost between a list and its use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from importlib import import_module
from typing import NamedTuple

from rusvel_tui.engine import departments
from rusvel_tui.engine.agent.entities.kinds import ENTITY_KINDS
from rusvel_tui.engine.agent.tools.catalogue import as_tool, catalogue, operation_name, wire_name
from rusvel_tui.engine.event_kinds import EVENT_KINDS
from rusvel_tui.engine.job_kinds import JOB_KINDS
from rusvel_tui.engine.manifests.listing import matching
from rusvel_tui.engine.manifests.manifest import Department
from rusvel_tui.engine.operation import OPERATIONS

_WIRE = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What providers take as the name of a tool."""
_TABS = frozenset(("actions", "events")) | {kind.plural for kind in ENTITY_KINDS.values()}


class Broken(NamedTuple):
    """Something that is declared and does not work."""

    department: str
    """Empty where it belongs to none."""
    what: str
    text: str


def broken() -> Iterator[Broken]:
    """Everything that is declared and does not work; nothing in a sound set-up."""
    yield from _tools()
    ids = [one.id for one in departments.DEPARTMENTS]
    yield from (Broken(one, "id", "two have it") for one in set(ids) if ids.count(one) > 1)
    for department in departments.DEPARTMENTS:
        for check in (_face, _capabilities, _quick_actions, _events, _jobs):
            yield from check(department)


def _tools() -> Iterator[Broken]:
    """Every tool: its name is one that a provider takes and leads back to it, its schema can be built."""
    for name, one in catalogue().items():
        wire = wire_name(name)
        if not _WIRE.fullmatch(wire) or operation_name(wire) != name:
            yield Broken(one.department, name, f"{wire!r} is no name of a tool")
        try:
            tool = as_tool(one)
        except Exception as error:  # noqa: BLE001 - what pydantic cannot describe is a finding, not an end
            yield Broken(one.department, name, f"its schema cannot be built: {error}")
        else:
            if tool.schema.get("type") != "object":
                yield Broken(one.department, name, "its schema is no object")
        if one.input.model_config.get("extra") != "forbid":
            yield Broken(one.department, name, "it takes fields that it does not know")


def _face(one: Department) -> Iterator[Broken]:
    for field in ("name", "icon", "colour", "summary", "description", "prompt", "line"):
        if not getattr(one, field).strip():
            yield Broken(one.id, field, "is empty")
    for name in (f"{one.id}.status", f"{one.id}.list"):
        if name not in OPERATIONS:
            yield Broken(one.id, name, "there is no such operation")
    for tab in one.tabs:
        if tab not in _TABS:
            yield Broken(one.id, tab, "is no part of the assistant")


def _capabilities(one: Department) -> Iterator[Broken]:
    for can in one.capabilities:
        if not any(fnmatchcase(name, can.tools) for name in catalogue()):
            yield Broken(one.id, can.name, f"no tool is called {can.tools}")


def _quick_actions(one: Department) -> Iterator[Broken]:
    names = [quick.name for quick in one.quick_actions]
    for quick in one.quick_actions:
        if names.count(quick.name) > 1 or not quick.prompt.strip():
            yield Broken(one.id, quick.name, "needs a name of its own and a prompt")
        for tool in quick.tools:
            if tool not in catalogue():
                yield Broken(one.id, quick.name, f"there is no tool {tool}")


def _events(one: Department) -> Iterator[Broken]:
    for pattern in (*one.produces, *one.consumes, one.answered):
        if not matching((pattern,), EVENT_KINDS):
            yield Broken(one.id, pattern, "no event is called so")
    said = matching(one.produces, EVENT_KINDS)
    for kind in EVENT_KINDS:
        if kind.startswith(f"{one.id}.") and kind not in said:
            yield Broken(one.id, kind, "is recorded, and not declared as produced")


def _jobs(one: Department) -> Iterator[Broken]:
    for name in one.jobs:
        kind = JOB_KINDS.get(name)
        if kind is None:
            yield Broken(one.id, name, "there is no such kind of job")
            continue
        try:
            module = import_module(kind.module)
        except ImportError as error:
            yield Broken(one.id, name, f"its module cannot be imported: {error}")
            continue
        if not (callable(getattr(module, "handle", 0)) and callable(getattr(module, "recover", 0))):
            yield Broken(one.id, name, f"{kind.module} has no handle and recover")
