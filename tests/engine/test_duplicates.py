"""Contacts that may be one person: while typing, and as a queue that a person works off."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rusvel_tui.engine.context import Actor
from rusvel_tui.engine.errors import Conflict, InvalidInput, NotFound
from rusvel_tui.engine.gtm.crm.merging import blocks, duplicates, looks, similar, traits
from rusvel_tui.engine.gtm.crm.merging.blocks import LARGE, SMALL, alike
from rusvel_tui.engine.gtm.crm.merging.traits import Reason, evidence, load_traits
from rusvel_tui.engine.gtm.crm.people.contact_views import ContactView
from tests.factories import Desk, events, query

Pairs = list[tuple[str, str]]


def person(desk: Desk, name: str, email: str = "", **more: Any) -> ContactView:
    made: ContactView = desk.call("gtm.crm.add_contact", name=name, email=email, **more)
    return made


def like(desk: Desk, **typed: Any) -> list[tuple[str, list[str], int]]:
    """Who is similar: name, reasons and score, best first."""
    found = desk.call("gtm.crm.similar_contacts", **typed).items
    return [
        (one.contact.name, [why.reason.value for why in one.reasons], one.score) for one in found
    ]


def queue(desk: Desk, **values: Any) -> Pairs:
    items = desk.call("gtm.crm.possible_duplicates", **values).items
    return [(one.first.contact_id, one.second.contact_id) for one in items]


def pages(desk: Desk, limit: int) -> Iterator[Any]:
    page = desk.call("gtm.crm.possible_duplicates", limit=limit)
    yield page
    while page.next:
        page = desk.call("gtm.crm.possible_duplicates", limit=limit, cursor=page.next)
        yield page


@pytest.fixture
def ada(desk: Desk) -> ContactView:
    return person(
        desk, "Ada Lovelace", "ada@acme.example", company="Acme", phones="+49 30 1234567",
        profile="https://www.linkedin.com/in/ada-l",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"email": "ADA@acme.example"}, "SameAddress"),
        ({"emails": ["x@y.example", "ada@acme.example"]}, "SameAddress"),
        ({"email": "ada+fair@acme.example"}, "SameMailbox"),
        ({"profile": "linkedin.com/in/Ada-L/"}, "SameProfile"),
        ({"profile": "ada-l"}, "SameProfile"),
        ({"phones": ["0049 30 123-4567"]}, "SamePhone"),
        ({"name": "Lovelace Ada", "company": "ACME"}, "SameName"),
        ({"name": "Ada Lovelace", "email": "al@acme.example"}, "SameName"),
        ({"name": "A. Lovelace", "company": "Acme"}, "SimilarName"),
        ({"name": "Ada Lovelce", "email": "x@acme.example"}, "SimilarName"),
        ({"name": "Ada Lovelace"}, "Namesake"),
        ({"name": "Ada Lovelace", "company": "Other"}, "Namesake"),
    ],
)
def test_q_085_who_is_typed_and_is_there_is_named(
    desk: Desk, ada: ContactView, typed: dict[str, Any], reason: str
) -> None:
    person(desk, "Grace Hopper", "grace@navy.example", company="Navy")
    [(name, reasons, _)] = like(desk, **typed)
    assert (name, reasons[0]) == ("Ada Lovelace", reason)


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"name": "Grace Hopper"},
        {"name": "Ada"},
        {"company": "Acme"},
        {"email": "ada@"},
        {"email": "bob@acme.example"},
        {"phones": ["+49"]},
        {"name": "Ada Loveless", "company": "Other"},
    ],
)
def test_what_says_nothing_yet_warns_of_nobody(
    desk: Desk, ada: ContactView, typed: dict[str, Any]
) -> None:
    assert like(desk, **typed) == []


def test_a_number_is_read_as_it_is_dialled_at_home(desk: Desk) -> None:
    desk.call("session.update", timezone="Europe/Berlin")
    person(desk, "Ada", phones="+49 30 1234567")
    assert like(desk, phones=["030 1234567"]) == [("Ada", ["SamePhone"], 60)]


def test_the_contact_that_is_edited_is_not_similar_to_itself(desk: Desk, ada: ContactView) -> None:
    typed = {"name": "Ada Lovelace", "email": "ada@acme.example", "company": "Acme"}
    assert like(desk, contact_id=ada.contact_id, **typed) == []
    person(desk, "Lovelace, Ada", "ada+2@acme.example")
    [(name, reasons, score)] = like(desk, contact_id=ada.contact_id)
    assert (name, reasons, score) == ("Lovelace, Ada", ["SameMailbox", "SameName"], 99)


def test_the_best_comes_first_and_the_reasons_are_words(desk: Desk, ada: ContactView) -> None:
    person(desk, "Ada Lovelace", "ada@other.example", company="Other")
    person(desk, "A. Lovelace", "a@acme.example")
    typed = {"name": "Ada Lovelace", "email": "ada+1@acme.example"}
    found = like(desk, **typed)
    assert [(name, score) for name, _, score in found] == [
        ("Ada Lovelace", 99), ("A. Lovelace", 55), ("Ada Lovelace", 35),
    ]  # fmt: skip
    [first] = desk.call("gtm.crm.similar_contacts", limit=1, **typed).items
    assert [why.text for why in first.reasons] == [
        "the same mailbox ada@acme.example",
        "the same name at acme.example",
    ]
    assert first.contact.phones == ("+49 30 1234567",)


def test_deleted_people_and_those_of_another_session_are_not_similar(
    desk: Desk, ada: ContactView
) -> None:
    typed = {
        "name": "Ada Lovelace",
        "email": "ada@acme.example",
        "profile": "ada-l",
        "company": "Acme",
    }
    other = person(desk, "Ada Lovelace", "ada+1@acme.example")
    desk.call("gtm.crm.delete_contact", contact_id=ada.contact_id)
    assert [name for name, *_ in like(desk, **typed)] == ["Ada Lovelace"]
    assert queue(desk) == []
    desk.call("undo")
    assert len(queue(desk)) == 1
    desk.call("session.create", name="elsewhere")
    assert like(desk, **typed) == []
    assert queue(desk) == []
    for name in ("gtm.crm.similar_contacts", "gtm.crm.not_duplicates", "gtm.crm.reopen_duplicates"):
        ids = {"first_id": ada.contact_id, "second_id": other.contact_id}
        with pytest.raises(NotFound):
            desk.call(name, **({"contact_id": ada.contact_id} if "similar" in name else ids))


def test_q_082_the_queue_has_each_kind_of_likeness_once(desk: Desk, ada: ContactView) -> None:
    mailbox = person(desk, "Somebody", "ada+old@acme.example")
    profile = person(desk, "A. L.", profile="linkedin.com/in/ada-l")
    phone = person(desk, "Office", phones="004930 1234567")
    name = person(desk, "Ada K Lovelace", "akl@acme.example")
    colleague = person(desk, "Lovelace Ada", company="acme")
    person(desk, "Ada Lovelace", "ada@elsewhere.example", company="Elsewhere")
    person(desk, "Ada Lovelace")
    found = desk.call("gtm.crm.possible_duplicates").items
    assert [(one.second.contact_id, one.reasons[0].reason) for one in found if one.first.contact_id == ada.contact_id] == [
        (mailbox.contact_id, Reason.SAME_MAILBOX),
        (profile.contact_id, Reason.SAME_PROFILE),
        (phone.contact_id, Reason.SAME_PHONE),
        (colleague.contact_id, Reason.SAME_NAME),
        (name.contact_id, Reason.SIMILAR_NAME),
    ]  # fmt: skip
    assert len(found) == 5
    assert all(one.first.contact_id < one.second.contact_id for one in found)


def test_two_names_at_a_free_mail_provider_are_two_people(desk: Desk) -> None:
    person(desk, "Ada Lovelace", "ada@gmail.com")
    person(desk, "Ada Lovelace", "lovelace@gmail.com")
    assert queue(desk) == []
    person(desk, "Somebody", "a.da+x@googlemail.com")
    assert len(queue(desk)) == 1


def test_nameless_addresses_of_one_company_are_no_duplicates(desk: Desk) -> None:
    for box in ("info", "sales", "office"):
        person(desk, "", f"{box}@acme.example", company="Acme")
    assert queue(desk) == []


def test_the_queue_is_read_page_by_page(desk: Desk) -> None:
    for number in range(4):
        person(desk, "Ada Lovelace", f"ada+{number}@acme.example", company="Acme")
        person(desk, "Grace Hopper", f"grace{number}@navy.example", phones="+1 202 555 0199")
    whole = queue(desk)
    assert len(whole) == 12
    for limit in (1, 5, 11, 12, 13):
        met = list(pages(desk, limit))
        pairs = [
            (one.first.contact_id, one.second.contact_id) for page in met for one in page.items
        ]
        assert pairs == whole
        assert [page.next for page in met][-1] is None
        assert len(met) == -(-12 // limit)
    for cursor in ("x", "[]", '[9,"",["",""]]', "[0,1]", "7"):
        with pytest.raises(InvalidInput, match="cursor"):
            desk.call("gtm.crm.possible_duplicates", cursor=cursor)


def test_a_page_that_looked_at_enough_people_ends_early(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not compared is not lost: the next page goes on behind the last group."""
    for number in range(5):
        person(desk, "Ada Lovelace", f"ada+{number}@acme.example", company=f"Acme {number % 2}")
        person(desk, f"Grace {'ABCDE'[number]}.", f"grace{number}@navy.example", company="Navy")
    whole = queue(desk)
    monkeypatch.setattr(duplicates, "_AT_ONCE", 1)
    for most in (1, 6):
        monkeypatch.setattr(duplicates, "MOST_READ", most)
        met = list(pages(desk, 4))
        pairs = [
            (one.first.contact_id, one.second.contact_id) for page in met for one in page.items
        ]
        assert pairs == whole
        assert any(len(page.items) < 4 and page.next for page in met)


