"""Whom an action is for: the marked contacts, or the one under the cursor."""

from __future__ import annotations

from typing import NamedTuple

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.crm.people.contact_list import CountContacts, contact_ids
from rusvel_tui.engine.gtm.crm.people.contact_views import ContactRow
from rusvel_tui.widgets.marks import Marks


class Chosen(NamedTuple):
    """Ids, and what to call them in a message."""

    ids: tuple[str, ...]
    label: str


def name_of(row: ContactRow) -> str:
    """What to call the person: the name, else the company, else the address."""
    return row.name or row.company or row.email


def read_marked(engine: Engine, marks: Marks, words: str, filter_text: str) -> tuple[str, ...]:
    """The ids of the marked contacts; `words` and `filter_text` are the search in which all were marked. Runs in a thread."""
    if not marks.every:
        return tuple(sorted(marks.ids))
    found = engine.run(contact_ids, CountContacts(query=words, filter=filter_text)).ids
    return tuple(one for one in found if marks.has(one))
