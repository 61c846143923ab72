"""`rusvel doctor`: looks at everything that mail and data depend on, says what to do, and mends what it can when asked."""

from __future__ import annotations

from collections.abc import Iterator

from rusvel_tui.commands import plain
from rusvel_tui.commands.checks import findings
from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.finding import Finding
from rusvel_tui.commands.parsing import Parser


def define(parser: Parser) -> None:
    """`[--connect] [--fix [--yes]]`."""
    parser.add_argument(
        "--connect", action="store_true", help="also log in to the mail server; sends nothing"
    )
    parser.add_argument(
        "--fix", action="store_true", help="mend what can be mended: shown first, after a backup"
    )
    parser.add_argument("--yes", action="store_true", help="with --fix: do not ask")
    parser.set_defaults(run=run)


def run(desk: Desk) -> int:
    """Print a line for each check; 1 when one of them failed, or when nothing was mended after a no."""
    if desk.args.fix:
        from rusvel_tui.commands.fixing import run_fix

        return run_fix(desk)
    desk.args.read_only = True
    return report(desk, list(findings(desk, connect=desk.args.connect)))


def report(desk: Desk, found: list[Finding], **more: object) -> int:
    """Print what was found; 1 when something failed."""
    failed = any(finding.state == "fail" for finding in found)
    if desk.out.json:
        items = [finding._asdict() for finding in found]
        desk.out.document({"items": items, "ok": not failed, **more})
    else:
        desk.out.lines(_table(found))
    return int(failed)


def _table(found: list[Finding]) -> Iterator[str]:
    rows = [(finding.state, finding.check, finding.text) for finding in found]
    return plain.table(("", "check", "found"), rows)
