"""An operation as people type it: names, values, quotes and brackets, and where each of them stands."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rusvel_tui.engine.core import find_operation
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.typed_line import fields_of, quoted, read_line

ADD = "gtm.crm.add_contact"


@pytest.mark.parametrize(
    ("line", "data"),
    [
        ("name=Ada", {"name": "Ada"}),
        ('  name="Ada Lovelace"  email=a@x.example ', {"name": "Ada Lovelace", "email": "a@x.example"}),
        ("name='O\"Hara'", {"name": 'O"Hara'}),
        (r'name="a \"b\" \\ c"', {"name": r'a "b" \ c'}),
        ("name=O'Hara", {"name": "O'Hara"}),
        ('tags=["a", "b c"] name=Ada', {"tags": ["a", "b c"], "name": "Ada"}),
        ('name=[draft]', {"name": "[draft]"}),
        ("name=", {"name": ""}),
        ("name=a=b", {"name": "a=b"}),
    ],
)  # fmt: skip
def test_fields_are_read_as_they_are_meant(line: str, data: dict[str, Any]) -> None:
    assert fields_of(find_operation(ADD), read_line(f"{ADD} {line}")) == data


@pytest.mark.parametrize(
    ("line", "field", "word"),
    [
        ("name", "name", "needs a value"),
        ("Ada", "Ada", "is no field"),
        ('name="Ada', "name", "not closed"),
        ('tags=["a"', "tags", "not closed"),
        ("tags=[a]", "tags", "not valid JSON"),
        ("tags=[NaN]", "tags", "no number"),
    ],
)
def test_what_cannot_be_read_names_its_field(line: str, field: str, word: str) -> None:
    with pytest.raises(InvalidInput, match=word) as caught:
        fields_of(find_operation(ADD), read_line(f"{ADD} {line}"))
    assert caught.value.field == field


@given(st.text(max_size=60))
def test_any_text_is_read_and_every_part_stands_where_it_says(text: str) -> None:
    for word in read_line(text).words:
        assert text[word.start : word.end] == word.text


@given(st.text(st.characters(exclude_categories=("C", "Z")) | st.just(" "), max_size=40))
def test_a_quoted_value_comes_back(value: str) -> None:
    (word,) = read_line(f"x.y name={quoted(value)}").words
    assert (word.value, word.whole) == (value, True)
