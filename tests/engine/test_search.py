"""One search over people, companies, deals and everything that was written about them."""

from __future__ import annotations

import re
from typing import Any

import pytest

from rusvel_tui.engine import search as search_index
from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.finding.search_hits import SearchHit
from tests.factories import Desk, query


def hits(desk: Desk, words: str, **more: Any) -> list[SearchHit]:
    return list(desk.call("gtm.crm.search", query=words, **more).items)


def said(desk: Desk, words: str, **more: Any) -> list[tuple[str, str]]:
    """Kind and title of what is found, in its order."""
    return [(hit.kind.value, hit.title) for hit in hits(desk, words, **more)]


@pytest.fixture
def desk_of_looms(desk: Desk) -> dict[str, str]:
    ada = desk.contact(
        "Ada Lovelace",
        "ada@acme.example",
        company="Acme GmbH",
        tags="vip",
        notes="Budget comes in spring",
    )
    bo = desk.contact("Bo Müller", "bo@other.example", company="Müller & Sons", title="Weaver")
    deal = desk.call(
        "gtm.crm.add_deal",
        contact_id=ada.contact_id,
        title="Looms for the mill",
        notes="Wants a discount; the budget is known",
    )
    note = desk.call(
        "gtm.crm.add_note", contact_id=bo.contact_id, body="Naïve about the budget, 太郎 was there"
    )
    task = desk.call("gtm.crm.add_task", subject="Call about the budget", contact_id=ada.contact_id)
    return {
        "ada": ada.contact_id,
        "bo": bo.contact_id,
        "deal": deal.deal_id,
        "note": note.activity_id,
        "task": task.activity_id,
    }


def test_q_090_names_come_before_subjects_and_subjects_before_texts(
    desk: Desk, desk_of_looms: dict[str, str]
) -> None:
    """Q-090: one index over everything; in each tier the newest is first."""
    found = hits(desk, "budget")
    assert [hit.id for hit in found] == [
        desk_of_looms["task"], desk_of_looms["note"], desk_of_looms["deal"], desk_of_looms["ada"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ada", [("Contact", "Ada Lovelace")]),
        ("ADA love", [("Contact", "Ada Lovelace")]),
        ("velac", [("Contact", "Ada Lovelace")]),
        ("muller", [("Company", "Müller & Sons"), ("Contact", "Bo Müller")]),
        ("bo sons", [("Contact", "Bo Müller")]),
        ("acme", [("Company", "Acme GmbH"), ("Contact", "Ada Lovelace")]),
        ("ada@acme", [("Contact", "Ada Lovelace")]),
        ("vip", [("Contact", "Ada Lovelace")]),
        ("weav", [("Contact", "Bo Müller")]),
        ("loom", [("Deal", "Looms for the mill")]),
        ("mill the", [("Deal", "Looms for the mill")]),
        ("discount", [("Deal", "Looms for the mill")]),
        ("naive", [("Activity", "Note")]),
        ("NAÏVE budg", [("Activity", "Note")]),
        ("太郎", [("Activity", "Note")]),
        ("郎", [("Activity", "Note")]),
        ("ada spring", []),
        ("unheard", []),
        ("%", []),
        ("_", []),
        ('"', []),
        ("*", []),
        ("😀", []),
    ],
)
def test_what_is_found(
    desk: Desk, desk_of_looms: dict[str, str], words: str, found: list[tuple[str, str]]
) -> None:
    assert said(desk, words) == found


@pytest.mark.parametrize("words", ["", "   ", "\x1b[2J", "\u202e"])
def test_nothing_to_look_for_finds_nothing(
    desk: Desk, desk_of_looms: dict[str, str], words: str
) -> None:
    assert said(desk, words) == []


@pytest.mark.parametrize(
    "words",
    ["NEAR(a b)", "title:x", "a OR b", "a*", "{title}: x", "x^2", "a AND", "-a", "(", "a\\"],
)
def test_the_words_are_never_read_as_a_query(
    desk: Desk, desk_of_looms: dict[str, str], words: str
) -> None:
    """Signs widen nothing: with them nothing is found that the words alone do not find."""
    alone = hits(desk, " ".join(re.findall(r"\w+", words)))
    assert {hit.id for hit in hits(desk, words)} <= {hit.id for hit in alone}


def test_a_hit_says_where_the_words_stand(desk: Desk, desk_of_looms: dict[str, str]) -> None:
    [by_name] = hits(desk, "love")
    assert [by_name.title[a:b] for a, b in by_name.title_matches] == ["Love"]
    assert (by_name.about, by_name.snippet, by_name.contact_id) == (
        "Acme GmbH",
        "",
        desk_of_looms["ada"],
    )
    [by_address] = hits(desk, "bo@other")
    assert by_address.snippet == "bo@other.example"
    [by_note] = hits(desk, "discount")
    assert [by_note.snippet[a:b] for a, b in by_note.matches] == ["discount"]
    assert (by_note.deal_id, by_note.contact_id, by_note.about) == (
        desk_of_looms["deal"], desk_of_looms["ada"], "Ada Lovelace",
    )  # fmt: skip
    [activity] = hits(desk, "naive")
    assert (activity.about, activity.contact_id) == ("Bo Müller", desk_of_looms["bo"])


