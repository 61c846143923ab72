"""Contacts as a table: one column for each address, number, link and custom field there is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from urllib.parse import quote

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.crm.exporting.people import Exported
from rusvel_tui.engine.gtm.crm.exporting.tables import custom_keys, headings
from rusvel_tui.engine.gtm.crm.importing.exact import SEPARATOR
from rusvel_tui.engine.gtm.crm.people.identity import profile_slug
from rusvel_tui.engine.models.base import database

_FIRST = (
    "Rusvel ID", "Name", "First Name", "Last Name", "Company", "Job Title", "LinkedIn", "Tags", "Country", "Time Zone",
    "Notes", "Source", "Known since", "Suppressed addresses",
)  # fmt: skip
_SOME = "IN (SELECT value FROM json_each(?))"
_MOST = """
SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM {table} WHERE contact_id {some} GROUP BY contact_id)"""
_MOST_LINKS = f"SELECT coalesce(max(json_array_length(links)), 0) FROM contact WHERE id {_SOME}"


@dataclass(frozen=True, slots=True)
class Shape:
    """How many columns of each kind the contacts need."""

    emails: int
    phones: int
    links: int
    keys: tuple[str, ...]

    @property
    def header(self) -> list[str]:
        """The headings, as an import reads them."""
        numbered = (
            *_numbered("E-mail {} - Label", "E-mail {} - Value", count=self.emails),
            *_numbered("Phone {} - Label", "Phone {} - Value", count=self.phones),
            *_numbered("Website {} - Value", count=self.links),
        )
        return headings((*_FIRST, *numbered), self.keys)

    def row(self, person: Exported) -> Iterator[str]:
        """The cells of one contact."""
        yield from (person.id, person.name, person.first_name, person.last_name)
        yield from (person.company, person.title, profile_link(person.profile))
        yield from (SEPARATOR.join(person.tags), person.country, person.timezone, person.notes)
        yield from (person.source, person.since)
        yield "; ".join(mail.address for mail in person.emails if mail.stopped)
        mails = ((mail.label, _address(mail.address)) for mail in person.emails)
        yield from _filled(chain.from_iterable(mails), 2 * self.emails)
        phones = ((phone.label, phone.number) for phone in person.phones)
        yield from _filled(chain.from_iterable(phones), 2 * self.phones)
        yield from _filled(person.links, self.links)
        yield from (person.fields.get(key, "") for key in self.keys)


def shape(ctx: Context, ids: Sequence[str]) -> Shape:
    """What these contacts need: four queries."""
    listed = (json.dumps(list(ids)),)
    most = [_MOST.format(table=table, some=_SOME) for table in ("contact_email", "contact_phone")]
    emails, phones, links = (
        int(database.execute_sql(sql, listed).fetchone()[0]) for sql in (*most, _MOST_LINKS)
    )
    return Shape(max(emails, 1), max(phones, 1), links, custom_keys("contact", ids))


def profile_link(profile: str) -> str:
    """The page of a person on LinkedIn; what is no slug stays what it is."""
    link = f"https://www.linkedin.com/in/{quote(profile, safe='')}"
    return link if profile and profile_slug(link) == profile else profile


def _address(address: str) -> str:
    """In angle brackets where a slash would part it in two."""
    return f"<{address}>" if "/" in address else address


def _numbered(*headings: str, count: int) -> Iterator[str]:
    return (heading.format(n) for n in range(1, count + 1) for heading in headings)


def _filled(cells: Iterable[str], count: int) -> Iterator[str]:
    found = list(cells)
    return chain(found, [""] * (count - len(found)))
