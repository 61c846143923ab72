"""Saved views: a filter with a name, opened by a digit, edited as the line that it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import Field

from rusvel_tui.engine.conflicts import require_version
from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import Conflict, InvalidInput, NotFound
from rusvel_tui.engine.filters.faults import FilterError
from rusvel_tui.engine.gtm.crm.finding.filtering import where
from rusvel_tui.engine.gtm.view_proposals import PROPOSALS, ViewKind
from rusvel_tui.engine.models import SavedView
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.row_changes import Change, Part, Watch, as_json, from_json, take_back
from rusvel_tui.engine.text import blanked, fold, one_line

LONGEST = 60
"""Characters of a name."""


class SaveView(Input):
    """A view to keep. One of the same name is changed; a digit that another view has moves to this one."""

    kind: ViewKind
    name: str
    filter: str
    """The filter line, such as `stage:proposal -has:next`; empty shows everything."""
    digit: int | None = Field(default=None, ge=1, le=9)
    """The key that opens it; left out, a changed view keeps its digit and a new one has none."""
    version: int | None = None
    """The version that you saw, when you change one."""


class ViewId(Input):
    """Which view."""

    view_id: str


class RenameView(Input):
    """Another name for a view."""

    view_id: str
    name: str
    version: int | None = None


class ReorderViews(Input):
    """The views of one kind in their new order: they get the digits from 1 on, the others lose theirs."""

    kind: ViewKind
    view_ids: tuple[str, ...] = Field(max_length=9)


class ListViews(Input):
    """Views of one kind, or of all."""

    kind: ViewKind | None = None


class PutViewsBack(Input):
    """Views to bring back to what they were."""

    subject_id: str
    name: str
    changes: list[list[Any]]


class SavedFilter(View):
    """A filter with a name."""

    view_id: str
    kind: ViewKind
    name: str
    filter: str
    digit: int | None
    problem: str
    """Why the filter cannot be used any more; empty when it can."""
    version: int


class ProposedView(View):
    """A view that one may want to save."""

    kind: ViewKind
    name: str
    filter: str


class ViewList(View):
    """The saved views, those with a digit first, and proposals whose name is free."""

    items: tuple[SavedFilter, ...]
    proposed: tuple[ProposedView, ...]


@operation("gtm.views.save", writes=True, permission="views.manage")
def save_view(ctx: Context, cmd: SaveView) -> SavedFilter:
    """Keep a filter under a name; errors in it point at the column."""
    name, text = _name(cmd.name), " ".join(blanked(cmd.filter).split())
    where(ctx, cmd.kind.entity, text)
    row = _by_name(ctx, cmd.kind, name)

    def change() -> SavedView:
        _free_digit(ctx, cmd.kind, cmd.digit)
        if row is None:
            return _create(ctx, cmd, name, text)
        require_version(cmd.version, row.version, f"The view {row.name!r}")
        row.name, row.filter = name, text
        row.digit = cmd.digit or row.digit
        return _touched(ctx, row)

    return _recorded(ctx, cmd.kind, "gtm.view.saved", change)


@operation("gtm.views.rename", writes=True, permission="views.manage")
def rename_view(ctx: Context, cmd: RenameView) -> SavedFilter:
    """Give a view another name."""
    row, name = _find(ctx, cmd.view_id), _name(cmd.name)
    require_version(cmd.version, row.version, f"The view {row.name!r}")
    other = _by_name(ctx, ViewKind(row.kind), name)
    if other is not None and other.id != row.id:
        raise Conflict(f"There is a view {other.name!r} already. Choose another name.")

    def change() -> SavedView:
        row.name = name
        return _touched(ctx, row)

    return _recorded(ctx, ViewKind(row.kind), "gtm.view.saved", change)


@operation("gtm.views.delete", writes=True, permission="views.manage", human_only=True)
def delete_view(ctx: Context, cmd: ViewId) -> SavedFilter:
    """Delete a view; undo brings it back."""
    row = _find(ctx, cmd.view_id)

    def change() -> SavedView:
        SavedView.delete().where(SavedView.id == row.id).execute()
        return row

    return _recorded(ctx, ViewKind(row.kind), "gtm.view.deleted", change)


@operation("gtm.views.reorder", writes=True, permission="views.manage")
def reorder_views(ctx: Context, cmd: ReorderViews) -> ViewList:
    """Lay views on the digits from 1 on, in this order."""
    if len(set(cmd.view_ids)) < len(cmd.view_ids):
        raise InvalidInput("Name each view once.", field="view_ids")
    rows = [_find(ctx, view_id) for view_id in cmd.view_ids]
    wrong = [row.name for row in rows if row.kind != cmd.kind.key]
    if wrong:
        raise InvalidInput(f"{wrong[0]!r} is no view of {cmd.kind.key}.", field="view_ids")
    watch = _watch(ctx, cmd.kind)
    _of_kind(ctx, cmd.kind, SavedView.update(digit=None)).execute()
    for digit, row in enumerate(rows, 1):
        SavedView.update(digit=digit).where(SavedView.id == row.id).execute()
    _record(ctx, "gtm.view.saved", "", cmd.kind.key, watch.changes())
    return list_views.handle(ctx, ListViews(kind=cmd.kind))


@operation("gtm.views.list", permission="views.read")
def list_views(ctx: Context, cmd: ListViews) -> ViewList:
    """List the saved views, and what else might be worth saving."""
    query = SavedView.select().where(SavedView.session_id == ctx.session_id)
    if cmd.kind:
        query = query.where(SavedView.kind == cmd.kind.key)
    rows = list(
        query.order_by(SavedView.kind, SavedView.digit.is_null(), SavedView.digit, SavedView.name)
    )
    taken = {(row.kind, fold(row.name)) for row in rows}
    proposed = tuple(
        ProposedView(kind=kind, name=name, filter=text)
        for kind, name, text in PROPOSALS
        if cmd.kind in (None, kind) and (kind.key, fold(name)) not in taken
    )
    return ViewList(items=tuple(_view(ctx, row) for row in rows), proposed=proposed)


@operation("gtm.views.put_back", writes=True, permission="views.manage", internal=True)
def put_views_back(ctx: Context, cmd: PutViewsBack) -> ViewList:
    """Take back what was done to views."""
    changes = from_json(cmd.changes)
    watch = Watch(ctx, Part("saved_view", "kind", tuple(kind.key for kind in ViewKind)))
    take_back(ctx, changes, f"The view {cmd.name!r}")
    _record(ctx, "gtm.view.saved", cmd.subject_id, cmd.name, watch.changes())
    return list_views.handle(ctx, ListViews())


def _recorded(
    ctx: Context, kind: ViewKind, event: str, change: Callable[[], SavedView]
) -> SavedFilter:
    """Make the change and record it with its way back: all rows that it touched."""
    watch = _watch(ctx, kind)
    row = change()
    _record(ctx, event, row.id, row.name, watch.changes())
    return _view(ctx, row)


def _record(ctx: Context, event: str, subject_id: str, name: str, changes: list[Change]) -> None:
    back = {"subject_id": subject_id, "name": name, "changes": as_json(changes)}
    ctx.record(event, subject_id, {"name": name}, undo=Inverse("gtm.views.put_back", back))


def _watch(ctx: Context, kind: ViewKind) -> Watch:
    return Watch(ctx, Part("saved_view", "kind", (kind.key,)))


def _create(ctx: Context, cmd: SaveView, name: str, text: str) -> SavedView:
    made: SavedView = SavedView.create(
        id=ctx.new_id(), session_id=ctx.session_id, kind=cmd.kind.key, name=name, filter=text,
        digit=cmd.digit, created_at=ctx.now, updated_at=ctx.now,
    )  # fmt: skip
    return made


def _touched(ctx: Context, row: SavedView) -> SavedView:
    row.version += 1
    row.updated_at = ctx.now
    row.save()
    return row


def _free_digit(ctx: Context, kind: ViewKind, digit: int | None) -> None:
    if digit is not None:
        update = SavedView.update(digit=None).where(SavedView.digit == digit)
        _of_kind(ctx, kind, update).execute()


def _of_kind(ctx: Context, kind: ViewKind, query: Any) -> Any:
    return query.where((SavedView.session_id == ctx.session_id) & (SavedView.kind == kind.key))


def _find(ctx: Context, view_id: str) -> SavedView:
    found: SavedView | None = SavedView.get_or_none(
        (SavedView.id == view_id) & (SavedView.session_id == ctx.session_id)
    )
    if found is None:
        raise NotFound(f"There is no view {view_id!r} in this session. gtm.views.list shows them.")
    return found


def _by_name(ctx: Context, kind: ViewKind, name: str) -> SavedView | None:
    rows = _of_kind(ctx, kind, SavedView.select())
    return next((row for row in rows if fold(row.name) == fold(name)), None)


def _name(text: str) -> str:
    name = one_line(text)
    if not 0 < len(name) <= LONGEST:
        raise InvalidInput(f"A view needs a name of 1 to {LONGEST} characters.", field="name")
    return name


def _view(ctx: Context, row: SavedView) -> SavedFilter:
    problem = ""
    try:
        where(ctx, ViewKind(row.kind).entity, row.filter)
    except FilterError as error:
        problem = str(error)
    return SavedFilter(
        view_id=row.id,
        kind=ViewKind(row.kind),
        name=row.name,
        filter=row.filter,
        digit=row.digit,
        problem=problem,
        version=row.version,
    )
