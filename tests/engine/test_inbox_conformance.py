"""Acceptance of the approval queue, item by item: what is shown, what is checked again, what is kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import EngineError
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box
from tests.factories import AGAIN, HELLO, START, Desk, box, events, query


def test_q_030_the_view_shows_everything_a_verdict_is_about(desk: Desk) -> None:
    """To, From, subject, whole text with footer, step n of m, sequence, contact, company, slot, thread, warnings."""
    person = desk.contact("Grace Hopper", "grace@example.com", company="Navy")
    desk.enrol(desk.sequence(HELLO, AGAIN), person)
    desk.work()
    [first] = box(desk)
    desk.approve(first)
    desk.work()
    desk.later(days=3)
    desk.work()
    [second] = box(desk)
    seen = desk.mail(second.id)
    assert (seen.to, seen.to_name) == ("grace@example.com", "Grace Hopper")
    assert (seen.from_, seen.from_name) == ("ada@acme.example", "Ada")
    assert (seen.step, seen.steps, seen.sequence) == (2, 2, "Intro")
    assert (seen.contact, seen.company) == ("Grace Hopper", "Navy")
    assert "unsubscribe" in seen.footer
    assert [past.subject for past in seen.past] == ["Hello"]
    assert seen.their_zone == "UTC"
    assert any("postal address" in warning for warning in seen.warnings)
    assert (seen.draft, seen.drafts, seen.digest is not None) == (1, 1, True)


GUARDS: dict[str, Callable[[Desk, Any], Any]] = {
    "unsubscribed": lambda desk, mail: desk.call(
        "gtm.outreach.unsubscribe", contact_id=mail.contact_id
    ),
    "suppressed": lambda desk, mail: desk.call("gtm.crm.suppress", address=mail.to, reason="no"),
    "replied": lambda desk, mail: desk.call(
        "gtm.outreach.record_reply", contact_id=mail.contact_id
    ),
    "address changed": lambda desk, mail: desk.call(
        "gtm.crm.update_contact", contact_id=mail.contact_id, emails=["new@example.com"]
    ),
    "sequence paused": lambda desk, mail: desk.call(
        "gtm.outreach.pause_sequence", sequence_id=mail.sequence_id
    ),
    "person paused": lambda desk, mail: desk.call(
        "gtm.outreach.pause_enrollment", enrollment_id=mail.enrollment_id
    ),
    "sending paused": lambda desk, mail: desk.call("gtm.outreach.pause_sending"),
    "deleted": lambda desk, mail: desk.call("gtm.crm.delete_contact", contact_id=mail.contact_id),
    "too late": lambda desk, mail: desk.later(days=3),
}


@pytest.mark.parametrize("what", GUARDS)
def test_q_031_what_changed_after_the_yes_keeps_a_mail_from_leaving(desk: Desk, what: str) -> None:
    """Looked at again right before it leaves: held, asked again or ended, with the reason; never sent."""
    desk.set_policy(undo_seconds=60)
    mail = desk.approve(desk.drafted())
    GUARDS[what](desk, mail)
    desk.later(minutes=2)
    desk.work()
    assert desk.mailer.sent == []
    seen = desk.mail(mail.id)
    assert seen.state != "Sent"
    assert seen.blocked or seen.changed_since or seen.error


def test_q_033_every_decision_says_who_when_and_what(desk: Desk) -> None:
    mail = desk.drafted()
    desk.call("gtm.approvals.edit", id=mail.id, body="Hi Grace, my own words about your looms.")
    desk.approve(desk.mail(mail.id))
    desk.call("gtm.approvals.unapprove", id=mail.id)
    desk.call("gtm.approvals.reject", id=mail.id, reason="not now")
    told = {event.kind: event for event in events(desk, subject_id=mail.id)}
    for kind in ("edited", "approved", "unapproved", "rejected"):
        event = told[f"gtm.outreach.{kind}"]
        assert (event.actor, event.at) == ("user", START)
    assert told["gtm.outreach.approved"].payload["digest"] == desk.mail(mail.id).digest
    assert told["gtm.outreach.rejected"].payload["reason"] == "not now"
    texts = desk.call("gtm.approvals.versions", id=mail.id).items
    assert [text.author for text in texts] == ["canned", "person"]


@pytest.mark.parametrize("spelled", ["InDoubt", "in_doubt", "in doubt", "IN-DOUBT"])
def test_q_037_a_box_and_a_state_have_one_spelling_out_and_any_in(desk: Desk, spelled: str) -> None:
    assert desk.call("gtm.approvals.list", box=spelled).items == ()
    mail = desk.drafted()
    shown = json.loads(desk.mail(mail.id).model_dump_json())
    assert (shown["state"], shown["box"]) == ("Held", "waiting")


def test_q_007_of_verdicts_at_the_same_time_one_wins(desk: Desk) -> None:
    """Yes, no and an edit from three threads: one decides, the others are told, and the state is one of theirs."""
    mail = desk.drafted()
    edited = {"id": mail.id, "body": "Hi, other words on looms.", "version": mail.version}
    outcomes = race(
        desk.engine,
        ("gtm.approvals.approve", {"id": mail.id, "digest": mail.digest}),
        ("gtm.approvals.reject", {"id": mail.id, "reason": "no"}),
        ("gtm.approvals.edit", edited),
    )
    seen = desk.mail(mail.id)
    assert seen.state in ("Approved", "Cancelled", "Held")
    assert "" in outcomes
    assert any(outcomes)
    if seen.state == "Approved":
        same = query(desk, "SELECT digest = approved_digest FROM mail WHERE id = ?", mail.id)
        assert same == [(1,)]


def race(engine: Engine, *orders: tuple[str, dict[str, Any]]) -> list[str]:
    """What each of these orders, given at one moment, was answered: nothing, or why not."""
    start, answers = Barrier(len(orders)), [""] * len(orders)

    def give(place: int, name: str, data: dict[str, Any]) -> None:
        start.wait()
        try:
            with engine.connected():
                engine.call(name, data)
        except EngineError as error:
            answers[place] = str(error)

    threads = [Thread(target=give, args=(n, *order)) for n, order in enumerate(orders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_q_034_no_rejection_leaves_anybody_hanging(desk: Desk) -> None:
    """After each outcome the person is on the way, resting with a task, or out with a reason."""
    sequence = desk.sequence(HELLO, AGAIN)
    for then, status in (
        ("stop", "Cancelled"),
        ("skip", "Active"),
        ("redraft", "Active"),
        ("stop_company", "Cancelled"),
        ("wrong_data", "Paused"),
    ):
        person = desk.contact(company=f"Works {then}")
        job = desk.enrol(sequence, person)
        desk.work()
        desk.call("gtm.approvals.reject", id=job.job_id, reason="because", then=then)
        rows = desk.call("gtm.outreach.list_enrollments", contact_id=person.contact_id).items
        assert [row.status for row in rows] == [status], then


def test_q_035_the_undo_window_is_in_the_database(desk: Desk) -> None:
    """The yes waits out its window wherever it is looked at from, and a second engine sees the same moment."""
    desk.set_policy(undo_seconds=90)
    mail = desk.approve(desk.drafted())
    assert mail.run_at == START + timedelta(seconds=90)
    assert query(desk, "SELECT metadata FROM job WHERE id = ?", mail.id) == [
        ('{"undo_window":true}',)
    ]
    assert desk.call("gtm.approvals.counts").counts[Box.QUEUED] == 1
    desk.call("undo")
    assert len(box(desk)) == 1
