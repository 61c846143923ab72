"""Invoices from draft to paid: what a client sees, what can be undone, and what never changes again."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from rusvel_tui.engine.errors import Conflict, InvalidInput, NotFound, NotPermitted
from tests.engine.invoices.book import FIX, WORK, check, draft, final, get, pay, right
from tests.factories import Desk, events, kinds, query


def _one(price: str = "100", **more: Any) -> dict[str, Any]:
    return {"description": "Work", "unit_price": price, **more}


def test_t_003_g_005_g_042_invoice_create_mark_paid_revenue(desk: Desk) -> None:
    made = draft(desk, WORK, FIX)
    assert (made.total, made.status) == ("2000.00", "Draft")
    assert desk.call("gtm.invoices.total_revenue").totals == ()
    desk.call("gtm.invoices.mark_paid", invoice_id=made.invoice_id)
    (total,) = desk.call("gtm.invoices.total_revenue").totals
    assert (total.currency, total.paid) == ("EUR", "2000.00")


def test_g_084_g_040_g_065_client_name_line_items_and_an_instant(desk: Desk) -> None:
    """The seeds' own parameters, floats and an RFC 3339 instant included."""
    ada = desk.contact("Ada Lovelace")
    made = desk.call(
        "gtm.invoices.create_invoice",
        client_name="ada  lovelace",
        line_items=[{"description": "Design", "quantity": 2, "unit_price": 99.5}],
        due_date="2026-12-31T23:30:00-05:00",
    )
    assert (made.contact_id, made.total, made.due_date) == (ada.contact_id, "199.00", "2027-01-01")


def test_q_102_a_client_is_found_or_added_when_asked_and_never_invented(desk: Desk) -> None:
    with pytest.raises(NotFound, match="create_client=true"):
        desk.call("gtm.invoices.create_invoice", client_name="Nobody")
    with pytest.raises(NotFound):
        desk.call("gtm.invoices.create_invoice", contact_id="0190-nobody")
    made = draft(desk, client_name="Blue Fern", create_client=True)
    assert desk.call("gtm.crm.get_contact", contact_id=made.contact_id).name == "Blue Fern"
    again = draft(desk, client_name="blue fern", create_client=True)
    assert again.contact_id == made.contact_id
    desk.contact("Kim"), desk.contact("Kim")
    with pytest.raises(Conflict, match="2 contacts are called Kim"):
        draft(desk, client_name="Kim")


def test_a_client_is_found_by_company_and_by_address(desk: Desk) -> None:
    ada = desk.contact("Ada", "ada@looms.example", company="Loom Works")
    assert draft(desk, client_name="loom works").contact_id == ada.contact_id
    assert draft(desk, client_name="ADA@looms.example").contact_id == ada.contact_id
    assert draft(desk, client_name="Ada").client == "Loom Works"


def test_g_054_a_line_has_a_net_of_its_own(desk: Desk) -> None:
    made = draft(desk, _one("33.335", quantity="3", tax_rate="19", allowances=["10%"]))
    (line,) = made.lines
    assert (line.net, made.without_tax, made.tax, made.total) == (
        "90.01",
        "90.01",
        "17.10",
        "107.11",
    )
    assert [(t.category, t.rate, t.tax) for t in made.taxes] == [("S", "19", "17.10")]


def test_g_055_q_101_statuses_follow_from_what_happened(desk: Desk) -> None:
    made = draft(desk)
    assert made.status == "Draft"
    issued = desk.call("gtm.invoices.finalise_invoice", invoice_id=made.invoice_id)
    assert issued.status == "Issued"
    assert desk.call("gtm.invoices.mark_sent", invoice_id=made.invoice_id).status == "Sent"
    assert pay(desk, made, "500").status == "PartiallyPaid"
    assert pay(desk, made, "1500").status == "Paid"
    for operation in ("void_invoice", "finalise_invoice", "delete_invoice"):
        with pytest.raises(Conflict):
            desk.call(f"gtm.invoices.{operation}", invoice_id=made.invoice_id)


def test_overdue_follows_from_the_clock_and_writes_nothing(desk: Desk) -> None:
    made = final(desk, due_date="2026-11-30")
    before = query(desk, "SELECT count(*) FROM event")
    desk.later(days=6)  # the due date itself
    assert (get(desk, made).overdue, get(desk, made).days_to_due) == (False, 0)
    desk.later(days=1)
    seen = get(desk, made)
    assert (seen.overdue, seen.overdue_days, seen.status) == (True, 1, "Issued")
    late = desk.call("gtm.invoices.list_invoices", status="Overdue").items
    assert [one.invoice_id for one in late] == [made.invoice_id]
    assert query(desk, "SELECT count(*) FROM event") == before


