"""`rusvel undo` and `rusvel redo`: from the log, across restarts."""

from __future__ import annotations

from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.parsing import Parser
from rusvel_tui.engine.undo import Undo, Undone, redo, undo


def define(parser: Parser) -> None:
    """No arguments of its own."""
    parser.set_defaults(run=run)


def run(desk: Desk) -> None:
    """Take back, or make again."""
    back = desk.args.command == "undo"
    view = desk.engine().run(undo if back else redo, Undo())

    def say(done: Undone) -> tuple[str]:
        return (f"{'Undone' if back else 'Done again'}: {done.kind} {done.name}".rstrip(),)

    desk.out.view(view, say)
