"""Taking a whole import back, and making it again: one event, one transaction, nothing of others is lost."""

from __future__ import annotations

from collections.abc import Iterable

from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import Conflict
from rusvel_tui.engine.gtm.crm.contact_addresses import keep_opt_outs, refuse_taken
from rusvel_tui.engine.gtm.crm.contact_deleting import keep_all_opt_outs
from rusvel_tui.engine.gtm.crm.employers import refuse_deleted_employer
from rusvel_tui.engine.gtm.crm.importing import traces
from rusvel_tui.engine.gtm.crm.importing.images import turned
from rusvel_tui.engine.gtm.crm.importing.import_views import ImportId, ImportUndone, LeftAlone
from rusvel_tui.engine.gtm.crm.importing.lookup import load_marks
from rusvel_tui.engine.gtm.crm.importing.runs import find_import, move
from rusvel_tui.engine.gtm.crm.importing.writing import redraft
from rusvel_tui.engine.gtm.crm.people import label, reindex
from rusvel_tui.engine.models import Contact, ContactEmail, ImportChange, ImportRun
from rusvel_tui.engine.models.base import database
from rusvel_tui.engine.operation import operation
from rusvel_tui.engine.row_changes import Change, as_json, from_json, take_back

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
    restored, overtaken = _swap(ctx, run, old)
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
    restored, overtaken = _swap(ctx, run, [one for one in old if one not in kept])
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


def _swap(ctx: Context, run: ImportRun, ids: Iterable[str]) -> tuple[int, list[LeftAlone]]:
    """Bring changed contacts to their other state and keep the way back; those that refuse are left."""
    left, done = [], []
    for row in traces.stored_images(run.id, ids):
        contact = Contact.get_by_id(row.contact_id)
        try:
            with database.atomic():
                _apply(ctx, contact, from_json(row.image))
        except Conflict as error:
            left.append(LeftAlone(contact_id=contact.id, name=label(contact), why=str(error)))
        else:
            row.image = as_json(turned(row.image))
            done.append(row)
    _finish(ctx, done)
    return len(done), left


def _apply(ctx: Context, contact: Contact, changes: list[Change]) -> None:
    """One contact to its other state; an opt-out outlives an address that goes."""
    refuse_deleted_employer(changes)
    addresses = [change for change in changes if change.table == "contact_email"]
    coming = [str(change.before["key"]) for change in addresses if change.before]
    refuse_taken(ctx, contact.id, coming)
    going = [change.key[-1] for change in addresses if change.before is None]
    keep_opt_outs(ctx, ContactEmail.select().where(ContactEmail.id.in_(going)))
    take_back(ctx, changes, label(contact))


def _finish(ctx: Context, rows: list[ImportChange]) -> None:
    """What follows from other data: folded copies, versions, drafts, and the marks by which touches are seen."""
    ids = [row.contact_id for row in rows]
    for start in range(0, len(ids), 500):
        people = list(Contact.select().where(Contact.id.in_(ids[start : start + 500])))
        reindex(people)
    marks = load_marks(ids)
    for row in rows:
        Contact.update(version=Contact.version + 1, updated_at=ctx.now).where(
            Contact.id == row.contact_id
        ).execute()
        ImportChange.update(image=row.image, mark=marks[row.contact_id]).where(
            (ImportChange.import_id == row.import_id) & (ImportChange.contact_id == row.contact_id)
        ).execute()
    redraft(ctx, ids)
