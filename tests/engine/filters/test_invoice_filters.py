"""What filters find among invoices, and the window of the list that the screen shows."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories import Desk

SELLER = {
    "name": "Looms Ltd",
    "street": "Mill Lane 1",
    "postcode": "20457",
    "city": "Hamburg",
    "country": "DE",
    "vat_id": "DE123456789",
}


@pytest.fixture
def papers(desk: Desk) -> dict[str, str]:
    """A late invoice, a paid one in yen, a draft and an old quote; made on different days."""
    desk.call("gtm.invoices.set_up", issuer=SELLER)
    ada = desk.contact("Ada Lovelace", company="Acme GmbH").contact_id
    bo = desk.contact("Bo Müller", company="Müller & Sons").contact_id
    made: dict[str, str] = {}

    def write(title: str, who: str, price: str, **how: Any) -> str:
        items = [{"description": title, "quantity": "1", "unit_price": price, "tax_rate": "0"}]
        paper = desk.call(
            "gtm.invoices.create_invoice", contact_id=who, title=title, line_items=items, **how
        )
        made[title] = paper.invoice_id
        return str(paper.invoice_id)

    def final(paper: str) -> None:
        desk.call("gtm.invoices.finalise_invoice", invoice_id=paper)

    final(write("Spindles", bo, "300", due_date="2026-11-25"))
    final(write("Offer", ada, "80", kind="Quote", due_date="2026-11-26"))
    final(write("Yarn", bo, "9000", currency="JPY", due_date="2026-12-20"))
    desk.call("gtm.invoices.mark_paid", invoice_id=made["Yarn"])
    desk.later(days=10)
    write("Looms", ada, "6000", reference="PO-77")
    return made


def listed(desk: Desk, text: str = "", **how: Any) -> list[str]:
    rows = desk.call("gtm.invoices.invoice_rows", filter=text, **how).rows
    return [row.title for row in rows]


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("", ["Looms", "Yarn", "Offer", "Spindles"]),
        ("muller", ["Yarn", "Spindles"]),
        ("INV-2026-0001", ["Spindles"]),
        ("number:Q-", ["Offer"]),
        ("client:acme", ["Looms", "Offer"]),
        ("title=looms", ["Looms"]),
        ("reference:po-77", ["Looms"]),
        ("kind:quote", ["Offer"]),
        ("status:draft,paid", ["Looms", "Yarn"]),
        ("is:draft", ["Looms"]),
        ("is:open", ["Spindles"]),
        ("is:overdue", ["Spindles"]),
        ("is:waiting", ["Offer"]),
        ("is:expired", ["Offer"]),
        ("total>100", ["Looms", "Spindles"]),
        ("total>100jpy", ["Yarn"]),
        ("open>=300", ["Spindles"]),
        ("paid>0jpy", ["Yarn"]),
        ("currency:JPY", ["Yarn"]),
        ("due<30d", ["Yarn", "Offer", "Spindles"]),
        ("due:30d", ["Yarn"]),
        ("due<2026-11-26", ["Spindles"]),
        ("late>3d", ["Spindles"]),
        ("late>30d", []),
        ("issued:2026-11", ["Yarn", "Offer", "Spindles"]),
        ("created<2d", ["Looms"]),
        ("no:sent -is:draft", ["Yarn", "Offer", "Spindles"]),
    ],
)
def test_q_088_which_documents_are_found(
    desk: Desk, papers: dict[str, str], text: str, titles: list[str]
) -> None:
    assert listed(desk, text) == titles
    assert desk.call("gtm.crm.check_filter", kind="invoices", filter=text).valid


def test_q_088_what_cannot_be_asked_of_invoices_is_said(desk: Desk) -> None:
    for text, words in (
        ("status:late", "There is no status 'late'"),
        ("stage:won", "no field 'stage'"),
    ):
        check = desk.call("gtm.crm.check_filter", kind="invoices", filter=text)
        assert not check.valid
        assert words in check.problem


def test_a_window_holds_its_part_and_the_place_of_one(desk: Desk, papers: dict[str, str]) -> None:
    window = desk.call("gtm.invoices.invoice_rows", first=1, count=2, place_of=papers["Spindles"])
    assert [row.title for row in window.rows] == ["Yarn", "Offer"]
    assert (window.total, window.at) == (4, 3)
    elsewhere = desk.call(
        "gtm.invoices.invoice_rows", filter="is:draft", place_of=papers["Spindles"]
    )
    assert elsewhere.total == 1


def test_what_is_to_come_is_summed_by_currency(desk: Desk, papers: dict[str, str]) -> None:
    (euros,) = desk.call("gtm.invoices.open_sums").items
    assert (euros.currency, euros.count, euros.open) == ("EUR", 1, "300.00")
    assert (euros.overdue_count, euros.overdue) == (1, "300.00")


def test_q_093_documents_of_another_session_are_not_listed(
    desk: Desk, papers: dict[str, str]
) -> None:
    desk.call("session.create", name="elsewhere")
    window = desk.call("gtm.invoices.invoice_rows", place_of=papers["Spindles"])
    assert (window.rows, window.total, window.at) == ((), 0, None)
    assert desk.call("gtm.invoices.open_sums").items == ()
