"""What is known about one contact, and what another row adds to it or changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self
from zlib import crc32

from rusvel_tui.engine.addresses import Address
from rusvel_tui.engine.gtm.crm.importing.cells import compare_key
from rusvel_tui.engine.gtm.crm.importing.rows import Person

SINGLE = (
    "name", "first_name", "last_name", "company", "title", "profile", "notes", "country", "timezone",
)  # fmt: skip
"""The values of which a contact has one each."""
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

    @classmethod
    def of(
        cls, person: Person, emails: Iterable[Address], fields: dict[str, str] | None = None
    ) -> Self:
        """What a row says, with those of its addresses that the contact may have, and its fields as stored."""
        custom = person.fields if fields is None else fields
        return cls(
            {name: value for name in SINGLE if (value := getattr(person, name))},
            {address.key: address.address for address in emails},
            {phone.digits: phone.number for phone in person.phones},
            _keyed(person.tags),
            _keyed(person.links),
            person.links_count,
            {compare_key(name): (name, value) for name, value in custom.items()},
            person.labels,
            person.source_at,
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
        self.links_count = other.links_count
        links = _add(self.links, other.links)
        if other.links_count:
            changes += (("links", key) for key in links)
        return changes

    def everything(self) -> list[Change]:
        """What would change in an empty contact."""
        return [
            *((name, "") for name in self.values),
            *(("fields", key) for key in self.fields),
            *(("emails", key) for key in self.emails),
            *(("phones", key) for key in self.phones),
            *(("tags", key) for key in self.tags),
            *(("links", key) for key in self.links if self.links_count),
        ]

    @property
    def mark(self) -> int:
        """A number that differs when the data differ, as they are stored: told by it, nobody has touched them."""
        parts = (
            [self.values.get(name, "") for name in SINGLE],
            self.emails.values(),
            self.phones,
            self.tags.values(),
            self.links.values(),
            (f"{name}={value}" for name, value in sorted(self.fields.values())),
        )
        return crc32("\x1e".join(map("\x1f".join, parts)).encode())

    @property
    def pair(self) -> tuple[str, str]:
        """Name and company as they are compared when contacts are met by them."""
        return compare_key(self.values.get("name", "")), compare_key(self.values.get("company", ""))

    @property
    def profile(self) -> str:
        return self.values.get("profile", "")


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
