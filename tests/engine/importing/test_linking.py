"""What an import makes of a row besides the contact: companies, employers, labels, international numbers, typed fields."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rusvel_tui.engine.gtm.crm.importing.dates import read_date
from rusvel_tui.engine.gtm.crm.importing.international import international
from rusvel_tui.engine.gtm.crm.importing.labels import label_of_heading
from rusvel_tui.engine.gtm.crm.people.identity import phone_digits
from rusvel_tui.engine.gtm.crm.people.phones import read_phone
from tests.engine.importing.support import counts, run
from tests.factories import Desk, query


def who(desk: Desk, name: str) -> Any:
    return desk.call("gtm.crm.list_contacts", query=name).items[0]


def test_people_of_one_company_are_linked_to_one_record(desk: Desk) -> None:
    old = desk.call("gtm.crm.add_company", name="Acme")
    text = "name,email,company\nAnn,a@x.example,ACME\nBob,b@new.example,New Co\nEve,e@x.example,new  co\nKim,k@x.example,\n"
    view = run(desk, text)
    assert view.created == 4
    companies = {one.name: one for one in desk.call("gtm.crm.list_companies").items}
    assert {name: one.people_count for name, one in companies.items()} == {"Acme": 1, "New Co": 2}
    assert companies["New Co"].domain == "new.example"
    assert companies["New Co"].source == "import:generic"
    assert (who(desk, "ann").company, who(desk, "ann").company_id) == ("Acme", old.company_id)
    assert who(desk, "eve").company == "New Co"
    assert (who(desk, "kim").company, who(desk, "kim").company_id) == ("", None)
    assert query(desk, "SELECT count(*) FROM employment") == [(3,)]
    assert counts(run(desk, text)) == (0, 0, 4, 0)


def test_names_that_differ_in_an_accent_share_a_record_and_keep_their_spelling(desk: Desk) -> None:
    text = "name,email,company\nAnn,a@x.example,Café Blau\nBob,b@x.example,Cafe Blau\n"
    run(desk, text)
    assert [one.name for one in desk.call("gtm.crm.list_companies").items] == ["Café Blau"]
    assert (who(desk, "ann").company, who(desk, "bob").company) == ("Café Blau", "Cafe Blau")
    assert counts(run(desk, text)) == (0, 0, 2, 0)


def test_a_free_mail_address_tells_no_domain_and_no_domain_has_two_companies(desk: Desk) -> None:
    run(
        desk,
        "name,email,company\nAnn,a@gmail.com,One\nBob,b@firm.example,Two\nEve,e@firm.example,Three\n",
    )
    domains = {one.name: one.domain for one in desk.call("gtm.crm.list_companies").items}
    assert domains == {"One": "", "Two": "firm.example", "Three": ""}


def test_another_employer_ends_one_employment_and_begins_the_next(desk: Desk) -> None:
    run(desk, "name,email,company,title\nAnn,a@x.example,Old,CTO\n")
    desk.later(days=30)
    run(desk, "name,email,company,title\nAnn,a@x.example,New,CEO\n")
    ann = who(desk, "ann")
    assert (ann.company, [(one.company, one.title) for one in ann.employers]) == (
        "New",
        [("Old", "CTO")],
    )
    run(desk, "name,email,title\nAnn,a@x.example,Chair\n")
    rows = query(desk, "SELECT title, ended_at IS NULL FROM employment ORDER BY started_at")
    assert rows == [("CTO", 0), ("Chair", 1)]


def test_a_row_of_a_company_alone_makes_its_record(desk: Desk) -> None:
    run(desk, "company,phone\nAcme,+49 30 123456\n")
    assert [one.name for one in desk.call("gtm.crm.list_companies").items] == ["Acme"]


def test_addresses_and_numbers_keep_what_they_are_called(desk: Desk) -> None:
    google = (
        "First Name,Organization Name,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,"
        "Phone 1 - Label,Phone 1 - Value\n"
        "Ann,,* myContacts,* Work,a@x.example,Privat,a2@x.example,mobile,+49 170 1234567\n"
    )
    run(desk, google)
    ann = who(desk, "ann")
    assert [(one.address, one.label) for one in ann.emails] == [
        ("a@x.example", "work"),
        ("a2@x.example", "privat"),
    ]
    assert [(one.label, one.e164) for one in ann.phones] == [("mobile", "+491701234567")]
    run(
        desk,
        "Person - Name,Person - Email - Home,Person - Phone - Work\nBob,b@x.example,+49 30 123456\n",
    )
    bob = who(desk, "bob")
    assert (bob.emails[0].label, bob.phones[0].label) == ("home", "work")
    card = (
        "BEGIN:VCARD\nVERSION:3.0\nFN:Eve\nitem1.EMAIL;type=INTERNET:e@x.example\nitem1.X-ABLabel:_$!<Work>!$_\n"
        "TEL;TYPE=CELL,VOICE;TYPE=pref:+49 170 7654321\nitem2.TEL:+49 30 6789\nitem2.X-ABLabel:Zentrale\nEND:VCARD\n"
    )
    run(desk, card)
    eve = who(desk, "eve")
    assert eve.emails[0].label == "work"
    assert [one.label for one in eve.phones] == ["mobile", "zentrale"]


@pytest.mark.parametrize(
    ("heading", "label"),
    [
        ("Phone", ""),
        ("Mobile Phone Number", "mobile"),
        ("E-mail 2 Address", ""),
        ("Person - Phone - Work", "work"),
        ("Business Phone 2", "business"),
        ("Secondary Email", "secondary"),
        ("email (2)", ""),
        ("Téléphone", ""),
        ("x" * 100, "x" * 40),
    ],
)
def test_what_a_heading_calls_its_values(heading: str, label: str) -> None:
    assert label_of_heading(heading) == label


def test_country_and_zone_are_read_or_stay_custom_fields(desk: Desk) -> None:
    text = "name,email,country,time zone\nAnn,a@x.example,Deutschland,Europe/Berlin\nBob,b@x.example,Moon,Lunar\n"
    run(desk, text)
    ann, bob = who(desk, "ann"), who(desk, "bob")
    assert (ann.country, ann.timezone, ann.fields) == ("DE", "Europe/Berlin", {})
    assert (bob.country, bob.timezone, bob.fields) == (
        "",
        "",
        {"country": "Moon", "time zone": "Lunar"},
    )
    assert counts(run(desk, text)) == (0, 0, 2, 0)


def test_a_national_number_is_international_where_the_country_is_known(desk: Desk) -> None:
    run(desk, "name,phone,country\nAnn,030 1234567,DE\nBob,030 1234567,\n")
    assert who(desk, "ann").phones[0].e164 == "+49301234567"
    assert who(desk, "bob").phones[0].e164 == ""


_COUNTRIES = ("", "DE", "US", "GB", "IT", "FR", "BR", "AR", "MX", "JP", "NO")
_NUMBERS = st.one_of(
    st.builds(
        "{}{}".format,
        st.sampled_from(("+", "00", "")),
        st.text("0123456789", min_size=3, max_size=15),
    ),
    st.builds(
        "{} {} {}".format,
        st.sampled_from(
            ("+49", "+1", "+44 (0)", "0049", "+39 06", "030", "(555)", "+54 9 11", "+55 11", "1")
        ),
        st.text("0123456789", min_size=2, max_size=5),
        st.text("0123456789 -", min_size=3, max_size=7),
    ),
)


@given(numbers=st.lists(_NUMBERS, min_size=1, max_size=30), country=st.sampled_from(_COUNTRIES))
def test_the_learned_rule_says_what_the_library_says(numbers: list[str], country: str) -> None:
    for number in numbers:
        digits = phone_digits(number)
        wanted = read_phone(number, country)
        assert international(number, digits, country) == wanted.e164
        # Others of the same area and length follow the rule that was learned from this one.
        for last in "0369":
            other = number[:-1] + last
            if re.search(r"\d$", number) and phone_digits(other):
                assert (
                    international(other, phone_digits(other), country)
                    == read_phone(other, country).e164
                )


def test_known_since(desk: Desk) -> None:
    text = (
        "First Name,Last Name,URL,Connected On\n"
        "Ann,Lee,https://www.linkedin.com/in/f-ann,03 Jan 2024\nBob,Low,https://www.linkedin.com/in/f-bob,\n"
    )
    run(desk, text)
    assert who(desk, "ann").source_at.date().isoformat() == "2024-01-03"
    assert who(desk, "bob").source_at == who(desk, "bob").created_at
    again = text.replace("2024", "2023")
    assert counts(run(desk, again)) == (0, 0, 2, 0)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("03 Jan 2024", "2024-01-03"),
        ("3 December 2023", "2023-12-03"),
        ("01/31/2024", "2024-01-31"),
        ("31/01/2024", "2024-01-31"),
        ("3/15/2024 2:30 PM", "2024-03-15"),
        ("2024-03-12 09:14", "2024-03-12"),
        ("2024-03-12T09:14:00.000Z", "2024-03-12"),
        ("2024-03-12T23:30:00-05:00", "2024-03-13"),
        ("3.1.2024", "2024-01-03"),
        ("0/0/00", ""),
        ("32 Jan 2024", ""),
        ("03 Foo 2024", ""),
        ("yesterday", ""),
        ("1.2E+10", ""),
        ("99999-01-01", ""),
        ("0001-01-01", ""),
        ("", ""),
    ],
)
def test_dates(text: str, day: str) -> None:
    assert read_date(text)[:10] == day


def test_custom_fields_go_to_their_definitions(desk: Desk) -> None:
    desk.call("gtm.crm.define_field", entity="contact", label="Seats", type="number")
    desk.call(
        "gtm.crm.define_field",
        entity="contact",
        label="Tier",
        type="choice",
        choices=["Gold", "Tin"],
    )
    text = (
        "name,email,SEATS,tier,Colour\nAnn,a@x.example,007.0,gold,red\nBob,b@x.example,many,Lead,\n"
    )
    run(desk, text)
    ann, bob = who(desk, "ann"), who(desk, "bob")
    assert ann.fields == {"seats": "7", "tier": "Gold", "Colour": "red"}
    assert bob.fields == {"seats": "many", "tier": "Lead"}
    assert counts(run(desk, text)) == (0, 0, 2, 0)
