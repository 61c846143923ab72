"""What becomes of each field when two contacts become one: the choices there are, the one that is proposed, the result."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.merging.likeness import Likeness, compare_names, words_of
from rusvel_tui.engine.models import Contact
from rusvel_tui.engine.spelled import Spelled

CUSTOM = "fields."
"""Before the key of a custom field."""


class Choice(Spelled):
    """Whose value the one contact gets."""

    KEEP = "keep"
    """That of the contact that stays."""
    MERGE = "merge"
    """That of the contact that goes."""
    BOTH = "both"
    """Both: lists are united, notes stand one below the other."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the comparison: the columns that go together, and how two values are put together."""

    label: str
    columns: tuple[str, ...]
    both: Callable[[Any, Any], Any] | None = None


def _united(kept: Iterable[Any], merged: Iterable[Any]) -> list[Any]:
    return list(dict.fromkeys((*kept, *merged)))


def _joined(kept: str, merged: str) -> str:
    """One text below the other, unless one says it all."""
    if merged in kept:
        return kept
    return merged if kept in merged else f"{kept}\n\n{merged}"


FIELDS = {
    "name": Field("name", ("name", "first_name", "last_name")),
    "title": Field("title", ("title",)),
    "company": Field("company", ("company", "company_id")),
    "country": Field("country", ("country",)),
    "timezone": Field("time zone", ("timezone",)),
    "profile": Field("LinkedIn", ("profile",)),
    "source": Field("source", ("source", "source_at")),
    "tags": Field("tags", ("tags",), _united),
    "links": Field("links", ("links",), _united),
    "notes": Field("notes", ("notes",), _joined),
}
"""The columns of a contact that a person chooses between."""
ORDERED = ("emails", "phones")
"""All of them stay, since each bears its flags; the choice says whose come first."""


def choices_of(field: str) -> tuple[Choice, ...]:
    """What can be chosen for a field."""
    both = field in FIELDS and FIELDS[field].both is not None
    return tuple(Choice) if both else (Choice.KEEP, Choice.MERGE)


def custom_fields(kept: Contact, merged: Contact) -> list[str]:
    """The custom fields that either has, as they are named in choices."""
    return [f"{CUSTOM}{key}" for key in _united(kept.fields, merged.fields)]


def value_of(contact: Contact, field: str) -> Any:
    """The value of a field that is not a list of addresses or phones."""
    if field.startswith(CUSTOM):
        return contact.fields.get(field.removeprefix(CUSTOM), "")
    return getattr(contact, FIELDS[field].columns[0])


def proposed(kept: Contact, merged: Contact, field: str) -> Choice:
    """What is chosen when nobody says anything: nothing is lost, and what stays wins where only one can stay."""
    if field in ORDERED:
        return Choice.KEEP
    if Choice.BOTH in choices_of(field):
        return Choice.BOTH
    mine, other = value_of(kept, field), value_of(merged, field)
    if not mine and other:
        return Choice.MERGE
    return Choice.MERGE if field == "name" and _is_fuller(other, mine) else Choice.KEEP


def _is_fuller(name: str, than: str) -> bool:
    """Whether a name says more than one like it: `Ada Lovelace` more than `A. Lovelace`."""
    long, short = words_of(name), words_of(than)
    alike = compare_names(long, short) is Likeness.SIMILAR
    return (
        alike
        and ("".join(short) in "".join(long) or len(long) >= len(short))
        and (len("".join(long)) > len("".join(short)) + 1)
    )


def checked(kept: Contact, merged: Contact, choices: dict[str, Choice]) -> dict[str, Choice]:
    """A choice for every field; raises `InvalidInput` for a field that cannot be chosen so."""
    fields = (*FIELDS, *ORDERED, *custom_fields(kept, merged))
    for field, choice in choices.items():
        if field not in fields:
            raise InvalidInput(
                f"{field!r} is not a field of a merge. There are {', '.join(fields)}.",
                field="choices",
            )
        if choice not in choices_of(field) and field not in ORDERED:
            raise InvalidInput(f"The {field} can be of one of the two only.", field="choices")
    return {field: choices.get(field) or proposed(kept, merged, field) for field in fields}


def combined(kept: Contact, merged: Contact, choices: dict[str, Choice]) -> dict[str, Any]:
    """The columns of the contact that stays, by checked choices."""
    values: dict[str, Any] = {}
    for name, field in FIELDS.items():
        source = merged if choices[name] is Choice.MERGE else kept
        values |= {column: getattr(source, column) for column in field.columns}
        if choices[name] is Choice.BOTH and field.both is not None:
            values[name] = field.both(value_of(kept, name), value_of(merged, name))
    values["fields"] = _custom(kept, merged, choices)
    values["metadata"] = merged.metadata | kept.metadata
    return values


def _custom(kept: Contact, merged: Contact, choices: dict[str, Choice]) -> dict[str, Any]:
    found = {}
    for field in custom_fields(kept, merged):
        source = merged if choices[field] is Choice.MERGE else kept
        if value := value_of(source, field):
            found[field.removeprefix(CUSTOM)] = value
    return found
