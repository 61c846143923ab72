"""Who wrote a mail and what they said in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rusvel_tui.engine.gtm.mail.reading.html_text import html_to_text
from rusvel_tui.engine.gtm.mail.reading.message import Parsed
from rusvel_tui.engine.gtm.mail.reading.own_words import OwnWords, own_words

_ROBOT = re.compile(r"^(?:mailer-?daemon|postmaster|mail-?daemon|bounces?|no-?reply|do-?not-?reply)(?:[+.-]|@)|^$", re.I)  # fmt: skip
_ADDRESS = re.compile(r"<\s*([^<>\s@]{1,64}@[^<>\s@,;\"]{1,255})\s*>?")
_BARE = re.compile(r"([^<>\s@,;\"()]{1,64}@[^<>\s@,;\"()]{1,255})")


@dataclass(frozen=True, slots=True)
class Content:
    """The sender, in lower case, and the words."""

    sender: str
    sender_name: str
    text: str
    """All that a person sees, quoted lines included."""
    own: OwnWords
    answers_invitation: bool
    is_robot: bool


def read_content(mail: Parsed) -> Content:
    """Read the words: the plain text, else the visible part of the HTML."""
    name, sender = mailbox(mail.header("from"))
    text = mail.first_part("text/plain")
    if not text.strip():
        text = html_to_text(mail.first_part("text/html"))
    return Content(
        sender=sender,
        sender_name=name,
        text=text,
        own=own_words(text),
        answers_invitation=any(
            p.kind == "text/calendar" and _is_answer(p.method, p.text) for p in mail.parts
        ),
        is_robot=bool(_ROBOT.search(sender)),
    )


def mailbox(value: str) -> tuple[str, str]:
    """The name and the address, in lower case, of the first mailbox in a header; of a damaged one what can be read."""
    found = list(_ADDRESS.finditer(value))
    if found:
        last = found[0]
        name = value[: last.start()].strip().strip('"').strip()
        return name.replace('\\"', '"'), last[1].lower()
    bare = _BARE.search(value)
    if bare is None:
        return value.strip(), ""
    comment = re.search(r"\(([^()]*)\)", value)
    return (comment[1].strip() if comment else ""), bare[1].lower()


def _is_answer(method: str, text: str) -> bool:
    return method == "REPLY" or bool(
        re.search(r"^METHOD:REPLY\s*$", text, re.MULTILINE | re.IGNORECASE)
    )
