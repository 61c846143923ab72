"""What a search finds, as others see it: a title, what it is about, and the words in their place."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from rusvel_tui.engine.clock import moment
from rusvel_tui.engine.models.base import database, load_json
from rusvel_tui.engine.operation import View
from rusvel_tui.engine.snippets import Snippet, Span, matches, snippet
from rusvel_tui.engine.spelled import Spelled
from rusvel_tui.engine.text import one_line


class HitKind(Spelled):
    """What can be found."""

    CONTACT = "Contact"
    COMPANY = "Company"
    DEAL = "Deal"
    ACTIVITY = "Activity"


class SearchHit(View):
    """One thing that fits. Positions count characters from 0: from the first to before the last."""

    kind: HitKind
    id: str
    title: str
    title_matches: tuple[Span, ...]
    about: str
    """Whom or what it belongs to: the company of a contact, the contact of a deal."""
    snippet: str
    """The text in which the words stand, where that is not the title; one line, plain text."""
    matches: tuple[Span, ...]
    contact_id: str | None
    deal_id: str | None
    at: datetime
    """When it was made, or when an activity took place."""


class SearchPage(View):
    """A part of what was found, best first."""

    items: tuple[SearchHit, ...]
    next: str | None


class Hit(NamedTuple):
    """One thing that fits, before it is read."""

    kind: str
    id: str
    written: bool
    """Whether the words stand in what was written about it, not in its name."""


class _Details(NamedTuple):
    """What the rows say of one thing."""

    title: str
    about: str
    texts: tuple[str, ...]
    """Where the words may stand besides the title."""
    notes: str
    contact_id: str | None
    deal_id: str | None
    at: str


def read_hits(hits: Sequence[Hit], words: Sequence[str]) -> tuple[SearchHit, ...]:
    """These hits with all that is shown of them: one query for each kind."""
    found: dict[tuple[str, str], _Details] = {}
    for kind, (sql, read) in _READERS.items():
        ids = [hit.id for hit in hits if hit.kind == kind]
        rows = database.execute_sql(sql, (json.dumps(ids),)).fetchall() if ids else ()
        found |= {(kind, row[0]): read(*row) for row in rows}
    return tuple(_view(hit, found[hit.kind, hit.id], words) for hit in hits)


def _view(hit: Hit, seen: _Details, words: Sequence[str]) -> SearchHit:
    title = one_line(seen.title)
    part = snippet(seen.notes, words) if hit.written else _beside(title, seen.texts, words)
    return SearchHit(
        kind=HitKind(hit.kind),
        id=hit.id,
        title=title,
        title_matches=matches(title, words),
        about=one_line(seen.about),
        snippet=part.text,
        matches=part.matches,
        contact_id=seen.contact_id,
        deal_id=seen.deal_id,
        at=moment(seen.at),
    )


def _beside(title: str, texts: Iterable[str], words: Sequence[str]) -> Snippet:
    """The texts that hold the words which the title lacks."""
    missing = [word for word in words if not matches(title, [word])]
    found = [text for text in texts if text and missing and matches(one_line(text), missing)]
    return snippet(" · ".join(found), words) if found else Snippet("", ())


def _contact(
    item_id: str,
    name: str,
    company: str,
    title: str,
    addresses: str,
    tags: str,
    notes: str,
    at: str,
) -> _Details:
    texts = (company, title, addresses, " ".join(f"#{tag}" for tag in load_json(tags, ())))
    return _Details(name or company or addresses, company, texts, notes, item_id, None, at)


def _company(item_id: str, name: str, domain: str, notes: str, at: str) -> _Details:
    return _Details(name, domain, (domain,), notes, None, None, at)


def _deal(item_id: str, title: str, who: str, notes: str, contact_id: str, at: str) -> _Details:
    return _Details(title, who, (), notes, contact_id, item_id, at)


def _activity(
    item_id: str,
    kind: str,
    subject: str,
    text: str,
    who: str,
    contact_id: str,
    deal_id: str,
    at: str,
) -> _Details:
    title = subject or kind.replace("_", " ").capitalize()
    return _Details(title, who, (), text, contact_id, deal_id, at)


_READERS: dict[str, tuple[str, Callable[..., Any]]] = {
    "contact": (
        "SELECT c.id, c.name, c.company, c.title, coalesce((SELECT group_concat(e.address, ', ') FROM contact_email e"
        " WHERE e.contact_id = c.id AND e.deleted_at IS NULL), ''), c.tags, c.notes, c.created_at"
        " FROM json_each(?) w JOIN contact c ON c.id = w.value",
        _contact,
    ),
    "company": (
        "SELECT o.id, o.name, o.domain, o.notes, o.created_at FROM json_each(?) w JOIN company o ON o.id = w.value",
        _company,
    ),
    "deal": (
        "SELECT d.id, d.title, coalesce(nullif(c.name, ''), c.company), d.notes, d.contact_id, d.created_at"
        " FROM json_each(?) w JOIN deal d ON d.id = w.value JOIN contact c ON c.id = d.contact_id",
        _deal,
    ),
    "activity": (
        "SELECT a.id, a.kind, a.subject, trim(a.body || ' ' || a.notes), coalesce(nullif(c.name, ''), c.company, ''),"
        " a.contact_id, a.deal_id, a.at"
        " FROM json_each(?) w JOIN activity a ON a.id = w.value LEFT JOIN contact c ON c.id = a.contact_id",
        _activity,
    ),
}  # fmt: skip
"""How each kind is read."""
