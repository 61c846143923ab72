"""The timeline: everything that happened with a contact, a deal or a company, in one order."""

from __future__ import annotations

from collections import defaultdict
from typing import Annotated, Any

from pydantic import BeforeValidator

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import InvalidInput, NotFound
from rusvel_tui.engine.gtm.crm.deals.deal_rows import find_deal
from rusvel_tui.engine.gtm.crm.people.people import find_contact
from rusvel_tui.engine.gtm.crm.timeline.timeline_entries import (
    EntryKind,
    TimelineEntry,
    TimelinePage,
)
from rusvel_tui.engine.gtm.crm.timeline.timeline_sources import SOURCES
from rusvel_tui.engine.models import Company
from rusvel_tui.engine.models.base import database
from rusvel_tui.engine.operation import PageInput, operation

_END = "~"
"""A time after all others, as text."""


def _words(value: Any) -> Any:
    return value.replace(",", " ").split() if isinstance(value, str) else value


class Timeline(PageInput):
    """Whose timeline: one of contact, deal and company."""

    contact_id: str = ""
    deal_id: str = ""
    company_id: str = ""
    kinds: Annotated[tuple[EntryKind, ...], BeforeValidator(_words)] = ()
    """Only these kinds; all when left out."""


@operation("gtm.crm.timeline", permission="crm.activities.read")
def timeline(ctx: Context, cmd: Timeline) -> TimelinePage:
    """List what happened with a contact, a deal or a company, newest first; what is still to be done is among it."""
    named = _named(ctx, cmd)
    at, _, last = (cmd.cursor or _END).partition(" ")
    values = named | {"at": at, "last": last, "most": cmd.limit + 1}
    whose = next(name for name, value in named.items() if value)
    found = database.execute_sql(_select(whose, cmd.kinds), values).fetchall()
    keys, more = found[: cmd.limit], len(found) > cmd.limit
    return TimelinePage(items=_entries(keys), next=f"{keys[-1][1]} {keys[-1][0]}" if more else None)


def _named(ctx: Context, cmd: Timeline) -> dict[str, str]:
    """Whom it is about, found in this session."""
    named = {"contact": cmd.contact_id, "deal": cmd.deal_id, "company": cmd.company_id}
    if sum(map(bool, named.values())) != 1:
        raise InvalidInput(
            "Say whose timeline: name a contact, a deal or a company.", field="contact_id"
        )
    if cmd.contact_id:
        find_contact(ctx, cmd.contact_id)
    elif cmd.deal_id:
        find_deal(ctx, cmd.deal_id)
    else:
        _find_company(ctx, cmd.company_id)
    return named


def _find_company(ctx: Context, company_id: str) -> None:
    found = Company.select().where(
        (Company.id == company_id)
        & (Company.session_id == ctx.session_id)
        & Company.deleted_at.is_null()
    )
    if not found.exists():
        raise NotFound.here("company", company_id, "gtm list --kind companies")


_WHO = {
    "contact": "SELECT :contact, '', '~'",
    "deal": "SELECT '', '', '' WHERE 0",
    # Whoever is there now is there with all their past; whoever left, with the time that they were there.
    "company": """
SELECT id, '', '~' FROM contact WHERE company_id = :company AND deleted_at IS NULL
UNION ALL SELECT e.contact_id, e.started_at, e.ended_at FROM employment e JOIN contact c ON c.id = e.contact_id
WHERE e.company_id = :company AND e.ended_at IS NOT NULL AND c.deleted_at IS NULL
AND (c.company_id IS NULL OR c.company_id <> :company)""",
}
_SALE = {
    "contact": "SELECT id FROM deal WHERE contact_id = :contact AND deleted_at IS NULL",
    "deal": "SELECT :deal",
    "company": """
SELECT id FROM deal WHERE company_id = :company AND deleted_at IS NULL
UNION SELECT d.id FROM deal d JOIN contact c ON c.id = d.contact_id
WHERE c.company_id = :company AND c.deleted_at IS NULL AND d.deleted_at IS NULL""",
}


def _select(whose: str, kinds: tuple[EntryKind, ...]) -> str:
    """The newest ids of all sources together, each with the place of its source in the registry."""
    wanted = set(kinds) or set(EntryKind)
    parts = " UNION ALL ".join(
        f"SELECT *, {place} FROM ({source.keys})"
        for place, source in enumerate(SOURCES)
        if wanted & set(source.kinds)
    )
    keys = ", ".join(f"'{kind.key}'" for kind in wanted)
    return f"""
WITH who(id, since, until) AS ({_WHO[whose]}), sale(id) AS ({_SALE[whose]}),
entry(id, at, kind, source) AS ({parts})
SELECT id, at, source FROM entry WHERE (at, id) < (:at, :last) AND kind IN ({keys})
ORDER BY at DESC, id DESC LIMIT :most"""


def _entries(keys: list[Any]) -> tuple[TimelineEntry, ...]:
    """The entries in the order of their keys: a fixed number of queries, however many there are."""
    by_source: dict[int, list[str]] = defaultdict(list)
    for key, _, source in keys:
        by_source[source].append(key)
    found = {
        entry.id: entry for place, ids in by_source.items() for entry in SOURCES[place].read(ids)
    }
    return tuple(found[key] for key, _, _ in keys)
