"""Markdown as lines: every construct, every width, piece by piece the same as at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rusvel_tui.widgets.chat.markdown_lines import markdown_lines
from rusvel_tui.widgets.chat.runs import length, wrap_runs
from rusvel_tui.widgets.chat.streamed import Streamed
from tests.screens.pilots import HOSTILE

SAMPLE = """\
# Title

Some **bold**, *slanted*, `code` and ~~gone~~ words, a [link](http://x.example) and <b>no html</b>.

- one
- two
  1. deep
  2. deeper

> said by somebody

```
left
    right
```

| a | b |
|---|--:|
| x | 1 |

---
the end
"""


def text_of(lines: object) -> str:
    return "\n".join("".join(text for text, _ in line) for line in lines)  # type: ignore[attr-defined]


def test_every_construct_has_its_look() -> None:
    """What colour shows, a sign or a shape shows too."""
    lines = markdown_lines(SAMPLE, 90)
    shown = text_of(lines)
    for part in ("Title\n─────", "• one", "  1. deep", "▎ said by somebody", "│     right", "a │ b", "x │ 1", "~gone~", "link (http://x.example)", "<b>no html</b>"):  # fmt: skip
        assert part in shown, part
    tones = {tone for line in lines for _, tone in line}
    assert {"strong", "em", "code", "accent", "rule", "muted"} <= tones


@pytest.mark.parametrize("width", [4, 9, 20, 33, 60, 120])
def test_q_137_no_line_is_wider_than_the_screen(width: int) -> None:
    """Wide letters are never cut in the middle."""
    text = SAMPLE + "\n\n" + "王小明 " * 30 + "x" * 300 + "\n\n" + "\n\n".join(HOSTILE)
    roomy = max(width, 12)
    assert all(length(line) <= roomy for line in markdown_lines(text, roomy))


@pytest.mark.parametrize("size", [1, 3, 7, 50])
def test_piece_by_piece_is_the_same_as_at_once(size: int) -> None:
    """Also when a construct is complete only later."""
    grown = Streamed()
    for end in range(0, len(SAMPLE) + size, size):
        assert grown.lines(SAMPLE[:end], 50) == markdown_lines(SAMPLE[:end], 50), SAMPLE[:end]


def test_another_width_or_another_text_begins_anew() -> None:
    grown = Streamed()
    grown.lines(SAMPLE, 50)
    assert grown.lines(SAMPLE, 30) == markdown_lines(SAMPLE, 30)
    assert grown.lines("other", 30) == markdown_lines("other", 30)


@given(st.lists(st.tuples(st.text(max_size=40), st.sampled_from(["", "strong"])), max_size=6), st.integers(2, 40))  # fmt: skip
def test_wrapping_loses_no_word_and_breaks_no_width(
    runs: list[tuple[str, str]], width: int
) -> None:
    lines = wrap_runs(runs, width)
    assert all(length(line) <= width for line in lines)
    kept = "".join(text for line in lines for text, _ in line)
    whole = "".join("".join(text for text, _ in wrap_runs(runs, 10_000)[at]) for at in range(len(wrap_runs(runs, 10_000))))  # fmt: skip
    assert "".join(kept.split()) == "".join(whole.split())
