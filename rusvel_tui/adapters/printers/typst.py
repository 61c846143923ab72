"""PDF by typst: the template is a file, the data goes in beside it and is never read as markup."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import cached_property
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rusvel_tui.engine.errors import InvalidInput, NotConfigured

HERE = Path(__file__).parent
TEMPLATE = HERE / "invoice.typ"
FONTS = HERE / "fonts"
FAMILIES = ("Inter", "Droid Sans Fallback")
"""Latin, Greek and Cyrillic letters; Chinese, Japanese and Korean ones."""
_ATTACH = """
#pdf.attach("factur-x.xml", bytes(sys.inputs.xml), relationship: "alternative", mime-type: "text/xml",
  description: "The same invoice for machines, EN 16931")
"""
_NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)


class TypstPrinter:
    """Prints PDF/A-3b. Same data, same bytes: the fonts come along, and the only date is the one on the document.

    `template` is a file of your own in place of ours; `fonts` a folder with more of them.
    """

    def __init__(self, template: Path | None = None, fonts: Path | None = None) -> None:
        self._template = template or TEMPLATE
        self._fonts = fonts

    def ready(self) -> str:
        """`typst 0.15.2, template invoice.typ`; empty where typst is not installed."""
        self._source()
        if self._fonts and not self._fonts.is_dir():
            raise NotConfigured(f"RUSVEL_FONTS names {self._fonts}, and there is no such folder.")
        try:
            import_module("typst")
        except ImportError:
            return ""
        return f"typst {version('typst')}, template {self._template.name}"

    def pdf(self, sheet: dict[str, Any], xml: bytes = b"") -> bytes:
        """The document; with `xml` as Factur-X, which is the same for people and for machines."""
        data = sheet | {"fonts": self._families, "qr": _squares(sheet["epc"])}
        inputs = {"data": json.dumps(data)} | ({"xml": xml.decode()} if xml else {})
        printed = self._compile(self._source() + (_ATTACH if xml else ""), inputs, sheet["day"])
        if not xml:
            return printed
        from rusvel_tui.adapters.printers.facturx import with_facturx

        return with_facturx(printed)

    def _source(self) -> str:
        try:
            return self._template.read_text(encoding="utf-8")
        except (OSError, UnicodeError) as error:
            raise NotConfigured(
                f"The template {self._template} cannot be read: {error}. Unset RUSVEL_INVOICE_TEMPLATE, or write one"
                " with `rusvel invoices template`."
            ) from None

    def _compile(self, source: str, inputs: dict[str, str], day: str) -> bytes:
        typst = _typst()
        compiler = typst.Compiler(
            input=source.encode(),
            root=self._template.absolute().parent,
            font_paths=self._loaded,
            ignore_system_fonts=True,
            sys_inputs=inputs,
        )
        moment = datetime.fromisoformat(day or "1980-01-01").replace(tzinfo=UTC)
        try:
            made = compiler.compile(format="pdf", pdf_standards=["a-3b"], timestamp=moment)
        except typst.TypstError as error:
            raise self._refused(str(error.message), error.diagnostic or "") from None
        if not isinstance(made, bytes):
            raise TypeError(f"typst made {type(made).__name__} of a PDF")
        return made

    @cached_property
    def _loaded(self) -> Any:
        folders = [FONTS, *([self._fonts] if self._fonts else [])]
        return _typst().Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=folders
        )

    @cached_property
    def _families(self) -> list[str]:
        more = (name for name in self._loaded.families() if name not in FAMILIES)
        return [*FAMILIES, *(more if self._fonts else ())]

    def _refused(self, message: str, diagnostic: str) -> Exception:
        if found := _NO_GLYPH.search(message):
            return InvalidInput(
                f"The font of the PDF has no “{found[1]}”. Take it out of the document, or name a folder with a font"
                " that has it in RUSVEL_FONTS."
            )
        line = re.search(r"\.typ:(\d+)", diagnostic)
        place = f", line {line[1]}" if line else ""
        return InvalidInput(f"The template {self._template}{place}: {message}.")


def _typst() -> Any:
    """The library; raises `NotConfigured` where the extra is not installed."""
    try:
        return import_module("typst")
    except ImportError:
        raise NotConfigured(
            "A PDF needs typst. Install it with: pip install 'rusvel-tui[pdf]'. Text and XML work without it."
        ) from None


def _squares(text: str) -> list[str]:
    """The QR code as rows of 0 and 1; none without a text. EPC069-12 asks for level M."""
    if not text:
        return []
    try:
        segno: Any = import_module("segno")
    except ImportError:
        return []
    code = segno.make(text, error="m", micro=False, boost_error=False, encoding="utf-8")
    return ["".join(str(int(bit)) for bit in row) for row in code.matrix]
