"""Countries, phones and the time zone of a person with where it is known from."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rusvel_tui.engine.countries import country_code, country_name, country_of_zone, country_zone
from rusvel_tui.engine.country_table import TABLE
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.people.phones import parse_phone, phone_zone, read_phone
from rusvel_tui.engine.gtm.crm.people.zones import Zone, zone_of
from tests.factories import Desk

NOTHING: dict[str, Any] = {
    "given": "", "country": "", "phones": (), "company": ("", ""), "session": "Europe/Vienna",
}  # fmt: skip


@pytest.mark.parametrize(
    ("said", "zone", "origin"),
    [
        ({}, "Europe/Vienna", "session"),
        ({"company": ("Asia/Tokyo", "US")}, "Asia/Tokyo", "company"),
        ({"company": ("", "JP")}, "Asia/Tokyo", "company"),
        ({"company": ("", "US")}, "Europe/Vienna", "session"),
        ({"phones": ["+4930123456"], "company": ("Asia/Tokyo", "")}, "Europe/Berlin", "phone"),
        ({"phones": ["+12025550199"]}, "America/New_York", "phone"),
        ({"phones": ["+79161234567"]}, "Europe/Vienna", "session"),  # Russia has many
        ({"phones": ["+18005550199"]}, "Europe/Vienna", "session"),  # anywhere in North America
        ({"phones": ["+77011234567"]}, "Asia/Almaty", "phone"),
        ({"phones": ["+79161234567", "+4930123456"]}, "Europe/Berlin", "phone"),
        ({"country": "DE", "phones": ["+12025550199"]}, "Europe/Berlin", "country"),
        ({"country": "US", "phones": ["+12025550199"]}, "America/New_York", "phone"),
        ({"country": "ES"}, "Europe/Vienna", "session"),
        ({"given": "UTC", "country": "DE"}, "UTC", "set"),
    ],
)
def test_the_first_source_that_says_a_zone_counts(
    said: dict[str, Any], zone: str, origin: str
) -> None:
    assert zone_of(**NOTHING | said) == Zone(zone, origin)


def test_every_country_has_zones_that_there_are() -> None:
    lines = [line.partition(": ") for line in TABLE.splitlines()]
    assert len(lines) > 240
    for head, _, zones in lines:
        code, name = head.split(" ", 1)
        assert country_code(code) == country_code(name) == code
        assert country_name(code) == name
        for zone in zones.replace("|", "").split():
            assert str(ZoneInfo(zone)) == zone
            assert country_of_zone(zone) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("de", "DE"), (" Germany ", "DE"), ("DEUTSCHLAND", "DE"), ("Allemagne", "DE"), ("U.K.", "GB"),
        ("England", "GB"), ("usa", "US"), ("日本", "JP"), ("türkei", "TR"), ("Cote d'Ivoire", "CI"),
        ("", ""), ("Atlantis", ""), ("XX", ""),
    ],
)  # fmt: skip
def test_countries_are_known_by_code_and_by_name(text: str, code: str) -> None:
    assert country_code(text) == code


def test_a_country_with_one_clock_decides_the_zone() -> None:
    assert country_zone("DE") == "Europe/Berlin"  # Büsingen has the same time
    assert country_zone("US") == country_zone("") == country_zone("XX") == ""
    assert (country_name("XX"), country_of_zone("UTC")) == ("XX", "")


@pytest.mark.parametrize(
    ("text", "country", "e164", "digits"),
    [
        ("+49 (30) 123 456", "", "+4930123456", "4930123456"),
        ("0049 30 123456", "", "+4930123456", "4930123456"),
        ("030/123456", "DE", "+4930123456", "030123456"),
        ("030/123456", "", "", "030123456"),
        ("(202) 555-0199", "US", "+12025550199", "2025550199"),
        ("555-0199", "US", "", "5550199"),  # can be dialled at home, not from abroad
        ("+1 202 555 0199 ext. 7", "", "+12025550199", "120255501997"),
        ("+٤٩ ٣٠ ١٢٣٤٥٦", "", "+4930123456", "4930123456"),
    ],
)
def test_a_phone_is_kept_as_written_and_compared_by_its_form(
    text: str, country: str, e164: str, digits: str
) -> None:
    assert parse_phone(text, country) == (text, digits, e164)
    assert read_phone(text, country) == (text, digits, e164)


@pytest.mark.parametrize(
    ("text", "country", "reason"),
    [
        ("+999 12345678", "", "no country has that prefix"),
        ("12345", "US", "it is too short"),
        ("+49 301234567890123456", "", "it is too long"),
        ("+1 202", "", "it is too short"),
    ],
)
def test_an_impossible_number_of_a_known_country_is_refused(
    text: str, country: str, reason: str
) -> None:
    with pytest.raises(InvalidInput, match=reason) as caught:
        parse_phone(text, country)
    assert caught.value.field == "phones"
    assert read_phone(text, country).e164 == ""


def test_a_guessed_country_refuses_nothing() -> None:
    assert parse_phone("12345", fallback="US").e164 == ""
    assert parse_phone("030 123456", fallback="DE").e164 == "+4930123456"


@pytest.mark.parametrize("text", ["", "x", "12", "1" * 65])
def test_what_is_no_number_is_refused_everywhere(text: str) -> None:
    with pytest.raises(InvalidInput, match="is not a phone number"):
        parse_phone(text)


@given(st.text(max_size=40), st.sampled_from(["", "DE", "US", "KZ"]))
def test_any_text_is_a_number_or_a_mistake(text: str, country: str) -> None:
    """Whatever is stored as E.164 is one, and has at most one zone."""
    found = read_phone(text, country)
    if found.e164:
        assert found.e164[0] == "+"
        assert 8 <= len(found.e164) <= 16
        zone = phone_zone(found.e164)
        assert not zone or ZoneInfo(zone)
    with suppress(InvalidInput):
        assert parse_phone(text, country).e164 == found.e164


def test_a_contact_says_its_zone_and_where_it_is_from(desk: Desk) -> None:
    def zone(**said: Any) -> tuple[str, str]:
        made = desk.contact(**said)
        return made.zone, made.zone_origin

    desk.call("gtm.crm.add_company", name="Looms", country="Japan")
    assert zone() == ("UTC", "session")
    assert zone(company="looms") == ("Asia/Tokyo", "company")
    assert zone(phones="+49 30 123456", company="Looms") == ("Europe/Berlin", "phone")
    assert zone(country="Austria", phones="+49 30 123456") == ("Europe/Vienna", "country")
    assert zone(country="AT", timezone="America/Lima") == ("America/Lima", "set")
    with pytest.raises(InvalidInput, match="is not a country") as caught:
        zone(country="Atlantis")
    assert caught.value.field == "country"


def test_the_country_of_the_session_helps_to_read_numbers(desk: Desk) -> None:
    assert desk.contact(phones="030 123456").phones[0].e164 == ""
    desk.call("session.update", timezone="Europe/Berlin")
    assert desk.contact(phones="030 123456").phones[0].e164 == "+4930123456"
    assert desk.contact(phones="(202) 555-0199", country="US").phones[0].e164 == "+12025550199"
    desk.call("gtm.crm.add_company", name="Looms", country="US")
    assert desk.contact(phones="202 555 0199", company="Looms").phones[0].e164 == "+12025550199"


def test_another_country_reads_the_numbers_anew(desk: Desk) -> None:
    made = desk.contact(phones="030 123456")
    seen = desk.call("gtm.crm.update_contact", contact_id=made.contact_id, country="DE")
    assert seen.phones[0].e164 == "+4930123456"
    seen = desk.call("gtm.crm.update_contact", contact_id=made.contact_id, country="US")
    assert (seen.phones[0].number, seen.phones[0].e164) == ("030 123456", "")
    desk.call("undo")
    desk.call("undo")
    assert desk.call("gtm.crm.get_contact", contact_id=made.contact_id).phones == made.phones
