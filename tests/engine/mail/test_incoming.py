"""A message is stored first, judged once, and what it means follows, however it is tied to somebody."""

from __future__ import annotations

import pytest

from rusvel_tui.engine.context import Actor
from rusvel_tui.engine.gtm.mail.classifying.verdict import MailKind
from rusvel_tui.engine.ports import InDoubt
from tests.engine.mail.letters import arrives, raw, report, sent
from tests.factories import Desk, enrollment, events, kinds, query


def test_q_047_a_reply_stops_the_sequence_and_waits_for_an_answer(desk: Desk) -> None:
    mail = sent(desk)
    seen = arrives(desk, raw("Yes, tell me more.", In_Reply_To=mail.message_id))
    assert (seen.kind, seen.state, seen.linked_by.key) == (MailKind.HUMAN, "open", "thread")
    assert seen.contact_id == mail.contact_id
    ended = enrollment(desk, mail.contact_id)
    assert (ended.status, ended.reason) == ("Cancelled", "replied")
    assert seen.effect == "their sequence ended"
    assert desk.call("gtm.crm.get_contact", contact_id=mail.contact_id).status == "answered"
    [item] = [one for one in desk.call("gtm.today").items if one.need.key == "replied"]
    assert (item.item_id, item.contact_id) == (seen.incoming_id, mail.contact_id)


REPLIES = {
    "own Message-ID": ("thread", {"In_Reply_To": "{id}"}, "Grace <elsewhere@home.example.net>"),
    "References": ("thread", {"References": "<x@y.example> {id}"}, "Grace <other@example.net>"),
    "sender only": ("address", {}, "Grace <grace1@example.com>"),
    "sender in capitals": ("address", {}, "Grace <GRACE1@Example.COM>"),
    "plus address": ("alias", {}, "Grace <grace1+work@example.com>"),
}


@pytest.mark.parametrize("how", REPLIES)
def test_t_111_a_reply_is_found_by(desk: Desk, how: str) -> None:
    mail = sent(desk)
    link, headers, sender = REPLIES[how]
    more = {name: value.format(id=mail.message_id) for name, value in headers.items()}
    message = raw("Thursday suits me.", sender=sender, **more)
    if how == "plus address":
        more = {"References": "<unknown@nowhere.example>"}
        message = raw("Thursday suits me.", sender=sender, subject="Thursday", **more)
    seen = arrives(desk, message)
    if how == "plus address":
        assert (seen.kind, seen.linked_by.key) == (MailKind.UNKNOWN, "alias")
        desk.call("gtm.mail.assign", incoming_id=seen.incoming_id, contact_id=mail.contact_id)
    else:
        assert (seen.kind, seen.linked_by.key) == (MailKind.HUMAN, link)
    assert enrollment(desk, mail.contact_id).reason == "replied"


def test_t_111_the_mark_in_our_own_address_ties_a_reply(desk: Desk) -> None:
    mail = sent(desk)
    to = f"Ada <ada+{mail.id}@acme.example>"
    seen = arrives(
        desk, raw("Fine.", sender="x@elsewhere.example", to=to, References=mail.message_id)
    )
    assert seen.contact_id == mail.contact_id
    unthreaded = arrives(
        desk, raw("Fine.", sender="y@elsewhere.example", to=to, message_id="<2@e.example>")
    )
    assert (unthreaded.linked_by.key, unthreaded.contact_id) == ("mark", mail.contact_id)


def test_t_111_a_colleague_under_our_subject_is_proposed_not_joined(desk: Desk) -> None:
    mail = sent(desk, email="grace@navy.example")
    seen = arrives(desk, raw("Grace told me of this.", sender="Howard <howard@navy.example>"))
    assert (seen.kind, seen.linked_by.key, seen.state) == (MailKind.UNKNOWN, "company", "open")
    assert enrollment(desk, mail.contact_id).status == "Active"
    [proposal] = desk.call("gtm.mail.show", incoming_id=seen.incoming_id).proposals
    assert proposal.operation == "gtm.mail.assign"
    desk.call(proposal.operation, **proposal.input)
    assert enrollment(desk, mail.contact_id).reason == "replied"


