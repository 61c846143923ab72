"""The header: where it is, which format it belongs to, and what the columns mean."""

from __future__ import annotations

import pytest

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.importing.headings import (
    Header,
    find_header,
    is_known,
    meaning,
    normalise,
)
from rusvel_tui.engine.gtm.crm.importing.options import Options
from rusvel_tui.engine.gtm.crm.importing.presets import COMMON, PRESETS, Field

HEADERS = {
    "First Name,Last Name,URL,Email Address,Company,Position,Connected On": "linkedin",
    "First Name,Last Name,Email Address,Company,Position,Connected On": "linkedin",
    "Name,Given Name,Family Name,Group Membership,E-mail 1 - Value": "google_old",
    "First Name,Last Name,Organization Name,Labels,E-mail 1 - Value": "google",
    "First Name,Last Name,E-mail Address,E-mail Type": "outlook",
    "Person - Name,Person - Email": "pipedrive",
    "Record ID,First Name,Email": "hubspot",
    "Lead ID,FirstName,LastName,Email": "salesforce",
    "First Name,Last Name,Email,Account Owner": "salesforce",
    "LastName,Email,HasOptedOutOfEmail": "salesforce",
    "Name,Email Opt Out": "salesforce",
    "Name,Mailing Street": "salesforce",
    "Id,AccountId,LastName": "salesforce",
    "First Name,Email,Person Linkedin Url": "apollo",
    "First Name,Email,# Employees": "apollo",
    "uuid,email,name,attributes,status": "listmonk",
    "email,first_name,last_name,linkedin_url": "instantly",
    "email,first_name,last_name,company": "generic",
    "name,email": "generic",
    "Firma;Vorname;Nachname;E-Mail": "generic",
}


@pytest.mark.parametrize(("header", "preset"), HEADERS.items())
def test_the_format_is_recognised_from_the_header(header: str, preset: str) -> None:
    assert find_header(header).preset.id == preset


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_with_the_most_known_headings(delimiter: str) -> None:
    found = find_header(delimiter.join(("name", "email", "a,b;c\td|e")))
    assert found.delimiter == delimiter


def test_the_header_stands_below_titles_and_notes() -> None:
    text = 'sep=;\nInvoice list\n\n"January, 2026"\nName;Email\nAnn;a@x.example\n'
    found = find_header(text)
    assert (found.record.line, found.delimiter) == (5, ";")


def test_the_header_is_looked_for_among_the_first_twenty_records() -> None:
    assert find_header("x\n\n" * 19 + "name,email\n").record.line == 39
    with pytest.raises(InvalidInput, match="No line with known column names"):
        find_header("x\n" * 20 + "name,email\n")


@pytest.mark.parametrize("text", ["", "a,b,c\n1,2,3\n", "\0\1\2", "notes,city\n", "id,uuid\n"])
def test_without_a_heading_that_makes_a_contact_there_is_no_header(text: str) -> None:
    with pytest.raises(InvalidInput):
        find_header(text)


def test_headings_are_compared_without_case_blanks_and_marks() -> None:
    assert normalise("\ufeff  E-Mail\u00a0 \tAddress ") == "e-mail address"


def _columns(header: str, preset: str = "") -> list[tuple[str, Field]]:
    found: Header = find_header(header, Options(preset=preset))
    return [(column.heading, column.kind) for column in found.columns]


def test_a_second_column_of_the_same_name() -> None:
    assert _columns("Email,Phone,Email,City,City,Phone 2,Email (2),,") == [
        ("Email", Field.EMAIL),
        ("Phone", Field.PHONE),
        ("Email (2)", Field.EMAIL),
        ("City", Field.CUSTOM),
        ("City (2)", Field.CUSTOM),
        ("Phone 2", Field.PHONE),
        ("Email (2)", Field.EMAIL),
        ("Column 8", Field.CUSTOM),
        ("Column 9", Field.CUSTOM),
    ]


