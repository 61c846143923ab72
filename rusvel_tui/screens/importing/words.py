"""What is told about an import: the file, what would become of its rows, how far it is, and what was done."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rusvel_tui.engine.gtm.crm.importing.import_views import (
    FileFormat,
    ImportContacts,
    ImportPreview,
    ImportRunView,
    ImportUndone,
    ImportView,
    SampleRow,
)
from rusvel_tui.engine.gtm.crm.importing.options import POLICIES
from rusvel_tui.widgets.text_view import Block, Fact, Heading, Prose

SHOWN = 100
"""Lines of each kind of remark; the command line shows all of them."""
STOPPED = ("running", "cancelled")
"""An import that goes on when its file is imported again."""
_BAR = 30
_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


Counted = ImportRunView | ImportView


def number(count: int) -> str:
    """With a blank between thousands."""
    return f"{count:,}".replace(",", " ")


def counts(view: Counted) -> str:
    """The four counts in a line."""
    return (
        f"{number(view.created)} new, {number(view.updated)} changed, "
        f"{number(view.skipped)} as they were, {number(view.rejected)} rejected"
    )


def file_line(seen: ImportPreview) -> str:
    """How the file is written."""
    header = f"header in line {seen.header_row}" if seen.header_row else ""
    parts = (seen.preset, *_form(seen.format), header, f"{number(seen.size)} bytes")
    return " · ".join(part for part in parts if part)


def _form(form: FileFormat) -> Iterator[str]:
    yield f"{form.encoding}{' with BOM' if form.bom else ''}"
    if form.delimiter:
        yield f"{_SEPARATORS.get(form.delimiter, form.delimiter)} separated"
    if form.line_end:
        yield f"{form.line_end.upper()} line ends"


def notice(seen: ImportPreview) -> str:
    """What the person should know before anything is decided."""
    earlier = seen.earlier
    if earlier is not None and earlier.state in STOPPED:
        done = f"{number(earlier.read)} of {number(earlier.total)} rows"
        return f"This import was stopped after {done}. w goes on with it as it began."
    if not seen.recognised:
        return "No column has a known name. Enter on a column says what it holds."
    if earlier is not None and earlier.state == "done":
        return f"This file was imported before: {counts(earlier)}."
    return ""


def outcome_blocks(
    view: ImportView, seen: ImportPreview, order: ImportContacts, rejected_to: str
) -> Iterator[Block]:
    """What would become of the rows, the remarks, and the first rows as they stand."""
    yield from count_blocks(view, rejected_to)
    yield Fact("Policy", POLICIES[order.policy], "muted")
    yield Fact("Met by", ", ".join(order.match), "muted")
    yield from remark_blocks(view)
    yield from row_blocks(seen)


def count_blocks(view: ImportView, rejected_to: str) -> Iterator[Block]:
    """The counts, one below the other."""
    where = f" · x: {rejected_to}" if rejected_to and view.rejected else ""
    yield Fact("Rows", number(view.total))
    yield Fact("New", number(view.created), "good" if view.created else "muted")
    yield Fact("Changed", number(view.updated), "" if view.updated else "muted")
    yield Fact("As they are", number(view.skipped), "muted")
    yield Fact("Rejected", f"{number(view.rejected)}{where}", "warn" if view.rejected else "muted")
    if count := len(view.suppressed):
        addresses = "address" if count == 1 else "addresses"
        text = f"{number(count)} {addresses} of the file must not be written to"
        yield Fact("! Suppressed", text, "warn")


def remark_blocks(view: ImportView) -> Iterator[Block]:
    """What is said about rows."""
    yield from _remarks("Rejected", [(row.row, row.text) for row in view.rejected_rows])
    yield from _remarks("Bad addresses, left out", [(bad.row, bad.value) for bad in view.dropped])
    yield from _remarks("Remarks", [(said.row, said.text) for said in view.warnings])


def row_blocks(seen: ImportPreview) -> Iterator[Block]:
    """The first rows, and the first that show whether the encoding is right."""
    yield from _rows("First rows", seen.rows)
    shown = {row.row for row in seen.rows}
    yield from _rows("Rows with other letters", [one for one in seen.foreign if one.row not in shown])  # fmt: skip


def _rows(title: str, rows: list[SampleRow] | tuple[SampleRow, ...]) -> Iterator[Block]:
    if rows:
        yield Heading(title)
    yield from (Fact(f"row {one.row}", " · ".join(filter(None, one.cells))) for one in rows)


def _remarks(title: str, lines: list[tuple[int, str]]) -> Iterator[Block]:
    if lines:
        yield Heading(title)
        yield from (Fact(f"row {row}", text) for row, text in lines[:SHOWN])
    if len(lines) > SHOWN:
        yield Prose(f"… and {number(len(lines) - SHOWN)} more; rusvel import shows all of them.", "muted")  # fmt: skip


def progress_line(run: ImportRunView | None) -> str:
    """How far it is: what was read of the file at first, then what was written of it."""
    if run is None or not run.read:
        rows = f" {number(run.total)} rows" if run is not None and run.total else ""
        return f"{'░' * _BAR}  Reading{rows} …"
    full = _BAR * run.read // max(1, run.total)
    share = f"{number(run.read)} of {number(run.total)} rows"
    return f"{'█' * full}{'░' * (_BAR - full)}  {share}\n{counts(run)}"


def report_title(name: str, view: ImportView) -> str:
    """Above what became of the rows."""
    what = f"Imported {name}" if view.state == "done" else f"Stopped {name}"
    return f"{what} · z takes it back · esc closes"


def done_line(name: str, view: ImportView) -> str:
    """What was done, and the way back."""
    if view.state == "done":
        return f"Imported {name}: {counts(view)}. z to undo."
    if view.state == "undone":
        return f"The import of {name} was taken back on its way."
    rows = f"{number(view.read)} of {number(view.total)} rows"
    return f"Stopped {name} after {rows}: {counts(view)}. Import the file again to go on; z takes it back."  # fmt: skip


def report_blocks(view: ImportView, rejected_to: str) -> Iterator[Block]:
    """All that is to be said when it is done."""
    yield from count_blocks(view, "")
    if view.rejected_rows and rejected_to:
        where = f"The rejected rows are in {Path(rejected_to).name}: put them right there, and import that file."  # fmt: skip
        yield from (Prose(""), Prose(where))
    yield from remark_blocks(view)


def undone_line(done: ImportUndone) -> str:
    """What taking back did."""
    left = f" {len(done.left_alone)} left as they are: they were touched since." if done.left_alone else ""  # fmt: skip
    removed = f"{number(done.contacts)} removed, {number(done.restored)} as before"
    return f"Took back the import of {done.name}: {removed}.{left} z to undo."


def run_blocks(run: ImportRunView) -> Iterator[Block]:
    """One import as it stands."""
    yield Fact("State", run.state)
    yield Fact("Format", run.preset)
    yield Fact("Rows", f"{number(run.read)} of {number(run.total)}")
    yield Fact("Counts", counts(run))
    for name, value in run.options.items():
        yield Fact(name.capitalize(), _option(value))
    if run.left_alone:
        yield Heading("Left as they are when it was taken back")
        yield from (Fact(one.name or "a contact", one.why) for one in run.left_alone)


def _option(value: object) -> str:
    if isinstance(value, dict):
        return "\n".join(f"{name}: {text}" for name, text in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
