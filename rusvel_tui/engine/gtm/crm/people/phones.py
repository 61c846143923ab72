"""Phone numbers: shown as written, compared by their digits, in E.164 where the country is known."""

from __future__ import annotations

from typing import NamedTuple

from rusvel_tui.engine.countries import country_of_zone, country_zone, one_clock
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.people.identity import phone_digits
from rusvel_tui.engine.text import one_line

MAX_LENGTH = 64
"""The longest number as written: digits, blanks, brackets and an extension."""


class Phone(NamedTuple):
    """A number as written, its digits, and its E.164 form (ITU-T) when it could be told."""

    number: str
    digits: str
    e164: str


def parse_phone(text: str, country: str = "", fallback: str = "") -> Phone:
    """The number that the text is; raises `InvalidInput`.

    A number with a country of its own, by `+` or by `country` (ISO code), must be possible there. `fallback` is a
    guess of the country: a number that is impossible there is kept as written, without E.164.
    """
    number = one_line(text)
    digits = phone_digits(number)
    if len(digits) < 3 or len(number) > MAX_LENGTH:
        raise InvalidInput(f"{number[:80]!r} is not a phone number.", field="phones")
    sure = number.startswith(("+", "00")) or bool(country)
    e164, fault = _e164(number, country or fallback)
    if fault and sure:
        raise InvalidInput(f"{number!r} is not a possible phone number: {fault}.", field="phones")
    return Phone(number, digits, e164)


def read_phone(text: str, country: str) -> Phone:
    """The same for what is stored already or comes from a file: nothing is refused."""
    number = one_line(text)
    return Phone(number, phone_digits(number), _e164(number, country)[0])


def _e164(number: str, country: str) -> tuple[str, str]:
    """The E.164 form, or why there cannot be one; both are empty when nobody can tell."""
    international = number.startswith(("+", "00"))
    if not international and not country:
        return "", ""
    import phonenumbers as pn

    text = f"+{number[2:]}" if number.startswith("00") else number
    try:
        parsed = pn.parse(text, None if international else country)
    except pn.NumberParseException as error:
        return "", _PARSE_FAULTS.get(error.error_type, "it cannot be read")
    verdict = pn.is_possible_number_with_reason(parsed)
    if verdict == pn.ValidationResult.IS_POSSIBLE:
        return pn.format_number(parsed, pn.PhoneNumberFormat.E164), ""
    # A number without its area code can be dialled at home: no fault, but no international form either.
    return "", _FAULTS.get(verdict, "")


_PARSE_FAULTS = {
    0: "no country has that prefix",
    1: "it has no digits",
    2: "it is too short",
    3: "it is too short",
    4: "it is too long",
}
"""By `NumberParseException.error_type`."""
_FAULTS = {
    1: "no country has that prefix",
    2: "it is too short",
    3: "it is too long",
    5: "its length does not fit",
}
"""By `ValidationResult`: what is neither possible nor possible at home."""


def phone_zone(e164: str) -> str:
    """The time zone of the number's prefix, or of its country, when there is exactly one; empty otherwise."""
    if not e164:
        return ""
    from phonenumbers import parse, region_code_for_number
    from phonenumbers.timezone import time_zones_for_number

    number = parse(e164, None)
    zones = time_zones_for_number(number)
    zone = one_clock(tuple(zone for zone in zones if zone != "Etc/Unknown"))
    # Its data use some names that the tz database has given up.
    return zone if country_of_zone(zone) else country_zone(region_code_for_number(number) or "")
