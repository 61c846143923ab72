"""What a sender is made of: the inputs, the checks of each field, and the view."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from pydantic import Field

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.senders.identity import clean_address, clean_name, footer
from rusvel_tui.engine.models import Sender
from rusvel_tui.engine.operation import Input, View
from rusvel_tui.engine.text import one_line, sanitize

LONGEST_ADDRESS_BLOCK = 300
_UNSUBSCRIBE = re.compile(r"https://[^\s<>,{}]+\{token\}[^\s<>,{}]*", re.ASCII)


class SenderFields(Input):
    """What a sender is made of; what is left out stays, or is empty."""

    name: str | None = None
    """Stands in the From line and as {{sender_name}}."""
    address: str | None = None
    """Mails leave from it; the default sender may leave it to RUSVEL_SMTP_FROM."""
    reply_to: str | None = None
    """Where answers go, when not to the address itself."""
    postal_address: str | None = None
    """Stands below every mail of a sequence; many countries ask for it."""
    opt_out: str | None = None
    """The sentence below that tells how to be left alone; `none` when your templates say it."""
    unsubscribe_url: str | None = None
    """For one click in the mail program (RFC 8058): https, with {token} where the mail is named."""
    html: bool | None = None
    """Send an HTML part, made from the same text, along with the plain text."""
    account: str | None = None
    """The mail account of the settings that it uses; empty for the usual one."""
    daily_cap: int | None = Field(default=None, ge=0)
    """Mails that may leave from it in a day, in place of RUSVEL_DAILY_CAP."""
    min_gap_seconds: int | None = Field(default=None, ge=0)
    """Seconds between two of its mails, in place of RUSVEL_MIN_GAP_SECONDS."""


class AddSender(SenderFields):
    """A new sender."""

    name: str
    address: str


class UpdateSender(SenderFields):
    """Changes to a sender; what is left out stays."""

    sender_id: str
    no_daily_cap: bool = False
    """Whether its own cap goes away."""
    no_min_gap: bool = False
    version: int | None = None
    """The version you saw; a newer one is a conflict."""


class SenderId(Input):
    """Which sender."""

    sender_id: str


class ChooseSender(Input):
    """Who writes: everything, or one sequence, or one draft."""

    sender_id: str | None = None
    """Left out: a sequence goes back to the default sender, a draft to its sequence's."""
    sequence_id: str | None = None
    mail_id: str | None = None


class SenderView(View):
    """One sender."""

    sender_id: str
    name: str
    address: str
    """Empty when the default sender leaves it to the settings."""
    reply_to: str
    postal_address: str
    opt_out: str
    unsubscribe_url: str
    html: bool
    account: str
    daily_cap: int | None
    min_gap_seconds: int | None
    is_default: bool
    footer: str
    """What stands below its mails to people who did not ask for them."""
    paused: str
    """Why nothing leaves from it; empty when nothing holds it back."""
    version: int
    updated_at: datetime


class SenderList(View):
    """The senders, the default first."""

    items: tuple[SenderView, ...]


class Chosen(View):
    """Who writes now, and how many drafts changed by that."""

    sender_id: str | None
    drafts: int


def cleaned(cmd: SenderFields) -> dict[str, Any]:
    """The given fields in their stored form."""
    return {
        name: clean(value)
        for name, clean in _CLEANERS.items()
        if (value := getattr(cmd, name)) is not None
    }


def _postal(text: str) -> str:
    lines = [one_line(line) for line in sanitize(text).splitlines()]
    block = "\n".join(filter(None, lines))
    if len(block) > LONGEST_ADDRESS_BLOCK:
        raise InvalidInput(
            f"The postal address has more than {LONGEST_ADDRESS_BLOCK} characters.",
            field="postal_address",
        )
    return block


def _url(text: str) -> str:
    if text and not _UNSUBSCRIBE.fullmatch(text):
        raise InvalidInput(
            "The unsubscribe address must begin with https:// and hold {token}.",
            field="unsubscribe_url",
        )
    return text


_CLEANERS: dict[str, Any] = {
    "name": lambda text: clean_name(text, "name"),
    "address": lambda text: clean_address(text, "address"),
    "reply_to": lambda text: clean_address(text, "reply_to"),
    "postal_address": _postal,
    "opt_out": one_line,
    "unsubscribe_url": _url,
    "html": int,
    "account": one_line,
    "daily_cap": int,
    "min_gap_seconds": int,
}
"""How each field is made fit to be stored."""


_AS_STORED = (
    "name", "address", "reply_to", "postal_address", "opt_out", "unsubscribe_url", "html", "account",
    "daily_cap", "min_gap_seconds", "is_default", "version", "updated_at",
)  # fmt: skip


def view(row: Sender, paused: str = "") -> SenderView:
    values = {name: getattr(row, name) for name in _AS_STORED}
    return SenderView(
        sender_id=row.id, footer=footer(row.opt_out, row.postal_address), paused=paused, **values
    )
