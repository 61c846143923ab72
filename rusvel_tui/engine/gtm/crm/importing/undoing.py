"""Taking a whole import back, and making it again: one event, one transaction, nothing of others is lost."""

from __future__ import annotations

from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.gtm.crm.importing import traces
from rusvel_tui.engine.gtm.crm.importing.import_views import ImportId, ImportUndone, LeftAlone
from rusvel_tui.engine.gtm.crm.importing.runs import find_import, move
from rusvel_tui.engine.gtm.crm.importing.swapping import swap
from rusvel_tui.engine.gtm.crm.people.contact_deleting import keep_all_opt_outs
from rusvel_tui.engine.models import ImportRun
from rusvel_tui.engine.operation import operation

_ENDED = ("running", "cancelled", "done")


@operation("gtm.crm.undo_import", writes=True, permission="crm.contacts.manage", human_only=True)
def undo_import(ctx: Context, cmd: ImportId) -> ImportUndone:
    """Take a whole import back: who is new goes, who was changed is as before; opt-outs stay on the suppression list.

    Contacts that were touched since stay as they are and are listed.
    """
    run = find_import(ctx, cmd.import_id, *_ENDED)
    move(run, "undone", *_ENDED)
    new, left = traces.created(ctx, run.id)
    keep_all_opt_outs(ctx, new)
    traces.remove(ctx, new)
    old, also_left = traces.changed(run.id)
    restored, overtaken = swap(ctx, run.id, old)
    made = traces.chunks(run.id)
    companies = [one for _, ids in made for one in ids]
    dropped = traces.drop_companies(ctx, companies)
    left = sorted([*left, *also_left, *overtaken], key=lambda one: one.name.casefold())
    done = ImportUndone(
        import_id=run.id,
        name=run.file_name,
        state=run.state,
        contacts=len(new),
        restored=restored,
        companies=dropped,
        left_alone=tuple(left),
        suppressed=tuple(key for keys, _ in made for key in keys),
    )
    _close(ctx, run, done, "gtm.contact.import_undone", "gtm.crm.redo_import")
    return done


@operation("gtm.crm.redo_import", writes=True, permission="crm.contacts.manage", internal=True)
def redo_import(ctx: Context, cmd: ImportId) -> ImportUndone:
    """Make an import again that was taken back; who lost an address to somebody else stays away and is listed."""
    run = find_import(ctx, cmd.import_id, "undone")
    kept = {one["contact_id"] for one in run.left_alone}
    move(run, "done" if run.counts["read"] == run.total else "cancelled", "undone")
    gone = dict(traces.made_and_gone(run.id, kept))
    taken = traces.taken(gone)
    back = [one for one in gone if one not in taken]
    companies = [one for _, ids in traces.chunks(run.id) for one in ids]
    traces.bring_companies_back(companies, run.updated_at)
    traces.bring_back(back)
    old, left = traces.changed(run.id)
    restored, overtaken = swap(ctx, run.id, [one for one in old if one not in kept])
    traces.rejoin(back)
    traces.drop_companies(ctx, companies)
    lost = [LeftAlone(contact_id=one, name=gone[one], why=traces.TAKEN) for one in sorted(taken)]
    done = ImportUndone(
        import_id=run.id,
        name=run.file_name,
        state=run.state,
        contacts=len(back),
        restored=restored,
        companies=0,
        left_alone=(*lost, *overtaken, *(one for one in left if one.contact_id not in kept)),
        suppressed=(),
    )
    _close(ctx, run, done, "gtm.contact.import_redone", "gtm.crm.undo_import")
    return done


def _close(ctx: Context, run: ImportRun, done: ImportUndone, kind: str, back: str) -> None:
    left = [one.model_dump() for one in done.left_alone]
    ImportRun.update(left_alone=left, updated_at=ctx.now).where(ImportRun.id == run.id).execute()
    payload = {
        "name": run.file_name,
        "contacts": done.contacts,
        "restored": done.restored,
        "left_alone": len(left),
    }
    ctx.record(kind, run.id, payload, undo=Inverse(back, {"import_id": run.id}))
