"""Countries by code and name, and which time zone a country alone decides."""

from __future__ import annotations

from functools import cache

from rusvel_tui.engine.country_table import TABLE
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.text import fold

_ALIASES = {
    "uk": "GB", "great britain": "GB", "britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB",
    "northern ireland": "GB", "usa": "US", "us": "US", "united states of america": "US", "america": "US",
    "holland": "NL", "the netherlands": "NL", "czech republic": "CZ", "korea": "KR", "republic of korea": "KR",
    "russian federation": "RU", "uae": "AE", "turkey": "TR", "viet nam": "VN", "hong kong": "HK", "macau": "MO",
    "ivory coast": "CI", "cape verde": "CV", "swaziland": "SZ", "burma": "MM", "macedonia": "MK",
}  # fmt: skip


def country_code(text: str) -> str:
    """The ISO 3166-1 code of a code or a name in any language; empty when it is no country."""
    name = fold(text).replace(".", "")
    if len(name) == 2 and name.upper() in _countries():
        return name.upper()
    return _ALIASES.get(name) or _english().get(name) or (_any_language(name) if name else "")


def require_country(text: str) -> str:
    """The code of what a person typed, empty for nothing; refuses what is no country."""
    code = country_code(text)
    if text.strip() and not code:
        raise InvalidInput(
            f"{text!r} is not a country. Use a name such as Germany or a code such as DE.",
            field="country",
        )
    return code


def country_name(code: str) -> str:
    """The English name; the code itself when it is unknown."""
    return _countries()[code][0] if code in _countries() else code


def country_zone(code: str) -> str:
    """The zone of a country that has one clock everywhere; empty for others."""
    groups = _countries().get(code, ("", ()))[1]
    return groups[0][0] if len(groups) == 1 else ""


def country_of_zone(zone: str) -> str:
    """The country of a time zone; empty for one of no country, such as UTC."""
    return next((code for code, zones in _zones().items() if zone in zones), "")


def one_clock(zones: tuple[str, ...]) -> str:
    """The first of these zones if all of them show the same time; empty otherwise."""
    if not zones or len(set(zones)) == 1:
        return zones[0] if zones else ""
    groups = (group for _, groups in _countries().values() for group in groups)
    return zones[0] if any(set(zones) <= set(group) for group in groups) else ""


@cache
def _countries() -> dict[str, tuple[str, tuple[tuple[str, ...], ...]]]:
    """Name and zones by code; zones of the same clock stand together."""
    found = {}
    for line in TABLE.splitlines():
        head, _, zones = line.partition(": ")
        code, _, name = head.partition(" ")
        found[code] = (name, tuple(tuple(group.split()) for group in zones.split(" | ")))
    return found


@cache
def _zones() -> dict[str, frozenset[str]]:
    countries = _countries().items()
    return {code: frozenset(zone for group in groups for zone in group) for code, (_, groups) in countries}  # fmt: skip


@cache
def _english() -> dict[str, str]:
    return {fold(name): code for code, (name, _) in _countries().items()}


def _any_language(name: str) -> str:
    # Loading the names of all languages takes 300 ms, so only a name that is not English pays.
    from phonenumbers.geodata.locale import LOCALE_DATA

    for code, names in LOCALE_DATA.items():
        if code in _countries() and any(fold(text) == name for text in names.values()):
            return str(code)
    return ""
