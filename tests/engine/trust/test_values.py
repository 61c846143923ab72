"""A stored value as JSON and back: whatever SQLite can hold comes back as it was."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rusvel_tui.engine.models.base import dump_json
from rusvel_tui.engine.trust.archive.values import line, shown, stored

DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
).map(dump_json)
VALUES = (
    st.none()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats()
    | st.text(st.characters(codec="utf-8"))
    | st.binary()
    | DOCUMENTS
    | st.sampled_from(('{"$text":"x"}', '{"$base64":1}', "[", "{}", '{"b":1,"a":2}', "[1.50]", "[NaN]", "\u2028\n", '{"a":1e400}'))
)  # fmt: skip


@given(VALUES)
def test_q_165_every_value_comes_back_as_it_was(value: Any) -> None:
    text = line({"row": {"x": shown(value)}})
    assert text.count(b"\n") == 1
    again = stored(json.loads(text, parse_constant=lambda name: pytest.fail(name))["row"]["x"])
    assert type(again) is type(value)
    assert again == value or value != value  # NaN equals nothing


@pytest.mark.parametrize(
    "wrong",
    [True, 2**63, {"$base64": "?"}, {"$base64": 1}, {"$real": "much"}, {"$text": None}],
    ids=str,
)
def test_what_no_archive_holds_is_refused(wrong: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        stored(wrong)


def test_a_document_is_shown_as_one_and_nothing_else_is() -> None:
    assert shown('{"a":[1]}') == {"a": [1]}
    assert shown('{"a": [1]}') == {"$text": '{"a": [1]}'}
    assert shown("plain") == "plain"