def test_t_111_an_absence_keeps_the_sequence_and_proposes_the_day(desk: Desk) -> None:
    mail = sent(desk)
    text = "I am out of the office and will return on 7 December 2026."
    seen = arrives(desk, raw(text, In_Reply_To=mail.message_id, Auto_Submitted="auto-replied"))
    assert (seen.kind, str(seen.resume_date), seen.state) == (
        MailKind.AUTO_REPLY,
        "2026-12-07",
        "open",
    )
    assert enrollment(desk, mail.contact_id).status == "Active"
    [item] = [one for one in desk.call("gtm.today").items if one.need.key == "away"]
    assert item.item_id == seen.incoming_id
    before = query(desk, "SELECT run_at FROM job WHERE state = 'queued'")
    [proposal] = desk.call("gtm.mail.show", incoming_id=seen.incoming_id).proposals
    desk.call(proposal.operation, **proposal.input)
    [(later,)] = query(desk, "SELECT run_at FROM job WHERE state = 'queued'")
    assert later.startswith("2026-12-07T09:00:00")
    desk.call("undo")
    assert query(desk, "SELECT run_at FROM job WHERE state = 'queued'") == before


def test_t_111_a_bounce_marks_the_address_and_ends_the_sequence(desk: Desk) -> None:
    mail = sent(desk)
    seen = arrives(desk, report(mail.message_id, "grace1@example.com"))
    assert seen.kind is MailKind.BOUNCE_HARD
    assert enrollment(desk, mail.contact_id).reason == "bounced"
    [entry] = desk.call("gtm.crm.list_suppressed").items
    assert (entry.address, entry.source, entry.reason) == (
        "grace1@example.com",
        "bounce",
        "bounced: 5.1.1",
    )


def test_t_111_a_forged_report_changes_nothing(desk: Desk) -> None:
    mail = sent(desk)
    before = kinds(desk, "gtm.outreach")
    for message_id, recipient in (
        ("<never@ours.example>", "grace1@example.com"),
        (mail.message_id, "ceo@example.com"),
    ):
        seen = arrives(
            desk,
            report(
                message_id, recipient, message_id=f"<r-{recipient}-{len(message_id)}@x.example>"
            ),
        )
        assert seen.kind is MailKind.UNKNOWN
    assert enrollment(desk, mail.contact_id).status == "Active"
    assert desk.call("gtm.crm.list_suppressed").items == ()
    assert kinds(desk, "gtm.outreach") == before


def test_a_delay_is_no_strike_and_the_third_strike_is_the_end(desk: Desk) -> None:
    mail = sent(desk)
    full = {"status": "5.2.2", "diagnostic": "smtp; 552 5.2.2 mailbox full"}
    delayed = {"status": "4.4.1", "action": "delayed", "diagnostic": "smtp; connection timed out"}
    for number, more in enumerate((delayed, full, delayed, full)):
        seen = arrives(
            desk,
            report(
                mail.message_id, "grace1@example.com", message_id=f"<r{number}@x.example>", **more
            ),
        )
        assert seen.kind is MailKind.BOUNCE_SOFT
        assert enrollment(desk, mail.contact_id).status == "Active"
    assert seen.effect == "came back for the moment: 2 of 3"
    arrives(
        desk, report(mail.message_id, "grace1@example.com", message_id="<r9@x.example>", **full)
    )
    assert enrollment(desk, mail.contact_id).reason == "bounced"


def test_a_refusal_by_policy_pauses_the_sender_not_the_person(desk: Desk) -> None:
    mail = sent(desk)
    seen = arrives(
        desk,
        report(
            mail.message_id,
            "grace1@example.com",
            status="5.7.26",
            diagnostic="smtp; 550 5.7.26 not authenticated",
        ),
    )
    assert (seen.kind, seen.state) == (MailKind.BOUNCE_SOFT, "open")
    assert desk.call("gtm.outreach.sender").paused
    assert enrollment(desk, mail.contact_id).status == "Active"
    assert desk.call("gtm.crm.list_suppressed").items == ()