def test_g_041_g_105_q_104_paid_is_told_once(desk: Desk) -> None:
    made = final(desk)
    for _ in range(3):
        desk.call("gtm.invoices.mark_paid", invoice_id=made.invoice_id)
    assert len(events(desk, "gtm.invoice.paid")) == 1
    assert len(get(desk, made).payments) == 1


def test_q_100_a_final_document_keeps_what_stood_on_it(desk: Desk) -> None:
    ada = desk.contact("Ada", company="Loom Works")
    party = {"street": "1 Mill Lane", "city": "Leeds", "country": "GB", "vat_id": "GB123456789"}
    desk.call("gtm.invoices.set_billing", contact_id=ada.contact_id, client=party)
    made = final(desk, client_name="", contact_id=ada.contact_id)
    desk.call("gtm.crm.update_contact", contact_id=ada.contact_id, company="Silk Works")
    desk.call("gtm.invoices.set_billing", contact_id=ada.contact_id, client={"city": "York"})
    desk.call("gtm.invoices.set_up", issuer={"name": "Another Name"})
    seen = get(desk, made)
    assert (seen.client_details.name, seen.client_details.city) == ("Loom Works", "Leeds")
    assert (seen.client, seen.issuer.name) == ("Loom Works", "Ada")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE invoice SET total_minor = 1",
        "UPDATE invoice SET number = 'X-1'",
        "UPDATE invoice SET client = '{}'",
        "UPDATE invoice_line SET unit_price = '1'",
        "INSERT INTO invoice_tax VALUES ((SELECT id FROM invoice), 'S', '99', 0, 1, 1)",
        "DELETE FROM invoice_line",
        "DELETE FROM invoice",
        "UPDATE invoice SET status = 'paid'",
        "UPDATE invoice SET paid_minor = 1",
    ],
)
def test_q_100_the_database_itself_refuses_changes_of_a_final_document(
    desk: Desk, sql: str
) -> None:
    final(desk)
    with desk.engine.connected() as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute(sql)
    assert right(desk)


def test_a_final_document_says_what_to_do_instead(desk: Desk) -> None:
    made = final(desk)
    with pytest.raises(Conflict, match="INV-2026-0001 is final; void it or issue a credit note"):
        desk.call("gtm.invoices.update_invoice", invoice_id=made.invoice_id, title="x")


def test_a_draft_is_changed_deleted_and_brought_back(desk: Desk) -> None:
    made = draft(desk)
    change = {"invoice_id": made.invoice_id, "line_items": [_one("7")], "title": "Looms"}
    assert desk.call("gtm.invoices.update_invoice", **change).total == "7.00"
    desk.call("undo")
    assert get(desk, made).total == "2000.00"
    desk.call("redo")
    assert (get(desk, made).total, get(desk, made).title) == ("7.00", "Looms")
    desk.call("gtm.invoices.delete_invoice", invoice_id=made.invoice_id)
    with pytest.raises(NotFound):
        get(desk, made)
    desk.call("undo")
    assert get(desk, made).total == "7.00"


def test_somebody_elses_change_is_a_conflict(desk: Desk) -> None:
    made = draft(desk)
    desk.call("gtm.invoices.update_invoice", invoice_id=made.invoice_id, title="theirs")
    with pytest.raises(Conflict, match="changed by somebody else"):
        desk.call(
            "gtm.invoices.update_invoice", invoice_id=made.invoice_id, title="mine", version=1
        )


def test_a_void_invoice_keeps_its_number_and_undo_makes_it_valid_again(desk: Desk) -> None:
    first = final(desk)
    desk.call("gtm.invoices.void_invoice", invoice_id=first.invoice_id, reason="wrong client")
    assert get(desk, first).status == "Void"
    second = final(desk)
    assert second.number == "INV-2026-0002"
    with pytest.raises(Conflict, match="void"):
        pay(desk, first, "1")
    assert right(desk)


def test_undoing_a_void(desk: Desk) -> None:
    made = final(desk)
    desk.call("gtm.invoices.void_invoice", invoice_id=made.invoice_id)
    desk.call("undo")
    assert (get(desk, made).status, get(desk, made).open) == ("Issued", "2000.00")


