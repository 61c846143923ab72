"""What the database holds of the people whom the rows of a file may be."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from rusvel_tui.engine.gtm.crm.importing.options import Match
from rusvel_tui.engine.gtm.crm.importing.rows import Marks
from rusvel_tui.engine.gtm.crm.importing.state import State

Pair = tuple[str, str]


class Traits(NamedTuple):
    """By what a contact is met besides its addresses and phones."""

    name: str
    company: str
    profile: str


def _nobody(ids: Iterable[str]) -> dict[str, State]:
    return {}


@dataclass(slots=True)
class Known:
    """Contacts by everything by which they are met. Ids sort by the time of their making."""

    owners: dict[str, str] = field(default_factory=dict)
    """The contact that has an address, by the key of the address."""
    profiles: dict[str, list[str]] = field(default_factory=dict)
    pairs: dict[Pair, list[str]] = field(default_factory=dict)
    """Contacts by name and company, as compared."""
    phones: dict[str, list[str]] = field(default_factory=dict)
    """Contacts without name and company, by digits."""
    suppressed: set[str] = field(default_factory=set)
    met_before: dict[int, str] = field(default_factory=dict)
    """The contact that each row met when this very file was imported before."""
    unfinished: bool = False
    """Whether that import stopped on the way: then those contacts need not exist yet."""
    traits: dict[str, Traits] = field(default_factory=dict)
    """Of all living contacts named above; where rows are met by addresses alone, every trait is empty."""
    load: Callable[[Iterable[str]], dict[str, State]] = _nobody
    """The data of some of these contacts."""


def is_bare(marks: Marks, match: tuple[Match, ...]) -> bool:
    """Whether only the name or a phone can tell who it is."""
    return not (marks.emails and "email" in match) and not (marks.profile and "profile" in match)
