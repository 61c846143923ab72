"""`rusvel import`: contacts from a file, with every row accounted for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rusvel_tui.commands import plain
from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.parsing import Parser, verbs
from rusvel_tui.engine.gtm.crm.importing.presets import PRESETS, VCARD

_SHOWN = 20
"""Lines of each kind of remark that a person is shown; JSON has them all."""


def define(parser: Parser) -> None:
    """`contacts FILE [--preset P] [--dry-run] [--rejected OUT]`."""
    contacts = verbs(parser).add_parser("contacts", help="people from CSV, TSV or vCard")
    contacts.add_argument("file", metavar="FILE")
    known = ", ".join((*PRESETS, VCARD))
    contacts.add_argument(
        "--preset",
        metavar="P",
        default="",
        help=f"the format: {known} (default: found from the file)",
    )
    contacts.add_argument("--dry-run", action="store_true", help="only say what would happen")
    contacts.add_argument(
        "--rejected", metavar="OUT", default="", help="write the rejected rows to this new file"
    )
    contacts.set_defaults(run=run)


def run(desk: Desk) -> None:
    """Import, and say what became of each row that is not simply there now."""
    args = desk.args
    view: Any = desk.engine().call(
        "gtm.crm.import_contacts",
        {
            "path": str(Path(args.file).expanduser()),
            "preset": args.preset,
            "dry_run": args.dry_run,
            "rejected_path": args.rejected,
        },
    )
    desk.out.view(view, lambda done: _report(done, args.rejected))


def _report(done: Any, rejected_to: str) -> Iterator[str]:
    yield "Nothing was written: this is what would happen." if done.dry_run else "Imported."
    names = ("preset", "read", "created", "updated", "skipped", "rejected")
    yield from plain.fields((name, getattr(done, name)) for name in names)
    yield from _some([f"row {row.row} rejected: {row.text}" for row in done.rejected_rows])
    yield from _some([f"row {row.row}: {row.text}" for row in done.warnings])
    if done.suppressed:
        yield f"On the suppression list, and not written to: {plain.many(len(done.suppressed), 'address')}."
    if rejected_to and done.rejected:
        yield f"The rejected rows are in {rejected_to}. Put them right and import that file."


def _some(lines: list[str]) -> Iterator[str]:
    yield from lines[:_SHOWN]
    if len(lines) > _SHOWN:
        yield f"… and {len(lines) - _SHOWN} more: --json shows all."
