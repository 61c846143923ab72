"""By what two contacts are taken for one person: their traits, and the reasons that follow from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from rusvel_tui.engine.gtm.crm.companies.free_mail import is_free_mail
from rusvel_tui.engine.gtm.crm.merging.likeness import (
    Likeness,
    compare_names,
    mailbox_key,
    words_of,
)
from rusvel_tui.engine.models import Contact
from rusvel_tui.engine.operation import View
from rusvel_tui.engine.spelled import Spelled
from rusvel_tui.engine.text import fold

LINE = "CASE WHEN p.e164 <> '' THEN substr(p.e164, 2) ELSE p.digits END"
"""The number by which phones are compared: E.164 without the plus, else the digits. Indexed."""
MAILBOX = """CASE WHEN substr(e.key, instr(e.key, '@')) IN ('@gmail.com', '@googlemail.com')
  THEN replace(substr(e.key, 1, instr(replace(e.key, '@', '+'), '+') - 1), '.', '') || '@gmail.com'
  ELSE substr(e.key, 1, instr(replace(e.key, '@', '+'), '+') - 1) || substr(e.key, instr(e.key, '@')) END"""
"""`likeness.mailbox_key` in SQL. Indexed."""
DOMAIN = "substr(e.key, instr(e.key, '@') + 1)"
"""The domain of an address. Indexed."""
_AT_ONCE = 500
_PEOPLE = """
SELECT id, name, company, company_id, profile FROM contact WHERE deleted_at IS NULL AND id IN ({marks})"""
_ADDRESSES = (
    "SELECT contact_id, key FROM contact_email WHERE deleted_at IS NULL AND contact_id IN ({marks})"
)
_LINES = (
    f"SELECT p.contact_id, {LINE}, p.number FROM contact_phone p WHERE p.contact_id IN ({{marks}})"
)


class Reason(Spelled):
    """Why two contacts may be one person."""

    SAME_ADDRESS = "SameAddress"
    SAME_MAILBOX = "SameMailbox"
    SAME_PROFILE = "SameProfile"
    SAME_PHONE = "SamePhone"
    SAME_NAME = "SameName"
    SIMILAR_NAME = "SimilarName"
    NAMESAKE = "Namesake"


WEIGHTS = {
    Reason.SAME_ADDRESS: 100,
    Reason.SAME_MAILBOX: 95,
    Reason.SAME_PROFILE: 95,
    Reason.SAME_PHONE: 60,
    Reason.SAME_NAME: 80,
    Reason.SIMILAR_NAME: 55,
    Reason.NAMESAKE: 35,
}
"""Per cent by which one reason alone makes two contacts one person; a phone may be that of an office."""


class Evidence(View):
    """One reason, in words."""

    reason: Reason
    text: str


@dataclass(slots=True)
class Traits:
    """What a contact, or one that is being typed, is recognised by."""

    contact_id: str = ""
    words: tuple[str, ...] = ()
    profile: str = ""
    addresses: set[str] = field(default_factory=set)
    lines: dict[str, str] = field(default_factory=dict)
    """Phones as written, by the number that is compared."""
    company: str = ""
    company_id: str = ""
    """The employer's record; empty for a person who is being typed."""

    @property
    def mailboxes(self) -> set[str]:
        return {mailbox_key(key) for key in self.addresses}

    @property
    def domains(self) -> set[str]:
        """The mail domains that name an employer."""
        found = {key.rpartition("@")[2] for key in self.addresses}
        return {domain for domain in found if not is_free_mail(domain)}


def load_traits(ids: Iterable[str]) -> dict[str, Traits]:
    """The traits of these contacts: three queries for every 500 of them. Deleted ones are left out."""
    found: dict[str, Traits] = {}
    for contact_id, name, company, company_id, profile in select_in(_PEOPLE, ids):
        traits = Traits(contact_id, words_of(name), profile)
        traits.company, traits.company_id = company, company_id or ""
        found[contact_id] = traits
    for contact_id, key in select_in(_ADDRESSES, found):
        found[contact_id].addresses.add(key)
    for contact_id, line, number in select_in(_LINES, found):
        found[contact_id].lines[line] = number
    return found


def evidence(one: Traits, other: Traits) -> tuple[Evidence, ...]:
    """Why the two may be one person, the strongest reason first; nothing when they are only namesakes of a kind."""
    found = [*_same_things(one, other), *_same_name(one, other)]
    return tuple(sorted(found, key=lambda item: -WEIGHTS[item.reason]))


def score(reasons: Iterable[Evidence]) -> int:
    """Per cent of certainty: that not all of the reasons mislead."""
    doubt = 1.0
    for item in reasons:
        doubt *= 1 - WEIGHTS[item.reason] / 100
    return round(100 * (1 - doubt))


def _same_things(one: Traits, other: Traits) -> Iterator[Evidence]:
    same = one.addresses & other.addresses
    for key in sorted(same):
        yield Evidence(reason=Reason.SAME_ADDRESS, text=f"the same address {key}")
    covered = {mailbox_key(key) for key in same}
    for box in sorted((one.mailboxes & other.mailboxes) - covered):
        yield Evidence(reason=Reason.SAME_MAILBOX, text=f"the same mailbox {box}")
    if one.profile and one.profile == other.profile:
        text = f"the same LinkedIn profile {one.profile}"
        yield Evidence(reason=Reason.SAME_PROFILE, text=text)
    for line in sorted(one.lines.keys() & other.lines.keys()):
        yield Evidence(reason=Reason.SAME_PHONE, text=f"the same phone {one.lines[line]}")


def _same_name(one: Traits, other: Traits) -> Iterator[Evidence]:
    alike = compare_names(one.words, other.words)
    if alike is Likeness.NO:
        return
    same = alike is Likeness.SAME
    place = _place(one, other)
    if place:
        reason = Reason.SAME_NAME if same else Reason.SIMILAR_NAME
        yield Evidence(reason=reason, text=f"{'the same' if same else 'a similar'} name at {place}")
    elif same and len(one.words) > 1:
        yield Evidence(reason=Reason.NAMESAKE, text="the same name")


def _place(one: Traits, other: Traits) -> str:
    """The company or mail domain that both belong to; empty when there is none."""
    if one.company and fold(one.company) == fold(other.company):
        return one.company
    return next(iter(sorted(one.domains & other.domains)), "")


def select(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """The rows of a kept query."""
    return list(Contact._meta.database.execute_sql(sql, values).fetchall())


def select_in(sql: str, wanted: Iterable[str], *values: Any) -> Iterator[tuple[Any, ...]]:
    """The rows of a kept query with `IN ({marks})` at its end, for any number of values."""
    listed = sorted(wanted)
    for at in range(0, len(listed), _AT_ONCE):
        part = listed[at : at + _AT_ONCE]
        yield from select(sql.format(marks=",".join("?" * len(part))), *values, *part)