def test_an_office_shares_its_phone_without_being_one_person(desk: Desk) -> None:
    surnames = (
        "Adler Baum Chen Dietz Ernst Fuchs Gruber Haas Iwan Jung Klein Lang Moser Nagel".split()
    )
    assert len(surnames) > SMALL
    for number, surname in enumerate(surnames):
        person(
            desk,
            f"{surname[::-1].title()} {surname}",
            f"p{number}@x{number}.example",
            phones="+49 30 100",
        )
    page = desk.call("gtm.crm.possible_duplicates")
    assert page.items == ()
    assert page.capped == (
        "14 people share the phone 4930100: only those with like names are listed.",
    )
    twin = person(desk, "Relda Adler", "q@q.example", phones="+49 30 100")
    [(_, second)] = queue(desk)
    assert second == twin.contact_id
    away = person(desk, "Nobody Else", "z@z.example", phones=["+49 30 100", "+49 30 999"])
    other = person(desk, "Quite Different", "y@y.example", phones=["+49 30 100", "+49 30 999"])
    assert (away.contact_id, other.contact_id) in queue(desk)
    assert len(queue(desk)) == 2


def test_a_large_company_is_compared_by_neighbours_and_says_so(desk: Desk) -> None:
    names = {
        f"{number:03}": f"anna {chr(97 + number % 26) * 3}{number:03}"
        for number in range(LARGE + 9)
    }
    found, cut = alike((*names.items(), ("x", "anna aaa000"), ("y", "anna aaa00")))
    assert cut
    assert {("000", "x"), ("000", "y"), ("x", "y")} <= found
    assert alike((("1", "anna a"), ("2", "bea b"))) == (set(), False)
    for name in [*names.values(), "aaa000 anna"]:
        person(desk, name, company="Large")
    page = desk.call("gtm.crm.possible_duplicates", limit=1000)
    [sentence] = page.capped
    assert "share a company: only those next to each other by name were compared" in sentence
    assert any(one.reasons[0].reason is Reason.SAME_NAME for one in page.items)


