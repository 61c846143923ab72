"""Whether two names may be one person's, and which addresses lead to one mailbox: pure text."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cache

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rusvel_tui.engine.addresses import parse_address
from rusvel_tui.engine.gtm.crm.companies.free_mail import is_free_mail
from rusvel_tui.engine.gtm.crm.merging.likeness import (
    Likeness,
    compare_names,
    mailbox_key,
    sound_keys,
    within,
    words_of,
)
from rusvel_tui.engine.gtm.crm.merging.traits import MAILBOX

SAME, SIMILAR, NO = Likeness.SAME, Likeness.SIMILAR, Likeness.NO
names = st.lists(
    st.sampled_from(
        "ada anna hanna a j jon lovelace loveless king mueller müller 山田 太郎 김민수 김민주".split()
    )
    | st.text("abcdefgh", min_size=1, max_size=9),
    max_size=4,
).map(" ".join)
words = st.text("abc", max_size=7)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Ada Lovelace", "Lovelace, Ada", SAME),
        ("ADA  lovelace", "Ada Lovelace", SAME),
        ("Émile Zola", "Emile Zola", SAME),
        ("Jean-Luc Picard", "Jean Luc Picard", SAME),
        ("山田太郎", "山田 太郎", SAME),
        ("太郎 山田", "山田太郎", SAME),
        ("Ada Lovelace", "A. Lovelace", SIMILAR),
        ("Ada Lovelace", "Ada King Lovelace", SIMILAR),
        ("Grace Hopper", "Garce Hopper", SIMILAR),
        ("Grace Hopper", "Grace Hoper", SIMILAR),
        ("Jörg Müller", "Joerg Mueller", SIMILAR),
        ("Kathrin Meyer", "Katrin Meier", SIMILAR),
        ("Jeanluc Picard", "Jean Luc Picard", SAME),
        ("Annamaria Klein", "Anna Maria Klein", SIMILAR),
        ("Jonathan", "Jonatan", SIMILAR),
        ("Ada", "Ada Lovelace", NO),
        ("A", "Ada", NO),
        ("Jon", "John", NO),
        ("Ann Li", "Ann Lu", NO),
        ("Anna Schmidt", "Bernd Schmidt", NO),
        ("山田太郎", "山田次郎", NO),
        ("김민수", "김민주", NO),
        ("ひろし 田中", "ひろみ 田中", NO),
        ("", "", NO),
        ("", "Ada", NO),
        ("💥", "💥", NO),
    ],
)
def test_q_085_names_are_compared_as_people_read_them(
    one: str, other: str, alike: Likeness
) -> None:
    assert compare_names(words_of(one), words_of(other)) is alike
    assert compare_names(words_of(other), words_of(one)) is alike


@given(names, names)
def test_likeness_has_no_direction(one: str, other: str) -> None:
    left, right = words_of(one), words_of(other)
    assert compare_names(left, right) is compare_names(right, left)


@given(names)
def test_a_name_is_the_same_as_itself_in_any_order(name: str) -> None:
    turned = " ".join(reversed(name.split()))
    assert compare_names(words_of(name), words_of(turned)) is (SAME if words_of(name) else NO)
    assert sound_keys(words_of(name)) == sound_keys(words_of(turned))


@given(words, words, st.integers(0, 3))
def test_slips_are_counted_as_in_the_textbook(one: str, other: str, most: int) -> None:
    @cache
    def distance(i: int, j: int) -> int:
        """Optimal string alignment, by its recurrence."""
        if not i or not j:
            return i + j
        found = min(
            distance(i - 1, j) + 1,
            distance(i, j - 1) + 1,
            distance(i - 1, j - 1) + (one[i - 1] != other[j - 1]),
        )
        if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
            found = min(found, distance(i - 2, j - 2) + 1)
        return found

    assert within(one, other, most) is (distance(len(one), len(other)) <= most)


@pytest.mark.parametrize(
    ("key", "box"),
    [
        ("ada+fair@acme.example", "ada@acme.example"),
        ("a.d.a@acme.example", "a.d.a@acme.example"),
        ("a.d.a+x@gmail.com", "ada@gmail.com"),
        ("ad.a@googlemail.com", "ada@gmail.com"),
    ],
)
def test_a_tag_and_the_dots_of_gmail_do_not_make_another_mailbox(key: str, box: str) -> None:
    assert mailbox_key(key) == box


@given(
    st.text("ab.+x-é", min_size=1, max_size=8),
    st.sampled_from(["gmail.com", "googlemail.com", "acme.example", "mail.gmail.com"]),
)
def test_the_database_knows_the_same_mailboxes(local: str, domain: str) -> None:
    assume(local[0] not in ".+" and local[-1] != "." and ".." not in local)
    key = parse_address(f"{local}@{domain}").key
    with closing(sqlite3.connect(":memory:")) as bare:
        [(found,)] = bare.execute(f"SELECT {MAILBOX} FROM (SELECT ? AS key) AS e", (key,))
    assert found == mailbox_key(key)


@pytest.mark.parametrize(
    ("domain", "free"),
    [
        ("gmail.com", True),
        ("Yahoo.co.uk", True),
        ("gmx.net", True),
        ("qq.com", True),
        ("t-online.de", True),
        ("acme.example", False),
        ("live.tools", False),
        ("mail.acme.com", False),
        ("gmail.acme.com", False),
    ],
)
def test_addresses_of_free_mail_name_no_employer(domain: str, free: bool) -> None:
    assert is_free_mail(domain) is free
