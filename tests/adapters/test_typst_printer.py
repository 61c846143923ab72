"""PDFs by typst: the same bytes every time, archivable, readable by machines, and data that is never markup."""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
import sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

import pypdf
import pytest

from rusvel_tui.adapters.printers import typst as printing
from rusvel_tui.adapters.printers.facturx import with_facturx
from rusvel_tui.adapters.printers.typst import TEMPLATE, TypstPrinter
from rusvel_tui.engine.errors import InvalidInput, NotConfigured
from rusvel_tui.engine.gtm.invoices.documents.einvoice.cii import cii
from rusvel_tui.engine.gtm.invoices.documents.sheet import sheet_of
from rusvel_tui.engine.gtm.invoices.ledger.words import Status
from tests.engine.invoices.many_papers import many
from tests.engine.invoices.papers import CLIENT, credit_note, document, line
from tests.engine.invoices.test_documents import NASTY

PAPERS = many()
_PRINT_AGAIN = """
import hashlib, json, sys
from rusvel_tui.adapters.printers.typst import TypstPrinter
print(hashlib.sha256(TypstPrinter().pdf(json.load(sys.stdin), b"<a/>")).hexdigest())
"""


def sheet(name: str = "everything") -> dict[str, Any]:
    return asdict(sheet_of(PAPERS[name]))


def reader(pdf: bytes) -> Any:
    return pypdf.PdfReader(io.BytesIO(pdf), strict=True)


def words(pdf: bytes) -> str:
    """All text of a PDF, white space apart."""
    return "".join("".join(page.extract_text() for page in reader(pdf).pages).split())


@pytest.fixture(scope="module")
def printer() -> TypstPrinter:
    return TypstPrinter()


def test_the_same_document_gives_the_same_bytes_in_every_process(printer: TypstPrinter) -> None:
    data = sheet()
    here = hashlib.sha256(printer.pdf(data, b"<a/>")).hexdigest()
    there = subprocess.run(
        [sys.executable, "-c", _PRINT_AGAIN],
        input=json.dumps(data),
        capture_output=True,
        text=True,
        check=True,
    )
    assert there.stdout.strip() == here
    assert printer.pdf(data) != printer.pdf(data | {"subject": "Other looms"})


def test_number_dates_and_total_can_be_read_from_it(printer: TypstPrinter) -> None:
    text = words(printer.pdf(sheet()))
    for word in ("INV-2026-0042", "2026-12-08", "119.00", "Żółw", "DE89370400440532013000"):
        assert word in text


@pytest.mark.parametrize("name", PAPERS)
def test_every_kind_of_document_can_be_printed(printer: TypstPrinter, name: str) -> None:
    paper = PAPERS[name]
    assert paper.shown(paper.totals.payable) in words(printer.pdf(sheet(name), cii(paper)))


def test_it_is_pdf_a_3_with_its_fonts_inside(printer: TypstPrinter) -> None:
    pdf = reader(printer.pdf(sheet()))
    xmp = pdf.root_object["/Metadata"].get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in xmp
    assert "/OutputIntents" in pdf.root_object
    assert pdf.metadata.title == "Invoice INV-2026-0042"
    fonts = pdf.pages[0]["/Resources"]["/Font"].values()
    names = " ".join(font.get_object()["/BaseFont"] for font in fonts)
    assert all(name in names for name in ("Inter-Regular", "Inter-SemiBold", "DroidSansFallback"))


def test_factur_x_holds_the_same_invoice_for_machines(printer: TypstPrinter) -> None:
    xml = cii(PAPERS["everything"])
    pdf = reader(printer.pdf(sheet(), xml))
    ((name, held),) = pdf.attachments.items()
    assert (name, held) == ("factur-x.xml", [xml])
    attached = pdf.root_object["/AF"][0].get_object()
    assert attached["/AFRelationship"] == "/Alternative"
    xmp = pdf.root_object["/Metadata"].get_data().decode()
    for said in (
        "<fx:DocumentType>INVOICE</fx:DocumentType>",
        "<fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>",
        "<fx:Version>1.0</fx:Version>",
        "<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>",
        "<pdfaSchema:prefix>fx</pdfaSchema:prefix>",
        "<pdfaid:part>3</pdfaid:part>",
    ):
        assert said in xmp


def test_only_a_pdf_with_metadata_becomes_factur_x() -> None:
    with pytest.raises(ValueError, match="no metadata"):
        with_facturx(b"%PDF-1.7 and nothing else")


def test_text_from_outside_is_printed_literally(printer: TypstPrinter) -> None:
    client = CLIENT.model_copy(update={"name": NASTY, "street": NASTY})
    made = document(
        [line(description=f"{NASTY}\n{NASTY}")],
        client=client,
        title=NASTY,
        notes=NASTY,
        terms=NASTY,
    )
    bare = "".join(NASTY.split())
    assert words(printer.pdf(asdict(sheet_of(made)))).count(bare) == 7


