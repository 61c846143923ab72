"""Contacts: add, look at, change, list and delete people."""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from rusvel_tui.engine.addresses import Address
from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.contact_views import ContactPage, ContactView, views
from rusvel_tui.engine.gtm.crm.people import (
    PLAIN,
    clean,
    fill_name,
    find_contact,
    index,
    keep_opt_outs,
    label,
    parse_addresses,
    put_emails,
    put_phones,
    read_cursor,
    refuse_taken,
    search_text,
    sort_text,
    split_name,
)
from rusvel_tui.engine.gtm.outreach.redrafts import redraft_for_contact
from rusvel_tui.engine.models import Contact, ContactEmail
from rusvel_tui.engine.operation import Input, PageInput, View, operation
from rusvel_tui.engine.sessions import require_version
from rusvel_tui.engine.text import fold, one_line


def _as_list(value: Any) -> Any:
    """One text stands for a list of one; commas separate."""
    if isinstance(value, str):
        return [part for part in (piece.strip() for piece in value.split(",")) if part]
    return value


Texts = Annotated[tuple[str, ...], BeforeValidator(_as_list)]


class AddContact(Input):
    """A new person. A name or a company is needed; an address too, if they are to get mail."""

    name: str = ""
    email: str = ""
    emails: Texts = ()
    """Further addresses; the first one of all is the primary one."""
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    title: str = ""
    phones: Texts = ()
    timezone: str = ""
    profile: str = ""
    tags: Texts = ()
    links: Texts = ()
    fields: dict[str, str] = Field(default_factory=dict)
    notes: str = ""
    source: str = "manual"
    metadata: dict[str, Any] = Field(default_factory=dict)


class ContactId(Input):
    """Which contact."""

    contact_id: str


class UpdateContact(Input):
    """Changes to a contact; what is left out stays as it is."""

    contact_id: str
    version: int | None = None
    """The version you saw; a newer one is a conflict."""
    name: str | None = None
    emails: Texts | None = None
    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    title: str | None = None
    phones: Texts | None = None
    timezone: str | None = None
    profile: str | None = None
    tags: Texts | None = None
    links: Texts | None = None
    fields: dict[str, str] | None = None
    notes: str | None = None
    metadata: dict[str, Any] | None = None


class ListContacts(PageInput):
    """Which contacts."""

    query: str = ""
    """Part of a name, company, address or tag; accents and case do not matter."""
    tag: str = ""


class Deleted(View):
    """What was deleted."""

    contact_id: str
    name: str


@operation("gtm.crm.add_contact", writes=True, permission="crm.contacts.manage")
def add_contact(ctx: Context, cmd: AddContact) -> ContactView:
    """Add a new contact to the CRM."""
    values = clean(cmd.model_dump(include=set(PLAIN)))
    if not values["name"]:
        values["name"] = one_line(f"{values['first_name']} {values['last_name']}")
    addresses = parse_addresses((cmd.email, *cmd.emails) if cmd.email else cmd.emails)
    if not (values["name"] or values["company"] or addresses):
        raise InvalidInput("A contact needs a name, a company or an address.", field="name")
    fill_name(values)
    contact = Contact(
        id=ctx.new_id(), session_id=ctx.session_id, created_at=ctx.now, updated_at=ctx.now, **values
    )
    index(contact, addresses)
    contact.save(force_insert=True)
    put_emails(ctx, contact, addresses)
    put_phones(ctx, contact, cmd.phones)
    inverse = Inverse("gtm.crm.delete_contact", {"contact_id": contact.id})
    ctx.record("gtm.contact.added", contact.id, {"name": label(contact)}, undo=inverse)
    return view(contact)


@operation("gtm.crm.get_contact", permission="crm.contacts.read")
def get_contact(ctx: Context, cmd: ContactId) -> ContactView:
    """Show one contact, whole."""
    return view(find_contact(ctx, cmd.contact_id))


