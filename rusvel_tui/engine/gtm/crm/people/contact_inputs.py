"""What the operations on contacts are asked."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from rusvel_tui.engine.clock import parse_moment
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.operation import Input, PageInput


def as_list(value: Any) -> Any:
    """One text stands for a list of one; commas separate."""
    if isinstance(value, str):
        return [part for part in (piece.strip() for piece in value.split(",")) if part]
    return value


def _labelled(name: str, value: Any) -> Any:
    """A text in the list stands for the thing without a label of its own."""
    items = as_list(value)
    if not isinstance(items, (list, tuple)):
        return items
    return [{name: item} if isinstance(item, str) else item for item in items]


class EmailInput(BaseModel):
    """An address, as text alone or with a label such as `work`."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    address: str
    label: str | None = None
    """What stands there already stays when left out."""


class PhoneInput(BaseModel):
    """A phone number, as text alone or with a label such as `mobile`."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    number: str
    label: str | None = None
    """What stands there already stays when left out."""


def _moment(value: Any) -> Any:
    try:
        return parse_moment(value) if isinstance(value, str) else value
    except InvalidInput as error:
        raise ValueError(str(error)) from None


Moment = Annotated[AwareDatetime, BeforeValidator(_moment)]
"""A time; a date alone means its first second in UTC."""
Texts = Annotated[tuple[str, ...], BeforeValidator(as_list)]
Emails = Annotated[tuple[EmailInput, ...], BeforeValidator(partial(_labelled, "address"))]
Phones = Annotated[tuple[PhoneInput, ...], BeforeValidator(partial(_labelled, "number"))]


class AddContact(Input):
    """A new person. A name or a company is needed; an address too, if they are to get mail."""

    name: str = ""
    email: str = ""
    emails: Emails = ()
    """Further addresses; the first one of all is the primary one."""
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    """The employer's name; a company record is made when there is none of that name."""
    title: str = ""
    phones: Phones = ()
    country: str = ""
    """Name or ISO 3166-1 code."""
    timezone: str = ""
    profile: str = ""
    tags: Texts = ()
    links: Texts = ()
    fields: dict[str, str] = Field(default_factory=dict)
    notes: str = ""
    source: str = "manual"
    source_at: Moment | None = None
    """When the contact came from there; now when left out."""
    metadata: dict[str, Any] = Field(default_factory=dict)


class ContactId(Input):
    """Which contact."""

    contact_id: str


class UpdateContact(Input):
    """Changes to a contact; what is left out stays as it is."""

    contact_id: str
    version: int | None = None
    """The version you saw. Fields that somebody else changed since are a conflict; other ones are merged."""
    name: str | None = None
    emails: Emails | None = None
    """All addresses, the primary one first."""
    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    title: str | None = None
    phones: Phones | None = None
    country: str | None = None
    timezone: str | None = None
    profile: str | None = None
    tags: Texts | None = None
    links: Texts | None = None
    fields: dict[str, str] | None = None
    notes: str | None = None
    source: str | None = None
    source_at: Moment | None = None
    metadata: dict[str, Any] | None = None


class SetEmailFlags(Input):
    """What is known about one address of a contact; what is left out stays."""

    contact_id: str
    address: str
    opted_out: bool | None = None
    """Taking it away needs a person."""
    invalid: bool | None = None


class ListContacts(PageInput):
    """Which contacts."""

    query: str = ""
    """Part of a name, company, address or tag; accents and case do not matter."""
    tag: str = ""
    company_id: str = ""
    filter: str = ""
    """A filter line such as `tag:fair -tag:vip`."""
