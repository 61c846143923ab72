"""Imports as records: which there were, how far one is, and stopping one on its way."""

from __future__ import annotations

from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import Conflict, InvalidState, NotFound
from rusvel_tui.engine.gtm.crm.importing.import_views import (
    ImportId,
    ImportRunPage,
    ImportRunView,
    LeftAlone,
    ListImports,
)
from rusvel_tui.engine.models import ImportRun
from rusvel_tui.engine.operation import operation


@operation("gtm.crm.list_imports", permission="crm.contacts.read")
def list_imports(ctx: Context, cmd: ListImports) -> ImportRunPage:
    """List the imports of the session, newest first."""
    query = ImportRun.select().where(ImportRun.session_id == ctx.session_id)
    if cmd.state:
        query = query.where(ImportRun.state == cmd.state)
    if cmd.cursor:
        query = query.where(ImportRun.id < cmd.cursor)
    rows = list(query.order_by(ImportRun.id.desc()).limit(cmd.limit + 1))
    items = tuple(map(view, rows[: cmd.limit]))
    return ImportRunPage(items=items, next=items[-1].import_id if len(rows) > cmd.limit else None)


@operation("gtm.crm.get_import", permission="crm.contacts.read")
def get_import(ctx: Context, cmd: ImportId) -> ImportRunView:
    """Show one import, and how far it is."""
    return view(find_import(ctx, cmd.import_id))


@operation("gtm.crm.cancel_import", writes=True, permission="crm.contacts.manage")
def cancel_import(ctx: Context, cmd: ImportId) -> ImportRunView:
    """Stop an import that is running; what it did stays, and the same file goes on or is taken back."""
    run = find_import(ctx, cmd.import_id, "running")
    if run.state != "running":
        raise InvalidState(f"The import of {run.file_name}", run.state, "cancelled")
    run.state, run.updated_at = "cancelled", ctx.now
    run.save()
    undo = Inverse("gtm.crm.undo_import", {"import_id": run.id}) if run.counts["read"] else None
    payload = {"name": run.file_name, "preset": run.preset, **run.counts}
    ctx.record("gtm.contact.import_cancelled", run.id, payload, undo=undo)
    return view(run)


def newest_of(ctx: Context, digest: str) -> ImportRunView | None:
    """The newest import of the file with this SHA-256."""
    query = ImportRun.select().where(
        (ImportRun.session_id == ctx.session_id) & (ImportRun.file_sha256 == digest)
    )
    found = query.order_by(ImportRun.id.desc()).first()
    return view(found) if found else None


def find_import(ctx: Context, import_id: str, *states: str) -> ImportRun:
    """The row of an import of this session, the newest in one of these states when none is named."""
    query = ImportRun.select().where(ImportRun.session_id == ctx.session_id)
    if import_id:
        query = query.where(ImportRun.id == import_id)
    elif states:
        query = query.where(ImportRun.state.in_(states))
    found: ImportRun | None = query.order_by(ImportRun.id.desc()).first()
    if found is None and import_id:
        raise NotFound(f"There is no import {import_id!r} in this session.")
    if found is None:
        raise NotFound("There is no such import in this session. `rusvel import list` shows all.")
    return found


def move(run: ImportRun, wanted: str, *allowed: str) -> None:
    """Bring an import to another state, unless somebody was faster."""
    moved = (
        ImportRun.update(state=wanted)
        .where((ImportRun.id == run.id) & ImportRun.state.in_(allowed))
        .execute()
    )
    if not moved:
        raise Conflict(f"The import of {run.file_name} is {run.state} already.")
    run.state = wanted


def view(run: ImportRun) -> ImportRunView:
    return ImportRunView(
        import_id=run.id,
        file_name=run.file_name,
        preset=run.preset,
        state=run.state,
        total=run.total,
        **run.counts,
        options=run.options,
        left_alone=tuple(LeftAlone.model_validate(one) for one in run.left_alone),
        created_at=run.created_at,
        updated_at=run.updated_at,
    )