@pytest.mark.parametrize(
    ("preset", "heading", "kind"),
    [
        ("google", "E-mail 12 - Value", Field.EMAIL),
        ("google", "E-mail 1 - Label", Field.IGNORED),
        ("google", "Website 1 - Value", Field.WEBSITE),
        ("google", "Labels", Field.LABELS),
        ("google", "Custom Field 1 - Value", Field.CUSTOM),
        ("google_old", "Phone 1 - Type", Field.IGNORED),
        ("google_old", "Group Membership", Field.LABELS),
        ("outlook", "E-mail 2 Address", Field.EMAIL),
        ("outlook", "E-mail 3 Type", Field.EMAIL_TYPE),
        ("outlook", "E-mail Display Name", Field.IGNORED),
        ("outlook", "Title", Field.CUSTOM),
        ("outlook", "Job Title", Field.TITLE),
        ("outlook", "Assistant's Phone", Field.CUSTOM),
        ("outlook", "TTY/TDD Phone", Field.PHONE),
        ("outlook", "Business Phone 2", Field.PHONE),
        ("outlook", "Business Fax", Field.CUSTOM),
        ("generic", "Business Phone 2", Field.CUSTOM),
        ("generic", "Title", Field.TITLE),
        ("generic", "status", Field.CUSTOM),
        ("generic", "url", Field.WEBSITE),
        ("generic", "_error", Field.IGNORED),
        ("linkedin", "url", Field.PROFILE),
        ("listmonk", "status", Field.OPT_OUT_LISTMONK),
        ("listmonk", "attributes", Field.ATTRIBUTES),
        ("hubspot", "Associated Company", Field.OTHER_COMPANY),
        ("hubspot", "Associated Company IDs", Field.IGNORED),
        ("pipedrive", "Person - Email - Work", Field.EMAIL),
        ("pipedrive", "Person - Email messages count", Field.CUSTOM),
        ("pipedrive", "Person - Phone", Field.PHONE),
        ("pipedrive", "Organization - Name", Field.OTHER_COMPANY),
        ("pipedrive", "Organization - Address", Field.IGNORED),
        ("pipedrive", "Deal - Title", Field.IGNORED),
        ("salesforce", "Email Opt Out", Field.OPT_OUT),
        ("hubspot", "Email hard bounce reason", Field.OPT_OUT_ANY_TEXT),
        ("apollo", "Tertiary Email", Field.EMAIL),
    ],
)
def test_what_a_heading_means(preset: str, heading: str, kind: Field) -> None:
    assert meaning(normalise(heading), PRESETS[preset]) is kind


def test_a_preset_can_be_chosen_by_hand() -> None:
    assert ("Title", Field.CUSTOM) in _columns("Title,Email", "outlook")
    assert ("Title", Field.TITLE) in _columns("Title,Email")


def test_the_type_of_an_outlook_address_is_found() -> None:
    columns = find_header("E-mail Address,E-mail Type,E-mail 2 Address,E-mail 2 Type").columns
    assert [column.type_index for column in columns] == [1, -1, 3, -1]


_NO_MARK = (Field.COUNTRY, Field.TIMEZONE)


def test_every_heading_of_the_tables_is_known_but_notes() -> None:
    tables = (COMMON, *(preset.headings for preset in PRESETS.values()))
    named = {heading for table in tables for heading in table}
    unknown = {"notes", "note", "notizen", "notas"} | {
        name for name, kind in COMMON.items() if kind in _NO_MARK
    }
    unknown |= {"business country/region", "home country/region"} | set(PRESETS["rusvel"].headings)
    assert {heading for heading in named if not is_known(heading)} == unknown
    assert all(normalise(heading) == heading for heading in named)


def test_the_last_format_fits_everything() -> None:
    assert list(PRESETS)[-1] == "generic"
    assert PRESETS["generic"].fits(frozenset())
