"""`rusvel import`: contacts from a file, with every row accounted for; imports can be listed, stopped and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rusvel_tui.commands import plain
from rusvel_tui.commands.desk import Desk
from rusvel_tui.commands.parsing import Parser, Verbs, add_count, verbs
from rusvel_tui.commands.progress import Progress
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.importing.options import MATCH, POLICIES, TARGETS
from rusvel_tui.engine.gtm.crm.importing.presets import PRESETS, VCARD

_SHOWN = 20
"""Lines of each kind of remark that a person is shown; JSON has them all."""
_COUNTS = ("preset", "read", "created", "updated", "skipped", "rejected")


def define(parser: Parser) -> None:
    """`contacts FILE | suppressions FILE | list | cancel [ID] | undo [ID]`."""
    choice = verbs(parser)
    _define_contacts(choice)
    blocked = choice.add_parser("suppressions", help="addresses and domains that nobody writes to")
    blocked.add_argument("file", metavar="FILE", help="CSV, or one entry in a line")
    blocked.add_argument(
        "--reason", metavar="R", default="imported", help="for entries without one"
    )
    blocked.set_defaults(run=run_suppressions)
    listing = choice.add_parser("list", help="the imports of this session, newest first")
    add_count(listing)
    listing.set_defaults(run=run_list)
    cancel = choice.add_parser("cancel", help="stop an import that is running; what it did stays")
    cancel.add_argument(
        "id", metavar="ID", nargs="?", default="", help="an id of `import list`; else the newest"
    )
    cancel.set_defaults(run=run_cancel)
    undo = choice.add_parser("undo", help="take a whole import back (default: the newest)")
    undo.add_argument(
        "id", metavar="ID", nargs="?", default="", help="an id of `import list`; else the newest"
    )
    undo.set_defaults(run=run_undo)


def _define_contacts(choice: Verbs) -> None:
    contacts = choice.add_parser("contacts", help="people from CSV, TSV, JSON or vCard")
    add = contacts.add_argument
    add("file", metavar="FILE", help="the file to read")
    known = ", ".join((*PRESETS, VCARD))
    add("--preset", metavar="P", default="", help=f"the format: {known} (default: found)")
    add("--encoding", metavar="E", default="", help="utf-8, cp1252, utf-16 … (default: found)")
    add("--delimiter", metavar="D", default="", help="a comma, ; | or tab (default: found)")
    add(
        "--map",
        metavar="COLUMN=FIELD",
        action="append",
        default=[],
        help=f"what a column holds: {', '.join(TARGETS)} or custom:NAME; may be repeated",
    )
    add(
        "--match",
        metavar="BY",
        default=",".join(MATCH),
        help="by what rows meet contacts (default: %(default)s)",
    )
    policies = "; ".join(f"{name}: {what}" for name, what in POLICIES.items())
    add("--policy", metavar="P", default="both", help=f"{policies} (default: both)")
    add("--columns", action="store_true", help="only show what the columns seem to hold")
    add("--dry-run", action="store_true", help="only say what would happen")
    add("--rejected", metavar="OUT", default="", help="write the rejected rows to this new file")
    contacts.set_defaults(run=run)


def run(desk: Desk) -> None:
    """Import, and say what became of each row that is not simply there now."""
    args = desk.args
    file = {
        "path": str(Path(args.file).expanduser()),
        "preset": args.preset,
        "encoding": args.encoding,
        "delimiter": args.delimiter,
        "mapping": dict(map(_mapped, args.map)),
    }
    if args.columns:
        preview: Any = desk.engine().call("gtm.crm.read_import", file)
        desk.out.view(preview, _columns)
        return
    how = {"match": args.match, "policy": args.policy, "dry_run": args.dry_run}
    with Progress(desk):
        view: Any = desk.engine().call(
            "gtm.crm.import_contacts", {**file, **how, "rejected_path": args.rejected}
        )
    desk.out.view(view, lambda done: _report(done, args.rejected))


def run_list(desk: Desk) -> None:
    """List the imports."""
    page: Any = desk.engine().call("gtm.crm.list_imports", {"limit": desk.args.count})
    desk.out.view(page, lambda found: _runs(found, desk))


def run_cancel(desk: Desk) -> None:
    """Stop an import."""
    view: Any = desk.engine().call("gtm.crm.cancel_import", {"import_id": desk.args.id})
    desk.out.view(view, _cancelled)


def run_undo(desk: Desk) -> None:
    """Take an import back, and list what stays."""
    view: Any = desk.engine().call("gtm.crm.undo_import", {"import_id": desk.args.id})
    desk.out.view(view, _undone)


def _mapped(text: str) -> tuple[str, str]:
    column, mark, target = text.rpartition("=")
    if not mark:
        raise InvalidInput(f"{text!r} maps nothing. Write it like --map 'Mail=email'.")
    return column, target


def _columns(preview: Any) -> Iterator[str]:
    form = preview.format
    ends = f", {form.line_end} line ends" if form.line_end else ""
    yield f"{preview.preset}, {form.encoding}{' with a byte order mark' if form.bom else ''}{ends}."
    if not preview.recognised:
        yield "No column has a known name: say with --map what they hold."
    rows = [(one.name, one.target, " | ".join(one.samples)) for one in preview.columns]
    if rows:
        yield from plain.table(("column", "holds", "such as"), rows)
    for sample in () if rows else preview.rows:
        yield f"card {sample.row}: {', '.join(sample.cells)}"


def _report(done: Any, rejected_to: str) -> Iterator[str]:
    yield _headline(done)
    yield from plain.fields((name, getattr(done, name)) for name in _COUNTS)
    yield from _some([f"row {row.row} rejected: {row.text}" for row in done.rejected_rows])
    yield from _some([f"row {row.row}: {row.text}" for row in done.warnings])
    if done.suppressed:
        yield f"On the suppression list, and not written to: {plain.many(len(done.suppressed), 'address')}."
    if rejected_to and done.rejected:
        yield f"The rejected rows are in {rejected_to}. Put them right and import that file."


def _headline(done: Any) -> str:
    if done.dry_run:
        return "Nothing was written: this is what would happen."
    if done.state == "done":
        return "Imported."
    return f"Stopped after {done.read:,} of {plain.many(done.total, 'row')}."


def _runs(page: Any, desk: Desk) -> Iterator[str]:
    if not page.items:
        yield "Nothing was imported yet. Import a file: rusvel import contacts FILE"
        return
    names = ("at", "file", "format", "state", "done", "created", "updated", "rejected", "import_id")
    rows = [
        (plain.when(r.created_at, desk.zone), r.file_name, r.preset, r.state, f"{r.read}/{r.total}", r.created, r.updated,
         r.rejected, r.import_id)
        for r in page.items
    ]  # fmt: skip
    yield from plain.table(names, rows)


def _cancelled(run: Any) -> Iterator[str]:
    yield f"Stopped the import of {run.file_name} after {run.read:,} of {plain.many(run.total, 'row')}."
    yield f"Import the file again to go on, or take it back: rusvel import undo {run.import_id}"


def _undone(done: Any) -> Iterator[str]:
    yield f"Took back the import of {done.name}."
    yield from plain.fields(
        (
            ("removed", plain.many(done.contacts, "contact")),
            ("as before", plain.many(done.restored, "contact")),
            ("companies removed", done.companies or ""),
        )
    )
    yield from _some(
        [f"left as it is: {one.name or one.contact_id}: {one.why}" for one in done.left_alone]
    )
    if done.suppressed:
        yield f"Still on the suppression list: {plain.many(len(done.suppressed), 'address')} of that file."


def _some(lines: list[str]) -> Iterator[str]:
    yield from lines[:_SHOWN]
    if len(lines) > _SHOWN:
        yield f"… and {len(lines) - _SHOWN} more: --json shows all."


def run_suppressions(desk: Desk) -> None:
    """Entries for the suppression list."""
    try:
        text = Path(desk.args.file).expanduser().read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise InvalidInput(f"{desk.args.file} cannot be read: {error.strerror}.", field="file") from None  # fmt: skip
    wanted = {"text": text, "reason": desk.args.reason}
    done: Any = desk.engine().call("gtm.crm.import_suppressions", wanted)
    desk.out.view(done, _blocked)


def _blocked(done: Any) -> Iterator[str]:
    yield f"New on the suppression list: {done.added:,}. There already: {done.known:,}."
    yield from (f"not taken: {text}" for text in done.rejected[:_SHOWN])
