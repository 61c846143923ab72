"""Cards of vCard 2.1, 3.0 and 4.0 to rows."""

from __future__ import annotations

import pytest

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.importing.options import Options
from rusvel_tui.engine.gtm.crm.importing.rows import Person, Row
from rusvel_tui.engine.gtm.crm.importing.source import open_contacts
from rusvel_tui.engine.gtm.crm.importing.vcard import is_vcard
from rusvel_tui.engine.gtm.crm.importing.vcard_lines import parse, unfold
from tests.engine.importing.support import keys, shapes


def card(*lines: str, end: str = "\r\n") -> bytes:
    """A card of these lines."""
    return end.join(("BEGIN:VCARD", *lines, "END:VCARD", "")).encode()


def cards(data: bytes) -> list[Row]:
    return list(open_contacts(data, name="x.vcf").rows)


def person(*lines: str) -> Person:
    (row,) = cards(card(*lines))
    assert row.person is not None, row
    return row.person


def test_the_fields_of_a_card() -> None:
    made = person(
        "VERSION:3.0",
        "N:Lee;Ann;Q.;Dr.;",
        "FN:Dr. Ann Lee",
        "ORG:Acme\\, Inc.;Sales;",
        "TITLE:VP\\, Sales",
        "EMAIL;TYPE=work:ann@shop.example",
        "item1.EMAIL;type=INTERNET;type=pref:Ann2@SHOP.example",
        "TEL;type=CELL:+49 30 1",
        "TEL;VALUE=uri:tel:+49-30-2;ext=5",
        "CATEGORIES:myContacts,Trade fair,Work",
        "NOTE:one\\nline\\, two\\; \\\\",
        "URL:https\\://www.linkedin.com/in/ann-fixture",
        "URL:https://shop.example",
        "BDAY:1980-01-02",
        "ADR;TYPE=work:;;1 Road;Cork;;T12;Ireland",
        "ADR;TYPE=home:;;2 Road;Cork;;T12;Ireland",
        "UID:7",
        "X-THING:x",
        "PHOTO;ENCODING=b:AAAA",
    )
    assert (made.name, made.first_name, made.last_name) == ("Dr. Ann Lee", "Ann", "Lee")
    assert (made.company, made.title) == ("Acme, Inc.", "VP, Sales")
    assert keys(made) == ["ann@shop.example", "ann2@shop.example"]
    assert [digits for _, digits in made.phones] == ["49301", "49302"]
    assert made.tags == ("Trade fair", "Work")
    assert made.notes == "one\nline, two; \\"
    assert (made.profile, made.links) == ("ann-fixture", ("https://shop.example",))
    assert made.fields == {
        "Birthday": "1980-01-02",
        "Address": "1 Road\nCork\nT12\nIreland",
        "Address (2)": "2 Road\nCork\nT12\nIreland",
    }


def test_a_name_of_parts() -> None:
    assert person("N:Lee;Ann;Q.;;").name == "Ann Q. Lee"
    assert person("FN:", "N:Lee;Ann;;;").name == "Ann Lee"


def test_a_birthday_without_a_year() -> None:
    apple = person("FN:Ann", "BDAY;X-APPLE-OMIT-YEAR=1604:1604-12-10")
    assert apple.fields == {"Birthday": "--12-10"}
    assert person("FN:Ann", "BDAY:--0307").fields == {"Birthday": "--03-07"}


def test_a_social_profile() -> None:
    made = person("FN:Ann", "X-SOCIALPROFILE;type=linkedin:https://linkedin.com/in/Ann-Fixture")
    assert made.profile == "ann-fixture"
    assert person("FN:Ann", "X-SocialProfile:https://chirp.example/ann").links == ()


def test_names_of_properties_in_any_case_and_parameters_of_any_form() -> None:
    made = person(
        "fn:Ann",
        'email;TYPE="work,home";PREF=1:a@x.example',
        "Tel;CELL;PREF:+49 30 1",
        'item9.Email;X-LABEL="a:b;c":b@x.example',
    )
    assert keys(made) == ["a@x.example", "b@x.example"]
    assert made.phones[0][1] == "49301"


def test_lines_that_say_nothing_are_left_out() -> None:
    data = b"junk\nFN:Out\n\n" + card("FN:Ann", "no colon", "", "=") + b"EMAIL:out@x.example\n"
    assert shapes(cards(data)) == [(1, "ok")]


def test_a_company_card_has_no_name() -> None:
    made = person("FN:Acme", "N:Acme;;;;", "ORG:Acme Ltd;", "X-ABShowAs:COMPANY")
    assert (made.name, made.first_name, made.last_name, made.company) == ("", "", "", "Acme Ltd")
    assert person("KIND:org", "FN:Acme").company == "Acme"


def test_groups_and_empty_cards_are_skipped() -> None:
    data = card("KIND:group", "FN:Club") + card("X-ADDRESSBOOKSERVER-KIND:group", "FN:Club")
    data += card("N:;;;;", "FN:") + card("NOTE:nobody") + card()
    assert shapes(cards(data)) == [(number, "skipped") for number in range(1, 6)]


def test_an_unfinished_card_costs_one_card() -> None:
    data = b"BEGIN:VCARD\nFN:One\n" + card("FN:Two") + b"begin:vcard\nFN:Three"
    assert shapes(cards(data)) == [(1, "unfinished_card"), (2, "ok"), (3, "unfinished_card")]


