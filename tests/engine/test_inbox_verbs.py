"""What the inbox can do besides yes and no: later, many at once, narrowing down, looking closer, files."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest

from rusvel_tui.engine.context import Actor
from rusvel_tui.engine.errors import Conflict, InvalidInput, InvalidState, NotPermitted
from rusvel_tui.engine.filters.faults import FilterError
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box
from tests.factories import AGAIN, HELLO, START, Desk, box, events, query, statements

OWN = {"subject": "Offer", "body": "Dear Ada, here is the offer that you asked for."}


def people(desk: Desk, count: int, name: str = "Intro") -> list[Any]:
    """So many drafts of one sequence."""
    sequence = desk.sequence(HELLO, AGAIN, name=name)
    for _ in range(count):
        desk.enrol(sequence, desk.contact())
    desk.work()
    return box(desk)


def test_q_035_snoozed_is_held_and_comes_back_by_itself(desk: Desk) -> None:
    mail = desk.drafted()
    seen = desk.call("gtm.approvals.snooze", id=mail.id, until="in 2 days")
    assert (seen.box, seen.state) == (Box.HELD, "Held")
    assert box(desk) == []
    assert desk.call("gtm.approvals.counts").counts[Box.HELD] == 1
    desk.call("undo")
    assert len(box(desk)) == 1
    desk.call("redo")
    desk.later(days=2, seconds=1)
    assert [one.id for one in box(desk)] == [mail.id]
    assert desk.approve(desk.mail(mail.id)).snoozed_until is None


@pytest.mark.parametrize("until", ["yesterday", "", "some day", "2020-01-01"])
def test_a_snooze_needs_a_moment_to_come(desk: Desk, until: str) -> None:
    mail = desk.drafted()
    with pytest.raises(InvalidInput):
        desk.call("gtm.approvals.snooze", id=mail.id, until=until)


def test_the_earliest_time_is_part_of_the_yes(desk: Desk) -> None:
    """Chosen before the yes it changes the digest; chosen after it, the yes holds for the same text."""
    mail = desk.drafted()
    moved = desk.call("gtm.approvals.set_time", id=mail.id, not_before="in 2 days")
    assert moved.digest != mail.digest
    with pytest.raises(Conflict, match="not the one you read"):
        desk.approve(mail)
    desk.approve(moved)
    desk.work()
    assert desk.mailer.sent == []
    sooner = desk.call("gtm.approvals.set_time", id=mail.id, not_before="in 1 hour")
    assert (sooner.state, sooner.approved_by) == ("Approved", "user")
    desk.until(mail.id)
    desk.work()
    assert len(desk.mailer.sent) == 1
    assert events(desk, "gtm.email.sent")[0].at >= START + timedelta(hours=1)
    with pytest.raises(InvalidState, match="too late"):
        desk.call("gtm.approvals.set_time", id=mail.id, not_before="")


def test_the_time_is_taken_back(desk: Desk) -> None:
    mail = desk.drafted()
    for text in ("in 2 days", "in 3 days"):
        desk.call("gtm.approvals.set_time", id=mail.id, not_before=text)
    desk.call("undo")
    assert desk.mail(mail.id).not_before == START + timedelta(days=2)
    desk.call("undo")
    assert (desk.mail(mail.id).not_before, desk.mail(mail.id).digest) == (None, mail.digest)


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("gtm.approvals.set_time", {"not_before": "in 1 day"}),
        ("gtm.approvals.send_test", {}),
    ],
)
def test_only_a_person_lets_something_leave(desk: Desk, name: str, more: dict[str, str]) -> None:
    mail = desk.drafted()
    with desk.acting_as(Actor("assistant", human=False)), pytest.raises(NotPermitted):
        desk.call(name, id=mail.id, **more)
    with desk.acting_as(Actor("assistant", human=False)), pytest.raises(NotPermitted):
        desk.call("gtm.approvals.approve_many", mails=[{"id": mail.id, "digest": mail.digest}])


def test_q_035_many_are_approved_as_one_change(desk: Desk) -> None:
    """One event with who and what; what changed meanwhile is left out and said; one undo takes the rest back."""
    mails = people(desk, 5)
    found = desk.call("gtm.approvals.sort_out")
    assert [one.id for one in found.ready] == [mail.id for mail in mails]
    desk.call(
        "gtm.approvals.edit", id=mails[0].id, body="Hi Grace, something else about the looms."
    )
    done = desk.call("gtm.approvals.approve_many", mails=[one.model_dump() for one in found.ready])
    assert (done.count, [one.id for one in done.refused]) == (4, [mails[0].id])
    [event] = events(desk, "gtm.outreach.approved")
    assert event.payload["digests"] == {mail.id: mail.digest for mail in mails[1:]}
    desk.call("gtm.approvals.unapprove", id=mails[1].id)
    desk.call("undo")
    assert len(box(desk)) == 5
    with pytest.raises(Conflict, match="None of them"):
        desk.call("gtm.approvals.approve_many", mails=[{"id": mails[0].id, "digest": "x"}])


def test_q_035_what_is_not_sound_is_left_out_and_counted(desk: Desk) -> None:
    mails = people(desk, 4)
    bad = {"channel": "email", "subject": "Hi", "body": "Dear {{title}}, a word about the looms."}
    desk.enrol(desk.sequence(bad, name="Bad"), desk.contact())
    desk.work()
    desk.call("gtm.approvals.snooze", id=mails[0].id, until="tomorrow")
    approved = desk.approve(mails[1])
    desk.call("gtm.approvals.edit", id=approved.id, body="Hi Grace, other words about the looms.")
    found = desk.call("gtm.approvals.sort_out")
    assert [one.id for one in found.ready] == [mails[2].id, mails[3].id]
    assert found.left == {"with errors": 1, "changed since their yes": 1}
    named = desk.call("gtm.approvals.sort_out", ids=[mails[0].id, mails[2].id])
    assert ([one.id for one in named.ready], named.left) == ([mails[2].id], {"snoozed": 1})


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("source:manual", 1),
        ("source:sequence", 3),
        ("sequence:intro", 3),
        ("to:ada", 1),
        ("is:first", 3),
        ("-is:first", 1),
        ("step:1 source:sequence", 3),
        ("text:offer", 1),
        ("looms", 3),
        ("due<1d", 4),
        ("is:attached", 0),
        ("no:company", 4),
        ("created<1d", 4),
    ],
)  # fmt: skip
def test_a_filter_narrows_a_box_down(desk: Desk, text: str, count: int) -> None:
    people(desk, 3)
    desk.call("gtm.approvals.propose", to="ada@example.com", **OWN)
    found = desk.call("gtm.approvals.window", box="waiting", filter=text)
    assert (found.total, len(found.rows)) == (count, count)
    assert len(desk.call("gtm.approvals.list", filter=text).items) == count


def test_a_wrong_filter_points_at_its_column(desk: Desk) -> None:
    with pytest.raises(FilterError, match="column 1"):
        desk.call("gtm.approvals.window", box="waiting", filter="stage:lead")


@pytest.mark.parametrize("count", [2, 40])
def test_a_box_costs_the_same_number_of_questions(desk: Desk, count: int) -> None:
    people(desk, count)
    with statements(desk) as said:
        desk.call("gtm.approvals.window", box="waiting", filter="looms")
    assert len(said) <= 10


def test_q_022_why_tells_person_words_facts_and_gates(desk: Desk) -> None:
    mail = desk.drafted()
    seen = desk.call("gtm.approvals.why", id=mail.id)
    assert seen.person[0].startswith("Enrolled Tue 24 Nov 2026 09:00 by user")
    assert seen.words == ("Written by canned.",)
    assert {gate.name for gate in seen.now.gates} >= {"suppression", "sequence", "mailer", "window"}
    own = desk.call("gtm.approvals.propose", to="ada@example.com", note="She asked.", **OWN)
    because = desk.call("gtm.approvals.why", id=own.id)
    assert because.person[-1] == "She asked."
    assert (because.now.sequence, because.now.contact) == ("", "ada@example.com")


def test_q_033_the_bytes_that_are_shown_are_those_that_leave(desk: Desk) -> None:
    mail = desk.drafted()
    shown = desk.call("gtm.approvals.raw", id=mail.id)
    assert (shown.final, "\nSubject: Hello\n" in shown.text) == (False, True)
    desk.approve(mail)
    desk.work()
    left = desk.call("gtm.approvals.raw", id=mail.id)
    [sent] = desk.mailer.sent
    assert (left.final, left.text.encode()) == (True, sent.raw.replace(b"\r\n", b"\n"))


def test_a_test_goes_to_oneself_at_once_and_changes_nothing(desk: Desk) -> None:
    desk.set_policy(undo_seconds=60)
    mail = desk.drafted()
    for _ in range(2):
        desk.call("gtm.approvals.send_test", id=mail.id)
    desk.work()
    assert [sent.rcpt_to for sent in desk.mailer.sent] == ["ada@acme.example"] * 2
    assert desk.mail(mail.id).digest == mail.digest
    assert [one.id for one in box(desk)] == [mail.id]


def test_a_file_is_kept_once_and_leaves_with_the_mail(desk: Desk) -> None:
    content = b"%PDF-1.7 " + bytes(range(256))
    packed = base64.b64encode(content).decode()
    kept = [desk.call("gtm.approvals.keep_file", content_base64=packed) for _ in range(2)]
    assert kept[0].sha256 == kept[1].sha256
    assert query(desk, "SELECT count(*) FROM attachment") == [(1,)]
    file = {"name": "../../etc/Offer: 7.pdf", "sha256": kept[0].sha256}
    mail = desk.call("gtm.approvals.propose", to="ada@example.com", attachments=[file], **OWN)
    assert mail.attachments == ("Offer_ 7.pdf",)
    assert desk.mail(mail.id).files[0].size == len(content)
    desk.approve(mail)
    desk.work()
    [sent] = desk.mailer.sent
    assert packed[:60].encode() in sent.raw


@pytest.mark.parametrize("content", ["", "no base64!", "AA"])
def test_a_file_that_is_none_is_refused(desk: Desk, content: str) -> None:
    with pytest.raises(InvalidInput):
        desk.call("gtm.approvals.keep_file", content_base64=content)
    file = {"name": "x", "sha256": "0" * 64}
    with pytest.raises(InvalidInput, match="not kept here"):
        desk.call("gtm.approvals.propose", to="a@example.com", attachments=[file], **OWN)
