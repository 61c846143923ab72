"""Bank files: whatever a bank writes is read or refused with its line; proposals are booked by a person, once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rusvel_tui.engine.context import Actor
from rusvel_tui.engine.errors import EngineError, NotPermitted
from rusvel_tui.engine.gtm.invoices.bank.amounts import decimal_mark, read_amount, read_day
from rusvel_tui.engine.gtm.invoices.bank.reading import Told, read_bank_file
from tests.engine.invoices.book import final, get, pay, right
from tests.factories import Desk, query

HEAD = "Date,Amount,Currency,Payer,Reference\n"


def _book(desk: Desk) -> list[Any]:
    """Three invoices of 100.00, 250.00 and 250.00."""
    return [
        final(
            desk,
            {"description": "Work", "unit_price": price},
            client_name=name,
            issue_date="2026-11-01",
        )
        for name, price in (("Ada Lovelace", "100"), ("Blue Fern Ltd", "250"), ("Carl", "250"))
    ]


def _read(desk: Desk, rows: str, **more: Any) -> Any:
    return desk.call("gtm.invoices.import_bank_csv", content=HEAD + rows, name="may.csv", **more)


@pytest.mark.parametrize(
    "reference",
    ["INV-2026-0001", "invoice inv 2026 1, thanks", "RG INV20260001 KD 77", "/INV/2026/0001/"],
)
def test_a_number_is_found_however_it_is_written(desk: Desk, reference: str) -> None:
    first = _book(desk)[0]
    found = _read(desk, f"2026-11-20,100.00,EUR,Somebody,{reference.replace(',', ' ')}\n")
    assert [(one.number, one.state) for one in found.lines] == [(first.number, "Proposed")]


def test_a_longer_number_is_not_taken_for_a_shorter_one(desk: Desk) -> None:
    _book(desk)
    found = _read(desk, "2026-11-20,77.00,EUR,X,INV-2026-00010\n")
    assert found.lines[0].state == "Unmatched"


def test_amount_and_payer_decide_between_two(desk: Desk) -> None:
    _book(desk)
    rows = "2026-11-20,250.00,EUR,BLUE FERN,thanks\n2026-11-20,250.00,EUR,Nobody,thanks\n"
    found = _read(desk, rows)
    assert [one.number for one in found.lines] == ["INV-2026-0002", "INV-2026-0003"]
    assert "another name" in found.lines[1].why


def test_what_fits_several_is_not_guessed(desk: Desk) -> None:
    _book(desk)
    found = _read(desk, "2026-11-20,250.00,EUR,Nobody,thanks\n")
    assert found.lines[0].why == "the amount fits 2 invoices: INV-2026-0002, INV-2026-0003"


def test_a_dry_run_changes_nothing_and_a_second_import_brings_nothing(desk: Desk) -> None:
    _book(desk)
    rows = "2026-11-20,100.00,EUR,Ada,INV-2026-0001\n2026-11-20,5.00,EUR,X,y\n2026-11-20,5.00,EUR,X,y\n"
    assert _read(desk, rows, dry_run=True).new == 3
    assert query(desk, "SELECT count(*) FROM bank_line") == [(0,)]
    assert (_read(desk, rows).new, _read(desk, rows).new, _read(desk, rows).known) == (3, 0, 3)


def test_a_file_of_this_machine_is_read(desk: Desk, tmp_path: Path) -> None:
    _book(desk)
    (tmp_path / "may.csv").write_text(HEAD + "2026-11-20,100.00,EUR,Ada,INV-2026-0001\n")
    path = str(tmp_path / "may.csv")
    found = desk.call("gtm.invoices.import_bank_csv", path=path)
    assert (found.proposed, found.lines[0].file_name) == (1, "may.csv")
    with pytest.raises(EngineError, match="There is no file"):
        desk.call("gtm.invoices.import_bank_csv", path=f"{path}.gone")


def test_proposals_are_booked_by_a_person_and_taken_back_at_once(desk: Desk) -> None:
    first, second, _ = _book(desk)
    _read(desk, "2026-11-20,100,EUR,A,INV-2026-0001\n2026-11-21,200,EUR,B,INV-2026-0002\n")
    with desk.acting_as(Actor("assistant", human=False)), pytest.raises(NotPermitted):
        desk.call("gtm.invoices.confirm_bank_lines")
    done = desk.call("gtm.invoices.confirm_bank_lines")
    assert (done.booked, done.amounts, done.left) == (2, ("300.00 EUR",), ())
    assert (get(desk, first).status, get(desk, second).open) == ("Paid", "50.00")
    assert desk.call("gtm.invoices.confirm_bank_lines").booked == 0
    desk.call("undo")
    assert (get(desk, first).status, get(desk, second).open) == ("Issued", "250.00")
    desk.call("redo")
    assert get(desk, first).status == "Paid"
    assert right(desk)


def test_too_much_stays_until_somebody_says_credit(desk: Desk) -> None:
    first = _book(desk)[0]
    _read(desk, "2026-11-20,120,EUR,A,INV-2026-0001\n")
    left = desk.call("gtm.invoices.confirm_bank_lines")
    assert left.booked == 0
    assert "credit=true" in left.left[0]
    assert desk.call("gtm.invoices.confirm_bank_lines", credit=True).booked == 1
    assert get(desk, first).client_credit == "20.00"


def test_what_is_paid_already_is_said(desk: Desk) -> None:
    first = _book(desk)[0]
    pay(desk, first, "100")
    found = _read(desk, "2026-11-20,100,EUR,A,INV-2026-0001\n")
    assert found.lines[0].why == "INV-2026-0001 is paid already"


def test_one_transfer_pays_several_invoices_to_the_cent(desk: Desk) -> None:
    first, second, third = _book(desk)
    both = "INV-2026-0001 INV-2026-0002"
    rows = f"2026-11-20,350,EUR,A,{both}\n2026-11-21,260,EUR,A,INV-2026-0002 INV-2026-0003\n"
    found = _read(desk, rows)
    assert [(one.number, one.amount) for one in found.lines] == [
        (first.number, "100.00"),
        (second.number, "250.00"),
        (third.number, "260.00"),
    ]
    assert (found.new, found.proposed, _read(desk, rows).new) == (2, 3, 0)
    done = desk.call("gtm.invoices.confirm_bank_lines", credit=True)
    assert (done.booked, done.amounts) == (3, ("610.00 EUR",))
    assert {get(desk, one).status for one in (first, second, third)} == {"Paid"}
    assert right(desk)


def test_a_transfer_that_does_not_pay_all_it_names_is_left_to_a_person(desk: Desk) -> None:
    _book(desk)
    found = _read(desk, "2026-11-20,300,EUR,A,INV-2026-0001 INV-2026-0002\n")
    assert found.lines[0].state == "Unmatched"
    assert "names 2 open invoices" in found.lines[0].why


def test_a_booking_is_given_an_invoice_by_hand_or_put_aside(desk: Desk) -> None:
    first = _book(desk)[0]
    line = _read(desk, "2026-11-20,40,EUR,A,hello\n").lines[0]
    desk.call("gtm.invoices.match_bank_line", line_id=line.line_id, invoice_id=first.number)
    assert desk.call("gtm.invoices.confirm_bank_lines").booked == 1
    assert get(desk, first).open == "60.00"
    other = _read(desk, "2026-11-21,41,EUR,A,hello\n").lines[0]
    seen = desk.call("gtm.invoices.match_bank_line", line_id=other.line_id)
    assert seen.state == "Ignored"


def test_bad_rows_say_their_line_and_the_rest_is_read(desk: Desk) -> None:
    _book(desk)
    rows = "2026-13-20,100,EUR,A,x\n2026-11-20,abc,EUR,A,x\n2026-11-20,100,XAU,A,x\n2026-11-20,-5,EUR,A,x\n2026-11-20,7,EUR,A,x\n"
    found = _read(desk, rows)
    assert [why.split(":")[0] for why in found.refused] == ["line 2", "line 3", "line 4"]
    assert (found.read, found.outgoing) == (1, 1)


@pytest.mark.parametrize("content", [b"\x00\xff", b"a;b\n1;2\n", b"Date;Text\n1.1.2026;x\n"])
def test_a_file_without_date_and_amount_is_refused(content: bytes) -> None:
    with pytest.raises(EngineError, match="names a date and an amount"):
        read_bank_file(content, Told("EUR"))


def test_a_german_file_is_read() -> None:
    text = (
        '"Konto";"DE00"\n\n"Buchungstag";"Valuta";"Auftraggeber/Empfänger";"Verwendungszweck";"Betrag";"Währung"\n'
        '"03.04.2026";"03.04.2026";"Müller";"RG 1";"1.234,56";"EUR"\n"05.04.2026";"";"X";"Miete";"-900,00";"EUR"\n'
    )
    file = read_bank_file(text.encode("cp1252"), Told("EUR"))
    (one,) = file.bookings
    assert (one.booked_on, one.amount_minor, one.payer) == ("2026-04-03", 123456, "Müller")
    assert file.outgoing == 1


@pytest.mark.parametrize(
    ("text", "mark", "minor"),
    [("1.234,50", ",", 123450), ("1,234.50", ".", 123450), ("1 234,5", ",", 123450), ("12.00-", ".", -1200),
     ("12,00 S", ",", -1200), ("+7.10 CR", ".", 710), ("1'000.00", ".", 100000)],
)  # fmt: skip
def test_amounts_are_read_as_they_are_written(text: str, mark: str, minor: int) -> None:
    assert decimal_mark([text]) in (mark, "")
    assert read_amount(text, mark, "EUR") == minor


def test_what_could_mean_two_things_is_refused() -> None:
    with pytest.raises(EngineError, match="two amounts"):
        read_amount("1,234", "", "EUR")
    with pytest.raises(EngineError, match="two days"):
        read_day("3/4/2026", first=None)
    assert read_day("3/4/2026", first=True) == "2026-04-03"
    assert read_day("3/4/2026", first=False) == "2026-03-04"
