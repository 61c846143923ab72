"""Which contact a row meets, what is a change, and what is suppressed."""

from __future__ import annotations

import pytest

from rusvel_tui.engine.gtm.crm.importing.known import Known
from rusvel_tui.engine.gtm.crm.importing.plan import Plan
from rusvel_tui.engine.gtm.crm.importing.run import as_counts
from rusvel_tui.engine.gtm.crm.importing.state import State
from tests.engine.importing.support import met, outcomes, plan, stored

HEADER = "name,email,company,phone,linkedin,tags,unsubscribed,city\n"


def made(*lines: str, known: Known | None = None) -> Plan:
    return plan(HEADER + "\n".join(lines) + "\n", known)


def state(**values: str) -> State:
    """A stored contact; `email`, `phone` and `city` are added to its lists."""
    email, phone, city = (values.pop(name, "") for name in ("email", "phone", "city"))
    return State(
        values,
        emails={email: email} if email else {},
        phones={phone: phone} if phone else {},
        fields={"city": ("City", city)} if city else {},
    )


# Two rows into an empty database, and what becomes of the second.
PAIRS = {
    ("Ann,a@x.example,,,,,,", "Ann,A@X.example,,,,,,"): "skipped",
    ("Ann,a@x.example,,,,,,", "Bob,a@x.example,,,,,,"): "updated",
    ("Ann,a@x.example,,,,,,", "Ann,b@x.example,,,,,,"): "created",
    ("Ann,a+x@x.example,,,,,,", "Ann,a@x.example,,,,,,"): "created",
    ("Ann,a@x.example,,,,,,", "Ann,b@x.example;a@x.example,,,,,,"): "updated",
    ("Ann,a@x.example,,,,,,", "Ann,,,,,,,"): "skipped",
    ("Ann,a@x.example,Acme,,,,,", "Ann,,,,,,,"): "created",
    ("Ann,a@x.example,Acme,,,,,", "ANN,,  acme ,,,,,"): "skipped",
    ("Ann,a@x.example,Acme,,,,,", "Ann,,Acme,+49 30 1,,,,"): "updated",
    (",a@x.example,Acme,,,,,", ",,Acme,,,,,"): "skipped",
    ("Ann,,,,linkedin.com/in/f-1,,,", "Ann,,,,linkedin.com/in/F-1/,,,"): "skipped",
    ("Ann,,,,linkedin.com/in/f-1,,,", "Bob,b@x.example,,,linkedin.com/in/f-1,,,"): "updated",
    ("Ann,,,,linkedin.com/in/f-1,,,", "Ann,,,,linkedin.com/in/f-2,,,"): "created",
    ("Ann,,,,linkedin.com/in/f-1,,,", "Ann,,,,,,,"): "skipped",
    (",,,+49 30 1,,,,", ",,,0049 30 1,,,,"): "skipped",
    (",,,+49 30 1,,,,", ",,,+49 30 1;+49 30 2,,,,"): "updated",
    (",,,+49 30 1,,,,", "Ann,,,+49 30 1,,,,"): "created",
    ("Ann,,,+49 30 1,,,,", ",,,+49 30 1,,,,"): "created",
    (",a@x.example,,+49 30 1,,,,", ",,,+49 30 1,,,,"): "skipped",
    ("Ann,a@x.example,,,,one,,", "Ann,a@x.example,,,,ONE,,"): "skipped",
    ("Ann,a@x.example,,,,one,,", "Ann,a@x.example,,,,two,,"): "updated",
    ("Ann,a@x.example,,,,,,Cork", "Ann,a@x.example,,,,,, cork"): "skipped",
    ("Ann,a@x.example,,,,,,Cork", "Ann,a@x.example,,,,,,Lyon"): "updated",
    ("Ann,a@x.example,,,,,,Cork", "Ann,a@x.example,,,,,,"): "skipped",
    ("Ann,a@x.example,,,,,,", "Ann,a@x.example,,,,,yes,"): "updated",
    ("Ann,a@x.example,,,,,yes,", "Ann,a@x.example,,,,,yes,"): "skipped",
    ("Ann,a@x.example,,,,,yes,", "Ann,a@x.example,,,,,no,"): "skipped",
    ("Ann,,,,,,,", "Ann,,,,,,yes,"): "skipped",
}


@pytest.mark.parametrize(("lines", "outcome"), PAIRS.items())
def test_the_second_of_two_rows(lines: tuple[str, str], outcome: str) -> None:
    assert outcomes(made(*lines)) == ["created", outcome]


@pytest.mark.parametrize(("lines", "outcome"), PAIRS.items())
def test_the_same_two_rows_once_more(lines: tuple[str, str], outcome: str) -> None:
    first = made(*lines)
    known = stored(*(target.rows for target in first.targets()))
    known.suppressed = {key for target in first.targets() for key in target.suppress}
    assert outcomes(made(*lines, known=known)) == ["skipped", "skipped"]


def test_older_spellings_stay_and_empty_cells_erase_nothing() -> None:
    plan_made = made(
        "Ann,Ann@X.example,Acme,+49 30 1,,One,,Cork",
        "ANN,ann@x.example,ACME,0049301,,ONE,,CORK",
        ",ann@x.example,,,,,,",
    )
    (target,) = plan_made.targets()
    assert target.rows.values == {"name": "Ann", "company": "Acme"}
    assert target.rows.emails == {"ann@x.example": "Ann@x.example"}
    assert list(target.rows.phones.values()) == ["+49 30 1"]
    assert list(target.rows.tags.values()) == ["One"]
    assert target.rows.fields == {"city": ("city", "Cork")}


