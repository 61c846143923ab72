"""The whole loop against real servers: draft, yes, delivered, answered over IMAP, stopped, answered in the thread (`make test-mail`)."""

from __future__ import annotations

import imaplib
import smtplib
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from pathlib import Path

import pytest

from rusvel_tui.adapters.clock import FixedClock, SystemClock
from rusvel_tui.adapters.mailboxes.imap import ImapMailbox
from rusvel_tui.adapters.mailboxes.imap_account import ImapAccount
from rusvel_tui.adapters.mailers.smtp import SmtpMailer
from rusvel_tui.adapters.secret import Secret
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.mail.classifying.verdict import MailKind
from rusvel_tui.engine.gtm.mail.reader import MailReader
from rusvel_tui.engine.ports import InDoubt
from tests.factories import Desk, enrollment
from tests.system.helpers import wait_for
from tests.system.mail_servers import PASSWORD, MailServers, missing

pytestmark = [
    pytest.mark.skipif(bool(missing()), reason=missing() or "they run"),
    pytest.mark.xdist_group("mail servers"),  # one postfix and one dovecot for all
]


@pytest.fixture(scope="module")
def servers() -> Iterator[MailServers]:
    with MailServers() as running:
        yield running


@pytest.fixture
def desk(servers: MailServers, tmp_path: Path) -> Iterator[Desk]:
    """A desk that sends through postfix and reads from dovecot."""
    engine = Engine(tmp_path / "desk.db", clock=FixedClock(SystemClock().now()))
    made = Desk.with_session(engine)
    made.call("session.update", sender_email="ada@acme.test")
    engine.mailer = SmtpMailer("127.0.0.1", servers.smtp, "", Secret(""), tls="plain")
    engine.mailbox = mailbox(servers, "ada@acme.test")
    yield made
    engine.close()


def mailbox(servers: MailServers, who: str) -> ImapMailbox:
    return ImapMailbox(
        ImapAccount("127.0.0.1", servers.imap, who, Secret(PASSWORD), "plain", timeout=10)
    )


def letters(servers: MailServers, who: str, subject: str) -> list[Message]:
    """What lies in somebody's inbox under that subject."""
    since = datetime(2020, 1, 1, tzinfo=UTC)
    found = (
        message_from_bytes(one.raw, policy=default)
        for one in mailbox(servers, who).fetch("INBOX", {}, since)
    )
    return [one for one in found if one["Subject"] == subject]


def reply(servers: MailServers, to: Message, text: str, **headers: str) -> EmailMessage:
    """Grace answers with her own mail program."""
    made = EmailMessage()
    made["From"], made["To"] = "Grace <grace@firm.test>", "ada@acme.test"
    made["Subject"] = f"Re: {to['Subject']}"
    made["Message-ID"] = f"<re-{str(to['Message-ID'])[1:37]}@firm.test>"
    made["In-Reply-To"] = made["References"] = to["Message-ID"]
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    with smtplib.SMTP("127.0.0.1", servers.smtp, timeout=10) as client:
        client.send_message(made)
    return made


def look(desk: Desk) -> int:
    assert desk.engine.mailbox is not None
    return MailReader(desk.engine, desk.engine.mailbox).look()


def test_q_047_the_whole_loop_runs_against_real_servers(desk: Desk, servers: MailServers) -> None:
    step = {
        "delay_days": 0,
        "channel": "email",
        "subject": "Looms",
        "body": "Hi {{first_name}}, a word.",
    }
    later = {"delay_days": 3, "channel": "email", "template": "Hi {{first_name}}, again."}
    mail = desk.drafted(step, later, contact=desk.contact("Grace Hopper", "grace@firm.test"))
    assert letters(servers, "grace@firm.test", "Looms") == []
    desk.approve(mail)
    desk.work()
    assert desk.mail(mail.id).state == "Sent"
    [there] = wait_for(lambda: letters(servers, "grace@firm.test", "Looms"), "the mail to arrive")
    assert there["Message-ID"] == mail.message_id
    answer = reply(servers, there, "Thursday at ten?")
    wait_for(lambda: look(desk), "the answer to come in")
    ended = enrollment(desk, mail.contact_id)
    assert (ended.status, ended.reason) == ("Cancelled", "replied")
    [message] = desk.call("gtm.mail.list", kind="human").items
    draft = desk.call("gtm.mail.answer", incoming_id=message.incoming_id, body="Ten is fine.")
    assert len(letters(servers, "grace@firm.test", "Re: Looms")) == 0
    desk.approve(draft)
    desk.work()
    [second] = wait_for(
        lambda: letters(servers, "grace@firm.test", "Re: Looms"), "our answer to arrive"
    )
    assert second["In-Reply-To"] == answer["Message-ID"]
    assert str(second["References"]).split() == [mail.message_id, answer["Message-ID"]]
    assert desk.call("gtm.mail.show", incoming_id=message.incoming_id).state == "done"
    assert look(desk) == 0


