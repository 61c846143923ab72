"""Records of a table to rows: what is a row, what is rejected, and what a row says."""

from __future__ import annotations

import pytest

from tests.engine.importing.support import keys, person, read, rows, shapes


def test_what_is_a_row_and_on_which_line_it_starts() -> None:
    text = 'name,email\n\nAnn,\n"Bob\nBob",\n,\n \nname,email\nEve,e@x.example'
    assert shapes(rows(text)) == [
        (3, "ok"),
        (4, "ok"),
        (6, "skipped"),
        (7, "skipped"),
        (9, "ok"),
    ]


def test_a_header_alone_is_a_file_without_rows() -> None:
    assert rows("name,email\n") == []


SHAPES = {
    'Ann,"a@x.example': "broken_quote",
    'Ann,"a@x.example"x': "broken_quote",
    "Ann\0,a@x.example": "nul_byte",
    'Ann,"a@x.example\0"': "nul_byte",
    "Ann,a@x.example,surplus": "too_many_cells",
    "Ann,a@x.example, ,n/a,": "ok",
    "Ann": "ok",
    "Ann,nonsense": "bad_email",
    ",nonsense": "bad_email",
    "Ann,a@x.example;nonsense": "ok",
    "Ann,n/a": "ok",
    "n/a,-": "skipped",
    ",": "skipped",
}


@pytest.mark.parametrize(("line", "fate"), SHAPES.items())
def test_the_fate_of_a_row(line: str, fate: str) -> None:
    (row, last) = rows(f"name,email\n{line}\nBob,b@x.example\n")
    assert (row.why or row.status) == fate
    assert bool(row.text) == (row.status == "rejected")
    assert bool(row.cells) == (row.status == "rejected")
    assert last.status == "ok"


def test_the_shape_comes_before_the_address() -> None:
    assert shapes(rows("name,email\nAnn,nonsense,surplus\n")) == [(2, "too_many_cells")]


def test_dropped_addresses_leave_a_warning() -> None:
    (row,) = rows("name,email\nAnn,one@@x.example; a@x.example\n")
    assert row.dropped == ("one@@x.example",)
    assert len(row.warnings) == 1


def test_rows_that_hold_only_what_makes_no_contact_are_skipped() -> None:
    header = "name,email,tags,website,notes,unsubscribed,city"
    (row,) = rows(f"{header}\n,,vip,https://x.example,a note,yes,Cork\n")
    assert row.status == "skipped"


def test_the_note_of_linkedin_is_no_row_wherever_it_stands() -> None:
    header = "First Name,Last Name,URL,Email Address,Company,Position,Connected On"
    note = '"When exporting your connection data, expect gaps",,,,,,'
    text = f"{header}\nNotes:,,,,,,\n{note}\nAnn,Lee,,,,,\nNotes: none,Roe,,,,,\n{header}\n"
    assert shapes(rows(text)) == [(4, "ok"), (5, "ok")]
    assert shapes(rows("Name,City\nNotes:,x\n")) == [(2, "ok")]


def test_the_footer_of_a_salesforce_report_ends_the_rows() -> None:
    header = "First Name,Email,Account Owner"
    text = f'{header}\nCopyright,,Runa\n"Grand Totals (1 records)"\nAnn,,\n"broken\n'
    assert shapes(rows(text)) == [(2, "ok")]
    (row, *_) = rows('name,email\n"Grand Totals (1 records)"\nAnn,\n')
    assert row.status == "ok"


def test_names() -> None:
    header = "name,first name,middle name,last name"
    assert person(header, "Dr. Ann Lee,Ann,Q.,Lee").name == "Dr. Ann Lee"
    made = person(header, ",Ann,Q.,Lee")
    assert (made.name, made.first_name, made.last_name) == ("Ann Q. Lee", "Ann", "Lee")
    assert person(header, ",Ann,,undefined").name == "Ann"


def test_single_values_come_from_the_first_filled_column() -> None:
    made = person("company,email,company,organisation,title,job title", "n/a,,Acme,Other,,CTO")
    assert (made.company, made.title) == ("Acme", "CTO")


def test_addresses_of_several_columns_in_order() -> None:
    made = person("email,name,email,e-mail 2", "b@x.example,Ann,a@x.example,c@x.example")
    assert keys(made) == ["b@x.example", "a@x.example", "c@x.example"]


def test_phones_are_different_by_their_digits() -> None:
    made = person("name,phone,mobile", "Ann,+49 30 1,0049-30-1;+49 30 2")
    assert [number for number, _ in made.phones] == ["+49 30 1", "+49 30 2"]


