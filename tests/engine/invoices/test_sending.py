"""Documents leave as mails after a yes; reminders come on their days, each once, and none when nothing is open."""

from __future__ import annotations

from email import message_from_bytes
from hashlib import sha256
from typing import Any

import pytest

from rusvel_tui.adapters.printers.typst import TypstPrinter
from rusvel_tui.engine.errors import Conflict
from tests.engine.invoices.book import draft, final, get, pay, right
from tests.factories import Desk, box, events, query

STEPS = [-3, 1, 7, 14, 30]
_VOID = "voided_at = '2026-12-01T00:00:00.000Z', open_minor = 0, status = 'void'"


def _client(desk: Desk) -> Any:
    return desk.contact("Grace", "grace@example.com")


def _reminders(desk: Desk) -> list[Any]:
    return [mail for mail in box(desk) if "nvoice INV" in mail.subject]


def test_q_105_an_invoice_leaves_with_its_document_after_a_yes(desk: Desk) -> None:
    _client(desk)
    invoice = final(desk)
    proposed = desk.call("gtm.invoices.send_invoice", invoice_id=invoice.invoice_id)
    assert proposed.mail.to == "grace@example.com"
    assert get(desk, invoice).status == "Issued"
    desk.work()
    assert desk.mailer.sent == []
    desk.approve(desk.mail(proposed.mail.id))
    desk.work()
    assert len(desk.mailer.sent) == 1
    assert invoice.number in desk.mailer.sent[0].raw.decode()
    seen = get(desk, invoice)
    assert (seen.status, seen.sent_at is not None) == ("Sent", True)
    assert len(events(desk, "gtm.invoice.sent")) == 1


def test_the_pdf_goes_along_and_the_yes_covers_its_bytes(desk: Desk) -> None:
    _client(desk)
    desk.engine.printer = TypstPrinter()
    invoice = final(desk)
    proposed = desk.call("gtm.invoices.send_invoice", invoice_id=invoice.invoice_id)
    desk.approve(desk.mail(proposed.mail.id))
    desk.work()
    mail = message_from_bytes(desk.mailer.sent[0].raw)
    (paper,) = [part for part in mail.walk() if part.get_filename()]
    assert paper.get_filename() == "INV-2026-0001.pdf"
    content = paper.get_payload(decode=True)
    assert isinstance(content, bytes)
    assert content.startswith(b"%PDF-")
    assert query(desk, "SELECT sha256 FROM attachment") == [(sha256(content).hexdigest(),)]


def test_a_second_mail_has_to_be_asked_for(desk: Desk) -> None:
    _client(desk)
    invoice = final(desk)
    desk.call("gtm.invoices.send_invoice", invoice_id=invoice.invoice_id)
    with pytest.raises(Conflict, match="again=true"):
        desk.call("gtm.invoices.send_invoice", invoice_id=invoice.invoice_id)
    desk.call("gtm.invoices.send_invoice", invoice_id=invoice.invoice_id, again=True)
    assert len(box(desk)) == 2


def test_a_draft_is_not_sent_unless_it_becomes_final(desk: Desk) -> None:
    _client(desk)
    made = draft(desk)
    with pytest.raises(Conflict, match="is a draft"):
        desk.call("gtm.invoices.send_invoice", invoice_id=made.invoice_id)
    sent = desk.call("gtm.invoices.send_invoice", invoice_id=made.invoice_id, finalise=True)
    assert sent.invoice.number == "INV-2026-0001"


def test_sixty_days_bring_each_reminder_once(desk: Desk) -> None:
    _client(desk)
    invoice = final(desk)
    seen: list[str] = []
    for _ in range(60):
        desk.work()
        for mail in _reminders(desk):
            seen.append(mail.subject)
            desk.approve(desk.mail(mail.id))
        desk.work()
        desk.later(days=1)
    steps = [(r.step, r.state) for r in get(desk, invoice).reminders]
    assert steps == [(step, "drafted") for step in STEPS]
    assert len(seen) == len(STEPS) == len(desk.mailer.sent)