def test_credit_notes_are_the_exact_negative_and_limited(desk: Desk) -> None:
    lines = [
        _one("33.335", quantity="3", tax_rate="19", allowances=["10%"]),
        _one("12.345", quantity="7", tax_rate="7", charges=["1.11"]),
    ]
    made = final(desk, *lines, allowances=[{"amount": "5%"}], rounding_unit="0.05")
    note = desk.call("gtm.invoices.credit_invoice", invoice_id=made.invoice_id)
    for name in ("without_tax", "tax", "total", "payable", "rounding"):
        assert getattr(note, name) == f"-{getattr(made, name)}".replace("--", "").replace(
            "-0.00", "0.00"
        )
    done = desk.call("gtm.invoices.finalise_invoice", invoice_id=note.invoice_id)
    assert (done.number, get(desk, made).status) == ("CN-2026-0001", "Credited")
    with pytest.raises(Conflict, match="credited already"):
        desk.call("gtm.invoices.credit_invoice", invoice_id=made.invoice_id)
    desk.call("gtm.invoices.void_invoice", invoice_id=note.invoice_id)
    assert (get(desk, made).status, get(desk, made).open) == ("Issued", made.payable)
    assert right(desk)


def test_some_lines_are_credited_and_no_more_than_is_left(desk: Desk) -> None:
    made = final(desk, _one("100", quantity="4"), _one("50"))
    part = desk.call(
        "gtm.invoices.credit_invoice",
        invoice_id=made.invoice_id,
        lines=[{"position": 1, "quantity": "3"}],
    )
    assert part.total == "-300.00"
    whole = desk.call("gtm.invoices.credit_invoice", invoice_id=made.invoice_id)
    desk.call("gtm.invoices.finalise_invoice", invoice_id=part.invoice_id)
    assert (get(desk, made).open, get(desk, made).creditable) == ("150.00", "150.00")
    with pytest.raises(Conflict, match="Only 150"):
        desk.call("gtm.invoices.finalise_invoice", invoice_id=whole.invoice_id)
    assert right(desk)


def test_a_paid_invoice_that_is_credited_is_owed_back(desk: Desk) -> None:
    made = final(desk)
    pay(desk, made, "2000")
    note = desk.call("gtm.invoices.credit_invoice", invoice_id=made.invoice_id)
    desk.call("gtm.invoices.finalise_invoice", invoice_id=note.invoice_id)
    assert get(desk, made).open == "-2000.00"
    back = {"invoice_id": made.invoice_id, "amount": "2000"}
    desk.call("gtm.invoices.refund_payment", **back)
    assert (get(desk, made).open, get(desk, made).status) == ("0.00", "Credited")
    assert right(desk)


def test_quotes_expire_and_become_one_invoice(desk: Desk) -> None:
    quote = final(desk, kind="Quote", due_date="2026-12-01")
    assert (quote.number, quote.status) == ("Q-2026-0001", "Issued")
    desk.later(days=30)
    assert get(desk, quote).expired
    with pytest.raises(Conflict, match="force=true"):
        desk.call("gtm.invoices.convert_quote", invoice_id=quote.invoice_id)
    made = desk.call("gtm.invoices.convert_quote", invoice_id=quote.invoice_id, force=True)
    assert (made.total, made.source.number) == (quote.total, "Q-2026-0001")
    with pytest.raises(Conflict, match="has an invoice already"):
        desk.call("gtm.invoices.convert_quote", invoice_id=quote.invoice_id, force=True)
    desk.call("gtm.invoices.finalise_invoice", invoice_id=made.invoice_id)
    assert get(desk, quote).status == "Invoiced"
    with pytest.raises(Conflict):
        desk.call("gtm.invoices.record_payment", invoice_id=quote.invoice_id, amount="1")


def test_a_won_deal_is_invoiced_once(desk: Desk) -> None:
    ada = desk.contact("Ada")
    deal = desk.call("gtm.crm.add_deal", contact_id=ada.contact_id, title="Looms", value="1500.00")
    made = desk.call("gtm.invoices.from_deal", deal_id=deal.deal_id)
    assert (made.total, made.deal_id, made.title) == ("1500.00", deal.deal_id, "Looms")
    with pytest.raises(Conflict, match="has an invoice already"):
        desk.call("gtm.invoices.from_deal", deal_id=deal.deal_id)
    desk.call("undo")
    assert desk.call("gtm.invoices.from_deal", deal_id=deal.deal_id).total == "1500.00"


