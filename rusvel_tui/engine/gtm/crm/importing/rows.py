"""What a row of a file says about one person, before anybody looks into the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, NamedTuple, Protocol

Status = Literal["ok", "skipped", "rejected"]

BAD_EMAIL = "bad_email"
BROKEN_QUOTE = "broken_quote"
NUL_BYTE = "nul_byte"
TOO_MANY_CELLS = "too_many_cells"
UNFINISHED_CARD = "unfinished_card"

SINGLE = (
    "name", "first_name", "last_name", "company", "title", "profile", "notes", "country", "timezone",
)  # fmt: skip
"""The values of which a contact has one each; they are the first of a `Person`, in this order."""
Phone = tuple[str, str]
"""A number as written, and its digits without a leading 00: by them numbers are compared."""
_NOTHING: dict[str, str] = MappingProxyType({})  # type: ignore[assignment]  # nobody writes to it


class Marks(Protocol):
    """By what a row is surely about one contact, if it has any of it."""

    @property
    def emails(self) -> Sequence[str]: ...

    @property
    def profile(self) -> str: ...


class Kind(NamedTuple):
    """The marks of many rows: an example of each that they have."""

    emails: tuple[str, ...]
    profile: str


class Person(NamedTuple):
    """The cleaned values of one row; an empty text means that the row says nothing about it."""

    name: str = ""
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    title: str = ""
    profile: str = ""
    """The slug of the person's LinkedIn page."""
    notes: str = ""
    country: str = ""
    """ISO 3166-1 code."""
    timezone: str = ""
    """IANA name."""
    source_at: str = ""
    """When the other system got to know the person, as stored."""
    emails: tuple[str, ...] = ()
    """Addresses as stored; in lower case they are the keys by which they are compared."""
    phones: tuple[Phone, ...] = ()
    tags: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    links_count: bool = True
    """Whether a new link alone changes a contact; in a vCard it does not."""
    fields: dict[str, str] = _NOTHING
    """Custom fields by their heading."""
    labels: dict[str, str] = _NOTHING
    """What kind of address or number it is, by the key of the address or the digits: `work`."""
    suppressed: str = ""
    """The heading that says that addresses must not be written to."""
    stopped: tuple[str, ...] = ()
    """The keys of those addresses."""
    extra: tuple[str, ...] = ()
    """Lines of a card that mean nothing to us: they are kept, and go out with the card again."""

    @property
    def is_somebody(self) -> bool:
        """Whether there is anything to make a contact of."""
        return bool(self.name or self.emails or self.phones or self.company or self.profile)


@dataclass(slots=True)
class Row:
    """What one row of a file is: a person, nothing to keep, or rejected with a reason.

    `number` is the line on which the record starts, in a vCard file the number of the card.
    """

    number: int
    status: Status
    why: str = ""
    text: str = ""
    """The reason as a sentence."""
    person: Person | None = None
    cells: tuple[str, ...] = ()
    """The original cells (of a vCard: its text) when the row is rejected."""
    warnings: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    """Bad addresses of a row that stands."""