def test_two_people_are_two_people_until_somebody_thinks_better_of_it(
    desk: Desk, ada: ContactView
) -> None:
    twin = person(desk, "Ada Lovelace", "ada+1@acme.example")
    third = person(desk, "Ada Lovelace", "ada+2@acme.example")
    said = desk.call("gtm.crm.not_duplicates", first_id=twin.contact_id, second_id=ada.contact_id)
    assert (said.first_id, said.second_id, said.dismissed) == (
        ada.contact_id,
        twin.contact_id,
        True,
    )
    kept = [(ada.contact_id, third.contact_id), (twin.contact_id, third.contact_id)]
    assert queue(desk) == kept
    desk.call("gtm.crm.not_duplicates", first_id=ada.contact_id, second_id=twin.contact_id)
    told = events(desk, "gtm.contact.told_apart")
    assert [event.payload["name"] for event in told] == ["Ada Lovelace and Ada Lovelace"]
    desk.call("undo")
    assert len(queue(desk)) == 3
    desk.call("redo")
    assert queue(desk) == kept
    desk.call("gtm.crm.reopen_duplicates", first_id=twin.contact_id, second_id=ada.contact_id)
    assert len(queue(desk)) == 3
    with pytest.raises(NotFound):
        desk.call("gtm.crm.reopen_duplicates", first_id=twin.contact_id, second_id=ada.contact_id)
    with pytest.raises(Conflict, match="one contact"):
        desk.call("gtm.crm.not_duplicates", first_id=ada.contact_id, second_id=ada.contact_id)
    with desk.acting_as(Actor("assistant", human=False)):
        desk.call("gtm.crm.not_duplicates", first_id=ada.contact_id, second_id=twin.contact_id)


people = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["", "Ada Lovelace", "A. Lovelace", "Lovelace Ada", "Grace Hopper", "Grace Hoper", "山田太郎"]),
        "box": st.sampled_from(["ada", "ada+1", "grace", "a.da", ""]),
        "domain": st.sampled_from(["acme.example", "navy.example", "gmail.com"]),
        "company": st.sampled_from(["", "Acme", "acme", "Navy"]),
        "profile": st.sampled_from(["", "", "linkedin.com/in/ada", "linkedin.com/in/grace"]),
        "phones": st.lists(st.sampled_from(["+49 30 1234567", "0049301234567", "+1 202 555 0199"]), max_size=2),
    }
)  # fmt: skip


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.lists(people, min_size=2, max_size=9), st.integers(1, 4))
def test_the_queue_is_what_comparing_all_with_all_would_find(
    desk: Desk, wanted: list[dict[str, Any]], limit: int
) -> None:
    desk.call("session.create", name=f"s{len(query(desk, 'SELECT 1 FROM session'))}")
    ids = []
    for values in wanted:
        box, domain = values.pop("box"), values.pop("domain")
        email = f"{box}@{domain}" if box else ""
        taken = query(desk, "SELECT 1 FROM contact_email e JOIN session s ON s.id = e.session_id"
                      " WHERE e.key = ? AND s.id = (SELECT max(id) FROM session)", email)  # fmt: skip
        if (values["name"] or values["company"] or email) and not taken:
            ids.append(desk.call("gtm.crm.add_contact", email=email, **values).contact_id)
    with desk.engine.connected():
        traits = load_traits(ids)
        expected = {
            pair
            for pair in combinations(sorted(ids), 2)
            if any(
                why.reason is not Reason.NAMESAKE
                for why in evidence(traits[pair[0]], traits[pair[1]])
            )
        }
    found = [
        (one.first.contact_id, one.second.contact_id)
        for page in pages(desk, limit)
        for one in page.items
    ]
    assert sorted(found) == sorted(expected)
    for contact_id in ids:
        near = {
            one.contact.contact_id
            for one in desk.call("gtm.crm.similar_contacts", contact_id=contact_id, limit=100).items
        }
        assert {other for pair in expected if contact_id in pair for other in pair} - {
            contact_id
        } <= near


SQL = {
    name: text
    for module in (similar, blocks, duplicates, traits, looks)
    for name, text in vars(module).items()
    if name.startswith("_") and isinstance(text, str) and "SELECT" in text
}


@pytest.mark.parametrize("name", sorted(SQL))
def test_no_look_for_duplicates_reads_a_whole_table(desk: Desk, name: str) -> None:
    sql = SQL[name].format(marks="?,?")
    plan = query(desk, f"EXPLAIN QUERY PLAN {sql}", *["x"] * sql.count("?"))
    steps = [str(row[3]) for row in plan]
    assert steps
    assert not [step for step in steps if step.startswith("SCAN") or "TEMP B-TREE" in step], steps


def test_a_page_costs_the_same_few_queries_for_few_and_for_many(desk: Desk) -> None:
    def count(limit: int) -> int:
        seen: list[str] = []
        with desk.engine.connected() as connection:
            connection.set_trace_callback(seen.append)
            desk.call("gtm.crm.possible_duplicates", limit=limit)
            connection.set_trace_callback(None)
        return len(seen)

    for number in range(6):
        person(desk, "Ada Lovelace", f"ada+{number}@acme.example", company="Acme")
    few = count(1)
    for number in range(6):
        person(desk, "Grace Hopper", f"grace+{number}@navy.example", company="Navy")
    assert count(30) <= few


def test_the_cursor_is_text(desk: Desk) -> None:
    for number in range(3):
        person(desk, "Ada Lovelace", f"ada+{number}@acme.example")
    page = desk.call("gtm.crm.possible_duplicates", limit=1)
    assert json.loads(page.next)[:2] == [0, "ada@acme.example"]
