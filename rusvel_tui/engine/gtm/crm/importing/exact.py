"""Columns of our own export: every cell is one value, and is taken as it was written."""

from __future__ import annotations

import re
from collections.abc import Callable

from rusvel_tui.engine.gtm.crm.importing.draft import Draft
from rusvel_tui.engine.gtm.crm.importing.presets import Field
from rusvel_tui.engine.gtm.crm.people.identity import phone_digits, profile_slug
from rusvel_tui.engine.text import one_line, sanitize

SEPARATOR = " ::: "
"""Between several values of one cell; no tag and no address holds it."""
_DEFUSED = re.compile("'('*[=+@\t\r-])")
_RUNS = re.compile("'*[=+@\t\r-]")


def defuse(cell: str) -> str:
    """The cell so that no spreadsheet runs it as a formula: an apostrophe comes first."""
    return f"'{cell}" if _RUNS.match(cell) else cell


def as_written(cell: str) -> str:
    """The cell as it was before `defuse`."""
    return _DEFUSED.sub(r"\1", cell, count=1) if _DEFUSED.match(cell) else cell


def _line(cell: str) -> str:
    return one_line(as_written(cell))


def _single(name: str) -> Callable[[Draft, str, str, str], None]:
    def read(draft: Draft, heading: str, cell: str, label: str) -> None:
        setattr(draft, name, getattr(draft, name) or _line(cell))

    return read


def _phone(draft: Draft, heading: str, cell: str, label: str) -> None:
    number = _line(cell)
    draft.phones.setdefault(phone_digits(number), number)
    if label:
        draft.labels.setdefault(phone_digits(number), label)


def _profile(draft: Draft, heading: str, cell: str, label: str) -> None:
    draft.profile = draft.profile or profile_slug(_line(cell)) or _line(cell)


def _link(draft: Draft, heading: str, cell: str, label: str) -> None:
    draft.links.append(_line(cell))


def _tags(draft: Draft, heading: str, cell: str, label: str) -> None:
    draft.tags.extend(filter(None, map(one_line, as_written(cell).split(SEPARATOR))))


def _notes(draft: Draft, heading: str, cell: str, label: str) -> None:
    draft.notes = draft.notes or sanitize(as_written(cell))


def _custom(draft: Draft, heading: str, cell: str, label: str) -> None:
    draft.fields.setdefault(heading, sanitize(as_written(cell)))


EXACT: dict[Field, Callable[[Draft, str, str, str], None]] = {
    Field.FIRST_NAME: _single("first_name"),
    Field.LAST_NAME: _single("last_name"),
    Field.WHOLE_NAME: _single("whole_name"),
    Field.COMPANY: _single("company"),
    Field.TITLE: _single("title"),
    Field.NOTES: _notes,
    Field.PHONE: _phone,
    Field.PROFILE: _profile,
    Field.WEBSITE: _link,
    Field.TAGS: _tags,
    Field.CUSTOM: _custom,
}
"""How these kinds of columns are read instead; a file of a person may hold several values in a cell, ours does not."""
