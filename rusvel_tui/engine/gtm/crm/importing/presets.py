"""The formats that are known, as data: how a header is recognised, and what its headings mean.

The rules are those of the shared page on contact files. A new format is one entry in `PRESETS`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum, auto


class Field(Enum):
    """What a column holds."""

    FIRST_NAME = auto()
    MIDDLE_NAME = auto()
    LAST_NAME = auto()
    WHOLE_NAME = auto()
    EMAIL = auto()
    EMAIL_TYPE = auto()
    """Says `EX` when the address column beside it holds an Exchange path."""
    PHONE = auto()
    COMPANY = auto()
    OTHER_COMPANY = auto()
    """Used when there is no better one: its first filled part."""
    TITLE = auto()
    PROFILE = auto()
    WEBSITE = auto()
    TAGS = auto()
    LABELS = auto()
    """Tags as Google writes them: `* myContacts ::: Work`."""
    NOTES = auto()
    COUNTRY = auto()
    TIMEZONE = auto()
    SOURCE_DATE = auto()
    """When the other system got to know the person."""
    OPT_OUT = auto()
    OPT_OUT_ANY_TEXT = auto()
    OPT_OUT_MARKETING = auto()
    OPT_OUT_LISTMONK = auto()
    OPT_OUT_ADDRESSES = auto()
    """Names the addresses that must not be written to."""
    ATTRIBUTES = auto()
    """A JSON object whose keys are read like columns."""
    CUSTOM = auto()
    IGNORED = auto()


PEOPLE = frozenset(
    (
        Field.FIRST_NAME,
        Field.LAST_NAME,
        Field.WHOLE_NAME,
        Field.EMAIL,
        Field.PHONE,
        Field.COMPANY,
        Field.PROFILE,
    )
)
"""The fields of which a header needs at least one: without them no row is anybody."""

_COMMON_NAMES: dict[Field, str] = {
    Field.FIRST_NAME: "first name, first_name, firstname, given name, vorname, prénom",
    Field.MIDDLE_NAME: "middle name, additional name",
    Field.LAST_NAME: "last name, last_name, lastname, surname, family name, nachname, nom",
    Field.WHOLE_NAME: "name, full name, full_name, contact name",
    Field.EMAIL: "email, e-mail, mail, email address, e-mail address, courriel",
    Field.PHONE: "phone, phone number, telephone, tel, mobile, mobile phone, telefon, téléphone, mobil",
    Field.COMPANY: "company, company name, company_name, organisation, organization, account name,"
    " company / account, firma, unternehmen, société, entreprise",
    Field.TITLE: "title, job title, position, role",
    Field.PROFILE: "linkedin, linkedin url, linkedin_url, profile url",
    Field.TAGS: "tags, tag, labels, categories",
    Field.WEBSITE: "website, web page, url",
    Field.NOTES: "notes, note",
    Field.COUNTRY: "country, country/region, mailing country",
    Field.TIMEZONE: "timezone, time zone",
    Field.SOURCE_DATE: "create date, created date, createddate, created_at, connected on",
    Field.OPT_OUT: "unsubscribed, opt out, opted out, email opt out, hasoptedoutofemail, do not email,"
    " unsubscribed from all email, email bounced",
    Field.OPT_OUT_ANY_TEXT: "email hard bounce reason, email bounced reason",
    Field.IGNORED: "id, record id, uuid, lead id, contact id, updated_at, last modified date,"
    " associated company ids, _error",
}
_LOCAL_NAMES: dict[Field, str] = {
    Field.FIRST_NAME: "voornaam, nombre, nome",
    Field.MIDDLE_NAME: "weitere vornamen, deuxième prénom, segundo nombre",
    Field.LAST_NAME: "achternaam, apellidos, cognome",
    Field.EMAIL: "e-mail-adresse, adresse e-mail, adresse de messagerie, e-mailadres, correo electrónico,"
    " dirección de correo electrónico, indirizzo di posta elettronica",
    Field.PHONE: "telefon geschäftlich, telefon (geschäftlich), telefon privat, telefon (privat), mobiltelefon, handy,"
    " téléphone (bureau), téléphone (domicile), tél. mobile, teléfono, teléfono móvil, teléfono del trabajo, cellulare",
    Field.COMPANY: "empresa, azienda, bedrijf",
    Field.TITLE: "fonction, puesto, funktion",
    Field.TAGS: "kategorien, catégories, categorías",
    Field.NOTES: "notizen, notas",
    Field.WEBSITE: "webseite, page web, página web",
}
"""Headings of mail programs that speak German, French, Spanish, Dutch or Italian."""
COMMON: dict[str, Field] = {
    name.strip(): kind
    for table in (_COMMON_NAMES, _LOCAL_NAMES)
    for kind, names in table.items()
    for name in names.split(",")
}
"""What a heading means in every format that does not say otherwise."""

Patterns = tuple[tuple[re.Pattern[str], Field], ...]
"""What a heading means by its form."""


def _patterns(*pairs: tuple[str, Field]) -> Patterns:
    return tuple((re.compile(pattern), kind) for pattern, kind in pairs)


NUMBERED = _patterns(
    (r"e-mail \d+ - value", Field.EMAIL),
    (r"e-mail \d+: adresse", Field.EMAIL),
    (r"phone \d+ - value", Field.PHONE),
    (r"website \d+ - value", Field.WEBSITE),
    (r"address \d+ - country", Field.COUNTRY),
    (r".+ \d+ - (label|type)", Field.IGNORED),
)
"""Google's numbered groups, understood in every format."""


