"""What an import is asked and what it answers."""

from __future__ import annotations

from rusvel_tui.engine.operation import Input, View


class ImportContacts(Input):
    """Which file, and how to read it."""

    path: str = ""
    """The file: CSV, TSV or vCard."""
    content: bytes | None = None
    """The file itself, in place of a path."""
    name: str = ""
    """What to call it when only its content is given."""
    preset: str = ""
    """The format (`google`, `hubspot`, `generic`, `vcard` …); found from the header when left out."""
    dry_run: bool = False
    """Only say what would happen."""
    rejected_path: str = ""
    """Where to write the rejected rows, to be put right and imported."""


class RejectedRow(View):
    """A row that was not taken, and why."""

    row: int
    why: str
    text: str


class DroppedValue(View):
    """A bad address that was left out of a row that stands."""

    row: int
    value: str


class Warned(View):
    """Something about a row that a person should know."""

    row: int
    text: str


class FileFormat(View):
    """How the file is written."""

    encoding: str
    bom: bool
    delimiter: str | None
    line_end: str | None


class ImportView(View):
    """What an import did, or would do: `read` is the sum of the four counts after it."""

    import_id: str | None
    """None for a dry run."""
    dry_run: bool
    preset: str
    read: int
    created: int
    updated: int
    skipped: int
    rejected: int
    rejected_rows: tuple[RejectedRow, ...]
    suppressed: tuple[str, ...]
    """Every address that the file wants on the suppression list."""
    dropped: tuple[DroppedValue, ...]
    warnings: tuple[Warned, ...]
    format: FileFormat
