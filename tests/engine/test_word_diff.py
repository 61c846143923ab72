"""The word diff: both texts can be read out of it, and it says what changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rusvel_tui.engine.word_diff import LONGEST, word_diff

TEXTS = st.text(st.sampled_from("ab c\n é😀"), max_size=40)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_out_of_it(before: str, after: str) -> None:
    pieces = word_diff(before, after)
    assert "".join(text for kind, text in pieces if kind != "new") == before
    assert "".join(text for kind, text in pieces if kind != "gone") == after
    assert all(text for _, text in pieces)


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("a b c", "a b c", [("same", "a b c")]),
        ("Hi Ann, hello", "Hi Bob, hello", [("same", "Hi "), ("gone", "Ann,"), ("new", "Bob,"), ("same", " hello")]),
        ("", "new", [("new", "new")]),
        ("one two three", "uno due three", [("gone", "one two"), ("new", "uno due"), ("same", " three")]),
    ],
)  # fmt: skip
def test_it_says_what_changed(before: str, after: str, pieces: list[tuple[str, str]]) -> None:
    assert list(word_diff(before, after)) == pieces


def test_a_long_text_differs_as_a_whole() -> None:
    before = "word " * LONGEST
    assert [kind for kind, _ in word_diff(before, "other")] == ["gone", "new"]
