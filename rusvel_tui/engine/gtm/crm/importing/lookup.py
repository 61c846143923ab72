"""What the database holds of the people in a file, in a few queries however many there are."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any, TypeVar

from rusvel_tui.engine.gtm.crm.importing.batch import MARKED
from rusvel_tui.engine.gtm.crm.importing.cells import compare_key
from rusvel_tui.engine.gtm.crm.importing.known import Known, Pair, Traits, is_bare
from rusvel_tui.engine.gtm.crm.importing.options import MATCH, Match
from rusvel_tui.engine.gtm.crm.importing.packed import PackedRows
from rusvel_tui.engine.gtm.crm.importing.rows import SINGLE, Person
from rusvel_tui.engine.gtm.crm.importing.state import State, mark, pair
from rusvel_tui.engine.gtm.crm.people.identity import phone_digits
from rusvel_tui.engine.models.base import database

K = TypeVar("K")
_AT_ONCE = 1000
_SOME = "IN (SELECT value FROM json_each(?))"
_OWNERS = f"SELECT key, contact_id FROM contact_email WHERE key {_SOME} AND session_id = ? AND deleted_at IS NULL"
_PROFILES = f"""
SELECT profile, id FROM contact
WHERE profile {_SOME} AND session_id = ? AND deleted_at IS NULL AND profile <> ''"""
_NAMES = "SELECT name, company, id FROM contact WHERE session_id = ? AND deleted_at IS NULL"
_NAMELESS = f"""
SELECT p.digits, c.id FROM contact_phone p JOIN contact c ON c.id = p.contact_id
WHERE p.digits {_SOME} AND p.session_id = ? AND c.deleted_at IS NULL AND c.name = '' AND c.company = ''"""
_SUPPRESSED = f"SELECT key FROM suppression WHERE key {_SOME} AND session_id = ?"
# The ids below come from the session itself; naming it again would make SQLite walk all its rows.
_LIVING = f"SELECT id FROM contact WHERE id {_SOME} AND deleted_at IS NULL"
_TRAITS = f"SELECT id, name, company, profile FROM contact WHERE id {_SOME} AND deleted_at IS NULL"
_CONTACTS = f"""
SELECT id, tags, links, fields, {", ".join(SINGLE)} FROM contact WHERE id {_SOME} AND deleted_at IS NULL"""
_MARKED = f"SELECT id, {', '.join(MARKED)} FROM contact WHERE id {_SOME} AND deleted_at IS NULL"
_EMAILS = f"""
SELECT contact_id, key, address FROM contact_email
WHERE contact_id {_SOME} AND deleted_at IS NULL ORDER BY contact_id, position"""
_PHONES = f"""
SELECT contact_id, digits, number FROM contact_phone WHERE contact_id {_SOME} ORDER BY contact_id, position"""


def load_known(
    session_id: str,
    rows: PackedRows,
    met_before: Mapping[int, str],
    match: tuple[Match, ...] = MATCH,
    *,
    unfinished: bool,
) -> Known:
    """Everybody whom these rows may be about; `met_before` is from an earlier import of the same file."""
    known = Known(met_before=dict(met_before), unfinished=unfinished, load=load_states)
    profiles: defaultdict[str, list[str]] = defaultdict(list)
    phones: defaultdict[str, list[str]] = defaultdict(list)
    pairs: set[Pair] = set()
    by_marks = any(kind.profile or is_bare(kind, match) for kind in rows.kinds)
    places = iter(rows.places())
    while some := list(islice(places, _AT_ONCE)):
        known.owners |= load_owners(session_id, (key for place in some for key in rows.keys[place]))
        people = [rows.person(place) for place in some] if by_marks else []
        slugs = {person.profile for person in people} - {""}
        _group(profiles, _select(_PROFILES, slugs, session_id))
        bare = [person for person in people if is_bare(person, match)]
        pairs |= {pair(person.name, person.company) for person in bare}
        _group(phones, _nameless(session_id, bare))
    known.profiles, known.phones = _ordered(profiles), _ordered(phones)
    known.pairs = _pairs(session_id, pairs - {("", "")})
    known.suppressed = load_suppressed(session_id, rows.suppressed)
    known.traits = _traits(known, whole=by_marks)
    return known


def load_owners(session_id: str, keys: Iterable[str]) -> dict[str, str]:
    """The living contacts that have these addresses."""
    return dict(_select(_OWNERS, keys, session_id))


def load_suppressed(session_id: str, keys: Iterable[str]) -> set[str]:
    """Those of these addresses that nobody may write to."""
    return {key for (key,) in _select(_SUPPRESSED, keys, session_id)}


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


def load_marks(ids: Iterable[str]) -> dict[str, int]:
    """The marks of what these contacts are now."""
    listed = list(ids)
    emails, phones = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    _group(emails, ((one, address) for one, _, address in _select(_EMAILS, listed)))
    _group(phones, ((one, number) for one, _, number in _select(_PHONES, listed)))
    return {
        one: mark(columns, emails[one], phones[one]) for one, *columns in _select(_MARKED, listed)
    }


def _pairs(session_id: str, wanted: set[Pair]) -> dict[Pair, list[str]]:
    """One walk over all names: there is no index on what is compared, and few files need it."""
    found: defaultdict[Pair, list[str]] = defaultdict(list)
    if wanted:
        rows = database.execute_sql(_NAMES, (session_id,))
        keyed = ((pair(name, company), one) for name, company, one in rows)
        _group(found, ((both, one) for both, one in keyed if both in wanted))
    return _ordered(found)


def _nameless(session_id: str, people: Iterable[Person]) -> Iterator[tuple[str, str]]:
    """Contacts that are known by nothing but a phone of these people."""
    digits = {
        digits
        for person in people
        if not person.name and not person.company
        for _, digits in person.phones
    }
    either = chain(digits, (f"00{number}" for number in digits))
    rows = _select(_NAMELESS, either, session_id)
    return ((phone_digits(number), one) for number, one in rows)


def _traits(known: Known, *, whole: bool) -> dict[str, Traits]:
    """The living ones of all contacts that were found; their traits only where rows may be met by them."""
    ids = chain(
        known.owners.values(),
        known.met_before.values(),
        *known.profiles.values(),
        *known.pairs.values(),
        *known.phones.values(),
    )
    if whole:
        return {one: Traits(*traits) for one, *traits in _select(_TRAITS, ids)}
    found = dict.fromkeys(known.owners.values(), Traits("", "", ""))
    others = (one for one in known.met_before.values() if one not in found)
    return found | {one: Traits("", "", "") for (one,) in _select(_LIVING, others)}


def _group(found: defaultdict[K, list[str]], rows: Iterable[Any]) -> None:
    for key, contact_id in rows:
        found[key].append(contact_id)


def _ordered(found: Mapping[K, list[str]]) -> dict[K, list[str]]:
    """The ids under each key once, in the order of their making."""
    return {key: sorted(set(ids)) for key, ids in found.items()}


def _keyed(stored: str) -> dict[str, str]:
    return {} if stored == "[]" else {compare_key(text): text for text in json.loads(stored)}


def _select(sql: str, values: Iterable[str], *more: str) -> Iterator[tuple[Any, ...]]:
    """The rows for all these values, some at a time: they travel as one JSON list."""
    left = iter(dict.fromkeys(values))
    while some := list(islice(left, _AT_ONCE)):
        yield from database.execute_sql(sql, (json.dumps(some), *more)).fetchall()
