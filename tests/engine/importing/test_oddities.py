"""What real exports do to their readers: one file of our own for each oddity, and what must become of it.

The names of the tests follow the sections of the survey of formats: LinkedIn, Google, Outlook, HubSpot, Pipedrive,
Salesforce, prospecting tools, and files that nobody wrote with care. All people are invented.
"""

from __future__ import annotations

import pytest

from rusvel_tui.engine.errors import InvalidInput
from tests.engine.importing.support import Found, lines, run
from tests.factories import Desk

LINKEDIN = "First Name,Last Name,URL,Email Address,Company,Position,Connected On"
NOTE = '"When exporting your connection data, you may notice that some, or all, addresses are missing."'
ANA = 'Ana,"García Ruiz",https://www.linkedin.com/in/fixture-ana,,Studio Norte,"Founder, Design",03 Jan 2024'
GOOGLE = (
    "First Name,Last Name,Birthday,Notes,Organization Name,Labels,E-mail 1 - Label,E-mail 1 - Value,"
    "Phone 1 - Label,Phone 1 - Value"
)
OUTLOOK = (
    "Title,First Name,Last Name,Company,Business Phone,Assistant's Phone,Mobile Phone,Anniversary,Categories,"
    "E-mail Address,E-mail Type,E-mail Display Name,E-mail 2 Address,E-mail 2 Type,Web Page"
)
HUBSPOT = (
    "Record ID,First Name,Last Name,Email,Phone Number,Associated Company,Create Date,Lead Status"
)
PIPEDRIVE = (
    "Person - ID,Person - Name,Person - Email,Person - Phone,Person - Labels,Organization - Name"
)
SALESFORCE = '"First Name","Last Name","Mailing Street","Email","Account Owner","Account Name","Email Opt Out"'


# LinkedIn


@pytest.mark.parametrize(
    "text",
    [
        lines("Notes:", NOTE, "", LINKEDIN, ANA),
        lines(LINKEDIN, "Notes:", NOTE, ANA),
        lines("Notes:,,,,,,", f"{NOTE},,,,,,", ",,,,,,", LINKEDIN, ANA),
        lines(LINKEDIN, ANA, LINKEDIN),
        lines("Notes:", NOTE, LINKEDIN, ANA, "", NOTE),
    ],
    ids=["preamble", "header first", "padded with commas", "repeated header", "note at the end"],
)
def test_linkedin_wherever_the_note_and_the_header_stand(desk: Desk, text: str) -> None:
    found = Found(desk, text)
    assert (found.view.preset, found.view.created, found.view.rejected) == ("linkedin", 1, 0)
    ana = found["Ana García Ruiz"]
    assert (ana.profile, ana.company, ana.title) == (
        "fixture-ana",
        "Studio Norte",
        "Founder, Design",
    )


def test_linkedin_older_form_without_links_and_with_american_dates(desk: Desk) -> None:
    text = lines(LINKEDIN.replace("URL,", ""), "Bo,Lind,bo@x.example,Acme,CTO,01/31/2019")
    found = Found(desk, text)
    assert found.view.preset == "linkedin"
    assert found["Bo Lind"].source_at.date().isoformat() == "2019-01-31"


def test_linkedin_rows_of_deleted_members_are_skipped(desk: Desk) -> None:
    text = lines(LINKEDIN, ",,,,,,30 Apr 2026", "undefined,undefined,,,,,01 Jan 2020", ANA)
    assert Found(desk, text).counts == (1, 0, 2, 0)


def test_linkedin_quotes_degrees_and_emoji_stay(desk: Desk) -> None:
    text = lines(
        LINKEDIN,
        '"Mary ""Molly""","Smith, Jr.",https://www.linkedin.com/in/fixture-molly,,"Acme ""Widgets"", LLC","VP, Sales",',
        'Lena,"Looper, DipWSET",linkedin.com/in/fixture-lena,,,,',
        "Kai 🚀,Oda,http://de.linkedin.com/in/fixture-kai?trk=x,,,,",
    )
    found = Found(desk, text)
    assert found['Mary "Molly" Smith, Jr.'].company == 'Acme "Widgets", LLC'
    assert found["Lena Looper, DipWSET"].profile == "fixture-lena"
    assert found["Kai 🚀 Oda"].profile == "fixture-kai"


