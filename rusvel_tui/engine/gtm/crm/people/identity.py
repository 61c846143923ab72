"""By what people are recognised besides their address: the digits of a phone, the slug of a profile."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

from rusvel_tui.engine.text import one_line

_NO_DIGIT = re.compile(r"\D+")
_PROFILE = re.compile(
    r"(?:https?:)?(?://)?(?:[\w-]+\.)*linkedin\.com(?::\d+)?/(?:in|pub)/([^/?#]+)", re.IGNORECASE
)


def phone_digits(number: str) -> str:
    """The digits by which numbers are compared: a leading 00 is the same as a plus."""
    digits = _NO_DIGIT.sub("", number)
    if not digits.isascii():
        digits = "".join(str(unicodedata.decimal(c)) for c in digits)
    return digits.removeprefix("00")


def profile_slug(link: str) -> str:
    """The slug of a link to a person on LinkedIn; empty for any other link."""
    found = _PROFILE.match(link)
    return one_line(unquote(found[1])).lower() if found else ""
