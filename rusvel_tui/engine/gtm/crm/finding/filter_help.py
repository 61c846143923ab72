"""Help for whoever types a filter: what can come next, and what the line means."""

from __future__ import annotations

from pydantic import ConfigDict, Field

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.filters import FilterError
from rusvel_tui.engine.filters.completing import suggestions, typed_before
from rusvel_tui.engine.filters.explaining import explain
from rusvel_tui.engine.filters.lexer import LONGEST
from rusvel_tui.engine.filters.parser import parse
from rusvel_tui.engine.gtm.crm.finding.filtering import ENTITIES, compiler, scope_of, where
from rusvel_tui.engine.gtm.view_proposals import ViewKind
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.text import blanked


class CompleteFilter(Input):
    """A filter that is being typed."""

    model_config = ConfigDict(str_strip_whitespace=False)

    kind: ViewKind = ViewKind.CONTACTS
    text: str = Field(default="", max_length=LONGEST)
    column: int | None = Field(default=None, ge=1)
    """Where the cursor stands: the column of the next character, from 1; at the end when left out."""


class CheckFilter(Input):
    """A filter to look at."""

    model_config = ConfigDict(str_strip_whitespace=False)

    kind: ViewKind = ViewKind.CONTACTS
    filter: str = ""


class FilterSuggestion(View):
    """One way to go on: `text` takes the place of what was begun."""

    text: str
    help: str


class Completion(View):
    """What may stand from column `start` to before `end`."""

    start: int
    end: int
    items: tuple[FilterSuggestion, ...]


class FilterCheck(View):
    """Whether a filter can be used; if not, why, and where."""

    valid: bool
    meaning: str
    """In words; empty when it cannot be used or asks nothing."""
    problem: str
    column: int
    """Of the problem, from 1; 0 when there is none."""
    width: int
    """How many characters are meant."""


@operation("gtm.crm.complete_filter", permission="crm.contacts.read")
def complete_filter(ctx: Context, cmd: CompleteFilter) -> Completion:
    """Propose fields and values for the place of the cursor in a filter."""
    text = blanked(cmd.text)
    cursor = len(text) if cmd.column is None else min(len(text), cmd.column - 1)
    typed = typed_before(text, cursor)
    found = suggestions(ENTITIES[cmd.kind.entity], scope_of(ctx), typed)
    items = tuple(FilterSuggestion(text=one.text, help=one.help) for one in found)
    return Completion(start=typed.start + 1, end=cursor + 1, items=items)


@operation("gtm.crm.check_filter", permission="crm.contacts.read")
def check_filter(ctx: Context, cmd: CheckFilter) -> FilterCheck:
    """Say what a filter means, or what is wrong with it and at which column."""
    entity = cmd.kind.entity
    try:
        where(ctx, entity, cmd.filter)
    except FilterError as error:
        return FilterCheck(
            valid=False, meaning="", problem=error.reason, column=error.column, width=error.width
        )
    meaning = explain(compiler(ctx, entity), parse(blanked(cmd.filter)))
    return FilterCheck(valid=True, meaning=meaning, problem="", column=0, width=0)
