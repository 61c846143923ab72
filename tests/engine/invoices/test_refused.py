"""What must not get into the book: one line that says what to do instead, and nothing changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rusvel_tui.engine.errors import EngineError
from tests.engine.invoices.book import draft, final, pay
from tests.factories import Desk, query

TABLES = (
    "invoice", "invoice_line", "invoice_tax", "invoice_series", "payment", "client_credit", "client_billing",
    "setting", "event", "job", "contact",
)  # fmt: skip
Act = Callable[[Desk], object]


def _state(desk: Desk) -> list[Any]:
    return [query(desk, f"SELECT * FROM {table} ORDER BY 1, 2") for table in TABLES]


def refused(desk: Desk, act: Act, words: str) -> None:
    """The act fails with one line that holds these words, and leaves everything as it was."""
    before = _state(desk)
    with pytest.raises(EngineError) as caught:
        act(desk)
    text = str(caught.value)
    assert words in text
    assert "\n" not in text
    assert text.endswith((".", "?"))
    assert _state(desk) == before


def _act(name: str, **data: Any) -> Act:
    return lambda desk: desk.call(f"gtm.invoices.{name}", **data)


def _line(**more: Any) -> dict[str, Any]:
    return {"description": "Work", "unit_price": "10"} | more


def _drafts(*lines: dict[str, Any], **more: Any) -> Act:
    return lambda desk: draft(desk, *lines, client_name="Grace", **more)


@pytest.mark.parametrize("field", ["unit_price", "quantity"])
@pytest.mark.parametrize(
    "value",
    ["NaN", "Infinity", "-inf", "1e400", "", "1,000.5", float("inf"), float("nan"), "9" * 40],
)
def test_q_106_c2_1_numbers_that_are_none(desk: Desk, field: str, value: object) -> None:
    desk.contact("Grace")
    refused(desk, _drafts(_line(), _line(**{field: value})), "line 2: ")


def test_c2_1_the_error_says_what_to_write(desk: Desk) -> None:
    desk.contact("Grace")
    act = _drafts(_line(), _line(unit_price="1,000.5"))
    refused(desk, act, "line 2: price '1,000.5' is not a number; write 1000.50.")


def test_q_106_c2_2_a_negative_price(desk: Desk) -> None:
    desk.contact("Grace")
    refused(desk, _drafts(_line(unit_price="-1")), "use a negative quantity or a discount")


@pytest.mark.parametrize(
    ("currency", "amount"), [("JPY", "10.5"), ("EUR", "0.001"), ("KWD", "1.0005")]
)
def test_c2_3_amounts_finer_than_their_currency(desk: Desk, currency: str, amount: str) -> None:
    desk.contact("Grace")
    made = final(desk, _line(unit_price="100"), currency=currency)
    refused(desk, lambda desk: pay(desk, made, amount), "decimals")
    refused(desk, _drafts(_line(), currency=currency, prepaid=amount), "decimals")


@pytest.mark.parametrize("currency", ["XAU", "EURO", "usd ", "XXX", "€"])
def test_c2_3_currencies_that_are_none(desk: Desk, currency: str) -> None:
    desk.contact("Grace")
    refused(desk, _drafts(_line(), currency=currency), "currency")


def test_c2_4_what_a_draft_lacks_before_it_is_final(desk: Desk) -> None:
    desk.contact("Grace")
    nameless = desk.contact(" ", "nobody@example.com")
    empty = desk.call("gtm.invoices.create_invoice", client_name="Grace")
    unnamed = draft(desk, _line(), client_name="", contact_id=nameless.contact_id)
    nothing = draft(desk, _line(unit_price="0"))
    undescribed = draft(desk, _line(description=""))
    for made, words in (
        (empty, "It has no lines"),
        (unnamed, "The client has no name"),
        (nothing, "It comes to nothing"),
        (undescribed, "Line 1 has no description"),
    ):
        refused(desk, _act("finalise_invoice", invoice_id=made.invoice_id), words)
    zero = {"invoice_id": nothing.invoice_id, "zero": True}
    assert desk.call("gtm.invoices.finalise_invoice", **zero).status == "Paid"


@pytest.mark.parametrize(("category", "rate"), [("S", "0"), ("E", "7"), ("Z", "1"), ("AE", "19")])
def test_c2_4_rates_that_do_not_go_with_their_category(
    desk: Desk, category: str, rate: str
) -> None:
    desk.contact("Grace")
    act = _drafts(_line(tax_category=category, tax_rate=rate))
    refused(desk, act, f"tax category {category}")


def test_c2_5_days_that_cannot_be(desk: Desk) -> None:
    desk.contact("Grace")
    due = _drafts(_line(), issue_date="2026-11-20", due_date="2026-11-19")
    refused(desk, due, "before its issue")
    refused(desk, _drafts(_line(), due_date="2026-02-30"), "is not a day")
    final(desk, _line())
    earlier = draft(desk, _line(), issue_date="2026-11-20")
    later = draft(desk, _line(), issue_date="2026-11-25")
    for made, words in ((earlier, "cannot be dated 2026-11-20"), (later, "is in the future")):
        refused(desk, _act("finalise_invoice", invoice_id=made.invoice_id), words)


@pytest.mark.parametrize(
    ("line", "more", "words"),
    [
        ({"allowances": ["101%"]}, {}, "between 0% and 100%"),
        ({"allowances": ["10.01"]}, {}, "larger than the amount"),
        ({}, {"allowances": [{"amount": "10.01"}]}, "larger than"),
        (
            {"tax_rate": "19"},
            {"allowances": [{"amount": "5", "tax_category": "S", "tax_rate": "7"}]},
            "larger than",
        ),
    ],
)
def test_c2_6_discounts_beyond_their_base(
    desk: Desk, line: dict[str, Any], more: dict[str, Any], words: str
) -> None:
    desk.contact("Grace")
    refused(desk, _drafts(_line(**line), **more), words)


@pytest.mark.parametrize(
    ("payment", "words"),
    [
        ({"amount": "0"}, "above zero"),
        ({"amount": "-5"}, "above zero"),
        ({"amount": "NaN"}, "is not a number"),
        ({"amount": "5", "currency": "USD"}, "is in EUR"),
        ({"amount": "5", "paid_on": "2026-11-19"}, "before INV-2026-0001 was issued"),
        ({"amount": "5", "paid_on": "2026-11-25"}, "in the future"),
        ({"amount": "10.01"}, "credit=true"),
    ],
)
def test_c2_7_payments_that_cannot_be(desk: Desk, payment: dict[str, Any], words: str) -> None:
    desk.contact("Grace")
    made = final(desk, _line(), issue_date="2026-11-20")
    refused(desk, lambda desk: pay(desk, made, **payment), words)


def test_c2_7_drafts_and_void_invoices_take_no_payments(desk: Desk) -> None:
    desk.contact("Grace")
    made, gone = draft(desk, _line()), final(desk, _line())
    desk.call("gtm.invoices.void_invoice", invoice_id=gone.invoice_id)
    refused(desk, lambda desk: pay(desk, made, "1"), "is a draft")
    refused(desk, lambda desk: pay(desk, gone, "1"), "is void")


def test_c2_8_final_documents_stay(desk: Desk) -> None:
    desk.contact("Grace")
    made = final(desk, _line())
    for name, words in (
        ("delete_invoice", "is final; void it or issue a credit note"),
        ("finalise_invoice", "is final already"),
        ("update_invoice", "is final"),
    ):
        refused(desk, _act(name, invoice_id=made.invoice_id), words)
    refused(desk, lambda desk: desk.call("gtm.invoices.set_next_number", next=1), "given already")
    pay(desk, made, "10")
    void = {"invoice_id": made.invoice_id}
    refused(
        desk, lambda desk: desk.call("gtm.invoices.void_invoice", **void), "Issue a credit note"
    )


def test_c2_9_credit_notes_that_cannot_be(desk: Desk) -> None:
    desk.contact("Grace")
    made, open_ = final(desk, _line(quantity="2")), draft(desk, _line())

    def credit(invoice: Any, **more: Any) -> Act:
        return lambda desk: desk.call(
            "gtm.invoices.credit_invoice", invoice_id=invoice.invoice_id, **more
        )

    refused(desk, credit(open_), "is a draft")
    refused(desk, credit(made, currency="USD"), "is in EUR")
    refused(desk, credit(made, lines=[{"position": 1, "quantity": "3"}]), "up to 2")
    refused(desk, credit(made, lines=[{"position": 7}]), "has no line 7")
    note = credit(made)(desk)
    desk.call("gtm.invoices.finalise_invoice", invoice_id=note.invoice_id)  # type: ignore[attr-defined]
    refused(desk, credit(made, lines=[{"position": 1, "quantity": "1"}]), "credited already")


@pytest.mark.parametrize(
    ("client", "words"),
    [
        ({"name": "Blue\nFern"}, "one line"),
        ({"name": "Blue\x1b[31m"}, "one line"),
        ({"country": "DE", "vat_id": "FR12345678901"}, "has to begin with DE"),
        ({"vat_id": "123"}, "two letters of its country"),
        ({"iban": "DE89370400440532013001"}, "is not an IBAN"),
        ({"email": "grace"}, "grace"),
        ({"country": "Atlantis"}, "is not a country"),
        ({"bic": "nope"}, "is not a BIC"),
    ],
)
def test_c2_10_data_that_breaks_a_document(desk: Desk, client: dict[str, Any], words: str) -> None:
    grace = desk.contact("Grace")
    to = {"contact_id": grace.contact_id, "client": client}
    refused(desk, lambda desk: desk.call("gtm.invoices.set_billing", **to), words)
    refused(desk, lambda desk: desk.call("gtm.invoices.set_up", issuer=client), words)
    refused(desk, _drafts(_line(), client=client), words)
