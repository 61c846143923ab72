"""What is done with chosen contacts after a question: tags, no more mail, deleting, copying."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import Conflict
from rusvel_tui.engine.gtm.crm.contact_deleting import delete_contact
from rusvel_tui.engine.gtm.crm.contact_inputs import ContactId, UpdateContact
from rusvel_tui.engine.gtm.crm.contact_views import ContactView
from rusvel_tui.engine.gtm.crm.contacts import get_contact, update_contact
from rusvel_tui.engine.gtm.crm.suppression import Suppress, suppress
from rusvel_tui.screens.attempts import attempt, for_each
from rusvel_tui.screens.contact_choice import Chosen
from rusvel_tui.screens.page import Page
from rusvel_tui.widgets.line_input import Question


async def change_tags(page: Page[Any], chosen: Chosen) -> bool:
    """Add and take tags: `fair, -lead` adds one and takes the other. True when an answer was given."""
    hint = "fair, -lead: adds the tag fair and takes lead away"
    line = await page.ask_line(Question("tags", f"Tags of {chosen.label}: ", hint=hint))
    words = [word for word in ((line or "").replace("#", "")).split(",") if word.strip(" -")]
    if not words:
        return False
    outcome = await for_each(page, chosen.ids, partial(_retag, page.engine, words))
    outcome.tell(page, f"Tags of {chosen.label} changed.")
    return True


async def suppress_contacts(page: Page[Any], chosen: Chosen) -> bool:
    """Put all addresses of these people on the suppression list, with a reason."""
    hint = "why? a few words, or Enter for none; Esc goes back"
    question = Question("suppress", f"No more mail to {chosen.label}: ", hint=hint)
    reason = await page.ask_line(question)
    if reason is None:
        return False
    people = await attempt(page, lambda: [_get(page.engine, one) for one in chosen.ids])
    keys = [email.address for person in people or () for email in person.emails]
    outcome = await for_each(page, keys, partial(_suppress, page.engine, reason or "manual"))
    outcome.tell(page, f"No more mail goes to {chosen.label}; their sequences ended.")
    return True


async def delete_contacts(page: Page[Any], chosen: Chosen) -> bool:
    """Delete them after a yes that names them."""
    detail = "Sequences that are under way for them end."
    if not await page.confirm(f"Delete {chosen.label}?", detail=detail, yes="Delete"):
        return False
    outcome = await for_each(page, chosen.ids, partial(_delete, page.engine))
    outcome.tell(page, f"Deleted {chosen.label}.")
    return True


async def copy_addresses(page: Page[Any], chosen: Chosen) -> None:
    """The first address of each, to the clipboard of the terminal (OSC 52)."""
    found = await attempt(page, lambda: [_get(page.engine, one).email for one in chosen.ids])
    addresses = [address for address in found or () if address]
    if addresses:
        page.app.copy_to_clipboard(", ".join(addresses))
        many = f"{len(addresses)} addresses"
        page.say(f"Copied {addresses[0] if len(addresses) == 1 else many}.")
    elif found is not None:
        page.complain(f"{chosen.label} has no address. e adds one.")


def _get(engine: Engine, contact_id: str) -> ContactView:
    return engine.run(get_contact, ContactId(contact_id=contact_id))


def _retag(engine: Engine, words: Sequence[str], contact_id: str) -> bool:
    """Change the tags as they are now; once more when somebody else was faster."""
    for last in (False, True):
        person = _get(engine, contact_id)
        tags = retagged(person.tags, words)
        if tags == person.tags:
            return False
        change = UpdateContact(contact_id=contact_id, version=person.version, tags=tags)
        try:
            engine.run(update_contact, change)
        except Conflict:
            if last:
                raise
        else:
            break
    return True


def retagged(tags: Sequence[str], words: Sequence[str]) -> tuple[str, ...]:
    """The tags after `fair` was added and `-lead` taken."""
    found = list(tags)
    for word in map(str.strip, words):
        if word.startswith("-"):
            found = [tag for tag in found if tag.casefold() != word[1:].strip().casefold()]
        elif word.casefold() not in map(str.casefold, found):
            found.append(word)
    return tuple(found)


def _suppress(engine: Engine, reason: str, address: str) -> bool:
    engine.run(suppress, Suppress(address=address, reason=reason))
    return True


def _delete(engine: Engine, contact_id: str) -> bool:
    engine.run(delete_contact, ContactId(contact_id=contact_id))
    return True
