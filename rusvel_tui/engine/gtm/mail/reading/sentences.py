"""Text as folded sentences, for the word lists: no accents, no case, one blank between words."""

from __future__ import annotations

import re

from rusvel_tui.engine.text import fold, sanitize

_END = re.compile(r"(?<=[.!?;])\s+|(?<=[。！？])|\n\s*\n|\n(?=[-*•])")
_PLAIN = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'", "ı": "i", "æ": "ae", "Æ": "ae", "œ": "oe", "đ": "d", "ð": "d"})  # fmt: skip
MAX = 60
"""So many sentences are looked at."""
_ABBREVIATED = re.compile(
    r"\b(\d{1,2}|Mr|Mrs|Ms|Dr|Nr|No|jan|feb|febr|mar|mär|apr|abr|avr|jun|jul|juil|aug|sep|sept|set|okt|oct|nov|dec|dez|dic|déc|gen|mag|giu|lug|ago|ott|ene|ca|bzw|inkl|incl|incl|einschl|t\.o\.m|t\.e\.m|z\.B)\.[ \n]+(?=\S)",
    re.IGNORECASE,
)


def folded(text: str) -> str:
    """The text in the form in which words are compared."""
    return fold(sanitize(text).translate(_PLAIN)).translate(_PLAIN)


def sentences(text: str) -> list[str]:
    """The first sentences of a text; a line break inside one is a blank, and the point of `5. October` ends none."""
    joined = _ABBREVIATED.sub(r"\1.", sanitize(text[:40_000]))
    return [said for piece in _END.split(joined)[:MAX] if (said := folded(piece))]


def folded_pattern(pattern: str) -> str:
    """A pattern whose letters are folded as the text is: `が` and `й` lose their marks there."""
    return re.sub(r"[^\x00-\x7f]+", lambda found: folded(found[0]), pattern)
