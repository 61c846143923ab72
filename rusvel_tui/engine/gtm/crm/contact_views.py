"""Contacts as others see them, and the queries that build those views without a query per row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from peewee import fn

from rusvel_tui.engine.gtm.crm.contact_moments import last_contacted
from rusvel_tui.engine.models import Contact, ContactEmail, ContactPhone, Suppression
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.operation import View


class EmailView(View):
    """One address of a contact. Opting out and being invalid are facts about the address."""

    address: str
    opted_out: bool
    invalid: bool


class ContactView(View):
    """A person, whole."""

    contact_id: str
    name: str
    first_name: str
    last_name: str
    emails: tuple[EmailView, ...]
    phones: tuple[str, ...]
    company: str
    title: str
    timezone: str
    profile: str
    tags: tuple[str, ...]
    links: tuple[str, ...]
    fields: dict[str, str]
    notes: str
    source: str
    last_contacted_at: datetime | None
    """When a mail, call or meeting last took place; derived from the activities."""
    metadata: dict[str, Any]
    version: int
    created_at: datetime
    updated_at: datetime

    @property
    def email(self) -> str:
        """The primary address, or nothing."""
        return self.emails[0].address if self.emails else ""


class ContactPage(View):
    """A part of a list of contacts."""

    items: tuple[ContactView, ...]
    next: str | None
    total: int


class ContactRow(NamedTuple):
    """One line of the list on the screen."""

    id: str
    name: str
    company: str
    email: str
    tags: str
    title: str
    opted_out: bool


class ContactRows(View):
    """A window of lines, addressed by position; `total` is the length of the whole list."""

    first: int
    rows: tuple[ContactRow, ...]
    total: int
    at: int | None = None
    """The position of the contact that was asked for; None when it is not there."""


def views(contacts: Sequence[Contact]) -> tuple[ContactView, ...]:
    """The views of these contacts in their order: four queries, however many there are."""
    ids = [contact.id for contact in contacts]
    emails, phones, last = _emails(ids), _phones(ids), last_contacted(ids)
    return tuple(
        ContactView(
            contact_id=c.id,
            name=c.name,
            first_name=c.first_name,
            last_name=c.last_name,
            emails=tuple(emails[c.id]),
            phones=tuple(phones[c.id]),
            company=c.company,
            title=c.title,
            timezone=c.timezone,
            profile=c.profile,
            tags=tuple(c.tags),
            links=tuple(c.links),
            fields=c.fields,
            notes=c.notes,
            source=c.source,
            last_contacted_at=last.get(c.id),
            metadata=c.metadata,
            version=c.version,
            created_at=c.created_at,
            updated_at=c.updated_at,
        )
        for c in contacts
    )


def _emails(ids: Iterable[str]) -> dict[str, list[EmailView]]:
    found: dict[str, list[EmailView]] = defaultdict(list)
    domain = fn.substr(ContactEmail.key, fn.instr(ContactEmail.key, "@"))
    suppressions = Suppression.select(Suppression.key).where(
        (Suppression.session_id == ContactEmail.session_id)
        & Suppression.key.in_([ContactEmail.key, domain])
    )
    query = (
        ContactEmail.select(
            ContactEmail.contact_id,
            ContactEmail.address,
            ContactEmail.opted_out_at,
            ContactEmail.invalid_at,
            fn.EXISTS(suppressions),
        )
        .where(ContactEmail.contact_id.in_(list(ids)))
        .order_by(ContactEmail.contact_id, ContactEmail.position)
    )
    for contact_id, address, opted_out_at, invalid_at, suppressed in tuples(query):
        found[contact_id].append(
            EmailView(
                address=address,
                opted_out=opted_out_at is not None or bool(suppressed),
                invalid=invalid_at is not None,
            )
        )
    return found


def _phones(ids: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    query = (
        ContactPhone.select(ContactPhone.contact_id, ContactPhone.number)
        .where(ContactPhone.contact_id.in_(list(ids)))
        .order_by(ContactPhone.contact_id, ContactPhone.position)
    )
    for contact_id, number in tuples(query):
        found[contact_id].append(number)
    return found
