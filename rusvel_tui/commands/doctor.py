"""`rusvel doctor`: looks at everything that mail and data depend on, and says what to do."""

from __future__ import annotations

from rusvel_tui.commands import plain
from rusvel_tui.commands.checks import findings
from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.parsing import Parser


def define(parser: Parser) -> None:
    """`[--connect]`."""
    parser.add_argument(
        "--connect", action="store_true", help="also log in to the mail server; sends nothing"
    )
    parser.set_defaults(run=run)


def run(desk: Desk) -> int:
    """Print a line for each check; 1 when one of them failed."""
    desk.args.read_only = True
    found = list(findings(desk, connect=desk.args.connect))
    failed = any(finding.state == "fail" for finding in found)
    if desk.out.json:
        desk.out.document({"items": [finding._asdict() for finding in found], "ok": not failed})
    else:
        rows = [(finding.state, finding.check, finding.text) for finding in found]
        desk.out.lines(plain.table(("", "check", "found"), rows))
    return int(failed)
