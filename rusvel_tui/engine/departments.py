"""Which modules make up which department: the explicit list of where operations live."""

from __future__ import annotations

from importlib import import_module

from rusvel_tui.engine.errors import NotFound
from rusvel_tui.engine.manifests import growth, gtm
from rusvel_tui.engine.manifests.manifest import Department

SHARED = (
    "rusvel_tui.engine.sessions",
    "rusvel_tui.engine.events",
    "rusvel_tui.engine.event_window",
    "rusvel_tui.engine.undo",
    "rusvel_tui.engine.webhooks",
    "rusvel_tui.engine.damage",
    "rusvel_tui.engine.orphans",
    "rusvel_tui.engine.trust.told",
    "rusvel_tui.engine.trust.mending",
    "rusvel_tui.engine.jobs",
    "rusvel_tui.engine.job_list",
    "rusvel_tui.engine.manifests.listing",
    "rusvel_tui.engine.agent.config.operations",
    "rusvel_tui.engine.agent.entities.listing",
    "rusvel_tui.engine.agent.entities.saving",
    "rusvel_tui.engine.agent.entities.seeding",
    "rusvel_tui.engine.agent.proposals.proposals",
    "rusvel_tui.engine.agent.proposals.listing",
    "rusvel_tui.engine.agent.proposals.deciding",
    "rusvel_tui.engine.agent.servers.operations",
    "rusvel_tui.engine.agent.following",
    "rusvel_tui.engine.agent.schedules.fires",
    "rusvel_tui.engine.agent.schedules.planning",
    "rusvel_tui.engine.agent.schedules.running",
    "rusvel_tui.engine.agent.workflows.runs",
    "rusvel_tui.engine.agent.workflows.beginning",
    "rusvel_tui.engine.agent.workflows.advancing",
    "rusvel_tui.engine.agent.workflows.waking",
    "rusvel_tui.engine.agent.hooks.runs",
    "rusvel_tui.engine.agent.hooks.dispatching",
    "rusvel_tui.engine.agent.hooks.running",
    "rusvel_tui.engine.agent.hooks.testing",
    "rusvel_tui.engine.agent.chat.assembling",
    "rusvel_tui.engine.agent.chat.completing",
    "rusvel_tui.engine.agent.chat.conversations",
    "rusvel_tui.engine.agent.chat.keeping",
    "rusvel_tui.engine.agent.chat.reviving",
    "rusvel_tui.engine.agent.spending",
)
"""Modules with operations that belong to no department: sessions, the log, undo, the queue, the assistant."""

DEPARTMENTS: tuple[Department, ...] = (gtm.MANIFEST, growth.MANIFEST)
"""All there are; add yours here."""

_loaded = False


def find(department: str) -> Department:
    """The department of that id; raises `NotFound` with those that there are."""
    for one in DEPARTMENTS:
        if one.id == department.casefold():
            return one
    names = ", ".join(one.id for one in DEPARTMENTS)
    raise NotFound(f"There is no department {department!r}. There are {names}.")


def modules() -> tuple[str, ...]:
    """Every module that holds operations."""
    return (*SHARED, *(name for department in DEPARTMENTS for name in department.modules))


def load() -> None:
    """Import every module that holds operations, once."""
    global _loaded
    if _loaded:
        return
    for module in modules():
        import_module(module)
    _loaded = True


def load_area(operation: str) -> None:
    """Import the modules that can hold an operation: its name is its address. A tenth of all, so that one command starts soon."""
    home = f"{__package__}.{operation.rpartition('.')[0]}"
    for module in modules():
        if module.startswith(home):
            import_module(module)
