"""What every operation on contacts shares: finding, cleaning, naming, indexing and addresses."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from rusvel_tui.engine import clock
from rusvel_tui.engine.addresses import Address, parse_address
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict, InvalidInput, NotFound
from rusvel_tui.engine.gtm.crm.identity import phone_digits, profile_slug
from rusvel_tui.engine.models import Contact, ContactEmail, ContactPhone, Suppression
from rusvel_tui.engine.text import fold, one_line, sanitize


def find_contact(ctx: Context, contact_id: str, *, deleted: bool = False) -> Contact:
    """The row of a living contact of this session; raises `NotFound`."""
    found: Contact | None = Contact.get_or_none(
        (Contact.id == contact_id)
        & (Contact.session_id == ctx.session_id)
        & Contact.deleted_at.is_null(not deleted)
    )
    if found is None:
        raise NotFound(f"There is no contact {contact_id!r} in this session.")
    return found


def label(contact: Contact) -> str:
    """What to call the person in a message: the name, else the company, else the first address."""
    if contact.name or contact.company:
        return str(contact.name or contact.company)
    first = ContactEmail.select().where(ContactEmail.contact_id == contact.id)
    row = first.order_by(ContactEmail.position).first()
    return row.address if row is not None else "a contact"


def split_name(name: str) -> tuple[str, str]:
    """First and last name of a whole name: the first word, and the rest."""
    first, _, last = name.partition(" ")
    return (first, last) if last else (first, "")


def search_text(
    name: str, company: str, title: str, emails: tuple[str, ...], tags: tuple[str, ...]
) -> str:
    """The folded text that a search looks into; tags stand between hashes."""
    marks = "".join(f"#{fold(tag)}#" for tag in tags)
    return f"{fold(' '.join((name, company, title, *emails)))} {marks}"


def sort_text(first: str, last: str, name: str, company: str) -> str:
    """The folded text by which people are ordered: last name first, as in a directory."""
    return fold(f"{last} {first}" if last else name or first or company)


PLAIN = (
    "name", "first_name", "last_name", "company", "title", "timezone", "profile", "tags", "links", "fields", "notes",
    "source", "metadata",
)  # fmt: skip


def clean(values: dict[str, Any]) -> dict[str, Any]:
    """Sanitised values, the time zone checked."""
    if values.get("timezone"):
        clock.zone(values["timezone"])
    return {name: _CLEANERS.get(name, _line)(name, value) for name, value in values.items()}


def _line(name: str, value: str) -> str:
    text = one_line(value)
    if len(text) > 500:
        raise InvalidInput(
            f"The {name.replace('_', ' ')} is longer than 500 characters.", field=name
        )
    return text


def _lines(name: str, value: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text for text in map(one_line, value) if text))


_CLEANERS: dict[str, Callable[[str, Any], Any]] = {
    "notes": lambda name, value: sanitize(value),
    "tags": _lines,
    "links": _lines,
    "fields": lambda name, value: {one_line(key): sanitize(text) for key, text in value.items()},
    "metadata": lambda name, value: value,
    "profile": lambda name, value: profile_slug(value) or _line(name, value),
}
"""What is not a single line."""


def fill_name(values: dict[str, Any]) -> None:
    if not values["first_name"] and not values["last_name"]:
        values["first_name"], values["last_name"] = split_name(values["name"])


def parse_addresses(texts: tuple[str, ...]) -> list[Address]:
    """The valid addresses, each once; raises `InvalidInput` on the first bad one."""
    found: dict[str, Address] = {}
    for text in texts:
        try:
            address = parse_address(text)
        except InvalidInput as error:
            raise InvalidInput(str(error), field="email") from None
        found.setdefault(address.key, address)
    return list(found.values())


def index(contact: Contact, addresses: list[Address]) -> None:
    emails = tuple(address.address for address in addresses)
    contact.sort_name = sort_text(
        contact.first_name, contact.last_name, contact.name, contact.company
    )
    contact.search = search_text(
        contact.name, contact.company, contact.title, emails, tuple(contact.tags)
    )


def refuse_taken(ctx: Context, contact: Contact, address: Address) -> None:
    row = (
        ContactEmail.select(ContactEmail.contact_id, Contact.name, Contact.company)
        .join(Contact, on=(Contact.id == ContactEmail.contact_id))
        .where(
            (ContactEmail.session_id == ctx.session_id)
            & (ContactEmail.key == address.key)
            & ContactEmail.deleted_at.is_null()
            & (ContactEmail.contact_id != contact.id)
        )
        .tuples()
        .first()
    )
    if row is not None:
        raise Conflict(
            f"{address.address} belongs to {row[1] or row[2] or 'another contact'} already ({row[0]})."
        )


def put_emails(ctx: Context, contact: Contact, addresses: list[Address]) -> None:
    """Make these the addresses of the contact; flags of those that stay are kept."""
    for address in addresses:
        refuse_taken(ctx, contact, address)
    kept = {
        row.key: row for row in ContactEmail.select().where(ContactEmail.contact_id == contact.id)
    }
    wanted = {address.key for address in addresses}
    keep_opt_outs(ctx, [row for key, row in kept.items() if key not in wanted])
    for row in kept.values():
        row.delete_instance()
    for position, address in enumerate(addresses):
        old = kept.get(address.key)
        ContactEmail.create(
            id=old.id if old else ctx.new_id(),
            session_id=ctx.session_id,
            contact_id=contact.id,
            address=address.address,
            key=address.key,
            position=position,
            opted_out_at=old.opted_out_at if old else None,
            invalid_at=old.invalid_at if old else None,
        )


def keep_opt_outs(ctx: Context, leaving: list[ContactEmail]) -> None:
    """An opt-out outlives the contact that had the address: it moves to the suppression list."""
    for row in leaving:
        if row.opted_out_at is not None:
            Suppression.insert(
                session_id=ctx.session_id, key=row.key, reason="opted out", created_at=ctx.now
            ).on_conflict_ignore().execute()
            ctx.record("gtm.suppression.added", "", {"name": row.key, "reason": "opted out"})


def put_phones(ctx: Context, contact: Contact, numbers: tuple[str, ...]) -> None:
    ContactPhone.delete().where(ContactPhone.contact_id == contact.id).execute()
    for position, number in enumerate(dict.fromkeys(map(one_line, numbers))):
        digits = phone_digits(number)
        if len(digits) < 3:
            raise InvalidInput(f"{number!r} is not a phone number.", field="phones")
        ContactPhone.create(
            id=ctx.new_id(), session_id=ctx.session_id, contact_id=contact.id, number=number, digits=digits,
            position=position,
        )  # fmt: skip


def read_cursor(cursor: str) -> tuple[str, str]:
    try:
        sort_name, contact_id = json.loads(cursor)
    except (ValueError, TypeError):
        raise InvalidInput("That cursor does not belong to this list.", field="cursor") from None
    return str(sort_name), str(contact_id)
