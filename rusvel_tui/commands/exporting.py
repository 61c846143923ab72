"""`rusvel export`: contacts, companies, deals and invoices into a file of yours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rusvel_tui.commands import plain
from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.parsing import Parser, verbs

_WHAT = {
    "contacts": "contact",
    "companies": "company",
    "deals": "deal",
    "invoices": "document",
    "suppressions": "entry",
}
_AREAS = {"invoices": "gtm.invoices"}


def define(parser: Parser) -> None:
    """`contacts|companies|deals|invoices FILE [--filter F] [--force]`."""
    choice = verbs(parser)
    for name in _WHAT:
        one = choice.add_parser(
            name, help=f"{name} to CSV{', JSON or vCard' if name == 'contacts' else ''}"
        )
        one.add_argument("file", metavar="FILE", help="a new file, readable by you only")
        if name == "contacts":
            one.add_argument(
                "--format",
                metavar="F",
                default="",
                help="csv, json, vcard3 or vcard4 (default: by the ending)",
            )
        if name != "suppressions":
            one.add_argument(
                "--filter", metavar="LINE", default="", help="such as 'tag:fair -tag:vip'"
            )
        one.add_argument("--force", action="store_true", help="replace a file that is there")
        one.add_argument(
            "--bom", action="store_true", help="begin a CSV file with a byte order mark"
        )
        one.set_defaults(run=run, what=name)


def run(desk: Desk) -> None:
    """Write the file, and say how much is in it."""
    args = desk.args
    wanted = {
        "path": str(Path(args.file).expanduser().absolute()),
        "overwrite": args.force,
        "bom": args.bom,
    }
    if args.what != "suppressions":
        wanted["filter"] = args.filter
    if args.what == "contacts":
        wanted["format"] = args.format.lower()
    done: Any = desk.engine().call(f"{_AREAS.get(args.what, 'gtm.crm')}.export_{args.what}", wanted)
    desk.out.view(done, lambda view: _report(view, _WHAT[args.what]))


def _report(done: Any, what: str) -> Iterator[str]:
    irregular = {"company": "companies", "entry": "entries"}.get(what)
    count = (
        f"{done.exported:,} {irregular}"
        if irregular and done.exported != 1
        else plain.many(done.exported, what)
    )
    yield f"{done.path}: {count}, {done.bytes:,} bytes, readable by you only."
