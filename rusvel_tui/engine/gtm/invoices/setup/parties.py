"""Who issues a document and who gets it, as it stands there."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from rusvel_tui.engine.addresses import parse_address
from rusvel_tui.engine.countries import require_country
from rusvel_tui.engine.described import Described
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.text import sanitize

_LENGTH = 200


def _line(value: object) -> object:
    """A text of one line as it was typed; line breaks and control characters are refused, not repaired."""
    if not isinstance(value, str):
        return value
    if len(value) > _LENGTH:
        raise ValueError(f"is longer than {_LENGTH} characters")
    if "\n" in value or "\t" in value or sanitize(value) != value.replace("\u00a0", " "):
        raise ValueError("holds a line break or a control character; write it on one line")
    return value.strip()


Line = Annotated[str, BeforeValidator(_line)]


class PartyInput(Described):
    """Name, address and numbers of an issuer or a client; what is left out stays."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    name: Line | None = None
    attention: Line | None = None
    """The person, where the name is that of a company."""
    street: Line | None = None
    street2: Line | None = None
    postcode: Line | None = None
    city: Line | None = None
    region: Line | None = None
    country: Line | None = None
    """Name or ISO 3166-1 code."""
    vat_id: Line | None = None
    """With its country prefix: DE123456789."""
    tax_id: Line | None = None
    """A tax number of the country alone."""
    registration: Line | None = None
    email: Line | None = None
    phone: Line | None = None
    website: Line | None = None
    reference: Line | None = None
    """How the client wants invoices to be marked: a buyer reference, a routing id."""
    iban: Line | None = None
    bic: Line | None = None
    bank: Line | None = None


class Party(BaseModel):
    """Who issues or gets a document, whole; empty texts where nothing is known."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    name: str = ""
    attention: str = ""
    street: str = ""
    street2: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    country: str = Field(default="", description="ISO 3166-1 code.")
    vat_id: str = ""
    tax_id: str = ""
    registration: str = ""
    email: str = ""
    phone: str = ""
    website: str = ""
    reference: str = ""
    iban: str = ""
    bic: str = ""
    bank: str = ""

    @property
    def address(self) -> tuple[str, ...]:
        """The lines below the name."""
        town = " ".join(filter(None, (self.postcode, self.city)))
        return tuple(filter(None, (self.street, self.street2, town, self.region)))


def read_party(typed: PartyInput, before: dict[str, str]) -> dict[str, str]:
    """What is known with what was typed, checked; raises `InvalidInput`."""
    known = before | typed.model_dump(exclude_none=True)
    if known.get("country"):
        known["country"] = require_country(known["country"])
    if known.get("email"):
        known["email"] = _email(known["email"])
    known["vat_id"] = _vat_id(known.get("vat_id", ""), known.get("country", ""))
    known["iban"] = _iban(known.get("iban", ""))
    known["bic"] = _bic(known.get("bic", ""))
    return {name: value for name, value in known.items() if value}


def _email(text: str) -> str:
    try:
        return parse_address(text).address
    except InvalidInput as error:
        raise InvalidInput(str(error), field="email") from None


_VAT_PREFIX = {"GR": "EL"}
"""Countries whose VAT prefix is not their ISO code; Northern Ireland writes XI besides GB."""


def _vat_id(text: str, country: str) -> str:
    """The VAT number without blanks; EN 16931 BR-CO-09 asks for the prefix of a country."""
    bare = re.sub(r"[\s.\-]", "", text).upper()
    if not bare:
        return ""
    prefix = _VAT_PREFIX.get(country, country)
    fits = re.fullmatch(r"[A-Z]{2}[A-Z0-9+*]{2,13}", bare, re.ASCII)
    if not fits or (prefix and bare[:2] not in (prefix, "XI" if country == "GB" else prefix)):
        wanted = prefix or "two letters of its country"
        raise InvalidInput(
            f"The VAT id {text!r} has to begin with {wanted}. Write it like DE123456789, or use tax_id.",
            field="vat_id",
        )
    return bare


def _iban(text: str) -> str:
    """The IBAN without blanks; ISO 13616: its check digits make the number 1 modulo 97."""
    bare = re.sub(r"\s", "", text).upper()
    if not bare:
        return ""
    fits = re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", bare, re.ASCII)
    if not fits or int("".join(str(int(c, 36)) for c in bare[4:] + bare[:4])) % 97 != 1:
        raise InvalidInput(
            f"{text!r} is not an IBAN: its check digits do not fit. Copy it again.", field="iban"
        )
    return bare


def _bic(text: str) -> str:
    bare = re.sub(r"\s", "", text).upper()
    if bare and not re.fullmatch(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?", bare, re.ASCII):
        raise InvalidInput(f"{text!r} is not a BIC. Write it like COBADEFF.", field="bic")
    return bare
