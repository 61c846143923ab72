"""`rusvel completion`: what a shell loads to complete our words."""

from __future__ import annotations

from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.parsing import Parser
from rusvel_tui.completion.scripts import SCRIPTS


def define(parser: Parser) -> None:
    """`SHELL`; the shells themselves ask with `--words`, which `cli.main` answers before anything is imported."""
    parser.add_argument("shell", metavar="SHELL", choices=SCRIPTS, help="bash, zsh or fish")
    parser.set_defaults(run=run)


def run(desk: Desk) -> None:
    """Print the lines for one shell."""
    script = SCRIPTS[desk.args.shell]
    if desk.out.json:
        desk.out.document({"shell": desk.args.shell, "script": script})
    else:
        desk.out.lines(script.splitlines())
