"""A contact in short: enough to tell two people apart on one screen."""

from __future__ import annotations

from collections.abc import Iterable

from rusvel_tui.engine.gtm.crm.contact_views import ContactView, views
from rusvel_tui.engine.models import Contact
from rusvel_tui.engine.operation import View


class ContactLook(View):
    """Who it is, where they work, and how they are reached."""

    contact_id: str
    name: str
    company: str
    title: str
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    profile: str
    tags: tuple[str, ...]
    version: int


def looks(ids: Iterable[str]) -> dict[str, ContactLook]:
    """These contacts in short, by id: five queries, however many there are."""
    rows = list(Contact.select().where(Contact.id.in_(list(ids))))
    return {seen.contact_id: _look(seen) for seen in views(rows)}


def _look(seen: ContactView) -> ContactLook:
    return ContactLook(
        contact_id=seen.contact_id,
        name=seen.name,
        company=seen.company,
        title=seen.title,
        emails=tuple(email.address for email in seen.emails),
        phones=tuple(map(_number, seen.phones)),
        profile=seen.profile,
        tags=seen.tags,
        version=seen.version,
    )


def _number(phone: object) -> str:
    return str(getattr(phone, "number", phone))
