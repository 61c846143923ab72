"""As whom a session writes: several senders, who is chosen where, and what of them stands on a mail."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default

import pytest

from rusvel_tui.engine.errors import Conflict, InvalidInput, NotFound
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box
from rusvel_tui.engine.ports import NotSent
from tests.factories import HELLO, Desk, box, query
from tests.fakes import RecordingMailer


def add(desk: Desk, address: str = "sales@acme.example", **more: object) -> str:
    made = desk.call("gtm.senders.add", name="Sales", address=address, **more)
    return str(made.sender_id)


def test_a_session_begins_with_one_sender(desk: Desk) -> None:
    [only] = desk.call("gtm.senders.list").items
    assert (only.name, only.address, only.is_default) == ("Ada", "ada@acme.example", True)
    assert "unsubscribe" in only.footer


def test_q_046_a_session_has_several_senders(desk: Desk) -> None:
    """Q-046: identities of a workspace, each with its name, address, Reply-To and footer."""
    sales = add(desk, reply_to="desk@acme.example", postal_address="1 Mill Lane\n\n Leeds ")
    names = [row.address for row in desk.call("gtm.senders.list").items]
    assert names == ["ada@acme.example", "sales@acme.example"]
    desk.call("gtm.senders.choose", sender_id=sales)
    mail = desk.approve(desk.drafted())
    desk.work()
    found = message_from_bytes(desk.mailer.sent[0].raw, policy=default)
    assert str(found["From"]) == "Sales <sales@acme.example>"
    assert str(found["Reply-To"]) == "desk@acme.example"
    assert found.get_content().replace("\r\n", "\n").endswith("\n1 Mill Lane\nLeeds\n")
    assert desk.mailer.sent[0].mail_from == "sales@acme.example"
    assert desk.mail(mail.id).from_ == "sales@acme.example"


def test_a_sequence_and_a_draft_have_senders_of_their_own(desk: Desk) -> None:
    sales, boss = add(desk), add(desk, "boss@acme.example")
    mail = desk.drafted()
    desk.call("gtm.senders.choose", sender_id=sales, sequence_id=mail.sequence_id)
    assert desk.mail(mail.id).from_ == "sales@acme.example"
    desk.call("gtm.senders.choose", sender_id=boss, mail_id=mail.id)
    assert desk.mail(mail.id).from_ == "boss@acme.example"
    desk.call("gtm.senders.choose", mail_id=mail.id)
    desk.call("gtm.senders.choose", sequence_id=mail.sequence_id)
    assert desk.mail(mail.id).from_ == "ada@acme.example"
    with pytest.raises(InvalidInput):
        desk.call("gtm.senders.choose")


def test_a_choice_after_the_yes_needs_another_yes(desk: Desk) -> None:
    desk.set_policy(undo_seconds=60)
    sales = add(desk)
    mail = desk.approve(desk.drafted())
    desk.call("gtm.senders.choose", sender_id=sales, mail_id=mail.id)
    held = desk.mail(mail.id)
    assert (held.box, held.from_) == (Box.CHANGED, "sales@acme.example")
    assert "another sender" in held.changed_since


def test_a_draft_shows_its_sender_as_it_is_now(desk: Desk) -> None:
    """The yes is tied to what was read: a digest from before the change is refused."""
    mail = desk.drafted()
    [own] = desk.call("gtm.senders.list").items
    desk.call("gtm.senders.update", sender_id=own.sender_id, name="Ada L.", postal_address="Leeds")
    assert desk.mail(mail.id).from_name == "Ada L."
    with pytest.raises(Conflict, match="not the one you read"):
        desk.approve(mail)
    desk.approve(desk.mail(mail.id))


def test_a_yes_is_refused_when_the_setting_changed_the_sender(desk: Desk) -> None:
    desk.call("session.update", sender_email="")
    desk.set_policy(mail_from="old@acme.example")
    mail = desk.drafted()
    desk.set_policy(mail_from="new@acme.example")
    with pytest.raises(Conflict, match="sender address changed"):
        desk.approve(mail)
    assert desk.call("gtm.approvals.readdress", id=mail.id).count == 1
    assert desk.call("gtm.approvals.readdress").count == 0
    seen = desk.mail(mail.id)
    assert seen.from_ == "new@acme.example"
    desk.approve(seen)


def test_changes_of_senders_are_taken_back(desk: Desk) -> None:
    sales = add(desk, daily_cap=5)
    desk.call("gtm.senders.update", sender_id=sales, no_daily_cap=True, name="Support")
    desk.call("undo")
    row = desk.call("gtm.senders.list").items[1]
    assert (row.name, row.daily_cap) == ("Sales", 5)
    desk.call("gtm.senders.choose", sender_id=sales)
    desk.call("undo")
    assert desk.call("gtm.senders.list").items[0].address == "ada@acme.example"
    desk.call("gtm.senders.delete", sender_id=sales)
    desk.call("undo")
    assert len(desk.call("gtm.senders.list").items) == 2
    desk.call("session.update", sender_name="Countess")
    desk.call("undo")
    assert desk.call("gtm.senders.list").items[0].name == "Ada"


def test_a_sender_that_still_writes_stays(desk: Desk) -> None:
    sales = add(desk)
    mail = desk.drafted()
    desk.call("gtm.senders.choose", sender_id=sales, mail_id=mail.id)
    with pytest.raises(Conflict, match="still writes"):
        desk.call("gtm.senders.delete", sender_id=sales)
    with pytest.raises(Conflict, match="default sender stays"):
        desk.call("gtm.senders.delete", sender_id="ada@acme.example")
    with pytest.raises(NotFound):
        desk.call("gtm.senders.delete", sender_id="nobody@acme.example")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("address", "ada@acme.example"),
        ("address", "not an address"),
        ("address", "a@b.example\r\nBcc: c@d.example"),
        ("name", "=?utf-8?q?a=40b=2Ec=2C?="),
        ("reply_to", "a, b"),
        ("unsubscribe_url", "http://acme.example/u?t={token}"),
        ("unsubscribe_url", "https://acme.example/u"),
        ("unsubscribe_url", "https://acme.example/{token}>,<mailto:x@y.example"),
        ("postal_address", "x" * 301),
    ],
)
def test_what_cannot_be_a_sender_is_refused(desk: Desk, field: str, value: str) -> None:
    wanted = {"name": "Sales", "address": "sales@acme.example", field: value}
    with pytest.raises((InvalidInput, Conflict)):
        desk.call("gtm.senders.add", **wanted)


def test_caps_are_those_of_the_sender(desk: Desk) -> None:
    """Q-045: each mailbox has its own day; what one has sent is not counted for another."""
    desk.set_policy(daily_cap=1)
    sales = add(desk, daily_cap=2)
    sequence = desk.sequence(HELLO)
    other = desk.sequence(HELLO, name="Other")
    desk.call("gtm.senders.choose", sender_id=sales, sequence_id=other.sequence_id)
    for which in (sequence, other):
        for _ in range(3):
            desk.enrol(which, desk.contact())
    desk.work()
    for mail in box(desk):
        desk.approve(mail)
    desk.work()
    froms = [mail.mail_from for mail in desk.mailer.sent]
    assert sorted(froms) == ["ada@acme.example", "sales@acme.example", "sales@acme.example"]


@pytest.mark.parametrize(
    ("scope", "key"), [("sender", "sender:{sender}"), ("account", "account:sales")]
)
def test_trouble_of_one_sender_leaves_the_others_alone(desk: Desk, scope: str, key: str) -> None:
    sales = add(desk, account="sales")
    sequence = desk.sequence(HELLO)
    made = [desk.enrol(sequence, desk.contact()).job_id for _ in range(2)]
    desk.work()
    first, second = map(desk.mail, made)
    desk.call("gtm.senders.choose", sender_id=sales, mail_id=first.id)
    desk.mailer.script.append(NotSent("550 5.7.1 not you", scope=scope, permanent=True, code=550))
    desk.approve(desk.mail(first.id))
    desk.work()
    assert desk.mail(first.id).box is Box.HELD
    assert query(desk, "SELECT id FROM sender_state WHERE paused = 1") == [
        (key.format(sender=sales),)
    ]
    paused = {row.address: row.paused for row in desk.call("gtm.senders.list").items}
    assert paused == {"ada@acme.example": "", "sales@acme.example": "550 5.7.1 not you"}
    desk.approve(desk.mail(second.id))
    desk.work()
    assert [mail.mail_id for mail in desk.mailer.sent] == [second.id]
    desk.call("gtm.outreach.resume_sending")
    desk.work()
    assert [mail.mail_id for mail in desk.mailer.sent] == [second.id, first.id]


def test_a_sender_that_wrote_too_much_rests_until_tomorrow(desk: Desk) -> None:
    mail = desk.approve(desk.drafted())
    quota = NotSent("550 5.4.5 Daily limit", scope="sender", permanent=False, code=550, wait=86_400)
    desk.mailer.script.append(quota)
    desk.work()
    seen = desk.mail(mail.id)
    assert seen.box is Box.HELD
    assert (seen.run_at.day, seen.run_at.hour) == (25, 0)
    desk.until(mail.id)
    desk.work()
    assert len(desk.mailer.sent) == 1


def test_a_time_that_the_server_names_is_waited_for(desk: Desk) -> None:
    mail = desk.approve(desk.drafted())
    now = desk.engine.clock.now()
    later = NotSent("451 in 4 hours", scope="recipient", permanent=False, code=451, wait=14_400)
    desk.mailer.script.append(later)
    desk.work()
    assert (desk.mail(mail.id).run_at - now).total_seconds() == 14_410


def test_a_mailbox_that_stays_full_counts_as_dead(desk: Desk) -> None:
    contact = desk.contact(email="full@example.com")
    for n in range(3):
        full = NotSent("full", scope="recipient", permanent=True, code=552, soft_bounce=True)
        desk.mailer.script.append(full)
        executed = desk.enrol(desk.sequence(HELLO, name=f"Round {n}"), contact)
        desk.work()
        desk.approve(desk.mail(executed.job_id))
        desk.work()
        dead = query(desk, "SELECT count(*) FROM suppression")[0][0]
        assert dead == int(n == 2)


def test_secrets_are_no_part_of_a_sender(desk: Desk) -> None:
    """The database names the account; who it logs in as stands in the settings."""
    columns = {row[1] for row in query(desk, "PRAGMA table_info(sender)")}
    assert not {name for name in columns if "pass" in name or "secret" in name or "user" in name}
    assert isinstance(desk.mailer, RecordingMailer)
