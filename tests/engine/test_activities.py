"""Notes, calls and meetings: written down, changed, deleted, and each of it taken back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from rusvel_tui.engine.context import Actor
from rusvel_tui.engine.errors import Conflict, InvalidInput, InvalidState, NotFound, NotPermitted
from tests.factories import HELLO, START, Desk, events, kinds, query


def rows(desk: Desk) -> list[tuple[Any, ...]]:
    """The living activities, without what only says when they were touched."""
    return query(
        desk,
        "SELECT id, kind, status, subject, body, notes, outcome, due_at, at, duration_minutes, contact_id, deal_id"
        " FROM activity WHERE deleted_at IS NULL ORDER BY id",
    )


def test_a_note_belongs_to_a_contact_or_a_deal(desk: Desk) -> None:
    person = desk.contact("Grace")
    deal = desk.call("gtm.crm.add_deal", contact_id=person.contact_id, title="Looms")
    first = desk.call("gtm.crm.add_note", body="met at the fair", contact_id=person.contact_id)
    second = desk.call("gtm.crm.add_note", body="wants two", deal_id=deal.deal_id)
    assert (first.kind, first.status, first.contact) == ("Note", "done", "Grace")
    assert (second.contact_id, second.deal_id) == (person.contact_id, deal.deal_id)
    assert (second.deal, second.actor) == ("Looms", desk.engine.actor.name)
    assert desk.call("gtm.crm.get_activity", activity_id=first.activity_id) == first


@pytest.mark.parametrize(
    ("name", "values", "field"),
    [
        ("add_note", {"body": " "}, "body"),
        ("add_note", {"body": "x", "contact_id": ""}, "contact_id"),
        ("log_call", {"contact_id": ""}, "contact_id"),
        ("log_call", {"outcome": "chatted"}, "outcome"),
        ("log_call", {"at": "tomorrow"}, "at"),
        ("log_call", {"at": "whenever"}, "at"),
        ("log_call", {"duration_minutes": -1}, "duration_minutes"),
        ("log_call", {"next": {"subject": " "}}, "next"),
        ("log_call", {"next": {"subject": "x", "due_at": "someday"}}, "next"),
        ("log_call", {"next": {"subject": "x", "kind": "note"}}, "next"),
        ("log_call", {"next": {"subject": "x", "wen": "fri"}}, "next.wen"),
        ("log_meeting", {"subject": "\t"}, "subject"),
        ("log_meeting", {"subject": "Demo", "at": "in 2 hours"}, "at"),
    ],
)
def test_what_makes_no_sense_is_refused_and_leaves_nothing(
    desk: Desk, name: str, values: dict[str, Any], field: str
) -> None:
    person = desk.contact()
    with pytest.raises(InvalidInput) as caught:
        desk.call(f"gtm.crm.{name}", **{"contact_id": person.contact_id} | values)
    assert caught.value.field == field
    assert rows(desk) == []


def test_t_086_a_call_has_an_outcome_and_stands_in_the_timeline(desk: Desk) -> None:
    person = desk.contact("Grace")
    call = desk.call(
        "gtm.crm.log_call", contact_id=person.contact_id, outcome="No_Answer", body="rang twice",
        at="20 minutes ago", duration_minutes=2,
    )  # fmt: skip
    assert (call.kind, call.status, call.outcome) == ("Call", "done", "no answer")
    assert (call.at, call.duration_minutes) == (START - timedelta(minutes=20), 2)
    [entry] = desk.call("gtm.crm.timeline", contact_id=person.contact_id).items
    assert (entry.kind, entry.title, entry.outcome) == ("Call", "rang twice", "no answer")


def test_a_meeting_is_written_down_after_it_was(desk: Desk) -> None:
    person = desk.contact()
    held = desk.call(
        "gtm.crm.log_meeting", subject="Demo", contact_id=person.contact_id, at="yesterday 14:00", body="liked it",
        duration_minutes=45, outcome="held",
    )  # fmt: skip
    assert held.at.isoformat() == "2026-11-23T14:00:00+00:00"
    assert (held.kind, held.subject, held.body, held.outcome) == (
        "Meeting",
        "Demo",
        "liked it",
        "held",
    )


def test_a_call_and_what_follows_from_it_are_one_change(desk: Desk) -> None:
    person = desk.contact("Grace")
    deal = desk.call("gtm.crm.add_deal", contact_id=person.contact_id, title="Looms")
    before = rows(desk)
    call = desk.call(
        "gtm.crm.log_call", deal_id=deal.deal_id, outcome="call back",
        next={"subject": "Call again", "due_at": "fri 14:00", "kind": "Call"},
    )  # fmt: skip
    follow_up = call.follow_up
    assert (follow_up.kind, follow_up.status, follow_up.subject) == ("Call", "open", "Call again")
    assert follow_up.due_at.isoformat() == "2026-11-27T14:00:00+00:00"
    assert (follow_up.contact_id, follow_up.deal_id) == (person.contact_id, deal.deal_id)
    assert follow_up.metadata == {"follows": call.activity_id}
    assert kinds(desk, "gtm.activity") == ["gtm.activity.added"]
    after = rows(desk)
    desk.call("undo")
    assert rows(desk) == before
    desk.call("redo")
    assert rows(desk) == after


def test_a_word_alone_is_what_follows_tomorrow(desk: Desk) -> None:
    call = desk.call(
        "gtm.crm.log_call", contact_id=desk.contact().contact_id, next="Send the offer"
    )
    assert (call.follow_up.kind, call.follow_up.subject) == ("Task", "Send the offer")
    assert call.follow_up.due_at.isoformat() == "2026-11-25T09:00:00+00:00"


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("gtm.crm.add_note", {"body": "x"}),
        ("gtm.crm.log_call", {}),
        ("gtm.crm.log_meeting", {"subject": "Demo"}),
        ("gtm.crm.add_task", {"subject": "Write"}),
    ],
)
def test_what_was_added_can_be_taken_back_and_made_again(
    desk: Desk, name: str, values: dict[str, Any]
) -> None:
    person = desk.contact("Grace")
    made = desk.call(name, contact_id=person.contact_id, **values)
    written = rows(desk)
    undone = desk.call("undo")
    assert (undone.subject_id, undone.name) == (made.activity_id, "Grace")
    assert (rows(desk), desk.call("gtm.crm.list_tasks").items) == ([], ())
    assert desk.call("gtm.crm.timeline", contact_id=person.contact_id).items == ()
    with pytest.raises(NotFound):
        desk.call("gtm.crm.get_activity", activity_id=made.activity_id)
    desk.call("redo")
    assert rows(desk) == written
    assert kinds(desk, "gtm.activity") == [
        "gtm.activity.added", "gtm.activity.deleted", "gtm.activity.restored",
    ]  # fmt: skip


def test_only_a_person_deletes_and_so_only_a_person_takes_an_entry_back(desk: Desk) -> None:
    person = desk.contact()
    note = desk.call("gtm.crm.add_note", body="x", contact_id=person.contact_id)
    with desk.acting_as(Actor("assistant", human=False)):
        with pytest.raises(NotPermitted):
            desk.call("gtm.crm.delete_activity", activity_id=note.activity_id)
        with pytest.raises(NotPermitted):
            desk.call("undo")
    assert len(rows(desk)) == 1


def test_a_deleted_entry_comes_back_as_it_was(desk: Desk) -> None:
    person = desk.contact()
    note = desk.call("gtm.crm.add_note", body="x", contact_id=person.contact_id)
    before = rows(desk)
    gone = desk.call("gtm.crm.delete_activity", activity_id=note.activity_id)
    assert gone.activity_id == note.activity_id
    assert rows(desk) == []
    desk.call("undo")
    assert rows(desk) == before


def test_a_mail_on_the_timeline_is_what_left_and_stays(desk: Desk) -> None:
    mail = desk.drafted(HELLO)
    desk.approve(mail)
    desk.work()
    [entry] = desk.call("gtm.crm.timeline", contact_id=mail.contact_id, kinds="EmailOut").items
    assert (entry.title, entry.target.kind, entry.target.id) == ("Hello", "mail", mail.id)
    assert entry.actor == desk.engine.actor.name
    for name in ("update_activity", "delete_activity"):
        with pytest.raises(InvalidInput, match="mail on the timeline"):
            desk.call(f"gtm.crm.{name}", activity_id=entry.id)


def test_what_a_step_of_a_sequence_wants_is_not_deleted_alone(desk: Desk) -> None:
    desk.enrol(desk.sequence({"type": "CALL"}), desk.contact())
    desk.work()
    [call] = desk.call("gtm.crm.list_tasks").items
    with pytest.raises(InvalidState, match="End the enrollment"):
        desk.call("gtm.crm.delete_activity", activity_id=call.activity_id)
    with pytest.raises(InvalidInput, match="stays with its contact"):
        desk.call(
            "gtm.crm.update_activity",
            activity_id=call.activity_id,
            contact_id=desk.contact().contact_id,
        )


def test_everything_about_an_entry_can_be_changed_and_taken_back(desk: Desk) -> None:
    person, other = desk.contact("Grace"), desk.contact("Ada")
    call = desk.call("gtm.crm.log_call", contact_id=person.contact_id)
    before = rows(desk)
    changed = desk.call(
        "gtm.crm.update_activity", activity_id=call.activity_id, version=call.version, subject="Intro", body="spoke",
        notes="later", outcome="Voicemail", at="yesterday 10:00", duration_minutes=5, contact_id=other.contact_id,
    )  # fmt: skip
    assert (changed.subject, changed.body, changed.notes) == ("Intro", "spoke", "later")
    assert (changed.outcome, changed.duration_minutes, changed.contact) == ("voicemail", 5, "Ada")
    assert changed.at == START - timedelta(hours=23)
    assert changed.version == call.version + 1
    desk.call("undo")
    assert rows(desk) == before


def test_a_change_of_nothing_is_no_change(desk: Desk) -> None:
    note = desk.call("gtm.crm.add_note", body="x", contact_id=desk.contact().contact_id)
    same = desk.call("gtm.crm.update_activity", activity_id=note.activity_id, body=" x ")
    assert same == note
    assert kinds(desk, "gtm.activity") == ["gtm.activity.added"]


def test_q_084_two_who_edit_one_note_do_not_overwrite_each_other(desk: Desk) -> None:
    note = desk.call("gtm.crm.add_note", body="x", contact_id=desk.contact().contact_id)
    mine = {"activity_id": note.activity_id, "version": note.version}
    desk.call("gtm.crm.update_activity", body="hers", **mine)
    with pytest.raises(Conflict, match="changed by somebody else"):
        desk.call("gtm.crm.update_activity", body="mine", **mine)
    assert desk.call("gtm.crm.get_activity", activity_id=note.activity_id).body == "hers"


@pytest.mark.parametrize(
    ("made", "change", "field"),
    [
        ({"name": "log_call"}, {"due_at": "fri"}, "due_at"),
        ({"name": "add_task", "subject": "x"}, {"at": "yesterday"}, "at"),
        ({"name": "add_task", "subject": "x"}, {"subject": " "}, "subject"),
        ({"name": "add_note", "body": "x"}, {"body": " "}, "body"),
        ({"name": "log_call"}, {"at": "tomorrow"}, "at"),
        ({"name": "log_call"}, {"contact_id": ""}, "contact_id"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(
    desk: Desk, made: dict[str, str], change: dict[str, str], field: str
) -> None:
    values = {"contact_id": desk.contact().contact_id} | made
    entry = desk.call(f"gtm.crm.{values.pop('name')}", **values)
    with pytest.raises(InvalidInput) as caught:
        desk.call("gtm.crm.update_activity", activity_id=entry.activity_id, **change)
    assert caught.value.field == field


def test_undo_says_so_when_an_entry_was_changed_since_by_somebody_else(desk: Desk) -> None:
    """A change that has no inverse lies over it: nothing is overwritten."""
    note = desk.call("gtm.crm.add_note", body="x", contact_id=desk.contact().contact_id)
    desk.call("gtm.crm.update_activity", activity_id=note.activity_id, body="y")
    changed = events(desk, "gtm.activity.updated")[0]
    with desk.engine.connected() as connection:
        connection.execute("UPDATE activity SET version = version + 1, body = 'z'")
        connection.execute("UPDATE event SET undo = NULL WHERE id = ?", (changed.id,))
    with pytest.raises(Conflict):
        desk.call("undo")
    assert desk.call("gtm.crm.get_activity", activity_id=note.activity_id).body == "z"


def test_texts_lose_what_a_terminal_would_obey(desk: Desk) -> None:
    evil = "[@click=app.quit]x[/]\x1b]0;t\x07\u202e!"
    person = desk.contact()
    note = desk.call("gtm.crm.add_note", body=evil, contact_id=person.contact_id)
    task = desk.call("gtm.crm.add_task", subject=evil, body=evil)
    done = desk.call(
        "gtm.crm.complete_task", activity_id=task.activity_id, outcome=evil, notes=evil
    )
    texts = (note.body, task.subject, task.body, done.outcome, done.notes)
    assert set(texts) == {"[@click=app.quit]x[/]!"}


def test_q_086_last_contact_is_derived_from_what_was_done(desk: Desk) -> None:
    person = desk.contact()

    def seen() -> datetime | None:
        found: datetime | None = desk.call(
            "gtm.crm.get_contact", contact_id=person.contact_id
        ).last_contacted_at
        return found

    desk.call("gtm.crm.add_note", body="x", contact_id=person.contact_id)
    desk.call("gtm.crm.add_task", subject="x", kind="call", contact_id=person.contact_id)
    assert seen() is None
    call = desk.call("gtm.crm.log_call", contact_id=person.contact_id, at="2 hours ago")
    assert seen() == START - timedelta(hours=2)
    desk.call("gtm.crm.log_meeting", subject="Demo", contact_id=person.contact_id)
    assert seen() == START
    desk.call("undo")
    assert seen() == call.at
    desk.call("gtm.crm.delete_activity", activity_id=call.activity_id)
    assert seen() is None


def test_q_086_a_sent_mail_counts_as_contact(desk: Desk) -> None:
    mail = desk.drafted(HELLO)
    desk.approve(mail)
    sent_at = desk.later(hours=2)
    desk.work()
    person = desk.call("gtm.crm.get_contact", contact_id=mail.contact_id)
    assert person.last_contacted_at == sent_at