def test_q_044_who_asks_for_no_more_is_not_written_to_again(desk: Desk) -> None:
    mail = sent(desk)
    seen = arrives(
        desk,
        raw(
            "Please remove me from your list.",
            sender="Grace <private@home.example>",
            In_Reply_To=mail.message_id,
        ),
    )
    assert (seen.kind, seen.state) == (MailKind.OPT_OUT, "done")
    assert enrollment(desk, mail.contact_id).reason == "unsubscribed"
    listed = {one.address for one in desk.call("gtm.crm.list_suppressed").items}
    assert listed == {"grace1@example.com", "private@home.example"}


def test_the_same_message_again_changes_nothing(desk: Desk) -> None:
    mail = sent(desk)
    message = raw("Yes.", In_Reply_To=mail.message_id)
    first = arrives(desk, message)
    before = events(desk)
    again = arrives(desk, message)
    assert again == first
    assert events(desk) == before
    other = arrives(desk, message, mailbox="archive")
    assert (other.state, other.effect) == ("done", "the same mail came by another mailbox")
    assert len(query(desk, "SELECT id FROM activity WHERE kind = 'email_in'")) == 1


def test_messages_without_an_id_are_told_apart_by_their_bytes(desk: Desk) -> None:
    first = arrives(desk, raw("One.", message_id=""))
    second = arrives(desk, raw("Two.", message_id=""))
    assert first.incoming_id != second.incoming_id
    assert arrives(desk, raw("One.", message_id="")).incoming_id == first.incoming_id


