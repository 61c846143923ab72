"""The doctor's look at the departments: every tool, event, job, command and quick action that they declare."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from rusvel_tui.commands import COMMANDS, plain
from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.finding import Finding
from rusvel_tui.commands.parsing import Parser
from rusvel_tui.engine.departments import DEPARTMENTS
from rusvel_tui.engine.errors import EngineError, NotConfigured, NotFound
from rusvel_tui.engine.manifests.listing import described
from rusvel_tui.engine.manifests.manifest import Department

_CHECK = "departments"


def departments(desk: Desk) -> Iterator[Finding]:
    """A line for each department that works, and one for everything that does not."""
    from rusvel_tui.engine.manifests.self_test import broken

    wrong = [*broken(), *_commands()]
    for one in wrong:
        yield Finding(_CHECK, "fail", f"{one[0] or 'rusvel'}: {one[1]}: {one[2]}")
    for department in DEPARTMENTS:
        warned = list(_quick_actions(desk, department))
        yield from warned
        if not warned and department.id not in {one[0] for one in wrong}:
            yield Finding(_CHECK, "ok", _works(department))


def _works(department: Department) -> str:
    (one,) = described(department.id).items
    counts = (
        plain.many(len(one.tools), "operation"),
        plain.many(len(one.quick_actions), "quick action"),
        plain.many(len(one.produces), "event"),
        plain.many(len(one.jobs), "job"),
        plain.many(len(one.commands), "command"),
    )
    return f"{one.id}: {', '.join(counts)}; all of them work"


def _commands() -> Iterator[tuple[str, str, str]]:
    """Every command is there, and its parser can be built."""
    known = {command.name: command for command in COMMANDS}
    for department in DEPARTMENTS:
        for name in (department.id, *department.commands):
            command = known.get(name)
            if command is None:
                yield department.id, name, "there is no such command"
                continue
            try:
                parser = Parser(prog=f"rusvel {name}", add_help=False)
                parser.set_defaults(command=name)
                import_module(f"rusvel_tui.commands.{command.module}").define(parser)
            except Exception as error:  # noqa: BLE001 - whatever it is, the doctor names it and goes on
                yield department.id, name, f"the command cannot be built: {error}"


def _quick_actions(desk: Desk, department: Department) -> Iterator[Finding]:
    """Each is assembled as a chat would; what the configuration denies it is worth a word."""
    from rusvel_tui.engine.agent.chat.assembling import Prepare, prepare

    for quick in department.quick_actions:
        command = Prepare(department=department.id, message=quick.prompt)
        try:
            told = desk.engine().run(prepare, command)
        except (NotFound, NotConfigured):
            return  # there is no session yet: the check of the database says so
        except EngineError as error:
            yield Finding(_CHECK, "fail", f"{department.id}: {quick.name}: {error}")
            continue
        if missing := [tool for tool in quick.tools if tool not in told.tools]:
            text = f"{department.id}: {quick.name} needs {', '.join(missing)}, which may not be used. See rusvel config."
            yield Finding(_CHECK, "warn", text)