@operation("gtm.crm.update_contact", writes=True, permission="crm.contacts.manage")
def update_contact(ctx: Context, cmd: UpdateContact) -> ContactView:
    """Change a contact; drafts that wait for missing data are written anew."""
    contact = find_contact(ctx, cmd.contact_id)
    require_version(cmd.version, contact.version, label(contact))
    before = view(contact)
    changes = clean(cmd.model_dump(include=set(PLAIN), exclude_none=True))
    for name, value in changes.items():
        setattr(contact, name, value)
    if "name" in changes and cmd.first_name is None and cmd.last_name is None:
        contact.first_name, contact.last_name = split_name(contact.name)
    addresses = parse_addresses(
        cmd.emails if cmd.emails is not None else tuple(e.address for e in before.emails)
    )
    if not (contact.name or contact.company or addresses):
        raise InvalidInput("A contact needs a name, a company or an address.", field="name")
    index(contact, addresses)
    contact.version += 1
    contact.updated_at = ctx.now
    contact.save()
    if cmd.emails is not None:
        put_emails(ctx, contact, addresses)
    if cmd.phones is not None:
        put_phones(ctx, contact, cmd.phones)
    ctx.record(
        "gtm.contact.updated",
        contact.id,
        {
            "name": label(contact),
            "fields": sorted(cmd.model_fields_set - {"contact_id", "version", "session_id"}),
        },
        undo=Inverse("gtm.crm.update_contact", _as_input(before) | {"version": contact.version}),
    )
    redraft_for_contact(ctx, contact.id)
    return view(contact)


@operation("gtm.crm.delete_contact", writes=True, permission="crm.contacts.manage", human_only=True)
def delete_contact(ctx: Context, cmd: ContactId) -> Deleted:
    """Delete a contact; its enrollments end and undo brings it back."""
    from rusvel_tui.engine.gtm.outreach.lifecycle import end_enrollments

    contact = find_contact(ctx, cmd.contact_id)
    end_enrollments(ctx, "deleted", contact_id=contact.id)
    contact.deleted_at = ctx.now
    contact.version += 1
    contact.save()
    addresses = ContactEmail.contact_id == contact.id
    keep_opt_outs(ctx, list(ContactEmail.select().where(addresses)))
    ContactEmail.update(deleted_at=ctx.now).where(addresses).execute()
    inverse = Inverse("gtm.crm.restore_contact", {"contact_id": contact.id})
    ctx.record("gtm.contact.deleted", contact.id, {"name": label(contact)}, undo=inverse)
    return Deleted(contact_id=contact.id, name=label(contact))


@operation("gtm.crm.restore_contact", writes=True, permission="crm.contacts.manage", internal=True)
def restore_contact(ctx: Context, cmd: ContactId) -> ContactView:
    """Bring a deleted contact back, unless somebody else has its address by now."""
    contact = find_contact(ctx, cmd.contact_id, deleted=True)
    rows = list(ContactEmail.select().where(ContactEmail.contact_id == contact.id))
    for row in rows:
        refuse_taken(ctx, contact, Address(row.address, row.key, row.key.rpartition("@")[2]))
    ContactEmail.update(deleted_at=None).where(ContactEmail.contact_id == contact.id).execute()
    contact.deleted_at = None
    contact.version += 1
    contact.updated_at = ctx.now
    contact.save()
    inverse = Inverse("gtm.crm.delete_contact", {"contact_id": contact.id})
    ctx.record("gtm.contact.restored", contact.id, {"name": label(contact)}, undo=inverse)
    return view(contact)


@operation("gtm.crm.list_contacts", permission="crm.contacts.read")
def list_contacts(ctx: Context, cmd: ListContacts) -> ContactPage:
    """List contacts by name."""
    query = Contact.select().where(
        (Contact.session_id == ctx.session_id) & Contact.deleted_at.is_null()
    )
    for word in fold(cmd.query).split():
        query = query.where(Contact.search.contains(word))
    if cmd.tag:
        query = query.where(Contact.search.contains(f"#{fold(cmd.tag)}#"))
    total = query.count()
    if cmd.cursor:
        sort_name, contact_id = read_cursor(cmd.cursor)
        later = (Contact.sort_name == sort_name) & (Contact.id > contact_id)
        query = query.where((Contact.sort_name > sort_name) | later)
    rows = list(query.order_by(Contact.sort_name, Contact.id).limit(cmd.limit + 1))
    more = len(rows) > cmd.limit
    rows = rows[: cmd.limit]
    cursor = json.dumps([rows[-1].sort_name, rows[-1].id]) if more else None
    return ContactPage(items=views(rows), next=cursor, total=total)


def view(contact: Contact) -> ContactView:
    return views([contact])[0]


def _as_input(before: ContactView) -> dict[str, Any]:
    """The view as the input that brings this state back."""
    kept = before.model_dump(mode="json", include={"contact_id", "phones", *PLAIN} - {"source"})
    return kept | {"emails": [email.address for email in before.emails]}


__all__ = ["find_contact", "search_text", "sort_text", "view"]
