"""Any operation at `POST /api/call/{operation}`, and enrolling at the address of its sequence."""

from __future__ import annotations

from typing import Any

from rusvel_tui.api.routing import Call, Desk, route
from rusvel_tui.engine.agent.tools.catalogue import FILE_FIELDS
from rusvel_tui.engine.errors import NotFound, NotPermitted
from rusvel_tui.engine.operation import OPERATIONS, View

NOT_HERE = ("undo", "redo")
"""They take back the newest change, whoever made it: that is for somebody who sees which one it is."""


def call_routes(desk: Desk) -> list[Any]:
    """The routes."""
    return [
        route(desk, "POST", "/api/call/{operation}", call_operation),
        route(desk, "POST", "/crm/sequences/{id}/enroll", enroll),
    ]


def call_operation(call: Call) -> View:
    """Call an operation with the body as its input."""
    name = call.path["operation"]
    found = OPERATIONS.get(name)
    if found is not None and found.internal:
        raise NotFound(f"There is no operation {name!r} for scripts. `rusvel tools` lists them.")
    if name in NOT_HERE:
        raise NotPermitted(
            f"{name} is for the person at the desk: the key `z`, or `rusvel {name}`."
        )
    if found is not None and found.human_only:
        raise NotPermitted(f"Only a person may call {name}: it is not offered to scripts.")
    if files := FILE_FIELDS & set(call.data):
        raise NotPermitted(
            f"{min(files)} names a file of the machine that serves: use the command line there."
        )
    return call.run(name, call.data)


def enroll(call: Call) -> View:
    """Enrol one contact (`contact_id`), or many (`contact_ids`, `filter`)."""
    data = call.data | {"sequence_id": call.path["id"]}
    many = {"contact_ids", "filter", "dry_run"} & set(data)
    return call.run("gtm.outreach.enrol" if many else "gtm.outreach.execute_sequence", data)
