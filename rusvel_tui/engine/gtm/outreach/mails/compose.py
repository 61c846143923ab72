"""From approved text to the exact bytes of a mail, and the digest that ties an approval to that text.

Header lines are written here and not by the email package: it re-encodes long tokens and breaks threading
(cpython #100991). What was written is parsed again and compared before anybody may send it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rusvel_tui.engine.addresses import wire_address
from rusvel_tui.engine.clock import stamp
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.outreach.mails.parts import File, differences, entity, letter_text

if TYPE_CHECKING:
    from email.headerregistry import AddressHeader

_DIGEST_VERSIONS = ("rusvel-mail-1", "rusvel-mail-2")
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{3,250}>")
_FOLD_AT = 78
"""The longest header line that is not one long token (RFC 5322 §2.1.1)."""
_NEWEST_REFERENCES = 10


@dataclass(frozen=True, slots=True)
class MailText:
    """All that a mail says; the names may be empty, ids carry their angle brackets."""

    message_id: str
    from_name: str
    from_address: str
    to_name: str
    to_address: str
    subject: str
    body: str
    reply_to: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    footer: str = ""
    html: bool = False
    files: tuple[File, ...] = ()
    token: str = ""
    """Names the mail to whoever reads an unsubscribe request."""
    unsubscribe_url: str = ""
    """With `{token}` where the mail is named; empty when nobody listens there."""
    owed: bool = False
    """Whether the recipient expects it: then there is nothing to unsubscribe from."""


def digest(
    to_name: str,
    to_address: str,
    from_name: str,
    from_address: str,
    subject: str,
    body: str,
    attachments: Sequence[tuple[str, str]] = (),
    *,
    reply_to: str = "",
    footer: str = "",
    html: bool = False,
    not_before: datetime | None = None,
) -> str:
    """SHA-256 in hex over what an approval covers; an attachment is its file name and the SHA-256 of its bytes.

    A mail without what the second version added has the digest of the first: older approvals stay valid.
    """
    import json

    covered: list[object] = [
        to_name,
        to_address,
        from_name,
        from_address,
        subject,
        body,
        [list(pair) for pair in attachments],
    ]
    added: list[object] = [reply_to, footer, html, stamp(not_before) if not_before else ""]
    version = _DIGEST_VERSIONS[any(added)]
    covered += added if any(added) else []
    return sha256(json.dumps([version, *covered]).encode("ascii")).hexdigest()


def check_header_text(value: str, field: str) -> str:
    """The value itself, when it can stand in a header line; refuses line breaks and control characters."""
    for c in value:
        if c in "\r\n":
            raise InvalidInput(
                f"The {field} must be a single line. Remove the line break.", field=field
            )
        if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") or c in _BIDI:
            raise InvalidInput(
                f"The {field} contains the control character U+{ord(c):04X}. Remove it.",
                field=field,
            )
    return value


def compose(mail: MailText, *, date: datetime, zone: ZoneInfo) -> bytes:
    """The whole message with CRLF line ends: plain text, 7bit or quoted-printable, dated in the sender's zone.

    `List-Unsubscribe` (RFC 2369) points to the address of the sender, and to the sender's https address where there is
    one; that one is for a single click (RFC 8058).
    """
    text = letter_text(mail.body, mail.footer)
    headers = list(_headers(mail, date.astimezone(zone)))
    head = "".join(f"{name}: {value}\r\n" for name, value in headers)
    raw = head.encode() + entity(text, html=mail.html, files=mail.files)
    _compare(raw, mail, text, [name for name, _ in headers])
    return raw


def _headers(mail: MailText, date: datetime) -> Iterator[tuple[str, str]]:
    from email.utils import format_datetime

    yield "Date", format_datetime(date)
    yield "From", _mailbox("From", mail.from_name, mail.from_address, "sender name")
    yield "To", _mailbox("To", mail.to_name, mail.to_address, "recipient name")
    if mail.reply_to:
        yield "Reply-To", wire_address(mail.reply_to)
    yield "Subject", _subject(mail.subject)
    yield "Message-ID", _tokens("Message-ID", [mail.message_id])
    if mail.in_reply_to:
        yield "In-Reply-To", _tokens("In-Reply-To", [mail.in_reply_to])
    if mail.references:
        yield "References", _tokens("References", _thread(mail.references))
    if mail.owed:
        return
    ways = list(_unsubscribe(mail))
    yield "List-Unsubscribe", _folded("List-Unsubscribe", ways, ",")
    if len(ways) > 1:
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"


def _mailbox(header: str, name: str, address: str, field: str) -> str:
    from email.headerregistry import Address

    wire = wire_address(address)
    check_header_text(name, field)
    if "=?" in name:
        # A reader would decode it: `=?utf-8?q?a=40b=2Ec=2C?=` shows up as one more address.
        raise InvalidInput(f"The {field} must not contain '=?'. Change it.", field=field)
    name = _shown_name(name)
    if not name:
        return wire
    shown = str(Address(display_name=name)).removesuffix(" <>")
    if not name.isascii() or len(header) + 2 + len(shown) > _FOLD_AT:
        shown = _encoded(name, header)
    one_line = f"{header}: {shown} <{wire}>"
    gap = " " if len(one_line) <= _FOLD_AT and "\r\n" not in shown else "\r\n "
    return f"{shown}{gap}<{wire}>"


def _subject(subject: str) -> str:
    """The subject as it is when it is short ASCII, else encoded as a whole: mixed forms are refused by some servers."""
    check_header_text(subject, "subject")
    if not subject.strip() or subject != subject.strip():
        raise InvalidInput(
            "The subject is empty or begins or ends with a blank. Write one.", field="subject"
        )
    plain = (
        subject.isascii() and "=?" not in subject and len(subject) + len("Subject: ") <= _FOLD_AT
    )
    return subject if plain else _encoded(subject, "Subject")


def _encoded(text: str, header: str) -> str:
    """RFC 2047 words of at most 75 characters, one a line."""
    from email.header import Header

    return Header(text, "utf-8", maxlinelen=75, header_name=header).encode(linesep="\r\n")


def _tokens(header: str, tokens: Sequence[str]) -> str:
    """Tokens as they are, folded between them and never encoded."""
    for token in tokens:
        if not _MESSAGE_ID.fullmatch(token):
            raise InvalidInput(f"{token!r} cannot be a message id.", field=header)
    return _folded(header, tokens)


def _folded(header: str, tokens: Sequence[str], separator: str = "") -> str:
    """Tokens as they are, in lines of at most 78 characters where a token is not longer."""
    lines = [""]
    room = _FOLD_AT - len(header) - 2
    parts = [f"{token}{separator}" for token in tokens[:-1]] + list(tokens[-1:])
    for part in parts:
        if lines[-1] and len(lines[-1]) + 1 + len(part) > room:
            lines.append("")
            room = _FOLD_AT - 1
        lines[-1] = f"{lines[-1]} {part}".lstrip()
    return "\r\n ".join(lines)


def _thread(references: Sequence[str]) -> list[str]:
    """The first message of the thread and the newest ones: long chains outgrow what servers accept."""
    unique = list(dict.fromkeys(references))
    return (
        unique
        if len(unique) <= _NEWEST_REFERENCES + 1
        else [unique[0], *unique[-_NEWEST_REFERENCES:]]
    )


def _unsubscribe(mail: MailText) -> Iterator[str]:
    from urllib.parse import quote

    subject = quote(f"unsubscribe {mail.token}".strip(), safe="")
    yield f"<mailto:{quote(wire_address(mail.from_address), safe='@+')}?subject={subject}>"
    if mail.unsubscribe_url and mail.token:
        yield f"<{mail.unsubscribe_url.replace('{token}', quote(mail.token, safe=''))}>"


def _mime_headers(mail: MailText) -> list[str]:
    parts = mail.html or mail.files
    return ["Content-Type", "MIME-Version", *([] if parts else ["Content-Transfer-Encoding"])]


def _compare(raw: bytes, mail: MailText, text: str, names: list[str]) -> None:
    """Refuses the bytes when a reader would not find in them what was meant."""
    from email import message_from_string
    from email.policy import default

    found = message_from_string(raw.decode(), policy=default)
    raws = {name: str(value) for name, value in found.raw_items()}
    compared = {
        "headers": (sorted(found.keys()), sorted([*names, *_mime_headers(mail)])),
        "sender": (
            _mailboxes(found["From"], raws["From"]),
            [(_shown_name(mail.from_name), wire_address(mail.from_address))],
        ),
        "recipient": (
            _mailboxes(found["To"], raws["To"]),
            [(_shown_name(mail.to_name), wire_address(mail.to_address))],
        ),
        "subject": (str(found["Subject"]), mail.subject),
        "message id": (str(found["Message-ID"]), mail.message_id),
    }
    changed = [what for what, (written, meant) in compared.items() if written != meant]
    for what in (*changed, *differences(found, text, html=mail.html, files=mail.files)):
        raise InvalidInput(
            f"The {what} of this mail cannot be written without a change. Simplify it.",
            field=what,
        )


def _mailboxes(header: AddressHeader, raw: str) -> list[tuple[str, str]]:
    """Every name and address in the header, as a reader that follows RFC 2047 finds them."""
    found = [(mailbox.display_name, mailbox.addr_spec) for mailbox in header.addresses]
    if len(found) == 1 and "=?" in raw:
        # The email package puts a blank between the words of a long name, where §6.2 of the RFC has none.
        from email.header import decode_header, make_header

        name = str(make_header(decode_header(raw.rpartition("<")[0].rstrip())))
        found = [(name, found[0][1])]
    return found


def _shown_name(name: str) -> str:
    """White space in a display name has no meaning (RFC 5322 §3.2.2), and readers collapse it."""
    return " ".join(name.split())
