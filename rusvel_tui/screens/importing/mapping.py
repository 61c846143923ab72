"""What the columns of a contact file go to: as lines of a list, and what there is to choose from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rusvel_tui.engine.gtm.crm.importing.import_views import ColumnGuess, ImportPreview
from rusvel_tui.engine.gtm.crm.importing.options import CUSTOM
from rusvel_tui.engine.text import fold, one_line
from rusvel_tui.widgets.columns import Column

IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Line:
    """One column of the file."""

    id: str
    """Its name, as a mapping calls it."""
    column: ColumnGuess
    goes_to: str
    """In words, with a sign before it."""

    @property
    def tone(self) -> str:
        """What is left out steps back."""
        return "muted" if self.column.target == IGNORE else ""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that a column can go to; its id is the target."""

    id: str
    label: str
    note: str


def lines_of(seen: ImportPreview, chosen: Mapping[str, str]) -> list[Line]:
    """The columns in their order; `chosen` are those that the person decided on."""
    labels = {one.target: one.label for one in seen.targets}
    return [
        Line(
            one.name,
            one,
            _words(one.target, labels) + (" (your choice)" if one.name in chosen else ""),
        )
        for one in seen.columns
    ]


def choices_for(seen: ImportPreview, column: str, words: str) -> list[Choice]:
    """What the column can go to and fits the words; what is typed can become a custom field."""
    held = {one.target: one.name for one in seen.columns if one.name != column}
    found = [
        Choice(one.target, one.label, _note(one.target, held, several=one.several))
        for one in seen.targets
        if all(word in fold(f"{one.label} {one.target}") for word in fold(words).split())
    ]
    return [*found, *_own(column, words, {one.id for one in found})]


def _own(column: str, words: str, known: set[str]) -> Iterator[Choice]:
    name = one_line(words) or column
    if f"{CUSTOM}{name}" not in known:
        yield Choice(f"{CUSTOM}{name}", f"Custom field “{name}”", "kept with each contact")


def _note(target: str, held: Mapping[str, str], *, several: bool) -> str:
    if target.startswith(CUSTOM):
        return "custom field"
    return f"← {held[target]}" if target in held and not several else ""


def _words(target: str, labels: Mapping[str, str]) -> str:
    if target == IGNORE:
        return "– left out"
    if target.startswith(CUSTOM):
        return f"+ custom field {target.removeprefix(CUSTOM)}"
    return f"→ {labels.get(target, target)}"


MAPPING = (
    Column[Line]("Column", lambda line: line.column.name, width=16, grow=1, most=32, tone=lambda line: line.tone),
    Column[Line]("Goes to", lambda line: line.goes_to, width=22, grow=1, most=44, tone=lambda line: line.tone),
    Column[Line]("Filled", lambda line: str(line.column.filled or "–"), width=6, drop=1, align="right", tone="muted"),
    Column[Line]("Such as", lambda line: " · ".join(line.column.samples), width=16, grow=3, most=100, tone="muted"),
)  # fmt: skip
CHOICES = (
    Column[Choice]("Field", lambda one: one.label, width=24, grow=2, most=50),
    Column[Choice]("", lambda one: one.note, width=20, grow=2, most=40, tone="muted"),
)
