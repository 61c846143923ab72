"""What stands below the headers of a mail: the text with its footer, an HTML twin of it, and files."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rusvel_tui.engine.errors import InvalidInput

LONGEST_LINE = 998
"""RFC 5322 §2.1.1, in characters without the line end."""
LARGEST_FILES = 15_000_000
"""Bytes of all files together. Written for mail they grow by 37 %, and many servers refuse more than 25 MB."""
_SIGNATURE = "-- "
"""What mail programs know as the beginning of a footer (RFC 3676 §4.3)."""
_LINK = re.compile(r"https?://[^\s<>\"']{1,2000}[^\s<>\"'.,;:!?)\]]")
_NAMES_PATH = re.compile(r"[/\\\x00-\x1f\x7f]|^\.|\.$")
_HTML_HEAD = '<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head>\n<body>\n'


@dataclass(frozen=True, slots=True)
class File:
    """A file that goes along."""

    name: str
    content: bytes


def letter_text(body: str, footer: str) -> str:
    """The text as it is read, with LF line ends; refuses control characters."""
    text = _lines(body, "body").rstrip("\n") + "\n"
    below = _lines(footer, "footer").strip("\n")
    return f"{text}\n{_SIGNATURE}\n{below}\n" if below else _lines(body, "body")


def _lines(text: str, field: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for c in text:
        if c not in "\n\t" and unicodedata.category(c) in ("Cc", "Cs"):
            message = f"The {field} contains the control character U+{ord(c):04X}. Remove it."
            raise InvalidInput(message, field=field)
    return text if text.endswith("\n") else text + "\n"


def html_of(text: str) -> str:
    """The same text as HTML: paragraphs, line breaks, links that show where they go, and nothing else."""
    blocks = (block for block in re.split(r"\n{2,}", text.strip("\n")) if block)
    return _HTML_HEAD + "".join(map(_paragraph, blocks)) + "</body></html>\n"


def _paragraph(block: str) -> str:
    lines = block.split("\n")
    style = ' style="color:#666;font-size:small"' if lines[0] == _SIGNATURE else ""
    shown = [line for line in lines if line != _SIGNATURE]
    return f"<p{style}>{'<br>'.join(map(_linked, shown))}</p>\n"


def _linked(line: str) -> str:
    from html import escape

    parts, at = [], 0
    for match in _LINK.finditer(line):
        link = escape(match[0])
        parts += [escape(line[at : match.start()]), f'<a href="{link}">{link}</a>']
        at = match.end()
    return "".join([*parts, escape(line[at:])])


def entity(text: str, *, html: bool, files: tuple[File, ...]) -> bytes:
    """The MIME headers, the blank line and the encoded parts, with CRLF line ends."""
    from email.message import EmailMessage
    from email.policy import SMTP

    # RFC 2045 allows 76 characters in a quoted-printable line, the policy's default gives 78.
    whole = EmailMessage(policy=SMTP.clone(max_line_length=76))
    whole.set_content(text, **_encoding(text))
    if html:
        twin = html_of(text)
        whole.add_alternative(twin, subtype="html", **_encoding(twin))
    if sum(len(file.content) for file in files) > LARGEST_FILES:
        limit = LARGEST_FILES // 1_000_000
        raise InvalidInput(f"The files of a mail have at most {limit} MB.", field="attachments")
    for file in files:
        major, minor = media_type(file.name)
        name = file_name(file.name)
        whole.add_attachment(file.content, maintype=major, subtype=minor, filename=name)
    return whole.as_bytes()


def _encoding(text: str) -> dict[str, Any]:
    simple = text.isascii() and max(map(len, text.split("\n"))) <= LONGEST_LINE
    return {
        "charset": "us-ascii" if simple else "utf-8",
        "cte": "7bit" if simple else "quoted-printable",
    }


def file_name(name: str) -> str:
    """The name itself; refuses one that names a folder or hides itself."""
    if not 0 < len(name) <= 200 or _NAMES_PATH.search(name) or not name.strip():
        raise InvalidInput(f"{name!r} cannot be the name of a file in a mail.", field="attachments")
    return name


def media_type(name: str) -> tuple[str, str]:
    """The type by the name's ending; what readers would open as a mail of its own is plain bytes."""
    from mimetypes import guess_type

    guessed, encoding = guess_type(name, strict=True)
    major, _, minor = (guessed or "").partition("/")
    if encoding or not minor or major in ("message", "multipart", "text"):
        return "application", "octet-stream"
    return major, minor


def differences(found: Any, text: str, *, html: bool, files: tuple[File, ...]) -> Iterator[str]:
    """What a reader would not find in a message as it was meant."""
    plain = found.get_body(("plain",))
    if plain is None or _unix(plain.get_content()) != text:
        yield "body"
    twin = found.get_body(("html",))
    if (None if twin is None else _unix(twin.get_content())) != (html_of(text) if html else None):
        yield "HTML part"
    carried = [(part.get_filename(), part.get_content()) for part in found.iter_attachments()]
    if carried != [(file.name, file.content) for file in files]:
        yield "attachments"


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n")
