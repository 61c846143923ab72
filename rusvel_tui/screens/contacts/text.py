"""A contact as YAML, for `E`: every field that a person can change, and back."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.people.contact_inputs import UpdateContact
from rusvel_tui.engine.gtm.crm.people.contact_views import ContactView, EmailView, PhoneView
from rusvel_tui.engine.gtm.crm.people.contacts import update_contact
from rusvel_tui.engine.yaml_text import read_yaml, write_yaml
from rusvel_tui.screens.contacts.record import label
from rusvel_tui.screens.page import Page
from rusvel_tui.screens.shared.text_edit import edit_as_text

_TEXTS = ("name", "first_name", "last_name", "company", "title", "country", "timezone", "profile")
_LISTS = ("tags", "links")
_HEAD = "# {}: save and close to keep your changes. An address or a phone may be `{{address: …, label: work}}`.\n"


async def edit_contact_as_text(page: Page[Any], person: ContactView) -> None:
    """`E`: the whole contact in the person's own editor."""
    text = _HEAD.format(label(person)) + contact_text(person)
    done = await edit_as_text(page, text, partial(_save, page.engine, person))
    if done is not None and done.version != person.version:
        page.say(f"Changed {label(done)}. z to undo.")
        page.load()


def contact_text(person: ContactView) -> str:
    """The contact as YAML, empty fields included: what can be filled in is seen."""
    return write_yaml(_document(person))


def read_contact(text: str, person: ContactView) -> dict[str, Any]:
    """What the text changes, as the engine is told; a name that is not known is an error with its line."""
    found = read_yaml(text)
    known = _document(person)
    if not isinstance(found.data, dict):
        raise InvalidInput("Line 1: begin with `name:`.", field="text")
    for name in found.data:
        if name not in known:
            raise InvalidInput(
                f"{found.place((name,))}{name!r} is not a field. Use {', '.join(known)}.",
                field="text",
            )
    wanted = {name: _plain(name, value) for name, value in found.data.items()}
    before = {name: _plain(name, value) for name, value in known.items()}
    return {name: value for name, value in wanted.items() if value != before[name]}


def _document(person: ContactView) -> dict[str, Any]:
    return {
        **{name: getattr(person, name) for name in _TEXTS},
        "emails": [_entry("address", email.address, email) for email in person.emails],
        "phones": [_entry("number", phone.number, phone) for phone in person.phones],
        **{name: list(getattr(person, name)) for name in _LISTS},
        "fields": dict(person.fields),
        "notes": person.notes,
    }


def _entry(name: str, text: str, entry: EmailView | PhoneView) -> Any:
    """An address or a phone: the text alone, unless it has a label."""
    return {name: text, "label": entry.label} if entry.label else text


def _plain(name: str, value: Any) -> Any:
    """A value as the engine takes it: nothing written means nothing."""
    if name in _LISTS or name in ("emails", "phones"):
        return [part for part in value or [] if part] if isinstance(value, list | None) else value
    if name == "fields":
        items = value.items() if isinstance(value, Mapping) else ()
        return {str(key): str(text).strip("\n") for key, text in items if text}
    return "" if value is None else str(value).rstrip("\n")


def _save(engine: Engine, person: ContactView, text: str) -> ContactView:
    changes = read_contact(text, person)
    if not changes:
        return person
    told = {"contact_id": person.contact_id, "version": person.version, **changes}
    return engine.run(update_contact, UpdateContact.model_validate(told))