def test_linkedin_slugs_are_met_decoded_and_without_case(desk: Desk) -> None:
    text = lines(
        LINKEDIN,
        "José,Roe,https://www.linkedin.com/in/jos%C3%A9-Fixture/,,,,",
        "Jose,Roe,https://LinkedIn.com/in/josé-fixture?x=1,,,CTO,",
    )
    found = Found(desk, text)
    assert found.counts == (1, 1, 0, 0)
    assert found["Jose Roe"].profile == "josé-fixture"


@pytest.mark.parametrize(
    "text",
    [
        "CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,SUBJECT,CONTENT\n"
        '2-x==,,Ana,https://www.linkedin.com/in/fixture-ana,Me,,2024-01-03 10:11:12 UTC,,"Hi\nthere"\n',
        "Notes:\nInvitations\n\nFrom,To,Sent At,Message,Direction\nAna,Me,1/3/24,Hello,INCOMING\n",
    ],
    ids=["messages", "invitations"],
)
def test_linkedin_other_files_of_the_archive_are_refused(desk: Desk, text: str) -> None:
    with pytest.raises(InvalidInput, match="No line with known column names"):
        run(desk, text)


# Google


def test_google_groups_are_found_by_name_not_by_place(desk: Desk) -> None:
    text = lines(
        "E-mail 2 - Value,Organization Name,E-mail 1 - Value,Labels,Phone 3 - Value,First Name,E-mail 3 - Label",
        "b@x.example,Acme,a@x.example,,+49 30 111111,Ann,",
    )
    found = Found(desk, text)
    assert found.view.preset == "google"
    assert [one.address for one in found["Ann"].emails] == ["b@x.example", "a@x.example"]
    assert len(found["Ann"].phones) == 1


def test_google_several_values_in_a_cell_and_labels_of_any_language(desk: Desk) -> None:
    text = lines(
        GOOGLE,
        'Ann,Lee,--12-10,"one\ntwo",Acme,* myContacts ::: ältere ::: Privat,* Work,a@x.example ::: a2@x.example,* ,'
        "+41319280960 ::: +41792648866",
    )
    ann = Found(desk, text)["Ann Lee"]
    assert ann.tags == ("ältere", "Privat")
    assert [(one.address, one.label) for one in ann.emails] == [
        ("a@x.example", "work"),
        ("a2@x.example", "work"),
    ]
    assert [(one.number, one.label) for one in ann.phones] == [
        ("+41319280960", ""),
        ("+41792648866", ""),
    ]
    assert (ann.notes, ann.fields) == ("one\ntwo", {"Birthday": "--12-10"})


def test_google_people_with_a_phone_only_and_companies_only(desk: Desk) -> None:
    text = "\ufeff" + lines(GOOGLE, ",,,,,,,,,+49 30 222222", ",,,,Acme,,,,,", ",,,,,,,,,")
    found = Found(desk, text)
    assert found.counts == (2, 0, 1, 0)
    assert found.view.format.bom


def test_google_older_form_in_utf_16(desk: Desk) -> None:
    header = "Name,Given Name,Family Name,Group Membership,E-mail 1 - Type,E-mail 1 - Value,Organization 1 - Name"
    text = lines(
        header,
        "Zoë Ábel,Zoë,Ábel,* My Contacts ::: * Friends,* Work,zoe@x.example,Köln AG",
        end="\r\n",
    )
    found = Found(desk, b"\xff\xfe" + text.encode("utf-16-le"))
    assert (found.view.preset, found.view.format.encoding) == ("google_old", "utf-16-le")
    zoe = found["Zoë Ábel"]
    assert (zoe.tags, zoe.company, zoe.emails[0].label) == (("Friends",), "Köln AG", "work")


# Outlook


