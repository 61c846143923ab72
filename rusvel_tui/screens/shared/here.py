"""What the cursor of a page stands on: its row, its ids, and what it is called. For copying, repeating and the `:` line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from textual.widget import Widget

from rusvel_tui.widgets.board import Board
from rusvel_tui.widgets.paged_list import PagedList

IDS = {
    "contacts": "contact_id",
    "companies": "company_id",
    "deals": "deal_id",
    "sequences": "sequence_id",
    "invoices": "invoice_id",
    "inbox": "id",
    "mail": "incoming_id",
    "told": "entity_id",
    "tasks": "activity_id",
}
"""For a page: the field of operations that its rows' `id` is for."""
NAMES = ("name", "title", "number", "subject", "contact", "who", "email")
"""Attributes that say what a row is called, the best first."""


def row_of(page: Widget) -> Any | None:
    """The row or card under the cursor of the list in use, else of the first one that is shown."""
    focused = page.screen.focused
    shown = [one for one in page.query("*") if isinstance(one, PagedList | Board) and one.display]
    inside = [one for one in shown if focused is not None and one in focused.ancestors_with_self]
    return next((one.current for one in (*inside, *shown) if one.size), None)


def name_of(row: Any) -> str:
    """What a row is called."""
    return next((str(found) for name in NAMES if (found := getattr(row, name, ""))), "")


def ids_of(page: Widget, row: Any) -> Iterator[tuple[str, str]]:
    """Fields of operations with the ids that the row has for them."""
    if own := getattr(row, "id", ""):
        yield IDS.get(page.id or "", "id"), str(own)
    for name in ("contact_id", "deal_id", "company_id", "sequence_id", "invoice_id"):
        if found := getattr(row, name, ""):
            yield name, str(found)
