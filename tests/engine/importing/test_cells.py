"""Single cells: text, phone numbers, tags, links, and what counts as equal."""

from __future__ import annotations

import pytest

from rusvel_tui.engine.gtm.crm.importing.cells import (
    clean_line,
    clean_text,
    compare_key,
    says_yes,
    split_labels,
    split_phones,
    split_tags,
)
from rusvel_tui.engine.gtm.crm.importing.decode import cp1252, decode
from rusvel_tui.engine.gtm.crm.people.identity import phone_digits, profile_slug

LINES = {
    "  Ann   Lee ": "Ann Lee",
    "Ann\r\nLee": "Ann Lee",
    "Ann\x0bLee\x85Roe\u2028Poe": "Ann Lee Roe Poe",
    "\u3000Ann\u00a0Lee\u2003": "Ann Lee",
    "Zo\u0065\u0308": "Zoë",
    "Ann\u200b\u2060\ufeff Lee": "Ann Lee",
    "می\u200cخواهم": "می\u200cخواهم",
    "👩\u200d🚀": "👩\u200d🚀",
    "\x1b[31mRed\x1b[0m Ann": "Red Ann",
    "\u202eAnn\u202c": "Ann",
    "'=1+1": "=1+1",
    "'+49 30": "+49 30",
    "'-x": "-x",
    "'@x": "@x",
    "'tis": "'tis",
    "=1+1": "=1+1",
    "undefined": "",
    "null": "",
    "(null)": "",
    "N/A": "",
    "n/a": "",
    "#N/A": "",
    "-": "",
    " - ": "",
    "Null": "Null",
    "NULL": "NULL",
    "Undefined": "Undefined",
    "N/a": "N/a",
    "--": "--",
    "[@click=app.quit]x[/]": "[@click=app.quit]x[/]",
    "{{first_name}}": "{{first_name}}",
    "'; DROP TABLE contacts; --": "'; DROP TABLE contacts; --",
    "x" * 300: "x" * 300,
}


@pytest.mark.parametrize(("cell", "wanted"), LINES.items())
def test_a_line(cell: str, wanted: str) -> None:
    assert clean_line(cell) == wanted


def test_a_text_keeps_its_lines() -> None:
    assert clean_text(" one\r\n  two\u00a0 \x1b[2J\n") == "one\n  two"
    assert clean_text(" n/a\n") == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann  Lee", "ann lee"),
        ("STRASSE", "straße"),
        ("Zoe\u0308", "ZOË"),
        ("Ann\x07\u202e Lee ", "ann lee"),
        ("Ann\nLee", "ann lee"),
    ],
)
def test_values_that_differ_only_in_case_and_white_space_are_equal(one: str, other: str) -> None:
    assert compare_key(one) == compare_key(other)


def test_accents_make_a_difference() -> None:
    assert compare_key("Zoe") != compare_key("Zoë")


PHONES = {
    "+1 202-555-0146": (["12025550146"], []),
    "0049 30 123": (["4930123"], []),
    "+49 30 1 ::: +49 30 2;+49 30 3, +49 30 4": (["49301", "49302", "49303", "49304"], []),
    "tel:+1-202-555-0146;ext=22": (["12025550146"], []),
    "TEL:+353 20;EXT=5;tel:+353 21": (["35320", "35321"], []),
    "030/12 34 (x5)": (["03012345"], []),
    "٠١٢٣": (["0123"], []),
    "12": ([], ["12"]),
    "call me": ([], ["call me"]),
    "1.23457E+11": ([], ["1.23457E+11"]),
    "5,1E+9": ([], ["5,1E+9"]),
    "+49 30 1;4,9e11": (["49301"], ["4,9e11"]),
    "12, +49 30 1": (["49301"], ["12"]),
    ";, ": ([], []),
}


@pytest.mark.parametrize(("cell", "wanted"), PHONES.items())
def test_phones(cell: str, wanted: tuple[list[str], list[str]]) -> None:
    found, bad = split_phones(cell)
    assert ([digits for _, digits in found], bad) == wanted


def test_a_leading_double_zero_is_a_plus() -> None:
    assert phone_digits("0049 30 1") == phone_digits("+49 30 1") != phone_digits("049 30 1")


SLUGS = {
    "https://www.linkedin.com/in/Ann-Fixture-1": "ann-fixture-1",
    "http://de.linkedin.com/in/ann-fixture?trk=x#y": "ann-fixture",
    "linkedin.com/in/ann-fixture/": "ann-fixture",
    "//LinkedIn.com/pub/ann-fixture/1/2/3": "ann-fixture",
    "WWW.LINKEDIN.COM/IN/ANN-FIXTURE": "ann-fixture",
    "https://linkedin.com:443/in/ann-fixture": "ann-fixture",
    "https://www.linkedin.com/in/n%C3%B1-fixture": "nñ-fixture",
    "https://www.linkedin.com/in/n\u0303-fixture": "ñ-fixture",
    "https://www.linkedin.com/company/fixture": "",
    "https://notlinkedin.com/in/ann-fixture": "",
    "https://linkedin.com.evil.example/in/ann-fixture": "",
    "https://evil.example/linkedin.com/in/ann-fixture": "",
    "https://www.linkedin.com/in/": "",
    "ann-fixture": "",
}


@pytest.mark.parametrize(("link", "wanted"), SLUGS.items())
def test_profile_slugs(link: str, wanted: str) -> None:
    assert profile_slug(link) == wanted


def test_a_slug_cannot_smuggle_control_characters() -> None:
    assert profile_slug("linkedin.com/in/a%1B%5B31mb%00c") == "abc"


def test_tags() -> None:
    assert split_tags("one; two,three ;;") == ["one", "two", "three"]
    assert split_labels("* myContacts ::: * Friends ::: My Contacts ::: Work") == [
        "Friends",
        "Work",
    ]
    assert split_labels("*") == split_labels("* ") == split_labels("") == []


@pytest.mark.parametrize("cell", ["true", "TRUE", "1", "Yes", "y", "X", "t"])
def test_yes(cell: str) -> None:
    assert says_yes(cell)


@pytest.mark.parametrize("cell", ["", "false", "0", "no", "n", "maybe", "2"])
def test_not_yes(cell: str) -> None:
    assert not says_yes(cell)


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"abc", ("abc", "utf-8", False)),
        (b"\xef\xbb\xbfabc", ("abc", "utf-8", True)),
        ("\ufeffaé".encode("utf-16-le"), ("aé", "utf-16-le", True)),
        ("\ufeffaé".encode("utf-16-be"), ("aé", "utf-16-be", True)),
        ("é€".encode(), ("é€", "utf-8", False)),
        ("é – €“".encode("cp1252"), ("é – €“", "cp1252", False)),
        (b"\xe9\x81", ("é\x81", "cp1252", False)),
        (b"\xef\xbb\xbf\xe9", ("\ufffd", "utf-8", True)),
    ],
)
def test_encodings(data: bytes, wanted: tuple[str, str, bool]) -> None:
    found = decode(data)
    assert (found.text, found.encoding, found.bom) == wanted


def test_every_byte_has_a_letter_in_windows_text() -> None:
    assert len(cp1252(bytes(range(256)))) == 256
