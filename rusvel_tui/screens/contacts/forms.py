"""The forms of a contact: a new one, and a change to one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import Busy, Conflict, InvalidInput
from rusvel_tui.engine.gtm.crm.merging.similar import SimilarContacts, similar_contacts
from rusvel_tui.engine.gtm.crm.people.contact_inputs import AddContact, ContactId, UpdateContact
from rusvel_tui.engine.gtm.crm.people.contact_views import ContactView
from rusvel_tui.engine.gtm.crm.people.contacts import add_contact, get_contact, update_contact
from rusvel_tui.screens.contacts.fields import as_input, edit_fields, new_fields, texts_of
from rusvel_tui.screens.contacts.merge_dialog import look_label
from rusvel_tui.screens.contacts.merging import Merge, Texts
from rusvel_tui.screens.contacts.record import label
from rusvel_tui.screens.page import Page


async def create_contact(page: Page[Any]) -> None:
    """`c c`: a new contact, from any page."""
    made = await page.form(
        "New contact", new_fields(), partial(_add, page.engine), watch=partial(_alike, page.engine)
    )
    if made is not None:
        page.say(f"Added {label(made)}. z to undo.")
        if page.id == "contacts":
            page.reveal(made.contact_id)


async def edit_contact(page: Page[Any], person: ContactView) -> None:
    """Change a contact; what somebody else changed meanwhile is merged, or shown."""
    engine, contact_id = page.engine, person.contact_id
    edit = Merge(
        person, texts_of, partial(_get, engine, contact_id), partial(_update, engine, contact_id)
    )
    done = await page.form(
        label(person), edit_fields(person), lambda values: _saved(lambda: edit.save(values))
    )
    if done is not None and done.version != person.version:
        page.say(f"Changed {label(done)}. z to undo.")


def _alike(engine: Engine, values: Texts) -> str:
    """Who may be meant already, in one line."""
    known = as_input(values)
    found = engine.run(
        similar_contacts,
        SimilarContacts(
            name=known.get("name", ""),
            emails=known.get("emails", ()),
            phones=known.get("phones", ()),
            company=known.get("company", ""),
            limit=2,
        ),
    ).items
    told = (
        f"{look_label(one.contact)} ({'; '.join(why.text for why in one.reasons)})" for one in found
    )
    names = " · ".join(told)
    return f"May be here already: {names}" if names else ""


def _add(engine: Engine, values: Texts) -> ContactView:
    given = AddContact.model_validate(as_input(values))
    return _saved(lambda: engine.run(add_contact, given))


def _get(engine: Engine, contact_id: str) -> ContactView:
    return engine.run(get_contact, ContactId(contact_id=contact_id))


def _update(engine: Engine, contact_id: str, values: Texts, version: int) -> ContactView:
    fields = _get(engine, contact_id).fields
    given = as_input(values, fields) | {"contact_id": contact_id, "version": version}
    return engine.run(update_contact, UpdateContact.model_validate(given))


def _saved(write: Callable[[], ContactView]) -> ContactView:
    """An address that somebody else has is a mistake in that field."""
    try:
        return write()
    except Busy:
        raise
    except Conflict as error:
        raise InvalidInput(str(error), field="email") from None
