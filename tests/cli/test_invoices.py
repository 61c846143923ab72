"""Documents on the command line: shown, written into files that nobody else reads, printed by a template of yours."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Cli

ISSUER = {
    "name": "Looms",
    "city": "Berlin",
    "country": "DE",
    "vat_id": "DE123456789",
    "iban": "DE89370400440532013000",
}


@pytest.fixture
def invoice(cli: Cli) -> Any:
    """A final invoice, complete for machines."""
    cli.call("gtm.invoices.set_up", issuer=ISSUER)
    made = cli.call(
        "gtm.invoices.create_invoice",
        client_name="Grace",
        create_client=True,
        client={"country": "PL"},
        line_items=[
            {"description": "Weaving", "quantity": "10", "unit_price": "150", "tax_rate": "19"}
        ],
    )
    return cli.call("gtm.invoices.finalise_invoice", invoice_id=made["invoice_id"])


def test_a_document_is_shown_as_text(cli: Cli, invoice: Any) -> None:
    shown = cli("invoices", "show", invoice["number"]).out
    assert shown.startswith("INVOICE INV-2026-0001")
    assert "TO PAY EUR   1,785.00" in shown
    assert cli.json("invoices", "show", invoice["number"])["text"] == shown
    assert "<Invoice" in cli("invoices", "show", invoice["invoice_id"], "--format", "ubl").out


def test_a_pdf_is_written_under_its_number(cli: Cli, invoice: Any, tmp_path: Path) -> None:
    done = cli.json("invoices", "export", invoice["number"], str(tmp_path))
    written = tmp_path / "INV-2026-0001.pdf"
    assert (done["path"], done["format"], done["bytes"]) == (
        str(written),
        "facturx",
        written.stat().st_size,
    )
    assert written.stat().st_mode & 0o777 == 0o600
    shown = cli.call("gtm.invoices.render", invoice_id=invoice["number"], format="facturx")
    assert base64.b64decode(shown["content_base64"]) == written.read_bytes()
    assert shown["text"] is None
    said = cli("invoices", "show", invoice["number"], "--format", "pdf").out
    assert "rusvel invoices export INV-2026-0001" in said


@pytest.mark.parametrize(
    ("name", "chosen", "begins"),
    [
        ("a.xml", "", b'<?xml version="1.0" encoding="UTF-8"?>\n<Invoice'),
        ("a.xml", "cii", b'<?xml version="1.0" encoding="UTF-8"?>\n<rsm:Cross'),
        ("a.txt", "", b"INVOICE INV"),
        ("a.journal", "", b"2026-11-24 * (INV"),
        ("a", "hledger", b"2026-11-24 * (INV"),
    ],
)
def test_the_format_follows_from_the_ending(
    cli: Cli, invoice: Any, tmp_path: Path, name: str, chosen: str, begins: bytes
) -> None:
    cli("invoices", "export", invoice["number"], str(tmp_path / name), "--format", chosen)
    assert (tmp_path / name).read_bytes().startswith(begins)


def test_no_file_is_replaced_without_a_word(cli: Cli, invoice: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("mine")
    wanted = ("invoices", "export", invoice["number"], str(path))
    assert "exists already" in cli(*wanted, code=5).err
    assert path.read_text() == "mine"
    cli(*wanted, "--force")
    assert path.read_text().startswith("INVOICE")
    assert [one.name for one in tmp_path.glob("*a.txt*")] == ["a.txt"]


def test_what_cannot_be_written_is_said_in_one_line(cli: Cli, invoice: Any, tmp_path: Path) -> None:
    number = invoice["number"]
    assert (
        "Say in which format"
        in cli("invoices", "export", number, str(tmp_path / "a.doc"), code=4).err
    )
    assert "There is no invoice" in cli("invoices", "export", "INV-9", str(tmp_path), code=3).err
    assert (
        "does not exist"
        in cli("invoices", "export", number, str(tmp_path / "no" / "a.txt"), code=3).err
    )
    draft = cli.call("gtm.invoices.create_invoice", client_name="Grace")
    error = cli("invoices", "show", draft["invoice_id"], "--format", "ubl", code=4).err
    assert error.startswith("No e-invoice: It is a draft")
    assert error.count("\n") == 1


def test_all_that_is_booked_goes_into_a_journal(cli: Cli, invoice: Any, tmp_path: Path) -> None:
    said = cli("invoices", "journal", str(tmp_path / "all.journal")).out
    assert "1 document" in said
    assert "income:sales" in (tmp_path / "all.journal").read_text()
    cli("invoices", "journal", str(tmp_path / "all.journal"), code=5)


def test_the_template_is_yours_to_change(
    cli: Cli, invoice: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = cli.json("invoices", "template", str(tmp_path))
    own = tmp_path / "invoice.typ"
    assert said == {"path": str(own), "setting": f"RUSVEL_INVOICE_TEMPLATE={own}"}
    assert "exists already" in cli("invoices", "template", str(own), code=5).err
    monkeypatch.setenv("RUSVEL_INVOICE_TEMPLATE", str(own))
    cli("invoices", "export", invoice["number"], str(tmp_path / "a.pdf"))
    own.write_text(own.read_text().replace("#1f4e5f", "#aa0000"))
    cli("invoices", "export", invoice["number"], str(tmp_path / "b.pdf"))
    assert (tmp_path / "a.pdf").read_bytes() != (tmp_path / "b.pdf").read_bytes()
    own.write_text("#nothing")
    assert (
        "line 1"
        in cli("invoices", "export", invoice["number"], str(tmp_path / "c.pdf"), code=4).err
    )
    assert not (tmp_path / "c.pdf").exists()


def test_the_book_goes_into_a_table(cli: Cli, invoice: Any, tmp_path: Path) -> None:
    path = tmp_path / "invoices.csv"
    said = cli("export", "invoices", str(path), "--filter", "status:issued").out
    assert "1 document" in said
    assert invoice["number"] in path.read_text()
