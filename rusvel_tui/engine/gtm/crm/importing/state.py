"""What is known about one contact, and what another row adds to it or changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self, cast
from zlib import crc32

from rusvel_tui.engine.gtm.crm.importing.cells import compare_key
from rusvel_tui.engine.gtm.crm.importing.rows import SINGLE, Person

_SINGLES = len(SINGLE)
Change = tuple[str, str]
"""What changed: `("company", "")`, `("emails", "ann@shop.example")`, `("fields", "city")`."""


@dataclass(slots=True)
class State:
    """The data of one contact. Values of several are kept by the key under which they are the same."""

    values: dict[str, str] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)
    phones: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    links_count: bool = True
    fields: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Custom fields: heading and value by the key of the heading."""
    labels: dict[str, str] = field(default_factory=dict)
    """Kinds of addresses and numbers; no data of their own."""
    since: str = ""
    """When the source got to know the person; of no meaning for a contact that is there."""
    extra: tuple[str, ...] = ()
    """Lines of cards that mean nothing to us; likewise."""

    @classmethod
    def of(cls, person: Person, emails: dict[str, str], fields: dict[str, str]) -> Self:
        """What a row says, with those of its addresses that the contact may have, and its fields as stored."""
        singles = cast("tuple[str, ...]", person[:_SINGLES])
        return cls(
            {name: value for name, value in zip(SINGLE, singles, strict=True) if value},
            emails,
            {digits: number for number, digits in person.phones} if person.phones else {},
            _keyed(person.tags) if person.tags else {},
            _keyed(person.links) if person.links else {},
            person.links_count,
            {compare_key(name): (name, value) for name, value in fields.items()} if fields else {},
            dict(person.labels) if person.labels else {},
            person.source_at,
            person.extra,
        )

    def copy(self) -> State:
        """The same, to be changed apart."""
        return State(
            dict(self.values),
            dict(self.emails),
            dict(self.phones),
            dict(self.tags),
            dict(self.links),
            self.links_count,
            dict(self.fields),
            dict(self.labels),
            self.since,
            self.extra,
        )

    def absorb(self, other: State) -> list[Change]:
        """Take over what the other says and this does not; answers with what changed by it.

        A filled value replaces another one, unless both differ only in case or white space.
        """
        changes: list[Change] = []
        for name, value in other.values.items():
            if not _same(self.values.get(name, ""), value):
                self.values[name] = value
                changes.append((name, ""))
        for key, (heading, value) in other.fields.items():
            mine = self.fields.get(key, (heading, ""))
            if not _same(mine[1], value):
                self.fields[key] = (mine[0], value)
                changes.append(("fields", key))
        for name in ("emails", "phones", "tags"):
            changes += ((name, key) for key in _add(getattr(self, name), getattr(other, name)))
        self.labels = other.labels | self.labels
        self.since = self.since or other.since
        self.extra = self.extra or other.extra
        self.links_count = other.links_count
        links = _add(self.links, other.links)
        if other.links_count:
            changes += (("links", key) for key in links)
        return changes

    @property
    def pair(self) -> tuple[str, str]:
        """Name and company as they are compared when contacts are met by them."""
        return pair(self.values.get("name", ""), self.values.get("company", ""))


def pair(name: str, company: str) -> tuple[str, str]:
    """Name and company as they are compared when contacts are met by them."""
    return compare_key(name), compare_key(company)


def mark(columns: Iterable[str], emails: Iterable[str], phones: Iterable[str]) -> int:
    """A number that differs when data differ as they are stored: told by it, nobody has touched them since."""
    parts = ("\x1f".join(columns), "\x1f".join(emails), "\x1f".join(phones))
    return crc32("\x1e".join(parts).encode())


def _keyed(texts: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        found.setdefault(compare_key(text), text)
    return found


def _same(mine: str, other: str) -> bool:
    return mine == other or (bool(mine) and compare_key(mine) == compare_key(other))


def _add(mine: dict[str, str], other: dict[str, str]) -> list[str]:
    """Add what is lacking; the keys of it."""
    lacking = [key for key in other if key not in mine]
    mine.update((key, other[key]) for key in lacking)
    return lacking
