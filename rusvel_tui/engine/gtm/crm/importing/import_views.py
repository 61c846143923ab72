"""What an import is asked and what it answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator

from rusvel_tui.engine.gtm.crm.importing.options import MATCH, Match, Options, Policy, read_target
from rusvel_tui.engine.operation import Input, PageInput, View

State = Literal["planned", "running", "cancelled", "done", "undone"]


def _as_list(value: Any) -> Any:
    """Commas separate."""
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


class ImportFile(Input):
    """Which file, and how to read it; what is left out is found from the file."""

    path: str = ""
    """The file: CSV, TSV or vCard."""
    content: bytes | None = None
    """The file itself, in place of a path."""
    name: str = ""
    """What to call it when only its content is given."""
    preset: str = ""
    """The format (`google`, `hubspot`, `generic`, `vcard` …)."""
    encoding: str = ""
    """`utf-8`, `cp1252`, `utf-16` …"""
    delimiter: Literal["", ",", ";", "|", "tab"] = ""
    """What separates the cells."""
    mapping: dict[str, str] = Field(default_factory=dict)
    """What columns hold, where that is to be other than found: a field of `gtm.crm.read_import`, `custom:NAME` or `ignore`."""

    @field_validator("delimiter", mode="before")
    @classmethod
    def _tab(cls, value: Any) -> Any:
        """A tab can be written as itself: blanks around a value are no part of it."""
        return "tab" if value == "\t" else value

    @field_validator("mapping")
    @classmethod
    def _targets(cls, value: dict[str, str]) -> dict[str, str]:
        for target in value.values():
            read_target(target)
        return value

    @property
    def options(self) -> Options:
        """How to read it."""
        delimiter = "\t" if self.delimiter == "tab" else self.delimiter
        return Options(self.preset, self.encoding, delimiter, self.mapping)


class ImportContacts(ImportFile):
    """Which file, how to read it, and what to do with whom it is about."""

    match: Annotated[tuple[Match, ...], BeforeValidator(_as_list)] = Field(MATCH, min_length=1)
    """By what rows meet contacts; rows that have several go by the first."""
    policy: Policy = "both"
    """`both` creates and changes; `update` leaves out who is new, `skip` leaves who is known as they are, `create`
    makes a contact of every row unless somebody has its address."""
    dry_run: bool = False
    """Only say what would happen."""
    rejected_path: str = ""
    """Where to write the rejected rows, to be put right and imported."""

    @property
    def options(self) -> Options:
        """How to read it and how to meet people."""
        match = tuple(one for one in MATCH if one in self.match)
        return replace(super().options, match=match, policy=self.policy)


class ImportId(Input):
    """Which import."""

    import_id: str = ""
    """The newest one that fits when left out."""


class ListImports(PageInput):
    """Which imports."""

    state: State | None = None


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


class LeftAlone(View):
    """A contact that taking back an import left as it is, and why."""

    contact_id: str
    name: str
    why: str


class ImportView(View):
    """What an import did, or would do: `read` is the sum of the four counts after it."""

    import_id: str | None
    """None for a dry run."""
    dry_run: bool
    state: State
    """`cancelled` or `undone` when somebody ended it on its way: then the counts say how far it came."""
    preset: str
    total: int
    """The rows of the file."""
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


class ImportRunView(View):
    """One import as it stands: how far it is, and what it did so far."""

    import_id: str
    file_name: str
    preset: str
    state: State
    total: int
    """The rows of the file."""
    read: int
    """Rows that are done: the sum of the four counts after it."""
    created: int
    updated: int
    skipped: int
    rejected: int
    options: dict[str, Any]
    left_alone: tuple[LeftAlone, ...]
    """Contacts that could not be taken back."""
    created_at: datetime
    updated_at: datetime


class ColumnGuess(View):
    """A column of a file, and what it seems to hold."""

    name: str
    """As a mapping calls it: the heading, with a number behind when there are several of that name."""
    target: str
    """What it holds: one of the targets, `custom:NAME` or `ignore`."""
    known: bool
    """Whether the heading is one of a known format."""
    filled: int
    """Cells that are not empty, among the first 2 000."""
    samples: tuple[str, ...]


class TargetView(View):
    """Something that a column can be told to hold."""

    target: str
    label: str
    several: bool
    """Whether more than one column may hold it."""


class SampleRow(View):
    """A row as it stands in the file."""

    row: int
    """The line on which it starts, in a vCard file the number of the card."""
    cells: tuple[str, ...]


class ImportPreview(View):
    """A contact file as it would be read."""

    file_name: str = ""
    size: int = 0
    """In bytes."""
    preset: str
    format: FileFormat
    header_row: int
    """The line of the header; 0 where there is none."""
    recognised: bool
    """Whether some column holds what makes a contact; if not, the header is a guess and needs a mapping."""
    columns: tuple[ColumnGuess, ...]
    rows: tuple[SampleRow, ...]
    """The first rows below the header."""
    foreign: tuple[SampleRow, ...]
    """The first rows with letters outside ASCII: they show whether the encoding is right."""
    targets: tuple[TargetView, ...] = ()
    earlier: ImportRunView | None = None
    """The newest import of this very file."""


class ImportUndone(View):
    """What taking an import back, or making it again, did."""

    import_id: str
    name: str
    """The file."""
    state: State
    contacts: int
    """New contacts that went, or came back."""
    restored: int
    """Changed contacts that are as they were before, or changed again."""
    companies: int
    """Companies that went because nobody works there any more."""
    left_alone: tuple[LeftAlone, ...]
    suppressed: tuple[str, ...]
    """Addresses that the import put on the suppression list: they stay there."""


class ImportRunPage(View):
    """Imports, newest first."""

    items: tuple[ImportRunView, ...]
    next: str | None
