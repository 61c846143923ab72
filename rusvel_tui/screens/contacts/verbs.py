"""What is done with chosen contacts after a question: tags, no more mail, deleting, copying. Each is one change, one undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.crm.people.choosing import BulkDone, ChosenContacts
from rusvel_tui.engine.gtm.crm.people.contact_bulk import TagContacts, tag_contacts
from rusvel_tui.engine.gtm.crm.people.contact_deleting import delete_contacts as delete
from rusvel_tui.engine.gtm.crm.people.contact_inputs import ContactId
from rusvel_tui.engine.gtm.crm.people.contact_views import ContactView
from rusvel_tui.engine.gtm.crm.people.contacts import get_contact
from rusvel_tui.engine.gtm.crm.people.suppression import SuppressContacts
from rusvel_tui.engine.gtm.crm.people.suppression import suppress_contacts as suppress
from rusvel_tui.screens.contacts.choice import Chosen
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.shared.attempts import attempt
from rusvel_tui.widgets.line_input import Question


async def change_tags(page: Page[Any], chosen: Chosen) -> bool:
    """Add and take tags: `fair, -lead` adds one and takes the other. True when an answer was given."""
    hint = "fair, -lead: adds the tag fair and takes lead away"
    line = await page.ask_line(Question("tags", f"Tags of {chosen.label}: ", hint=hint))
    add, remove = read_tags(line or "")
    if not add and not remove:
        return False
    order = TagContacts(contact_ids=chosen.ids, add=add, remove=remove)
    engine, told = page.engine, f"Tags of {chosen.label} changed."
    return await _done(page, lambda: engine.run(tag_contacts, order), told)


def read_tags(line: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The tags to add, and those with a minus, to take away."""
    words = [word for word in map(str.strip, line.replace("#", "").split(",")) if word.strip(" -")]
    add = tuple(word for word in words if not word.startswith("-"))
    remove = tuple(word[1:].strip() for word in words if word.startswith("-"))
    return add, remove


async def suppress_contacts(page: Page[Any], chosen: Chosen) -> bool:
    """Put all addresses of these people on the suppression list, with a reason."""
    hint = "why? a few words, or Enter for none; Esc goes back"
    question = Question("suppress", f"No more mail to {chosen.label}: ", hint=hint)
    reason = await page.ask_line(question)
    if reason is None:
        return False
    order = SuppressContacts(contact_ids=chosen.ids, reason=reason or "manual")
    engine, told = page.engine, f"No more mail goes to {chosen.label}; their sequences ended."
    return await _done(page, lambda: engine.run(suppress, order), told)


async def delete_contacts(page: Page[Any], chosen: Chosen) -> bool:
    """Delete them after a yes that names them."""
    detail = "Sequences that are under way for them end."
    if not await page.confirm(f"Delete {chosen.label}?", detail=detail, yes="Delete"):
        return False
    order, engine = ChosenContacts(contact_ids=chosen.ids), page.engine
    return await _done(page, lambda: engine.run(delete, order), f"Deleted {chosen.label}.")


async def copy_addresses(page: Page[Any], chosen: Chosen) -> None:
    """The first address of each, to the clipboard of the terminal (OSC 52)."""
    found = await attempt(page, lambda: _addresses(page.engine, chosen.ids))
    addresses = [address for address in found or () if address]
    if addresses:
        page.app.copy_to_clipboard(", ".join(addresses))
        many = f"{len(addresses)} addresses"
        page.say(f"Copied {addresses[0] if len(addresses) == 1 else many}.")
    elif found is not None:
        page.complain(f"{chosen.label} has no address. e adds one.")


async def _done(page: Page[Any], work: Callable[[], BulkDone], told: str) -> bool:
    """Do it in a thread and say what changed; True unless it was refused."""
    done = await attempt(page, work)
    if done is None:
        return False
    left = done.chosen - done.changed
    some = f" {left} of {done.chosen} were so already." if left and done.changed else ""
    page.say(f"{told}{some} z to undo." if done.changed else "There is nothing to change.")
    page.load()
    return True


def _addresses(engine: Engine, ids: Sequence[str]) -> list[str]:
    with engine.connected():
        return [_get(engine, one).email for one in ids]


def _get(engine: Engine, contact_id: str) -> ContactView:
    return engine.run(get_contact, ContactId(contact_id=contact_id))
