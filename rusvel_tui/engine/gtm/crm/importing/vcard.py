"""Cards to rows: a vCard file of any version is read card by card."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from itertools import islice

from rusvel_tui.engine.gtm.crm.importing.cells import clean_line, clean_text, real_tags
from rusvel_tui.engine.gtm.crm.importing.dates import read_date
from rusvel_tui.engine.gtm.crm.importing.decode import Format, decode, ends_of, name_ends
from rusvel_tui.engine.gtm.crm.importing.draft import Draft, known_country
from rusvel_tui.engine.gtm.crm.importing.labels import clean_label, label_of_types
from rusvel_tui.engine.gtm.crm.importing.rows import NUL_BYTE, UNFINISHED_CARD, Row
from rusvel_tui.engine.gtm.crm.importing.vcard_lines import Property, edge, is_other, parse, unfold
from rusvel_tui.engine.gtm.crm.people.identity import profile_slug
from rusvel_tui.engine.text import one_line, sanitize

_START = re.compile(rb"\s*BEGIN\s*:\s*VCARD\s*?[\r\n]", re.IGNORECASE)


def is_vcard(data: bytes) -> bool:
    """Whether the first line that says anything begins a card."""
    return _START.match(_as_utf8(data)) is not None


def vcard_format(data: bytes) -> Format:
    """How the file is written. A fold may cut a letter in two, so the encoding is judged without folds."""
    found = decode(data)
    encoding = found.encoding
    if not found.bom:
        encoding = decode(b"\n".join(unfold(data))).encoding
    return Format(encoding, found.bom, None, name_ends(ends_of(_as_utf8(data).decode("latin-1"))))


def read_cards(data: bytes) -> Iterator[Row]:
    """The rows of a vCard file; their number is the number of the card."""
    number = 0
    lines: list[bytes] | None = None
    for line in unfold(_as_utf8(data)):
        mark = edge(line)
        if mark == "BEGIN":
            if lines is not None:
                yield _unfinished(number, lines)
            number, lines = number + 1, []
        elif mark == "END" and lines is not None:
            yield _read(number, lines)
            lines = None
        elif lines is not None:
            lines.append(line)
    if lines is not None:
        yield _unfinished(number, lines)


def _as_utf8(data: bytes) -> bytes:
    """The bytes without a byte order mark; UTF-16 becomes UTF-8."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return decode(data).text.encode("utf-8", "replace")
    return data.removeprefix(codecs.BOM_UTF8)


def _unfinished(number: int, lines: list[bytes]) -> Row:
    text = "The card has no END:VCARD before the next one begins or the file ends."
    return Row(number, "rejected", UNFINISHED_CARD, text, cells=_raw(lines))


def _raw(lines: list[bytes]) -> tuple[str, ...]:
    return (decode(b"\n".join(lines)).text,)


def _read(number: int, lines: list[bytes]) -> Row:
    if any(b"\0" in line for line in lines):
        text = "The card contains a NUL character (U+0000)."
        return Row(number, "rejected", NUL_BYTE, text, cells=_raw(lines))
    draft = Draft(links_count=False)
    kinds: set[str] = set()
    properties = [found for found in map(parse, lines) if found is not None]
    labels = {one.group: clean_label(one.text) for one in properties if one.name == "X-ABLABEL"}
    for found in properties:
        if found.name in _REACHED:
            _REACHED[found.name](draft, found.text, labels.get(found.group) or _label(found))
        elif found.name in _READERS:
            _READERS[found.name](draft, found)
        elif found.name in _KINDS:
            kinds.add(found.text.strip().casefold())
    draft.extra = list(_unknown(lines))
    if "group" in kinds:
        return Row(number, "skipped")
    if kinds & {"org", "company"}:
        _as_company(draft)
    return draft.finish(number, _raw(lines))


def _unknown(lines: list[bytes]) -> Iterator[str]:
    """The lines that mean nothing to us, but for pictures and what every program writes anew."""
    found = (line for line in lines if len(line) <= _LONGEST and is_other(line, _MEANT))
    return islice((sanitize(decode(line).text) for line in found), _MOST)


