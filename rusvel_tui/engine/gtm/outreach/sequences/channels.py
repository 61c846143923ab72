"""Where steps take place, and for each channel the link that opens it at the right person.

A link is offered only when it is safe: an own scheme, nothing of a person's data outside its place in
the address, every value percent-encoded (RFC 3986 §2.1).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

MAIL_CHANNEL = "email"
MAX_LINK = 2000
"""Characters of a link; a longer text is left out of it, to be pasted instead."""

_HANDLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_SAFE = re.compile(r"(?:https://[a-z0-9.-]+/|tel:\+|sms:\+)[!-~]*")
_E164 = re.compile(r"\+[1-9]\d{6,14}")


@dataclass(frozen=True, slots=True)
class Reach:
    """How a person can be reached beside mail."""

    phone: str = ""
    """In E.164: `+4930123456`; anything else counts as none."""
    profile: str = ""
    """The name in the address of the LinkedIn profile."""
    links: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    """Custom fields by folded name: one called like a channel holds the handle there."""


Builder = Callable[[Reach, str], str]
"""A link from a person and a text; empty when the person cannot be reached there."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel: its name, what it is called, and how its link is built."""

    name: str
    label: str
    link: Builder | None = None


def deep_link(channel: str, reach: Reach, text: str) -> str:
    """The link that opens the channel at that person with the text filled in; empty when there is none."""
    build = CHANNELS[channel].link
    if build is None:
        return ""
    link = build(reach, text)
    if len(link) > MAX_LINK:
        link = build(reach, "")
    return link if _SAFE.fullmatch(link) else ""


def handle(reach: Reach, name: str, *hosts: str) -> str:
    """The person's name on a channel: from the field called like it, else from a link to one of its hosts."""
    for text in (reach.fields.get(name, ""), *reach.links):
        found = _handle_in(text.strip(), hosts)
        if found and (_HANDLE.fullmatch(found) is not None):
            return found
    return ""


def _handle_in(text: str, hosts: tuple[str, ...]) -> str:
    if "/" not in text and ":" not in text:
        return text.removeprefix("@")
    try:
        parts = urlsplit(text if "//" in text else f"https://{text}")
    except ValueError:
        return ""
    host = (parts.hostname or "").removeprefix("www.")
    if host not in hosts:
        return ""
    return next((part for part in parts.path.split("/") if part), "").removeprefix("@")


def _phone(reach: Reach) -> str:
    return reach.phone if _E164.fullmatch(reach.phone) else ""


def _query(name: str, text: str) -> str:
    return f"?{name}={quote(text, safe='')}" if text else ""


def _tel(reach: Reach, text: str) -> str:
    """RFC 3966: a global number."""
    return f"tel:{_phone(reach)}"


def _sms(reach: Reach, text: str) -> str:
    """RFC 5724: the text is the field `body`."""
    return f"sms:{_phone(reach)}{_query('body', text)}"


def _whatsapp(reach: Reach, text: str) -> str:
    digits = _phone(reach).removeprefix("+")
    return f"https://wa.me/{digits}{_query('text', text)}" if digits else ""


def _telegram(reach: Reach, text: str) -> str:
    name = handle(reach, "telegram", "t.me", "telegram.me")
    if name:
        return f"https://t.me/{name}{_query('text', text)}"
    return f"https://t.me/{_phone(reach)}" if _phone(reach) else ""


def _linkedin(reach: Reach, text: str) -> str:
    return f"https://www.linkedin.com/in/{quote(reach.profile, safe='')}/" if reach.profile else ""


def _x(reach: Reach, text: str) -> str:
    """A message needs the numeric id of the account; a name leads to the profile."""
    name = handle(reach, "x", "x.com", "twitter.com")
    if name.isdecimal():
        more = f"&text={quote(text, safe='')}" if text else ""
        return f"https://x.com/messages/compose?recipient_id={name}{more}"
    return f"https://x.com/{name}" if name else ""


def _messenger(reach: Reach, text: str) -> str:
    name = handle(reach, "messenger", "m.me", "facebook.com", "messenger.com")
    return f"https://m.me/{name}{_query('text', text)}" if name else ""


def _instagram(reach: Reach, text: str) -> str:
    name = handle(reach, "instagram", "instagram.com", "ig.me")
    return f"https://ig.me/m/{name}" if name else ""


def _line(reach: Reach, text: str) -> str:
    """An official account: its id begins with `@`."""
    name = handle(reach, "line", "line.me")
    return f"https://line.me/R/oaMessage/%40{name}/?{quote(text, safe='')}" if name else ""


CHANNELS = {
    channel.name: channel
    for channel in (
        Channel(MAIL_CHANNEL, "mail"),
        Channel("phone", "phone", _tel),
        Channel("linkedin", "LinkedIn", _linkedin),
        Channel("whatsapp", "WhatsApp", _whatsapp),
        Channel("sms", "text message", _sms),
        Channel("x", "X", _x),
        Channel("telegram", "Telegram", _telegram),
        Channel("messenger", "Messenger", _messenger),
        Channel("instagram", "Instagram", _instagram),
        Channel("line", "LINE", _line),
        Channel("in_person", "in person"),
        Channel("other", "another way"),
    )
}
"""All there are; add yours here. Only `email` is sent by the worker."""