def test_a_phone_that_is_none_leaves_a_warning() -> None:
    (row,) = rows("name,phone\nAnn,1.23457E+11\n")
    assert row.person is not None
    assert row.person.phones == ()
    assert "1.23457E+11" in row.warnings[0]


def test_profiles_and_web_sites() -> None:
    made = person(
        "name,linkedin,website",
        "Ann,https://linkedin.com/company/acme,"
        "https://x.example ::: linkedin.com/in/ann-fixture ::: https://x.example",
    )
    assert made.profile == "ann-fixture"
    assert made.links == ("https://linkedin.com/company/acme", "https://x.example")


def test_custom_fields_and_notes() -> None:
    made = person("name,Favourite colour,Notes,City,City", 'Ann,red,"one\ntwo",Cork,Lyon')
    assert made.fields == {"Favourite colour": "red", "City": "Cork", "City (2)": "Lyon"}
    assert made.notes == "one\ntwo"


@pytest.mark.parametrize(
    ("heading", "cell", "says"),
    [
        ("Unsubscribed", "YES", True),
        ("Unsubscribed", "no", False),
        ("Opt out", "x", True),
        ("Do not email", "1", True),
        ("Email Bounced", "false", False),
        ("Email hard bounce reason", "UNKNOWN_USER", True),
        ("Email Bounced Reason", "n/a", False),
        ("HasOptedOutOfEmail", "t", True),
    ],
)
def test_opt_outs(heading: str, cell: str, says: bool) -> None:
    made = person(f"email,{heading}", f"a@x.example,{cell}")
    assert made.suppressed == (heading if says else "")


def test_each_opt_out_column_counts() -> None:
    assert person("email,opt out,opt out", "a@x.example,no,yes").suppressed == "opt out (2)"


@pytest.mark.parametrize(
    ("status", "says"),
    [("unsubscribed", True), ("Bounced", True), ("No consent", False), ("Archived", False)],
)
def test_the_marketing_status_of_pipedrive(status: str, says: bool) -> None:
    made = person("Person - Email,Person - Marketing status", f"a@x.example,{status}")
    assert bool(made.suppressed) is says


def test_listmonk_attributes_are_columns() -> None:
    json = (
        '{""company"": ""Acme"", ""phone"": ""+49 30 1"", ""score"": 6, ""tags"": [""a"", ""b""],'
    )
    json += ' ""vip"": true, ""none"": null, ""attributes"": {""x"": 1}, ""uuid"": ""7""}'
    made = person("email,name,attributes,status", f'a@x.example,Ann,"{json}",blocklisted')
    assert (made.company, made.tags, made.suppressed) == ("Acme", ("a", "b"), "status")
    assert [digits for _, digits in made.phones] == ["49301"]
    assert made.fields == {"score": "6", "vip": "true", "attributes": '{"x": 1}'}
    assert not person("email,name,attributes,status", "a@x.example,,,disabled").suppressed


@pytest.mark.parametrize("cell", ["", "{", "[1]", "7", '"x"', "[" * 100_000])
def test_broken_attributes_are_a_warning_no_more(cell: str) -> None:
    quoted = cell.replace('"', '""')
    (row,) = rows(f'email,name,attributes\na@x.example,Ann,"{quoted}"\n')
    assert row.status == "ok"
    assert row.warnings == ("attributes holds no JSON object and was left out.",)


def test_an_exchange_path_is_no_address_and_no_reason_to_reject() -> None:
    header = "First Name,E-mail Address,E-mail Type,E-mail 2 Address,E-mail 2 Type"
    made = person(header, "Ann,cn=ann,EX,a@x.example,SMTP")
    assert keys(made) == ["a@x.example"]
    (row,) = rows(f"{header}\nAnn,cn=ann,SMTP,,\n")
    assert row.why == "bad_email"


def test_the_other_company_is_used_when_there_is_no_better_one() -> None:
    header = "Record ID,Email,Company Name,Associated Company"
    assert person(header, "1,a@x.example,,;Acme;Other").company == "Acme"
    assert person(header, "1,a@x.example,Best,Acme").company == "Best"


def test_the_format_is_told() -> None:
    file = read("\ufeffname;email\r\nAnn;a@x.example\n")
    list(file.rows)
    form = file.format()
    assert (file.preset, file.header) == ("generic", ("name", "email"))
    assert (form.encoding, form.bom, form.delimiter, form.line_end) == (
        "utf-8", True, ";", "crlf+lf",
    )  # fmt: skip
    assert read("name,email").format().line_end is None
