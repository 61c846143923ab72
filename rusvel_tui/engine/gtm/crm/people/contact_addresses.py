"""The addresses and phones of a contact: in order, each with its label, its flags kept whatever happens."""

from __future__ import annotations

from collections.abc import Iterable

from rusvel_tui.engine.addresses import Address, parse_address
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict, InvalidInput
from rusvel_tui.engine.gtm.crm.people.contact_inputs import EmailInput, PhoneInput
from rusvel_tui.engine.gtm.crm.people.phones import Phone, parse_phone, read_phone
from rusvel_tui.engine.gtm.crm.people.suppression_keys import list_erased
from rusvel_tui.engine.gtm.crm.people.zones import session_country
from rusvel_tui.engine.models import Company, Contact, ContactEmail, ContactPhone, Suppression
from rusvel_tui.engine.text import one_line

OPTED_OUT = "opted out"
"""The reason of a suppression that took over the flag of an address."""


def parse_emails(given: Iterable[EmailInput]) -> dict[str, tuple[Address, str | None]]:
    """The valid addresses with their labels by key, each once; raises `InvalidInput` on the first bad one."""
    found: dict[str, tuple[Address, str | None]] = {}
    for one in given:
        try:
            address = parse_address(one.address)
        except InvalidInput as error:
            raise InvalidInput(str(error), field="email") from None
        found.setdefault(address.key, (address, _label(one.label)))
    return found


def refuse_taken(ctx: Context, contact_id: str, keys: Iterable[str]) -> None:
    """Raise `Conflict` when another living contact of the session has one of these addresses."""
    row = (
        ContactEmail.select(
            ContactEmail.contact_id, ContactEmail.address, Contact.name, Contact.company
        )
        .join(Contact, on=(Contact.id == ContactEmail.contact_id))
        .where(
            (ContactEmail.session_id == ctx.session_id)
            & ContactEmail.key.in_(list(keys))
            & ContactEmail.deleted_at.is_null()
            & (ContactEmail.contact_id != contact_id)
        )
        .tuples()
        .first()
    )
    if row is not None:
        owner, address, name, company = row
        raise Conflict(
            f"{address} belongs to {name or company or 'another contact'} already ({owner})."
        )


def put_emails(
    ctx: Context, contact: Contact, wanted: dict[str, tuple[Address, str | None]]
) -> None:
    """Make these the addresses of the contact, the primary one first; flags of those that stay are kept."""
    refuse_taken(ctx, contact.id, wanted)
    kept = {row.key: row for row in emails_of(contact.id)}
    keep_opt_outs(ctx, [row for key, row in kept.items() if key not in wanted])
    gone = [row.id for key, row in kept.items() if key not in wanted]
    ContactEmail.delete().where(ContactEmail.id.in_(gone)).execute()
    for position, (key, (address, label)) in enumerate(wanted.items()):
        row = kept.get(key) or ContactEmail(
            id=ctx.new_id(), session_id=ctx.session_id, contact_id=contact.id, key=key
        )
        row.address, row.position = address.address, position
        row.label = row.label if label is None else label
        row.save(force_insert=key not in kept)
    list_erased(ctx, (key for key in wanted if key not in kept))


def keep_opt_outs(ctx: Context, leaving: Iterable[ContactEmail]) -> None:
    """An opt-out outlives the contact that had the address: it moves to the suppression list."""
    for row in leaving:
        if row.opted_out_at is None:
            continue
        made = Suppression.insert(
            session_id=ctx.session_id, key=row.key, reason=OPTED_OUT, created_at=ctx.now
        ).on_conflict_ignore()
        made.execute()
        ctx.record("gtm.suppression.added", "", {"name": row.key, "reason": OPTED_OUT})


def put_phones(ctx: Context, contact: Contact, given: Iterable[PhoneInput]) -> None:
    """Make these the numbers of the contact; those that are there already are not judged again."""
    kept = {row.number: row for row in phones_of(contact.id)}
    sure, guess = _countries(ctx, contact)
    wanted: dict[str, tuple[Phone, str | None]] = {}
    for one in given:
        known = one_line(one.number) in kept
        phone = (
            read_phone(one.number, sure or guess) if known else parse_phone(one.number, sure, guess)
        )
        wanted.setdefault(phone.e164 or phone.digits, (phone, _label(one.label)))
    numbers = {phone.number for phone, _ in wanted.values()}
    ContactPhone.delete().where(
        (ContactPhone.contact_id == contact.id) & ContactPhone.number.not_in(list(numbers))
    ).execute()
    for position, (phone, label) in enumerate(wanted.values()):
        row = kept.get(phone.number) or ContactPhone(
            id=ctx.new_id(), session_id=ctx.session_id, contact_id=contact.id
        )
        row.number, row.digits, row.e164, row.position = *phone, position
        row.label = row.label if label is None else label
        row.save(force_insert=phone.number not in kept)


def reread_phones(ctx: Context, contact: Contact) -> None:
    """Find the international forms anew: the country of the contact has changed."""
    rows = phones_of(contact.id)
    put_phones(ctx, contact, [PhoneInput(number=row.number) for row in rows])


def emails_of(contact_id: str) -> list[ContactEmail]:
    """The address rows of a contact in their order."""
    query = ContactEmail.select().where(ContactEmail.contact_id == contact_id)
    return list(query.order_by(ContactEmail.position))


def phones_of(contact_id: str) -> list[ContactPhone]:
    """The phone rows of a contact in their order."""
    query = ContactPhone.select().where(ContactPhone.contact_id == contact_id)
    return list(query.order_by(ContactPhone.position))


def _countries(ctx: Context, contact: Contact) -> tuple[str, str]:
    """The country that the contact's numbers surely have, and the one that is likely."""
    if contact.country:
        return contact.country, ""
    company = Company.get_or_none(Company.id == contact.company_id) if contact.company_id else None
    return (company.country if company else ""), session_country(ctx.session)


def _label(text: str | None) -> str | None:
    if text is not None and len(text) > 40:
        raise InvalidInput("A label is longer than 40 characters.", field="label")
    return None if text is None else one_line(text)
