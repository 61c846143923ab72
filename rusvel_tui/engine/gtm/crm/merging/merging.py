"""Making one contact of two: everything of the one that goes is given to the one that stays, and kept to be taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from pydantic import Field as Described

from rusvel_tui.engine.conflicts import require_version
from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import Conflict
from rusvel_tui.engine.gtm.crm.companies.employers import employ
from rusvel_tui.engine.gtm.crm.merging.combining import Choice, checked, combined
from rusvel_tui.engine.gtm.crm.merging.merge_enrollments import doubled
from rusvel_tui.engine.gtm.crm.people.contact_views import ContactView, views
from rusvel_tui.engine.gtm.crm.people.people import find_contact, label, reindex
from rusvel_tui.engine.gtm.crm.people.put_back import fields_of
from rusvel_tui.engine.gtm.outreach.mails.redrafts import redraft_for_contact
from rusvel_tui.engine.models import (
    Contact,
    ContactEmail,
    ContactMerge,
    ContactPhone,
    Employment,
    Enrollment,
)
from rusvel_tui.engine.models.base import database, tuples
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.row_changes import Change, Part, Watch, as_json

MOVED = (
    "deal",
    "activity",
    "enrollment",
    "mail",
    "invoice",
    "client_credit",
    "recurring_invoice",
    "incoming_mail",
)
"""Tables whose rows are given to the contact that stays, by their column `contact_id`."""
OWN = ("contact_email", "contact_phone", "employment")
"""Tables whose rows are part of a contact; they are given too, and put in order."""
LEFT = {
    "contact_merge": "says who was who",
    "not_duplicate": "two contacts are two people, also when one of them is gone",
    "client_billing": "an invoice looks at who was merged into its client",
    "import_change": "an import looks whom a contact was merged into",
}
"""Tables that name a contact and keep the old id, each with the reason."""
_AT_REST = {"drafting": "scheduled", "sending": "approved", "running": "queued"}
"""What work in the hands of a worker comes back as: the worker has lost it."""


class MergeContacts(Input):
    """Which two contacts are one person, and whose value counts where they differ."""

    keep_id: str
    """The contact that stays."""
    merge_id: str
    """The contact that goes: it is deleted, and undo brings it back."""
    choices: dict[str, Choice] = Described(default_factory=dict)
    """By field of `compare_contacts`: `keep`, `merge` or `both`; what it proposes counts for the others."""
    keep_version: int | None = None
    merge_version: int | None = None
    """The versions you saw; a newer one is a conflict."""


class Merged(View):
    """The one contact, and what it was given."""

    merge_id: str
    """For `gtm.crm.unmerge_contacts`."""
    contact: ContactView
    merged_id: str
    moved: dict[str, int]
    """How many rows came over, by kind."""
    ended: int
    """Enrollments that ended, because nobody goes through a sequence twice."""


# Only a person may merge: it deletes a contact, gives its mails to another one and can end enrollments.
# An assistant proposes it, through `compare_contacts`.
@operation("gtm.crm.merge_contacts", writes=True, permission="crm.contacts.manage", human_only=True)
def merge_contacts(ctx: Context, cmd: MergeContacts) -> Merged:
    """Make one contact of two, field by field; undo makes them two again."""
    kept, gone = pair(ctx, cmd.keep_id, cmd.merge_id)
    for contact, seen in ((kept, cmd.keep_version), (gone, cmd.merge_version)):
        require_version(seen, contact.version, label(contact))
    choices = checked(kept, gone, cmd.choices)
    names = label(kept), label(gone)
    ending = doubled(kept.id, gone.id)
    watch = Watch(ctx, *_touched(kept.id, gone.id, ending))
    _end(ctx, ending)
    moved = _move(ctx, kept.id, gone.id)
    _write(ctx, kept, gone, combined(kept, gone, choices))
    _order_own(ctx, kept, gone, choices)
    reindex([kept, gone])
    changes = [_at_rest(change) for change in watch.changes()]
    merge = _keep(ctx, kept, gone, changes, cmd.choices)
    payload = {"name": names[0], "merged": names[1], "merged_id": gone.id, "merge_id": merge.id}
    said = {"fields": fields_of(changes), "version": kept.version}
    undo = Inverse("gtm.crm.unmerge_contacts", {"merge_id": merge.id})
    ctx.record("gtm.contact.merged", kept.id, payload | said, undo=undo)
    redraft_for_contact(ctx, kept.id)
    return Merged(
        merge_id=merge.id,
        contact=views([Contact.get_by_id(kept.id)])[0],
        merged_id=gone.id,
        moved=moved,
        ended=len(ending),
    )


def pair(ctx: Context, keep_id: str, merge_id: str) -> tuple[Contact, Contact]:
    """The two living contacts; raises when they are one."""
    if keep_id == merge_id:
        raise Conflict("That is one contact already. Name two.")
    return find_contact(ctx, keep_id), find_contact(ctx, merge_id)


def count_moves(merge_id: str) -> dict[str, int]:
    """How many rows of each kind the contact would give away; kinds without any are left out."""
    sql = "SELECT count(*) FROM {table} WHERE contact_id = ?"
    counts = Counter(
        {t: database.execute_sql(sql.format(table=t), (merge_id,)).fetchone()[0] for t in MOVED}
    )
    return dict(+counts)


def _touched(kept_id: str, gone_id: str, ending: Sequence[Enrollment]) -> list[Part]:
    both = (kept_id, gone_id)
    jobs = tuples(
        Enrollment.select(Enrollment.job_id).where(Enrollment.id.in_([one.id for one in ending]))
    )
    return [
        Part("contact", "id", both),
        *(Part(table, "contact_id", both) for table in (*OWN, *MOVED)),
        Part("job", "id", tuple(job_id for (job_id,) in jobs if job_id)),
    ]


def _end(ctx: Context, ending: Sequence[Enrollment]) -> None:
    from rusvel_tui.engine.gtm.outreach.enrolling.lifecycle import end_enrollments

    for enrollment in ending:
        end_enrollments(ctx, "merged", enrollment_id=enrollment.id)


def _move(ctx: Context, kept_id: str, gone_id: str) -> dict[str, int]:
    """Give the rows away; how many of which kind."""
    counts = count_moves(gone_id)
    for table in counts:
        database.execute_sql(
            f"UPDATE {table} SET contact_id = ? WHERE contact_id = ?", (kept_id, gone_id)
        )
    return counts


def _order_own(ctx: Context, kept: Contact, gone: Contact, choices: dict[str, Choice]) -> None:
    """All addresses and phones, those of the chosen contact first, each once; one employer at a time."""
    _one_employer(ctx, kept, gone, gone if choices["company"] is Choice.MERGE else kept)
    for model, field in ((ContactEmail, "emails"), (ContactPhone, "phones")):
        owners = (gone, kept) if choices[field] is Choice.MERGE else (kept, gone)
        rows = (
            row
            for owner in owners
            for row in model.select().where(model.contact_id == owner.id).order_by(model.position)
        )
        _renumber(kept.id, list(rows))


def _renumber(kept_id: str, rows: list[Any]) -> None:
    """Give the rows their order; a phone that both had stays once, as the first of the two."""
    seen: set[str] = set()
    for row in rows:
        same = row.key if isinstance(row, ContactEmail) else row.e164[1:] or row.digits
        if same in seen:
            row.delete_instance()
            continue
        row.contact_id, row.position = kept_id, len(seen)
        row.save(only=["contact_id", "position"])
        seen.add(same)


def _one_employer(ctx: Context, kept: Contact, gone: Contact, chosen: Contact) -> None:
    """The history of both; of two present employers that of the chosen contact goes on."""
    present = Employment.select().where(
        Employment.contact_id.in_((kept.id, gone.id)) & Employment.ended_at.is_null()
    )
    listed = sorted(present, key=lambda one: (one.contact_id != chosen.id, one.started_at, one.id))
    same = [one for one in listed if one.company_id == kept.company_id]
    goes_on = same or [one for one in listed if one.contact_id == chosen.id]
    for one in listed:
        if one in same[1:]:
            one.delete_instance()
        elif one not in goes_on:
            Employment.update(ended_at=ctx.now).where(Employment.id == one.id).execute()
    Employment.update(contact_id=kept.id).where(Employment.contact_id == gone.id).execute()
    employ(ctx, kept)


def _write(ctx: Context, kept: Contact, gone: Contact, values: dict[str, Any]) -> None:
    """The contact that stays with its values, and the other one as deleted, with a word where it went."""
    for name, value in values.items():
        setattr(kept, name, value)
    gone.metadata = gone.metadata | {"merged_into": kept.id}
    gone.deleted_at = ctx.now
    for contact in (kept, gone):
        contact.version += 1
        contact.updated_at = ctx.now
        contact.save()


def _at_rest(change: Change) -> Change:
    before = change.before
    if change.table not in ("mail", "job") or not before or before.get("state") not in _AT_REST:
        return change
    free = {name: None for name in ("owner", "lease_until") if name in before}
    return change._replace(before=before | {"state": _AT_REST[before["state"]]} | free)


def _keep(
    ctx: Context,
    kept: Contact,
    gone: Contact,
    changes: Sequence[Change],
    asked: dict[str, Choice],
) -> ContactMerge:
    """Both contacts as they were and as they are: the columns that changed, row by row."""
    stored = as_json(changes)
    merge: ContactMerge = ContactMerge.create(
        id=ctx.new_id(),
        session_id=ctx.session_id,
        kept_id=kept.id,
        merged_id=gone.id,
        before={"rows": [[table, key, before] for table, key, before, _ in stored]},
        after={"rows": [[table, key, after] for table, key, _, after in stored], "choices": asked},
        created_at=ctx.now,
    )
    return merge