_LONGEST, _MOST = 1_000, 30
"""Bytes of a line, and lines of a card, that are kept."""
_YEARLESS = re.compile(r"^--(\d\d)(\d\d)$")
_KINDS = frozenset(("KIND", "X-ADDRESSBOOKSERVER-KIND", "X-ABSHOWAS"))


def _as_company(draft: Draft) -> None:
    draft.company = draft.company or draft.whole_name
    draft.first_name = draft.middle_name = draft.last_name = draft.whole_name = ""


def _set(draft: Draft, name: str, value: str) -> None:
    if value and not getattr(draft, name):
        setattr(draft, name, value)


def _name(draft: Draft, found: Property) -> None:
    """Family, given and additional name, in this order."""
    fields = ("last_name", "first_name", "middle_name")
    for name, part in zip(fields, found.parts(";"), strict=False):
        _set(draft, name, clean_line(part))


def _profile(draft: Draft, found: Property) -> None:
    _set(draft, "profile", profile_slug(clean_line(found.text)))


def _birthday(draft: Draft, found: Property) -> None:
    """The year that Apple writes for an unknown one becomes the form without a year."""
    year = found.params.get("X-APPLE-OMIT-YEAR", "")
    text = found.text.strip()
    if year and text.startswith(year):
        text = f"-{text.removeprefix(year)}"
    draft.add_field("Birthday", _YEARLESS.sub(r"--\1-\2", text))


def _own_field(draft: Draft, found: Property) -> None:
    """A custom field of our own export: its name, then its value."""
    name, *value = found.parts(";")
    draft.add_field(one_line(name) or "Field", ";".join(value))


def _address(draft: Draft, found: Property) -> None:
    lines = [clean_text(part) for part in found.parts(";")]
    draft.country = draft.country or known_country(clean_line("".join(lines[6:7])))
    if draft.country and not any(lines[:6]):
        return
    parts = filter(None, lines)
    count = sum(1 for heading in draft.fields if heading.startswith("Address"))
    draft.add_field("Address" if not count else f"Address ({count + 1})", "\n".join(parts))


def _label(found: Property) -> str:
    """By the types of the property: bare in 2.1, in one list or in several parameters later."""
    named = found.params.get("TYPE", "").split(",")
    return label_of_types([*named, *(name for name, value in found.params.items() if not value)])


_REACHED: dict[str, Callable[[Draft, str, str], None]] = {
    "EMAIL": lambda draft, text, label: draft.mail.append((text, label)),
    "TEL": lambda draft, text, label: draft.add_phones(text, label),
}
"""Where somebody is reached; told what it is called."""

_READERS: dict[str, Callable[[Draft, Property], None]] = {
    "FN": lambda draft, found: _set(draft, "whole_name", clean_line(found.text)),
    "N": _name,
    "ORG": lambda draft, found: _set(draft, "company", clean_line(found.parts(";")[0])),
    "TITLE": lambda draft, found: _set(draft, "title", clean_line(found.text)),
    "NOTE": lambda draft, found: _set(draft, "notes", clean_text(found.text)),
    "CATEGORIES": lambda draft, found: draft.tags.extend(
        real_tags([clean_line(part) for part in found.parts(",")])
    ),
    "URL": lambda draft, found: draft.add_links(found.text),
    "X-SOCIALPROFILE": _profile,
    "SOCIALPROFILE": _profile,
    "BDAY": _birthday,
    "X-RUSVEL-FIELD": _own_field,
    "X-RUSVEL-SINCE": lambda draft, found: _set(draft, "source_at", read_date(found.text)),
    "X-RUSVEL-SUPPRESSED": lambda draft, found: draft.stop(found.text, "X-RUSVEL-SUPPRESSED"),
    "TZ": lambda draft, found: draft.add_timezone("Time zone", found.text),
    "ADR": _address,
}
"""What is read of a card."""
_MEANT = frozenset(
    "VERSION PRODID UID REV PHOTO LOGO SOUND KEY AGENT MEMBER X-ABLABEL X-ABADR X-ERROR".split()
).union(_READERS, _REACHED, _KINDS)
"""Properties that are not kept: they are read, belong to one program or file, or are too large."""
