"""`rusvel invoices`: look at documents, write them into files, and change how they are printed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rusvel_tui.commands import plain
from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.parsing import Parser, verbs
from rusvel_tui.engine.errors import Conflict


def define(parser: Parser) -> None:
    """`show NUMBER | export NUMBER FILE | journal FILE | template FILE`."""
    choice = verbs(parser)
    one = choice.add_parser("show", help="a document as text")
    one.add_argument("invoice", metavar="NUMBER", help="its number or id")
    one.add_argument("--format", metavar="F", default="text", help="text, ubl, cii or hledger")
    one.set_defaults(run=show)
    one = choice.add_parser("export", help="a document as PDF, text, UBL, CII or Factur-X")
    one.add_argument("invoice", metavar="NUMBER", help="its number or id")
    _file(one, "a new file, or a folder (default: this one)", nargs="?", default=".")
    formats = "pdf, text, ubl, cii, facturx or hledger (default: by the ending)"
    one.add_argument("--format", metavar="F", default="", help=formats)
    one.set_defaults(run=export)
    one = choice.add_parser("journal", help="all final invoices and payments for hledger")
    _file(one, "a new file")
    one.add_argument("--since", metavar="DAY", default="", help="from that day on: 2026-01-01")
    one.add_argument("--until", metavar="DAY", default="", help="up to that day")
    one.set_defaults(run=journal)
    one = choice.add_parser("template", help="a copy of the template of PDFs, yours to change")
    _file(one, "a new file, or a folder")
    one.set_defaults(run=template)


def _file(parser: Parser, text: str, **options: Any) -> None:
    parser.add_argument("file", metavar="FILE", help=text, **options)
    parser.add_argument("--force", action="store_true", help="replace a file that is there")


def show(desk: Desk) -> None:
    """Print the document."""
    args = desk.args
    wanted = {"invoice_id": args.invoice, "format": args.format}
    found: Any = desk.engine().call("gtm.invoices.render", wanted)
    unreadable = f"A {found.format} cannot be shown here: rusvel invoices export {args.invoice}"
    desk.out.view(found, lambda view: (view.text or unreadable).splitlines())


def export(desk: Desk) -> None:
    """Write the document into a file."""
    args = desk.args
    wanted = {"invoice_id": args.invoice, "format": args.format, **_target(desk)}
    done: Any = desk.engine().call("gtm.invoices.export_document", wanted)
    desk.out.view(done, lambda view: _report(view, view.format))


def journal(desk: Desk) -> None:
    """Write all that is booked into a journal."""
    wanted = {"since": desk.args.since, "until": desk.args.until, **_target(desk)}
    done: Any = desk.engine().call("gtm.invoices.export_journal", wanted)
    desk.out.view(done, lambda view: _report(view, plain.many(view.documents, "document")))


def template(desk: Desk) -> None:
    """Write the template that comes along, and say how to make it count."""
    from rusvel_tui.adapters.printers.typst import TEMPLATE

    path = Path(desk.args.file).expanduser()
    path = path / TEMPLATE.name if path.is_dir() else path
    _write(path, TEMPLATE.read_text(encoding="utf-8"), force=desk.args.force)
    setting = f"RUSVEL_INVOICE_TEMPLATE={path.absolute()}"
    if desk.out.json:
        desk.out.document({"path": str(path), "setting": setting})
    else:
        desk.out.lines((f"{path}: change it, and let it count with {setting}",))


def _write(path: Path, text: str, *, force: bool) -> None:
    from rusvel_tui.engine.gtm.crm.exporting.target import check_target, write_new

    if path.exists() and not force:
        raise Conflict(f"{path} exists already. Name a new file, or pass --force.")
    check_target(path, overwrite=force)
    write_new(path, [text], overwrite=force)


def _target(desk: Desk) -> dict[str, Any]:
    path = Path(desk.args.file).expanduser().absolute()
    return {"path": str(path), "overwrite": desk.args.force}


def _report(done: Any, what: str) -> Iterator[str]:
    yield f"{done.path}: {what}, {done.bytes:,} bytes, readable by you only."
