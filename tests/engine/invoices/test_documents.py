"""What stands on a document, as text: the same totals as are stored, every word literally."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rusvel_tui.engine.errors import EngineError, InvalidInput, NotConfigured
from rusvel_tui.engine.gtm.invoices.documents.epc import epc_text
from rusvel_tui.engine.gtm.invoices.documents.from_invoice import document_of
from rusvel_tui.engine.gtm.invoices.documents.plain_text import WIDTH, plain_text
from rusvel_tui.engine.gtm.invoices.documents.rendering import FORMATS, best_pdf, render
from rusvel_tui.engine.gtm.invoices.documents.sheet import Sheet, sheet_of
from rusvel_tui.engine.gtm.invoices.ledger.words import Kind, Status
from rusvel_tui.engine.text import cells
from tests.engine.invoices.many_papers import many
from tests.engine.invoices.papers import (
    CLIENT,
    ISSUER,
    credit_note,
    document,
    invoice_view,
    line,
)

NASTY = (
    '[@click=app.quit]x[/] #read("/etc/passwd") *b* _i_ $x^2$ <l> @r \\ // -> -- "q" \'s\' &amp; ]]> 10x20'
    " {{first_name}} 山田太郎 株式会社 한국어 ½ – € Ω Ж"
)
EVERYTHING = """\
INVOICE INV-2026-0042                   Looms & Søn
                                        Webergasse 7
                                        10115 Berlin
                                        Ada Weber
                                        ada@looms.example
                                        +49 30 1234567
                                        VAT id DE123456789
                                        Tax number 30/123/45678
                                        Register HRB 4711

To:                                     Date            2026-11-24
Żółw Sp. z o.o.                         Due             2026-12-08
Jan Kowalski                            Delivered       2026-11-20
ul. Długa 1                             Your order      PO 4711
00-238 Warszawa                         Your reference  04011000-12345-03
Poland
VAT id PL1234567890

Looms for the winter

  #  Description                   Quantity        Price      Tax      Net EUR
------------------------------------------------------------------------------
  1  Weaving                        10 hour       150.00     19 %     1,500.00
     on site
  2  Thread 山田                     3.5 kg  99.50 / 100      7 %         3.48
     Discount                                                            -1.00
     Discount                                                            -0.35
     Charge                                                               0.75
------------------------------------------------------------------------------

