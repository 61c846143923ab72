"""Public holidays of a country or a part of it, from the `holidays` library, which is imported on first use."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from rusvel_tui.engine.errors import InvalidInput


def holiday_name(place: str, day: date) -> str:
    """The name of that day's public holiday, in English where the library knows it; empty on other days.

    `place` is an ISO 3166 code, `DE` or `DE-BY`; a country that the library does not know has no holidays.
    """
    return _year(place, day.year).get(day, "") if place else ""


def knows(place: str) -> bool:
    """Whether the library has holidays of that country, and of that part of it."""
    import holidays

    country, _, part = place.partition("-")
    parts = holidays.list_supported_countries().get(country)
    return parts is not None and (not part or part in parts)


def require_place(text: str) -> str:
    """The code of what a person typed, `de-by` or `Germany`; refuses a place without known holidays."""
    from rusvel_tui.engine.countries import country_code

    head, _, part = text.strip().upper().partition("-")
    place = f"{head}-{part}" if part else country_code(text)
    if not place or not knows(place):
        raise InvalidInput(
            f"{text!r} is no place with known holidays. Use a country such as DE, or a part of it such as DE-BY.",
            field="holidays",
        )
    return place


@lru_cache(maxsize=256)
def _year(place: str, year: int) -> dict[date, str]:
    if not knows(place):
        return {}
    import holidays

    country, _, part = place.partition("-")
    return dict(
        holidays.country_holidays(country, subdiv=part or None, years=year, language="en_US")
    )
