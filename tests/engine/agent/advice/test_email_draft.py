"""Drafting a mail: to whom, where it waits, and that nothing leaves."""

from __future__ import annotations

from threading import Event

import pytest

from rusvel_tui.adapters.models.scripted import ScriptedModel
from rusvel_tui.engine.agent.chat.loop import ASSISTANT, Chat
from rusvel_tui.engine.agent.chat.states import RunState
from rusvel_tui.engine.agent.tools.calling import Caller, call_tool
from rusvel_tui.engine.agent.tools.catalogue import as_tool, catalogue
from rusvel_tui.engine.errors import Conflict, InvalidInput
from rusvel_tui.engine.gtm.outreach.mails import email_draft
from rusvel_tui.engine.gtm.outreach.mails.email_draft import EmailDrafted
from rusvel_tui.engine.operation import OPERATIONS, HeldInput
from tests.factories import Desk, box, query

DRAFT = "gtm.outreach.create_email_draft"
TEXT = {"subject": "Your looms", "body": "Hi Grace,\n\nshall we talk on Friday?\n\nAda"}


def draft(desk: Desk, **more: str) -> EmailDrafted:
    made: EmailDrafted = desk.call(DRAFT, **TEXT, **more)
    return made


def test_c_040_a_draft_to_a_contact_waits_in_the_inbox_and_nothing_is_sent(desk: Desk) -> None:
    grace = desk.contact("Grace Hopper", "grace@example.com")
    made = draft(desk, contact_id=grace.contact_id)
    [mail] = box(desk)
    assert (made.activity_id, made.to_address) == (mail.id, "grace@example.com")
    assert made.message.startswith("The draft to Grace Hopper waits in the inbox")
    desk.work()
    assert desk.mailer.sent == []


def test_c_040_the_contact_of_the_deal_is_the_recipient(desk: Desk) -> None:
    grace = desk.contact("Grace Hopper", "grace@example.com")
    deal = desk.call("gtm.crm.add_deal", contact_id=grace.contact_id, title="Looms")
    draft(desk, deal_id=deal.deal_id)
    [mail] = box(desk)
    assert (mail.to, mail.deal_id, mail.contact_id) == ("grace@example.com", deal.deal_id, grace.contact_id)  # fmt: skip


def test_c_040_it_leaves_after_a_yes(desk: Desk) -> None:
    made = draft(desk, contact_id=desk.contact().contact_id)
    desk.approve(desk.mail(made.activity_id))
    desk.work()
    assert [one.subject for one in box(desk)] == []
    assert len(desk.mailer.sent) == 1


def test_nobody_named_is_refused(desk: Desk) -> None:
    with pytest.raises(InvalidInput, match="To whom"):
        draft(desk)


def test_an_address_of_somebody_else_is_refused(desk: Desk) -> None:
    grace, mallory = desk.contact(), desk.contact()
    with pytest.raises(InvalidInput, match="no address of"):
        draft(desk, contact_id=grace.contact_id, recipient_email=mallory.emails[0].address)


def test_an_address_alone_finds_its_contact(desk: Desk) -> None:
    grace = desk.contact("Grace Hopper", "grace@example.com")
    draft(desk, recipient_email="Grace@Example.com")
    assert box(desk)[0].contact_id == grace.contact_id


@pytest.mark.parametrize("address", ["grace@example.com", "@example.com"])
def test_whoever_must_not_be_written_to_is_refused(desk: Desk, address: str) -> None:
    grace = desk.contact("Grace Hopper", "grace@example.com")
    desk.call("gtm.crm.suppress", address=address, reason="asked")
    for named in ({"contact_id": grace.contact_id}, {"recipient_email": "grace@example.com"}):
        with pytest.raises((Conflict, InvalidInput), match="written to"):
            draft(desk, **named)
    assert box(desk) == []


def test_a_stranger_is_written_to_by_a_person_only(desk: Desk) -> None:
    """A program that was talked into it cannot even draft a mail to an address that nobody here has."""
    with desk.acting_as(ASSISTANT), pytest.raises(InvalidInput, match="Nobody here has"):
        draft(desk, recipient_email="thief@evil.example")
    draft(desk, recipient_email="new@example.com")
    assert [mail.to for mail in box(desk)] == ["new@example.com"]


def test_c_040_the_assistant_drafts_without_a_second_yes(desk: Desk) -> None:
    """Drafting is safe: the inbox is the gate, so there is no card in front of it."""
    grace = desk.contact("Grace Hopper", "grace@example.com")
    call = {"tool": DRAFT, "input": {**TEXT, "contact_id": grace.contact_id}}
    desk.engine.chat_model = ScriptedModel([[call], "{message}"])
    ended = Chat(desk.engine, hear=lambda news: None, stop=Event()).ask("gtm", "Draft an email")
    assert ended.state is RunState.COMPLETED
    [mail] = box(desk)
    assert (mail.drafted_by, mail.to) == ("assistant", "grace@example.com")
    assert query(desk, "SELECT count(*) FROM proposal") == [(0,)]


def test_the_same_call_again_is_the_same_draft(desk: Desk) -> None:
    """An answer that was killed after its tool ran goes on with the draft that is there."""
    grace = desk.contact()
    caller = Caller(desk.engine.acting_as(ASSISTANT), frozenset(catalogue()))
    data = {**TEXT, "contact_id": grace.contact_id}
    first, again = (call_tool(caller, DRAFT, dict(data), "run:1") for _ in range(2))
    other = call_tool(caller, DRAFT, dict(data), "run:2")
    assert first.text == again.text != other.text
    assert len(box(desk)) == 2


def test_a_program_does_not_fill_the_inbox(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(email_draft, "MOST_WAITING", 2)
    grace = desk.contact()
    with desk.acting_as(ASSISTANT):
        for _ in range(2):
            draft(desk, contact_id=grace.contact_id)
        with pytest.raises(Conflict, match="2 drafts wait"):
            draft(desk, contact_id=grace.contact_id)
    draft(desk, contact_id=grace.contact_id)  # a person may
    assert len(box(desk)) == 3


def test_only_what_is_held_in_the_inbox_runs_without_a_card() -> None:
    held = [one for one in OPERATIONS.values() if one.held]
    assert [one.name for one in held] == [DRAFT]
    assert all(issubclass(one.input, HeldInput) and one.writes for one in held)
    told = as_tool(held[0])
    assert "waits in the inbox" in told.summary
    assert not {"key", "session_id"} & set(told.schema["properties"])
