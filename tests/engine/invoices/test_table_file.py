"""Invoices as a table: every amount plain, every text harmless, only what fits the filter."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from rusvel_tui.engine.errors import Conflict, InvalidInput
from tests.engine.exporting.support import table
from tests.engine.invoices.book import FIX, WORK, draft, final, pay
from tests.factories import Desk, statements


def test_every_document_is_a_row_with_its_amounts(desk: Desk, tmp_path: Path) -> None:
    first = final(desk, WORK | {"tax_rate": "19"}, title="=1+1", due_date="2026-12-24")
    pay(desk, first, "85")
    desk.call("gtm.invoices.credit_invoice", invoice_id=first.invoice_id)
    draft(desk, FIX)
    path = tmp_path / "invoices.csv"
    done = desk.call("gtm.invoices.export_invoices", path=str(path))
    rows = table(path)
    assert (done.exported, done.bytes) == (3, path.stat().st_size)
    kinds = {row["Kind"]: row for row in rows if row["Title"] == "'=1+1"}
    invoice = kinds["Invoice"]
    assert (invoice["Number"], invoice["Issued on"], invoice["Due on"]) == (
        first.number,
        "2026-11-24",
        "2026-12-24",
    )
    amounts = ("Net", "Tax", "Total", "Paid", "Open")
    assert [invoice[name] for name in amounts] == [
        "1500.00",
        "285.00",
        "1785.00",
        "85.00",
        "1700.00",
    ]
    assert rows[0]["Status"] == "Draft"
    credit = next(row for row in rows if row["Kind"] == "CreditNote")
    assert credit["Total"].startswith("-")
    for row in rows:
        assert Decimal(row["Net"]) + Decimal(row["Tax"]) == Decimal(row["Total"])


def test_only_what_fits_the_filter(desk: Desk, tmp_path: Path) -> None:
    final(desk, WORK)
    draft(desk, FIX)
    wanted = {"path": str(tmp_path / "a.csv"), "filter": "status:draft"}
    assert desk.call("gtm.invoices.export_invoices", **wanted).exported == 1
    with pytest.raises(Conflict, match="exists already"):
        desk.call("gtm.invoices.export_invoices", **wanted)
    with pytest.raises(InvalidInput):
        desk.call("gtm.invoices.export_invoices", path=str(tmp_path / "b.csv"), filter="colour:red")
    with pytest.raises(InvalidInput, match="Name the file"):
        desk.call("gtm.invoices.export_invoices", path="")


def test_many_rows_take_no_more_queries(desk: Desk, tmp_path: Path) -> None:
    counts = []
    for place in range(2):
        for _ in range(1 + 9 * place):
            draft(desk, FIX)
        with statements(desk) as seen:
            desk.call("gtm.invoices.export_invoices", path=str(tmp_path / f"{place}.csv"))
        counts.append(len(seen))
    assert counts[0] == counts[1] > 1


def test_an_empty_book_has_a_header(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "none.csv"
    assert desk.call("gtm.invoices.export_invoices", path=str(path)).exported == 0
    assert path.read_text().startswith('"Rusvel invoice ID","Number"')
