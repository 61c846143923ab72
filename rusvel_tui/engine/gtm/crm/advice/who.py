"""Whom and what a text is about: contacts by address and by name, and their deals; each with the words that say so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rusvel_tui.engine.addresses import parse_address
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.deals.deal_rows import living
from rusvel_tui.engine.gtm.crm.finding.search import Search, search
from rusvel_tui.engine.gtm.crm.finding.search_hits import HitKind
from rusvel_tui.engine.gtm.crm.people.people import label
from rusvel_tui.engine.models import Contact, ContactEmail, Deal
from rusvel_tui.engine.operation import View
from rusvel_tui.engine.text import fold, one_line

ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+")
_COMMON = frozenset(
    "called call rang phoned spoke met meet meeting with to at from the and then she he they we i me my her his our it"
    " wants want needs need asked asks said says quote offer demo today tomorrow yesterday next last follow up by on for"
    " about monday tuesday wednesday thursday friday saturday sunday january february march april may june july august"
    " september october november december send sent note task remind email mail re hi hello dear thanks thank yes no please"
    " is was will would can could not but also has have had again back voicemail answer".split()
)
_TRIED = 12
"""Runs of words that are looked up."""
_LISTED = 5


class Match(View):
    """A contact or a deal that a text may mean."""

    kind: str
    """`contact` or `deal`."""
    id: str
    name: str
    confidence: float
    words: str
    """The words of the text that say so."""


def people_in(ctx: Context, text: str) -> list[Match]:
    """The contacts that a text may mean, the surest first; nobody twice."""
    found: dict[str, Match] = {}
    for match in (*_by_address(ctx, text), *_by_name(ctx, text)):
        known = found.get(match.id)
        if known is None or known.confidence < match.confidence:
            found[match.id] = match
    return sorted(found.values(), key=lambda one: -one.confidence)[:_LISTED]


def deals_of(ctx: Context, contact_id: str, text: str) -> list[Match]:
    """The open deals of a contact that a text may mean: one that it names, or the only one."""
    rows = list(living(ctx).where((Deal.contact_id == contact_id) & Deal.closed_at.is_null()))
    plain = fold(text)
    named = [row for row in rows if fold(row.title) in plain]
    sure = 0.9 if len(named) == 1 else 0.8 if len(rows) == 1 else 0.4
    return [
        Match(
            kind="deal",
            id=row.id,
            name=row.title,
            confidence=sure,
            words=row.title if row in named else "",
        )
        for row in (named or rows)[:_LISTED]
    ]


def _by_address(ctx: Context, text: str) -> Iterator[Match]:
    for found in ADDRESS.finditer(text):
        try:
            key = parse_address(found[0]).key
        except InvalidInput:
            continue
        rows = ContactEmail.select().where(
            (ContactEmail.session_id == ctx.session_id)
            & (ContactEmail.key == key)
            & ContactEmail.deleted_at.is_null()
        )
        for row in rows:
            person = Contact.get_or_none(
                (Contact.id == row.contact_id) & Contact.deleted_at.is_null()
            )
            if person is not None:
                yield Match(kind="contact", id=person.id, name=label(person), confidence=0.99, words=found[0])  # fmt: skip


def _by_name(ctx: Context, text: str) -> Iterator[Match]:
    for words in _runs(text):
        hits = ctx.call(search, Search(query=words, kinds=(HitKind.CONTACT,), limit=10)).items
        wanted = fold(words).split()
        rows = Contact.select().where(Contact.id.in_([hit.id for hit in hits]))
        fits = [row for row in rows if set(wanted) <= set(fold(row.name).split())]
        whole = [row for row in fits if fold(row.name) == fold(words)]
        for row in whole or fits:
            sure = (0.95 if len(wanted) > 1 else 0.8) if len(whole or fits) == 1 else 0.4
            yield Match(kind="contact", id=row.id, name=label(row), confidence=sure, words=words)


def _runs(text: str) -> list[str]:
    """Runs of words that may be a name, longest first: by capitals, and right behind `called`, `with` and the like."""
    found: dict[str, None] = {}
    for piece in re.split(r"[,;:.!?()\n]", ADDRESS.sub(" ", one_line(text))):
        words = piece.split()
        for at in range(len(words)):
            for size in (3, 2, 1):
                run = words[at : at + size]
                if len(run) == size and _may_be_name(run, words[:at]):
                    found[" ".join(run)] = None
    return sorted(found, key=lambda run: -len(run.split()))[:_TRIED]


_LEADING = frozenset("called call rang phoned met with to from meet spoke for visited mit bei avec chez con".split())  # fmt: skip


def _may_be_name(run: list[str], before: list[str]) -> bool:
    if any(fold(word) in _COMMON or not word[:1].isalpha() for word in run):
        return False
    capital = all(word[:1].isupper() for word in run)
    return capital or bool(before and before[-1].lower() in _LEADING and len(run) < 3)
