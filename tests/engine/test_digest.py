"""What a yes is tied to: the digest of everything that leaves."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rusvel_tui.engine.gtm.outreach.mails.compose import digest

SIGNED = ("Ann", "ann@example.com", "Bob", "bob@acme.example", "Hello", "Text")


def test_the_digest_is_stable() -> None:
    assert digest(*SIGNED) == "e5f13c72d11970edc00b9bc584ad86769df9999b728071f61a3971a40b0b4b3a"


@pytest.mark.parametrize("position", range(len(SIGNED)))
def test_the_digest_covers_every_field(position: int) -> None:
    t = [text + " " if at == position else text for at, text in enumerate(SIGNED)]
    assert digest(t[0], t[1], t[2], t[3], t[4], t[5]) != digest(*SIGNED)


def test_the_digest_cannot_be_fooled_by_moving_text_between_fields() -> None:
    moves: list[Callable[[], str]] = [
        lambda: digest("ab", "", "", "", "", ""),
        lambda: digest("a", "b", "", "", "", ""),
        lambda: digest("", "", "", "", "a", "b"),
        lambda: digest("", "", "", "", "a\nb", ""),
        lambda: digest("", "", "", "", '","', ""),
        lambda: digest("", "", "", "", "", "", [("a", "b")]),
        lambda: digest("", "", "", "", "", "", [("a", "b"), ("", "")]),
        lambda: digest("\ud800", "", "", "", "", ""),
    ]
    assert len({move() for move in moves}) == len(moves)