def test_a_report_by_the_mail_system_marks_the_address(desk: Desk, servers: MailServers) -> None:
    mail = desk.drafted(contact=desk.contact("Nobody There", "nobody@gone.test"))
    desk.approve(mail)
    desk.work()
    assert desk.mail(mail.id).state == "Sent"

    def bounced() -> bool:
        look(desk)
        return bool(desk.call("gtm.mail.list", kind="bounce_hard").items)

    wait_for(bounced, "postfix to give the mail back")
    [report] = desk.call("gtm.mail.list", kind="bounce_hard").items
    detail = desk.call("gtm.mail.show", incoming_id=report.incoming_id)
    assert (detail.status, detail.bounced_address) == ("5.1.1", "nobody@gone.test")
    assert enrollment(desk, mail.contact_id).reason == "bounced"


def test_a_notice_of_absence_keeps_the_sequence(desk: Desk, servers: MailServers) -> None:
    step = {"delay_days": 0, "channel": "email", "subject": "Anvils", "body": "Hi {{first_name}}."}
    later = {"delay_days": 3, "channel": "email", "template": "Again."}
    mail = desk.drafted(step, later, contact=desk.contact("Grace Hopper", "grace@firm.test"))
    desk.approve(mail)
    desk.work()
    [there] = wait_for(lambda: letters(servers, "grace@firm.test", "Anvils"), "the mail to arrive")
    reply(servers, there, "I am away until Monday.", Auto_Submitted="auto-replied")
    wait_for(lambda: look(desk), "the notice to come in")
    assert [one.kind for one in desk.call("gtm.mail.list", kind="auto_reply").items] == [
        MailKind.AUTO_REPLY
    ]
    assert enrollment(desk, mail.contact_id).status == "Active"


def test_q_001_a_copy_in_the_sent_folder_settles_a_doubt(desk: Desk, servers: MailServers) -> None:
    sequence = desk.sequence()
    people = [desk.contact(f"P {n}", f"p{n}@firm.test") for n in range(2)]
    jobs = [desk.enrol(sequence, one).job_id for one in people]
    desk.work()
    mails = [desk.mail(job) for job in jobs]

    class Silent:
        label = "silent"

        def send(self, envelope: object, gate: object) -> None:
            gate()  # type: ignore[operator]  # the gate takes nothing
            raise InDoubt("the line went dead")

        def close(self) -> None: ...

    desk.engine.mailer = Silent()  # type: ignore[assignment]  # it never returns a receipt
    for mail in mails:
        desk.approve(mail)
    desk.work()
    assert [desk.mail(mail.id).state for mail in mails] == ["InDoubt", "InDoubt"]
    with imaplib.IMAP4("127.0.0.1", servers.imap) as client:
        client.login("ada@acme.test", PASSWORD)
        copy = f"Message-ID: {mails[0].message_id}\r\nSubject: Hello\r\n\r\nHi.\r\n"
        client.append("Sent", None, None, copy.encode())
    look(desk)
    assert [desk.mail(mail.id).state for mail in mails] == ["Sent", "InDoubt"]


def test_a_wrong_password_needs_a_person(servers: MailServers) -> None:
    from rusvel_tui.engine.ports import MailboxFailed

    account = ImapAccount("127.0.0.1", servers.imap, "ada@acme.test", Secret("wr0ng"), "plain")
    with pytest.raises(MailboxFailed, match="refuses the log-in") as caught:
        ImapMailbox(account).check()
    assert caught.value.permanent
    assert "wr0ng" not in str(caught.value)
    assert (
        ImapMailbox(
            ImapAccount("127.0.0.1", servers.imap, "ada@acme.test", Secret(PASSWORD), "plain")
        ).check()
        == "sent mail in Sent"
    )
