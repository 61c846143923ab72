"""A contact in short: enough to tell two people apart on one screen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from rusvel_tui.engine.gtm.crm.merging.traits import select_in
from rusvel_tui.engine.models.base import load_json
from rusvel_tui.engine.operation import View

_PEOPLE = """
SELECT id, name, company, title, profile, tags, version FROM contact WHERE deleted_at IS NULL AND id IN ({marks})"""
_EMAILS = """
SELECT contact_id, position, address FROM contact_email WHERE deleted_at IS NULL AND contact_id IN ({marks})"""
_PHONES = "SELECT contact_id, position, number FROM contact_phone WHERE contact_id IN ({marks})"


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
    """These living contacts in short, by id: three queries, however many there are."""
    people = list(select_in(_PEOPLE, ids))
    emails, phones = (_listed(sql, [row[0] for row in people]) for sql in (_EMAILS, _PHONES))
    return {
        contact_id: ContactLook(
            contact_id=contact_id,
            name=name,
            company=company,
            title=title,
            emails=tuple(emails[contact_id]),
            phones=tuple(phones[contact_id]),
            profile=profile,
            tags=tuple(load_json(tags, ())),
            version=version,
        )
        for contact_id, name, company, title, profile, tags, version in people
    }


def _listed(sql: str, ids: Iterable[str]) -> dict[str, list[str]]:
    """The texts of each contact in their order."""
    found: dict[str, list[str]] = defaultdict(list)
    for contact_id, _, text in sorted(select_in(sql, ids)):
        found[contact_id].append(text)
    return found