def test_outlook_windows_letters_exchange_paths_and_empty_dates(desk: Desk) -> None:
    text = lines(
        OUTLOOK,
        "Dr.,Renée,Ôlund,Société,+33 1 99 00 11 22,+33 1 99 00 11 99,+33 6 99 00 11 33,0/0/00,Kunde;VIP,"
        "/o=Org/ou=Group/cn=renee,EX,Renée,renee@x.example,SMTP,www.x.example",
        end="\r\n",
    )
    found = Found(desk, text.encode("cp1252"))
    assert (found.view.preset, found.view.format.encoding) == ("outlook", "cp1252")
    one = found["Renée Ôlund"]
    assert [mail.address for mail in one.emails] == ["renee@x.example"]
    assert [(p.number[-2:], p.label) for p in one.phones] == [("22", "business"), ("33", "mobile")]
    assert one.tags == ("Kunde", "VIP")
    assert one.fields["Anniversary"] == "0/0/00"


def test_outlook_with_smart_quotes_and_a_semicolon(desk: Desk) -> None:
    text = lines(OUTLOOK.replace(",", ";"), ";Ann;O’Neil;“Acme”;;;;;;ann@x.example;SMTP;;;;")
    found = Found(desk, text.encode("cp1252"))
    assert found.view.format.delimiter == ";"
    assert found["Ann O’Neil"].company == "“Acme”"


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (
            "Anrede,Vorname,Nachname,Firma,Position,Telefon geschäftlich,E-Mail-Adresse,E-Mail-Typ,E-Mail 2: Adresse",
            "Frau,Ann,Lee,Acme,CTO,+49 30 111111,ann@x.example,SMTP,ann2@x.example",
        ),
        (
            "Titre,Prénom,Nom,Société,Fonction,Tél. mobile,Adresse de messagerie,Adresse de messagerie 2",
            "Mme,Ann,Lee,Acme,CTO,+33 1 99 00 11 22,ann@x.example,ann2@x.example",
        ),
        (
            "Nombre,Apellidos,Empresa,Puesto,Teléfono móvil,Dirección de correo electrónico,Correo electrónico",
            "Ann,Lee,Acme,CTO,+34 910 100 100,ann@x.example,ann2@x.example",
        ),
    ],
    ids=["German", "French", "Spanish"],
)
def test_outlook_that_speaks_another_language(desk: Desk, header: str, row: str) -> None:
    ann = Found(desk, lines(header, row))["Ann Lee"]
    assert (ann.company, ann.title, len(ann.phones)) == ("Acme", "CTO", 1)
    assert [mail.address for mail in ann.emails] == ["ann@x.example", "ann2@x.example"]


# HubSpot


def test_hubspot_lists_with_a_leading_semicolon_and_spreadsheet_ids(desk: Desk) -> None:
    text = lines(
        HUBSPOT,
        "1.23457E+11,Ann,Lee,ann@x.example,+49 30 1234567,;Acme;Other,2024-03-12 09:14,IN_PROGRESS",
        "2,Ann,Lee,ANN@x.example,,,3/15/2024 2:30 PM,In progress",
        "3,,,,,,2024-03-12,NEW",
    )
    found = Found(desk, text)
    assert found.view.preset == "hubspot"
    assert found.counts == (1, 1, 1, 0)
    ann = found["Ann Lee"]
    assert (ann.company, ann.fields["Lead Status"]) == ("Acme", "In progress")
    assert ann.source_at.date().isoformat() == "2024-03-12"


@pytest.mark.parametrize(
    ("column", "cell", "stopped"),
    [
        ("Unsubscribed from all email", "true", True),
        ("Unsubscribed from all email", "false", False),
        ("Email hard bounce reason", "UNKNOWN_USER", True),
        ("Email hard bounce reason", "", False),
    ],
)
def test_hubspot_opt_outs_are_suppressed(
    desk: Desk, column: str, cell: str, *, stopped: bool
) -> None:
    found = Found(desk, lines(f"{HUBSPOT},{column}", f"1,Ann,Lee,ann@x.example,,,,,{cell}"))
    assert found.view.suppressed == (("ann@x.example",) if stopped else ())
    assert found["Ann Lee"].emails[0].suppressed is stopped


def test_hubspot_files_of_other_things(desk: Desk) -> None:
    with pytest.raises(InvalidInput, match="No line with known column names"):
        run(desk, lines("Record ID,Deal Name,Deal Stage,Amount", "1,Looms,won,100"))
    companies = Found(
        desk, lines("Record ID,Company name,Website URL,Create Date", "1,Acme,x.example,")
    )
    assert companies["Acme"].name == ""


