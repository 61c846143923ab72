"""`rusvel departments`: who they are, what they can do, and what they are made of. Needs no database."""

from __future__ import annotations

from collections.abc import Iterator

from rusvel_tui.commands import plain
from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.parsing import Parser
from rusvel_tui.engine.manifests.listing import DepartmentList, DepartmentView, described


def define(parser: Parser) -> None:
    """`[DEPARTMENT]`."""
    parser.add_argument(
        "department", metavar="DEPARTMENT", nargs="?", default="", help="all about this one"
    )
    parser.set_defaults(run=run)


def run(desk: Desk) -> None:
    """List the departments, or show one."""
    wanted = desk.args.department
    desk.out.view(described(wanted), _one if wanted else _all)


def _all(found: DepartmentList) -> Iterator[str]:
    rows = [
        (one.icon, one.id, one.name, one.summary, len(one.tools), len(one.quick_actions))
        for one in found.items
    ]
    yield from plain.table(("", "id", "name", "what it does", "tools", "quick actions"), rows)


def _one(found: DepartmentList) -> Iterator[str]:
    one = found.items[0]
    yield f"{one.icon} {one.name} ({one.id})"
    yield one.description
    yield from plain.fields(
        (
            *((can.name, f"{can.summary} ({can.tools} tools)") for can in one.capabilities),
            ("tabs", ", ".join(one.pages)),
            ("assistant", ", ".join(one.tabs)),
            ("jobs", ", ".join(one.jobs)),
            ("commands", ", ".join(one.commands)),
            ("events", f"{len(one.produces)} kinds, named by --json"),
            ("acts on", ", ".join(one.consumes)),
        )
    )
    yield from _words(one)


def _words(one: DepartmentView) -> Iterator[str]:
    yield ""
    yield "What the assistant is told:"
    yield from (f"  {line}" for line in one.prompt.splitlines())
    yield ""
    yield f"Quick actions (rusvel chat {one.id} …):"
    for quick in one.quick_actions:
        yield f"  {quick.name}: {quick.prompt}"
