"""Taking back what was done to people and companies, row by row, with what follows from it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.gtm.crm.companies.employers import relabel
from rusvel_tui.engine.gtm.crm.people.choosing import end_running
from rusvel_tui.engine.gtm.crm.people.contact_addresses import keep_opt_outs, refuse_taken
from rusvel_tui.engine.gtm.crm.people.people import reindex
from rusvel_tui.engine.gtm.outreach.mails.redrafts import redraft_for_contacts
from rusvel_tui.engine.models import Company, Contact, ContactEmail
from rusvel_tui.engine.models.base import among, database
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.row_changes import (
    Change,
    Part,
    Watch,
    as_json,
    from_json,
    parts_of,
    take_back,
)


class PutBack(Input):
    """Rows to bring back to what they were, and the words for the log."""

    subject_id: str
    name: str
    kind: str
    """The event kind of taking it back."""
    again: str
    """The event kind of making it again."""
    fields: list[str]
    changes: list[list[Any]]


class PutBackDone(View):
    """How many rows changed."""

    rows: int


def inverse(
    subject_id: str, name: str, kind: str, again: str, changes: Sequence[Change]
) -> Inverse:
    """The way back from these changes: the event `kind` when they are taken back, `again` when they are made again."""
    said = {"subject_id": subject_id, "name": name, "kind": kind, "again": again}
    stored = {"fields": fields_of(changes), "changes": as_json(changes)}
    return Inverse("gtm.crm.put_back", said | stored)


def fields_of(changes: Sequence[Change]) -> list[str]:
    """The fields that these changes touch, by the names that inputs use."""
    names: set[str] = set()
    for change in changes:
        names.update(_TABLES.get(change.table, change.before or ()))
    return sorted(names - _HIDDEN)


_TABLES: dict[str, tuple[str, ...]] = {
    "contact_email": ("emails",), "contact_phone": ("phones",), "employment": (), "suppression": (),
}  # fmt: skip
"""Tables that stand for one field of the contact, or for none."""
_HIDDEN = {"company_id", "deleted_at", "key"}


@operation("gtm.crm.put_back", writes=True, permission="crm.contacts.manage", internal=True)
def put_back(ctx: Context, cmd: PutBack) -> PutBackDone:
    """Bring rows back to what they were; drafts and enrollments follow."""
    changes = from_json(cmd.changes)
    removed = [c.key[0] for c in changes if c.table == "contact_email" and c.before is None]
    leaving = list(ContactEmail.select().where(ContactEmail.id.in_(removed)))
    watch = Watch(
        ctx, *parts_of(changes), Part("suppression", "key", tuple(row.key for row in leaving))
    )
    _refuse(ctx, changes)
    unmade = [c for c in changes if c.table == "company" and _removes(c)]
    what = cmd.name or "This"
    take_back(ctx, [c for c in changes if c not in unmade], what)
    take_back(ctx, [c for c in unmade if not _is_used(c.key[0])], what)
    keep_opt_outs(ctx, leaving)
    people = _follow(ctx, cmd.subject_id, changes)
    done = watch.changes()
    said = {"name": cmd.name, "fields": cmd.fields} | _version(cmd.subject_id)
    undo = inverse(cmd.subject_id, cmd.name, cmd.again, cmd.kind, done)
    ctx.record(cmd.kind, cmd.subject_id, said, undo=undo)
    redraft_for_contacts(ctx, people)
    return PutBackDone(rows=len(done))


def _removes(change: Change) -> bool:
    """Whether taking this back makes the row go."""
    return bool((change.before or {}).get("deleted_at"))


def _refuse(ctx: Context, changes: Sequence[Change]) -> None:
    """What only a person may do, and addresses that have another owner by now."""
    for change in changes:
        before, after = change.before, change.after
        if change.table == "contact" and _removes(change):
            ctx.require_human("take a contact back")
        if change.table == "suppression" and before is None:
            ctx.require_human("let an address be written to again")
        if change.table != "contact_email" or before is None:
            continue
        if after is None:
            refuse_taken(ctx, before["contact_id"], [before["key"]])
        elif after.get("opted_out_at") and not before["opted_out_at"]:
            ctx.require_human("take an opt-out back")


def _is_used(company_id: str) -> bool:
    """Whether somebody works at the company who came to it in another way."""
    here = Contact.select().where((Contact.company_id == company_id) & Contact.deleted_at.is_null())
    return bool(here.exists())


def _follow(ctx: Context, subject_id: str, changes: Sequence[Change]) -> list[str]:
    """Versions, names and searches of what changed, and the end of what ran for who is gone; the contacts."""
    gone = [c.key[0] for c in changes if c.table == "contact" and _removes(c)]
    end_running(ctx, "deleted", gone)
    companies = {c.key[0]: "name" in (c.before or {}) for c in changes if c.table == "company"}
    _bump(ctx, "company", companies)
    for company in Company.select().where(Company.id.in_(list(companies))):
        if companies[company.id]:
            relabel(ctx, company)
    ids = [subject_id, *(c.key[0] for c in changes if c.table == "contact")]
    _bump(ctx, "contact", ids)
    reindex(list(Contact.select().where(among(Contact.id, ids))))
    return ids


def _bump(ctx: Context, table: str, ids: Iterable[str]) -> None:
    sql = f"UPDATE {table} SET version = version + 1, updated_at = ? WHERE id IN (SELECT value FROM json_each(?))"
    database.execute_sql(sql, (stamp(ctx.now), json.dumps(list(ids))))


def _version(subject_id: str) -> dict[str, int]:
    row = Contact.get_or_none(Contact.id == subject_id) or Company.get_or_none(
        Company.id == subject_id
    )
    return {"version": row.version} if row else {}
