"""What the database holds of the people in a file, in a few queries however many there are."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, TypeVar

from rusvel_tui.engine.gtm.crm.identity import phone_digits
from rusvel_tui.engine.gtm.crm.importing.cells import compare_key
from rusvel_tui.engine.gtm.crm.importing.meeting import Known, Pair, is_bare
from rusvel_tui.engine.gtm.crm.importing.options import MATCH, Match
from rusvel_tui.engine.gtm.crm.importing.rows import Person
from rusvel_tui.engine.gtm.crm.importing.state import SINGLE, State
from rusvel_tui.engine.models import Contact

K = TypeVar("K")
_AT_ONCE = 500
_OWNERS = """
SELECT key, contact_id FROM contact_email WHERE session_id = ? AND deleted_at IS NULL AND key IN ({marks})"""
_PROFILES = """
SELECT profile, id FROM contact
WHERE session_id = ? AND deleted_at IS NULL AND profile <> '' AND profile IN ({marks})"""
_NAMES = """
SELECT name, company, id FROM contact WHERE session_id = ? AND deleted_at IS NULL ORDER BY id"""
_NAMELESS = """
SELECT p.digits, c.id FROM contact_phone p JOIN contact c ON c.id = p.contact_id
WHERE p.session_id = ? AND c.deleted_at IS NULL AND c.name = '' AND c.company = '' AND p.digits IN ({marks})"""
_SUPPRESSED = "SELECT key FROM suppression WHERE session_id = ? AND key IN ({marks})"
# The ids below come from the session itself; naming it again would make SQLite walk all its rows.
_CONTACTS = f"""
SELECT id, tags, links, fields, {", ".join(SINGLE)} FROM contact
WHERE deleted_at IS NULL AND id IN ({{marks}})"""
_EMAILS = """
SELECT contact_id, key, address FROM contact_email
WHERE deleted_at IS NULL AND contact_id IN ({marks}) ORDER BY contact_id, position"""
_PHONES = """
SELECT contact_id, digits, number FROM contact_phone
WHERE contact_id IN ({marks}) ORDER BY contact_id, position"""


def load_known(
    session_id: str,
    people: list[Person],
    met_before: dict[int, str],
    match: tuple[Match, ...] = MATCH,
    *,
    unfinished: bool,
) -> Known:
    """Everybody whom these people may be; `met_before` is from an earlier import of the same file."""
    bare = [person for person in people if is_bare(person, match)]
    pairs = {(compare_key(person.name), compare_key(person.company)) for person in bare}
    known = Known(
        owners=load_owners(session_id, (a.key for person in people for a in person.emails)),
        profiles=_profiles(session_id, people),
        pairs=_pairs(session_id, pairs - {("", "")}),
        phones=_phones(session_id, (p for p in bare if not p.name and not p.company)),
        suppressed=load_suppressed(
            session_id, (a.key for person in people if person.suppressed for a in person.emails)
        ),
        met_before=met_before,
        unfinished=unfinished,
    )
    ids = chain(
        known.owners.values(),
        known.met_before.values(),
        *known.profiles.values(),
        *known.pairs.values(),
        *known.phones.values(),
    )
    known.states = load_states(ids)
    return known


def load_owners(session_id: str, keys: Iterable[str]) -> dict[str, str]:
    """The living contacts that have these addresses."""
    return dict(_select(_OWNERS, keys, session_id))


def load_states(ids: Iterable[str]) -> dict[str, State]:
    """The data of these contacts; deleted ones are left out."""
    found: dict[str, State] = {}
    for contact_id, tags, links, fields, *single in _select(_CONTACTS, ids):
        values = {name: value for name, value in zip(SINGLE, single, strict=True) if value}
        custom = {compare_key(name): (name, value) for name, value in json.loads(fields).items()}
        found[contact_id] = State(values, tags=_keyed(tags), links=_keyed(links), fields=custom)
    for contact_id, key, address in _select(_EMAILS, found):
        found[contact_id].emails[key] = address
    for contact_id, digits, number in _select(_PHONES, found):
        found[contact_id].phones[phone_digits(digits)] = number
    return found


def _profiles(session_id: str, people: list[Person]) -> dict[str, list[str]]:
    slugs = {person.profile for person in people} - {""}
    rows = _select(_PROFILES, slugs, session_id)
    return _grouped((slug, contact_id) for slug, contact_id in rows)


def _pairs(session_id: str, wanted: set[Pair]) -> dict[Pair, list[str]]:
    """One walk over all names: there is no index on what is compared, and few files need it."""
    if not wanted:
        return {}
    rows = _execute(_NAMES, (session_id,))
    keyed = (((compare_key(name), compare_key(company)), one) for name, company, one in rows)
    return _grouped((pair, contact_id) for pair, contact_id in keyed if pair in wanted)


def _phones(session_id: str, people: Iterable[Person]) -> dict[str, list[str]]:
    digits = {phone.digits for person in people for phone in person.phones}
    either = chain(digits, (f"00{number}" for number in digits))
    rows = _select(_NAMELESS, either, session_id)
    return _grouped((phone_digits(number), contact_id) for number, contact_id in rows)


def load_suppressed(session_id: str, keys: Iterable[str]) -> set[str]:
    """Those of these addresses that nobody may write to."""
    return {key for (key,) in _select(_SUPPRESSED, keys, session_id)}


def _grouped(rows: Iterable[tuple[K, str]]) -> dict[K, list[str]]:
    """The ids under each key, in the order of their making."""
    found: defaultdict[K, list[str]] = defaultdict(list)
    for key, contact_id in sorted(rows, key=lambda row: row[1]):
        found[key].append(contact_id)
    return found


def _keyed(stored: str) -> dict[str, str]:
    return {compare_key(text): text for text in json.loads(stored)}


def _select(sql: str, values: Iterable[str], *first: str) -> Iterator[tuple[Any, ...]]:
    """The rows for all these values, some hundred at a time: a statement takes only so many."""
    wanted = list(dict.fromkeys(values))
    for start in range(0, len(wanted), _AT_ONCE):
        part = wanted[start : start + _AT_ONCE]
        yield from _execute(sql.format(marks=",".join("?" * len(part))), (*first, *part))


def _execute(sql: str, values: tuple[str, ...]) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = Contact._meta.database.execute_sql(sql, values).fetchall()
    return rows
