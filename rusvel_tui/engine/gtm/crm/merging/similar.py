"""Who may be meant already: the contacts that look like the one that is being typed, best first."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, permutations

from pydantic import Field

from rusvel_tui.engine.addresses import parse_address
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.countries import country_of_zone
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.companies.employers import company_key
from rusvel_tui.engine.gtm.crm.merging.likeness import words_of
from rusvel_tui.engine.gtm.crm.merging.looks import ContactLook, looks
from rusvel_tui.engine.gtm.crm.merging.traits import (
    DOMAIN,
    LINE,
    MAILBOX,
    Evidence,
    Traits,
    evidence,
    load_traits,
    score,
    select,
    select_in,
)
from rusvel_tui.engine.gtm.crm.people.contact_inputs import Texts
from rusvel_tui.engine.gtm.crm.people.identity import phone_digits, profile_slug
from rusvel_tui.engine.gtm.crm.people.people import find_contact
from rusvel_tui.engine.gtm.crm.people.phones import read_phone
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.text import one_line

_FEWEST_DIGITS = 5
"""Before so many digits are typed, a number is anybody's."""
_MOST = 200
"""People of one company, domain or beginning of a name that are looked at."""
_BY_MAILBOX = f"""
SELECT e.contact_id FROM contact_email e WHERE e.session_id = ? AND e.deleted_at IS NULL AND {MAILBOX} IN ({{marks}})"""
_BY_LINE = (
    f"SELECT p.contact_id FROM contact_phone p WHERE p.session_id = ? AND {LINE} IN ({{marks}})"
)
_BY_PROFILE = """
SELECT id FROM contact WHERE session_id = ? AND deleted_at IS NULL AND profile <> '' AND profile IN ({marks})"""
_BY_DOMAIN = f"""
SELECT e.contact_id FROM contact_email e
WHERE e.session_id = ? AND e.deleted_at IS NULL AND {DOMAIN} = ? LIMIT {_MOST}"""
_BY_COMPANY = f"""
SELECT c.id FROM contact c WHERE c.session_id = ? AND c.deleted_at IS NULL AND c.company_id =
  (SELECT id FROM company WHERE session_id = ? AND key = ? AND deleted_at IS NULL) LIMIT {_MOST}"""
_BY_SORT_NAME = f"""
SELECT id FROM contact WHERE session_id = ? AND deleted_at IS NULL AND sort_name >= ? AND sort_name < ? LIMIT {_MOST}"""
_LAST = "\U0010ffff"


class SimilarContacts(Input):
    """What is known of a person so far; or only `contact_id`, to look for others like that contact."""

    name: str = ""
    email: str = ""
    emails: Texts = ()
    phones: Texts = ()
    profile: str = ""
    company: str = ""
    contact_id: str = ""
    """The contact that is being edited; it is left out."""
    limit: int = Field(default=10, ge=1, le=100)


class SimilarContact(View):
    """A contact that may be the same person, why, and how sure that is in per cent."""

    contact: ContactLook
    reasons: tuple[Evidence, ...]
    score: int


class SimilarList(View):
    """Those that look alike, best first."""

    items: tuple[SimilarContact, ...]


@operation("gtm.crm.similar_contacts", permission="crm.contacts.read")
def similar_contacts(ctx: Context, cmd: SimilarContacts) -> SimilarList:
    """List contacts that may be the person that is being typed, best first."""
    person = _person(ctx, cmd)
    others = load_traits(set(_candidates(ctx, person)) - {cmd.contact_id})
    found = [(evidence(person, other), other.contact_id) for other in others.values()]
    ranked = sorted((-score(why), contact_id, why) for why, contact_id in found if why)
    best = ranked[: cmd.limit]
    seen = looks(contact_id for _, contact_id, _ in best)
    items = tuple(
        SimilarContact(contact=seen[contact_id], reasons=why, score=-doubt)
        for doubt, contact_id, why in best
    )
    return SimilarList(items=items)


def _person(ctx: Context, cmd: SimilarContacts) -> Traits:
    """What was typed as traits; what is no address or no number yet does not count yet."""
    typed = (cmd.name, cmd.email, cmd.emails, cmd.phones, cmd.profile, cmd.company)
    if cmd.contact_id and not any(typed):
        contact = find_contact(ctx, cmd.contact_id)
        return load_traits([contact.id])[contact.id]
    person = Traits(words=words_of(cmd.name), profile=profile_slug(cmd.profile) or cmd.profile)
    person.addresses = set(_keys((cmd.email, *cmd.emails)))
    person.lines = dict(_lines(cmd.phones, country_of_zone(ctx.session.timezone)))
    person.company = one_line(cmd.company)
    return person


def _keys(texts: tuple[str, ...]) -> Iterator[str]:
    for text in texts:
        try:
            yield parse_address(text).key
        except InvalidInput:
            continue


def _lines(numbers: tuple[str, ...], country: str) -> Iterator[tuple[str, str]]:
    """The numbers as they are compared: as they stand, and as they would be dialled from this country."""
    for number in numbers:
        if len(digits := phone_digits(number)) >= _FEWEST_DIGITS:
            yield digits, number
            if e164 := read_phone(number, country).e164:
                yield e164[1:], number


def _candidates(ctx: Context, person: Traits) -> Iterator[str]:
    """Whoever shares a trait with the person, by indexes alone; `evidence` judges them."""
    session = ctx.session_id
    rows = chain(
        select_in(_BY_MAILBOX, person.mailboxes, session),
        select_in(_BY_LINE, person.lines, session),
        select_in(_BY_PROFILE, {person.profile} - {""}, session),
        *(select(_BY_SORT_NAME, session, start, start + _LAST) for start in _starts(person.words)),
        *(_colleagues(session, person) if person.words else ()),
    )
    return (contact_id for (contact_id,) in rows)


def _colleagues(session: str, person: Traits) -> Iterator[list[tuple[str]]]:
    for domain in person.domains:
        yield select(_BY_DOMAIN, session, domain)
    yield select(_BY_COMPANY, session, session, company_key(person.company))


def _starts(words: tuple[str, ...]) -> set[str]:
    """How the names of the directory may begin that are like this one: the last name first, whichever it is."""
    some = words[:5]
    pairs = {f"{one} {other[0]}" for one, other in permutations(some, 2)}
    return pairs | {word[: max(4, len(word) - 2)] for word in some}
