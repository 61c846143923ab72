"""Companies: records with their people now and before, linked to what stands in a contact."""

from __future__ import annotations

from typing import Any

import pytest

from rusvel_tui.engine.errors import Conflict, InvalidInput, NotFound
from tests.factories import Desk, events, kinds, query, statements


def company(desk: Desk, name: str) -> Any:
    """The whole record of that name."""
    [found] = desk.call("gtm.crm.list_companies", query=name).items
    return desk.call("gtm.crm.get_company", company_id=found.company_id)


def who(people: Any) -> list[str]:
    return [person.name for person in people]


def test_t_094_an_account_is_created_viewed_and_edited(desk: Desk) -> None:
    made = desk.call(
        "gtm.crm.add_company", name=" Looms  Ltd ", domain="https://www.Looms.example/about", website="looms.example",
        country="Germany", timezone="Europe/Berlin", tags="big, b2b,big", links="https://a.example", notes="two\nlines",
        source="fair", metadata={"id": 7},
    )  # fmt: skip
    assert desk.call("gtm.crm.get_company", company_id=made.company_id) == made
    assert (made.name, made.domain, made.website) == (
        "Looms Ltd",
        "looms.example",
        "https://looms.example",
    )
    assert (made.country, made.timezone, made.tags) == ("DE", "Europe/Berlin", ("big", "b2b"))
    assert (made.notes, made.source, made.metadata) == ("two\nlines", "fair", {"id": 7})
    changed = desk.call("gtm.crm.update_company", company_id=made.company_id, notes="", tags="")
    assert (changed.notes, changed.tags, changed.domain, changed.version) == (
        "",
        (),
        "looms.example",
        2,
    )
    desk.call("undo")
    again = desk.call("gtm.crm.get_company", company_id=made.company_id)
    assert again.model_dump(exclude={"version"}) == made.model_dump(exclude={"version"})


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        ({"name": " "}, "name", "needs a name"),
        ({"name": "x" * 501}, "name", "longer than 500"),
        ({"domain": "nodot"}, "domain", "is not a domain"),
        ({"website": "not a link"}, "website", "is not a website"),
        ({"website": "javascript:alert(1)"}, "website", "is not a website"),
        ({"country": "Atlantis"}, "country", "is not a country"),
        ({"timezone": "Moon"}, "timezone", "is not a time zone"),
    ],
)
def test_a_company_with_a_wrong_value_is_not_made(
    desk: Desk, data: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(InvalidInput, match=words) as caught:
        desk.call("gtm.crm.add_company", **{"name": "Looms"} | data)
    assert caught.value.field == field
    assert events(desk, "gtm.company") == []


def test_q_085_a_company_exists_once_however_it_is_spelled(desk: Desk) -> None:
    desk.call("gtm.crm.add_company", name="Übertuch")
    other = desk.call("gtm.crm.add_company", name="Looms")
    with pytest.raises(Conflict, match="There is a company 'Übertuch' already"):
        desk.call("gtm.crm.add_company", name="UBERTUCH ")
    with pytest.raises(Conflict, match="There is a company"):
        desk.call("gtm.crm.update_company", company_id=other.company_id, name="übertuch")
    desk.call("session.create", name="other")
    assert desk.call("gtm.crm.add_company", name="Übertuch").version == 1


def test_a_contact_makes_and_meets_the_company_it_names(desk: Desk) -> None:
    ann = desk.contact("Ann", "ann@looms.example", company="Looms", title="Owner")
    bob = desk.contact("Bob", "bob@gmail.com", company=" LOOMS ")
    assert ann.company_id == bob.company_id is not None
    assert (ann.company, bob.company) == ("Looms", "Looms")
    found = company(desk, "looms")
    assert (found.domain, found.source, found.people_count) == ("looms.example", "manual", 2)
    assert [(one.name, one.title) for one in found.people] == [("Ann", "Owner"), ("Bob", "")]
    assert kinds(desk, "gtm") == ["gtm.contact.added", "gtm.contact.added"]


def test_a_company_made_for_a_contact_goes_with_it_unless_others_came(desk: Desk) -> None:
    ann = desk.contact("Ann", company="Looms")
    desk.call("undo")
    assert desk.call("gtm.crm.list_companies").total == 0
    desk.call("redo")
    assert desk.call("gtm.crm.get_contact", contact_id=ann.contact_id).company_id == ann.company_id
    with desk.engine.connected() as connection:  # somebody whom nothing takes back
        connection.execute("UPDATE event SET undo = NULL WHERE id > 2")
    desk.contact("Bob", company="Looms")
    with desk.engine.connected() as connection:
        connection.execute("UPDATE event SET undo = NULL WHERE id = (SELECT max(id) FROM event)")
        connection.execute("UPDATE event SET undone_by = NULL WHERE id = 2")
    desk.call("undo")
    assert who(company(desk, "looms").people) == ["Bob"]


@pytest.mark.parametrize("domain", ["gmail.com", "yahoo.co.uk", "gmx.de"])
def test_a_domain_where_anybody_gets_an_address_names_no_company(desk: Desk, domain: str) -> None:
    desk.contact("Ann", f"ann@{domain}", company="Looms")
    assert company(desk, "looms").domain == ""
    desk.call("gtm.crm.add_company", name="Provider", domain=domain)
    assert desk.call("gtm.crm.suggest_company", email=f"bob@{domain}").company_id == ""


def test_a_mail_address_suggests_its_company(desk: Desk) -> None:
    made = desk.call("gtm.crm.add_company", name="Looms", domain="looms.example")
    for email, name in (("new@LOOMS.example", "Looms"), ("x@wool.example", "")):
        found = desk.call("gtm.crm.suggest_company", email=email)
        assert (found.name, found.company_id) == (name, made.company_id if name else "")
    desk.call("gtm.crm.delete_company", company_id=made.company_id)
    assert desk.call("gtm.crm.suggest_company", email="a@looms.example").name == ""
    with pytest.raises(InvalidInput):
        desk.call("gtm.crm.suggest_company", email="nobody")


def test_another_employer_ends_one_employment_and_begins_the_next(desk: Desk) -> None:
    ann = desk.contact("Ann", company="Looms", title="Owner")
    desk.later(days=30)
    change = {"contact_id": ann.contact_id}
    desk.call("gtm.crm.update_contact", **change, title="Chair")
    left = desk.later(days=30)
    moved = desk.call("gtm.crm.update_contact", **change, company="Wool", title="Adviser")
    assert moved.company == "Wool"
    [past] = moved.employers
    assert (past.company, past.title, past.ended_at) == ("Looms", "Chair", left)
    assert past.started_at == ann.created_at
    looms, wool = company(desk, "looms"), company(desk, "wool")
    assert (who(looms.people), who(looms.former)) == ([], ["Ann"])
    assert [(one.name, one.title, one.started_at) for one in wool.people] == [
        ("Ann", "Adviser", left)
    ]
    gone = desk.call("gtm.crm.update_contact", **change, company="")
    assert (gone.company_id, [past.company for past in gone.employers]) == (None, ["Wool", "Looms"])
    for _ in range(3):
        desk.call("undo")
    seen = desk.call("gtm.crm.get_contact", contact_id=ann.contact_id)
    assert seen.model_dump(exclude={"version", "updated_at"}) == ann.model_dump(
        exclude={"version", "updated_at"}
    )
    assert desk.call("gtm.crm.list_companies", query="wool").total == 0


def test_a_new_name_is_written_into_the_people(desk: Desk) -> None:
    ann = desk.contact("Ann", company="Looms")
    nameless = desk.call("gtm.crm.add_contact", company="looms")
    made = company(desk, "looms")
    desk.call("gtm.crm.update_company", company_id=made.company_id, name="Wool & Co")
    for contact_id in (ann.contact_id, nameless.contact_id):
        assert desk.call("gtm.crm.get_contact", contact_id=contact_id).company == "Wool & Co"
    assert desk.call("gtm.crm.list_contacts", query="wool").total == 2
    assert desk.call("gtm.crm.list_contacts", query="looms").total == 0
    assert desk.contact("Bob", company="wool & co").company_id == made.company_id
    desk.call("undo")
    desk.call("undo")
    assert desk.call("gtm.crm.list_contacts", query="looms").total == 2


def test_a_deleted_company_leaves_its_people_with_its_name(desk: Desk) -> None:
    ann = desk.contact("Ann", company="Looms")
    made = company(desk, "looms")
    gone = desk.call("gtm.crm.delete_company", company_id=made.company_id)
    assert (gone.company_id, gone.name) == (made.company_id, "Looms")
    seen = desk.call("gtm.crm.get_contact", contact_id=ann.contact_id)
    assert (seen.company, seen.company_id) == ("Looms", None)
    seen = desk.call("gtm.crm.update_contact", contact_id=ann.contact_id, title="Owner")
    assert (seen.company, seen.company_id) == ("Looms", None)
    desk.call("undo")
    for name in ("get_company", "update_company", "delete_company"):
        with pytest.raises(NotFound, match="There is no company"):
            desk.call(f"gtm.crm.{name}", company_id=made.company_id)
    desk.call("undo")
    assert who(company(desk, "looms").people) == ["Ann"]
    desk.call("redo")
    again = desk.call("gtm.crm.add_company", name="LOOMS")
    assert who(again.people) == ["Ann"]
    assert desk.call("gtm.crm.get_contact", contact_id=ann.contact_id).company == "LOOMS"


def test_a_company_shows_its_deals(desk: Desk) -> None:
    ann = desk.contact("Ann", company="Looms")
    desk.call("gtm.crm.add_deal", contact_id=ann.contact_id, title="Machines", value="12.50")
    desk.call("gtm.crm.add_deal", contact_id=desk.contact().contact_id, title="Other")
    [deal] = company(desk, "looms").deals
    assert (deal.title, deal.contact_name, deal.value, deal.currency) == (
        "Machines",
        "Ann",
        "12.50",
        "EUR",
    )
    [row] = desk.call("gtm.crm.company_rows").rows
    assert (row.name, row.people, row.open_deals) == ("Looms", 1, 1)


def test_q_090_companies_are_listed_by_name_page_by_page(desk: Desk) -> None:
    for name in ("beta", "Älpha", "gamma", "delta"):
        desk.call("gtm.crm.add_company", name=name)
    first = desk.call("gtm.crm.list_companies", limit=3)
    rest = desk.call("gtm.crm.list_companies", limit=3, cursor=first.next)
    assert [one.name for one in (*first.items, *rest.items)] == ["Älpha", "beta", "delta", "gamma"]
    assert (first.total, rest.next) == (4, None)
    assert [one.name for one in desk.call("gtm.crm.list_companies", query="alp").items] == ["Älpha"]
    with pytest.raises(InvalidInput, match="cursor") as caught:
        desk.call("gtm.crm.list_companies", cursor="x")
    assert caught.value.field == "cursor"
    listed = desk.call("gtm.list", kind="Companies")
    assert [one.name for one in listed.items] == ["Älpha", "beta", "delta", "gamma"]


def test_a_window_of_companies_is_addressed_by_position(desk: Desk) -> None:
    made = [desk.call("gtm.crm.add_company", name=f"C{n}", tags="x") for n in range(5)]
    found = desk.call("gtm.crm.company_rows", first=1, count=2, place_of=made[3].company_id)
    assert [row.name for row in found.rows] == ["C1", "C2"]
    assert (found.first, found.total, found.at, found.rows[0].tags) == (1, 5, 3, "#x")
    assert desk.call("gtm.crm.company_rows", place_of="nobody").at is None
    assert desk.call("gtm.crm.company_rows", query="c4 %").total == 0
    assert desk.call("gtm.crm.company_rows", filter="tag:y").total == 0
    assert desk.call("gtm.crm.list_companies", filter="tag:x").total == 5


def test_a_list_of_companies_needs_no_query_for_each(desk: Desk) -> None:
    def ran(name: str) -> int:
        with statements(desk) as found:
            desk.call(name)
        return len(found)

    desk.contact(company="A")
    before = [ran("gtm.crm.list_companies"), ran("gtm.crm.company_rows")]
    for n in range(20):
        desk.contact(company=f"C{n}")
    assert [ran("gtm.crm.list_companies"), ran("gtm.crm.company_rows")] == before


def test_a_record_of_a_large_company_needs_no_query_for_each(desk: Desk) -> None:
    def ran() -> int:
        [found] = desk.call("gtm.crm.list_companies").items
        with statements(desk) as seen:
            desk.call("gtm.crm.get_company", company_id=found.company_id)
        return len(seen)

    desk.contact(company="A")
    before = ran()
    for _ in range(20):
        desk.contact(company="A")
    assert ran() == before


def test_q_093_a_company_of_another_session_is_not_there(desk: Desk) -> None:
    desk.contact("Ann", "ann@looms.example", company="Looms")
    made = company(desk, "looms")
    desk.call("session.create", name="other")
    for name in ("get_company", "update_company", "delete_company"):
        with pytest.raises(NotFound):
            desk.call(f"gtm.crm.{name}", company_id=made.company_id)
    assert desk.call("gtm.crm.list_companies").items == ()
    assert desk.call("gtm.crm.company_rows").total == 0
    assert desk.call("gtm.crm.suggest_company", email="x@looms.example").name == ""
    assert desk.contact(company="Looms").company_id != made.company_id


def test_many_people_of_one_company_are_linked_at_once(desk: Desk) -> None:
    """A company that was deleted and comes again finds all who name it, by an index."""
    plan = query(
        desk,
        "EXPLAIN QUERY PLAN SELECT id, company FROM contact WHERE session_id = ? AND company_id IS NULL AND company <> ''",
        "s",
    )
    assert "contact_homeless" in plan[0][3]
