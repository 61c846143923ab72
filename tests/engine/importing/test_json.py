"""JSON files: a list of objects, or one object in each line, read like a table."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rusvel_tui.engine.errors import InvalidInput
from tests.engine.importing.support import Found, run
from tests.factories import Desk, query

PEOPLE: list[dict[str, Any]] = [
    {"name": "Ann", "email": "ann@x.example", "tags": ["vip", "fair"], "score": 7, "vip": True},
    {"name": "Bob", "company": "Acme", "email": None, "address": {"city": "Cork"}},
    {"email": "nonsense"},
    {},
]


@pytest.mark.parametrize("form", ["list", "lines", "indented", "marked"])
def test_objects_are_rows_and_their_keys_headings(desk: Desk, form: str) -> None:
    text = {
        "list": json.dumps(PEOPLE),
        "indented": json.dumps(PEOPLE, indent=2),
        "marked": "\ufeff" + json.dumps(PEOPLE),
        "lines": "\n".join(map(json.dumps, PEOPLE)) + "\n\n",
    }[form]
    found = Found(desk, text)
    assert (found.view.preset, found.counts) == ("generic", (2, 0, 1, 1))
    assert found.view.rejected_rows[0].row == 3
    assert found["Ann"].tags == ("vip", "fair")
    assert found["Ann"].fields == {"score": "7", "vip": "true"}
    assert found["Bob"].fields == {"address": '{"city": "Cork"}'}
    assert found.view.format.model_dump() == {
        "encoding": "utf-8",
        "bom": form == "marked",
        "delimiter": None,
        "line_end": None if form in ("list", "marked") else "lf",
    }


def test_json_is_looked_at_and_mapped(desk: Desk) -> None:
    data = json.dumps([{"Kunde": "Ann", "Post": "a@x.example"}]).encode()
    found = desk.call("gtm.crm.read_import", content=data)
    assert (found.recognised, found.header_row) == (False, 0)
    assert [(one.name, one.samples) for one in found.columns] == [
        ("Kunde", ("Ann",)),
        ("Post", ("a@x.example",)),
    ]
    with pytest.raises(InvalidInput, match="No line with known column names"):
        run(desk, data)
    assert run(desk, data, mapping={"Kunde": "name", "Post": "email"}).created == 1


def test_rejected_objects_go_to_a_table(desk: Desk, tmp_path: Any) -> None:
    target = tmp_path / "rejected.csv"
    run(desk, json.dumps(PEOPLE), rejected_path=str(target))
    text = target.read_text().replace("nonsense", "kim@x.example")
    assert run(desk, text).created == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[{"name": "Ann"', r"no whole JSON \(line 1\)"),
        ('{"name": "Ann"}\n{"name": ', "no whole JSON"),
        ('[{"name": "Ann"}, 7]', "Item 2 of the file is no object"),
        ("[]", "No line with known column names"),
        ("[{}]", "No line with known column names"),
        ("[{" + '"a":[' * 100_000, "no whole JSON"),
    ],
)
def test_what_is_no_table_is_refused(desk: Desk, text: str, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        run(desk, text)
    assert query(desk, "SELECT count(*) FROM import_run") == [(0,)]


def test_hostile_values_stay_text(desk: Desk) -> None:
    text = json.dumps([{"name": "\x1b[31mRed\u202e", "email": "a@x.example", "notes": "a\0b"}])
    assert run(desk, text).rejected_rows[0].why == "nul_byte"
    assert set(Found(desk, text.replace("\\u0000", "")).people) == {"Red"}
