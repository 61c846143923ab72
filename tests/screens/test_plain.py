"""Untrusted text: what it looks like, how wide it is, and that nothing of it works."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from textual.color import Color

from rusvel_tui.widgets.plain import NoControlCodes, cells, fit, plain, tidy, wrap
from tests.screens.pilots import ESCAPES, HOSTILE


@pytest.mark.parametrize("text", HOSTILE)
def test_plain_text_is_never_markup(text: str) -> None:
    """No style, no link, and no control character but line ends."""
    content = plain(text)
    assert content.spans == []
    assert all(c == "\n" or (ord(c) >= 32 and not 127 <= ord(c) < 160) for c in content.plain)


def test_plain_text_keeps_brackets() -> None:
    """What looks like markup is shown as it is."""
    assert plain("Acme [/] [b]Ltd[/b]").plain == "Acme [/] [b]Ltd[/b]"


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("Ada", 6, "Ada   "),
        ("Ada Lovelace", 6, "Ada L…"),
        ("王小明", 6, "王小明"),
        ("王小明", 5, "王小…"),
        ("王小明", 4, "王… "),
        ("👩\u200d🚀 Astro", 10, "👩🚀 Astro"),
        ("line\nbreak", 10, "line break"),
        ("anything", 0, ""),
        ("anything", 1, "…"),
    ],
)
def test_text_fits_its_cells(text: str, width: int, shown: str) -> None:
    """Wide characters count two, a cut is marked, joined emoji fall apart."""
    assert fit(text, width) == shown


def test_text_can_stand_on_the_right() -> None:
    assert fit("42", 5, "right") == "   42"


@given(st.text(max_size=60), st.integers(min_value=1, max_value=40))
def test_text_of_any_kind_has_exactly_its_width(text: str, width: int) -> None:
    """Columns behind a name never move."""
    assert cells(fit(text, width)) == width


@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200),
    st.integers(min_value=2, max_value=30),
)
def test_wrapped_lines_stay_inside(text: str, width: int) -> None:
    """No line is wider than the room, and no letter is lost but those of which nobody knows how wide they are."""
    lines = wrap(text, width)
    assert all(cells(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(tidy(text).split())


def test_lines_break_between_words() -> None:
    assert wrap("to be or not to be\n\nthat", 8) == ["to be or", "not to", "be", "", "that"]


def test_indented_lines_stay_indented() -> None:
    assert wrap("  - one\n  - two", 20) == ["  - one", "  - two"]


def test_the_filter_removes_what_a_widget_let_through() -> None:
    """The last line of defence keeps text and style, and drops every control character."""
    clean = NoControlCodes().apply([Segment(ESCAPES), Segment("fine")], Color.parse("black"))
    assert [segment.text for segment in clean] == ["a]52;c;cHduZWQ=\\b31mcd", "fine"]


def test_the_filter_leaves_clean_lines_alone() -> None:
    """Not even a copy: this runs for every line that is painted."""
    line = [Segment("fine")]
    assert NoControlCodes().apply(line, Color.parse("black")) is line
