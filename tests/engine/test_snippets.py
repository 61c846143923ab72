"""The part of a text that shows the words, and where they stand in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rusvel_tui.engine.snippets import WIDTH, matches, snippet
from rusvel_tui.engine.text import fold, one_line


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("Ada Lovelace", ["ada"], ["Ada"]),
        ("Ada Lovelace", ["love", "ada"], ["Ada", "Love"]),
        ("Émile BRONTË", ["emile", "bronte"], ["Émile", "BRONTË"]),
        ("Straße 5", ["strasse"], ["Straße"]),
        ("Straße", ["s"], ["S", "ß"]),
        ("aaa", ["aa"], ["aa"]),
        ("abcd", ["abc", "bcd"], ["abcd"]),
        ("田中太郎", ["太郎"], ["太郎"]),
        ("👩 ada", ["ada"], ["ada"]),
        ("nothing", ["ada", ""], []),
        ("", ["ada"], []),
    ],
)
def test_where_words_stand(text: str, words: list[str], found: list[str]) -> None:
    """Positions count characters of the text as it is, however folding changes its length."""
    assert [text[start:end] for start, end in matches(text, words)] == found


def test_a_short_text_is_shown_whole_as_one_line() -> None:
    made = snippet("Budget\nis  known", ["known"])
    assert made.text == "Budget is known"
    assert [made.text[a:b] for a, b in made.matches] == ["known"]


def test_of_a_long_text_the_part_around_the_first_match_is_shown() -> None:
    made = snippet("before " * 60 + "the budget is known " + "after " * 60, ["budget"])
    assert made.text.startswith("…")
    assert made.text.endswith("…")
    assert len(made.text) == WIDTH + 2
    assert [made.text[a:b] for a, b in made.matches] == ["budget"]
    assert "the budget is known" in made.text


def test_without_a_match_the_beginning_is_shown() -> None:
    assert snippet("x" * 500, ["budget"]) == ("x" * WIDTH + "…", ())


@given(st.text(max_size=300), st.lists(st.text(min_size=1, max_size=5).map(fold), max_size=3))
def test_positions_always_lie_in_the_text(text: str, words: list[str]) -> None:
    made = snippet(text, words)
    end = 0
    for start, stop in made.matches:
        assert end <= start < stop <= len(made.text)
        end = stop
    for start, stop in matches(one_line(text), words):
        part = fold(f".{one_line(text)[start:stop]}.")
        assert any(word in part for word in words)