def test_what_is_written_is_plain_text(desk: Desk) -> None:
    """Escape sequences and markup of a note come out as harmless text, positions included."""
    person = desk.contact("[@click=app.quit]x[/]")
    desk.call(
        "gtm.crm.add_note", contact_id=person.contact_id, body="a\x1b[31m budget [bold]x[/]\nnext"
    )
    [hit] = hits(desk, "budget")
    assert hit.snippet == "a budget [bold]x[/] next"
    assert [hit.snippet[a:b] for a, b in hit.matches] == ["budget"]


def test_kinds_are_chosen(desk: Desk, desk_of_looms: dict[str, str]) -> None:
    assert said(desk, "budget", kinds=["deal"]) == [("Deal", "Looms for the mill")]
    assert said(desk, "budget", kinds=["Activity"]) == [
        ("Activity", "Call about the budget"),
        ("Activity", "Note"),
    ]
    assert said(desk, "ada", kinds=["company"]) == []
    with pytest.raises(
        InvalidInput, match="Input should be 'Contact', 'Company', 'Deal' or 'Activity'"
    ):
        hits(desk, "x", kinds=["person"])


def test_what_was_deleted_is_not_found(desk: Desk, desk_of_looms: dict[str, str]) -> None:
    desk.call("gtm.crm.delete_deal", deal_id=desk_of_looms["deal"])
    desk.call("gtm.crm.delete_activity", activity_id=desk_of_looms["note"])
    desk.call("gtm.crm.delete_contact", contact_id=desk_of_looms["bo"])
    assert said(desk, "discount") + said(desk, "naive") + said(desk, "weaver") == []
    desk.call("undo")
    assert said(desk, "weaver") == [("Contact", "Bo Müller")]


def test_a_changed_text_is_found_by_its_new_words_only(
    desk: Desk, desk_of_looms: dict[str, str]
) -> None:
    desk.call("gtm.crm.update_deal", deal_id=desk_of_looms["deal"], title="Spindles", notes="paid")
    desk.call(
        "gtm.crm.update_contact", contact_id=desk_of_looms["ada"], notes="", name="Grace Hopper"
    )
    assert (
        said(desk, "looms") + said(desk, "discount") + said(desk, "spring") + said(desk, "ada love")
        == []
    )
    assert said(desk, "spind") == [("Deal", "Spindles")]
    assert said(desk, "hopp") == [("Contact", "Grace Hopper")]


def test_nothing_of_another_session_is_found(desk: Desk, desk_of_looms: dict[str, str]) -> None:
    desk.call("session.create", name="other")
    for words in ("ada", "budget", "acme", "loom", "太郎", "a", "郎"):
        assert hits(desk, words) == []


@pytest.mark.parametrize("few", [3000, 0])
def test_q_094_pages_follow_each_other_without_gap_or_repetition(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """Over all tiers and kinds, also while so many fit that names are one tier."""
    monkeypatch.setattr(search_index, "FEW", few)
    for number in range(7):
        person = desk.contact(
            f"{'Loom' if number % 2 else 'Big loom'} {number}",
            company="Loomis" if number > 4 else "",
        )
        desk.call(
            "gtm.crm.add_deal", contact_id=person.contact_id, title=f"A loom {number}", notes="loom"
        )
        desk.call("gtm.crm.add_note", contact_id=person.contact_id, body=f"loom {number}")
        desk.call("gtm.crm.add_task", contact_id=person.contact_id, subject="Loom?", body="loom")
    every = [hit.id for hit in hits(desk, "loom", limit=200)]
    assert len(every) == len(set(every)) == 7 * 4 + 1
    seen: list[str] = []
    cursor = None
    while True:
        page = desk.call("gtm.crm.search", query="loom", limit=4, cursor=cursor)
        seen += [hit.id for hit in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert seen == every


@pytest.mark.parametrize("cursor", ["x", "[1]", '[3, "a"]', "[1, 2]", "null", "{}"])
def test_a_foreign_cursor_is_refused(desk: Desk, cursor: str) -> None:
    with pytest.raises(InvalidInput, match="cursor does not belong to this search"):
        desk.call("gtm.crm.search", query="x", cursor=cursor)


def test_a_contact_is_found_once(desk: Desk) -> None:
    """By the name and by the notes is still one hit, the better one."""
    person = desk.contact("Loom Ltd", company="Loom", notes="loom loom")
    assert [hit.id for hit in hits(desk, "loom") if hit.kind.value == "Contact"] == [
        person.contact_id
    ]
    assert query(desk, "SELECT count(*) FROM search_doc WHERE kind = 'contact_text'") == [(1,)]
