"""Contacts: added, found, changed, deleted, and brought back."""

from __future__ import annotations

from typing import Any

import pytest

from rusvel_tui.engine.errors import Conflict, InvalidInput, NotFound
from tests.factories import Desk, enrollment, events, kinds, statements


def names(desk: Desk, **wanted: Any) -> list[str]:
    return [item.name for item in desk.call("gtm.crm.list_contacts", **wanted).items]


def test_t_092_a_contact_is_created_and_shown_with_everything_that_was_said(
    desk: Desk,
) -> None:
    made = desk.contact(
        name="Grace Brewster Hopper", email="Grace@Example.COM", emails=["g@navy.example"],
        company="Navy", title="Admiral", phones="+1 202 555 01 99, 030/123456", timezone="America/New_York",
        profile="https://example.com/grace", tags="vip, cobol,vip", links="https://a.example",
        fields={"Favourite": "ships"}, notes="two\nlines", metadata={"id": 7},
    )  # fmt: skip
    seen = desk.call("gtm.crm.get_contact", contact_id=made.contact_id)
    assert seen == made
    assert (seen.first_name, seen.last_name) == ("Grace", "Brewster Hopper")
    assert [email.address for email in seen.emails] == ["Grace@example.com", "g@navy.example"]
    assert seen.email == "Grace@example.com"
    assert [phone.number for phone in seen.phones] == ["+1 202 555 01 99", "030/123456"]
    assert [phone.e164 for phone in seen.phones] == ["+12025550199", ""]
    assert seen.tags == ("vip", "cobol")
    assert (seen.source, seen.metadata, seen.version) == ("manual", {"id": 7}, 1)
    assert seen.last_contacted_at is None
    [event] = events(desk, "gtm.contact")
    assert (event.kind, event.subject_id, event.payload) == (
        "gtm.contact.added",
        made.contact_id,
        {"name": "Grace Brewster Hopper", "version": 1},
    )


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({"first_name": "Ada", "last_name": "King"}, ("Ada King", "Ada", "King")),
        ({"name": "Plato"}, ("Plato", "Plato", "")),
        ({"name": "X", "first_name": "Ada"}, ("X", "Ada", "")),
        ({"company": "Acme"}, ("", "", "")),
        ({"email": "only@example.com"}, ("", "", "")),
    ],
)
def test_names_fill_each_other_in(
    desk: Desk, values: dict[str, str], shown: tuple[str, str, str]
) -> None:
    made = desk.call("gtm.crm.add_contact", **values)
    assert (made.name, made.first_name, made.last_name) == shown


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({}, "name", "needs a name, a company or an address"),
        ({"name": "\u200b"}, "name", "needs a name"),
        ({"name": "x" * 501}, "name", "longer than 500 characters"),
        ({"name": "a", "email": "nope"}, "email", "is not a mail address"),
        ({"name": "a", "email": "a@b.example\nBcc: c@d.example"}, "email", "not a mail address"),
        ({"name": "a", "timezone": "Moon"}, "timezone", "is not a time zone"),
        ({"name": "a", "phones": "x1"}, "phones", "is not a phone number"),
        ({"name": "a", "fields": {"x": 1}}, "fields.x", "valid string"),
    ],
)
def test_q_085_a_contact_with_a_wrong_value_is_not_made(
    desk: Desk, values: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(InvalidInput, match=words) as caught:
        desk.call("gtm.crm.add_contact", **values)
    assert caught.value.field == field
    assert names(desk) == []
    assert events(desk, "gtm.contact") == []


def test_q_085_an_address_belongs_to_one_contact(desk: Desk) -> None:
    first = desk.contact("Grace", "grace@example.com")
    with pytest.raises(Conflict, match=f"belongs to Grace already .{first.contact_id}."):
        desk.contact("Other", "GRACE@example.com")
    other = desk.contact("Other", "other@example.com")
    with pytest.raises(Conflict, match="belongs to Grace"):
        desk.call("gtm.crm.update_contact", contact_id=other.contact_id, emails="grace@example.com")
    assert names(desk) == ["Grace", "Other"]
    desk.call("session.create", name="other")
    assert desk.contact("Grace", "grace@example.com").emails[0].address == "grace@example.com"


def test_a_contact_without_a_name_is_called_by_its_company(desk: Desk) -> None:
    desk.call("gtm.crm.add_contact", company="Acme", email="info@acme.example")
    desk.call("gtm.crm.add_contact", email="x@acme.example")
    with pytest.raises(Conflict, match="belongs to Acme already"):
        desk.contact("A", "info@acme.example")
    with pytest.raises(Conflict, match="belongs to another contact already"):
        desk.contact("A", "x@acme.example")


def test_g_026_a_change_leaves_the_rest(desk: Desk) -> None:
    made = desk.contact("Grace Hopper", "grace@example.com", company="Navy", phones="12345")
    seen = desk.call("gtm.crm.update_contact", contact_id=made.contact_id, title="Admiral")
    assert seen.title == "Admiral"
    assert seen.model_dump(exclude={"title", "version"}) == made.model_dump(
        exclude={"title", "version"}
    )
    event = events(desk, "gtm.contact.updated")[0]
    assert event.payload == {"name": "Grace Hopper", "fields": ["title"], "version": 2}


def test_a_new_name_is_split_unless_its_parts_are_given(desk: Desk) -> None:
    made = desk.contact("Grace Hopper")
    seen = desk.call("gtm.crm.update_contact", contact_id=made.contact_id, name="Ada King")
    assert (seen.first_name, seen.last_name) == ("Ada", "King")
    seen = desk.call(
        "gtm.crm.update_contact", contact_id=made.contact_id, name="Ada L.", last_name="L"
    )
    assert (seen.first_name, seen.last_name) == ("Ada", "L")


def test_lists_are_replaced_and_can_be_emptied(desk: Desk) -> None:
    made = desk.contact(emails="b@example.com", phones="12345, 67890", tags="a,b")
    seen = desk.call(
        "gtm.crm.update_contact", contact_id=made.contact_id, emails=[], phones=["555"], tags=""
    )
    assert (seen.emails, [str(phone) for phone in seen.phones], seen.tags) == ((), ["555"], ())


def test_a_contact_cannot_lose_its_last_name(desk: Desk) -> None:
    made = desk.contact("Grace", "")
    with pytest.raises(InvalidInput, match="needs a name, a company or an address"):
        desk.call("gtm.crm.update_contact", contact_id=made.contact_id, name="")


def test_q_084_a_change_of_an_older_version_is_a_conflict(desk: Desk) -> None:
    made = desk.contact("Grace")
    change = {"contact_id": made.contact_id, "version": 1}
    assert desk.call("gtm.crm.update_contact", title="a", **change).version == 2
    with pytest.raises(Conflict, match="Grace was changed by somebody else") as caught:
        desk.call("gtm.crm.update_contact", title="b", **change)
    assert caught.value.exit_code == 5
    assert desk.call("gtm.crm.get_contact", contact_id=made.contact_id).title == "a"


def test_an_address_that_stays_keeps_what_is_known_about_it(desk: Desk) -> None:
    made = desk.contact(email="old@example.com")
    with desk.engine.connected() as connection:
        connection.execute("UPDATE contact_email SET opted_out_at = '2026-01-01T00:00:00.000Z'")
    change = {"contact_id": made.contact_id, "emails": ["new@example.com", "OLD@example.com"]}
    seen = desk.call("gtm.crm.update_contact", **change)
    assert [(email.address, email.opted_out) for email in seen.emails] == [
        ("new@example.com", False),
        ("OLD@example.com", True),
    ]


def test_removing_an_address_does_not_forget_that_it_opted_out(desk: Desk) -> None:
    made = desk.contact(email="old@example.com")
    with desk.engine.connected() as connection:
        connection.execute("UPDATE contact_email SET opted_out_at = '2026-01-01T00:00:00.000Z'")
    for emails in (["new@example.com"], ["old@example.com"]):
        seen = desk.call("gtm.crm.update_contact", contact_id=made.contact_id, emails=emails)
    assert seen.emails[0].opted_out
    assert desk.contact("Other", "new@example.com").emails[0].opted_out is False


def test_g_021_an_unknown_contact_is_said(desk: Desk) -> None:
    for name in ("get_contact", "update_contact", "delete_contact"):
        with pytest.raises(NotFound, match="There is no contact 'nope' in this session") as caught:
            desk.call(f"gtm.crm.{name}", contact_id="nope")
        assert caught.value.exit_code == 3


def test_a_deleted_contact_is_gone_and_its_address_is_free(desk: Desk) -> None:
    made = desk.contact("Grace", "grace@example.com")
    gone = desk.call("gtm.crm.delete_contact", contact_id=made.contact_id)
    assert (gone.contact_id, gone.name) == (made.contact_id, "Grace")
    assert names(desk) == []
    with pytest.raises(NotFound):
        desk.call("gtm.crm.get_contact", contact_id=made.contact_id)
    desk.contact("Other", "grace@example.com")
    desk.call("undo")
    desk.call("undo")
    assert names(desk) == ["Grace"]


def test_q_082_a_deleted_contact_comes_back_whole(desk: Desk) -> None:
    made = desk.contact("Grace", emails="b@example.com", phones="12345", notes="n")
    desk.call("gtm.crm.delete_contact", contact_id=made.contact_id)
    desk.call("undo")
    seen = desk.call("gtm.crm.get_contact", contact_id=made.contact_id)
    assert seen.model_dump(exclude={"version"}) == made.model_dump(exclude={"version"})
    assert kinds(desk, "gtm.contact") == [
        "gtm.contact.added",
        "gtm.contact.deleted",
        "gtm.contact.restored",
    ]


def test_deleting_somebody_ends_what_runs_for_them(desk: Desk) -> None:
    mail = desk.drafted()
    desk.call("gtm.crm.delete_contact", contact_id=mail.contact_id)
    ended = enrollment(desk, mail.contact_id)
    assert (ended.status, ended.reason) == ("Cancelled", "deleted")
    assert desk.mail(mail.id).state == "Cancelled"


def test_g_020_g_022_q_093_contacts_belong_to_the_session_they_were_added_to(desk: Desk) -> None:
    made = desk.contact("Grace", "grace@example.com")
    desk.call("session.create", name="other")
    desk.contact("Ada", "ada@example.com")
    assert names(desk) == ["Ada"]
    assert names(desk, session_id="acme") == ["Grace"]
    for name, data in (
        ("get_contact", {}),
        ("update_contact", {"title": "x"}),
        ("delete_contact", {}),
        ("set_email_flags", {"address": "grace@example.com", "invalid": True}),
    ):
        with pytest.raises(NotFound, match="There is no contact"):
            desk.call(f"gtm.crm.{name}", contact_id=made.contact_id, **data)
    assert desk.call("gtm.crm.get_contact", contact_id=made.contact_id, session_id="acme") == made


def test_g_022_contacts_are_listed_by_company_page_by_page(desk: Desk) -> None:
    first = desk.contact("Bob", company="Looms")
    for name in ("Ada", "Cid"):
        desk.contact(name, company="LOOMS")
    desk.contact("Else", company="Wool")
    page = desk.call("gtm.crm.list_contacts", company_id=first.company_id, limit=2)
    rest = desk.call(
        "gtm.crm.list_contacts", company_id=first.company_id, limit=2, cursor=page.next
    )
    assert [one.name for one in (*page.items, *rest.items)] == ["Ada", "Bob", "Cid"]
    assert (page.total, rest.next) == (3, None)


def test_q_088_a_filter_that_nobody_knows_is_an_error(desk: Desk) -> None:
    desk.contact("Grace", tags="vip")
    assert names(desk, filter="tag:vip") == ["Grace"]
    with pytest.raises(InvalidInput):
        names(desk, filter="stagee:lead")
    with pytest.raises(InvalidInput, match="cursor"):
        names(desk, cursor="[]")


def test_the_source_and_its_date_are_kept(desk: Desk) -> None:
    made = desk.contact()
    assert (made.source, made.source_at) == ("manual", made.created_at)
    told = desk.contact(source="fair", source_at="2026-01-02T10:00:00+01:00")
    assert (told.source, str(told.source_at)) == ("fair", "2026-01-02 09:00:00+00:00")
    assert str(desk.contact(source_at="2026-01-02").source_at) == "2026-01-02 00:00:00+00:00"
    with pytest.raises(InvalidInput, match="is not a time") as caught:
        desk.call("gtm.crm.add_contact", name="A", source_at="yesterday")
    assert caught.value.field == "source_at"
    seen = desk.call("gtm.crm.update_contact", contact_id=told.contact_id, source="web form")
    assert (seen.source, seen.source_at) == ("web form", told.source_at)
    desk.call("undo")
    assert desk.call("gtm.crm.get_contact", contact_id=told.contact_id).source == "fair"


def test_a_change_that_changes_nothing_leaves_no_trace(desk: Desk) -> None:
    made = desk.contact("Grace", "grace@example.com", company="Navy", tags="vip", fields={"a": "1"})
    same = {"name": " Grace ", "emails": "grace@example.com", "company": "navy", "tags": ["vip"]}
    assert desk.call("gtm.crm.update_contact", contact_id=made.contact_id, **same) == made
    assert events(desk, "gtm.contact.updated") == []


def test_a_list_of_contacts_needs_no_query_for_each(desk: Desk) -> None:
    def ran() -> int:
        with statements(desk) as seen:
            desk.call("gtm.crm.list_contacts")
        return len(seen)

    desk.contact(company="A", phones="+49 30 123456")
    before = ran()
    for n in range(20):
        desk.contact(company=f"C{n}", phones=f"+49 30 12345{n}")
    assert ran() == before


def test_undo_does_not_write_over_what_came_since(desk: Desk) -> None:
    made = desk.contact("Grace", title="Ensign")
    desk.call("gtm.crm.update_contact", contact_id=made.contact_id, title="Admiral", notes="[1]")
    with desk.engine.connected() as connection:  # as an import does
        connection.execute("UPDATE contact SET title = 'Captain'")
    with pytest.raises(Conflict, match="Grace was changed since"):
        desk.call("undo")
    seen = desk.call("gtm.crm.get_contact", contact_id=made.contact_id)
    assert (seen.title, seen.notes) == ("Captain", "[1]")


def test_text_that_looks_like_data_is_compared_as_text(desk: Desk) -> None:
    made = desk.contact("Grace", notes="[1]")
    seen = desk.call("gtm.crm.update_contact", contact_id=made.contact_id, notes="[ 1]")
    assert (seen.notes, seen.version) == ("[ 1]", 2)
    desk.call("undo")
    assert desk.call("gtm.crm.get_contact", contact_id=made.contact_id).notes == "[1]"
