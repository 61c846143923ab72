"""Sending: what leaves, what follows from it, and what each answer of the server means."""

from __future__ import annotations

import email
import email.policy
from datetime import timedelta
from typing import Any

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box
from tests.factories import AGAIN, HELLO, START, Desk, box, events, kinds


def approved(desk: Desk, *steps: dict[str, Any]) -> Any:
    mail = desk.drafted(*steps)
    desk.approve(mail)
    return mail


def test_q_010_q_011_one_mail_leaves_with_all_that_follows(desk: Desk) -> None:
    """G-100, G-101, G-125 … G-127: one mail, its events in order, the next step in three days."""
    mail = approved(desk)
    assert desk.work() == 1
    [envelope] = desk.mailer.sent
    assert (envelope.mail_from, envelope.rcpt_to) == ("ada@acme.example", "grace1@example.com")
    assert (envelope.mail_id, envelope.message_id) == (mail.id, mail.message_id)
    sent = desk.mail(mail.id)
    assert (sent.state, sent.sent_at, sent.box) == ("Sent", START, Box.SENT)
    assert kinds(desk)[-3:] == ["gtm.outreach.approved", "gtm.email.sent", "gtm.outreach.sent"]
    mail_event, step_event = events(desk, "gtm.email.sent")[0], events(desk, "gtm.outreach.sent")[0]
    assert {name: mail_event.payload[name] for name in ("to", "from", "subject", "mailer")} == {
        "to": "grace1@example.com",
        "from": "ada@acme.example",
        "subject": "Hello",
        "mailer": "recording mailer",
    }
    assert step_event.payload["step_index"] == 0
    assert step_event.payload["status"] == "sent"
    assert step_event.payload["sequence_id"] == mail.sequence_id
    [following] = desk.call("job.list", state="queued").items
    assert following.run_at == START + timedelta(days=3)
    assert following.payload["step_index"] == 1
    assert desk.call("job.list", state="succeeded").items[0].job_id == mail.id


def test_the_bytes_are_what_was_approved(desk: Desk) -> None:
    mail = approved(desk)
    desk.work()
    found = email.message_from_bytes(desk.mailer.sent[0].raw, policy=email.policy.default)
    assert found["To"] == "Grace Hopper 1 <grace1@example.com>"
    assert found["From"] == "Ada <ada@acme.example>"
    assert (found["Subject"], found["Message-ID"]) == (mail.subject, mail.message_id)
    assert found["Message-ID"].endswith("@acme.example>")
    assert found["In-Reply-To"] is None
    text, _, footer = found.get_content().replace("\r\n", "\n").partition("\n-- \n")
    assert text.rstrip("\n") == mail.body
    assert "unsubscribe" in footer


def test_q_043_follow_ups_stand_in_one_thread(desk: Desk) -> None:
    """Q-043: In-Reply-To, References and `Re:` tie a follow-up to the mails before it."""
    desk.drafted(HELLO, AGAIN, {**AGAIN, "subject": "Another matter"})
    for _ in range(3):
        desk.approve(box(desk)[0])
        desk.work()
        desk.later(days=3)
        desk.work()
    mails = [email.message_from_bytes(e.raw, policy=email.policy.default) for e in desk.mailer.sent]
    first, second, third = (mail["Message-ID"] for mail in mails)
    assert [mail["Subject"] for mail in mails] == ["Hello", "Re: Hello", "Another matter"]
    assert [mail["In-Reply-To"] for mail in mails] == [None, first, second]
    assert [mail["References"] for mail in mails] == [None, first, f"{first} {second}"]
    assert len({first, second, third}) == 3
    assert [len(brief.past) for brief in desk.drafter.briefs] == [0, 1, 2]
    assert desk.drafter.briefs[2].past[0].subject == "Hello"


def test_a_step_without_a_subject_is_named_after_the_sequence(desk: Desk) -> None:
    approved(desk, {**AGAIN, "delay_days": 0})
    desk.work()
    assert b"Subject: Intro\r\n" in desk.mailer.sent[0].raw


def test_the_next_delay_counts_in_days_of_the_session(engine: Engine) -> None:
    desk = Desk.with_session(engine, timezone="Europe/Berlin")
    desk.later(days=122)  # 26 March 2027, 10:00 in Berlin; the clock is put forward on the 28th
    approved(desk)
    desk.work()
    [following] = desk.call("job.list", state="queued").items
    assert following.run_at == START + timedelta(days=125, hours=-1)
