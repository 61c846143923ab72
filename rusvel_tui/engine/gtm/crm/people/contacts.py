"""Contacts: add, look at, change and list people."""

from __future__ import annotations

import json
from typing import Any

from rusvel_tui.engine.addresses import parse_address
from rusvel_tui.engine.conflicts import refuse_clash
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput, NotFound
from rusvel_tui.engine.gtm.crm.companies.employers import company_key, employ, link_company
from rusvel_tui.engine.gtm.crm.fields.field_store import normalise_fields
from rusvel_tui.engine.gtm.crm.finding.filtering import matching
from rusvel_tui.engine.gtm.crm.people.contact_addresses import (
    emails_of,
    parse_emails,
    phones_of,
    put_emails,
    put_phones,
    reread_phones,
)
from rusvel_tui.engine.gtm.crm.people.contact_inputs import (
    AddContact,
    ContactId,
    EmailInput,
    ListContacts,
    SetEmailFlags,
    UpdateContact,
)
from rusvel_tui.engine.gtm.crm.people.contact_views import ContactPage, ContactView, views
from rusvel_tui.engine.gtm.crm.people.people import (
    PLAIN,
    clean,
    fill_name,
    find_contact,
    index,
    label,
    read_cursor,
    split_name,
)
from rusvel_tui.engine.gtm.crm.people.put_back import fields_of, inverse
from rusvel_tui.engine.gtm.outreach.mails.redrafts import redraft_for_contact
from rusvel_tui.engine.models import Contact, ContactEmail
from rusvel_tui.engine.operation import operation
from rusvel_tui.engine.row_changes import Part, Watch
from rusvel_tui.engine.text import fold, one_line


@operation("gtm.crm.add_contact", writes=True, permission="crm.contacts.manage")
def add_contact(ctx: Context, cmd: AddContact) -> ContactView:
    """Add a new contact to the CRM."""
    values = clean(cmd.model_dump(include=set(PLAIN)))
    values["name"] = values["name"] or one_line(f"{values['first_name']} {values['last_name']}")
    values["source_at"] = values["source_at"] or ctx.now
    values["fields"] = normalise_fields(ctx, "contact", cmd.fields)
    given = (EmailInput(address=cmd.email), *cmd.emails) if cmd.email else cmd.emails
    emails = parse_emails(given)
    fill_name(values)
    contact = Contact(
        id=ctx.new_id(), session_id=ctx.session_id, created_at=ctx.now, updated_at=ctx.now, **values
    )
    _require_label(contact, emails)
    watch = _watch(ctx, contact)
    link_company(ctx, contact, (address.domain for address, _ in emails.values()))
    index(contact, (address.address for address, _ in emails.values()))
    contact.save(force_insert=True)
    put_emails(ctx, contact, emails)
    put_phones(ctx, contact, cmd.phones)
    employ(ctx, contact)
    undo = inverse(
        contact.id, label(contact), "gtm.contact.deleted", "gtm.contact.restored", watch.changes()
    )
    ctx.record("gtm.contact.added", contact.id, {"name": label(contact), "version": 1}, undo=undo)
    return view(contact)


@operation("gtm.crm.get_contact", permission="crm.contacts.read")
def get_contact(ctx: Context, cmd: ContactId) -> ContactView:
    """Show one contact, whole."""
    return view(find_contact(ctx, cmd.contact_id))


@operation("gtm.crm.update_contact", writes=True, permission="crm.contacts.manage")
def update_contact(ctx: Context, cmd: UpdateContact) -> ContactView:
    """Change a contact; drafts that wait for missing data are written anew."""
    contact = find_contact(ctx, cmd.contact_id)
    values = clean(cmd.model_dump(include=set(PLAIN), exclude_none=True))
    if cmd.fields is not None:
        values["fields"] = normalise_fields(ctx, "contact", cmd.fields, contact.fields)
    _refuse_clash(ctx, contact, cmd, values)
    watch = _watch(ctx, contact, values.get("company", contact.company))
    for name, value in values.items():
        setattr(contact, name, value)
    if "name" in values and cmd.first_name is None and cmd.last_name is None:
        contact.first_name, contact.last_name = split_name(contact.name)
    _write(ctx, contact, cmd)
    return _changed(ctx, contact, watch)


