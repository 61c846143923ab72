"""How a person wants a file to be read and its rows to be met; what is left out is found from the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, Self

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.importing.presets import Field
from rusvel_tui.engine.text import one_line

Match = Literal["email", "profile", "name", "phone"]
MATCH: tuple[Match, ...] = ("email", "profile", "name", "phone")
"""By what a row meets a contact, in this order."""
Policy = Literal["both", "update", "create", "skip"]
POLICIES: dict[Policy, str] = {
    "both": "create who is new, change who is known",
    "update": "change who is known, leave out who is new",
    "skip": "create who is new, leave who is known as they are",
    "create": "create a contact of every row, unless somebody has its address",
}


@dataclass(frozen=True, slots=True)
class Kind:
    """What a column can be told to hold."""

    field: Field
    label: str
    several: bool = False
    """Whether more than one column may hold it."""


TARGETS: dict[str, Kind] = {
    "name": Kind(Field.WHOLE_NAME, "Name"),
    "first_name": Kind(Field.FIRST_NAME, "First name"),
    "middle_name": Kind(Field.MIDDLE_NAME, "Middle name"),
    "last_name": Kind(Field.LAST_NAME, "Last name"),
    "email": Kind(Field.EMAIL, "Mail address", several=True),
    "phone": Kind(Field.PHONE, "Phone", several=True),
    "company": Kind(Field.COMPANY, "Company"),
    "other_company": Kind(Field.OTHER_COMPANY, "Company, if there is no better"),
    "title": Kind(Field.TITLE, "Job title"),
    "profile": Kind(Field.PROFILE, "LinkedIn page"),
    "website": Kind(Field.WEBSITE, "Web site", several=True),
    "tags": Kind(Field.TAGS, "Tags", several=True),
    "labels": Kind(Field.LABELS, "Tags as Google writes them", several=True),
    "notes": Kind(Field.NOTES, "Notes"),
    "country": Kind(Field.COUNTRY, "Country"),
    "timezone": Kind(Field.TIMEZONE, "Time zone"),
    "source_date": Kind(Field.SOURCE_DATE, "Known since"),
    "opt_out": Kind(Field.OPT_OUT, "Opted out (yes or no)", several=True),
    "opt_out_reason": Kind(Field.OPT_OUT_ANY_TEXT, "Opted out (any text)", several=True),
    "marketing_status": Kind(Field.OPT_OUT_MARKETING, "Marketing status as Pipedrive has it"),
    "listmonk_status": Kind(Field.OPT_OUT_LISTMONK, "Status as listmonk has it"),
    "opt_out_addresses": Kind(Field.OPT_OUT_ADDRESSES, "Addresses that opted out"),
    "attributes": Kind(Field.ATTRIBUTES, "JSON of further columns"),
    "ignore": Kind(Field.IGNORED, "Leave out", several=True),
}
"""Everything that a column can be told to hold; `custom:Key` makes a custom field of that name."""
CUSTOM = "custom:"
_BY_FIELD = {kind.field: name for name, kind in TARGETS.items()} | {Field.EMAIL_TYPE: "ignore"}


@dataclass(frozen=True, slots=True)
class Options:
    """The choices of one import; kept with it, so that it goes on as it began."""

    preset: str = ""
    encoding: str = ""
    delimiter: str = ""
    mapping: dict[str, str] = field(default_factory=dict)
    match: tuple[Match, ...] = MATCH
    policy: Policy = "both"

    @property
    def leaves_known(self) -> bool:
        """Whether who is known stays as they are."""
        return self.policy in ("skip", "create")

    @property
    def keys(self) -> tuple[Match, ...]:
        """By what rows meet contacts; where each makes one of its own, by its address alone."""
        return ("email",) if self.policy == "create" else self.match

    @classmethod
    def stored(cls, values: dict[str, Any]) -> Self:
        """From what is kept with an import."""
        return cls(**values | {"match": tuple(values.get("match", MATCH))})

    def as_stored(self) -> dict[str, Any]:
        """What differs from the defaults, as a JSON document."""
        plain = Options()
        return {
            name: value
            for name in self.__slots__
            if (value := getattr(self, name)) != getattr(plain, name)
        }


def target_of(kind: Field, heading: str) -> str:
    """The name under which a mapping speaks of what a column holds."""
    return f"{CUSTOM}{heading}" if kind is Field.CUSTOM else _BY_FIELD[kind]


def read_target(target: str) -> tuple[Field, str]:
    """What a mapping tells a column to hold, and the name of the custom field if it is one."""
    if target.startswith(CUSTOM):
        if name := one_line(target.removeprefix(CUSTOM)):
            return Field.CUSTOM, name
    elif target in TARGETS:
        return TARGETS[target].field, ""
    known = ", ".join(TARGETS)
    raise InvalidInput(
        f"{target!r} is nothing that a column can hold. There are {known}, and custom:NAME.",
        field="mapping",
    )
