"""Contacts as others see them, and the queries that build those views without a query per row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from peewee import fn

from rusvel_tui.engine.gtm.crm.people.contact_moments import last_contacted
from rusvel_tui.engine.gtm.crm.people.contact_status import statuses
from rusvel_tui.engine.gtm.crm.people.zones import contact_zones
from rusvel_tui.engine.models import (
    Company,
    Contact,
    ContactEmail,
    ContactPhone,
    Employment,
    Session,
    Suppression,
)
from rusvel_tui.engine.models.kept import any_of, kept
from rusvel_tui.engine.operation import View


class EmailView(View):
    """One address of a contact. Opting out and being invalid are facts about the address."""

    address: str
    label: str = ""
    opted_out: bool
    """Whether it must not be written to: by its own flag, or by the suppression list."""
    invalid: bool
    suppressed: bool = False
    """Whether the suppression list has it, or its whole domain."""


class PhoneView(View):
    """One phone number of a contact."""

    number: str
    """As it was written."""
    label: str = ""
    e164: str = ""
    """The international form; empty when the country is not known or the number is not possible there."""

    def __str__(self) -> str:
        return self.number


class EmploymentView(View):
    """A time at a company; the present one has no end."""

    company_id: str
    company: str
    title: str
    started_at: datetime
    ended_at: datetime | None


class ContactView(View):
    """A person, whole."""

    contact_id: str
    name: str
    first_name: str
    last_name: str
    emails: tuple[EmailView, ...]
    phones: tuple[PhoneView, ...]
    company: str
    company_id: str | None
    """The record of the employer; None when there is none."""
    title: str
    country: str
    """ISO 3166-1 code."""
    timezone: str
    """The zone that a person set; empty when nobody did."""
    zone: str
    """The zone that counts."""
    zone_origin: str
    """Where it is known from: set, country, phone, company or session."""
    status: str
    """`customer`, `in a deal`, `in a sequence`, `answered`, `contacted` or `new`: derived, the first that fits."""
    employers: tuple[EmploymentView, ...]
    """Employers before the present one, the last first."""
    profile: str
    tags: tuple[str, ...]
    links: tuple[str, ...]
    fields: dict[str, str]
    notes: str
    source: str
    source_at: datetime | None
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
    exact: bool = True
    """Whether `total` is all there are; else there are at least so many, and `gtm.crm.count_contacts` knows."""
    at: int | None = None
    """The position of the contact that was asked for; None when it is not there."""


def views(contacts: Sequence[Contact]) -> tuple[ContactView, ...]:
    """The views of these contacts in their order: nine queries at most, however many there are."""
    if not contacts:
        return ()
    ids = [contact.id for contact in contacts]
    emails, phones, last = _emails(ids), _phones(ids), last_contacted(ids)
    zones = contact_zones(contacts, Session.get_by_id(contacts[0].session_id))
    employers, status = _employers(ids), statuses(ids)
    return tuple(
        ContactView(
            **{name: getattr(c, name) for name in _SAME},
            contact_id=c.id,
            emails=tuple(emails[c.id]),
            phones=tuple(phones[c.id]),
            zone=zones[c.id].name,
            zone_origin=zones[c.id].origin,
            employers=tuple(employers[c.id]),
            status=status[c.id],
            tags=tuple(c.tags),
            links=tuple(c.links),
            last_contacted_at=last.get(c.id),
        )
        for c in contacts
    )


_SAME = (
    "name", "first_name", "last_name", "company", "company_id", "title", "country", "timezone", "profile", "fields",
    "notes", "source", "source_at", "metadata", "version", "created_at", "updated_at",
)  # fmt: skip
"""What the view takes over as it is."""


def _emails(ids: Iterable[str]) -> dict[str, list[EmailView]]:
    found: dict[str, list[EmailView]] = defaultdict(list)
    for contact_id, address, label, opted_out_at, invalid_at, suppressed in _addresses(list(ids)):
        found[contact_id].append(
            EmailView(
                address=address,
                label=label,
                suppressed=bool(suppressed),
                opted_out=opted_out_at is not None or bool(suppressed),
                invalid=invalid_at is not None,
            )
        )
    return found


@kept
def _addresses(ids: Any) -> Any:
    domain = fn.substr(ContactEmail.key, fn.instr(ContactEmail.key, "@"))
    suppressions = Suppression.select(Suppression.key).where(
        (Suppression.session_id == ContactEmail.session_id)
        & Suppression.key.in_([ContactEmail.key, domain])
    )
    query = ContactEmail.select(
        ContactEmail.contact_id,
        ContactEmail.address,
        ContactEmail.label,
        ContactEmail.opted_out_at,
        ContactEmail.invalid_at,
        fn.EXISTS(suppressions),
    )
    return query.where(any_of(ContactEmail.contact_id, ids)).order_by(
        ContactEmail.contact_id, ContactEmail.position
    )


def _phones(ids: Iterable[str]) -> dict[str, list[PhoneView]]:
    found: dict[str, list[PhoneView]] = defaultdict(list)
    for contact_id, number, label, e164 in _numbers(list(ids)):
        found[contact_id].append(PhoneView(number=number, label=label, e164=e164))
    return found


@kept
def _numbers(ids: Any) -> Any:
    query = ContactPhone.select(
        ContactPhone.contact_id, ContactPhone.number, ContactPhone.label, ContactPhone.e164
    )
    return query.where(any_of(ContactPhone.contact_id, ids)).order_by(
        ContactPhone.contact_id, ContactPhone.position
    )


def _employers(ids: Iterable[str]) -> dict[str, list[EmploymentView]]:
    found: dict[str, list[EmploymentView]] = defaultdict(list)
    for contact_id, company_id, name, title, start, end in _past_jobs(list(ids)):
        past = EmploymentView(
            company_id=company_id,
            company=name,
            title=title,
            started_at=Employment.started_at.python_value(start),
            ended_at=Employment.ended_at.python_value(end),
        )
        found[contact_id].append(past)
    return found


@kept
def _past_jobs(ids: Any) -> Any:
    query = Employment.select(
        Employment.contact_id,
        Employment.company_id,
        Company.name,
        Employment.title,
        Employment.started_at,
        Employment.ended_at,
    ).join(Company, on=(Company.id == Employment.company_id))
    return query.where(
        any_of(Employment.contact_id, ids) & Employment.ended_at.is_null(False)
    ).order_by(Employment.contact_id, Employment.ended_at.desc(), Employment.id.desc())
