"""Filters at work: the conditions that listings, bulk changes, exports and enrolment put into their queries."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from peewee import SQL

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.filters import Where
from rusvel_tui.engine.filters.companies import COMPANY
from rusvel_tui.engine.filters.compiler import Compiler
from rusvel_tui.engine.filters.contacts import CONTACT
from rusvel_tui.engine.filters.deals import DEAL
from rusvel_tui.engine.filters.faults import Fault, FilterError
from rusvel_tui.engine.filters.fields import Entity, Scope
from rusvel_tui.engine.filters.invoices import INVOICE
from rusvel_tui.engine.filters.mails import MAIL
from rusvel_tui.engine.filters.parser import parse
from rusvel_tui.engine.filters.where import all_of
from rusvel_tui.engine.models import Company, Contact, Deal, Invoice
from rusvel_tui.engine.models.base import database
from rusvel_tui.engine.text import blanked

ENTITIES: dict[str, Entity] = {
    entity.name: entity for entity in (CONTACT, COMPANY, DEAL, INVOICE, MAIL)
}
"""What filters can be about; add yours here."""
_MODELS: dict[str, Any] = {
    "contact": Contact,
    "company": Company,
    "deal": Deal,
    "invoice": Invoice,
}
_ORDERS = {
    "contact": "c.sort_name, c.id",
    "company": "o.key, o.id",
    "deal": "d.id DESC",
    "invoice": "i.id DESC",
}


def scope_of(ctx: Context) -> Scope:
    """For whom and when the filters of this call are read."""
    return Scope(ctx.session_id, ctx.session.currency, ctx.zone, ctx.now)


def compiler(ctx: Context, entity: str) -> Compiler:
    """What reads the filters of one entity in this call."""
    return Compiler(ENTITIES[entity], scope_of(ctx))


def where(ctx: Context, entity: str, text: str) -> Where:
    """The condition on the row itself, under the alias of its entity, in parentheses; raises `FilterError` with the column."""
    text = blanked(text)
    try:
        made = compiler(ctx, entity).where(parse(text))
        return replace(made, sql=f"({made.sql})")
    except Fault as fault:
        raise FilterError(text, fault) from None


def found_text(ctx: Context, entity: str, words: str) -> Where:
    """The condition that these folded words stand in the text that a search looks into."""
    return ENTITIES[entity].find(scope_of(ctx), words)


def living_where(ctx: Context, entity: str, text: str) -> Where:
    """The same, of the living rows of this session only."""
    row = ENTITIES[entity].row
    # The plus keeps SQLite from walking an index on the session: the table as it lies is read quicker.
    living = Where(f"+{row}.session_id = ? AND {row}.deleted_at IS NULL", (ctx.session_id,))
    return all_of([living, where(ctx, entity, text)]) if text.strip() else living


def matching(ctx: Context, entity: str, text: str, column: Any = None) -> Any:
    """The condition for a Peewee query: the row fits the filter, or the row that `column` names does."""
    made, found = living_where(ctx, entity, text), ENTITIES[entity]
    inner = f"(SELECT {found.row}.id FROM {found.table} WHERE {made.sql})"
    named = _MODELS[entity].id if column is None else column
    return named.in_(SQL(inner, made.values))


def ids_where(ctx: Context, entity: str, text: str, limit: int = -1) -> list[str]:
    """The ids of all that fit, in the order of the lists; an empty filter means all there are."""
    made, found = living_where(ctx, entity, text), ENTITIES[entity]
    sql = f"SELECT {found.row}.id FROM {found.table} WHERE {made.sql} ORDER BY {_ORDERS[entity]} LIMIT ?"
    return [one for (one,) in database.execute_sql(sql, (*made.values, limit)).fetchall()]


def contact_ids_where(ctx: Context, filter_text: str) -> list[str]:
    """The ids of all contacts that fit, by name; what bulk changes, exports and enrolment work on."""
    return ids_where(ctx, "contact", filter_text)


def deal_ids_where(ctx: Context, filter_text: str) -> list[str]:
    """The ids of all deals that fit, newest first."""
    return ids_where(ctx, "deal", filter_text)


def company_ids_where(ctx: Context, filter_text: str) -> list[str]:
    """The ids of all companies that fit, by name."""
    return ids_where(ctx, "company", filter_text)