def test_the_message_is_stored_before_it_is_judged(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rusvel_tui.engine.gtm.mail.incoming import receiving

    mail = sent(desk)
    with monkeypatch.context() as patched:
        patched.setattr(receiving, "_judge_safely", lambda ctx, message: None)
        seen = arrives(desk, raw("Yes.", In_Reply_To=mail.message_id))
    assert (seen.kind, seen.state) == (None, "new")
    assert enrollment(desk, mail.contact_id).status == "Active"
    assert desk.call("gtm.mail.judge_waiting").count == 1
    assert enrollment(desk, mail.contact_id).reason == "replied"


def test_what_nobody_can_judge_is_left_to_a_person_and_stops_no_other(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rusvel_tui.engine.gtm.mail.incoming import judging

    def broken(*_: object) -> None:
        raise ZeroDivisionError("of a stranger's making")

    with monkeypatch.context() as patched:
        patched.setattr(judging, "classify", broken)
        seen = arrives(desk, raw("?"))
    assert (seen.kind, seen.state) == (MailKind.UNKNOWN, "open")
    assert "read it yourself" in seen.effect
    assert arrives(desk, raw("Hello?", message_id="<2@x.example>")).kind is MailKind.UNKNOWN


def test_a_newer_classifier_judges_again_and_does_what_is_new(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rusvel_tui.engine.gtm.mail.classifying import classifier
    from rusvel_tui.engine.gtm.mail.classifying.verdict import Judged
    from rusvel_tui.engine.gtm.mail.incoming import judging, receiving

    mail = sent(desk)
    with monkeypatch.context() as patched:
        patched.setattr(judging, "classify", lambda *_: Judged(MailKind.UNKNOWN))
        arrives(desk, raw("Yes.", In_Reply_To=mail.message_id))
    assert enrollment(desk, mail.contact_id).status == "Active"
    assert desk.call("gtm.mail.judge_again").count == 0
    for module in (judging, receiving):
        monkeypatch.setattr(module, "VERSION", classifier.VERSION + 1)
    done = desk.call("gtm.mail.judge_again")
    assert (done.count, done.changed) == (1, 1)
    assert enrollment(desk, mail.contact_id).reason == "replied"
    assert desk.call("gtm.mail.judge_again").count == 0


def test_a_reply_and_a_copy_settle_what_was_in_doubt(desk: Desk) -> None:
    mail = desk.drafted()
    desk.approve(mail)
    desk.mailer.script.append(InDoubt("no answer"))
    desk.work()
    assert desk.mail(mail.id).state == "InDoubt"
    arrives(desk, raw("Thanks!", In_Reply_To=mail.message_id))
    assert desk.mail(mail.id).state == "Sent"
    assert enrollment(desk, mail.contact_id).reason == "replied"
    assert len(desk.mailer.sent) == 0


def test_a_reply_goes_to_the_session_that_wrote(desk: Desk) -> None:
    mail = sent(desk)
    desk.call("session.create", name="other", sender_email="bob@other.example")
    seen = arrives(desk, raw("Yes.", In_Reply_To=mail.message_id))
    assert seen.contact_id == mail.contact_id
    stray = arrives(
        desk, raw("Hi.", sender="z@z.example", to="bob@other.example", message_id="<3@z.example>")
    )
    assert stray.session_id != seen.session_id
    assert desk.call("gtm.mail.list").items[0].incoming_id == stray.incoming_id


def test_an_answer_waits_in_the_inbox_and_stands_in_the_thread(desk: Desk) -> None:
    mail = sent(desk)
    message = raw("What does it cost?", In_Reply_To=mail.message_id, References=mail.message_id)
    seen = arrives(desk, message)
    draft = desk.call("gtm.mail.answer", incoming_id=seen.incoming_id, body="Twenty a month.")
    assert (draft.subject, draft.to, draft.state) == ("Re: Hello", "grace1@example.com", "Held")
    assert "> What does it cost?" in draft.body
    past = [(one.sender, one.subject, one.body) for one in desk.mail(draft.id).past]
    assert past[0] == ("Grace Hopper", "Re: Hello", "What does it cost?")
    assert [subject for _, subject, _ in past] == ["Re: Hello", "Hello"]
    assert len(desk.mailer.sent) == 1
    desk.approve(draft)
    desk.work()
    leaving = desk.mailer.sent[-1].raw.decode()
    assert "In-Reply-To: <answer-1@example.com>" in leaving
    assert mail.message_id in leaving.partition("References:")[2].partition("\r\nList")[0]
    assert desk.call("gtm.mail.show", incoming_id=seen.incoming_id).state == "done"
    assert [one.need.key for one in desk.call("gtm.today").items if one.need.key == "replied"] == []


def test_machines_are_not_answered(desk: Desk) -> None:
    mail = sent(desk)
    seen = arrives(desk, raw("Away.", In_Reply_To=mail.message_id, Auto_Submitted="auto-replied"))
    with pytest.raises(Exception, match="Only what a person wrote"):
        desk.call("gtm.mail.answer", incoming_id=seen.incoming_id, body="Hi.")


def test_t_113_an_answer_takes_no_header_from_a_stranger(desk: Desk) -> None:
    mail = sent(desk)
    evil = (
        raw("Hi.", In_Reply_To=mail.message_id)
        .replace(b"Subject: Re: Hello", b"Subject: =?utf-8?q?Hi=0D=0ABcc=3A_all=40evil.example?=")
        .replace(b"<answer-1@example.com>", b'<a"b@evil.example>')
    )
    seen = arrives(desk, evil)
    draft = desk.call("gtm.mail.answer", incoming_id=seen.incoming_id, body="Hello.")
    assert "\n" not in draft.subject
    desk.approve(draft)
    desk.work()
    head = desk.mailer.sent[-1].raw.partition(b"\r\n\r\n")[0]
    assert b"\r\nBcc:" not in head


def test_dealt_with_can_be_taken_back(desk: Desk) -> None:
    mail = sent(desk)
    seen = arrives(desk, raw("Yes.", In_Reply_To=mail.message_id))
    assert desk.call("gtm.mail.mark_done", incoming_id=seen.incoming_id).state == "done"
    desk.call("undo")
    assert desk.call("gtm.mail.show", incoming_id=seen.incoming_id).state == "open"


def test_a_reply_proposes_the_next_stage(desk: Desk) -> None:
    mail = sent(desk)
    seen = arrives(desk, raw("Yes.", In_Reply_To=mail.message_id))
    [begin] = desk.call("gtm.mail.show", incoming_id=seen.incoming_id).proposals
    assert begin.operation == "gtm.crm.add_deal"
    desk.call(begin.operation, **begin.input)
    [move] = desk.call("gtm.mail.show", incoming_id=seen.incoming_id).proposals
    assert move.text.endswith("to Qualified")
    desk.call(move.operation, **move.input)
    assert desk.call("gtm.mail.show", incoming_id=seen.incoming_id).proposals == ()


def test_the_list_is_paged_and_asks_no_more_for_more_rows(desk: Desk) -> None:
    for number in range(7):
        arrives(desk, raw(f"Number {number}.", message_id=f"<{number}@x.example>"))
        desk.later(seconds=1)
    first = desk.call("gtm.mail.list", limit=4)
    rest = desk.call("gtm.mail.list", limit=4, cursor=first.next)
    assert [one.snippet for one in (*first.items, *rest.items)] == [
        f"Number {n}." for n in range(6, -1, -1)
    ]
    assert rest.next is None
    assert desk.call("gtm.mail.list", kind="human").items == ()


def test_the_worker_may_take_mail_in(desk: Desk) -> None:
    mail = sent(desk)
    with desk.acting_as(Actor("worker", human=False)):
        assert arrives(desk, raw("Yes.", In_Reply_To=mail.message_id)).kind is MailKind.HUMAN


def test_a_reply_to_somebody_who_was_merged_is_that_of_whom_they_are_now(desk: Desk) -> None:
    mail = sent(desk)
    kept = desk.contact(name="Grace B. Hopper", email="gbh@home.example")
    desk.call("gtm.crm.merge_contacts", keep_id=kept.contact_id, merge_id=mail.contact_id)
    seen = arrives(desk, raw("Yes.", In_Reply_To=mail.message_id))
    assert (seen.contact_id, seen.linked_by.key) == (kept.contact_id, "thread")
    assert enrollment(desk, kept.contact_id).reason == "replied"


def test_an_objection_of_somebody_who_was_deleted_counts(desk: Desk) -> None:
    mail = sent(desk)
    desk.call("gtm.crm.delete_contact", contact_id=mail.contact_id)
    seen = arrives(desk, raw("Unsubscribe me.", In_Reply_To=mail.message_id))
    assert (seen.kind, seen.effect) == (
        MailKind.OPT_OUT,
        "grace1@example.com will not be written to again",
    )
    assert [one.address for one in desk.call("gtm.crm.list_suppressed").items] == [
        "grace1@example.com"
    ]


def test_a_reply_of_somebody_who_was_deleted_is_left_to_a_person(desk: Desk) -> None:
    mail = sent(desk)
    desk.call("gtm.crm.delete_contact", contact_id=mail.contact_id)
    seen = arrives(desk, raw("Yes.", In_Reply_To=mail.message_id))
    assert (seen.kind, seen.state, seen.effect) == (
        MailKind.HUMAN,
        "open",
        "the contact was deleted",
    )


def test_a_mail_to_an_address_alone_can_come_back_and_be_answered(desk: Desk) -> None:
    mail = desk.call(
        "gtm.approvals.propose", to="solo@example.net", subject="Hello", body="A word."
    )
    desk.approve(mail)
    desk.work()
    answered = arrives(
        desk, raw("Who are you?", sender="solo@example.net", In_Reply_To=mail.message_id)
    )
    assert (answered.kind, answered.state, answered.contact_id) == (MailKind.HUMAN, "open", None)
    draft = desk.call("gtm.mail.answer", incoming_id=answered.incoming_id, body="Ada.")
    assert (draft.to, draft.contact_id or None) == ("solo@example.net", None)
    back = arrives(desk, report(mail.message_id, "solo@example.net"))
    assert (back.kind, back.effect) == (
        MailKind.BOUNCE_HARD,
        "solo@example.net is not written to again",
    )


def test_a_complaint_is_an_objection(desk: Desk) -> None:
    mail = sent(desk)
    text = (
        "From: loop@provider.example\r\nMessage-ID: <c1@provider.example>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=feedback-report; boundary=x\r\n\r\n"
        "--x\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\n\r\n"
        f"--x\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {mail.message_id}\r\n\r\nHi\r\n--x--\r\n"
    )
    seen = arrives(desk, text.encode())
    assert (seen.kind, enrollment(desk, mail.contact_id).reason) == (
        MailKind.OPT_OUT,
        "unsubscribed",
    )
    [entry] = desk.call("gtm.crm.list_suppressed").items
    assert (entry.address, entry.reason) == ("grace1@example.com", "complained")
