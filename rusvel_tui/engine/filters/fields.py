"""What a filter can ask: an entity has fields, a field has a kind and says where its column is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.filters.syntax import Condition
from rusvel_tui.engine.filters.where import ALWAYS, Where, filled


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom and when a filter is read."""

    session_id: str
    currency: str
    """Of amounts that name none."""
    zone: ZoneInfo
    now: datetime

    def given(self) -> dict[str, str]:
        """What the SQL of fields and states can name."""
        midnight = self.now.astimezone(self.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        return {
            ":session": self.session_id,
            ":now": stamp(self.now),
            ":midnight": stamp(midnight),
            ":today": midnight.date().isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Kind:
    """How the values of a field are read and compared."""

    test: Callable[[Field, Condition, Scope], Where]
    signs: tuple[str, ...]
    present: str
    """SQL for: there is something; `{}` is the column."""
    example: str


@dataclass(frozen=True, slots=True)
class Relation:
    """Where a column lives: SQL around `{test}`; `:session` and the like are what the scope gives."""

    sql: str
    values: tuple[str, ...] = ()
    """Of the question marks of `sql`, which all stand before `{test}`."""
    joint: bool = False
    """Whether conditions that stand side by side ask the same row: one deal that is open *and* large."""

    def wrap(self, scope: Scope, test: Where = ALWAYS) -> Where:
        """The test, asked of the row it belongs to."""
        made = filled(self.sql, scope.given(), test)
        return Where(made.sql, (*self.values, *made.values)) if self.values else made


HERE = Relation("{test}")
"""The row itself."""
Source = Callable[[Scope, str], tuple[str, ...]]
"""Values that begin with a prefix, for completion; a bounded look-up."""


def no_values(scope: Scope, prefix: str) -> tuple[str, ...]:
    """Nothing to propose."""
    return ()


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that can be asked."""

    name: str
    kind: Kind
    column: str
    help: str
    relation: Relation = HERE
    source: Source = no_values
    closed: bool = False
    """Whether `source` knows every value there is: another one is an error."""
    ahead: bool = False
    """Whether a distance from now goes ahead (a date to come) instead of back."""
    narrowed: bool = False
    """Whether the value always stands in the text that a search looks into."""
    present: str = ""
    """SQL for `has:`, where the kind's does not fit."""


@dataclass(frozen=True, slots=True)
class Flag:
    """A state that `is:` asks for."""

    name: str
    sql: str
    help: str


@dataclass(frozen=True, slots=True)
class Entity:
    """A kind of thing with what can be asked of it."""

    name: str
    plural: str
    table: str
    """The table with its alias, as a FROM has it."""
    row: str
    """The alias."""
    find: Callable[[Scope, str], Where]
    """What holds of the rows in whose text something stands; told the folded words."""
    fields: tuple[Field, ...]
    flags: tuple[Flag, ...] = ()
    custom: str = ""
    """The column of the custom fields, as JSON."""
