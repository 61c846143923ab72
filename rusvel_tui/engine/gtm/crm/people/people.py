"""What every operation on contacts shares: finding, cleaning, naming and indexing."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from rusvel_tui.engine import clock
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.countries import require_country
from rusvel_tui.engine.errors import InvalidInput, NotFound
from rusvel_tui.engine.gtm.crm.merging.successors import successors
from rusvel_tui.engine.gtm.crm.people.identity import profile_slug
from rusvel_tui.engine.models import Contact, ContactEmail
from rusvel_tui.engine.models.base import database
from rusvel_tui.engine.text import fold, one_line, sanitize


def find_contact(ctx: Context, contact_id: str, *, deleted: bool = False) -> Contact:
    """The row of a living contact of this session; raises `NotFound`."""
    found: Contact | None = Contact.find(contact_id)
    if (
        found is None
        or found.session_id != ctx.session_id
        or (found.deleted_at is not None) != deleted
    ):
        raise NotFound(_why_missing(ctx, contact_id))
    return found


def _why_missing(ctx: Context, contact_id: str) -> str:
    """What to say of a contact that is not there: one that was merged has another id now."""
    now = successors([contact_id]).get(contact_id)
    person = Contact.get_or_none((Contact.id == now) & (Contact.session_id == ctx.session_id))
    if person is None:
        return str(NotFound.here("contact", contact_id, "gtm list"))
    return f"The contact {contact_id!r} was merged into {label(person)}. Use {person.id}."


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
    return f"{fold(' '.join((name, company, title, *emails)))} {tag_marks(tags)}"


def tag_marks(tags: Iterable[str]) -> str:
    """How tags stand at the end of the text that a search looks into."""
    return "".join(f"#{fold(tag)}#" for tag in tags)


def sort_text(first: str, last: str, name: str, company: str) -> str:
    """The folded text by which people are ordered: last name first, as in a directory."""
    return fold(f"{last} {first}" if last else name or first or company)


PLAIN = (
    "name", "first_name", "last_name", "company", "title", "country", "timezone", "profile", "tags", "links",
    "notes", "source", "source_at", "metadata",
)  # fmt: skip
"""The fields that are columns of the contact; custom fields, addresses and phones have rules of their own."""


def clean(values: dict[str, Any]) -> dict[str, Any]:
    """Sanitised values, time zone and country checked."""
    if values.get("timezone"):
        clock.zone(values["timezone"])
    return {name: _CLEANERS.get(name, clean_line)(name, value) for name, value in values.items()}


def clean_line(name: str, value: str) -> str:
    """A single line of a length that a list can show."""
    text = one_line(value)
    if len(text) > 500:
        raise InvalidInput(
            f"The {name.replace('_', ' ')} is longer than 500 characters.", field=name
        )
    return text


def clean_lines(name: str, value: Iterable[str]) -> list[str]:
    """Single lines, each once."""
    return list(dict.fromkeys(text for text in map(one_line, value) if text))


_CLEANERS: dict[str, Callable[[str, Any], Any]] = {
    "country": lambda name, value: require_country(value),
    "notes": lambda name, value: sanitize(value),
    "tags": clean_lines,
    "links": clean_lines,
    "metadata": lambda name, value: value,
    "source_at": lambda name, value: value,
    "profile": lambda name, value: profile_slug(value) or clean_line(name, value),
}
"""What is not a single line."""


def fill_name(values: dict[str, Any]) -> None:
    if not values["first_name"] and not values["last_name"]:
        values["first_name"], values["last_name"] = split_name(values["name"])


def index(contact: Contact, emails: Iterable[str]) -> None:
    """Fill in the folded copies by which the contact is found and ordered."""
    contact.sort_name = sort_text(
        contact.first_name, contact.last_name, contact.name, contact.company
    )
    contact.search = search_text(
        contact.name, contact.company, contact.title, tuple(emails), tuple(contact.tags)
    )


def reindex(people: Sequence[Contact]) -> None:
    """Write the employer's name and the folded copies of these contacts: one query, one run of writes."""
    emails: dict[str, list[str]] = defaultdict(list)
    listed = json.dumps([contact.id for contact in people])
    for contact_id, address in database.execute_sql(_ADDRESSES, (listed,)).fetchall():
        emails[contact_id].append(address)
    for contact in people:
        index(contact, emails[contact.id])
    rows = ((c.company, c.sort_name, c.search, c.id) for c in people)
    database.connection().executemany(_REINDEX, rows)


_ADDRESSES = """
SELECT contact_id, address FROM contact_email WHERE contact_id IN (SELECT value FROM json_each(?))
ORDER BY contact_id, position"""
_REINDEX = "UPDATE contact SET company = ?, sort_name = ?, search = ? WHERE id = ?"


def read_cursor(cursor: str) -> tuple[str, str]:
    try:
        sort_name, contact_id = json.loads(cursor)
    except (ValueError, TypeError):
        raise InvalidInput("That cursor does not belong to this list.", field="cursor") from None
    return str(sort_name), str(contact_id)
