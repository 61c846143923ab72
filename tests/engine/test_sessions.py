"""Sessions: the workspaces, and what belongs to one stays in it."""

from __future__ import annotations

from typing import Any

import pytest

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import Conflict, InvalidInput, NotFound
from tests.factories import Desk, events


def create(engine: Engine, name: str, **more: Any) -> Any:
    return engine.call("session.create", {"name": name, **more})


def test_a_new_session_is_the_active_one(engine: Engine) -> None:
    made = create(engine, " ACME  Ltd ", currency="jpy", timezone="Asia/Tokyo")
    assert (made.name, made.currency, made.timezone) == ("ACME Ltd", "JPY", "Asia/Tokyo")
    assert (made.sender_name, made.sender_email, made.version) == ("", "", 1)
    listed: Any = engine.call("session.list", {})
    assert [item.name for item in listed.items] == ["ACME Ltd"]
    assert listed.active == made.session_id
    assert engine.call("session.show", {}) == made


@pytest.mark.parametrize("name", ["ACME", "acme", " aCMe "])
def test_names_are_unique_in_any_case(engine: Engine, name: str) -> None:
    create(engine, "Acme")
    with pytest.raises(Conflict, match=f"There is a session '{name.strip()}' already"):
        create(engine, name)


def test_names_of_any_alphabet_are_found(engine: Engine) -> None:
    made = create(engine, "Ärger GmbH")
    create(engine, "other")
    assert engine.call("session.use", {"name": "Ärger GmbH"}) == made
    with pytest.raises(Conflict, match="There is a session 'Ärger GmbH' already"):
        create(engine, "Ärger GmbH")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " \u200b"}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"currency": "EURO"}, "currency"),
        ({"timezone": "Berlin"}, "timezone"),
        ({"sender_email": "ada"}, "sender_email"),
    ],
)
def test_a_session_with_a_wrong_value_is_not_made(
    engine: Engine, values: dict[str, str], field: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        engine.call("session.create", {"name": "acme"} | values)
    assert caught.value.field == field
    listed: Any = engine.call("session.list", {})
    assert listed.items == ()
    assert listed.active is None


def test_using_another_one_makes_it_active(engine: Engine) -> None:
    first, second = create(engine, "first"), create(engine, "second")
    assert engine.call("session.show", {}) == second
    engine.call("session.use", {"name": "FIRST"})
    assert engine.call("session.show", {}) == first
    engine.call("session.use", {"name": second.session_id})
    assert engine.call("session.show", {}) == second


def test_an_unknown_session_is_said(engine: Engine) -> None:
    create(engine, "acme")
    with pytest.raises(NotFound, match="There is no session 'nope'"):
        engine.call("session.use", {"name": "nope"})
    engine.session = "nope"
    with pytest.raises(NotFound, match="There is no session 'nope'"):
        engine.call("gtm.crm.list_contacts", {})


def test_what_is_left_out_of_a_change_stays(desk: Desk) -> None:
    seen = desk.call("session.update", name="Acme", sender_name="Ada Lovelace")
    assert (seen.name, seen.sender_name, seen.sender_email) == (
        "Acme",
        "Ada Lovelace",
        "ada@acme.example",
    )
    assert seen.version == 2
    assert desk.call("session.update", sender_email="").sender_email == ""


def test_a_change_of_an_older_version_is_a_conflict(desk: Desk) -> None:
    desk.call("session.update", currency="USD", version=1)
    with pytest.raises(Conflict, match=r"version 2, you saw 1"):
        desk.call("session.update", currency="GBP", version=1)
    assert desk.call("session.show").currency == "USD"


def test_a_name_that_is_taken_is_refused(desk: Desk) -> None:
    desk.call("session.create", name="other")
    with pytest.raises(Conflict, match="There is a session 'Acme' already"):
        desk.call("session.update", name="Acme")
    assert desk.call("session.update", name="OTHER").name == "OTHER"


def test_a_change_can_be_taken_back(desk: Desk) -> None:
    before = desk.call("session.show")
    desk.call("session.update", name="x", currency="USD", timezone="Asia/Tokyo")
    desk.call("undo")
    after = desk.call("session.show")
    assert after.model_dump(exclude={"version"}) == before.model_dump(exclude={"version"})


def test_nothing_of_one_session_is_seen_in_another(desk: Desk) -> None:
    """T-097: what belongs to another workspace does not exist here."""
    mail = desk.drafted()
    person = desk.contact()
    deal = desk.call("gtm.crm.add_deal", contact_id=person.contact_id, title="Looms")
    task = desk.call("gtm.crm.add_task", subject="Call")
    desk.call("gtm.crm.suppress", address="x@example.com")
    desk.call("session.create", name="other")
    status = desk.call("gtm.status")
    assert status.contacts == 0
    assert all(stage.deals == 0 for stage in status.deals)
    assert (status.sequences, status.enrollments, status.to_decide) == ({}, {}, 0)
    for listing in (
        "gtm.crm.list_contacts", "gtm.crm.list_deals", "gtm.crm.list_tasks", "gtm.crm.list_suppressed",
        "gtm.outreach.list_sequences", "gtm.outreach.list_enrollments", "gtm.approvals.list", "job.list",
        "gtm.today",
    ):  # fmt: skip
        assert desk.call(listing).items == (), listing
    assert {event.kind for event in events(desk)} == {"session.created"}
    for name, values in {
        "gtm.crm.get_contact": {"contact_id": person.contact_id},
        "gtm.crm.update_contact": {"contact_id": person.contact_id, "name": "x"},
        "gtm.crm.delete_contact": {"contact_id": person.contact_id},
        "gtm.crm.add_deal": {"contact_id": person.contact_id, "title": "x"},
        "gtm.crm.get_deal": {"deal_id": deal.deal_id},
        "gtm.crm.advance_deal": {"deal_id": deal.deal_id, "stage": "won"},
        "gtm.crm.delete_deal": {"deal_id": deal.deal_id},
        "gtm.crm.complete_task": {"activity_id": task.activity_id},
        "gtm.crm.unsuppress": {"address": "x@example.com"},
        "gtm.outreach.get_sequence": {"sequence_id": mail.sequence_id},
        "gtm.outreach.pause_sequence": {"sequence_id": mail.sequence_id},
        "gtm.outreach.archive_sequence": {"sequence_id": mail.sequence_id},
        "gtm.outreach.execute_sequence": {
            "sequence_id": mail.sequence_id,
            "contact_id": person.contact_id,
        },
        "gtm.outreach.cancel_enrollment": {"enrollment_id": mail.enrollment_id},
        "gtm.outreach.complete_step": {"job_id": mail.id},
        "gtm.outreach.redraft": {"id": mail.id},
        "gtm.approvals.show": {"id": mail.id},
        "gtm.approvals.approve": {"id": mail.id, "digest": mail.digest},
        "gtm.approvals.reject": {"id": mail.id, "reason": "x"},
        "gtm.approvals.edit": {"id": mail.id, "body": "x"},
        "gtm.approvals.retry": {"id": mail.id},
    }.items():
        with pytest.raises(NotFound):
            desk.call(name, **values)
    with pytest.raises(NotFound, match="nothing to undo"):
        desk.call("undo")
