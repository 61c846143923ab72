"""A row in the making: values arrive cell by cell, and the finished row says what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from rusvel_tui.engine.clock import zone
from rusvel_tui.engine.countries import country_code
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.importing.cells import (
    clean_line,
    clean_text,
    split_phones,
    split_triple,
)
from rusvel_tui.engine.gtm.crm.importing.mail_cells import MailText, mail_pieces, read_mail
from rusvel_tui.engine.gtm.crm.importing.rows import BAD_EMAIL, Person, Row
from rusvel_tui.engine.gtm.crm.people.identity import profile_slug
from rusvel_tui.engine.text import one_line


@dataclass(slots=True)
class Draft:
    """What was read of a row so far. A single value that is there already stays."""

    first_name: str = ""
    middle_name: str = ""
    last_name: str = ""
    whole_name: str = ""
    company: str = ""
    other_company: str = ""
    title: str = ""
    profile: str = ""
    notes: str = ""
    country: str = ""
    timezone: str = ""
    source_at: str = ""
    suppressed: str = ""
    """The heading that says that none of the addresses may be written to."""
    stopped_by: str = ""
    """The heading that names some of them."""
    links_count: bool = True
    family_last: bool = False
    """Whether the last word of a whole name is the family name."""
    mail: list[tuple[str, str]] = field(default_factory=list)
    """Cells with addresses, and what those are called."""
    phones: dict[str, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    stopped: list[str] = field(default_factory=list)
    """Single addresses that must not be written to."""
    extra: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def add_phones(self, cell: str, label: str = "") -> None:
        """Every number of a cell; what is none leaves a warning."""
        phones, bad = split_phones(clean_line(cell))
        for number, digits in phones:
            self.phones.setdefault(digits, number)
            if label:
                self.labels.setdefault(digits, label)
        self.warnings += (f"{piece!r} is no phone number and was left out." for piece in bad)

    def add_links(self, cell: str) -> None:
        """Every link of a cell: the first page of a person is the profile, others are web sites."""
        for link in split_triple(clean_line(cell)):
            slug = profile_slug(link)
            if slug and self.profile in ("", slug):
                self.profile = slug
            elif link not in self.links:
                self.links.append(link)

    def add_field(self, heading: str, cell: str) -> None:
        """A custom field; the first filled value of that name counts."""
        value = clean_text(cell)
        if value:
            self.fields.setdefault(heading, value)

    def add_country(self, heading: str, cell: str) -> None:
        """The country of the person; what is none, or a second one, is a custom field."""
        code = "" if self.country else known_country(clean_line(cell))
        if code:
            self.country = code
        else:
            self.add_field(heading, cell)

    def add_timezone(self, heading: str, cell: str) -> None:
        """The IANA zone of the person; what is none is a custom field."""
        name = "" if self.timezone else _zone(clean_line(cell))
        if name:
            self.timezone = name
        else:
            self.add_field(heading, cell)

    def stop(self, cell: str, heading: str) -> None:
        """Addresses of the cell must not be written to."""
        self.stopped_by = self.stopped_by or heading
        self.stopped.append(cell)

    def finish(self, number: int, cells: tuple[str, ...]) -> Row:
        """The row: rejected without a valid address among its mail text, skipped when it is nobody."""
        mail = read_mail(self.mail)
        self.labels.update(mail.labels)
        if mail.bad and not mail.addresses:
            return Row(number, "rejected", BAD_EMAIL, mail.reason, cells=cells)
        person = self._person(mail)
        if not person.is_somebody:
            return Row(number, "skipped", warnings=tuple(self.warnings))
        dropped = tuple(map(one_line, mail.bad))
        self.warnings += (f"{piece!r} is no mail address and was left out." for piece in dropped)
        return Row(number, "ok", person=person, warnings=tuple(self.warnings), dropped=dropped)

    def _person(self, mail: MailText) -> Person:
        parts = (self.first_name, self.middle_name, self.last_name)
        if self.family_last and not any(parts) and " " in self.whole_name:
            self.first_name, _, self.last_name = self.whole_name.rpartition(" ")
        return Person(
            self.whole_name or " ".join(filter(None, parts)),
            self.first_name,
            self.last_name,
            self.company or self.other_company,
            self.title,
            self.profile,
            self.notes,
            self.country,
            self.timezone,
            self.source_at,
            mail.addresses,
            phones=tuple((number, digits) for digits, number in self.phones.items()),
            tags=tuple(self.tags),
            links=tuple(self.links),
            links_count=self.links_count,
            fields=self.fields,
            labels=self.labels,
            suppressed=self.suppressed or self.stopped_by,
            stopped=self._stopped(mail),
            extra=tuple(self.extra),
        )

    def _stopped(self, mail: MailText) -> tuple[str, ...]:
        """The addresses of this row that must not be written to: all of them, or those that were named."""
        keys = map(str.lower, mail.addresses)
        if self.suppressed:
            return tuple(keys)
        named = {piece.lower() for cell in self.stopped for piece in mail_pieces(cell)}
        return tuple(key for key in keys if key in named)


@lru_cache(maxsize=1024)
def known_country(text: str) -> str:
    """The code of a country by code or name; empty when it is none."""
    return country_code(text)


@lru_cache(maxsize=1024)
def _zone(text: str) -> str:
    try:
        return zone(text).key
    except InvalidInput:
        return ""