@operation("gtm.crm.set_email_flags", writes=True, permission="crm.contacts.manage")
def set_email_flags(ctx: Context, cmd: SetEmailFlags) -> ContactView:
    """Say that an address opted out or is invalid; an opt-out ends what runs for the person."""
    from rusvel_tui.engine.gtm.outreach.enrolling.lifecycle import end_enrollments

    contact = find_contact(ctx, cmd.contact_id)
    row = _find_email(contact, cmd.address)
    watch = _watch(ctx, contact)
    if cmd.opted_out is False and row.opted_out_at is not None:
        ctx.require_human("let an address be written to again")
    for flag in ("opted_out", "invalid"):
        wanted, since = getattr(cmd, flag), getattr(row, f"{flag}_at")
        if wanted is not None and wanted != (since is not None):
            setattr(row, f"{flag}_at", ctx.now if wanted else None)
    row.save()
    seen = _changed(ctx, contact, watch)
    if cmd.opted_out:
        end_enrollments(ctx, "unsubscribed", contact_id=contact.id)
    return seen


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
    if cmd.company_id:
        query = query.where(Contact.company_id == cmd.company_id)
    if cmd.filter:
        query = query.where(matching(ctx, "contact", cmd.filter))
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


def _watch(ctx: Context, contact: Contact, company: str | None = None) -> Watch:
    """Everything that a change of this contact may touch."""
    keys = tuple(row.key for row in emails_of(contact.id))
    name = contact.company if company is None else company
    return Watch(
        ctx,
        Part("company", "key", (company_key(name),) if name else ()),
        Part("contact", "id", (contact.id,)),
        Part("contact_email", "contact_id", (contact.id,)),
        Part("contact_phone", "contact_id", (contact.id,)),
        Part("employment", "contact_id", (contact.id,)),
        Part("suppression", "key", keys),
    )


def _refuse_clash(
    ctx: Context, contact: Contact, cmd: UpdateContact, values: dict[str, Any]
) -> None:
    """Raise `Conflict` with both values of every field that changed since the version that was seen."""
    if cmd.version in (None, contact.version):
        return
    theirs = {name: getattr(contact, name) for name in values}
    yours = dict(values)
    if cmd.emails is not None:
        theirs["emails"] = [row.address for row in emails_of(contact.id)]
        yours["emails"] = [address.address for address, _ in parse_emails(cmd.emails).values()]
    if cmd.phones is not None:
        theirs["phones"] = [row.number for row in phones_of(contact.id)]
        yours["phones"] = [one_line(phone.number) for phone in cmd.phones]
    versions = (cmd.version, contact.version)
    refuse_clash(ctx, contact.id, label(contact), versions, theirs, yours)


def _write(ctx: Context, contact: Contact, cmd: UpdateContact) -> None:
    """Save the contact with what hangs on it: addresses, phones, employer."""
    kept = tuple(EmailInput(address=row.address) for row in emails_of(contact.id))
    emails = parse_emails(cmd.emails if cmd.emails is not None else kept)
    _require_label(contact, emails)
    if cmd.company is not None:
        link_company(ctx, contact, (address.domain for address, _ in emails.values()))
    index(contact, (address.address for address, _ in emails.values()))
    contact.save()
    if cmd.emails is not None:
        put_emails(ctx, contact, emails)
    if cmd.phones is not None:
        put_phones(ctx, contact, cmd.phones)
    elif cmd.country is not None or cmd.company is not None:
        reread_phones(ctx, contact)
    employ(ctx, contact)


def _changed(ctx: Context, contact: Contact, watch: Watch) -> ContactView:
    """Record what a change did, with its way back; nothing when it did nothing."""
    changes = watch.changes()
    if not changes:
        return view(contact)
    contact.version += 1
    contact.updated_at = ctx.now
    contact.save(only=[Contact.version, Contact.updated_at])
    name = label(contact)
    said = {"name": name, "fields": fields_of(changes), "version": contact.version}
    undo = inverse(contact.id, name, "gtm.contact.updated", "gtm.contact.updated", changes)
    ctx.record("gtm.contact.updated", contact.id, said, undo=undo)
    redraft_for_contact(ctx, contact.id)
    return view(contact)


def _require_label(contact: Contact, emails: object) -> None:
    if not (contact.name or contact.company or emails):
        raise InvalidInput("A contact needs a name, a company or an address.", field="name")


def _find_email(contact: Contact, address: str) -> ContactEmail:
    key = parse_address(address).key
    row = next((row for row in emails_of(contact.id) if row.key == key), None)
    if row is None:
        raise NotFound(f"{label(contact)} has no address {address!r}.")
    return row
