"""What has to stand on the invoices of a contact: name, address, VAT id, and where the mail goes."""

from __future__ import annotations

from typing import Any

from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.gtm.crm.people.people import find_contact, label
from rusvel_tui.engine.gtm.invoices.setup.parties import Party, PartyInput, read_party
from rusvel_tui.engine.models import ClientBilling, Contact, ContactEmail, ContactMerge
from rusvel_tui.engine.operation import Input, View, operation


class BillingOf(Input):
    """Whose invoices."""

    contact_id: str


class SetBilling(Input):
    """What stands on the invoices of a contact; what is left out stays."""

    contact_id: str
    client: PartyInput


class PutBilling(Input):
    """All of it, as it was kept."""

    contact_id: str
    details: dict[str, Any]


class BillingView(View):
    """What stands on the next invoice of a contact, and which parts of it were typed."""

    contact_id: str
    client: Party
    typed: tuple[str, ...]


@operation("gtm.invoices.show_billing", permission="crm.invoices.read")
def show_billing(ctx: Context, cmd: BillingOf) -> BillingView:
    """Show what stands on the next invoice of a contact."""
    return _view(find_contact(ctx, cmd.contact_id))


@operation("gtm.invoices.set_billing", writes=True, permission="crm.invoices.manage")
def set_billing(ctx: Context, cmd: SetBilling) -> BillingView:
    """Say what stands on the invoices of a contact: name, address, VAT id, mail address."""
    contact = find_contact(ctx, cmd.contact_id)
    return _keep(ctx, contact, read_party(cmd.client, _details(contact.id)))


@operation("gtm.invoices.put_billing", writes=True, permission="crm.invoices.manage", internal=True)
def put_billing(ctx: Context, cmd: PutBilling) -> BillingView:
    """Bring former billing details of a contact back."""
    return _keep(ctx, find_contact(ctx, cmd.contact_id), cmd.details)


def client_of(contact: Contact, typed: dict[str, str] | None = None) -> Party:
    """Who gets an invoice: what was typed for it, else for the contact, else what the contact says."""
    first = ContactEmail.select().where(
        (ContactEmail.contact_id == contact.id) & ContactEmail.deleted_at.is_null()
    )
    email = first.order_by(ContactEmail.position).first()
    usual = {
        "name": contact.company or contact.name,
        "attention": contact.name if contact.company else "",
        "country": contact.country,
        "email": email.address if email else "",
    }
    return Party.model_validate(usual | _details(contact.id) | (typed or {}))


def _details(contact_id: str) -> dict[str, str]:
    row = ClientBilling.get_or_none(ClientBilling.contact_id == contact_id)
    row = row or _merged(contact_id)
    return {} if row is None else dict(row.details)


def _merged(contact_id: str) -> ClientBilling | None:
    """What was known of a contact that was merged into this one, the newest first."""
    gone = ContactMerge.select(ContactMerge.merged_id).where(
        (ContactMerge.kept_id == contact_id) & ContactMerge.undone_at.is_null()
    )
    query = ClientBilling.select().where(ClientBilling.contact_id.in_(gone))
    found: ClientBilling | None = query.order_by(ClientBilling.updated_at.desc()).first()
    return found


def _keep(ctx: Context, contact: Contact, after: dict[str, str]) -> BillingView:
    before = _details(contact.id)
    if after != before:
        ClientBilling.insert(
            contact_id=contact.id, session_id=ctx.session_id, details=after, updated_at=ctx.now
        ).on_conflict_replace().execute()
        undo = Inverse("gtm.invoices.put_billing", {"contact_id": contact.id, "details": before})
        said = {"name": label(contact)}
        ctx.record("gtm.invoice.billing", contact.id, said, undo=undo)
    return _view(contact)


def _view(contact: Contact) -> BillingView:
    typed = tuple(sorted(_details(contact.id)))
    return BillingView(contact_id=contact.id, client=client_of(contact), typed=typed)
