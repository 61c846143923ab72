"""A contact as the texts of a form, and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rusvel_tui.engine import clock
from rusvel_tui.engine.addresses import parse_address
from rusvel_tui.engine.errors import EngineError, InvalidInput
from rusvel_tui.engine.gtm.crm.people.contact_views import ContactView
from rusvel_tui.engine.text import one_line
from rusvel_tui.widgets.form import Field

_TEXTS = ("name", "first_name", "last_name", "company", "title", "timezone", "profile", "notes")
_LISTS = {"email": "emails", "tags": "tags", "phones": "phones", "links": "links"}
"""Fields that hold several things, and what the engine calls them."""
_OWN = "own:"
"""Begins the name of a field that is the person's own."""
_MORE = "more"
_SEVERAL = "Several with commas between them"


def texts_of(person: ContactView) -> dict[str, str]:
    """What stands in the fields of the form."""
    return {
        **{name: getattr(person, name) for name in _TEXTS},
        "email": ", ".join(email.address for email in person.emails),
        "tags": ", ".join(person.tags),
        "phones": ", ".join(map(str, person.phones)),
        "links": " ".join(person.links),
        **{
            _OWN + name: text if "\n" in text else one_line(text)
            for name, text in person.fields.items()
        },
    }


def as_input(values: Mapping[str, str], fields: Mapping[str, str] = {}) -> dict[str, Any]:
    """What the engine is told of these texts; `fields` are the own fields that the person has now."""
    told: dict[str, Any] = {name: text for name, text in values.items() if name in _TEXTS}
    for name, text in values.items():
        if name in _LISTS:
            told[_LISTS[name]] = text.split() if name == "links" else _split(text, ",")
    own = {name.removeprefix(_OWN): text for name, text in values.items() if name.startswith(_OWN)}
    own |= _more(values.get(_MORE, ""))
    if own:
        told["fields"] = {name: text for name, text in {**fields, **own}.items() if text.strip()}
    return told


def new_fields() -> tuple[Field, ...]:
    """What is asked about a new contact."""
    wanted = ("name", "email", "company", "title", "phones", "tags", "notes")
    return tuple(field for field in _fields({}) if field.name in wanted)


def edit_fields(person: ContactView) -> tuple[Field, ...]:
    """Everything about a contact that a person can change."""
    texts = texts_of(person)
    own = tuple(
        Field(name, name.removeprefix(_OWN), text, kind="multiline" if "\n" in text else "text", lines=3,
              help="One of this contact's own fields; an empty one goes away.")
        for name, text in texts.items() if name.startswith(_OWN)
    )  # fmt: skip
    *most, notes = _fields(texts)
    more = Field(
        _MORE, "More fields", kind="multiline", lines=2, help="One `name: value` in each line."
    )
    return (*most, *own, more, notes)


def _fields(texts: Mapping[str, str]) -> tuple[Field, ...]:
    def field(name: str, title: str, **how: Any) -> Field:
        return Field(name, title, texts.get(name, ""), **how)

    return (
        field("name", "Name", help="The whole name. A name, a company or an address is needed."),
        field("first_name", "First name", help="What {{first_name}} becomes in a mail."),
        field("last_name", "Last name"),
        field("email", "Addresses", check=_addresses, help=f"{_SEVERAL}; the first is written to."),
        field("company", "Company"),
        field("title", "Title", help="What they do there."),
        field("tags", "Tags", help=f"{_SEVERAL}."),
        field("phones", "Phones", help=f"{_SEVERAL}."),
        field("profile", "Profile", help="The address of a page about them."),
        field("links", "Links", help="Several with blanks between them."),
        field("timezone", "Time zone", check=_zone, help="Such as Europe/Berlin."),
        field("notes", "Notes", kind="multiline", lines=4),
    )


def _split(text: str, between: str) -> list[str]:
    return [part for part in map(str.strip, text.split(between)) if part]


def _more(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in _split(text, "\n"):
        name, _, value = line.partition(":")
        if not name.strip() or not value.strip():
            raise InvalidInput(f"“{line}” is not written as `name: value`.", field=_MORE)
        found[name.strip()] = value.strip()
    return found


def _addresses(text: str) -> str:
    return next(filter(None, (_refusal(parse_address, one) for one in _split(text, ","))), "")


def _zone(text: str) -> str:
    return _refusal(clock.zone, text)


def _refusal(read: Callable[[str], object], text: str) -> str:
    """Why the engine would not take it; nothing when it would."""
    try:
        read(text)
    except EngineError as error:
        return str(error)
    return ""