"""


def everything() -> Sheet:
    taxed = {"tax_category": "S", "tax_rate": "19"}
    return sheet_of(
        document(
            [
                line("150", quantity="10", description="Weaving\non site"),
                line("99.5", "7", "3.5", unit="kg", base_quantity="100", description="Thread 山田",
                     allowances=["1.00", "10%"], charges=["0.75"]),
            ],
            allowances=[{"amount": "10%", "reason": "Loyalty"}],
            charges=[{"amount": "4.90", "reason": "Postage", **taxed}],
            prepaid="100.02",
            rounding_unit="0.05",
            title="Looms for the winter",
            reference="PO 4711",
            delivered_on="2026-11-20",
            notes="Thank you.",
            terms="Payable in 14 days.",
        )
    )  # fmt: skip


def test_the_text_says_everything_in_its_place() -> None:
    shown = plain_text(everything())
    assert shown.startswith(EVERYTHING)
    sums = [" ".join(row.split()) for row in shown.removeprefix(EVERYTHING).splitlines()[:10]]
    assert sums == [
        "Subtotal 1,502.88",
        "Loyalty 10 % -150.29",
        "Postage 4.90",
        "Net 1,357.49",
        "Tax 19 % on 1,354.90 257.43",
        "Tax 7 % on 2.59 0.18",
        "Total 1,615.10",
        "Paid before -100.02",
        "Rounding 0.02",
        "=====================",
    ]


@pytest.mark.parametrize("name", many())
def test_no_line_is_wider_than_a_terminal(name: str) -> None:
    shown = plain_text(sheet_of(many()[name]))
    assert max(map(cells, shown.splitlines())) <= WIDTH
    assert shown.endswith("\n")


def test_a_text_from_outside_stands_there_literally() -> None:
    client = CLIENT.model_copy(update={"name": NASTY[:60], "street": "山" * 15})
    made = document([line(description=NASTY)], client=client, title=NASTY, notes=NASTY)
    shown = plain_text(sheet_of(made))
    bare = "".join(shown.split())
    assert bare.count("".join(NASTY.split())) >= 2
    assert "山" * 15 in shown


def test_control_characters_never_come_out() -> None:
    made = document([line(description="a\x1b[31mb\x07\u202ec\r\nd\ufffe")], notes="x\x9b2Jy")
    shown = plain_text(sheet_of(made))
    assert not set(shown) & set("\x1b\x07\u202e\r\x9b\ufffe")
    assert "xy" in shown


@pytest.mark.parametrize(
    ("status", "number", "mark"), [(Status.DRAFT, "", "DRAFT"), (Status.VOID, "INV-1", "VOID")]
)
def test_what_does_not_count_says_so_first(status: Status, number: str, mark: str) -> None:
    shown = plain_text(sheet_of(document([line()], status=status, number=number)))
    assert f"*** {mark} ***" in shown.splitlines()[1]


def test_a_quote_asks_for_no_money() -> None:
    shown = plain_text(sheet_of(document([line()], kind=Kind.QUOTE, number="Q-2026-0001")))
    assert shown.startswith("QUOTE Q-2026-0001")
    assert "Valid until" in shown
    assert "Please pay" not in shown


def test_a_credit_note_names_its_invoice_and_gives_amounts_above_zero() -> None:
    shown = plain_text(sheet_of(credit_note([line("100")])))
    assert "Corrects        INV-2026-0041 of\n" in shown
    assert "CREDITED TO YOU EUR   119.00" in shown
    assert "Please pay" not in shown
    assert "-" not in shown.partition("Weaving")[2].splitlines()[0]


@pytest.mark.parametrize("category", ["E", "AE", "K", "G"])
def test_where_no_tax_is_taken_the_document_says_why(category: str) -> None:
    note = sheet_of(document([line("1", "0", tax_category=category)])).notes[0]
    assert note.endswith(".")


def test_totals_that_do_not_follow_from_the_lines_are_refused() -> None:
    view = invoice_view([line()]).model_copy(update={"tax": "18.99"})
    with pytest.raises(EngineError, match="do not follow from its lines"):
        document_of(view)


def test_every_kind_of_document_has_the_totals_that_are_stored() -> None:
    for paper in many().values():
        sheet = sheet_of(paper)
        assert sheet.total[1] == paper.shown(paper.totals.payable)


def test_the_code_for_a_transfer_is_what_banks_read() -> None:
    assert epc_text(document([line("100")])).split("\n") == [
        "BCD", "002", "1", "SCT", "COBADEFFXXX", "Looms & Søn", "DE89370400440532013000", "EUR119.00", "", "",
        "INV-2026-0042",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "made",
    [
        document([line()], currency="CHF"),
        document([line()], issuer=ISSUER.model_copy(update={"iban": ""})),
        document([line()], prepaid="119"),
        document([line()], number="", status=Status.DRAFT),
        document([line()], status=Status.VOID),
        credit_note([line()]),
        document([line("900000000")]),
    ],
)
def test_there_is_no_code_where_nothing_can_be_paid_so(made: object) -> None:
    assert epc_text(made) == ""  # type: ignore[arg-type]


def test_a_long_name_fits_into_the_code() -> None:
    issuer = ISSUER.model_copy(update={"name": "Ł" * 120})
    text = epc_text(document([line()], issuer=issuer))
    assert text.split("\n")[5] == "Ł" * 70
    assert len(text.encode()) <= 331


def test_formats_by_name() -> None:
    view = invoice_view([line()], title="x")
    assert render(view, "text").name == "INV-2026-0042.txt"
    assert render(view, " UBL ").content.startswith(
        b'<?xml version="1.0" encoding="UTF-8"?>\n<Invoice'
    )
    assert best_pdf(view) == "facturx"
    with pytest.raises(InvalidInput, match="there are text, pdf, ubl, cii, facturx"):
        render(view, "docx")
    with pytest.raises(NotConfigured, match="as text"):
        render(view, "pdf")
    assert set(FORMATS) == {"text", "pdf", "ubl", "cii", "facturx"}


def test_a_file_name_is_never_a_path() -> None:
    view = invoice_view([line()], number="../../etc/INV 1\n2")
    assert render(view, "text").name == "etc-INV-1-2.txt"
    draft = invoice_view([line()], number=None, status=Status.DRAFT)
    shown = render(draft.model_copy(update={"invoice_id": "0123456789"}), "text")
    assert shown.name == "draft-01234567.txt"


def test_prices_with_tax_are_called_gross_beside_net_amounts() -> None:
    shown = plain_text(sheet_of(many()["prices with tax"]))
    assert "Quantity  Gross price      Tax      Net EUR" in shown
    assert "50.00     19 %        42.02" in shown
    assert "TO PAY EUR   100.00" in shown


def test_a_document_in_three_decimals_goes_as_a_plain_pdf() -> None:
    assert best_pdf(invoice_view([line("1.234")], currency="KWD")) == "pdf"
    assert replace(document([line("1.234")], currency="KWD")).amount(1234) == "1.234"
