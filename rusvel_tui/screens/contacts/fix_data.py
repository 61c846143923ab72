"""Filling in what mails lack: choose a field, then one person after the other."""

from __future__ import annotations

from functools import partial
from typing import Any

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.crm.people.contact_inputs import ContactId, UpdateContact
from rusvel_tui.engine.gtm.crm.people.contacts import get_contact, update_contact
from rusvel_tui.engine.gtm.outreach.mails.fields import field_key
from rusvel_tui.engine.gtm.outreach.mails.missing_data import (
    ADDRESS,
    MissingData,
    MissingDataQuery,
    MissingField,
    missing_data,
)
from rusvel_tui.engine.templates import CUSTOM_PREFIX
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.shared.attempts import attempt
from rusvel_tui.widgets.line_input import Question

OFFERED = 9
"""Fields that get a digit: those that stop most people."""


async def fix_data(page: Page[Any]) -> None:
    """Ask for what is missing, field by field; Esc stops, and what was filled in stays."""
    found = await attempt(page, lambda: page.engine.run(missing_data, MissingDataQuery()))
    if found is None:
        return
    field = await _choose(page, found)
    if field is None:
        return
    done = 0
    for number, person in enumerate(field.people, 1):
        label = f"{field.field} of {person.name} ({number} of {len(field.people)}): "
        hint = "Enter alone goes to the next person, Esc stops"
        text = await page.ask_line(Question(f"missing {field.field}", label, hint=hint))
        if text is None:
            break
        if text:
            fill = partial(_fill, page.engine, person.contact_id, field.field, text)
            done += await attempt(page, fill) is not None
    if done:
        page.say(f"Filled in {field.field} for {done}. Their drafts are written anew.")


async def _choose(page: Page[Any], found: MissingData) -> MissingField | None:
    """The field to fill in; none when nothing is missing or the person gave up."""
    if not found.fields:
        page.say("Nothing is missing for the mails ahead.")
        return None
    offered = {str(n): field for n, field in enumerate(found.fields[:OFFERED], 1)}
    labels = {key: f"{field.field} ({len(field.people)})" for key, field in offered.items()}
    key = await page.ask_key("Missing", labels)
    return None if key is None else offered[key]


def _fill(engine: Engine, contact_id: str, field: str, text: str) -> bool:
    """Write the value to the contact as it is now. Runs in a thread."""
    change: dict[str, Any] = {field: text}
    if field == ADDRESS:
        change = {"emails": [text]}
    elif field.startswith(CUSTOM_PREFIX):
        person = engine.run(get_contact, ContactId(contact_id=contact_id))
        name = next(
            (key for key in person.fields if field_key(key) == field),
            field.removeprefix(CUSTOM_PREFIX),
        )
        change = {"fields": {**person.fields, name: text}}
    engine.run(update_contact, UpdateContact.model_validate({"contact_id": contact_id, **change}))
    return True