def test_of_several_people_with_that_name_the_first_is_met() -> None:
    lines = ("Ann,a@x.example,Acme,,,,,", "Ann,b@x.example,Acme,,,,,", "Ann,,Acme,+49 30 1,,,,")
    plan_made = made(*lines)
    assert met(plan_made)[4] == met(plan_made)[2] != met(plan_made)[3]
    known = stored(state(name="Ann", company="Acme"), state(name="Ann", company="Acme"))
    assert met(made("Ann,,Acme,,,,,", known=known)) == {2: "c00000"}


def test_a_contact_of_the_database_comes_before_one_of_the_file() -> None:
    known = stored(state(name="Bob"), state(name="Ann", email="k@x.example"))
    plan_made = made("Ann,a@x.example,,,,,,", "Ann,,,,,,,", known=known)
    assert met(plan_made) == {2: "n0", 3: "c00001"}


def test_who_is_met_by_name_follows_what_rows_have_changed() -> None:
    known = stored(state(name="Ann", email="a@x.example"))
    plan_made = made("Eve,a@x.example,,,,,,", "Eve,,,,,,,", "Ann,,,,,,,", known=known)
    assert met(plan_made) == {2: "c00000", 3: "c00000", 4: "n0"}


def test_an_address_of_somebody_else_stays_there() -> None:
    known = stored(state(name="Bob", email="b@x.example"))
    plan_made = made(
        "Ann,a@x.example,,,,,,",
        "Ann,a@x.example;b@x.example,,,,,,",
        "Bob,b@x.example;a@x.example,,,,,,",
        known=known,
    )
    assert outcomes(plan_made) == ["created", "skipped", "skipped"]
    assert [row for row, _ in plan_made.warnings] == [3, 4]
    assert [list(plan_made.state(one)[0].emails) for one in plan_made.meeting.order] == [
        ["a@x.example"],
        ["b@x.example"],
    ]


def test_every_address_of_the_row_is_suppressed_even_that_of_somebody_else() -> None:
    known = stored(state(name="Bob", email="b@x.example"))
    plan_made = made("Ann,a@x.example;b@x.example,,,,,yes,", known=known)
    (target,) = plan_made.targets()
    assert target.suppress == dict.fromkeys(("a@x.example", "b@x.example"), "unsubscribed")


def test_rows_are_put_together_before_they_are_compared_with_the_database() -> None:
    known = stored(state(name="Ann", company="Best", email="a@x.example"))
    there_and_back = ("Ann,a@x.example,Acme,,,,,", "Ann,a@x.example,Best,,,,,")
    assert outcomes(made(*there_and_back, known=known)) == ["skipped", "skipped"]
    assert outcomes(made(*there_and_back)) == ["created", "updated"]
    elsewhere = ("Ann,a@x.example,Acme,,,,,", "Ann,a@x.example,Other,,,one,,")
    assert outcomes(made(*elsewhere, known=known)) == ["skipped", "updated"]


def test_the_rows_of_a_file_meet_whom_they_met_before() -> None:
    known = stored(state(name="Ann", company="New", email="a@x.example"))
    lines = ("Ann,,Old,,,,,", "Ann,a@x.example,New,,,,,")
    assert outcomes(made(*lines, known=known)) == ["created", "skipped"]
    known.met_before = {2: "c00000", 3: "c00000"}
    assert outcomes(made(*lines, known=known)) == ["skipped", "skipped"]
    known.met_before = {2: "gone", 3: "gone"}
    assert outcomes(made(*lines, known=known)) == ["created", "skipped"]


def test_an_unfinished_import_makes_the_contacts_that_it_meant_to_make() -> None:
    known = stored(state(name="Ann", email="a@x.example"))
    known.met_before, known.unfinished = {2: "p1", 3: "p1", 4: "c00000"}, True
    plan_made = made("Bob,,,,,,,", "Bob,,,,,,,Cork", "Ann,a@x.example,,,,,,", known=known)
    assert [plan_made.meeting.id_of(one) for one in plan_made.meeting.order] == ["p1", "c00000"]
    assert outcomes(plan_made) == ["created", "updated", "skipped"]


def test_web_sites_of_cards_are_no_change() -> None:
    site = "BEGIN:VCARD\nFN:Ann\nEMAIL:a@x.example\nURL:https://x.example\nEND:VCARD\n"
    plain = site.replace("URL:https://x.example\n", "")
    assert outcomes(plan(plain + site)) == ["created", "skipped"]
    table = "name,website\nAnn,\nAnn,https://x.example\n"
    assert outcomes(plan(table)) == ["created", "updated"]


def test_the_counts_add_up() -> None:
    counts = made(
        "Ann,,,,,,,", "Ann,,,,,,,", "Ann,nonsense,,,,,,", ",,,,,,,", "Ann,,,,,,,Cork"
    ).tally
    assert as_counts(counts) == {"read": 5, "created": 1, "updated": 1, "skipped": 2, "rejected": 1}


def test_many_people_of_one_name_are_no_slower_to_meet() -> None:
    """Quadratic work would not come back within the time limit of a test."""
    named = [f"Ann,a{n}@x.example,Acme,,,,," for n in range(20_000)]
    bare = ["Ann,,Acme,,,,,"] * 20_000
    found = made(*named, *bare).tally
    assert (found["created"], found["skipped"]) == (20_000, 20_000)