def test_an_undecided_reminder_gives_way_to_the_next(desk: Desk) -> None:
    _client(desk)
    invoice = final(desk)
    desk.later(days=60)
    desk.work()
    assert len(_reminders(desk)) == 1
    states = {r.step: r.state for r in get(desk, invoice).reminders}
    assert states == {-3: "skipped", 1: "skipped", 7: "skipped", 14: "skipped", 30: "drafted"}


@pytest.mark.parametrize("end", ["paid", "void"])
def test_nobody_is_reminded_of_what_is_settled(desk: Desk, end: str) -> None:
    _client(desk)
    invoice = final(desk)
    desk.later(days=11)
    desk.work()
    assert len(_reminders(desk)) == 1
    if end == "paid":
        pay(desk, invoice, "2000")
    else:
        desk.call("gtm.invoices.void_invoice", invoice_id=invoice.invoice_id)
    assert _reminders(desk) == []
    desk.later(days=60)
    desk.work()
    assert _reminders(desk) == []
    assert right(desk)


def test_undoing_a_payment_brings_reminders_back(desk: Desk) -> None:
    _client(desk)
    invoice = final(desk)
    desk.later(days=11)
    desk.work()
    pay(desk, invoice, "2000")
    desk.call("undo")
    assert get(desk, invoice).status == "Issued"
    desk.work()
    assert len(_reminders(desk)) == 1


def test_who_opted_out_is_not_reminded(desk: Desk) -> None:
    client = _client(desk)
    invoice = final(desk)
    desk.call(
        "gtm.crm.set_email_flags",
        contact_id=client.contact_id,
        address="grace@example.com",
        opted_out=True,
    )
    for _ in range(60):
        desk.later(days=1)
        desk.work()
    assert _reminders(desk) == []
    assert {r.state for r in get(desk, invoice).reminders} == {"skipped"}


def test_a_deleted_client_is_not_reminded(desk: Desk) -> None:
    client = _client(desk)
    invoice = final(desk)
    desk.call("gtm.crm.delete_contact", contact_id=client.contact_id)
    desk.later(days=60)
    desk.work()
    assert {r.why for r in get(desk, invoice).reminders} == {"the contact was deleted"}
    assert query(desk, "SELECT DISTINCT state FROM job WHERE kind = 'InvoiceReminder'") == [
        ("succeeded",)
    ]


def test_other_days_count_for_invoices_that_are_open_already(desk: Desk) -> None:
    _client(desk)
    desk.call("gtm.invoices.set_up", reminders="")
    invoice = final(desk)
    assert get(desk, invoice).reminders == ()
    desk.call("gtm.invoices.set_up", reminders="2,5")
    desk.work()
    for _ in range(30):
        desk.later(days=1)
        desk.work()
    assert [(r.step, r.state) for r in get(desk, invoice).reminders] == [
        (2, "skipped"),
        (5, "drafted"),
    ]


def test_a_late_fee_is_drafted_once(desk: Desk) -> None:
    _client(desk)
    desk.call("gtm.invoices.set_up", late_fee="2%", late_fee_step=14)
    invoice = final(desk)
    for _ in range(60):
        desk.later(days=1)
        desk.work()
    seen = get(desk, invoice)
    assert [(f.status, f.total) for f in seen.follow_ups] == [("Draft", "40.00")]


@pytest.mark.parametrize(
    "change", ["paid_minor = payable_minor, open_minor = 0, status = 'paid'", _VOID]
)
def test_a_reminder_with_a_yes_does_not_leave_once_nothing_is_open(desk: Desk, change: str) -> None:
    """The last gate asks the invoice itself, whatever took the reminder back or did not."""
    _client(desk)
    final(desk)
    desk.later(days=11)
    desk.work()
    (mail,) = _reminders(desk)
    desk.approve(desk.mail(mail.id))
    with desk.engine.connected() as connection:
        connection.execute(f"UPDATE invoice SET {change}")
    desk.work()
    assert desk.mailer.sent == []
    assert "sent" not in str(desk.mail(mail.id).state).lower()
