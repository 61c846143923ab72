"""Addresses of operations: a line for each; the query, the path and the body together are the input."""

from __future__ import annotations

from typing import Any, NamedTuple

from rusvel_tui.api.routing import Call, Desk, route
from rusvel_tui.engine import departments
from rusvel_tui.engine.agent.entities.kinds import ENTITY_KINDS
from rusvel_tui.engine.operation import View


class Alias(NamedTuple):
    """One address of an operation; `{…}` in its name and in its fields stands for that part of the path."""

    method: str
    path: str
    operation: str
    status: int = 200
    given: tuple[tuple[str, Any], ...] = ()
    """What stands in the input besides."""
    names: tuple[tuple[str, str], ...] = ()
    """Parts of the path that have another name in the input."""


def _entities(kind: str, plural: str) -> tuple[Alias, ...]:
    """List, make, show, change and delete entities of a kind; deleting is refused, and says by whom it is done."""
    home, one = f"/api/{plural}", f"/api/{plural}/{{id}}"
    given, names = (("kind", kind),), (("id", "entity_id"),)
    return (
        Alias("GET", home, "agent.entities.list", given=given),
        Alias("POST", home, "agent.entities.save", 201, given),
        Alias("GET", one, "agent.entities.show", given=given, names=names),
        Alias("PUT", one, "agent.entities.save", 200, given, names),
        Alias("DELETE", one, "agent.entities.delete", 200, given, names),
    )


ALIASES = (
    Alias("GET", "/api/departments", "department.list"),
    Alias("GET", "/api/dept/{department}/status", "{department}.status"),
    Alias("GET", "/api/dept/{department}/list", "{department}.list"),
    Alias("GET", "/api/dept/{department}/events", "event.list", given=(("department", "{department}"),)),
    Alias("GET", "/api/dept/growth/dashboard", "growth.dashboard"),
    Alias("GET", "/crm/sequences", "gtm.outreach.list_sequences"),
    Alias("POST", "/crm/sequences", "gtm.outreach.create_sequence", 201),
    Alias("POST", "/internal/crm/sequences/run", "gtm.outreach.run_due"),
    Alias("GET", "/api/sessions", "session.list"),
    Alias("POST", "/api/sessions", "session.create", 201),
    Alias("GET", "/api/approvals", "gtm.approvals.list"),
    Alias("GET", "/api/proposals", "agent.proposals.list"),
    Alias("GET", "/api/proposals/{id}", "agent.proposals.show", names=(("id", "proposal_id"),)),
    Alias("GET", "/api/jobs", "job.list"),
    Alias("GET", "/api/conversations", "agent.chat.list_conversations"),
    Alias("GET", "/api/conversations/{id}", "agent.chat.show_conversation", names=(("id", "conversation_id"),)),
    Alias("GET", "/api/spend", "agent.spending.summary"),
    Alias("GET", "/api/config", "agent.config.show"),
    Alias("PUT", "/api/config", "agent.config.set"),
    *(alias for kind in ENTITY_KINDS.values() for alias in _entities(kind.name, kind.plural)),
)  # fmt: skip
"""All there are; add yours here. Any other operation answers at `POST /api/call/{operation}`."""


def alias_routes(desk: Desk) -> list[Any]:
    """The routes of all of them; a fixed path comes before one with a place in it."""
    listed = sorted(ALIASES, key=lambda alias: "{" in alias.path)
    return [_route(desk, alias) for alias in listed]


def _route(desk: Desk, alias: Alias) -> Any:
    def work(call: Call) -> View:
        if "department" in call.path:
            departments.find(call.path["department"])
        return call.run(alias.operation.format(**call.path), input_of(alias, call))

    return route(desk, alias.method, alias.path, work, alias.status)


def input_of(alias: Alias, call: Call) -> dict[str, Any]:
    """What the request gives to the operation."""
    given = {
        name: value.format(**call.path) if isinstance(value, str) else value
        for name, value in alias.given
    }
    renamed = dict(alias.names)
    path = {
        renamed.get(name, name): value
        for name, value in call.path.items()
        if f"{{{name}}}" not in alias.operation and name not in given
    }
    query = {name: value for name, value in call.query.items() if name != "session"}
    return query | call.data | path | given