@dataclass(frozen=True, slots=True)
class Preset:
    """One format. It fits a header that has all of `needs`, or any of `needs_any`, or the prefix."""

    id: str
    needs: tuple[str, ...] = ()
    needs_any: tuple[str, ...] = ()
    prefix: str = ""
    headings: dict[str, Field] = field(default_factory=dict)
    patterns: Patterns = ()
    family_last: bool = False
    """Whether the last word of a whole name is the family name; else all but the first are."""
    exact: bool = False
    """Whether every cell is one value as it was written: our own export."""
    notes: re.Pattern[str] | None = None
    """First cells that make a record no row, wherever it stands."""
    footer: tuple[str, ...] = ()
    """Beginnings of the only filled cell of a record with which the rows end."""

    def fits(self, header: frozenset[str]) -> bool:
        """Whether this is the format of a header of normalised headings."""
        if self.needs:
            return header.issuperset(self.needs)
        if self.prefix:
            return any(heading.startswith(self.prefix) for heading in header)
        return not self.needs_any or not header.isdisjoint(self.needs_any)


CUSTOM_HEADING = "Field: "
"""Before the names of custom fields in our own export."""

_ALL = (
    Preset(
        "rusvel",
        needs=("rusvel id",),
        headings={
            "rusvel id": Field.IGNORED,
            "source": Field.IGNORED,
            "known since": Field.SOURCE_DATE,
            "suppressed addresses": Field.OPT_OUT_ADDRESSES,
        },
        patterns=_patterns((f"{CUSTOM_HEADING.strip().lower()} .+", Field.CUSTOM)),
        exact=True,
    ),
    Preset(
        "linkedin",
        needs=("first name", "last name", "connected on"),
        headings={"url": Field.PROFILE},
        notes=re.compile("Notes:|When exporting your connection data.*", re.DOTALL),
    ),
    Preset(
        "google_old",
        needs=("given name", "group membership"),
        headings={
            "organization 1 - name": Field.COMPANY,
            "organization 1 - title": Field.TITLE,
            "group membership": Field.LABELS,
        },
    ),
    Preset(
        "google",
        needs=("first name", "organization name", "labels"),
        headings={
            "organization name": Field.COMPANY,
            "organization title": Field.TITLE,
            "labels": Field.LABELS,
        },
    ),
    Preset(
        "outlook",
        needs=("e-mail address", "e-mail type"),
        headings={
            "title": Field.CUSTOM,
            "assistant's phone": Field.CUSTOM,
            "business country/region": Field.COUNTRY,
            "home country/region": Field.COUNTRY,
        },
        patterns=_patterns(
            (r"e-mail( \d+)? address", Field.EMAIL),
            (r"e-mail( \d+)? type", Field.EMAIL_TYPE),
            (r"e-mail( \d+)? display name", Field.IGNORED),
            (r".*phone.*", Field.PHONE),
        ),
    ),
    Preset(
        "pipedrive",
        prefix="person - ",
        family_last=True,
        headings={
            "person - name": Field.WHOLE_NAME,
            "person - first name": Field.FIRST_NAME,
            "person - last name": Field.LAST_NAME,
            "person - label": Field.TAGS,
            "person - labels": Field.TAGS,
            "person - organization": Field.COMPANY,
            "organization - name": Field.OTHER_COMPANY,
            "person - id": Field.IGNORED,
            "person - person created": Field.SOURCE_DATE,
            "person - marketing status": Field.OPT_OUT_MARKETING,
            "person - linkedin page": Field.PROFILE,
        },
        patterns=_patterns(
            (r"person - email( - .+)?", Field.EMAIL),
            (r"person - phone( - .+)?", Field.PHONE),
            (r"(deal|organization) - .+", Field.IGNORED),
        ),
    ),
    Preset(
        "hubspot",
        needs=("record id", "email"),
        headings={
            "mobile phone number": Field.PHONE,
            "additional email addresses": Field.EMAIL,
            "associated company": Field.OTHER_COMPANY,
        },
    ),
    Preset(
        "salesforce",
        needs_any=(
            "email opt out",
            "hasoptedoutofemail",
            "account owner",
            "mailing street",
            "lead id",
            "accountid",
        ),
        footer=("Grand Totals", "Confidential Information", "Copyright"),
    ),
    Preset(
        "apollo",
        needs_any=("person linkedin url", "# employees"),
        headings={
            "person linkedin url": Field.PROFILE,
            "work direct phone": Field.PHONE,
            "corporate phone": Field.PHONE,
            "secondary email": Field.EMAIL,
            "tertiary email": Field.EMAIL,
        },
    ),
    Preset(
        "listmonk",
        needs=("email", "name", "attributes"),
        headings={"attributes": Field.ATTRIBUTES, "status": Field.OPT_OUT_LISTMONK},
    ),
    Preset("instantly", needs=("email", "first_name", "last_name", "linkedin_url")),
    Preset("generic"),
)
PRESETS: dict[str, Preset] = {preset.id: preset for preset in _ALL}
"""Every format of delimited text, in the order in which a header is tried on them."""

VCARD = "vcard"
"""The format that is no table."""
