"""What a department says about itself: its face, its words for a model, and what it is made of.

Every command reads the manifests before it knows what to do: plain tuples cost nothing to import.
"""

from __future__ import annotations

from typing import NamedTuple


class QuickAction(NamedTuple):
    """A question that is asked often, ready to be asked."""

    name: str
    prompt: str
    tools: tuple[str, ...]
    """The operations that an answer needs; the self-test looks whether they can be called."""


class Capability(NamedTuple):
    """One thing that a department can do, and the tools that do it."""

    name: str
    summary: str
    tools: str
    """A pattern: `gtm.crm.*`."""


class Department(NamedTuple):
    """One department: its name, its face and what it can do."""

    id: str
    name: str
    summary: str
    """What it is for, in a line."""
    icon: str
    colour: str
    description: str
    prompt: str
    """What a model is told to be."""
    capabilities: tuple[Capability, ...]
    quick_actions: tuple[QuickAction, ...]
    modules: tuple[str, ...]
    """Where its operations live; its tools follow from them."""
    answered: str
    """The event of a finished answer."""
    line: str
    """Its line in the help of the command line."""
    things: tuple[str, ...] = ()
    """What `rusvel DEPARTMENT list --kind` can list, the usual kind first."""
    tabs: tuple[str, ...] = ("actions", "agents", "workflows", "skills", "rules", "events")
    """What its part of the assistant shows."""
    pages: tuple[str, ...] = ()
    """Its tabs in the dashboard."""
    produces: tuple[str, ...] = ()
    """Patterns of the events that it records."""
    consumes: tuple[str, ...] = ()
    """Patterns of the events of others that it acts on."""
    jobs: tuple[str, ...] = ()
    """The kinds of durable work that are its own."""
    commands: tuple[str, ...] = ()
    """The commands of the command line that are its own, besides the one of its name."""
    command: str = "department"
    """The module of the command of its name."""
    core_tools: tuple[str, ...] = ()
    """What its assistant is always offered; it finds its other tools when it needs them."""