def test_a_word_wider_than_its_column_breaks(printer: TypstPrinter) -> None:
    made = document([line(description="W" * 300)])
    text = words(printer.pdf(asdict(sheet_of(made)))).replace("\u200b", "")
    assert "W" * 300 in text


def test_many_lines_go_on_over_pages_with_their_heading(printer: TypstPrinter) -> None:
    made = document([line(description=f"Item {n}") for n in range(120)])
    pages = reader(printer.pdf(asdict(sheet_of(made)))).pages
    assert len(pages) > 2
    assert all("Description" in page.extract_text() for page in pages[:3])


@pytest.mark.parametrize(("status", "mark"), [(Status.DRAFT, "DRAFT"), (Status.VOID, "VOID")])
def test_what_does_not_count_is_marked(printer: TypstPrinter, status: Status, mark: str) -> None:
    made = document([line()], status=status, number="INV-1" if mark == "VOID" else "")
    assert mark in words(printer.pdf(asdict(sheet_of(made))))
    assert mark not in words(printer.pdf(asdict(sheet_of(credit_note([line()])))))


def test_the_code_for_a_transfer_is_drawn_only_where_it_helps(printer: TypstPrinter) -> None:
    paid = document([line()], prepaid="119")
    with_code, without = (printer.pdf(asdict(sheet_of(made))) for made in (PAPERS["S"], paid))
    assert len(with_code) > len(without) + 1000


def test_a_letter_that_no_font_has_is_named(printer: TypstPrinter) -> None:
    made = document([line(description="Rocket 🚀")])
    with pytest.raises(InvalidInput, match=r"no “.*🚀.*”\. Take it out") as error:
        printer.pdf(asdict(sheet_of(made)))
    assert "\n" not in str(error.value)


def test_a_template_of_your_own(tmp_path: Path) -> None:
    own = tmp_path / "mine.typ"
    own.write_text(
        TEMPLATE.read_text().replace(
            "#let words = (:)", '#let words = ("Invoice": "Rechnung", "Tax": "USt")'
        )
    )
    text = words(TypstPrinter(own).pdf(sheet()))
    assert "RechnungINV-2026-0042" in text
    assert "USt19%" in text


def test_a_template_that_is_wrong_is_named_with_its_line(tmp_path: Path) -> None:
    own = tmp_path / "mine.typ"
    own.write_text("= Hello\n#unknown\n")
    with pytest.raises(InvalidInput, match=r"mine\.typ, line 2: unknown variable: unknown"):
        TypstPrinter(own).pdf(sheet())
    with pytest.raises(NotConfigured, match="RUSVEL_INVOICE_TEMPLATE"):
        TypstPrinter(tmp_path / "none.typ").pdf(sheet())


def test_a_template_reads_nothing_outside_its_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("x")
    own = tmp_path / "templates" / "mine.typ"
    own.parent.mkdir()
    own.write_text('#read("../secret.txt")')
    with pytest.raises(InvalidInput):
        TypstPrinter(own).pdf(sheet())


def test_more_fonts_from_a_folder_of_yours(tmp_path: Path, printer: TypstPrinter) -> None:
    assert printer._families == ["Inter", "Droid Sans Fallback"]
    assert TypstPrinter(fonts=tmp_path)._families == ["Inter", "Droid Sans Fallback"]


def test_without_typst_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(printing, "import_module", absent)
    with pytest.raises(NotConfigured, match=r"pip install 'rusvel-tui\[pdf\]'"):
        TypstPrinter().pdf(sheet())


def test_it_says_what_prints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert re.fullmatch(r"typst [\d.]+, template invoice\.typ", TypstPrinter().ready())
    with pytest.raises(NotConfigured, match="RUSVEL_FONTS"):
        TypstPrinter(fonts=tmp_path / "none").ready()
    with pytest.raises(NotConfigured, match="cannot be read"):
        TypstPrinter(tmp_path / "none.typ").ready()

    def absent(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(printing, "import_module", absent)
    assert TypstPrinter().ready() == ""


def test_without_segno_the_document_is_printed_without_a_code(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def some(name: str) -> Any:
        if name == "segno":
            raise ImportError(name)
        return import_module(name)

    whole = TypstPrinter().pdf(sheet())
    monkeypatch.setattr(printing, "import_module", some)
    assert len(TypstPrinter().pdf(sheet())) < len(whole)


def test_the_template_that_comes_along_reads_no_file() -> None:
    assert not re.search(r"#(read|include|import|csv|yaml|toml)\b", TEMPLATE.read_text())
