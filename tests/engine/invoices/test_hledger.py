"""The journal for hledger: every entry comes to zero, and no name becomes syntax."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from rusvel_tui.engine.errors import Conflict, InvalidInput
from tests.engine.invoices.book import WORK, draft, final, pay
from tests.factories import Desk

TAXED = WORK | {"tax_rate": "19"}


def balances(journal: str) -> dict[str, Decimal]:
    """What each entry comes to, by its first line."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for entry in filter(None, journal.split("\n\n")):
        head, *rows = entry.strip().splitlines()
        for row in rows:
            sums[head] += Decimal(re.split(r"\s{2,}", row.strip())[1].split()[0])
    return sums


def entry(desk: Desk, invoice: Any) -> str:
    shown = desk.call("gtm.invoices.render", invoice_id=invoice.invoice_id, format="hledger")
    return str(shown.text)


def test_an_invoice_with_its_payments_is_booked(desk: Desk) -> None:
    invoice = final(desk, TAXED, WORK | {"tax_rate": "7"}, title="Looms", prepaid="100")
    pay(desk, invoice, "500", reference="W-1")
    assert entry(desk, invoice) == (
        f"2026-11-24 * ({invoice.number}) Grace | Looms\n"
        "    assets:receivable:Grace   3290.00 EUR\n"
        "    liabilities:prepayments    100.00 EUR\n"
        "    income:sales             -3000.00 EUR\n"
        "    liabilities:tax:S 19%     -285.00 EUR\n"
        "    liabilities:tax:S 7%      -105.00 EUR\n"
        "\n"
        f"2026-11-24 * (W-1) Grace | payment for {invoice.number}\n"
        "    assets:bank               500.00 EUR\n"
        "    assets:receivable:Grace  -500.00 EUR\n"
    )


def test_every_entry_comes_to_zero(desk: Desk, tmp_path: Path) -> None:
    book = _book(desk, tmp_path)
    sums = balances(book.read_text())
    assert len(sums) >= 7
    assert set(sums.values()) == {Decimal(0)}
    assert "is void: nothing is booked" in book.read_text()


@pytest.mark.skipif(shutil.which("hledger") is None, reason="hledger is not installed")
def test_hledger_itself_accepts_it(desk: Desk, tmp_path: Path) -> None:
    book = _book(desk, tmp_path)
    done = subprocess.run(
        ["hledger", "-f", str(book), "check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def _book(desk: Desk, folder: Path) -> Path:
    """Invoices, a rounded one, one that was overpaid, a credit note, one that is void, a quote and a draft."""
    first = final(desk, TAXED)
    pay(desk, first, "785")
    desk.call("gtm.invoices.credit_invoice", invoice_id=first.invoice_id)
    credit = desk.call("gtm.invoices.list_invoices", kind="CreditNote").items[0]
    desk.call("gtm.invoices.finalise_invoice", invoice_id=credit.invoice_id)
    final(desk, WORK | {"unit_price": "10.01"}, currency="CHF", rounding_unit="0.05")
    final(desk, WORK | {"unit_price": "1000.07"}, currency="SEK", rounding_unit="1")
    second = final(desk, WORK, client_name="Over")
    pay(desk, second, "1600", credit=True)
    third = final(desk, WORK)
    desk.call("gtm.invoices.void_invoice", invoice_id=third.invoice_id, reason="twice")
    final(desk, WORK, kind="Quote")
    draft(desk, WORK)
    done = desk.call("gtm.invoices.export_journal", path=str(folder / "all.journal"))
    assert done.documents == 6
    return Path(done.path)


def test_names_are_never_syntax(desk: Desk) -> None:
    made = final(desk, TAXED, client={"name": "A;b | (c) [d]  {e}:f = * ! @"}, title="x ; y | z")
    written = entry(desk, made)
    assert written.startswith(f"2026-11-24 * ({made.number}) A b c d e :f | x y z\n")
    assert "    assets:receivable:A b c d e -f  " in written
    assert set(balances(written).values()) == {Decimal(0)}


@pytest.mark.parametrize("kind", ["Invoice", "Quote"])
def test_only_what_is_final_is_booked(desk: Desk, kind: str) -> None:
    made = draft(desk, WORK, kind=kind)
    with pytest.raises(InvalidInput, match="Only final invoices"):
        entry(desk, made)


def test_a_journal_of_some_days_never_replaces_a_file(desk: Desk, tmp_path: Path) -> None:
    final(desk, TAXED)
    path = str(tmp_path / "a.journal")
    wanted = {"path": path, "since": "2026-11-25"}
    assert desk.call("gtm.invoices.export_journal", **wanted).documents == 0
    with pytest.raises(InvalidInput, match="day"):
        desk.call("gtm.invoices.export_journal", path=f"{path}2", since="soon or late")
    with pytest.raises(InvalidInput, match="line break"):
        desk.call("gtm.invoices.export_journal", path=f"{path}\n2")
    with pytest.raises(Conflict, match="exists already"):
        desk.call("gtm.invoices.export_journal", path=path)
    done = desk.call("gtm.invoices.export_journal", path=path, overwrite=True, until="2026-11-24")
    assert done.documents == 1
    assert Path(path).stat().st_mode & 0o777 == 0o600
