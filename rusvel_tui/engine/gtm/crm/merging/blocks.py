"""Groups of contacts that share something, in one order, read from the indexes a part at a time.

Nobody is compared with everybody: only members of one group are (blocking, Hernández and Stolfo 1995).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import combinations, groupby
from typing import NamedTuple

from rusvel_tui.engine.gtm.crm.companies.free_mail import is_free_mail
from rusvel_tui.engine.gtm.crm.merging.likeness import (
    Likeness,
    compare_names,
    sound_keys,
    words_of_folded,
)
from rusvel_tui.engine.gtm.crm.merging.traits import DOMAIN, LINE, MAILBOX, select, select_in

SMALL = 12
"""What more contacts than this share is an office's number or a team's mailbox: it takes a like name besides."""
NEAR = 8
"""In a large group, how many neighbours in the order of names each member is compared with."""
LARGE = 40
"""From so many people on who share a part of their names, only neighbours are compared."""
_WORTH_KEEPING = 500
_GROUPS = 200
"""Groups that are read at once."""

_MAILBOXES = f"""
SELECT {MAILBOX} AS block FROM contact_email e WHERE e.session_id = ? AND e.deleted_at IS NULL AND {MAILBOX} >= ?
GROUP BY {MAILBOX} HAVING count(*) > 1 ORDER BY {MAILBOX} LIMIT {_GROUPS}"""
_MAILBOX_MEMBERS = f"""
SELECT {MAILBOX}, c.id, c.sort_name FROM contact_email e JOIN contact c ON c.id = e.contact_id
WHERE e.session_id = ? AND e.deleted_at IS NULL AND c.deleted_at IS NULL AND {MAILBOX} IN ({{marks}})"""
_PROFILES = f"""
SELECT profile FROM contact WHERE session_id = ? AND profile <> '' AND deleted_at IS NULL AND profile >= ?
GROUP BY profile HAVING count(*) > 1 ORDER BY profile LIMIT {_GROUPS}"""
_PROFILE_MEMBERS = """
SELECT profile, id, sort_name FROM contact
WHERE session_id = ? AND profile <> '' AND deleted_at IS NULL AND profile IN ({marks})"""
_LINES = f"""
SELECT {LINE} FROM contact_phone p WHERE p.session_id = ? AND {LINE} >= ?
GROUP BY {LINE} HAVING count(*) > 1 ORDER BY {LINE} LIMIT {_GROUPS}"""
_LINE_MEMBERS = f"""
SELECT {LINE}, c.id, c.sort_name FROM contact_phone p JOIN contact c ON c.id = p.contact_id
WHERE p.session_id = ? AND c.deleted_at IS NULL AND {LINE} IN ({{marks}})"""
_COMPANIES = f"""
SELECT company_id FROM contact
WHERE session_id = ? AND company_id IS NOT NULL AND name <> '' AND deleted_at IS NULL AND company_id >= ?
GROUP BY company_id HAVING count(*) > 1 ORDER BY company_id LIMIT {_GROUPS}"""
_COMPANY_MEMBERS = """
SELECT company_id, id, sort_name FROM contact
WHERE session_id = ? AND company_id IS NOT NULL AND name <> '' AND deleted_at IS NULL AND company_id IN ({marks})"""
_DOMAINS = f"""
SELECT {DOMAIN} FROM contact_email e WHERE e.session_id = ? AND e.deleted_at IS NULL AND {DOMAIN} >= ?
GROUP BY {DOMAIN} HAVING count(*) > 1 ORDER BY {DOMAIN} LIMIT {_GROUPS}"""
_DOMAIN_MEMBERS = f"""
SELECT {DOMAIN}, c.id, c.sort_name FROM contact_email e JOIN contact c ON c.id = e.contact_id
WHERE e.session_id = ? AND e.deleted_at IS NULL AND c.deleted_at IS NULL AND c.name <> '' AND {DOMAIN} IN ({{marks}})"""


class Kind(NamedTuple):
    """One thing that contacts can share: how its groups are found, and whether a like name must come with it."""

    name: str
    groups: str
    members: str
    by_name: bool


KINDS = (
    Kind("mailbox", _MAILBOXES, _MAILBOX_MEMBERS, by_name=False),
    Kind("profile", _PROFILES, _PROFILE_MEMBERS, by_name=False),
    Kind("phone", _LINES, _LINE_MEMBERS, by_name=False),
    Kind("company", _COMPANIES, _COMPANY_MEMBERS, by_name=True),
    Kind("domain", _DOMAINS, _DOMAIN_MEMBERS, by_name=True),
)
"""In the order of the queue: what is surest comes first."""

Pair = tuple[str, str]
"""Two contacts, the smaller id first."""


class Block(NamedTuple):
    """What the members of one group share, the pairs among them to look at, and whether some were left out."""

    kind: int
    key: str
    pairs: list[Pair]
    size: int
    cut: bool


def blocks(session_id: str, kind: int, key: str) -> Iterator[Block]:
    """All groups from a place of the order on."""
    for number in range(kind, len(KINDS)):
        yield from _of_kind(session_id, number, key)
        key = ""


def group_size(session_id: str, kind: int, key: str) -> int:
    """How many contacts share this thing."""
    rows = select_in(KINDS[kind].members, [key], session_id)
    return len({contact_id for _, contact_id, _ in rows})


def _of_kind(session_id: str, kind: int, key: str) -> Iterator[Block]:
    which = KINDS[kind]
    while True:
        keys = [found for (found,) in select(which.groups, session_id, key)]
        named = [found for found in keys if not (which.name == "domain" and is_free_mail(found))]
        rows = sorted(set(select_in(which.members, named, session_id)))
        for shared, members in groupby(rows, key=lambda row: str(row[0])):
            yield _block(kind, shared, tuple((contact_id, name) for _, contact_id, name in members))
        if len(keys) < _GROUPS:
            return
        key = keys[-1] + "\0"


Names = tuple[tuple[str, str], ...]
"""Some contacts by id, each with its folded name."""


def _block(kind: int, key: str, names: Names) -> Block:
    few = len(names) <= SMALL
    if few and not KINDS[kind].by_name:
        pairs = sorted(combinations(sorted(contact_id for contact_id, _ in names), 2))
        return Block(kind, key, pairs, len(names), cut=False)
    found, cut = (_kept if len(names) > _WORTH_KEEPING else alike)(names)
    return Block(kind, key, sorted(found), len(names), cut or not (few or KINDS[kind].by_name))


def alike(names: Names) -> tuple[set[Pair], bool]:
    """The pairs with like names, and whether some were not compared because too many share a part of a name."""
    words = {contact_id: words_of_folded(name) for contact_id, name in names}
    by_key: dict[str, list[str]] = defaultdict(list)
    for contact_id, parts in words.items():
        for key in sound_keys(parts):
            by_key[key].append(contact_id)
    found: set[Pair] = set()
    for members in by_key.values():
        for one, other in _neighbours(members, words):
            pair = (one, other) if one < other else (other, one)
            if pair not in found and compare_names(words[one], words[other]) is not Likeness.NO:
                found.add(pair)
    return found, any(len(members) > LARGE for members in by_key.values())


_kept = lru_cache(maxsize=8)(alike)
"""A large group is met again on each page that it fills; the same names have the same pairs."""


def _neighbours(members: list[str], words: dict[str, tuple[str, ...]]) -> Iterable[Pair]:
    """All pairs of a few; of many, each with those that come next by name."""
    if len(members) <= LARGE:
        return combinations(members, 2)
    ordered = sorted(members, key=lambda contact_id: (words[contact_id], contact_id))
    return (
        (one, other) for at, one in enumerate(ordered) for other in ordered[at + 1 : at + 1 + NEAR]
    )
