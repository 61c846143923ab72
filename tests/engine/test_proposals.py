"""Mails that no sequence asked for: they wait like all others, leave once, and tell their source."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from rusvel_tui.engine.errors import Conflict, InvalidInput
from rusvel_tui.engine.gtm.approvals import sources
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box
from tests.factories import Desk, box, events

TEXT = {"subject": "Invoice 7", "body": "Dear Grace, the invoice is attached. Best, Ada"}


def propose(desk: Desk, **more: Any) -> Any:
    """A mail in the inbox that no sequence asked for."""
    return desk.call("gtm.approvals.propose", **TEXT | {"to": "grace@example.com"} | more)


def test_it_waits_in_the_inbox_and_leaves_after_a_yes(desk: Desk) -> None:
    person = desk.contact("Grace Hopper", "grace@example.com")
    mail = propose(desk, contact_id=person.contact_id, to="", source_kind="answer", source_id="i7")
    assert [found.id for found in box(desk, Box.WAITING)] == [mail.id]
    assert (mail.source, mail.step, mail.steps, mail.sequence) == ("answer", 0, 0, "")
    desk.approve(mail)
    desk.work()
    [sent] = desk.mailer.sent
    assert (sent.rcpt_to, b"Subject: Invoice 7" in sent.raw) == ("grace@example.com", True)
    assert desk.mail(mail.id).state == "Sent"
    timeline = desk.call("gtm.crm.timeline", contact_id=person.contact_id).items
    assert "Invoice 7" in str(timeline)


def test_it_can_go_to_an_address_that_belongs_to_nobody(desk: Desk) -> None:
    mail = propose(
        desk, to="billing@example.org", to_name="Accounts", body="The invoice is attached. Ada"
    )
    assert (mail.contact, mail.contact_id) == ("Accounts", "")
    desk.approve(mail)
    desk.work()
    assert [sent.rcpt_to for sent in desk.mailer.sent] == ["billing@example.org"]


def test_somebody_must_be_named(desk: Desk) -> None:
    with pytest.raises(InvalidInput, match="To whom"):
        propose(desk, to="")
    with pytest.raises(InvalidInput, match="asks for no mails"):
        propose(desk, source_kind="weather")


def test_two_proposals_for_one_occasion_are_one(desk: Desk) -> None:
    first = propose(desk, source_kind="reminder", source_id="i7", occasion="reminder 1")
    with pytest.raises(Conflict, match="such a mail already"):
        propose(desk, source_kind="reminder", source_id="i7", occasion="reminder 1")
    propose(desk, source_kind="reminder", source_id="i7", occasion="reminder 2")
    desk.call("gtm.approvals.withdraw", id=first.id)
    propose(desk, source_kind="reminder", source_id="i7", occasion="reminder 1")


def test_a_mail_that_was_withdrawn_comes_back(desk: Desk) -> None:
    mail = propose(desk)
    desk.call("gtm.approvals.withdraw", id=mail.id)
    assert box(desk) == []
    desk.call("undo")
    assert [found.id for found in box(desk)] == [mail.id]
    desk.call("redo")
    assert box(desk) == []
    desk.call("undo")
    desk.approve(mail)
    desk.work()
    assert len(desk.mailer.sent) == 1


def test_what_is_owed_reaches_who_wants_no_offers_but_no_dead_address(desk: Desk) -> None:
    desk.call("gtm.crm.suppress", address="grace@example.com", reason="asked to")
    assert propose(desk).problems
    owed = propose(desk, source_kind="answer", source_id="i7")
    assert not owed.problems
    desk.approve(owed)
    desk.work()
    assert len(desk.mailer.sent) == 1


def test_no_enrollment_ends_with_it(desk: Desk) -> None:
    """A mail of its own that is rejected, refused or given up touches nobody's way through a sequence."""
    person = desk.contact("Grace", "grace@example.com")
    other = desk.drafted(contact=person)
    mail = propose(desk, contact_id=person.contact_id)
    desk.call("gtm.approvals.reject", id=mail.id, reason="no")
    assert desk.mail(other.id).state == "Held"
    assert desk.mail(mail.id).state == "Cancelled"


def test_the_source_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    kind = sources.SourceKind("answer", "answer", owed=True, module="tests.engine.told")
    monkeypatch.setitem(sources.SOURCES, "answer", kind)
    monkeypatch.setattr(
        sources,
        "import_module",
        lambda _: type(
            "M", (), {"mail_news": staticmethod(lambda _, news: told.append(news.happened))}
        ),
    )
    mail = propose(desk, source_kind="answer", source_id="i7")
    desk.call("gtm.approvals.reject", id=mail.id, reason="no")
    desk.call("undo")
    desk.approve(mail)
    desk.work()
    assert told == ["rejected", "restored", "sent"]


def test_limits_of_a_day_do_not_hold_it(desk: Desk) -> None:
    desk.set_policy(daily_cap=0)
    desk.approve(propose(desk))
    desk.work()
    assert len(desk.mailer.sent) == 1


def test_it_waits_for_the_time_that_was_chosen(desk: Desk) -> None:
    chosen = desk.engine.clock.now() + timedelta(days=2)
    mail = desk.approve(propose(desk, not_before=chosen))
    desk.work()
    assert desk.mailer.sent == []
    desk.until(mail.id)
    desk.work()
    assert events(desk, "gtm.email.sent")[0].at >= chosen
