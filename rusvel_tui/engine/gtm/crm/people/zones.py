"""The time zone of a person, and where it is known from: the first of some sources that says one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from rusvel_tui.engine.countries import country_of_zone, country_zone
from rusvel_tui.engine.gtm.crm.people.phones import phone_zone
from rusvel_tui.engine.models import Company, Contact, ContactPhone, Session
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.models.kept import any_of, kept


class Zone(NamedTuple):
    """An IANA zone and its origin: `set`, `country`, `phone`, `company` or `session`."""

    name: str
    origin: str


def zone_of(
    *,
    given: str,
    country: str,
    phones: Iterable[str],
    company: tuple[str, str],
    session: str,
) -> Zone:
    """Pure: what was set by hand, else the country, a phone, the employer, the session.

    `country` counts when it has one clock, `phones` (E.164) when their prefix has exactly one zone. `company` is the
    employer's own zone and its country.
    """
    if given:
        return Zone(given, "set")
    if found := country_zone(country):
        return Zone(found, "country")
    if found := next((zone for zone in map(phone_zone, phones) if zone), ""):
        return Zone(found, "phone")
    if found := company[0] or country_zone(company[1]):
        return Zone(found, "company")
    return Zone(session, "session")


def contact_zone(contact: Contact, session: Session) -> Zone:
    """The zone of one contact: two queries at most, none when it was set by hand."""
    return contact_zones([contact], session)[contact.id]


def contact_zones(contacts: Iterable[Contact], session: Session) -> dict[str, Zone]:
    """The zones of these contacts by id: two queries, however many there are."""
    people = list(contacts)
    unset = [contact for contact in people if not contact.timezone]
    phones = _phones([contact.id for contact in unset])
    companies = _companies({contact.company_id for contact in unset if contact.company_id})
    return {
        contact.id: zone_of(
            given=contact.timezone,
            country=contact.country,
            phones=phones.get(contact.id, ()),
            company=companies.get(contact.company_id or "", ("", "")),
            session=session.timezone,
        )
        for contact in people
    }


def _phones(ids: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for contact_id, e164 in _numbers(ids) if ids else ():
        found.setdefault(contact_id, []).append(e164)
    return found


@kept
def _numbers(ids: Any) -> Any:
    query = ContactPhone.select(ContactPhone.contact_id, ContactPhone.e164)
    whose = any_of(ContactPhone.contact_id, ids) & (ContactPhone.e164 != "")
    return query.where(whose).order_by(ContactPhone.position)


def _companies(ids: set[str]) -> dict[str, tuple[str, str]]:
    if not ids:
        return {}
    query = Company.select(Company.id, Company.timezone, Company.country)
    return {key: (zone, country) for key, zone, country in tuples(query.where(Company.id.in_(ids)))}


def session_country(session: Session) -> str:
    """The country that the session works in (ISO code): its setting, else that of its time zone, else nothing."""
    return str(session.metadata.get("country") or "") or country_of_zone(session.timezone)
