"""Undo and redo from the log: step by step, across restarts, and never over somebody else's change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rusvel_tui.adapters.clock import FixedClock
from rusvel_tui.engine.context import Actor
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import Busy, InvalidState, NotFound, NotPermitted
from tests.factories import START, Desk, enrollment, events, kinds, query


def contact(desk: Desk, contact_id: str) -> Any:
    return desk.call("gtm.crm.get_contact", contact_id=contact_id)


def test_nothing_to_undo_is_said(desk: Desk) -> None:
    for name in ("undo", "redo"):
        with pytest.raises(NotFound, match=f"nothing to {name}") as caught:
            desk.call(name)
        assert caught.value.exit_code == 3


def test_the_newest_change_is_taken_back_and_named(desk: Desk) -> None:
    desk.contact("Grace")
    made = desk.contact("Ada")
    done = desk.call("undo")
    assert (done.kind, done.subject_id, done.name) == ("gtm.contact.added", made.contact_id, "Ada")
    assert [item.name for item in desk.call("gtm.crm.list_contacts").items] == ["Grace"]
    assert kinds(desk, "undo") == ["undo.done"]


def test_many_changes_of_one_thing_are_taken_back_one_by_one(desk: Desk) -> None:
    made = desk.contact("A")
    for name in "BCD":
        desk.call("gtm.crm.update_contact", contact_id=made.contact_id, name=name)
    for name in "CBA":
        desk.call("undo")
        assert contact(desk, made.contact_id).name == name
    for name in "BCD":
        desk.call("redo")
        assert contact(desk, made.contact_id).name == name
    for name in "CBA":
        desk.call("undo")
        assert contact(desk, made.contact_id).name == name
    desk.call("undo")
    assert desk.call("gtm.crm.list_contacts").items == ()


def test_a_new_change_ends_what_could_be_made_again(desk: Desk) -> None:
    made = desk.contact("A")
    desk.call("gtm.crm.update_contact", contact_id=made.contact_id, name="B")
    desk.call("undo")
    desk.call("gtm.crm.update_contact", contact_id=made.contact_id, name="C")
    with pytest.raises(NotFound, match="nothing to redo"):
        desk.call("redo")
    desk.call("undo")
    with_a = contact(desk, made.contact_id)
    assert with_a.name == "A"
    desk.call("redo")
    assert contact(desk, made.contact_id).name == "C"


def test_undo_survives_a_restart(desk: Desk, tmp_path: Path) -> None:
    made = desk.contact("A")
    desk.call("gtm.crm.update_contact", contact_id=made.contact_id, name="B")
    desk.engine.close()
    again: Any = Engine(tmp_path / "desk.db", clock=FixedClock(START))
    again.call("undo", {})
    assert again.call("gtm.crm.get_contact", {"contact_id": made.contact_id}).name == "A"
    again.close()


def test_the_log_says_what_took_back_what(desk: Desk) -> None:
    desk.contact("A")
    desk.call("undo")
    desk.call("redo")
    rows = query(
        desk, "SELECT kind, undo_of, undone_by, redo FROM event WHERE kind LIKE 'gtm.con%'"
    )
    ids = [row[0] for row in query(desk, "SELECT id FROM event WHERE kind LIKE 'gtm.con%'")]
    assert rows == [
        ("gtm.contact.added", None, ids[1], 0),
        ("gtm.contact.deleted", ids[0], ids[2], 0),
        ("gtm.contact.restored", None, None, 1),
    ]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("gtm.crm.update_deal", {"title": "x"}),
        ("gtm.crm.update_deal", {"value": "7", "currency": "USD"}),
        ("gtm.crm.update_deal", {"probability": 3, "expected_close": "2027-01-01"}),
        ("gtm.crm.advance_deal", {"stage": "Won", "reason": "price"}),
        ("gtm.crm.delete_deal", {}),
    ],
)
def test_changes_of_a_deal_are_taken_back(desk: Desk, name: str, values: dict[str, Any]) -> None:
    made = desk.call(
        "gtm.crm.add_deal", contact_id=desk.contact().contact_id, title="Looms", value="5"
    )
    changed = desk.call(name, deal_id=made.deal_id, **values)
    desk.call("undo")
    seen = desk.call("gtm.crm.get_deal", deal_id=made.deal_id)
    ignored = {"version", "stays", "health"}
    assert seen.model_dump(exclude=ignored) == made.model_dump(exclude=ignored)
    desk.call("redo")
    if name != "gtm.crm.delete_deal":
        again = desk.call("gtm.crm.get_deal", deal_id=made.deal_id)
        assert again.model_dump(exclude=ignored) == changed.model_dump(exclude=ignored)


def test_a_card_comes_back_to_its_place(desk: Desk) -> None:
    person = desk.contact()
    a, b, _ = (
        desk.call("gtm.crm.add_deal", contact_id=person.contact_id, title=title) for title in "abc"
    )

    def order() -> str:
        return "".join(card.title for card in desk.call("gtm.crm.board").columns[0].cards)

    desk.call("gtm.crm.advance_deal", deal_id=b.deal_id, stage="Won")
    desk.call("gtm.crm.reorder_deal", deal_id=a.deal_id, by=-1)
    assert order() == "ac"
    desk.call("undo")
    desk.call("undo")
    assert order() == "cba"


def test_a_redraft_and_the_edit_before_it_are_taken_back_one_by_one(desk: Desk) -> None:
    mail = desk.drafted()
    own = "A text of some length, written by hand."
    desk.call("gtm.approvals.edit", id=mail.id, body=own)
    desk.call("gtm.outreach.redraft", id=mail.id)
    desk.work()
    assert desk.mail(mail.id).body == mail.body
    desk.call("undo")
    assert desk.mail(mail.id).body == own
    desk.call("undo")
    assert desk.mail(mail.id).body == mail.body


def test_taking_back_an_edit_after_a_yes_that_was_taken_back(desk: Desk) -> None:
    mail = desk.drafted()
    edited = desk.call("gtm.approvals.edit", id=mail.id, subject="Another subject")
    desk.approve(edited)
    desk.call("undo")
    assert desk.mail(mail.id).state == "Held"
    desk.call("undo")
    assert desk.mail(mail.id).subject == mail.subject
    assert desk.mail(mail.id).digest == mail.digest


def test_a_yes_that_was_taken_back_is_not_given_again(desk: Desk) -> None:
    mail = desk.drafted()
    desk.approve(mail)
    desk.call("undo")
    with pytest.raises(NotFound, match="nothing to redo"):
        desk.call("redo")
    assert desk.mail(mail.id).state == "Held"


def test_a_yes_cannot_be_taken_back_when_the_mail_left(desk: Desk) -> None:
    mail = desk.drafted()
    desk.approve(mail)
    desk.work()
    with pytest.raises(InvalidState, match="too late"):
        desk.call("undo")
    assert desk.mail(mail.id).state == "Sent"


def test_what_is_too_late_is_said_once_and_does_not_bar_the_way(desk: Desk) -> None:
    desk.contact("Old")
    mail = desk.drafted()
    desk.approve(mail)
    desk.work()
    with pytest.raises(InvalidState, match="too late"):
        desk.call("undo")
    assert desk.call("undo").kind == "gtm.outreach.enrolled"
    assert not events(desk, "gtm.outreach.approved")[0].undone


def test_a_yes_that_was_taken_back_otherwise_is_not_undone(desk: Desk) -> None:
    mail = desk.drafted()
    edited = desk.call("gtm.approvals.edit", id=mail.id, subject="Another subject")
    desk.approve(edited)
    desk.call("gtm.approvals.unapprove", id=mail.id)
    assert events(desk, "gtm.outreach.approved")[0].undone
    assert desk.call("undo").kind == "gtm.outreach.edited"
    assert desk.mail(mail.id).subject == mail.subject


def test_an_edit_after_a_yes_is_taken_back_without_the_yes(desk: Desk) -> None:
    mail = desk.drafted()
    desk.approve(mail)
    desk.call("gtm.approvals.edit", id=mail.id, subject="Another subject")
    desk.call("undo")
    seen = desk.mail(mail.id)
    assert (seen.state, seen.subject) == ("Held", mail.subject)
    assert desk.call("undo").kind == "gtm.outreach.enrolled"


def test_a_busy_file_spends_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.contact("Grace")

    def busy(*_: object) -> None:
        raise Busy("held")

    with monkeypatch.context() as patch:
        patch.setattr("rusvel_tui.engine.undo._take_back", busy)
        with pytest.raises(Busy):
            desk.call("undo")
    assert desk.call("undo").name == "Grace"


def test_a_rejection_can_be_taken_back_with_its_enrollment(desk: Desk) -> None:
    mail = desk.drafted()
    desk.call("gtm.approvals.reject", id=mail.id, reason="not now")
    assert enrollment(desk, mail.contact_id).status == "Cancelled"
    desk.call("undo")
    assert desk.mail(mail.id).state == "Held"
    assert enrollment(desk, mail.contact_id).status == "Active"
    desk.call("redo")
    assert desk.mail(mail.id).state == "Cancelled"
    assert desk.mail(mail.id).error == "not now"


def test_an_enrollment_is_taken_back_by_ending_it(desk: Desk) -> None:
    executed = desk.enrol(desk.sequence(), desk.contact())
    desk.call("undo")
    ended = enrollment(desk, executed.contact_id)
    assert (ended.status, ended.reason) == ("Cancelled", "undone")
    assert desk.work() == 0


def test_a_program_cannot_do_by_undo_what_is_for_people(desk: Desk) -> None:
    desk.call("gtm.outreach.pause_sending", reason="stop")
    with (
        desk.acting_as(Actor("assistant", human=False)),
        pytest.raises(NotPermitted, match="Only a person"),
    ):
        desk.call("undo")
    assert desk.call("gtm.outreach.sender").paused


def test_what_one_undo_does_counts_as_one(desk: Desk) -> None:
    """Deleting somebody who is enrolled records two events; redo and undo treat them as one change."""
    person = desk.contact("Grace")
    desk.enrol(desk.sequence(), person)
    desk.call("gtm.crm.delete_contact", contact_id=person.contact_id)
    desk.call("undo")
    desk.call("redo")
    assert desk.call("gtm.crm.list_contacts").items == ()
    desk.call("undo")
    assert contact(desk, person.contact_id).name == "Grace"


def test_undo_keeps_to_its_session(desk: Desk) -> None:
    desk.contact("Grace")
    desk.call("session.create", name="other")
    with pytest.raises(NotFound, match="nothing to undo"):
        desk.call("undo")
    desk.call("undo", session_id="acme")
    assert events(desk) != []
    assert desk.call("gtm.crm.list_contacts", session_id="acme").items == ()
