"""What this machine says about the person at it: their time zone, their money, their name. Guesses to begin with."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_LOCALTIME = Path("/etc/localtime")
_TIMEZONE = Path("/etc/timezone")
_EURO = "AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK"
_MONEY = dict.fromkeys(_EURO.split(), "EUR") | {
    "AE": "AED", "AR": "ARS", "AU": "AUD", "BR": "BRL", "CA": "CAD", "CH": "CHF", "CL": "CLP", "CN": "CNY",
    "CO": "COP", "CZ": "CZK", "DK": "DKK", "GB": "GBP", "HK": "HKD", "HU": "HUF", "ID": "IDR", "IL": "ILS",
    "IN": "INR", "IS": "ISK", "JP": "JPY", "KE": "KES", "KR": "KRW", "LI": "CHF", "MX": "MXN", "MY": "MYR",
    "NG": "NGN", "NO": "NOK", "NZ": "NZD", "PE": "PEN", "PH": "PHP", "PL": "PLN", "RO": "RON", "RS": "RSD",
    "SA": "SAR", "SE": "SEK", "SG": "SGD", "TH": "THB", "TR": "TRY", "TW": "TWD", "UA": "UAH", "US": "USD",
    "VN": "VND", "ZA": "ZAR",
}  # fmt: skip
"""The money of a country."""
_REGION = re.compile(r"[a-z]{2,3}_([A-Z]{2})(?:[.@]|$)")


def zone_name(
    environ: Mapping[str, str], localtime: Path = _LOCALTIME, timezone: Path = _TIMEZONE
) -> str:
    """The IANA zone of this machine: `TZ`, then what the local time is a link to; UTC when nobody says."""
    named = [environ.get("TZ", "").lstrip(":")]
    if localtime.is_symlink():
        named.append(str(localtime.readlink()).rpartition("zoneinfo/")[2])
    if timezone.is_file():
        named.append(timezone.read_text(encoding="utf-8", errors="replace").strip())
    found = next(filter(_is_zone, named), "UTC")
    return found.removeprefix("Etc/") if found in ("Etc/UTC", "Etc/UCT") else found


def _is_zone(name: str) -> bool:
    try:
        return bool(name) and "/" in name and bool(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def currency(environ: Mapping[str, str]) -> str:
    """The money of the country that the locale names; EUR when it names none."""
    for name in ("LC_ALL", "LC_MONETARY", "LANG"):
        if found := _REGION.match(environ.get(name, "")):
            return _MONEY.get(found[1], "EUR")
    return "EUR"


def person_name() -> str:
    """The full name of the account, as far as the machine knows one."""
    try:
        import pwd

        account = pwd.getpwuid(os.getuid())
        name = account.pw_gecos.partition(",")[0].strip()
        return "" if name.lower() == account.pw_name.lower() else name
    except (ImportError, KeyError):
        return ""
