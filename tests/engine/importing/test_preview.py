"""A look at a file before anything is written: how it is written, what its columns hold, and what they could hold."""

from __future__ import annotations

from typing import Any

import pytest

from rusvel_tui.engine.errors import InvalidInput
from tests.engine.importing.support import run
from tests.factories import Desk, kinds, query

SHEET = "\ufeffName;Mail;Ort;Mail\r\nZoë;zoe@x.example;Köln;\r\nBob;bob@x.example;;b2@x.example\r\n"


def look(desk: Desk, text: str | bytes, **more: Any) -> Any:
    content = text if isinstance(text, bytes) else text.encode()
    return desk.call("gtm.crm.read_import", content=content, **more)


def test_what_is_seen_of_a_table(desk: Desk) -> None:
    before = query(desk, "SELECT count(*) FROM event")
    found = look(desk, SHEET, name="people.csv")
    assert (found.file_name, found.size, found.preset) == (
        "people.csv",
        len(SHEET.encode()),
        "generic",
    )
    assert found.format.model_dump() == {
        "encoding": "utf-8", "bom": True, "delimiter": ";", "line_end": "crlf",
    }  # fmt: skip
    assert (found.header_row, found.recognised) == (1, True)
    assert [(one.name, one.target, one.known, one.filled) for one in found.columns] == [
        ("Name", "name", True, 2),
        ("Mail", "email", True, 2),
        ("Ort", "custom:Ort", False, 1),
        ("Mail (2)", "email", True, 1),
    ]
    assert found.columns[1].samples == ("zoe@x.example", "bob@x.example")
    assert [(row.row, row.cells[0]) for row in found.rows] == [(2, "Zoë"), (3, "Bob")]
    assert [row.row for row in found.foreign] == [2]
    assert query(desk, "SELECT count(*) FROM event") == before
    assert query(desk, "SELECT count(*) FROM import_run") == [(0,)]


def test_the_targets_are_all_that_a_column_can_hold(desk: Desk) -> None:
    desk.call("gtm.crm.define_field", entity="contact", label="Shoe size", type="number")
    targets = {one.target: one for one in look(desk, SHEET).targets}
    assert {"name", "email", "phone", "company", "notes", "opt_out", "ignore"} <= set(targets)
    assert targets["custom:Shoe size"].label == "Shoe size"
    assert targets["email"].several
    assert not targets["name"].several
    for target in targets:
        assert look(desk, SHEET, mapping={"Ort": target}).columns[2].target == target


def test_the_encoding_shows_in_the_rows_with_foreign_letters(desk: Desk) -> None:
    data = "name,email\nAnn,a@x.example\nJosé,j@x.example\n".encode("cp1252")
    assert look(desk, data).format.encoding == "cp1252"
    assert look(desk, data).foreign[0].cells[0] == "José"
    wrong = look(desk, data, encoding="cp1251")
    assert wrong.foreign[0].cells[0] == "Josй"


def test_a_file_without_a_known_heading_waits_for_a_mapping(desk: Desk) -> None:
    text = "Kunde,Postfach,Ort\nAda,ada@x.example,Bonn\n"
    found = look(desk, text)
    assert not found.recognised
    assert [one.target for one in found.columns] == [
        "custom:Kunde",
        "custom:Postfach",
        "custom:Ort",
    ]
    with pytest.raises(InvalidInput, match="No line with known column names"):
        run(desk, text)
    mapping = {"Kunde": "name", "Postfach": "email"}
    assert look(desk, text, mapping=mapping).recognised
    assert run(desk, text, mapping=mapping).created == 1
    ada = desk.call("gtm.crm.list_contacts").items[0]
    assert (ada.name, ada.email, ada.fields) == ("Ada", "ada@x.example", {"Ort": "Bonn"})


def test_what_is_seen_of_cards(desk: Desk) -> None:
    cards = (
        "BEGIN:VCARD\nFN:Ann\nORG:Acme\nEMAIL:a@x.example\nTEL:+49 30 1\nEND:VCARD\nBEGIN:VCARD\n"
    )
    found = look(desk, cards)
    assert (found.preset, found.header_row, found.columns, found.recognised) == (
        "vcard",
        0,
        (),
        True,
    )
    assert found.rows[0].cells == ("Ann", "Acme", "a@x.example", "+49 30 1")
    assert "no END:VCARD" in found.rows[1].cells[0]


def test_earlier_imports_of_the_file_are_told(desk: Desk) -> None:
    assert look(desk, SHEET).earlier is None
    view = run(desk, SHEET)
    assert look(desk, SHEET).earlier.import_id == view.import_id
    assert look(desk, SHEET + "x").earlier is None


def test_ragged_and_nasty_rows_do_not_hurt(desk: Desk) -> None:
    found = look(desk, 'name,email\n"broken,a@x.example\nAnn\n\x1b[31mEve,e@x.example,x,y\nB\0b,\n')
    assert [row.row for row in found.rows] == [2, 3, 4, 5]
    assert found.rows[2].cells[0] == "Eve"
    assert kinds(desk) == []


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"mapping": {"name": "nonsense"}}, "'nonsense' is nothing that a column can hold"),
        ({"mapping": {"name": "custom:"}}, "'custom:' is nothing that a column can hold"),
        ({"encoding": "nonsense"}, "'nonsense' is no encoding"),
        ({"encoding": "base64"}, "'base64' is no encoding"),
        ({"encoding": "utf-8"}, "not written in utf-8"),
        ({"delimiter": "x"}, "delimiter: "),
        ({"preset": "lotus"}, "is no format of contact files"),
    ],
)
def test_what_cannot_be_asked(desk: Desk, more: dict[str, Any], sentence: str) -> None:
    data = "name,email\nJosé,j@x.example\n".encode("cp1252")
    for operation in ("read_import", "import_contacts"):
        with pytest.raises(InvalidInput, match=sentence):
            desk.call(f"gtm.crm.{operation}", content=data, **more)