def test_an_overpayment_is_credit_only_when_somebody_says_so(desk: Desk) -> None:
    first = final(desk, _one("100"))
    with pytest.raises(Conflict, match="too much"):
        pay(desk, first, "110")
    seen = pay(desk, first, "110", credit=True)
    assert (seen.status, seen.paid, seen.client_credit) == ("Paid", "100.00", "10.00")
    second = final(desk, _one("25"))
    used = desk.call("gtm.invoices.use_credit", invoice_id=second.invoice_id)
    assert (used.paid, used.open, used.client_credit) == ("10.00", "15.00", "0.00")
    with pytest.raises(Conflict, match="used already"):
        desk.call("gtm.invoices.remove_payment", payment_id=seen.payments[0].payment_id)
    (total,) = desk.call("gtm.invoices.total_revenue").totals
    assert total.paid == "110.00"
    assert right(desk)


def test_numbers_have_a_pattern_a_series_and_a_fiscal_year(desk: Desk) -> None:
    desk.call("gtm.invoices.set_up", patterns={"invoice": "R{FY}/{seq:03}"}, fiscal_month=4)
    assert final(desk).number == "R2026/001"
    desk.later(days=120)  # March: the fiscal year goes on
    assert final(desk).number == "R2026/002"
    desk.later(days=30)
    assert final(desk).number == "R2027/001"
    assert right(desk)


def test_a_series_may_begin_later_but_never_jump(desk: Desk) -> None:
    assert desk.call("gtm.invoices.set_next_number", next=42).next == "INV-2026-0042"
    assert final(desk).number == "INV-2026-0042"
    for number, words in ((41, "was given already"), (99, "would leave a gap")):
        with pytest.raises(Conflict, match=words):
            desk.call("gtm.invoices.set_next_number", next=number)
    assert right(desk)


@pytest.mark.parametrize("pattern", ["INV", "{seq}{seq}", "X-{seq:4}-{foo}", "{", "{seq:04}" * 6])
def test_a_pattern_that_gives_no_numbers_is_refused(desk: Desk, pattern: str) -> None:
    with pytest.raises(InvalidInput, match="pattern"):
        desk.call("gtm.invoices.set_up", patterns={"invoice": pattern})


def test_deleting_is_for_people(desk: Desk) -> None:
    from rusvel_tui.engine.context import Actor

    made = draft(desk)
    with desk.acting_as(Actor("assistant", human=False)), pytest.raises(NotPermitted):
        desk.call("gtm.invoices.delete_invoice", invoice_id=made.invoice_id)


