"""Contacts as vCards 3.0 (RFC 2426) and 4.0 (RFC 6350)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rusvel_tui.engine.countries import country_name
from rusvel_tui.engine.gtm.crm.exporting.contact_table import profile_link
from rusvel_tui.engine.gtm.crm.exporting.people import Exported
from rusvel_tui.engine.gtm.crm.importing.writing import EXTRA

_WIDTH = 75
"""Octets of a line without its end (RFC 6350 §3.2)."""
_TYPES = {
    "work": "WORK",
    "home": "HOME",
    "mobile": "CELL",
    "fax": "FAX",
    "pager": "PAGER",
    "main": "MAIN",
}
_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", ",": "\\,", ";": "\\;"})
_YEARLESS = re.compile(r"--(\d\d)-(\d\d)")
_ADDRESS = re.compile(r"Address(?: \(\d+\))?")


def card(person: Exported, version: str) -> str:
    """One card with its line ends; `version` is `3.0` or `4.0`."""
    lines = ("BEGIN:VCARD", f"VERSION:{version}", *_lines(person, version), "END:VCARD")
    return "".join(f"{fold_line(line)}\r\n" for line in lines)


def fold_line(line: str) -> str:
    """The line in pieces of 75 octets, no letter cut; each but the first begins with a blank."""
    parts, width = [""], 0
    for letter in line:
        size = len(letter.encode())
        if width + size > _WIDTH:
            parts.append(" ")
            width = 1
        parts[-1] += letter
        width += size
    return "\r\n".join(parts)


def escape(text: str) -> str:
    """The text as a value."""
    return text.translate(_ESCAPES)


def _lines(person: Exported, version: str) -> Iterator[str]:
    yield "PRODID:-//rusvel//contacts//EN"
    yield f"UID:urn:uuid:{person.id}"
    yield from _naming(person, version)
    yield from _reaching(person)
    yield from (f"{name}:{value}" for name, value in _values(person) if value)
    yield from (f"URL:{link}" for link in person.links)
    for key, value in person.fields.items():
        yield _field(key, value, version)
    yield from map(str, person.metadata.get(EXTRA, ()))


def _values(person: Exported) -> Iterator[tuple[str, str]]:
    """Properties with one value each; one that is empty is left out."""
    yield "TITLE", escape(person.title)
    yield "CATEGORIES", ",".join(map(escape, person.tags))
    yield "URL", profile_link(person.profile)
    yield "ADR", f";;;;;;{escape(country_name(person.country))}" if person.country else ""
    yield "TZ", person.timezone
    yield "NOTE", escape(person.notes)
    yield "X-RUSVEL-SINCE", person.since


def _naming(person: Exported, version: str) -> Iterator[str]:
    """A card without a person is that of the company."""
    if not person.name and person.company:
        yield "KIND:org" if version == "4.0" else "X-ABShowAs:COMPANY"
    yield f"FN:{escape(person.name or person.company)}"
    yield f"N:{escape(person.last_name)};{escape(person.first_name)};;;"
    if person.company:
        yield f"ORG:{escape(person.company)}"


def _reaching(person: Exported) -> Iterator[str]:
    """Addresses and numbers; a label that is no type of the standard stands in a line of its own, as Apple has it."""
    mails = [("EMAIL", mail.address, mail.label) for mail in person.emails]
    phones = [("TEL", phone.number, phone.label) for phone in person.phones]
    for number, (name, value, label) in enumerate((*mails, *phones), 1):
        kind = _TYPES.get(label.casefold())
        text = value if name == "EMAIL" else escape(value)
        if kind or not label:
            yield f"{name}{f';TYPE={kind}' if kind else ''}:{text}"
        else:
            yield f"item{number}.{name}:{text}"
            yield f"item{number}.X-ABLabel:{escape(label)}"
    yield from (f"X-RUSVEL-SUPPRESSED:{mail.address}" for mail in person.emails if mail.stopped)


def _field(key: str, value: str, version: str) -> str:
    """A custom field; birthdays and postal addresses have properties of their own."""
    if _ADDRESS.fullmatch(key):
        return f"ADR:;;{escape(value)};;;;"
    if key != "Birthday":
        return f"X-RUSVEL-FIELD:{escape(key)};{escape(value)}"
    if found := _YEARLESS.fullmatch(value):
        month, day = found.groups()
        apple = f"BDAY;X-APPLE-OMIT-YEAR=1604:1604-{month}-{day}"
        return f"BDAY:--{month}{day}" if version == "4.0" else apple
    return f"BDAY:{escape(value)}"
