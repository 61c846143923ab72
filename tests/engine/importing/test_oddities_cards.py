"""What address books write into vCards: one card of our own for each oddity, and what must become of it."""

from __future__ import annotations

import pytest

from tests.engine.importing.support import Found
from tests.factories import Desk

CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\n{}\r\nEND:VCARD\r\n"


def cards(*bodies: str) -> str:
    return "".join(CARD.format(body.replace("\n", "\r\n")) for body in bodies)


def test_vcard_as_apple_writes_it(desk: Desk) -> None:
    body = (
        "PRODID:-//Apple Inc.//macOS 14.5//EN\nN:Parandeh;Golnaz;;;\nFN:Golnaz Parandeh\nORG:Acme GmbH;\n"
        "EMAIL;type=INTERNET;type=WORK;type=pref:golnaz@acme.example\nitem1.TEL;type=pref:+49 30 6789\n"
        "item1.X-ABLabel:Zentrale\nitem2.URL;type=pref:https\\://acme.example\nitem2.X-ABLabel:_$!<HomePage>!$_\n"
        "item3.ADR;type=WORK:;;Musterstr 1;Berlin;;10115;Germany\nitem3.X-ABADR:de\n"
        "BDAY;X-APPLE-OMIT-YEAR=1604:1604-12-10\n"
        "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD//gA8Q1JFQVRPUjog\n Z2QtanBlZyB2MS4w=\n"
        "NOTE:Line one\\nline two\\, with a comma"
    )
    one = Found(desk, cards(body))["Golnaz Parandeh"]
    assert (one.company, one.emails[0].label, one.phones[0].label) == (
        "Acme GmbH",
        "work",
        "zentrale",
    )
    assert (one.links, one.country) == (("https://acme.example",), "DE")
    assert one.fields == {"Birthday": "--12-10", "Address": "Musterstr 1\nBerlin\n10115\nGermany"}
    assert one.notes == "Line one\nline two, with a comma"
    assert "PHOTO" not in str(one.metadata)


def test_vcard_of_old_phones(desk: Desk) -> None:
    text = (
        "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=98stergaard;Zo=C3=AB;;;\n"
        "TEL;CELL;PREF:+4712345678\nTEL;HOME:+4712345678\nEMAIL;X-CUSTOM(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,x):z@x.example\n"
        "NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:a long note that goes on=\n and on\nEND:VCARD\n"
    )
    zoe = Found(desk, text)["Zoë Østergaard"]
    assert [(one.number, one.label) for one in zoe.phones] == [("+4712345678", "mobile")]
    assert zoe.notes == "a long note that goes on and on"


def test_vcard_4_with_links_lists_and_no_year(desk: Desk) -> None:
    body = (
        'FN:Ann\nTEL;VALUE=uri;TYPE="voice,cell";PREF=1:tel:+1-212-555-0100;ext=5\nBDAY:--0307\n'
        "EMAIL;PREF=1:ann@x.example\nPHOTO:data:image/jpeg;base64,AAAA\nX-SOCIALPROFILE;TYPE=linkedin:https://www.linkedin.com/in/fixture-ann"
    )
    ann = Found(desk, cards(body).replace("3.0", "4.0"))["Ann"]
    assert (ann.phones[0].label, ann.phones[0].e164) == ("mobile", "+12125550100")
    assert (ann.fields, ann.profile) == ({"Birthday": "--03-07"}, "fixture-ann")


def test_vcard_groups_companies_and_nobody(desk: Desk) -> None:
    found = Found(
        desk,
        cards(
            "KIND:group\nFN:Friends\nMEMBER:urn:uuid:1",
            "KIND:org\nFN:Acme\nORG:Acme GmbH;Sales",
            "FN:Best\nX-ABShowAs:COMPANY",
            "N:Lee;Ann;;;",
            "ORG:Only Org;",
            "NOTE:nobody",
            "FN:",
        ),
    )
    assert found.counts == (4, 0, 3, 0)
    assert set(found.people) == {"Acme GmbH", "Best", "Ann Lee", "Only Org"}


@pytest.mark.parametrize("fold", ["\r\n ", "\n\t", "\r "])
def test_vcard_folds_cut_letters(desk: Desk, fold: str) -> None:
    body = "BEGIN:VCARD\nFN:Zoë Quist\nNOTE:花子と太郎\nEND:VCARD\n".encode()
    cut = body.replace("ë".encode(), "ë".encode()[:1] + fold.encode() + "ë".encode()[1:])
    cut = cut.replace("子".encode(), "子".encode()[:2] + fold.encode() + "子".encode()[2:])
    assert Found(desk, cut, name="x.vcf")["Zoë Quist"].notes == "花子と太郎"


def test_vcard_nested_agent_and_an_address_packed_into_one_part(desk: Desk) -> None:
    text = cards(
        "FN:Ann\nADR;TYPE=HOME:;1 Road\\nCork\\nIreland;;;;;\nAGENT;VALUE=uri:x.vcf\nX-FOO:bar\nEMAIL:a@x.example"
    )
    ann = Found(desk, text)["Ann"]
    assert ann.fields == {"Address": "1 Road\nCork\nIreland"}
    assert ann.metadata["vcard"] == ["X-FOO:bar"]
    nested = "BEGIN:VCARD\nFN:Boss\nAGENT:\nBEGIN:VCARD\nFN:Agent\nEND:VCARD\nEND:VCARD\n"
    found = Found(desk, nested)
    assert found.view.rejected_rows[0].why == "unfinished_card"
    assert "Agent" in found.people


def test_vcard_charsets_and_spelling(desk: Desk) -> None:
    text = b"begin:vcard\r\nversion:2.1\r\nfn;charset=iso-8859-1:Ren\xe9e\r\nEmail;Internet:r@x.example\r\nend:vcard\r\n"
    assert Found(desk, text)["Renée"].email == "r@x.example"
