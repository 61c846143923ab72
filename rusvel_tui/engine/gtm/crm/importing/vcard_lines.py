"""The lines of a vCard file (RFC 2426, RFC 6350, and vCard 2.1): unfolded, parted and decoded."""

from __future__ import annotations

import binascii
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass

from rusvel_tui.engine.gtm.crm.importing.decode import cp1252

_LINE_END = re.compile(rb"\r\n|\r|\n")
_PART = re.compile(r'(?:[^;"]|"[^"]*"?)+')
_HEAD = re.compile(rb'(?:[^":]|"[^"]*")*(?=:)')
_QUOTED_PRINTABLE = re.compile(rb"[^:]*QUOTED-PRINTABLE[^:]*:", re.IGNORECASE)
_HEX = re.compile(rb"[0-9A-Fa-f]{2}")
_EDGE = re.compile(rb"\s*(BEGIN|END)\s*:\s*VCARD\s*", re.IGNORECASE)
_NAME = re.compile(rb"(?:[\w-]+\.)?([A-Za-z0-9-]+)[;:]")
_CHARSET = re.compile(
    r"(iso|utf|us-ascii|ascii|windows|cp|koi8|mac|gb|big5|shift|euc)[\w-]*", re.IGNORECASE
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Property:
    """One line of a card: `TEL;TYPE=CELL:+49 30 6789`."""

    name: str
    """In upper case, without the group before it."""
    params: dict[str, str]
    """By name in upper case; a bare one has an empty value."""
    group: str
    """What stands before the name: `item1`."""
    value: str
    """Decoded, still with its backslashes."""

    @property
    def text(self) -> str:
        """The value with its escapes resolved."""
        return unescape(self.value)

    def parts(self, separator: str) -> list[str]:
        """The values between separators that are not escaped."""
        return [unescape(part) for part in _split(self.value, separator)]


def unfold(data: bytes) -> Iterator[bytes]:
    """The logical lines: folds and quoted-printable soft breaks joined, empty lines left out."""
    line = bytearray()
    for more in _LINE_END.split(data):
        soft = _is_soft_break(line)
        if line and more[:1] in (b" ", b"\t"):
            # A fold can fall into `=C3`; else the `=` is a soft break, and the blank belongs to the text.
            if soft and not _HEX.match(more, 1):
                line[-1:] = more
            else:
                line += more[1:]
        elif soft and not edge(more):
            line[-1:] = more
        else:
            if line:
                yield bytes(line)
            line = bytearray(more)
    if line:
        yield bytes(line)


def edge(line: bytes) -> str:
    """`BEGIN` or `END` for the first and last line of a card, empty for any other."""
    found = _EDGE.fullmatch(line)
    return found[1].decode().upper() if found else ""


def parse(line: bytes) -> Property | None:
    """The property of a logical line; None when it has no colon."""
    found = _HEAD.match(line)
    end = found.end() if found else line.find(b":")
    if end < 0:
        return None
    name, *params = _PART.findall(_decode(line[:end], "")) or [""]
    table = _table(params)
    value = line[end + 1 :]
    if "QUOTED-PRINTABLE" in (table.get("ENCODING", "").upper(), *table):
        value = binascii.a2b_qp(value)
    group, _, bare = name.rpartition(".")
    text = _decode(value, table.get("CHARSET", ""))
    return Property(bare.strip().upper(), table, group.strip().casefold(), text)


def is_other(line: bytes, known: Container[str]) -> bool:
    """Whether the line is a property of another name than these, in a form that any version can hold."""
    found = _NAME.match(line)
    name = found[1].decode().upper() if found else ""
    plain = b"QUOTED-PRINTABLE" not in line.upper() and b"CHARSET" not in line.upper()
    return bool(name) and name not in known and plain


def unescape(value: str) -> str:
    r"""Resolves `\n`, `\,`, `\;`, `\:` and `\\`; any other backslash stays."""
    return _ESCAPED.sub(_resolve, value)


def _resolve(found: re.Match[str]) -> str:
    if found[1] in "nN":
        return "\n"
    return found[1] if found[1] in ",;:\\" else found[0]


def _split(value: str, separator: str) -> list[str]:
    parts, start, position = [], 0, 0
    while position < len(value):
        if value[position] == "\\":
            position += 1
        elif value[position] == separator:
            parts.append(value[start:position])
            start = position + 1
        position += 1
    return [*parts, value[start:]]


def _is_soft_break(line: bytearray) -> bool:
    return line.endswith(b"=") and _QUOTED_PRINTABLE.match(line) is not None


def _table(params: list[str]) -> dict[str, str]:
    """The parameters by name; types may be repeated, and are a list then."""
    table: dict[str, str] = {}
    for name, value in map(_param, params):
        table[name] = f"{table[name]},{value}" if name == "TYPE" and name in table else value
    return table


def _param(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip().upper(), value.strip().strip('"')


def _decode(data: bytes, charset: str) -> str:
    if _CHARSET.fullmatch(charset):
        try:
            return data.decode(charset)
        except (LookupError, ValueError):
            pass
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return cp1252(data)
