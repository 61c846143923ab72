"""The bytes of a mail as headers and parts: whatever they are, reading ends, soon and without an error."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message

MAX_BYTES = 5_000_000
"""So much of a mail is looked at; the text of a person stands at the beginning."""
MAX_TEXT = 256_000
"""So many characters of one part are looked at."""
_MAX_PARTS = 200
_MAX_DEPTH = 20
_MAX_BOUNDARIES = 2_000
"""A mail with more lines that look like boundaries is read as one text: each would become a part."""
_MESSAGE_ID = re.compile(r"<([^<>\s\"\\]{1,250}@[^<>\s\"\\]{1,250})>")
_HEADER = re.compile(rb"[\x21-\x39\x3b-\x7e]+[ \t]*:")


@dataclass(frozen=True, slots=True)
class Part:
    """One leaf of a mail: its type, its text as far as it has one, and how deep it lies."""

    kind: str
    """`text/plain`, in lower case."""
    text: str
    method: str = ""
    """What a calendar part does: `REPLY`."""
    attached: bool = False
    """Whether it is a file, not a part of what is said."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A mail as read: its headers decoded, its parts in order, the mails that it carries."""

    headers: tuple[tuple[str, str], ...]
    """Names in lower case; values in one line."""
    kind: str
    report_type: str
    parts: tuple[Part, ...]
    carried: tuple[tuple[tuple[str, str], ...], ...]
    """The headers of the mails inside: whole ones, and those of which only the headers came along."""
    date: datetime | None
    raw: bytes = field(repr=False, default=b"")
    """What was read, without what a mailbox put before it."""

    def header(self, name: str) -> str:
        """The first value, or nothing."""
        return next(iter(self.all(name)), "")

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]

    def has(self, name: str) -> bool:
        return any(key == name for key, _ in self.headers)

    def first_part(self, kind: str) -> str:
        """The text of the first part of that type that is no file."""
        return next((p.text for p in self.parts if p.kind == kind and not p.attached), "")


def parse(raw: bytes) -> Parsed:
    """Read a mail; damaged headers, unknown character sets, endless parts and deep nests are taken as they are."""
    from email import message_from_bytes, policy
    from email.parser import BytesHeaderParser

    raw = _trimmed(raw[:MAX_BYTES])
    try:
        if raw.count(b"\n--") > _MAX_BOUNDARIES:
            message = BytesHeaderParser(policy=policy.compat32).parsebytes(raw)
        else:
            message = message_from_bytes(raw, policy=policy.compat32)
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError, IndexError):
        message = BytesHeaderParser(policy=policy.compat32).parsebytes(raw[:100_000])
    leaves = list(_leaves(message))
    headers = _headers(message)
    return Parsed(
        headers=headers,
        kind=message.get_content_type(),
        report_type=_parameter(message, "report-type").lower(),
        parts=tuple(part for part in map(_part, leaves) if part is not None),
        carried=tuple(filter(None, map(_carried, leaves))),
        date=_date(next((value for key, value in headers if key == "date"), "")),
        raw=raw,
    )


def message_ids(text: str) -> list[str]:
    """Every message id in a header or a text, in angle brackets, in order; words between them are passed over."""
    joined = re.sub(r"[\r\n]+[ \t]*", "", text) if "\n" in text else text
    return [f"<{found}>" for found in _MESSAGE_ID.findall(joined)]


def _trimmed(raw: bytes) -> bytes:
    """Without the line that mbox files put before a mail, and with lines among the headers that are none left out.

    The parser would end the headers there; a person's mail program reads on.
    """
    if raw.startswith((b"From ", b">From ")):
        raw = raw.partition(b"\n")[2]
    raw = raw.lstrip(b"\r\n")
    end = re.search(rb"\r?\n\r?\n", raw)
    head, rest = (raw[: end.start()], raw[end.start() :]) if end else (raw, b"")
    lines = head.split(b"\n")
    kept = [line for line in lines if line[:1] in b" \t" or _HEADER.match(line)]
    return b"\n".join(kept) + rest if len(kept) * 2 >= len(lines) else raw


def _headers(message: Message) -> tuple[tuple[str, str], ...]:
    return tuple((name.lower(), _decoded(str(value))) for name, value in message.raw_items())


