"""`y`: the mail, the phone, the link, the name or the id of what the cursor is on, in the clipboard of the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.crm.people.contact_inputs import ContactId
from rusvel_tui.engine.gtm.crm.people.contacts import get_contact
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.shared.attempts import attempt
from rusvel_tui.screens.shared.here import ids_of, row_of
from rusvel_tui.screens.shared.subjects import subject_of
from rusvel_tui.widgets.clipboard import MOST

_OF_ROWS = {
    "m": ("Mail", ("email", "address", "recipient", "sender_email")),
    "l": ("Link", ("url", "link", "website", "domain", "profile")),
    "n": ("Name", ("name", "title", "number", "subject", "who")),
    "w": ("What", ("what", "amount", "value", "text")),
}
"""For a key: what it copies, and the attributes of rows that are that."""
_SHORT = 28


@dataclass(frozen=True, slots=True)
class Copied:
    """Something that can be copied."""

    label: str
    value: str

    @property
    def shown(self) -> str:
        """For the strip of keys."""
        short = self.value if len(self.value) <= _SHORT else f"{self.value[: _SHORT - 1]}…"
        return f"{self.label} {short}"


async def copy_menu(page: Page[Any]) -> None:
    """Ask what to copy, and copy it; where there is one thing only, that one. Await it in a worker."""
    row, subject = row_of(page), subject_of(page)
    contact_id = subject.contact_id if subject is not None else getattr(row, "contact_id", "")
    found = dict(_of_row(page, row))
    known = (
        await attempt(page, lambda: _of_contact(page.engine, contact_id)) if contact_id else None
    )
    things = {**(known or {}), **found}
    if not things:
        page.complain("There is nothing here to copy. Put the cursor on a row first.")
        return
    shown = {key: things[key].shown for key in "mplnwi" if key in things}
    key = next(iter(shown)) if len(shown) == 1 else await page.ask_key("Copy", shown)
    if key is not None:
        copy(page, things[key].value)


def copy(page: Page[Any], text: str) -> None:
    """Put it into the clipboard and say what was copied."""
    if len(text) > MOST:
        page.complain(f"That is too long for a terminal's clipboard: {len(text)} characters.")
        return
    page.app.copy_to_clipboard(text)
    first = text.strip().partition("\n")[0]
    page.say(f"Copied {first if len(first) <= 2 * _SHORT else first[: 2 * _SHORT] + '…'}.")


def _of_row(page: Page[Any], row: Any) -> Iterator[tuple[str, Copied]]:
    """What stands in the row itself."""
    for key, (label, names) in _OF_ROWS.items():
        value = next((found for name in names if (found := getattr(row, name, ""))), "")
        if value and isinstance(value, str):
            yield key, Copied(label, value)
    for _, id_ in list(ids_of(page, row))[:1]:
        yield "i", Copied("Id", id_)


def _of_contact(engine: Engine, contact_id: str) -> dict[str, Copied]:
    """What is known about the person whom the row is about."""
    contact = engine.run(get_contact, ContactId(contact_id=contact_id))
    phone = contact.phones[0].number if contact.phones else ""
    link = contact.profile or next(iter(contact.links), "")
    found = {"m": ("Mail", contact.email), "p": ("Phone", phone), "l": ("Link", link)}
    return {key: Copied(label, value) for key, (label, value) in found.items() if value}
