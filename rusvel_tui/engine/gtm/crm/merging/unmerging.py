"""Making two contacts of one again: to the letter as they were, or not at all."""

from __future__ import annotations

from collections.abc import Sequence

from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import Conflict, NotFound
from rusvel_tui.engine.gtm.crm.companies.employers import refuse_deleted_employer
from rusvel_tui.engine.gtm.crm.merging.unmerge_enrollments import (
    give_back,
    record_going_on,
    refuse_twice,
    wake,
)
from rusvel_tui.engine.gtm.crm.people.contact_views import ContactView, views
from rusvel_tui.engine.gtm.crm.people.people import find_contact, label, reindex
from rusvel_tui.engine.gtm.crm.people.put_back import fields_of
from rusvel_tui.engine.gtm.outreach.mails.redrafts import redraft_for_contact
from rusvel_tui.engine.models import Contact, ContactMerge, Deal
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.row_changes import Change, from_json, take_back
from rusvel_tui.engine.undo import take_back_otherwise


class UnmergeContacts(Input):
    """Which merge is taken back."""

    merge_id: str


class Unmerged(View):
    """The two contacts as they are again."""

    kept: ContactView
    merged: ContactView


@operation(
    "gtm.crm.unmerge_contacts", writes=True, permission="crm.contacts.manage", human_only=True
)
def unmerge_contacts(ctx: Context, cmd: UnmergeContacts) -> Unmerged:
    """Take a merge back: both contacts are as they were, unless what it changed was changed since."""
    merge = _find(ctx, cmd.merge_id)
    kept = find_contact(ctx, merge.kept_id)
    gone = find_contact(ctx, merge.merged_id, deleted=True)
    changes = _changes(merge)
    _refuse_later_merge(merge, kept)
    refuse_deleted_employer(changes)
    refuse_twice(changes)
    for change in _in_order(changes):
        take_back(ctx, [change], _what(change, kept))
    give_back(changes, kept.id, gone.id)
    wake(ctx, changes)
    people = _follow(ctx, kept.id, gone.id)
    ContactMerge.update(undone_at=ctx.now).where(ContactMerge.id == merge.id).execute()
    _record(ctx, merge, people, changes)
    for contact in people:
        redraft_for_contact(ctx, contact.id)
    first, second = views(people)
    return Unmerged(kept=first, merged=second)


def _find(ctx: Context, merge_id: str) -> ContactMerge:
    found: ContactMerge | None = ContactMerge.get_or_none(
        (ContactMerge.id == merge_id) & (ContactMerge.session_id == ctx.session_id)
    )
    if found is None:
        raise NotFound(f"There is no merge {merge_id!r} in this session.")
    if found.undone_at is not None:
        raise Conflict("That merge was taken back already.")
    return found


def _changes(merge: ContactMerge) -> list[Change]:
    rows = zip(merge.before["rows"], merge.after["rows"], strict=True)
    return from_json([table, key, before, after] for (table, key, before), (_, _, after) in rows)


def _refuse_later_merge(merge: ContactMerge, kept: Contact) -> None:
    later = ContactMerge.select().where(
        (ContactMerge.kept_id == kept.id)
        & (ContactMerge.id > merge.id)
        & ContactMerge.undone_at.is_null()
    )
    if later.exists():
        raise Conflict(
            f"{label(kept)} was merged with another contact since. Take that merge back first."
        )


def _in_order(changes: Sequence[Change]) -> list[Change]:
    """What came goes first, then what was moved goes back, so that nobody has two of what there is one of."""

    def turn(change: Change) -> int:
        if change.before is None:
            return 0
        if change.after is None:
            return 3
        return 1 if "contact_id" in change.before else 2

    return sorted(changes, key=turn)


def _what(change: Change, kept: Contact) -> str:
    """What a change is about, for the sentence that refuses."""
    name = label(kept)
    words = {
        "contact": name,
        "contact_email": f"An address of {name}",
        "contact_phone": f"A phone of {name}",
        "employment": f"The employer of {name}",
        "activity": f"A note or task of {name}",
        "enrollment": f"An enrollment of {name}",
        "mail": f"A mail to {name}",
        "invoice": f"An invoice of {name}",
        "client_credit": f"The credit of {name}",
        "recurring_invoice": f"An invoice that comes again for {name}",
        "job": f"A step of a sequence of {name}",
    }
    if change.table == "deal":
        deal = Deal.get_or_none(Deal.id == change.key[-1])
        return f"The deal {deal.title!r}" if deal else f"A deal of {name}"
    return words[change.table]


def _follow(ctx: Context, *ids: str) -> list[Contact]:
    """The versions and searches of the two; the contacts in this order."""
    Contact.update(version=Contact.version + 1, updated_at=ctx.now).where(
        Contact.id.in_(ids)
    ).execute()
    reindex(list(Contact.select().where(Contact.id.in_(ids))))
    return [Contact.get_by_id(contact_id) for contact_id in ids]


def _record(
    ctx: Context, merge: ContactMerge, people: list[Contact], changes: Sequence[Change]
) -> None:
    kept, gone = people
    payload = {
        "name": label(kept),
        "merged": label(gone),
        "merged_id": gone.id,
        "merge_id": merge.id,
    }
    said = {"fields": fields_of(changes), "version": kept.version}
    asked = {"keep_id": kept.id, "merge_id": gone.id, "choices": merge.after["choices"]}
    again = Inverse("gtm.crm.merge_contacts", asked)
    take_back_otherwise(
        ctx, "gtm.contact.merged", "gtm.contact.unmerged", kept.id, payload | said, undo=again
    )
    record_going_on(ctx, changes)