# Pipedrive


def test_pipedrive_entities_of_one_file_and_values_with_commas(desk: Desk) -> None:
    text = lines(
        f"{PIPEDRIVE},Deal - Title,Person - LinkedIn Page,Person - Marketing status",
        '1,Anna Maria Lee,"a@x.example, a2@x.example","+49 30 111111, +49 30 222222","Hot, Fair",Acme,Looms,'
        "https://www.linkedin.com/in/fixture-anna,Subscribed",
        "2,Bob,b@x.example,,,Acme,Looms,,Bounced",
    )
    found = Found(desk, text)
    assert (found.view.preset, found.view.suppressed) == ("pipedrive", ("b@x.example",))
    anna = found["Anna Maria Lee"]
    assert (anna.first_name, anna.last_name, anna.company) == ("Anna Maria", "Lee", "Acme")
    assert (len(anna.emails), len(anna.phones), anna.tags) == (2, 2, ("Hot", "Fair"))
    assert (anna.profile, anna.fields) == ("fixture-anna", {})
    assert (found["Bob"].first_name, found["Bob"].last_name) == ("Bob", "")


# Salesforce


@pytest.mark.parametrize(
    "footer",
    [
        lines(
            "", '"Grand Totals (2 records)"', "", '"Confidential Information - Do Not Distribute"'
        ),
        lines("", '"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."'),
        lines('"Copyright © 2000-2026"', '"Ann","Late","","late@x.example","","",""'),
    ],
)
def test_salesforce_footers_end_a_report(desk: Desk, footer: str) -> None:
    text = lines(
        SALESFORCE,
        '"Ann","Lee","1 Road\r\nFloor 2","ann@x.example","Runa","Acme","0"',
        '"Bob","Low","","bob@x.example","Runa","","1"',
    )
    found = Found(desk, (text + footer).encode("latin-1"))
    assert (found.view.preset, found.counts) == ("salesforce", (2, 0, 0, 0))
    assert found["Ann Lee"].fields["Mailing Street"] == "1 Road\nFloor 2"
    assert found.view.suppressed == ("bob@x.example",)


def test_salesforce_names_of_the_programming_interface(desk: Desk) -> None:
    text = lines(
        '"Id","AccountId","LastName","FirstName","Email","MobilePhone","HasOptedOutOfEmail","CreatedDate"',
        '"003x0000001abcD","001","Lee","Ann","ann@x.example","+1 212 555 0100","true","2024-03-12T09:14:00.000Z"',
        '"003x0000001abcDEAQ","001","Lee","Ann","ann@x.example","","false",""',
    )
    found = Found(desk, text)
    assert (found.view.preset, found.counts) == ("salesforce", (1, 0, 1, 0))
    assert found["Ann Lee"].source_at.date().isoformat() == "2024-03-12"
    assert found.view.suppressed == ("ann@x.example",)


# Prospecting and newsletter tools


def test_prospecting_tools(desk: Desk) -> None:
    instantly = "email,first_name,last_name,company,title,website,linkedin_url"
    found = Found(
        desk, lines(instantly, "a@x.example,Ann,Lee,Acme,CTO,x.example,linkedin.com/in/fixture-a")
    )
    assert (found.view.preset, found["Ann Lee"].profile) == ("instantly", "fixture-a")
    apollo = "First Name,Last Name,Email,Work Direct Phone,Corporate Phone,# Employees,Person Linkedin Url"
    found = Found(
        desk,
        lines(
            apollo,
            "Bo,Low,email_not_unlocked@domain.com,'+1 212 555 0100,'+1 212 555 0101,50,http://linkedin.com/in/fixture-bo",
        ),
    )
    assert found.view.preset == "apollo"
    assert [one.e164 for one in found["Bo Low"].phones] == ["+12125550100", "+12125550101"]
    assert found["Bo Low"].emails == ()
    listmonk = lines(
        "email,name,attributes,status",
        'k@x.example,Kim,"{""city"": ""Oslo"", ""n"": 1}",blocklisted',
    )
    found = Found(desk, listmonk)
    assert (found["Kim"].fields, found.view.suppressed) == (
        {"city": "Oslo", "n": "1"},
        ("k@x.example",),
    )