def test_bad_addresses_and_nul_characters() -> None:
    data = card("FN:Ann", "EMAIL:nonsense") + card("FN:A\0nn")
    data += card("FN:Ann", "EMAIL:nonsense", "EMAIL:a@x.example")
    found = cards(data)
    assert shapes(found) == [(1, "bad_email"), (2, "nul_byte"), (3, "ok")]
    assert found[2].dropped == ("nonsense",)


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_folds_are_joined_before_letters_are_decoded(end: str) -> None:
    data = card("FN:Zoë Lee", "EMAIL:zoe@shop.example", end=end)
    for cut in range(len(b"BEGIN:VCARD") + len(end) + 1, data.index(b"END:") - len(end)):
        if data[cut - 1 : cut + 1].strip(b"\r\n") != data[cut - 1 : cut + 1]:
            continue
        folded = data[:cut] + end.encode() + b" " + data[cut:]
        (row,) = cards(folded)
        assert row.person is not None
        assert row.person.name == "Zoë Lee"
        assert keys(row.person) == ["zoe@shop.example"]


def test_quoted_printable() -> None:
    made = person(
        "VERSION:2.1",
        "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=98stergaard;Zo=C3=AB;;;",
        "ORG;CHARSET=ISO-8859-1;QUOTED-PRINTABLE:Br=FCck=",
        "enwerk",
        "TITLE;ENCODING=QUOTED-PRINTABLE:ends with=",
        " a soft break",
        "NOTE;ENCODING=QUOTED-PRINTABLE:split =C3",
        " =A9 and =",
        " C3=A9",
    )
    assert (made.name, made.company) == ("Zoë Østergaard", "Brückenwerk")
    assert made.title == "ends with a soft break"
    assert made.notes == "split é and é"


def test_a_soft_break_never_swallows_the_end_of_a_card() -> None:
    data = card("FN:Ann", "NOTE;ENCODING=QUOTED-PRINTABLE:cut off=") + card("FN:Bob")
    assert shapes(cards(data)) == [(1, "ok"), (2, "ok")]


def test_base64_that_ends_in_an_equals_sign_is_no_soft_break() -> None:
    data = card("PHOTO;ENCODING=BASE64;JPEG:AAAA=", "FN:Ann")
    assert shapes(cards(data)) == [(1, "ok")]


@pytest.mark.parametrize(
    ("charset", "raw", "wanted"),
    [
        ("ISO-8859-1", "Zoë".encode("latin-1"), "Zoë"),
        ("UTF-8", "Zoë".encode(), "Zoë"),
        ("windows-1252", "Zoë –".encode("cp1252"), "Zoë –"),
        ("utf-8", "Zoë".encode("latin-1"), "Zoë"),
        ("no-such-charset", "Zoë".encode(), "Zoë"),
        ("rot13", b"Ann", "Ann"),
        ("", "Zoë".encode("latin-1"), "Zoë"),
    ],
)
def test_charsets(charset: str, raw: bytes, wanted: str) -> None:
    head = f"FN;CHARSET={charset}:" if charset else "FN:"
    (row,) = cards(b"BEGIN:VCARD\n" + head.encode() + raw + b"\nEND:VCARD\n")
    assert row.person is not None
    assert row.person.name == wanted


def test_utf_16_and_byte_order_marks() -> None:
    text = card("FN:Zoë").decode()
    for encoding, name in (
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-8", "utf-8"),
    ):
        file = open_contacts(("\ufeff" + text).encode(encoding))
        assert (file.format().encoding, file.format().bom) == (name, True)
        assert [row.person.name for row in file.rows if row.person] == ["Zoë"]


def test_the_format_of_a_card_file() -> None:
    file = open_contacts(card("FN:Ann") + card("FN:Bob", end="\n"))
    assert (file.preset, file.header) == ("vcard", ())
    assert (file.format().delimiter, file.format().line_end) == (None, "crlf+lf")
    assert open_contacts(card("FN:Zo\xeb")).format().encoding == "utf-8"
    assert open_contacts(card("FN:Zoe").replace(b"Zoe", b"Zo\xeb")).format().encoding == "cp1252"


def test_cards_are_recognised_by_content_or_name() -> None:
    assert is_vcard(b"\xef\xbb\xbf\r\n begin:vcard\r\n")
    assert not is_vcard(b"name,email\nBEGIN:VCARD\n")
    assert open_contacts(b"junk\n" + card("FN:Ann"), name="x.VCF").preset == "vcard"
    assert open_contacts(b"junk\n" + card("FN:Ann"), Options(preset="vcard")).preset == "vcard"
    with pytest.raises(InvalidInput, match="holds no card"):
        open_contacts(b"name,email\n", name="x.vcf")


def test_logical_lines() -> None:
    assert list(unfold(b" a\n b\r\n\tc\r\rd\n")) == [b" abc", b"d"]
    assert parse(b"nothing") is None
    found = parse(b'item1.ADR;X="a;b:c";BARE:x;y\\;z')
    assert found is not None
    assert (found.name, found.params) == ("ADR", {"X": "a;b:c", "BARE": ""})
    assert found.parts(";") == ["x", "y;z"]
    unclosed = parse(b'FN;X="a:Ann')
    assert unclosed is not None
    assert (unclosed.name, unclosed.text) == ("FN", "Ann")


def test_a_large_photo_is_read_in_one_walk() -> None:
    photo = "\r\n ".join("A" * 70 for _ in range(20_000))
    assert person(f"PHOTO;ENCODING=b:{photo}", "FN:Ann").name == "Ann"
