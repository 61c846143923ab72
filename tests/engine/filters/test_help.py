"""Help while a filter is typed: what can come next, and what the line means."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rusvel_tui.engine.filters.completing import MOST, Typed, typed_before
from rusvel_tui.engine.filters.faults import FilterError
from tests.factories import Desk

EXAMPLES = int(os.environ.get("TEST_FILTER_EXAMPLES", "100"))


@pytest.mark.parametrize(
    ("text", "cursor", "typed"),
    [
        ("", 0, Typed(0, "")),
        ("sta", 3, Typed(0, "sta")),
        ("-sta", 4, Typed(1, "sta")),
        ("a sta", 5, Typed(2, "sta")),
        ("a ", 2, Typed(2, "")),
        ("(sta", 4, Typed(1, "sta")),
        ("stage:pro", 9, Typed(6, "pro", "stage", ":")),
        ("stage:pro x", 9, Typed(6, "pro", "stage", ":")),
        ("-stage:lead,pr", 14, Typed(12, "pr", "stage", ":")),
        ("tag:", 4, Typed(4, "", "tag", ":")),
        ("tag:a,", 6, Typed(6, "", "tag", ":")),
        ("value>=5", 8, Typed(7, "5", "value", ">=")),
        ('company:"acme i', 15, Typed(8, "acme i", "company", ":")),
        ('tag:"a, b",c', 12, Typed(11, "c", "tag", ":")),
        ('"a b" st', 8, Typed(6, "st")),
        ("日本 st", 5, Typed(3, "st")),
    ],
)
def test_what_stands_before_the_cursor(text: str, cursor: int, typed: Typed) -> None:
    assert typed_before(text, cursor) == typed


def offered(desk: Desk, text: str, kind: str = "contacts") -> list[str]:
    return [item.text for item in desk.call("gtm.crm.complete_filter", kind=kind, text=text).items]


@pytest.mark.parametrize(
    ("text", "kind", "offers"),
    [
        ("sta", "contacts", ["stage:"]),
        ("-cl", "contacts", ["close"]),
        ("ha", "contacts", ["has:"]),
        ("CUR", "deals", ["currency:"]),
        ("stage:PRO", "contacts", ["Proposal"]),
        ("status:", "deals", ["open", "won", "lost"]),
        ("is:", "deals", ["open", "won", "lost", "rotting", "typed"]),
        ("no:cl", "deals", ["close", "closed"]),
        ("currency:US", "deals", ["USD"]),
        ("tag:", "contacts", ['"big fair"', "lost", "vip"]),
        ("-tag:vip,l", "contacts", ["lost"]),
        ("company:ac", "contacts", ['"Acme GmbH"']),
        ('company:"acme g', "contacts", ['"Acme GmbH"']),
        ("sequence:i", "contacts", ["Intro"]),
        ("country:", "contacts", ["DE"]),
        ("title:ch", "contacts", ["Chief"]),
        ("size:", "contacts", ["small", "large"]),
        ("si", "contacts", ["size:"]),
        ("last<1", "contacts", ["14d", "1mo", "1y"]),
        ("created:to", "contacts", ["today", "tomorrow"]),
        ("value>", "deals", []),
        ("unknown:x", "deals", []),
    ],
)
def test_what_is_offered(desk: Desk, text: str, kind: str, offers: list[str]) -> None:
    desk.contact("Ada", company="Acme GmbH", tags="vip,big fair", country="DE", title="Chief")
    desk.contact("Bo", company="Beta", tags="lost,vip")
    desk.sequence(name="Intro")
    desk.call(
        "gtm.crm.define_field", entity="contact", label="Size", type="choice", choices="small,large"
    )
    assert offered(desk, text, kind) == offers


def test_the_place_to_replace_is_told_in_columns(desk: Desk) -> None:
    found = desk.call("gtm.crm.complete_filter", text="a -stage:pro b", column=13)
    assert (found.start, found.end) == (10, 13)
    found = desk.call("gtm.crm.complete_filter", text="a ")
    assert (found.start, found.end) == (3, 3)


def test_offers_are_bounded(desk: Desk) -> None:
    for number in range(30):
        desk.contact(f"P {number}", tags=f"t{number},u{number},v{number}")
    assert len(offered(desk, "tag:")) == MOST


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("", ""),
        ('stage:proposal value>5k "acme"', "stage is proposal and value above 5k and holds “acme”"),
        ("-tag:vip,x", "not tag has vip or has x"),
        ("a OR (b c)", "holds “a” or (holds “b” and holds “c”)"),
        ("last<14d", "last less than 14d ago"),
        ("close>=2w", "close at least 2w ahead"),
        ("created<2026-01", "created before 2026-01"),
        ("created:3d..5d", "created from 3d to 5d"),
        ("value:..5k", "value to 5k"),
        ("has:email no:next is:open", "has email and has no next and is open"),
    ],
)
def test_what_a_filter_means(desk: Desk, text: str, meaning: str) -> None:
    seen = desk.call("gtm.crm.check_filter", filter=text)
    assert (seen.valid, seen.meaning, seen.problem) == (True, meaning, "")


def test_what_is_wrong_with_a_filter(desk: Desk) -> None:
    """The blanks before it count: the columns are those of the line as it is typed."""
    seen = desk.call("gtm.crm.check_filter", filter="  stage:x", kind="deals")
    assert (seen.valid, seen.column, seen.width) == (False, 9, 1)
    assert seen.problem.startswith("There is no stage 'x'.")


_PIECES = st.sampled_from(
    ("stage:", "tag:", "value>", "last<", "has:", "is:", "no:", "-", "(", ")", " OR ", '"', ",", "..", "14d", "5k", "EUR",
     "proposal", "vip", "2026-11", " ", "é", "日", "\\", "email", "open", "close", "x:", "=", "\x00", "\u202e", "9" * 20)
)  # fmt: skip


def test_nothing_that_is_typed_breaks_anything(desk: Desk) -> None:
    """Whatever stands in the line is understood, or refused at a column; completion always answers."""
    desk.contact("Ada", tags="vip")

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), deadline=None)
    @given(st.lists(_PIECES, max_size=9).map("".join) | st.text(max_size=20), st.integers(1, 30))
    def check(text: str, column: int) -> None:
        for kind, listing in (
            ("contacts", "contact_ids"),
            ("deals", "list_deals"),
            ("companies", "list_companies"),
        ):
            seen = desk.call("gtm.crm.check_filter", kind=kind, filter=text)
            assert seen.valid or 1 <= seen.column <= len(text) + 1
            found = desk.call("gtm.crm.complete_filter", kind=kind, text=text, column=column)
            assert 1 <= found.start <= found.end <= len(text) + 1
            try:
                desk.call(f"gtm.crm.{listing}", filter=text)
            except FilterError:
                assert not seen.valid

    check()