def _decoded(value: str) -> str:
    """A header in one line, with its encoded words decoded; raw bytes are taken for UTF-8, else for Latin 1."""
    from email.errors import HeaderParseError
    from email.header import decode_header

    value = _repaired(value)
    text = re.sub(r"\r?\n[ \t]*", " ", value)
    if "=?" not in text:
        return text.strip()
    try:
        pieces = decode_header(text)
    except (HeaderParseError, ValueError):
        return text.strip()
    return "".join(_word(piece, charset) for piece, charset in pieces).strip()


def _word(piece: bytes | str, charset: str | None) -> str:
    if isinstance(piece, str):
        return piece
    return _read(piece, charset or "")


def _repaired(value: str) -> str:
    """Bytes that the parser kept as surrogates, as text."""
    if value.isascii():
        return value
    return _read(value.encode("utf-8", "surrogateescape"), "utf-8")


def _read(data: bytes, charset: str) -> str:
    """Text in the named character set; what is unknown or wrong is UTF-8, else Latin 1."""
    for name in (charset, "utf-8", "cp1252"):
        try:
            return data.decode(name) if name else data.decode("utf-8")
        except (LookupError, ValueError):
            continue
    return data.decode("latin-1")


def _leaves(message: Message) -> Iterator[tuple[Message, int]]:
    """Every part that is no multipart, and every carried mail as one, with limits to depth and number."""
    waiting, seen = [(message, 0)], 0
    while waiting and seen < _MAX_PARTS:
        part, depth = waiting.pop(0)
        seen += 1
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            if depth < _MAX_DEPTH:
                waiting[:0] = [(one, depth + 1) for one in inner if isinstance(one, Message)]
            continue
        yield part, depth


def _part(leaf: tuple[Message, int]) -> Part | None:
    part, _ = leaf
    kind = part.get_content_type()
    if kind in ("message/rfc822", "message/global", "text/rfc822-headers"):
        return None
    if part.get_content_maintype() not in ("text", "message", "multipart"):
        return Part(kind, "", attached=True)
    attached = (part.get_content_disposition() or "") == "attachment"
    return Part(kind, _text(part), _parameter(part, "method").upper(), attached)


def _text(part: Message) -> str:
    """The text of a leaf; of a delivery report, its blocks with an empty line between them."""
    inner = part.get_payload()
    if isinstance(inner, list):
        blocks = (_block(one) for one in inner[:_MAX_PARTS] if isinstance(one, Message))
        return _uncoded(part, "\n\n".join(filter(None, blocks)))[:MAX_TEXT]
    try:
        data = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        data = None
    if not isinstance(data, bytes):
        return _repaired(str(inner or ""))[:MAX_TEXT]
    charset = _parameter(part, "charset")
    text = _read(data[: MAX_TEXT * 4], charset)
    return text.replace("\r\n", "\n").replace("\r", "\n")[:MAX_TEXT]


def _uncoded(part: Message, text: str) -> str:
    """A report that was sent in base64, though RFC 3464 does not allow it."""
    from base64 import b64decode

    if str(part.get("content-transfer-encoding", "")).strip().lower() != "base64":
        return text
    try:
        return _read(b64decode("".join(text.split())), "utf-8").replace("\r\n", "\n")
    except ValueError:
        return text


def _block(message: Message) -> str:
    lines = [f"{name}: {value}" for name, value in _headers(message)]
    inner = message.get_payload()
    return "\n".join(lines) + (f"\n{inner.strip()}" if isinstance(inner, str) else "")


def _carried(leaf: tuple[Message, int]) -> tuple[tuple[str, str], ...]:
    """The headers of the mail that a part holds; none when it holds no mail."""
    from email import message_from_string, policy

    part, _ = leaf
    if part.get_content_type() not in ("message/rfc822", "message/global", "text/rfc822-headers"):
        return ()
    inner = part.get_payload()
    if isinstance(inner, list):
        return _headers(inner[0]) if inner and isinstance(inner[0], Message) else ()
    text = _text(part).lstrip()
    return _headers(message_from_string(text[:100_000], policy=policy.compat32))


def _parameter(message: Message, name: str) -> str:
    from email.utils import collapse_rfc2231_value

    try:
        value = message.get_param(name)
    except (ValueError, LookupError, TypeError):
        return ""
    return str(collapse_rfc2231_value(value)) if value else ""


def _date(value: str) -> datetime | None:
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
