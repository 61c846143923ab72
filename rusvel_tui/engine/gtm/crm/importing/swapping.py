"""Contacts that an import changed, brought to what they were before it, or back: some hundred at a time."""

from __future__ import annotations

from collections.abc import Sequence

from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict
from rusvel_tui.engine.gtm.crm.companies.employers import refuse_deleted_employer
from rusvel_tui.engine.gtm.crm.importing.images import turned
from rusvel_tui.engine.gtm.crm.importing.import_views import LeftAlone
from rusvel_tui.engine.gtm.crm.importing.lookup import load_marks, load_owners
from rusvel_tui.engine.gtm.crm.people.contact_addresses import keep_opt_outs
from rusvel_tui.engine.gtm.crm.people.people import label, reindex
from rusvel_tui.engine.gtm.outreach.mails.redrafts import redraft_for_contacts
from rusvel_tui.engine.models import Contact, ContactEmail, ImportChange
from rusvel_tui.engine.models.base import among, database, dump_json
from rusvel_tui.engine.row_changes import Change, as_json, from_json, take_back

_AT_ONCE = 500
_KEEP = "UPDATE import_change SET image = ?, mark = ? WHERE import_id = ? AND contact_id = ?"
_TOUCH = "UPDATE contact SET version = version + 1, updated_at = ? WHERE id = ?"


def swap(ctx: Context, import_id: str, ids: Sequence[str]) -> tuple[int, list[LeftAlone]]:
    """Bring these contacts to their other state and keep the way back; how many, and those that refuse."""
    done, left = 0, []
    for start in range(0, len(ids), _AT_ONCE):
        rows = list(
            ImportChange.select().where(
                (ImportChange.import_id == import_id)
                & among(ImportChange.contact_id, ids[start : start + _AT_ONCE])
            )
        )
        good, refused = _swap_together(ctx, rows)
        done += len(good)
        left += refused
        _finish(ctx, good)
    return done, left


def _swap_together(
    ctx: Context, rows: list[ImportChange]
) -> tuple[list[ImportChange], list[LeftAlone]]:
    """All of them at once; in halves when somebody among them refuses."""
    try:
        with database.atomic():
            _apply(ctx, rows)
    except Conflict as error:
        if len(rows) == 1:
            contact = Contact.get_by_id(rows[0].contact_id)
            name = label(contact)
            return [], [LeftAlone(contact_id=contact.id, name=name, why=str(error))]
        half = len(rows) // 2
        good, refused = _swap_together(ctx, rows[:half])
        more, also = _swap_together(ctx, rows[half:])
        return [*good, *more], [*refused, *also]
    return rows, []


def _apply(ctx: Context, rows: list[ImportChange]) -> None:
    """The changes of some contacts; an opt-out outlives an address that goes."""
    changes = [change for row in rows for change in from_json(row.image)]
    refuse_deleted_employer(changes)
    addresses = [change for change in changes if change.table == "contact_email"]
    _refuse_taken(ctx, addresses)
    going = [change.key[-1] for change in addresses if change.before is None]
    keep_opt_outs(ctx, ContactEmail.select().where(among(ContactEmail.id, going)))
    take_back(ctx, changes, "The contact")


def _refuse_taken(ctx: Context, addresses: list[Change]) -> None:
    """An address that comes back must be nobody's by now."""
    coming = [str(change.before["key"]) for change in addresses if change.before]
    owners = load_owners(ctx.session_id, coming)
    if owners:
        raise Conflict(f"{next(iter(owners))} belongs to somebody else by now.")


def _finish(ctx: Context, rows: list[ImportChange]) -> None:
    """What follows from other data: folded copies, versions, drafts, and the marks by which touches are seen."""
    ids = [row.contact_id for row in rows]
    reindex(list(Contact.select().where(among(Contact.id, ids))))
    connection, now, marks = database.connection(), stamp(ctx.now), load_marks(ids)
    connection.executemany(_TOUCH, [(now, one) for one in ids])
    kept = (
        (
            dump_json(as_json(turned(row.image))),
            marks[row.contact_id],
            row.import_id,
            row.contact_id,
        )
        for row in rows
    )
    connection.executemany(_KEEP, kept)
    redraft_for_contacts(ctx, ids)