def test_lists_are_read_in_parts_by_status_client_and_text(desk: Desk) -> None:
    made = [
        draft(desk, _one(str(n)), client_name=f"Client {n % 2}", title=f"Job {n}")
        for n in range(1, 8)
    ]
    for one in made[:4]:
        desk.call("gtm.invoices.finalise_invoice", invoice_id=one.invoice_id)
    seen, cursor = [], None
    while True:
        page = desk.call("gtm.invoices.list_invoices", limit=3, cursor=cursor)
        seen += [one.title for one in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert seen == [f"Job {n}" for n in range(7, 0, -1)]
    for wanted, count in (
        ({"status": "draft"}, 3), ({"status": "OPEN"}, 4), ({"query": "job 3"}, 1), ({"query": "inv-2026"}, 4),
        ({"contact_id": made[0].contact_id}, 4), ({"kind": "quote"}, 0), ({"currency": "USD"}, 0),
    ):  # fmt: skip
        assert len(desk.call("gtm.invoices.list_invoices", **wanted).items) == count, wanted


def test_g_043_lists_by_status_and_one_by_number(desk: Desk) -> None:
    made = final(desk)
    assert (
        desk.call("gtm.invoices.get_invoice", invoice_id="INV-2026-0001").invoice_id
        == made.invoice_id
    )
    assert desk.call("gtm.list", kind="invoices").items[0].number == "INV-2026-0001"


def test_g_104_the_history_tells_each_step_once(desk: Desk) -> None:
    made = final(desk)
    pay(desk, made, "2000")
    assert kinds(desk, "gtm.invoice") == [
        "gtm.invoice.created",
        "gtm.invoice.issued",
        "gtm.invoice.payment",
        "gtm.invoice.paid",
    ]
    assert [step.kind for step in get(desk, made).history] == kinds(desk, "gtm.invoice")


def test_q_105_winning_a_deal_offers_its_invoice(desk: Desk) -> None:
    ada = desk.contact("Ada", company="Loom Works")
    deal = desk.call("gtm.crm.add_deal", contact_id=ada.contact_id, title="Looms", value="1500.00")
    assert desk.call("gtm.invoices.list_billable").items == ()
    desk.call("gtm.crm.advance_deal", deal_id=deal.deal_id, stage="Won")
    (one,) = desk.call("gtm.invoices.list_billable").items
    assert (one.client, one.value) == ("Loom Works", "1500.00")
    assert [item.need for item in desk.call("gtm.today").items] == ["to invoice"]
    made = desk.call("gtm.invoices.from_deal", deal_id=deal.deal_id)
    assert desk.call("gtm.invoices.list_billable").items == ()
    desk.call("gtm.invoices.finalise_invoice", invoice_id=made.invoice_id)
    desk.call("gtm.invoices.void_invoice", invoice_id=made.invoice_id)
    assert len(desk.call("gtm.invoices.list_billable").items) == 1


def test_an_overdue_invoice_stands_in_today(desk: Desk) -> None:
    made = final(desk)
    desk.later(days=20)
    (late,) = [item for item in desk.call("gtm.today").items if item.need == "unpaid"]
    assert (late.item_id, late.why) == (made.invoice_id, "2,000 EUR overdue 6 days")
    assert late.what == "Invoice INV-2026-0001"


def test_a_merged_client_keeps_its_invoices(desk: Desk) -> None:
    one, twin = desk.contact("Ada Lovelace"), desk.contact("Ada Lovelace")
    party = {"street": "1 Mill Lane"}
    desk.call("gtm.invoices.set_billing", contact_id=twin.contact_id, client=party)
    made = final(desk, client_name="", contact_id=twin.contact_id)
    desk.call("gtm.crm.merge_contacts", keep_id=one.contact_id, merge_id=twin.contact_id)
    assert get(desk, made).contact_id == one.contact_id
    next_ = draft(desk, client_name="", contact_id=one.contact_id)
    assert next_.client_details.street == "1 Mill Lane"
    desk.call("gtm.invoices.delete_invoice", invoice_id=next_.invoice_id)
    desk.call("undo"), desk.call("undo")
    desk.call("undo")
    assert get(desk, made).contact_id == twin.contact_id
    assert right(desk)


def test_documents_and_payments_stand_in_the_timeline_of_client_and_deal(desk: Desk) -> None:
    ada = desk.contact("Ada")
    deal = desk.call("gtm.crm.add_deal", contact_id=ada.contact_id, title="Looms", value="10")
    made = desk.call("gtm.invoices.from_deal", deal_id=deal.deal_id)
    desk.call("gtm.invoices.finalise_invoice", invoice_id=made.invoice_id)
    desk.later(hours=1)
    pay(desk, made, "10", method="cash")
    for whose in ({"contact_id": ada.contact_id}, {"deal_id": deal.deal_id}):
        items = desk.call("gtm.crm.timeline", kinds=["Invoice", "Payment"], **whose).items
        assert [entry.title for entry in items] == [
            "Paid: 10.00 EUR on INV-2026-0001",
            "Invoice INV-2026-0001, 10.00 EUR",
        ]
    desk.call("undo")
    items = desk.call("gtm.crm.timeline", kinds=["Payment"], contact_id=ada.contact_id).items
    assert items == ()


def test_sent_by_hand_is_taken_back(desk: Desk) -> None:
    made = final(desk)
    desk.call("gtm.invoices.mark_sent", invoice_id=made.invoice_id)
    desk.call("undo")
    assert get(desk, made).status == "Issued"
    desk.call("redo")
    assert get(desk, made).status == "Sent"


def test_another_session_sees_nothing_of_a_book(desk: Desk) -> None:
    made = final(desk)
    pay(desk, made, "500")
    payment = get(desk, made).payments[0].payment_id
    desk.call("session.create", name="other")
    for name in ("get_invoice", "mark_paid", "void_invoice", "credit_invoice", "send_invoice"):
        for wanted in (made.invoice_id, made.number):
            with pytest.raises(NotFound):
                desk.call(f"gtm.invoices.{name}", invoice_id=wanted)
    with pytest.raises(NotFound):
        desk.call("gtm.invoices.remove_payment", payment_id=payment)
    for name, field, data in (
        ("list_invoices", "items", {}),
        ("list_invoices", "items", {"contact_id": made.contact_id}),
        ("ageing", "currencies", {}),
        ("ageing", "currencies", {"contact_id": made.contact_id}),
        ("total_revenue", "totals", {}),
        ("revenue_by_month", "months", {}),
        ("tax_summary", "rows", {}),
        ("days_sales_outstanding", "currencies", {}),
        ("list_series", "items", {}),
        ("list_billable", "items", {}),
    ):
        assert getattr(desk.call(f"gtm.invoices.{name}", **data), field) == (), name
    assert check(desk).documents == 0
    assert final(desk).number == "INV-2026-0001"  # a series of its own