def test_title_lines_above_the_header(desk: Desk) -> None:
    text = lines(
        '"Customer List"',
        '"January 1 - December 31, 2025"',
        "",
        "",
        "Name,Email",
        "Ann,a@x.example",
    )
    assert Found(desk, text).counts == (1, 0, 0, 0)


# Files that nobody wrote with care


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_encoding_line_end_and_delimiter(
    desk: Desk, encoding: str, end: str, delimiter: str
) -> None:
    text = lines(
        delimiter.join(("Name", "Email", "Company")),
        delimiter.join(("Renée", "r@x.example", '"A, B; C"')),
        end=end,
    )
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    found = Found(desk, mark + text.encode(encoding))
    assert found["Renée"].company == "A, B; C"
    assert found.view.format.delimiter == delimiter


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("name,email\n", (0, 0, 0, 0)),
        ("name,email", (0, 0, 0, 0)),
        ("email\na@x.example\n", (1, 0, 0, 0)),
        ('\ufeff"name","email"\n"Ann","a@x.example"\n', (1, 0, 0, 0)),
        ("sep=;\nname;email\nAnn;a@x.example\n", (1, 0, 0, 0)),
        ("name,email,city\nAnn,a@x.example\nBob,b@x.example,Cork,,\n", (2, 0, 0, 0)),
        ("name,email\nAnn,a@x.example,surplus\n", (0, 0, 0, 1)),
        ("name,email\nAnn,a@x.example\nB\0b,b@x.example\n", (1, 0, 0, 1)),
        ('name,email\n"Ann,a@x.example\nBob,b@x.example\n', (1, 0, 0, 1)),
        ('name,email,notes\nAnn,a@x.example,"never closed\nBob,b@x.example,\n', (1, 0, 0, 1)),
        ("name,email\nAnn,A@x.example\nAnn,a@X.example \nAnn,a+tag@x.example\n", (2, 0, 1, 0)),
        ("name,email\r\nAnn,a@x.example\rBob,b@x.example\nEve,e@x.example\r\n", (3, 0, 0, 0)),
        ("name,email\n\n\n,\n  \nAnn,a@x.example\n", (1, 0, 2, 0)),
    ],
)
def test_nasty_tables(desk: Desk, text: str, wanted: tuple[int, ...]) -> None:
    found = Found(desk, text)
    assert found.counts == wanted
    assert all(row.text for row in found.view.rejected_rows)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\0\0\0",
        b"\x89PNG\r\n\x1a\n\0\0\0\r",
        b"PK\x03\x04",
    ],
)
def test_files_that_hold_nothing_or_something_else(desk: Desk, data: bytes) -> None:
    with pytest.raises(InvalidInput, match=r"empty|No line|line with any text"):
        run(desk, data)


def test_text_of_any_script_stays_as_it_is(desk: Desk) -> None:
    names = (
        "花子 見本", "محمد علي", "דוד לוי", "👩\u200d🚀 Astro", "می\u200cخواهم", "<script>alert(1)</script>", "[bold]x[/bold]",
        "{{first_name}}", "=HYPERLINK(1)", "Robert'); DROP TABLE contact;--", "x" * 300,
    )  # fmt: skip
    text = lines("name,email", *(f'"{name}",p{n}@x.example' for n, name in enumerate(names)))
    assert set(Found(desk, text).people) == set(names)


def test_what_a_terminal_would_obey_is_taken_out(desk: Desk) -> None:
    text = lines(
        "name,email",
        "\x1b[31mRed\x1b[0m,a@x.example",
        "\x1b]8;;http://x\x07Link\x1b]8;;\x07,b@x.example",
        "\u202eevil,c@x.example",
    )
    assert set(Found(desk, text).people) == {"Red", "Link", "evil"}


def test_a_cell_of_a_megabyte(desk: Desk) -> None:
    note = "word " * 220_000
    found = Found(desk, lines("name,email,notes", f"Ann,a@x.example,{note}"))
    assert len(found["Ann"].notes) == len(note.strip())
